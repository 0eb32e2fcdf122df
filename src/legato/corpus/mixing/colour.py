"""Colour: saturation, chorus, tape and record wear, coarse bits. Nothing moves an onset by 3 ms."""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy import signal

from legato.config import SAMPLE_RATE
from legato.corpus.mixing.filters import lowpass, onepole
from legato.corpus.mixing.levels import sounding_rms


def saturate(audio_n2: np.ndarray, drive: float, bias: float = 0.0) -> np.ndarray:
    """Soft clipping at the same RMS.

    Args:
        audio_n2: the sound.
        drive: 0 clean, 1 audibly warm, 2 rough.
        bias: asymmetry that adds even harmonics, as a tube does, 0-0.5.
    """
    rms = sounding_rms(audio_n2)
    if drive <= 0 or not rms:
        return audio_n2
    push = np.float32(0.35 * drive / rms)
    bent_n2 = _bend(np.ascontiguousarray(audio_n2, np.float32), push, np.float32(bias))
    return bent_n2 * np.float32(rms / max(sounding_rms(bent_n2), 1e-9))


def chorus(audio_n2: np.ndarray, depth: float, rate: float = 0.6, phase: float = 0.0) -> np.ndarray:
    """The sound with two detuned copies, opposite on each side; the original stays in place.

    Args:
        audio_n2: the sound.
        depth: level of the copies, 0-1.
        rate: Hz.
        phase: of the sway, 0-1.
    """
    audio_n2 = np.ascontiguousarray(audio_n2, np.float32)
    copies_n2 = _sway(audio_n2, 0.011, 0.0025, rate, phase, 0.25)
    copies_n2 += _sway(audio_n2, 0.017, 0.002, 0.71 * rate, phase + 0.4, 0.5)
    level = np.float32(0.5 * depth)
    return (audio_n2 + level * copies_n2) / (1 + level)


def wow(audio_n2: np.ndarray, cents: float, flutter: float, phase: float = 0.0) -> np.ndarray:
    """Pitch that wavers like a worn tape's; no sample is late by more than 2.5 ms.

    Args:
        audio_n2: the mix.
        cents: greatest slow deviation, at most 10.
        flutter: greatest fast deviation in cents, at most 10.
        phase: of both, 0-1.
    """
    audio_n2 = np.ascontiguousarray(audio_n2, np.float32)
    slow = cents / 1731.0 / (2 * np.pi * 0.85)  # seconds of delay that bend by so many cents
    fast = flutter / 1731.0 / (2 * np.pi * 7.3)
    return _sway(_sway(audio_n2, slow, slow, 0.85, phase, 0.0), fast, fast, 7.3, phase, 0.0)


def dust(audio_n2: np.ndarray, rng: np.random.Generator, crackle: float, hiss: float) -> np.ndarray:
    """A worn record's clicks and hiss, their levels relative to the music: 0 none, 1 a lot."""
    rms = sounding_rms(audio_n2)
    samples = len(audio_n2)
    noise_n2 = np.zeros_like(audio_n2)
    if crackle > 0:
        clicks = rng.integers(0, samples, rng.poisson(12.0 * samples / SAMPLE_RATE))
        sides = rng.uniform(0.4, 1.0, (len(clicks), 2)) * rng.exponential(1.0, (len(clicks), 1))
        noise_n2[clicks] = sides * rng.choice((-1.0, 1.0), (len(clicks), 1))
        noise_n2 = onepole(noise_n2, 5000.0) * np.float32(0.8 * crackle)
    if hiss > 0:
        noise_n2 += onepole(rng.standard_normal(audio_n2.shape, np.float32), 6000.0) * np.float32(0.02 * hiss)
    return audio_n2 + noise_n2 * np.float32(rms)


def coarse(audio_n2: np.ndarray, bits: float, hold: int = 2) -> np.ndarray:
    """An early sampler's sound: `bits` per sample at the sound's own peak, each held `hold` samples."""
    peak = float(np.abs(audio_n2).max())
    if not peak:
        return audio_n2
    steps = np.float32(2 ** (bits - 1) / peak)
    held_n2 = np.repeat(audio_n2[::hold], hold, axis=0)[: len(audio_n2)]
    return lowpass(np.round(held_n2 * steps) / steps, 0.8 * SAMPLE_RATE / (2 * hold))


def impact(rng: np.random.Generator, seconds: float) -> np.ndarray:
    """An unpitched boom that dies away over `seconds`, float32 [M, 2], RMS of its first tenth near 1."""
    samples = int(seconds * SAMPLE_RATE)
    time = np.arange(samples, dtype=np.float32)[:, None] / SAMPLE_RATE
    noise = rng.standard_normal((samples, 2), np.float32)
    band = np.asarray(signal.butter(2, (60.0, 6000.0), "band", fs=SAMPLE_RATE, output="sos"), np.float32)
    boom = np.asarray(signal.sosfilt(band, noise, axis=0)) * np.exp(-6.0 * time / seconds)
    boom *= np.minimum(time / 0.002, 1.0)
    return (boom / (np.sqrt(np.mean(boom[: samples // 10] ** 2)) + 1e-9)).astype(np.float32)


@njit(cache=True, fastmath=True)
def _bend(audio_n2: np.ndarray, push: np.float32, bias: np.float32) -> np.ndarray:
    out_n2 = np.empty_like(audio_n2)
    rest = _soft(bias)
    for n in range(len(audio_n2)):
        for c in range(2):
            out_n2[n, c] = _soft(audio_n2[n, c] * push + bias) - rest
    return out_n2


@njit(cache=True, fastmath=True)
def _soft(x: np.float32) -> np.float32:
    # Padé approximant of tanh, 1 from 3 on.
    x = min(max(x, np.float32(-3.0)), np.float32(3.0))
    return x * (np.float32(27.0) + x * x) / (np.float32(27.0) + np.float32(9.0) * x * x)


@njit(cache=True)
def _sway(
    audio_n2: np.ndarray, base: float, depth: float, rate: float, phase: float, apart: float
) -> np.ndarray:
    """The sound late by base + depth·sin, seconds; the channels `apart` of a turn."""
    out_n2 = np.zeros_like(audio_n2)
    step = 2 * np.pi * rate / SAMPLE_RATE
    for c in range(2):
        late = np.float32(0.0)
        slope = np.float32(0.0)
        turn = 2 * np.pi * (phase + c * apart)
        for n in range(len(audio_n2)):
            if n % 32 == 0:
                late = np.float32((base + depth * np.sin(step * n + turn)) * SAMPLE_RATE)
                after = (base + depth * np.sin(step * (n + 32) + turn)) * SAMPLE_RATE
                slope = np.float32((after - late) / 32)
            whole = int(late)
            share = late - np.float32(whole)
            late += slope
            at = n - whole
            if at >= 1:
                out_n2[n, c] = audio_n2[at, c] + share * (audio_n2[at - 1, c] - audio_n2[at, c])
    return out_n2
