"""How far two sets of embeddings lie apart: Fréchet and kernel distances.

Legend: n, m embeddings of E numbers each.
"""

from __future__ import annotations

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
    one, reference = np.asarray(one_ne, np.float64), np.asarray(reference_me, np.float64)
    if min(len(one), len(reference)) < 2:
        raise ValueError("a kernel distance needs at least 2 embeddings on each side")
    width = np.median(pdist(reference)) or 1.0

    def kernel(squared: np.ndarray) -> np.ndarray:
        return np.exp(-squared / (2 * width**2))

    within = [kernel(pdist(x, "sqeuclidean")).mean() for x in (one, reference)]
    between = kernel(cdist(one, reference, "sqeuclidean")).mean()
    return float(KERNEL_SCALE * (within[0] + within[1] - 2 * between))
