"""What one step may lose: detail (blur) and nearness to the teacher.

Blur ratios are student over reference: 1 keeps all, below 1 is blurred, above 1 is rough.
"""

from __future__ import annotations

import numpy as np

from legato.evaluation.rhythm import onset_strength, sharpened
from legato.evaluation.spectra import band_energy, log_mel


def delta_energy_ratio(latents_btc: np.ndarray, reference_btc: np.ndarray) -> float:
    """Energy of frame-to-frame change of latents over the reference's; time is the last but one axis."""
    change, reference = np.diff(latents_btc, axis=-2), np.diff(reference_btc, axis=-2)
    return _ratio(np.square(change).mean(), np.square(reference).mean())


def high_band_ratio(audio: np.ndarray, reference: np.ndarray, *, low: float = 6_000.0) -> float:
    """Mean power above `low` Hz over that of the reference."""
    return _ratio(band_energy(audio, low, 1e9).mean(), band_energy(reference, low, 1e9).mean())


def onset_ratio(audio: np.ndarray, reference: np.ndarray) -> float:
    """Mean sharpened onset strength over that of the reference."""
    return _ratio(sharpened(onset_strength(audio)).mean(), sharpened(onset_strength(reference)).mean())


def _ratio(value: float, reference: float) -> float:
    return float(value / reference) if reference > 0 else float("nan")


def r2(prediction: np.ndarray, target: np.ndarray) -> float:
    """Map fidelity: share of the target's variance (around its mean over all but the last axis) explained."""
    target = np.asarray(target, np.float64)
    spread = np.square(target - target.mean(tuple(range(target.ndim - 1)))).sum()
    error = np.square(np.asarray(prediction, np.float64) - target).sum()
    return float(1 - error / spread) if spread else float("nan")


def log_mel_distance(audio: np.ndarray, reference: np.ndarray) -> float:
    """Mean absolute log-mel difference in dB over the shorter length (floor -80 dBFS)."""
    n = min(len(audio), len(reference))
    return float(np.abs(log_mel(audio[:n]) - log_mel(reference[:n])).mean())


def diversity(clips: list[np.ndarray]) -> float:
    """Mean log-mel distance in dB over all pairs: 0 when seeds give the same music."""
    mels = [log_mel(clip) for clip in clips]
    n = min(map(len, mels), default=0)
    pairs = [np.abs(a[:n] - b[:n]).mean() for i, a in enumerate(mels) for b in mels[:i]]
    return float(np.mean(pairs)) if pairs else float("nan")
