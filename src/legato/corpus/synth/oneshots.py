"""Patches that are recordings: one note resampled to others, or a noise that goes round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus.played import PlayedNote
from legato.corpus.synth.patch import Patch, Strike, hertz
from legato.corpus.synth.textures import Texture

_REACH = 12.5  # semitones that a recording may be moved
_RELEASE = 0.05  # seconds


@dataclass(frozen=True, kw_only=True)
class OneShot(Patch):
    """One recorded note, read faster or slower.

    Attributes:
        recording: mono [N], peak 1, from its onset.
        root: its frequency, Hz.
    """

    recording: np.ndarray = field(compare=False)
    root: float

    def reaches(self, notes: Sequence[PlayedNote]) -> bool:
        """Whether every note is near enough, and short enough for the recording to last."""
        seconds = len(self.recording) / SAMPLE_RATE
        speeds = [(note, hertz(note.pitch) / self.root) for note in notes]
        return all(
            abs(12 * np.log2(speed)) <= _REACH and (note.end - note.start) * speed < seconds
            for note, speed in speeds
        )

    def add(self, strike: Strike, out_n2: np.ndarray) -> None:
        """See `Patch.add`."""
        speed = hertz(strike.note.pitch) / self.root
        release = round(_RELEASE * SAMPLE_RATE)
        held = round(strike.held * SAMPLE_RATE)
        count = min(held + release, int((len(self.recording) - 1) / speed), len(out_n2) - strike.at)
        place = np.arange(count)
        sound = np.interp(place * speed, np.arange(len(self.recording)), self.recording)
        sound *= np.clip((held + release - place) / release, 0.0, 1.0)
        level = 0.5 * (strike.note.velocity / 110.0) ** 1.5
        out_n2[strike.at : strike.at + count] += (level * sound).astype(np.float32)[:, None]


@dataclass(frozen=True, kw_only=True)
class Loop(Texture):
    """A recorded noise, at the level of the synthesised ones.

    Attributes:
        noise: float32 [N, 2].
    """

    noise: np.ndarray = field(compare=False)
    recording: str = ""

    def loop(self) -> np.ndarray:
        """See `Texture.loop`."""
        return (0.2 * self.noise / np.sqrt(np.mean(self.noise**2))).astype(np.float32)
