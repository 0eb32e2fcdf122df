"""Distances between log magnitudes that weigh what is heard.

Legend: B rows, T latent frames (25 Hz), Q magnitude features (100 Hz), M mel bands.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from legato.config import SAMPLE_RATE, CodecConfig
from legato.models.stereo import FRAMES, stereo_edges
from legato.models.stft import pooled_edges

NATS_PER_DB = 0.1151
AUDIBLE_DB = 80.0  # below a crop's peak nothing counts
MEL_BANDS = 80


@lru_cache(maxsize=4)
def _frequencies(config: CodecConfig) -> tuple[np.ndarray, np.ndarray]:
    """Centre and width in Hz of every feature [Q]."""
    edges = np.concatenate([np.arange(config.linear_bins), pooled_edges(config)]) * SAMPLE_RATE / config.n_fft
    return (edges[1:] + edges[:-1]) / 2, np.diff(edges)


@lru_cache(maxsize=4)
def feature_weights(config: CodecConfig) -> Tensor:
    """Weight of every feature [Q], mean 1: the square root of the share of an auditory filter it covers."""
    centre, width = _frequencies(config)
    weights = np.sqrt(width / (24.7 * (0.00437 * centre + 1)))
    return torch.from_numpy(weights / weights.mean()).float()


@lru_cache(maxsize=4)
def mel_matrix(config: CodecConfig) -> Tensor:
    """Power of features to power of mel bands, [Q, M]: triangles that never fall between two features."""
    centre, width = _frequencies(config)
    mel = 2595 * np.log10(1 + np.stack([centre, centre + width / 2]) / 700)
    points = np.linspace(0, mel[1, -1], MEL_BANDS + 2)
    half = np.maximum(points[1] - points[0], 2 * (mel[1] - mel[0]))[:, None]
    triangles = np.maximum(0, 1 - np.abs(mel[0][:, None] - points[None, 1:-1]) / half)
    return torch.from_numpy(triangles * (width / width[0])[:, None]).float()


def spectral_losses(logs: Tensor, target: Tensor, config: CodecConfig) -> dict[str, Tensor]:
    """Distances between log magnitudes [B, 4 T, Q], all in nats, blind below 80 dB under the crop's peak.

    `bins` weighs bins as the ear resolves them, regions with onsets up; `mel` compares band powers at
    10 ms and 40 ms; `change` compares differences over time, `shape` over frequency.
    """
    heard, wanted = above_floor(logs, target), above_floor(target, target)
    weights = feature_weights(config).to(logs.device)
    onset = _onset_weight(wanted, _region_starts(config))
    level = _importance(wanted)
    error = heard - wanted
    # The square pulls at partials that are missing altogether, which an absolute error would leave out.
    distance = error.abs() + 0.2 * error.square()
    bins = (distance * (weights * onset * level)).mean()
    change = ((error[:, 1:] - error[:, :-1]).abs() * weights * level[:, 1:]).mean()
    shape = ((error[..., 1:] - error[..., :-1]).abs() * weights[1:] * level[..., 1:]).mean()
    matrix = mel_matrix(config).to(logs.device)
    power, true = (2 * heard).exp() @ matrix, (2 * wanted).exp() @ matrix
    mel_onset = _onset_weight(0.5 * true.clamp_min(1e-12).log(), tuple(range(0, MEL_BANDS, MEL_BANDS // 4)))
    mel = _log_distance(power, true, mel_onset) + _log_distance(_coarse(power), _coarse(true), None)
    return {"bins": bins, "mel": mel, "change": change, "shape": shape}


def stereo_loss(stereo: Tensor, target: Tensor, logs: Tensor, config: CodecConfig) -> Tensor:
    """Distance of stereo parameters [B, T, S], weighed by how loud their bands of `logs` are."""
    power = _coarse((2 * logs).exp()) @ stereo_matrix(config).to(logs.device)
    level = 0.5 * power.clamp_min(1e-12).log()
    span = AUDIBLE_DB * NATS_PER_DB
    weight = 0.05 + ((level - level.amax((1, 2), keepdim=True)) / span + 1).clamp(0, 1).square()
    distance = F.smooth_l1_loss(stereo, target, beta=0.05, reduction="none")
    return (distance * weight.repeat(1, 1, 2)).sum() / (2 * weight.sum())


@lru_cache(maxsize=4)
def stereo_matrix(config: CodecConfig) -> Tensor:
    """[Q, bands]: mean power of features in each stereo band."""
    centre, _ = _frequencies(config)
    edges = stereo_edges(config) * SAMPLE_RATE / config.n_fft
    band = np.clip(np.searchsorted(edges, centre, side="right") - 1, 0, config.stereo_bands - 1)
    member = (band[:, None] == np.arange(config.stereo_bands)).astype(np.float32)
    return torch.from_numpy(member / np.maximum(member.sum(0), 1))


def above_floor(logs: Tensor, target: Tensor) -> Tensor:
    """Nats above 80 dB under the peak of each crop of `target`: what lies far below fades to 0."""
    floor = target.amax((1, 2), keepdim=True) - AUDIBLE_DB * NATS_PER_DB
    return F.softplus(logs - floor)


def _importance(wanted: Tensor) -> Tensor:
    """Weight of every bin by its level and by how far it stands out: partials, not the gaps between."""
    level = (wanted / (AUDIBLE_DB * NATS_PER_DB)).square()
    local = F.avg_pool1d(wanted, 17, 1, 8, count_include_pad=False)
    return (0.15 + 2.5 * level) * (0.5 + torch.sigmoid(2 * (wanted - local)))


def _onset_weight(levels_btq: Tensor, starts: tuple[int, ...]) -> Tensor:
    """1 to 7 [B, T, Q]: how much a region of bands, from one of `starts` to the next, rises in a frame.

    Regions count on their own: a bass drum is an onset of a few low bins alone.
    """
    rise = F.relu(levels_btq[:, 1:] - levels_btq[:, :-1])
    ends = (*starts[1:], levels_btq.shape[2])
    means = torch.stack([rise[..., low:high].mean(2) for low, high in zip(starts, ends, strict=True)], 2)
    weight = 1 + 2 * (means / (means.mean(1, keepdim=True) + 0.1)).clamp_max(3.0)
    sizes = torch.tensor([high - low for low, high in zip(starts, ends, strict=True)], device=rise.device)
    return F.pad(weight.repeat_interleave(sizes, dim=2), (0, 0, 1, 0), value=1.0)


@lru_cache(maxsize=4)
def _region_starts(config: CodecConfig) -> tuple[int, ...]:
    """First features of the regions of an onset: lows, low mids, high mids, highs."""
    centre, _ = _frequencies(config)
    return tuple(int(np.searchsorted(centre, hertz)) for hertz in (0.0, 250.0, 1500.0, 5000.0))


def _coarse(power: Tensor) -> Tensor:
    return power.unflatten(1, (-1, FRAMES)).mean(2)


def _log_distance(power: Tensor, true: Tensor, weight: Tensor | None) -> Tensor:
    error = 0.5 * (power.log() - true.log()).abs()
    return (error if weight is None else error * weight).mean()
