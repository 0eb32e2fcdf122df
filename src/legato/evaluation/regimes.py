"""Control regimes, from every label to none, beside the measuring stick: real clips through the codec.

Each render plays a held-out clip again: its caption is the prompt, its labels are the controls, and a regime
tells the model only some of them. The stick is what the same estimators give on the clip after the codec.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.corpus.clips import ClipKind
from legato.corpus.dataset import Clip
from legato.evaluation.player import Player
from legato.evaluation.renders import Told
from legato.evaluation.scores import COLUMNS, score
from legato.evaluation.table import Sheet, Table
from legato.evaluation.tracks import REGIMES, Track, label_track
from legato.models.bundle import BundleError
from legato.models.codec import Codec

STICK = "real, through the codec"
PLAYED, PLAYED_STICK = "played notes", "played notes: real"


@dataclass
class Measured:
    """What the regimes leave for other measures.

    Attributes:
        scores: regime (or `STICK`) to columns of one value a render.
        real: held-out clips through the codec, float32 [N, 2] each, with their styles.
        encoded: whether they really went through it; a bundle may lack its encoder.
    """

    scores: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    real: list[tuple[str, np.ndarray]] = field(default_factory=list)
    encoded: bool = True


def measure_regimes(
    table: Table, player: Player, clips: Sequence[Clip], codec: Codec, *, renders: int, others: int,
    seconds: float, seed: int = 0, told: Told | None = None,
) -> Measured:  # fmt: skip
    """Render every regime, add the ratios to the stick to the table, and a sheet of all columns.

    Args:
        table: gets the figures.
        player: what renders.
        clips: held-out clips; more renders than clips play them again with other captions and seeds.
        codec: through which the real clips go.
        renders: of the dense regime.
        others: of each other regime.
        seconds: longest render.
        seed: of the noise.
        told: hears how much audio is made.
    """
    bands = [clip for clip in clips if clip.kind == ClipKind.FULL]
    tracks = clip_tracks(player, bands, renders, seconds, seed)
    found = Measured()
    found.real, found.encoded = through_codec(codec, bands[:renders], seconds)
    found.scores[STICK] = _judged([audio for _, audio in found.real], tracks, REGIMES["dense"])
    for name, groups in REGIMES.items():
        asked = [track.only(groups) for track in tracks[: renders if name == "dense" else others]]
        found.scores[name] = _judged(player.play(asked, told), asked, groups)
    _add(table, found, len(bands[:renders]))
    played = [clip for clip in clips if clip.kind == ClipKind.PLAYED][:others]
    if played:
        asked = [t.only(REGIMES["notes"]) for t in clip_tracks(player, played, others, seconds, seed)]
        real = [audio for _, audio in through_codec(codec, played, seconds)[0]]
        found.scores[PLAYED_STICK] = _judged(real, asked, REGIMES["notes"])
        found.scores[PLAYED] = _judged(player.play(asked, told), asked, REGIMES["notes"])
        _add_played(table, found)
    table.sheets.append(_sheet(found))
    return found


def clip_tracks(
    player: Player, clips: Sequence[Clip], count: int, seconds: float, seed: int = 0
) -> list[Track]:
    """`count` tracks from the clips' labels, captions and styles, no longer than `seconds`."""
    tracks = []
    for index in range(count):
        clip = clips[index % len(clips)]
        caption = clip.captions[index // len(clips) % len(clip.captions)]
        prompt = player.bundle.prompts.blend({caption: 1.0}, player.bundle.hearing)
        track = label_track(clip.labels(), prompt, seed=seed * 10_000 + index, style=clip.style)
        tracks.append(track.first(seconds))
    return tracks


@torch.inference_mode()
def through_codec(
    codec: Codec, clips: Sequence[Clip], seconds: float
) -> tuple[list[tuple[str, np.ndarray]], bool]:
    """Style and reconstruction of each clip; the clips as they are, and False, without an encoder."""
    heard = []
    for clip in clips:
        count = min(len(clip.audio()), int(seconds * SAMPLE_RATE)) // FRAME_SAMPLES * FRAME_SAMPLES
        audio = clip.audio()[:count].astype(np.float32) / 32768.0
        try:
            latents = codec.encode(torch.from_numpy(audio)[None])
        except BundleError:
            return [(c.style, _plain(c, seconds)) for c in clips], False
        heard.append((clip.style, codec.decode(latents)[0].numpy()))
    return heard, True


def _plain(clip: Clip, seconds: float) -> np.ndarray:
    return clip.audio()[: int(seconds * SAMPLE_RATE)].astype(np.float32) / 32768.0


def _judged(
    sounds: Iterable[np.ndarray], tracks: Sequence[Track], groups: Collection[str]
) -> dict[str, np.ndarray]:
    """Columns of the scores of each sound against its track."""
    rows = [score(audio, track, groups) for audio, track in zip(sounds, tracks, strict=False)]
    return {name: np.array([row[name] for row in rows], np.float64) for name in COLUMNS}


def _add(table: Table, found: Measured, clips: int) -> None:
    stick, dense = found.scores[STICK], found.scores["dense"]
    for name in ("beat_lock", "chroma", "note_f1"):
        pair = np.array(list(_paired(dense[name], stick[name], clips)))
        table.add(f"dense_{name}", pair[:, 0], f"{COLUMNS[name]}: all labels told, median", _median)
        table.add(f"stick_{name}", stick[name], f"the same of real clips {_way(found)}, median", _median)
        table.add(f"{name}_ratio", pair, f"dense_{name} over stick_{name}", _ratio)
    difference = [a - b for a, b in _paired(dense["loudness"], stick["loudness"], clips)]
    table.add(
        "loudness_over_corpus_db", difference, "LUFS of dense renders minus that of their clips", _median
    )
    within = stick["tempo_error"] <= 0.02
    table.add("stick_tempo_within_2_percent", within, "what the tempo estimator reaches on the real clips")
    table.add("stick_tempo_octave_share", stick["tempo_octave"], "real clips it finds at half or double")


def _add_played(table: Table, found: Measured) -> None:
    made, real = (found.scores[name]["note_f1"] for name in (PLAYED, PLAYED_STICK))
    what = "F1 of notes played in one timbre and nothing else told, median"
    table.add("played_note_f1", made, what, _median)
    table.add("stick_played_note_f1", real, f"the same of real clips {_way(found)}, median", _median)


def _sheet(found: Measured) -> Sheet:
    names = [name for name in COLUMNS if name in ("beat_lock", "chroma", "tonality", "note_f1")]
    sheet = Sheet("control regimes (medians)", names)
    for regime, columns in found.scores.items():
        sheet.rows[regime] = [_median(columns[name]) for name in names]
    return sheet


def _way(found: Measured) -> str:
    return "through the codec" if found.encoded else "as they are (the bundle has no encoder)"


def _paired(made: np.ndarray, real: np.ndarray, clips: int) -> Iterator[tuple[float, float]]:
    """Each render beside the clip it plays."""
    yield from ((value, real[index % clips]) for index, value in enumerate(made))


def _median(values: Any) -> float:
    values = np.asarray(values, np.float64)
    return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")


def _ratio(pairs_n2: np.ndarray) -> float:
    made, real = (_median(column) for column in pairs_n2.T)
    return made / real if real else float("nan")
