"""Seams: is a chunk boundary audible? Boundaries are compared with interior points of the same music."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from legato.evaluation.spectra import mono

_WINDOW = 480  # 10 ms either side of the point


class Seams(NamedTuple):
    """Boundary over interior, 1 = no seam."""

    flux_ratio: float  # mean log-spectral change across a boundary / across an interior point
    click_ratio: float  # mean second difference at a boundary / at an interior point
    boundaries: int


def seams(audio: np.ndarray, chunk_samples: int, *, offset: int = 0, interiors: int = 7) -> Seams:
    """Boundaries against points spread evenly inside the same chunks.

    Args:
        audio: [N] or [N, channels]; channels are averaged.
        chunk_samples: distance between boundaries.
        offset: sample of the first boundary (0 or a shift by the decoder's latency).
        interiors: interior points per chunk.

    Raises:
        ValueError: fewer than four boundaries.
    """
    x = mono(audio).astype(np.float64)
    grid = np.arange(offset % chunk_samples, len(x), chunk_samples)
    inside = [grid + (i + 1) * chunk_samples // (interiors + 1) for i in range(interiors)]
    edges, points = _within(grid, len(x)), _within(np.concatenate(inside), len(x))
    if len(edges) < 4:
        raise ValueError(f"{len(x)} samples hold {len(edges)} chunk boundaries; at least 4 are needed")
    return Seams(
        _over(_flux(x, edges), _flux(x, points)), _over(_click(x, edges), _click(x, points)), len(edges)
    )


def _within(points: np.ndarray, n: int) -> np.ndarray:
    return points[(points >= _WINDOW) & (points <= n - _WINDOW)]


def _flux(x: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Mean absolute log-spectral difference in dB between the 10 ms before and after each point, [k]."""
    span = np.arange(_WINDOW)
    window = np.hanning(_WINDOW + 2)[1:-1]
    before = np.abs(np.fft.rfft(x[points[:, None] - _WINDOW + span] * window))
    after = np.abs(np.fft.rfft(x[points[:, None] + span] * window))
    return np.abs(20 * np.log10((after + 1e-3) / (before + 1e-3))).mean(1)


def _click(x: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Largest second difference among the four samples around each point, relative to the local RMS, [k]."""
    around = points[:, None] + np.arange(-3, 3)
    bend = np.abs(np.diff(x[around], 2, axis=1)).max(1)
    local = np.sqrt(np.square(x[points[:, None] + np.arange(-_WINDOW, _WINDOW)]).mean(1))
    return bend / (local + 1e-4)


def _over(edges: np.ndarray, points: np.ndarray) -> float:
    reference = points.mean()
    return float(edges.mean() / reference) if reference > 0 else float("nan")
