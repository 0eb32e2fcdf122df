"""One sound against what it was told: the figures that regimes and the measuring stick share.

The same estimators judge generated and real music, so that one can be given as a share of the other.
Legend: T frames (25 Hz), D control width.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

import numpy as np

from legato.conditioning import GROUPS, NOTES
from legato.config import FRAME_RATE
from legato.evaluation import control, notes, rhythm
from legato.evaluation.renders import WARM_UP, scale_target
from legato.evaluation.spectra import lufs
from legato.evaluation.tracks import Track, beats_of
from legato.music.theory import PITCH_CLASSES

COLUMNS = {
    "beat_lock": "onsets at one phase of the commanded beat (where none was: of its own tempo), 0 to 1",
    "chroma": "correlation of chroma with commanded chords, else scale, else held notes",
    "tonality": "correlation of the whole chroma with its best major or minor scale",
    "note_f1": "onsets heard against notes played, same semitone within 50 ms",
    "tempo_error": "relative tempo error, octaves folded",
    "tempo_octave": "whether the tempo was found at half or double",
    "loudness": "LUFS",
}


def score(audio: np.ndarray, track: Track, groups: Collection[str]) -> dict[str, float]:
    """Every column of `COLUMNS`; NaN where nothing was commanded (or nothing can transcribe).

    Args:
        audio: 48 kHz [N, 2], the warm-up included.
        track: what was meant.
        groups: of the control vector that were told.
    """
    skip = int(WARM_UP * FRAME_RATE)
    onset = rhythm.onset_strength(audio)[int(WARM_UP * rhythm.ONSET_RATE) :]
    tempo = rhythm.tempo(onset)
    chroma = control.chroma(audio)[skip : track.frames]
    target = chroma_target(track.full_td, groups)
    beats, bpm = _beats(track.full_td, len(onset), skip) if "beat" in groups else _pulse(tempo, len(onset))
    error, factor = rhythm.tempo_error(tempo, bpm) if "beat" in groups else (float("nan"),) * 2
    played = track.notes[track.notes[:, 1] >= WARM_UP] if "notes" in groups else np.zeros((0, 3))
    return {
        "beat_lock": rhythm.beat_lock(onset, beats, bpm=bpm).lock if len(beats) else 0.0,
        "chroma": float("nan") if target is None else control.following(chroma, target[skip:][: len(chroma)]),
        "tonality": tonality(chroma),
        "note_f1": _note_f1(audio, played),
        "tempo_error": error,
        "tempo_octave": float(factor != 1.0) if np.isfinite(factor) else float("nan"),
        "loudness": lufs(audio[int(WARM_UP * 48_000) :]),
    }


def chroma_target(full_td: np.ndarray, groups: Collection[str]) -> np.ndarray | None:
    """Pitch classes told, [T, 12]: of the chords, else the scale, else the held notes; None for neither."""
    if "harmony" in groups:
        return full_td[:, GROUPS["harmony"].slice][:, :12]
    if "scale" in groups:
        return full_td[:, GROUPS["scale"].slice]
    if "notes" not in groups:
        return None
    held = np.pad(full_td[:, GROUPS["notes"].slice][:, :NOTES], ((0, 0), (9, 11)))  # key 0 is an A
    return held.reshape(len(held), -1, 12).max(1)


def tonality(chroma_t12: np.ndarray) -> float:
    """Correlation of a sound's whole chroma with the nearest of 24 scales: 0 for noise, 1 for a scale."""
    keys = product(PITCH_CLASSES, ("major", "minor"))
    return max(control.key_cosine(chroma_t12, scale_target(f"{root} {mode}")) for root, mode in keys)


def _beats(full_td: np.ndarray, count: int, skip: int) -> tuple[np.ndarray, float]:
    """Commanded beat position of each onset frame after the warm-up, and the tempo."""
    beats, bpm = beats_of(full_td)
    at = skip / FRAME_RATE + np.arange(count) / rhythm.ONSET_RATE
    inside = at < (len(beats) - 1) / FRAME_RATE
    return np.interp(at[inside] * FRAME_RATE, np.arange(len(beats)), beats), bpm


def _pulse(tempo: float, count: int) -> tuple[np.ndarray, float]:
    """The grid of a sound's own tempo; empty where it has none."""
    return (rhythm.beat_grid(tempo, count), tempo) if np.isfinite(tempo) else (np.zeros(0), 120.0)


def _note_f1(audio: np.ndarray, played: np.ndarray) -> float:
    if not len(played) or not notes.available():
        return float("nan")
    heard = notes.transcribe(audio)
    return notes.note_f1(heard[heard[:, 1] >= WARM_UP], played)
