"""Single-cycle waves without aliasing: one table for each third of an octave.

Legend: T samples of a cycle, and one more that repeats the first.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

TABLE = 2048  # samples of one cycle
HIGHEST = 19_000.0  # Hz: no harmonic lies above
_LOWEST = 16.0  # Hz: fundamental of the first table
_HARMONICS = 600


def saw(k: np.ndarray) -> np.ndarray:
    """All harmonics, 1/k."""
    return 1.0 / k


def square(k: np.ndarray) -> np.ndarray:
    """Odd harmonics, 1/k."""
    return np.where(k % 2 == 1, 1.0 / k, 0.0)


def triangle(k: np.ndarray) -> np.ndarray:
    """Odd harmonics, 1/k², alternating."""
    return np.where(k % 2 == 1, (-1.0) ** ((k - 1) // 2) / k**2, 0.0)


def sine(k: np.ndarray) -> np.ndarray:
    """The fundamental alone."""
    return np.where(k == 1, 1.0, 0.0)


def pulse(share: float, k: np.ndarray) -> np.ndarray:
    """A rectangle that is high for a share of the cycle."""
    return np.sin(np.pi * k * share) / k


def drawbars(levels: tuple[float, ...], k: np.ndarray) -> np.ndarray:
    """Harmonics of given levels, the first ones of the series."""
    series = np.zeros(len(k))
    series[: len(levels)] = levels[: len(k)]
    return series


_SHAPES = {
    "saw": saw,
    "square": square,
    "triangle": triangle,
    "sine": sine,
    "pulse 25": lambda k: pulse(0.25, k),
    "pulse 12": lambda k: pulse(0.125, k),
    "organ": lambda k: drawbars((1.0, 0.8, 0.45, 0.5, 0.0, 0.2, 0.0, 0.3), k),
    "house": lambda k: drawbars((1.0, 0.7, 0.0, 0.45, 0.0, 0.25), k),
    "soft": lambda k: 1.0 / k**2,
}
WAVES = tuple(_SHAPES)


def table(wave: str, hz: float) -> np.ndarray:
    """One cycle of a wave for fundamentals up to `hz`, float32 [T + 1], RMS 0.5.

    Args:
        wave: one of `WAVES`.
        hz: highest fundamental it will be read at; at least a harmonic is kept.
    """
    return _level(wave, max(0, int(np.ceil(3 * np.log2(max(hz, 1.0) / _LOWEST)))))


@lru_cache(maxsize=512)
def _level(wave: str, level: int) -> np.ndarray:
    fundamental = _LOWEST * 2 ** (level / 3)
    count = int(np.clip(HIGHEST / fundamental, 1, _HARMONICS))
    spectrum = np.zeros(TABLE // 2 + 1, np.complex128)
    spectrum[1 : count + 1] = -1j * _SHAPES[wave](np.arange(1, count + 1))
    cycle = np.fft.irfft(spectrum, TABLE)
    cycle *= 0.5 / np.sqrt(np.mean(cycle**2))
    return np.append(cycle, cycle[0]).astype(np.float32)
