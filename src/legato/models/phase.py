"""Phase from magnitudes, frame by frame: real-time phase gradient heap integration.

Průša & Søndergaard, "Real-time spectrogram inversion using phase gradient heap integration", DAFx 2016.
No look-ahead: the time derivative is a backward difference. Bins too weak to matter get random phases drawn
from (frame index, bin). Bins above the integrated ones take the phases of a looped noise recording: unlike
phases drawn anew for every frame, its neighbouring frames agree, and overlap-add loses no power.

Legend: B rows, T analysis frames, K integrated bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numba import njit
from torch import Tensor

from legato.models.stft import spectrum

HANN_GAMMA = 0.25645  # gamma / n_fft² of the Gaussian nearest to a Hann window
TOLERANCE = 13.8  # nats below the frame's peak (120 dB) at which phase no longer matters
QUIET = -14.0  # ln magnitude of the frames before the first
NOISE_FRAMES = 400  # of the noise recording: it repeats after 4 s


@dataclass(frozen=True)
class PhaseState:
    """What integration remembers, one row per stream.

    Attributes:
        logs: float64 [B, 2, K], log magnitudes of the last two frames, older first.
        slope: float64 [B, K], phase advance per hop at the last frame, radians.
        phase: float64 [B, K], phases of the last frame, radians.
        frame: int64 [B], index of the next frame.
    """

    logs: Tensor
    slope: Tensor
    phase: Tensor
    frame: Tensor

    @classmethod
    def initial(cls, batch: int, bins: int) -> PhaseState:
        """The state before the first frame: silence, phase zero. Always on the CPU."""
        return cls(
            torch.full((batch, 2, bins), QUIET, dtype=torch.float64),
            torch.zeros(batch, bins, dtype=torch.float64),
            torch.zeros(batch, bins, dtype=torch.float64),
            torch.zeros(batch, dtype=torch.int64),
        )


def integrate(logs_btk: Tensor, state: PhaseState, *, n_fft: int, hop: int) -> tuple[Tensor, PhaseState]:
    """Phases [B, T, K] (float32 radians, window-centred) of log magnitudes [B, T, K], and the next state.

    `state` is not changed.
    """
    batch, count, bins = logs_btk.shape
    # A row with a bad value must neither stall the heap nor disturb the other rows.
    logs = torch.nan_to_num(logs_btk.detach().double().cpu(), nan=QUIET, posinf=QUIET, neginf=QUIET).numpy()
    after = PhaseState(state.logs.clone(), state.slope.clone(), state.phase.clone(), state.frame + count)
    past, slope, phase = after.logs.numpy(), after.slope.numpy(), after.phase.numpy()
    phases = np.empty((batch, count, bins))
    for row in range(batch):
        first = int(state.frame[row])
        _integrate_row(logs[row], past[row], slope[row], phase[row], first, phases[row], n_fft, hop)
    return torch.from_numpy(phases.astype(np.float32)), after


def noise_carrier(frame_b: Tensor, count: int, first_bin: int, n_fft: int, hop: int) -> Tensor:
    """Unit spectra [B, count, K - first_bin], of the noise recording from frame `frame_b` [B] on."""
    index = (frame_b[:, None] + torch.arange(count)) % NOISE_FRAMES
    return _noise_spectra(first_bin, n_fft, hop)[index]


@lru_cache(maxsize=4)
def _noise_spectra(first_bin: int, n_fft: int, hop: int) -> Tensor:
    """[NOISE_FRAMES, K - first_bin]; computed once, in blocks of fixed shape."""
    samples = np.random.default_rng(2016).standard_normal(NOISE_FRAMES * hop).astype(np.float32)
    ends = -(-n_fft // hop) * hop
    looped = np.concatenate([samples[-ends:], samples, samples[:ends]])
    spectra = spectrum(torch.from_numpy(looped)[None], n_fft, hop)[0, ends // hop :][
        :NOISE_FRAMES, first_bin:
    ]
    return spectra / spectra.abs().clamp_min(1e-12)


def warmup() -> None:
    """Compiles the integrator (seconds on the first call of an installation, cached on disk after that)."""
    state = PhaseState.initial(1, 8)
    integrate(torch.zeros(1, 1, 8), state, n_fft=1920, hop=480)


@njit(cache=True)
def _random_phase(frame, index):  # pragma: no cover - compiled
    """Uniform in ±π from a counter (the finaliser of SplitMix64)."""
    z = np.uint64(frame) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(index) * np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) * (2.0**-53) - 0.5) * 2.0 * np.pi


@njit(cache=True)
def _push(keys, ids, size, key, item):  # pragma: no cover - compiled
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if keys[parent] >= key:
            break
        keys[i] = keys[parent]
        ids[i] = ids[parent]
        i = parent
    keys[i] = key
    ids[i] = item
    return size + 1


@njit(cache=True)
def _pop(keys, ids, size):  # pragma: no cover - compiled
    """Removes the largest key (at 0, read by the caller); returns the new size."""
    size -= 1
    key, item = keys[size], ids[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] > keys[child]:
            child += 1
        if keys[child] <= key:
            break
        keys[i] = keys[child]
        ids[i] = ids[child]
        i = child
    keys[i] = key
    ids[i] = item
    return size


@njit(cache=True)
def _integrate_row(logs_tk, past, slope, phase, first, out, n_fft, hop):  # pragma: no cover - compiled
    """Fills `out` [T, K] and updates `past` [2, K], `slope` [K] and `phase` [K] in place."""
    width = logs_tk.shape[1]
    gamma = HANN_GAMMA * n_fft * n_fft
    along_time = hop * n_fft / gamma
    along_frequency = -gamma / (hop * n_fft)
    keys = np.empty(2 * width + 4)
    ids = np.empty(2 * width + 4, np.int64)
    new_slope = np.empty(width)
    across = np.empty(width)
    done = np.empty(width, np.bool_)
    for t in range(logs_tk.shape[0]):
        s = logs_tk[t]
        peak = s.max()
        for k in range(width):
            low, high = max(k - 1, 0), min(k + 1, width - 1)
            gradient = (s[high] - s[low]) / (high - low)
            new_slope[k] = 2.0 * np.pi * hop * k / n_fft + along_time * gradient
            across[k] = along_frequency * (1.5 * s[k] - 2.0 * past[1, k] + 0.5 * past[0, k])
        size = 0
        left = 0
        for k in range(width):
            done[k] = s[k] < peak - TOLERANCE
            if done[k]:
                out[t, k] = _random_phase(first + t, k)
            else:
                left += 1
                size = _push(keys, ids, size, past[1, k], k)
        while left > 0:
            item = ids[0]
            size = _pop(keys, ids, size)
            if item < width:  # a bin of the frame before: step along time
                if not done[item]:
                    out[t, item] = phase[item] + 0.5 * (slope[item] + new_slope[item])
                    done[item] = True
                    left -= 1
                    size = _push(keys, ids, size, s[item], item + width)
                continue
            k = item - width  # a bin of this frame: step along frequency, both ways
            if k + 1 < width and not done[k + 1]:
                out[t, k + 1] = out[t, k] + 0.5 * (across[k] + across[k + 1])
                done[k + 1] = True
                left -= 1
                size = _push(keys, ids, size, s[k + 1], k + 1 + width)
            if k > 0 and not done[k - 1]:
                out[t, k - 1] = out[t, k] - 0.5 * (across[k] + across[k - 1])
                done[k - 1] = True
                left -= 1
                size = _push(keys, ids, size, s[k - 1], k - 1 + width)
        for k in range(width):
            phase[k] = out[t, k] = (out[t, k] + np.pi) % (2.0 * np.pi) - np.pi
            slope[k] = new_slope[k]
            past[0, k] = past[1, k]
            past[1, k] = s[k]
