"""Control curves: a value every `BLOCK` samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus.synth.kernels import BLOCK

_SILENT = 6.0  # time constants after which a sound is over (-52 dB)


@dataclass(frozen=True)
class Envelope:
    """Attack, decay, sustain, release.

    Attributes:
        attack: seconds from nothing to 1.
        decay: seconds of the time constant towards `sustain`.
        sustain: level while held, 0-1.
        release: seconds of the time constant after the key is let go.
    """

    attack: float = 0.005
    decay: float = 0.3
    sustain: float = 1.0
    release: float = 0.08

    def seconds(self, held: float) -> float:
        """How long a note held for so long sounds."""
        after = held + _SILENT * self.release
        if self.sustain > 0.0:
            return after
        return min(after, self.attack + _SILENT * self.decay)

    def at(self, seconds_c: np.ndarray, held: float) -> np.ndarray:
        """Levels at times from the note's start, [C]."""
        level_c = self._pressed(np.minimum(seconds_c, held))
        return level_c * np.exp(-np.maximum(seconds_c - held, 0.0) / self.release)

    def _pressed(self, seconds_c: np.ndarray) -> np.ndarray:
        fall_c = np.exp(-np.maximum(seconds_c - self.attack, 0.0) / self.decay)
        return np.minimum(seconds_c / self.attack, 1.0) * (self.sustain + (1.0 - self.sustain) * fall_c)


STEADY = Envelope()
PLUCK = Envelope(0.003, 0.25, 0.0, 0.1)


def times(seconds: float) -> np.ndarray:
    """Control times that cover a length, [C]."""
    return np.arange(int(seconds * SAMPLE_RATE / BLOCK) + 2) * (BLOCK / SAMPLE_RATE)


def ended(gain_c: np.ndarray) -> np.ndarray:
    """The curve with its last 5 ms brought to nothing."""
    fade = np.minimum(np.arange(len(gain_c))[::-1] * (BLOCK / SAMPLE_RATE / 0.005), 1.0)
    return gain_c * fade


def cutoff(hz_c: np.ndarray) -> np.ndarray:
    """Cutoffs in Hz as the filters read them."""
    return np.tan(np.pi * np.clip(hz_c, 20.0, 20_000.0) / SAMPLE_RATE)
