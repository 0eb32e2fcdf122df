"""Dynamics: compression, parallel compression, transients, pumping, limiting."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from legato.config import SAMPLE_RATE
from legato.corpus.mixing.levels import BLOCK, block_peak, block_power, follow, ride, sounding_rms


def compress(
    audio_n2: np.ndarray, over_db: float, ratio: float, attack: float = 0.02, release: float = 0.15
) -> np.ndarray:
    """Compression without make-up gain.

    Args:
        audio_n2: the bus.
        over_db: threshold relative to the sound's own RMS while it sounds, dB.
        ratio: above the threshold, ≥ 1.
        attack: seconds until the gain falls.
        release: seconds until it recovers.
    """
    rms = sounding_rms(audio_n2)
    if not rms:
        return audio_n2
    level_b = 10 * np.log10(block_power(audio_n2) / rms**2 + 1e-9)
    excess_b = follow(np.maximum(0.0, level_b - over_db), attack, release)
    return ride(audio_n2, 10 ** (-excess_b * (1 - 1 / ratio) / 20))


def parallel(audio_n2: np.ndarray, share: float) -> np.ndarray:
    """The sound with a squashed copy beneath it: body and tails rise, peaks stay.

    Args:
        audio_n2: the drums.
        share: level of the copy, RMS to RMS, 0-1.
    """
    rms = sounding_rms(audio_n2)
    if not rms or share <= 0:
        return audio_n2
    squashed_n2 = compress(audio_n2, -22.0, 8.0, 0.002, 0.09)
    return audio_n2 + squashed_n2 * np.float32(share * rms / max(sounding_rms(squashed_n2), 1e-9))


def punch(audio_n2: np.ndarray, amount: float) -> np.ndarray:
    """Transients raised (`amount` > 0) or softened (< 0) by up to about 6 dB at 1."""
    level_b = 10 * np.log10(block_power(audio_n2) + 1e-7)
    rise_b = follow(level_b, 0.001, 0.03) - follow(level_b, 0.025, 0.06)
    return ride(audio_n2, 10 ** (amount * np.clip(rise_b, 0.0, 15.0) * 0.4 / 20))


def pump(kicks: list[float], samples: int, depth: float, seconds: float, shape: float = 1.0) -> np.ndarray:
    """Gain that dips at every kick, float32 [samples].

    Args:
        kicks: seconds.
        samples: length.
        depth: of the dip, 0-1.
        seconds: until the gain is back.
        shape: below 1 it recovers early, above 1 late.
    """
    gain_n = np.ones(samples, np.float32)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    back = np.clip(time / seconds, 0.0, 1.0) ** shape
    dip = 1.0 - depth * np.minimum(time / 0.004, 1.0) * (0.5 + 0.5 * np.cos(np.pi * back))
    dip = dip.astype(np.float32)
    for kick in kicks:
        start = round(kick * SAMPLE_RATE)
        stop = min(samples, start + len(dip))
        np.minimum(gain_n[start:stop], dip[: stop - start], out=gain_n[start:stop])
    return gain_n


def limit(audio_n2: np.ndarray, ceiling: float) -> np.ndarray:
    """Look-ahead limiter: no sample exceeds `ceiling`."""
    needed_b = np.minimum(1.0, ceiling / np.maximum(block_peak(audio_n2), 1e-9))
    reach = round(0.025 * SAMPLE_RATE / BLOCK) | 1
    held_b = ndimage.minimum_filter1d(needed_b, 2 * reach + 1, mode="nearest")
    return ride(audio_n2, ndimage.uniform_filter1d(held_b, reach, mode="nearest"))
