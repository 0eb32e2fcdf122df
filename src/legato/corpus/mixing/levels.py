"""How loud a sound is, and gains that move. N samples at 48 kHz, B blocks of `BLOCK` samples."""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy import ndimage

from legato.config import FRAME_SAMPLES, SAMPLE_RATE

BLOCK = 48  # 1 ms: the resolution of gains


def frame_power(audio_n2: np.ndarray) -> np.ndarray:
    """Mean square over both channels of each 40 ms frame, float64 [N // 1920]."""
    return _power(audio_n2[: len(audio_n2) // FRAME_SAMPLES * FRAME_SAMPLES], FRAME_SAMPLES)


def block_power(audio_n2: np.ndarray) -> np.ndarray:
    """Mean square over both channels of each block, float64 [B]; the last one may be padded."""
    return _power(_padded(audio_n2), BLOCK)


def block_peak(audio_n2: np.ndarray) -> np.ndarray:
    """Largest magnitude of each block, float32 [B]."""
    return np.abs(_padded(audio_n2)).reshape(-1, 2 * BLOCK).max(axis=1)


def loud_rms(audio_n2: np.ndarray) -> float:
    """RMS of the louder half of the clip's 40 ms frames."""
    power_t = frame_power(audio_n2)
    return float(np.sqrt(power_t[power_t >= np.median(power_t)].mean() + 1e-12))


def sounding_rms(audio_n2: np.ndarray) -> float:
    """RMS of the 40 ms frames within 17 dB of the loudest; 0 in silence."""
    power_t = frame_power(audio_n2)
    loudest = power_t.max(initial=0.0)
    return float(np.sqrt(power_t[power_t > 0.02 * loudest].mean())) if loudest > 0 else 0.0


def curve(points: list[tuple[float, float]], samples: int, glide: float = 0.08) -> np.ndarray:
    """Values that change at given seconds, glided over `glide` seconds, float32 [samples]."""
    blocks = samples // BLOCK + 1
    steps = np.zeros(blocks)
    for index, (start, value) in enumerate(points):
        steps[0 if index == 0 else round(start * SAMPLE_RATE / BLOCK) :] = value
    smooth = ndimage.uniform_filter1d(steps, max(1, round(glide * SAMPLE_RATE / BLOCK)), mode="nearest")
    centres = (np.arange(blocks) + 0.5) * BLOCK
    return np.interp(np.arange(samples), centres, smooth).astype(np.float32)


def ride(audio_n2: np.ndarray, gain_b: np.ndarray) -> np.ndarray:
    """The sound times a gain per block, interpolated between the blocks' centres."""
    return _ride(np.ascontiguousarray(audio_n2, np.float32), gain_b.astype(np.float32))


def follow(values_b: np.ndarray, attack: float, release: float) -> np.ndarray:
    """Values smoothed by one pole, `attack` seconds upwards and `release` seconds downwards, [B]."""
    per_block = BLOCK / SAMPLE_RATE
    up, down = (1.0 - np.exp(-per_block / max(time, 1e-4)) for time in (attack, release))
    return _follow(values_b.astype(np.float64), up, down)


@njit(cache=True)
def _ride(audio_n2: np.ndarray, gain_b: np.ndarray) -> np.ndarray:
    out_n2 = np.empty_like(audio_n2)
    last = len(gain_b) - 1
    for half in range(2 * len(gain_b)):  # from block edge to centre, from centre to edge
        b = half // 2
        here = gain_b[b]
        edge = np.float32(0.5) * (here + gain_b[max(b - 1, 0) if half % 2 == 0 else min(b + 1, last)])
        gain, goal = (edge, here) if half % 2 == 0 else (here, edge)
        step = (goal - gain) / np.float32(BLOCK // 2)
        start = half * (BLOCK // 2)
        for n in range(start, min(start + BLOCK // 2, len(audio_n2))):
            out_n2[n, 0] = audio_n2[n, 0] * gain
            out_n2[n, 1] = audio_n2[n, 1] * gain
            gain += step
    return out_n2


@njit(cache=True)
def _follow(values_b: np.ndarray, up: float, down: float) -> np.ndarray:
    out_b = np.empty_like(values_b)
    state = values_b[0] if len(values_b) else 0.0
    for b in range(len(values_b)):
        state += (up if values_b[b] > state else down) * (values_b[b] - state)
        out_b[b] = state
    return out_b


def _padded(audio_n2: np.ndarray) -> np.ndarray:
    missing = -len(audio_n2) % BLOCK
    return np.pad(audio_n2, ((0, missing), (0, 0))) if missing else audio_n2


def _power(audio_n2: np.ndarray, size: int) -> np.ndarray:
    """Mean square of each run of `size` samples, both channels together."""
    rows = audio_n2.reshape(-1, 2 * size)
    return np.einsum("rs,rs->r", rows, rows).astype(np.float64) / (2 * size)
