"""Short-time Fourier analysis and synthesis, and the bands magnitudes are described in.

Legend: B rows, N samples, T analysis frames (100 Hz), K STFT bins (25 Hz apart), Q feature bands.
Frame t is centred on the middle of hop t: its window covers samples 480 t - 720 … 480 t + 1200.
Magnitudes are scaled so that a full-scale sine on a bin's centre reads 1.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from legato.config import SAMPLE_RATE, CodecConfig

FLOOR = 1e-5  # smallest magnitude told apart from silence (-100 dB)


@lru_cache(maxsize=8)
def _window(n_fft: int) -> np.ndarray:
    return np.hanning(n_fft + 1)[:-1].astype(np.float32)


def window(n_fft: int, device: torch.device | None = None) -> Tensor:
    """Periodic Hann window [n_fft]."""
    return torch.from_numpy(_window(n_fft)).to(device)


def spectrum(audio_bn: Tensor, n_fft: int, hop: int) -> Tensor:
    """Complex spectra [B, T, K] of `audio_bn` [B, N] (N a multiple of `hop`); T = N / hop.

    Phases are relative to each window's centre.
    """
    left = (n_fft - hop) // 2
    frames = F.pad(audio_bn, (left, n_fft - hop - left)).unfold(1, n_fft, hop)
    spectra = torch.fft.rfft(frames * window(n_fft, audio_bn.device))
    return spectra * (_centring(n_fft, audio_bn.device) * (4.0 / n_fft))


def time_frames(spectra: Tensor, n_fft: int) -> Tensor:
    """Time signals [..., T, N] over each window, not yet windowed, of centred `spectra` [..., T, K]."""
    return torch.fft.irfft(spectra * (_centring(n_fft, spectra.device) * (n_fft / 4.0)), n=n_fft)


def overlap_add(frames_btn: Tensor, carry_bn: Tensor, n_fft: int, hop: int) -> tuple[Tensor, Tensor]:
    """Audio [B, T·hop] of `time_frames`, and the carry [B, n_fft - hop] for the next call.

    The audio lags the analysed signal by `(n_fft - hop) / 2` samples.
    """
    # Squared Hann windows, `hop` apart, add up to 0.375 n_fft / hop.
    frames = frames_btn * (window(n_fft, carry_bn.device) * (hop / (0.375 * n_fft)))
    count = frames.shape[1]
    total = torch.zeros(frames.shape[0], (count - 1) * hop + n_fft, device=frames.device)
    total[:, : n_fft - hop] = carry_bn
    for index in range(count):
        total[:, index * hop : index * hop + n_fft] += frames[:, index]
    return total[:, : count * hop], total[:, count * hop :]


def _centring(n_fft: int, device: torch.device | None) -> Tensor:
    """(-1)^k [K]: moves the phase reference between a window's start and its centre."""
    return torch.from_numpy(_alternating(n_fft)).to(device)


@lru_cache(maxsize=8)
def _alternating(n_fft: int) -> np.ndarray:
    signs = np.ones(n_fft // 2 + 1, np.float32)
    signs[1::2] = -1.0
    return signs


@lru_cache(maxsize=8)
def pooled_edges(config: CodecConfig) -> np.ndarray:
    """First bins of the pooled bands and the end of the last [pooled_bands + 1], even in log frequency."""
    step = SAMPLE_RATE / config.n_fft
    edges = np.geomspace(config.linear_bins, config.max_hz / step, config.pooled_bands + 1)
    edges = np.round(edges).astype(int)
    if np.any(np.diff(edges) < 1) or edges[-1] > config.n_fft // 2 + 1:
        raise ValueError(
            f"pooled_bands is {config.pooled_bands}; too many for the bins up to {config.max_hz} Hz"
        )
    return edges


def feature_width(config: CodecConfig) -> int:
    """Q: linear bins and pooled bands together."""
    return config.linear_bins + config.pooled_bands


def pool_bands(power: Tensor, edges: np.ndarray) -> Tensor:
    """Mean power [..., bands] of the bins [..., K] between neighbouring `edges`."""
    matrix = _pooling(tuple(int(e) for e in edges)).to(power.device)
    return power[..., edges[0] : edges[-1]] @ matrix


@lru_cache(maxsize=8)
def _pooling(edges: tuple[int, ...]) -> Tensor:
    """[bins from the first edge to the last, bands]: averages the bins of each band."""
    matrix = torch.zeros(edges[-1] - edges[0], len(edges) - 1)
    for band, (low, high) in enumerate(pairwise(edges)):
        matrix[low - edges[0] : high - edges[0], band] = 1.0 / (high - low)
    return matrix


def expand_bands(values: Tensor, edges: np.ndarray, bins: int) -> Tensor:
    """`values` [..., bands] repeated over their bands' bins, [..., bins]; outside, the nearest band's."""
    return values[..., _band_of_bin(tuple(int(e) for e in edges), bins).to(values.device)]


@lru_cache(maxsize=8)
def _band_of_bin(edges: tuple[int, ...], bins: int) -> Tensor:
    index = np.searchsorted(edges, np.arange(bins), side="right") - 1
    return torch.from_numpy(np.clip(index, 0, len(edges) - 2))


def log_features(power_btk: Tensor, config: CodecConfig) -> Tensor:
    """Natural log magnitudes [B, T, Q], no lower than ln(FLOOR), of power spectra [B, T, K]."""
    pooled = pool_bands(power_btk, pooled_edges(config))
    power = torch.cat([power_btk[..., : config.linear_bins], pooled], dim=-1)
    return 0.5 * power.clamp_min(FLOOR**2).log()


def bin_magnitudes(log_btq: Tensor, config: CodecConfig) -> Tensor:
    """Magnitudes [B, T, K] of `log_btq`; pooled bands keep their power, above `max_hz` there is silence."""
    linear, pooled = log_btq.split([config.linear_bins, config.pooled_bands], dim=-1)
    edges = pooled_edges(config)
    upper = expand_bands(pooled, edges - edges[0], int(edges[-1] - edges[0])).exp()
    silence = config.n_fft // 2 + 1 - int(edges[-1])
    return F.pad(torch.cat([linear.exp(), upper], dim=-1), (0, silence))
