"""Noises without pitch that fill a note's span: a record's surface, rain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import signal

from legato.config import SAMPLE_RATE
from legato.corpus.synth.patch import Patch, Strike

_LOOP = 12 * SAMPLE_RATE  # samples of a recording, read from a place of each note's own


@dataclass(frozen=True, kw_only=True)
class Texture(Patch):
    """A looped recording of noise, faded in and out."""

    recording: str
    pitched: bool = False
    fade: float = 0.08  # seconds

    def add(self, strike: Strike, out_n2: np.ndarray) -> None:
        """See `Patch.add`."""
        loop_n2 = self.loop()
        fade = round(self.fade * SAMPLE_RATE)
        count = min(round(strike.held * SAMPLE_RATE) + fade, len(out_n2) - strike.at)
        begin = int(strike.rng.integers(len(loop_n2)))
        place = np.arange(count)
        level = np.minimum(np.minimum(place, count - 1 - place) / fade, 1.0) * (strike.note.velocity / 127.0)
        sound = loop_n2[(begin + place) % len(loop_n2)]
        out_n2[strike.at : strike.at + count] += sound * level[:, None].astype(np.float32)

    def loop(self) -> np.ndarray:
        """The noise that goes round, float32 [N, 2]."""
        return _recording(self.recording)


@lru_cache(maxsize=4)
def _recording(name: str) -> np.ndarray:
    """Twelve seconds of a noise, float32 [N, 2]."""
    rng = np.random.default_rng(12)
    sound_n2 = {"vinyl": _vinyl, "rain": _rain}[name](rng)
    return (0.2 * sound_n2 / np.sqrt(np.mean(sound_n2**2))).astype(np.float32)


def _vinyl(rng: np.random.Generator) -> np.ndarray:
    """Crackle and pops over hiss and rumble."""
    hiss = _band(rng.standard_normal((_LOOP, 2)), 800, 9000)
    rumble = np.repeat(_band(rng.standard_normal((_LOOP, 1)), 25, 90), 2, axis=1)
    ticks = np.zeros((_LOOP, 2))
    for rate, level in ((40.0, 1.0), (4.0, 5.0)):
        count = rng.poisson(rate * _LOOP / SAMPLE_RATE)
        spots = rng.integers(0, _LOOP, count)
        sides = rng.uniform(0.3, 1.0, (count, 2))
        ticks[spots] += rng.exponential(level, (count, 1)) * rng.choice((-1.0, 1.0), (count, 1)) * sides
    ticks = _band(ticks, 500, 7000)
    ticks = 4.0 * np.tanh(ticks / (4.0 * ticks.std()))
    return ticks + 0.5 * hiss / hiss.std() + 0.35 * rumble / rumble.std()


def _rain(rng: np.random.Generator) -> np.ndarray:
    """A steady wash and single drops."""
    wash = _band(rng.standard_normal((_LOOP, 2)), 1200, 12_000)
    slow = np.repeat(rng.uniform(0.7, 1.0, (25, 2)), _LOOP // 24, axis=0)[:_LOOP]
    wash *= signal.sosfiltfilt(signal.butter(2, 1.0, fs=SAMPLE_RATE, output="sos"), slow, axis=0)
    drops = np.zeros((_LOOP + 2400, 2))
    seconds = np.arange(2400) / SAMPLE_RATE
    for _ in range(900):
        at = int(rng.integers(_LOOP))
        chirp = np.sin(2 * np.pi * rng.uniform(1500, 5500) * (1 + 6 * seconds) * seconds)
        drop = chirp * np.exp(-seconds / rng.uniform(0.002, 0.01)) * rng.exponential(1.0)
        drops[at : at + 2400] += drop[:, None] * rng.uniform(0.2, 1.0, 2)
    return wash / wash.std() + 0.8 * drops[:_LOOP] / drops.std()


def _band(noise_n2: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.asarray(
        signal.sosfilt(signal.butter(2, (low, high), "band", fs=SAMPLE_RATE, output="sos"), noise_n2, axis=0)
    )
