"""The corpus on disk: composed, rendered and labelled clips, one process per core, resumable.

A folder holds `corpus.json` (the settings), `manifest.jsonl` (one clip a line), `audio/NAME.npy`
(int16 [N, 2] at 48 kHz) and `labels/NAME.npz`. A clip depends on the settings' seed and its index alone.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from legato.config import SAMPLE_RATE, CorpusConfig, to_dict
from legato.corpus.captions import captions, held_out_captions
from legato.corpus.clips import compose_clip
from legato.corpus.labels import Labels, make_labels
from legato.corpus.score import Score
from legato.corpus.sets import Told
from legato.corpus.transitions import render_composition
from legato.corpus.voices import CorpusError, Voices, open_voices
from legato.music.grammar import STYLES

FORMAT = 1
CAPTIONS_PER_CLIP = 12

Progress = Callable[[int, int, float], None]
"""Called with (clips finished, clips in all, audio seconds rendered by this call)."""


@dataclass(frozen=True)
class Clip:
    """One captioned clip; `audio` and `labels` read from disk."""

    folder: Path
    name: str
    index: int
    style: str  # that it begins in
    kind: str  # a value of `clips.ClipKind`
    seed: int
    bpm: float
    key: str
    seconds: float
    held_out: bool
    captions: list[str]  # of the clip, or of what lies before its change
    changes: list[dict[str, Any]]  # second, style and captions of what follows a change; at most one
    parts: list[dict[str, Any]]  # name, family, program, bank, notes, peak_db, source
    bars: list[dict[str, Any]]  # section, chords, gates and levels of each bar
    renderer: str

    def audio(self) -> np.ndarray:
        """The mix, int16 [N, 2] at 48 kHz."""
        return np.load(self.folder / "audio" / f"{self.name}.npy", allow_pickle=False)

    def labels(self) -> Labels:
        """Labels at 25 Hz."""
        return Labels.load(self.folder / "labels" / f"{self.name}.npz")


class Corpus:
    """A corpus on disk.

    Args:
        folder: where `build` wrote it.
        partial: accept a corpus whose rendering has not finished.

    Attributes:
        clips: in order of their index.
        config: the settings it was built with.

    Raises:
        CorpusError: no corpus there, unreadable, or unfinished.
    """

    def __init__(self, folder: str | Path, partial: bool = False) -> None:
        self.folder = Path(folder)
        self.config = _read_config(self.folder)
        self.clips = [_clip(self.folder, record) for record in _read_manifest(self.folder)]
        if len(self.clips) < self.config["clips"] and not partial:
            raise CorpusError(
                f"the corpus in {self.folder} has {len(self.clips)} of {self.config['clips']} clips; "
                "build it again to finish"
            )

    @property
    def train(self) -> list[Clip]:
        """Clips to learn from."""
        return [clip for clip in self.clips if not clip.held_out]

    @property
    def held_out(self) -> list[Clip]:
        """Compositions kept for measurement; their captions use phrasings of their own."""
        return [clip for clip in self.clips if clip.held_out]

    def __len__(self) -> int:
        return len(self.clips)


def build(
    folder: str | Path,
    config: CorpusConfig,
    workers: int | None = None,
    progress: Progress | None = None,
    told: Told | None = None,
) -> Corpus:
    """Compose, render and label whatever clips the folder still lacks.

    Args:
        folder: created when missing.
        config: how many clips, of which styles and sounds.
        workers: processes; default: one per core. The clips do not depend on it.
        progress: told after each clip.
        told: hears of sound sets that are left out.

    Raises:
        CorpusError: the folder holds a corpus of other settings or sounds, an unknown style or sound set, no
            soundfont, or a part that cannot be heard.
    """
    folder = Path(folder)
    config = replace(config, styles=_styles(config))
    voices = config_voices(config, told)  # fails early, and in this process
    _prepare(folder, config)
    records = _read_manifest(folder)
    done = {record["index"] for record in records}
    todo = [index for index in range(config.clips) if index not in done]
    if todo and records and records[0]["renderer"] != voices.name:
        raise CorpusError(
            f"{folder} was begun with the sounds {records[0]['renderer']}, now it is {voices.name}: "
            "install the same sets or choose another folder"
        )
    workers = min(workers or os.cpu_count() or 1, max(1, len(todo)))
    rendered = (
        _render_here(folder, config, voices, todo)
        if workers == 1
        else _render_many(folder, config, todo, workers)
    )
    finished, seconds = len(done), 0.0
    with (folder / "manifest.jsonl").open("a") as manifest:
        for record in rendered:
            manifest.write(json.dumps(record) + "\n")
            manifest.flush()
            finished, seconds = finished + 1, seconds + record["seconds"]
            if progress:
                progress(finished, config.clips, seconds)
    return Corpus(folder)


def render_clip(
    config: CorpusConfig, index: int, voices: Voices
) -> tuple[np.ndarray, Labels, Score, dict[str, Any]]:
    """One clip in memory: audio int16 [N, 2], labels, score and manifest record."""
    styles = _styles(config)
    style = styles[index % len(styles)]
    seed = int(np.random.SeedSequence([config.seed, index]).generate_state(1)[0] >> 1)
    composition = compose_clip(style, seed, config.clip_seconds)
    score = composition.score
    mix_rng, word_rng = (np.random.default_rng([seed, stream]) for stream in (1, 2))
    rendered = render_composition(composition, voices, mix_rng, config.clip_seconds)
    held_out = index < config.held_out
    write = held_out_captions if held_out else captions
    audio = np.round(rendered.mix * 32767.0).astype(np.int16)
    record = {
        "index": index,
        "name": f"{index:06d}-{style}",
        "style": style,
        "kind": str(composition.kind),
        "seed": seed,
        "bpm": score.tempo_map[0][1],
        "key": f"{score.key} {score.mode}",
        "seconds": len(audio) / SAMPLE_RATE,
        "held_out": held_out,
        "captions": write(composition.described[0], word_rng, CAPTIONS_PER_CLIP, config.clip_seconds),
        "changes": [
            {
                "second": composition.score.seconds(composition.change),
                "style": later.style,
                "captions": write(later, word_rng, CAPTIONS_PER_CLIP, config.clip_seconds),
            }
            for later in composition.described[1:]
            if composition.change is not None
        ],
        "parts": [
            {
                "name": part.name,
                "family": part.family,
                "program": part.program,
                "bank": part.bank,
                "notes": len(part.notes),
                "peak_db": round(level, 1),
                "source": source,
            }
            for part, level, source in zip(score.parts, rendered.part_db, rendered.sources, strict=True)
            if level is not None
        ],
        "bars": [bar.to_dict() for bar in score.bars],
        "renderer": rendered.renderer,
    }
    return audio, make_labels(score, rendered.mix), score, record


def _render_here(
    folder: Path, config: CorpusConfig, voices: Voices, todo: list[int]
) -> Iterator[dict[str, Any]]:
    for index in todo:
        yield _write_clip(folder, config, index, voices)


def _render_many(
    folder: Path, config: CorpusConfig, todo: list[int], workers: int
) -> Iterator[dict[str, Any]]:
    # Spawned, not forked: the parent may run torch threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start_worker, (folder, config)) as pool:
        try:
            yield from pool.map(_work, todo)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_worker: tuple[Path, CorpusConfig, Voices] | None = None  # of a worker process: the soundfont is loaded once


def _start_worker(folder: Path, config: CorpusConfig) -> None:
    global _worker
    _worker = (folder, config, config_voices(config))


def _work(index: int) -> dict[str, Any]:
    assert _worker is not None
    folder, config, voices = _worker
    return _write_clip(folder, config, index, voices)


def _write_clip(folder: Path, config: CorpusConfig, index: int, voices: Voices) -> dict[str, Any]:
    audio, labels, _, record = render_clip(config, index, voices)
    audio_path = folder / "audio" / f"{record['name']}.npy"
    labels_path = folder / "labels" / f"{record['name']}.npz"
    for path, save in (
        (audio_path, lambda temporary: np.save(temporary, audio)),
        (labels_path, labels.save),
    ):
        temporary = path.with_name(f"part-{path.name}")
        save(temporary)
        temporary.replace(path)
    return record


def config_voices(config: CorpusConfig, told: Told | None = None) -> Voices:
    """The sound sources of a configuration; see `open_voices`."""
    return open_voices(config.soundfont, config.sets, strict=config.strict_sets, told=told)


def _styles(config: CorpusConfig) -> tuple[str, ...]:
    unknown = [style for style in config.styles if style not in STYLES]
    if unknown:
        raise CorpusError(f"unknown style {unknown[0]!r}; there are {', '.join(STYLES)}")
    return config.styles or tuple(STYLES)


def _prepare(folder: Path, config: CorpusConfig) -> None:
    """Create the folder, or check that it was begun with the same settings."""
    wanted = {"format": FORMAT, **to_dict(config)}
    if (folder / "corpus.json").exists():
        found = _read_config(folder)
        usual = to_dict(CorpusConfig())  # for settings younger than the folder
        other = sorted(name for name in wanted if found.get(name, usual.get(name)) != wanted[name])
        if other:
            raise CorpusError(
                f"{folder} holds a corpus with another {other[0]} ({found.get(other[0])!r}, "
                f"not {wanted[other[0]]!r}); choose another folder or delete it"
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise CorpusError(f"{folder} is not empty and holds no corpus; choose another folder")
    try:
        for name in ("audio", "labels"):
            (folder / name).mkdir(parents=True)
        (folder / "corpus.json").write_text(json.dumps(wanted, indent=1))
    except OSError as error:
        raise CorpusError(f"cannot write a corpus to {folder}: {error.strerror}") from error


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / "corpus.json").read_text())
    except FileNotFoundError:
        raise CorpusError(f"no corpus in {folder}") from None
    except (OSError, ValueError) as error:
        raise CorpusError(f"{folder / 'corpus.json'} cannot be read: {error}") from error


def _read_manifest(folder: Path) -> list[dict[str, Any]]:
    """Records of finished clips in order; a last line cut short by a crash is dropped from the file."""
    path = folder / "manifest.jsonl"
    if not path.exists():
        return []
    text = path.read_text()
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole)
    try:
        records = [json.loads(line) for line in whole.splitlines()]
    except ValueError as error:
        raise CorpusError(f"{path} is damaged: {error}; delete the folder and build it again") from error
    return sorted(_unique(records), key=lambda record: record["index"])


def _unique(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({record["index"]: record for record in records}.values())


def _clip(folder: Path, record: dict[str, Any]) -> Clip:
    return Clip(folder=folder, **record)
