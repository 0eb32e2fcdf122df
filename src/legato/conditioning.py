"""The control vector of one latent frame: which numbers steer the generator, and where they stand.

A frame (25 Hz) carries `VALUES` numbers in named groups, then one "given" bit per group. A group that
is not given is all zeros with its bit at 0: the model decides. Corpus labels and live controls both
write this layout; the generator reads it. Numpy only, so that control code never imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

LOWEST_NOTE = 21  # MIDI A0, first of the 88 keys
NOTES = 88
FAMILIES = ("drums", "bass", "chords", "lead")
EMPHASISED = ("notes", *FAMILIES)  # few numbers among many: guidance gives these groups more weight


@dataclass(frozen=True)
class Group:
    """A slice of the control vector."""

    index: int  # of its given bit, counted from VALUES
    start: int
    size: int

    @property
    def slice(self) -> slice:
        """Its columns."""
        return slice(self.start, self.start + self.size)


_SIZES = {
    "beat": 5,  # sin, cos of beat phase; sin, cos of bar phase; log2(bpm / 120)
    "harmony": 24,  # chord tones (12, C first, 0 or 1), then root (one-hot 12)
    "scale": 12,  # pitch classes of the scale, 0 or 1
    "notes": 2 * NOTES,  # key held (0 or 1), then onset in this frame (0 or 1)
    "density": 1,  # 0 sparse … 1 dense
    "brightness": 1,  # 0 dark … 1 bright
    "loudness": 1,  # 0 = -50 dBFS … 1 = -8 dBFS short-term RMS
    **{family: 1 for family in FAMILIES},  # 1 the family plays, 0 it is silent
}


def _layout() -> dict[str, Group]:
    groups, start = {}, 0
    for index, (name, size) in enumerate(_SIZES.items()):
        groups[name] = Group(index, start, size)
        start += size
    return groups


GROUPS = _layout()
VALUES = sum(_SIZES.values())
WIDTH = VALUES + len(GROUPS)


def empty(frames: int) -> np.ndarray:
    """Nothing given: zeros, float32 [frames, WIDTH]."""
    return np.zeros((frames, WIDTH), np.float32)


def give(cond_td: np.ndarray, group: str, values: np.ndarray | float) -> None:
    """Write a group (broadcast to [frames, size]) and set its given bit, in place."""
    g = GROUPS[group]
    cond_td[:, g.slice] = np.asarray(values, np.float32).reshape(-1, g.size)
    cond_td[:, VALUES + g.index] = 1.0


def drop(cond: Any, group: str) -> None:
    """Take a group back, in place: the model decides. `cond` is an array or a tensor [..., WIDTH]."""
    g = GROUPS[group]
    cond[..., g.slice] = 0.0
    cond[..., VALUES + g.index] = 0.0


def given(cond_td: np.ndarray, group: str) -> np.ndarray:
    """Which frames carry the group, bool [frames]."""
    return cond_td[:, VALUES + GROUPS[group].index] > 0


def beat_values(beats: np.ndarray, beats_per_bar: np.ndarray | int, bpm: np.ndarray | float) -> np.ndarray:
    """The beat group from a continuous beat position.

    Args:
        beats: position in beats at each frame's start, [frames]; 0 is the first downbeat.
        beats_per_bar: 2–12.
        bpm: 40–240, scalar or [frames].

    Returns:
        float32 [frames, 5].
    """
    beat = 2 * np.pi * np.asarray(beats, np.float64)
    bar = beat / beats_per_bar
    tempo = np.broadcast_to(np.log2(np.asarray(bpm, np.float64) / 120.0), beat.shape)
    return np.stack([np.sin(beat), np.cos(beat), np.sin(bar), np.cos(bar), tempo], -1).astype(np.float32)


def loudness_value(rms_db: np.ndarray | float) -> np.ndarray:
    """Short-term RMS in dBFS to the 0–1 scale of the loudness group."""
    return np.clip((np.asarray(rms_db) + 50.0) / 42.0, 0.0, 1.0)
