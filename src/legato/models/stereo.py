"""Parametric stereo: the side signal described from the mid signal, band by band, at the latent rate.

With M = (L + R)/2 and S = (L - R)/2, each band holds a prediction a (S ≈ a·M) and the level d of what is
left, both relative to the carrier X: the mid, with a little of the side's power, so that a cancelling mid
still carries sound. Both are squashed by x / sqrt(1 + x²): bounded, 0 for mono.

Legend: B rows, T analysis frames (100 Hz), K STFT bins, S stereo bands.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from legato.config import SAMPLE_RATE, CodecConfig
from legato.models.stft import expand_bands, pool_bands

SIDE_SHARE = 1 / 64  # of the side's power in the carrier
FRAMES = 4  # analysis frames that share one set of parameters
EPSILON = 1e-10


def stereo_width(config: CodecConfig) -> int:
    """Values of one frame: prediction and residual level of every band."""
    return 2 * config.stereo_bands


@lru_cache(maxsize=8)
def stereo_edges(config: CodecConfig) -> np.ndarray:
    """First bins of the bands and the end of the last, evenly spaced on the ERB-number scale."""
    top = 21.4 * np.log10(1 + 0.00437 * config.max_hz)
    hertz = (10 ** (np.linspace(0, top, config.stereo_bands + 1) / 21.4) - 1) / 0.00437
    edges = np.round(hertz * config.n_fft / SAMPLE_RATE).astype(int)
    if np.any(np.diff(edges) < 1):
        raise ValueError(
            f"stereo_bands is {config.stereo_bands}; too many for an STFT of {config.n_fft} samples"
        )
    return edges


def carrier_power(mid_btk: Tensor, side_btk: Tensor) -> Tensor:
    """Power [B, T, K] of the carrier: |M|² with a little of |S|²."""
    return power(mid_btk) + SIDE_SHARE * power(side_btk)


def power(spectrum_btk: Tensor) -> Tensor:
    """Squared magnitudes."""
    return spectrum_btk.real.square() + spectrum_btk.imag.square()


def stereo_parameters(mid_btk: Tensor, side_btk: Tensor, config: CodecConfig) -> Tensor:
    """Squashed prediction and residual level [B, T/4, 2 S] of complex mid and side spectra [B, T, K]."""
    edges = stereo_edges(config)

    def pooled(power_btk: Tensor) -> Tensor:
        return pool_bands(power_btk.unflatten(1, (-1, FRAMES)).mean(2), edges)

    side = pooled(power(side_btk))
    carrier = pooled(power(mid_btk)) + SIDE_SHARE * side + EPSILON
    cross = pooled(mid_btk.real * side_btk.real + mid_btk.imag * side_btk.imag)
    a = cross / carrier
    residual = side - a.square() * carrier
    d = (residual.clamp_min(0) / carrier).sqrt()
    return torch.cat([squash(a), squash(d)], dim=-1)


def squash(x: Tensor) -> Tensor:
    """The real line onto (-1, 1): x / sqrt(1 + x²)."""
    return x * torch.rsqrt(1 + x.square())


def unsquash(y: Tensor) -> Tensor:
    """Inverse of `squash`; inputs are clamped to ±0.995 (a factor of 10)."""
    y = y.clamp(-0.995, 0.995)
    return y * torch.rsqrt(1 - y.square())


def side_filter(parameters_bts: Tensor, config: CodecConfig) -> Tensor:
    """Complex factors [B, 4 T, K] that turn the mid spectrum into the side spectrum.

    The residual is in quadrature to the mid (±90°), so left and right each get exactly the sum of powers,
    free of the random interference that a noise-like decorrelator brings. Runs of bins differ in sign: the
    image of the residual is spread over both sides instead of being shifted to one.
    """
    bins = config.n_fft // 2 + 1
    a, d = parameters_bts.chunk(2, dim=-1)
    edges = stereo_edges(config)
    a_btk = expand_bands(unsquash(a), edges, bins)
    d_btk = expand_bands(unsquash(d.clamp_min(0)), edges, bins) * _signs(bins).to(d.device)
    return torch.complex(a_btk, d_btk).repeat_interleave(FRAMES, dim=1)


@lru_cache(maxsize=2)
def _signs(bins: int) -> Tensor:
    rng = np.random.default_rng(7)
    runs = rng.integers(6, 18, size=bins)
    signs = np.repeat(np.where(np.arange(bins) % 2 == 0, 1.0, -1.0), runs)[:bins]
    return torch.from_numpy(signs.astype(np.float32))
