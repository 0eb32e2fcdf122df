"""A page of clips as the corpus composes them: what a model is about to learn from, to be heard first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from legato.conditioning import FAMILIES
from legato.config import SAMPLE_RATE, CorpusConfig
from legato.corpus.dataset import config_voices, render_clip
from legato.corpus.score import Score
from legato.evaluation.pages import Card, Lane, Span, write_page
from legato.evaluation.pictures import spectrogram_png
from legato.io.recorder import write_wav
from legato.music.grammar import STYLES

Told = Callable[[int, int], None]
"""Called with (clips finished, clips in all)."""


def preview(
    folder: str | Path,
    config: CorpusConfig,
    told: Told | None = None,
    missing: Callable[[str], None] | None = None,
) -> Path:
    """Compose and render the clips of a configuration, and write `index.html` with all there is to see.

    Args:
        folder: created when missing; sounds go to `audio`, spectrograms to `pictures`.
        config: as for a corpus; its styles take turns.
        told: called after each clip.
        missing: hears of sound sets that are left out.

    Returns:
        The page.

    Raises:
        CorpusError: an unknown style, no soundfont, or a part that cannot be heard.
        PictureError: Pillow is not installed.
        OSError: the folder cannot be written.
    """
    folder = Path(folder)
    voices = config_voices(config, missing)
    groups: dict[str, list[Card]] = {}
    for name in ("audio", "pictures"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for index in range(config.clips):
        audio, _, score, record = render_clip(config, index, voices)
        sound, picture = f"audio/{record['name']}.wav", f"pictures/{record['name']}.png"
        spectrogram_png(audio, folder / picture)
        write_wav(folder / sound, audio.astype(np.float32) / 32768.0, SAMPLE_RATE)
        groups.setdefault(STYLES[record["style"]].title, []).append(_card(score, record, sound, picture))
        if told:
            told(index + 1, config.clips)
    page = folder / "index.html"
    lead = f"{config.clips} clips of {config.clip_seconds:g} s, seed {config.seed}, played by {voices.name}."
    write_page(page, "Corpus preview", lead, groups)
    return page


def _card(score: Score, record: dict[str, Any], sound: str, picture: str) -> Card:
    changes = record["changes"]
    captions = [*record["captions"], *(text for change in changes for text in change["captions"])]
    turned = [
        f"{'changes' if change['style'] == record['style'] else 'turns to ' + change['style']}"
        f" at {change['second']:.1f} s"
        for change in changes
    ]
    return Card(
        title=captions[0],
        audio=sound,
        picture=picture,
        seconds=record["seconds"],
        facts=[f"{record['bpm']:g} bpm", record["key"], f"{score.beats_per_bar}/4", record["kind"], *turned],
        captions=captions[1:],
        lanes=timeline(score),
        parts=[
            f"{part['family']}: {part['name']} ({part['program']}, {part['source']}), {part['notes']} notes"
            for part in record["parts"]
        ],
    )


def timeline(score: Score) -> list[Lane]:
    """Sections, keys where they change, chords and the families that play, in seconds."""
    bars = score.bars
    places = [(bar.start_beat, bar.end_beat) for bar in bars]
    keys = [bar.key.name for bar in bars]
    chords = [(start, end, chord.name) for bar in bars for start, end, chord in bar.spans()]
    lanes = [Lane("section", _spans(score, zip(places, [bar.section for bar in bars], strict=True)))]
    if len(set(keys)) > 1:
        lanes.append(Lane("key", _spans(score, zip(places, keys, strict=True))))
    lanes.append(Lane("chord", _spans(score, (((start, end), name) for start, end, name in chords))))
    for family in FAMILIES:
        gates = ["on" if bar.gates[family] else "" for bar in bars]
        spans = [span for span in _spans(score, zip(places, gates, strict=True)) if span.text]
        lanes.append(Lane(family, [Span(span.start, span.end) for span in spans]))
    return lanes


def _spans(score: Score, named: Iterable[tuple[tuple[float, float], str]]) -> list[Span]:
    """Runs of the same name as one span each."""
    runs = [(name, list(run)) for name, run in groupby(named, key=lambda item: item[1])]
    return [Span(score.seconds(run[0][0][0]), score.seconds(run[-1][0][1]), name) for name, run in runs]
