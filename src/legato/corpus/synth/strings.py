"""Plucked strings: a burst of noise around a loop that dulls it (Karplus & Strong, 1983)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import signal

from legato.config import SAMPLE_RATE
from legato.corpus.played import PlayedNote
from legato.corpus.synth import kernels
from legato.corpus.synth.envelopes import cutoff
from legato.corpus.synth.patch import Patch, Strike, hertz


@dataclass(frozen=True, kw_only=True)
class Plucked(Patch):
    """A plucked string.

    Attributes:
        ring: seconds to -60 dB at middle C; lower strings ring longer.
        release: the same once the key is let go.
        damping: of high partials in the loop, 0-0.5.
        pick: where it is plucked, share of the string.
        bright: Hz of the pluck's own low-pass at velocity 100.
        body: resonances of the box: Hz, level.
        spread: how far low and high strings stand apart, 0-1.
    """

    ring: float = 2.5
    release: float = 0.35
    damping: float = 0.3
    pick: float = 0.17
    bright: float = 5000.0
    body: tuple[tuple[float, float], ...] = ()
    spread: float = 0.3

    def add(self, strike: Strike, out_n2: np.ndarray) -> None:
        """See `Patch.add`."""
        note = strike.note
        period = SAMPLE_RATE / hertz(note.pitch)
        ring = self.ring * 2 ** (-0.5 * (note.pitch - 60) / 12)
        held = strike.held if self.release < ring else ring
        total = min(ring, held + self.release)
        angle = np.pi / 4 * (1.0 + self.spread * np.clip((note.pitch - 62) / 24, -1.0, 1.0))
        level = (note.velocity / 100.0) ** 1.2
        kernels.plucked(
            out_n2,
            strike.at,
            self._pluck(int(period), note.velocity, strike.rng),
            period,
            self.damping,
            10 ** (-3.0 * period / SAMPLE_RATE / ring),
            round(held * SAMPLE_RATE),
            10 ** (-3.0 * period / SAMPLE_RATE / min(self.release, ring)),
            round(total * SAMPLE_RATE),
            level * np.cos(angle),
            level * np.sin(angle),
        )

    def play(self, notes: Sequence[PlayedNote], samples: int) -> np.ndarray:
        """See `Patch.play`."""
        strings_n2 = super().play(notes, samples)
        if not self.body:
            return strings_n2
        hz_f, level_f = np.array(self.body).T
        points = samples // kernels.BLOCK + 2
        filter_fc = np.repeat(cutoff(hz_f)[:, None], points, axis=1)
        return strings_n2 + kernels.formants(strings_n2, filter_fc, level_f, 0.25)

    def _pluck(self, size: int, velocity: int, rng: np.random.Generator) -> np.ndarray:
        """The excitation of one period, float32."""
        burst = rng.uniform(-1.0, 1.0, size)
        hz = min(20_000.0, self.bright * 2 ** (2.5 * (velocity - 100) / 127))
        pole = np.exp(-2 * np.pi * hz / SAMPLE_RATE)
        burst = np.asarray(signal.lfilter([1.0 - pole], [1.0, -pole], np.tile(burst, 2)))[size:]
        burst = burst - np.roll(burst, max(1, round(self.pick * size)))  # no partial with a node there
        burst -= burst.mean()
        return (burst / (np.sqrt(np.mean(burst**2)) + 1e-9) * 0.3).astype(np.float32)
