"""How sure a figure is: bootstrap intervals, rank correlation, separability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import rankdata

Statistic = Callable[..., Any]


class Interval(NamedTuple):
    """An estimate and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def bootstrap(
    values: Sequence[float] | np.ndarray,
    statistic: Statistic = np.mean,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap of `statistic` over the first axis (renders, scripts: the independent unit).

    Args:
        values: [n] or [n, k]; rows are drawn together, so paired measurements stay paired.
        statistic: maps resampled rows to one number.
        resamples: draws with replacement.
        seed: of the draws.

    Returns:
        The estimate with its 95 % interval; all NaN when `values` is empty.
    """
    rows = np.asarray(values, np.float64)
    if not len(rows):
        return Interval(np.nan, np.nan, np.nan)
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(rows), (resamples, len(rows)))
    draws = np.array([float(statistic(rows[p])) for p in picks])
    low, high = np.nanpercentile(draws, [2.5, 97.5]) if np.isfinite(draws).any() else (np.nan, np.nan)
    return Interval(float(statistic(rows)), float(low), float(high))


def rank_correlation(commanded: np.ndarray, measured: np.ndarray) -> float:
    """Spearman's rho, -1 to 1; NaN when either side never changes or fewer than three pairs."""
    a, b = np.asarray(commanded, np.float64), np.asarray(measured, np.float64)
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def auc(on: np.ndarray, off: np.ndarray) -> float:
    """Chance that a score drawn from `on` exceeds one from `off` (ties half): 0.5 blind, 1 separable."""
    on, off = np.asarray(on, np.float64), np.asarray(off, np.float64)
    if not len(on) or not len(off):
        return float("nan")
    ranks = rankdata(np.concatenate([on, off]))
    return float((ranks[: len(on)].sum() - len(on) * (len(on) + 1) / 2) / (len(on) * len(off)))
