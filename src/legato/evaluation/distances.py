"""How far two sets of embeddings lie apart: Fréchet and kernel distances.

Legend: n, m embeddings of E numbers each.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist, pdist

KERNEL_SCALE = 100.0  # of the kernel distance, as its authors give it


class Gaussian(NamedTuple):
    """Mean [E] and covariance [E, E] of a set of embeddings."""

    mean: np.ndarray
    covariance: np.ndarray


def gaussian(embeddings_ne: np.ndarray) -> Gaussian:
    """Mean and unbiased covariance, shrunk towards a multiple of the identity as the set is small.

    Ledoit & Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004.

    Raises:
        ValueError: fewer than two embeddings.
    """
    x = np.asarray(embeddings_ne, np.float64)
    count, size = x.shape
    if count < 2:
        raise ValueError(f"a covariance needs at least 2 embeddings, not {count}")
    mean = x.mean(0)
    x = x - mean
    sample = x.T @ x / count
    level = np.trace(sample) / size
    spread = (np.square(sample).sum() - size * level**2) / size
    noise = (np.square(np.square(x).sum(1)).sum() / count - np.square(sample).sum()) / (size * count)
    share = min(noise, spread) / spread if spread > 0 else 0.0
    shrunk = (1 - share) * sample + share * level * np.eye(size)
    return Gaussian(mean, shrunk * count / (count - 1))


def frechet(one: Gaussian, other: Gaussian) -> float:
    """|m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½), Dowson & Landau 1982; FAD as of Kilgour et al. 2019."""
    values, vectors = np.linalg.eigh(one.covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    crossed = np.linalg.eigvalsh(root @ other.covariance @ root)
    overlap = np.sqrt(np.maximum(crossed, 0)).sum()
    apart = np.square(one.mean - other.mean).sum()
    return float(apart + np.trace(one.covariance) + np.trace(other.covariance) - 2 * overlap)


def fad(one_ne: np.ndarray, other_me: np.ndarray) -> float:
    """Fréchet distance of two sets of embeddings, 0 for the same Gaussian."""
    return frechet(gaussian(one_ne), gaussian(other_me))


def kad(one_ne: np.ndarray, reference_me: np.ndarray) -> float:
    """Kernel distance, 0 on average for the same distribution whatever the sizes (it may fall below).

    Unbiased squared maximum mean discrepancy of a Gaussian kernel as wide as the reference's median distance,
    times 100: Chung et al., "KAD: no more FAD!", 2025.

    Raises:
        ValueError: fewer than two embeddings on a side.
    """
    return Distances(reference_me).kad(one_ne)


class Distances:
    """Distances of many sets of embeddings to one reference: what is the reference's own is found once.

    Args:
        reference_me: its embeddings.
    """

    def __init__(self, reference_me: np.ndarray) -> None:
        self._reference_me = np.asarray(reference_me, np.float64)

    def fad(self, one_ne: np.ndarray) -> float:
        """As the function `fad`."""
        return frechet(gaussian(one_ne), self._gaussian)

    def kad(self, one_ne: np.ndarray) -> float:
        """As the function `kad`."""
        one = np.asarray(one_ne, np.float64)
        if min(len(one), len(self._reference_me)) < 2:
            raise ValueError("a kernel distance needs at least 2 embeddings on each side")
        width, within = self._kernel
        own = _likeness(pdist(one, "sqeuclidean"), width)
        between = _likeness(cdist(one, self._reference_me, "sqeuclidean").ravel(), width)
        return float(KERNEL_SCALE * (own + within - 2 * between))

    @cached_property
    def _gaussian(self) -> Gaussian:
        return gaussian(self._reference_me)

    @cached_property
    def _kernel(self) -> tuple[float, float]:
        """Width of the kernel, and the mean likeness of two of the reference."""
        squared = pdist(self._reference_me, "sqeuclidean")
        width = float(np.sqrt(np.median(squared))) or 1.0
        return width, _likeness(squared, width)


def _likeness(squared_n: np.ndarray, width: float) -> float:
    return float(np.exp(-squared_n / (2 * width**2)).mean())
