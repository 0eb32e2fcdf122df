"""Space: rooms as impulse responses, echoes in tempo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy import fft, signal

from legato.config import SAMPLE_RATE

Range = tuple[float, float]


@dataclass(frozen=True)
class _Kind:
    """How a kind of room answers; times in seconds."""

    gap: Range  # before the first sound
    build: float  # until the tail is dense
    split: Range  # Hz above which it is damped
    damping: float  # how many times faster high frequencies die
    top: float  # level of high frequencies at first
    early: int  # single reflections
    floor: float = 120.0  # Hz below which it is thin


_KINDS = {
    "booth": _Kind((0.001, 0.004), 0.002, (2000, 5000), 1.8, 0.6, 8),
    "room": _Kind((0.003, 0.012), 0.008, (1800, 4500), 1.9, 0.7, 8),
    "chamber": _Kind((0.008, 0.02), 0.02, (2500, 5500), 1.7, 0.8, 4),
    "hall": _Kind((0.015, 0.04), 0.045, (1500, 3500), 2.2, 0.6, 6),
    "plate": _Kind((0.0, 0.025), 0.002, (4000, 8000), 1.4, 1.0, 0, 200.0),
    "church": _Kind((0.02, 0.05), 0.08, (1200, 2500), 2.6, 0.5, 5, 160.0),
}
ROOMS = (*_KINDS, "spring")


def room(rng: np.random.Generator, kind: str, decay: float) -> np.ndarray:
    """A stereo impulse response of unit energy per channel, float32 [M, 2].

    Args:
        rng: draws early reflections and the diffuse tail.
        kind: one of `ROOMS`.
        decay: seconds to -60 dB of low frequencies.
    """
    response = _spring(rng, decay) if kind == "spring" else _tail(rng, _KINDS[kind], decay)
    return (response / np.sqrt(np.square(response).sum(axis=0))).astype(np.float32)


def reverb(send_n: np.ndarray, response_m2: np.ndarray) -> np.ndarray:
    """The send convolved with a room, cut to the clip, float32 [N, 2]."""
    size = fft.next_fast_len(len(send_n) + len(response_m2) - 1, real=True)
    spectrum = np.asarray(fft.rfft(send_n.astype(np.float32), size))
    wet_n2 = np.empty((len(send_n), 2), np.float32)
    for c in range(2):
        shaped = spectrum * np.asarray(fft.rfft(response_m2[:, c], size))
        wet_n2[:, c] = np.asarray(fft.irfft(shaped, size))[: len(send_n)]
    return wet_n2


def echo(send_n: np.ndarray, delay: float, feedback: float, bounce: bool) -> np.ndarray:
    """Echoes alone, each darker and thinner than the one before, float32 [N, 2].

    Args:
        send_n: what is echoed, mono.
        delay: seconds between echoes.
        feedback: level of each echo to the one before, 0-0.8.
        bounce: they swap sides (ping-pong) instead of staying in the middle.
    """
    step = max(1, round(delay * SAMPLE_RATE))
    return _echo(np.ascontiguousarray(send_n, np.float32), step, np.float32(feedback), bounce)


def _tail(rng: np.random.Generator, kind: _Kind, decay: float) -> np.ndarray:
    samples = int(decay * SAMPLE_RATE)
    seconds = np.arange(samples, dtype=np.float32)[:, None] / SAMPLE_RATE
    noise = rng.standard_normal((samples, 2), np.float32)
    split = signal.butter(1, rng.uniform(*kind.split), "low", fs=SAMPLE_RATE, output="sos")
    low = np.asarray(signal.sosfilt(np.asarray(split, np.float32), noise, axis=0))
    slow = np.exp(-6.9 * seconds / decay)
    tail = low * slow + kind.top * (noise - low) * slow**kind.damping
    tail *= np.minimum(seconds / kind.build, 1.0)
    latest = max(300, int(2 * kind.build * SAMPLE_RATE))
    for _ in range(kind.early):
        tail[rng.integers(100, latest), :] += rng.uniform(0.5, 2.0) * rng.uniform(-1, 1, 2)
    thin = signal.butter(2, kind.floor, "high", fs=SAMPLE_RATE, output="sos")
    tail = np.asarray(signal.sosfilt(np.asarray(thin, np.float32), tail, axis=0))
    return np.concatenate([np.zeros((int(rng.uniform(*kind.gap) * SAMPLE_RATE), 2)), tail])


def _spring(rng: np.random.Generator, decay: float) -> np.ndarray:
    """Chirps going to and fro: high frequencies travel slower, up to about 4 kHz."""
    size = int((decay + 0.1) * SAMPLE_RATE)
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    band = 1 / (1 + (hz / 3800.0) ** 8) * (hz / 150.0) ** 2 / (1 + (hz / 150.0) ** 2)
    response = np.zeros((size, 2))
    for c in range(2):
        trip = rng.uniform(0.033, 0.048)
        spread = rng.uniform(0.01, 0.02) / 4000.0**2  # seconds per Hz², per trip
        spectrum = np.zeros(len(hz), complex)
        for k in range(1, int(decay / trip)):
            # Phase is the integral of the delay over frequency.
            lag = k * (trip * hz + spread * np.minimum(hz, 5000.0) ** 3 / 3) - 0.7 * trip * hz
            loss = 10 ** (-3.0 * k * trip / decay)
            spectrum += loss * (-1) ** k * np.exp(-2j * np.pi * lag)
        response[:, c] = np.fft.irfft(spectrum * band, size)
    return response * np.linspace(1.0, 0.0, size)[:, None] ** 0.5


@njit(cache=True)
def _echo(send_n: np.ndarray, step: int, feedback: np.float32, bounce: bool) -> np.ndarray:
    out_n2 = np.zeros((len(send_n), 2), np.float32)
    lines = np.zeros((step, 2), np.float32)
    low, deep = np.zeros(2, np.float32), np.zeros(2, np.float32)
    for n in range(len(send_n)):
        at = n % step
        for c in range(2):
            heard = lines[at, c]
            out_n2[n, c] = heard
            low[c] += np.float32(0.35) * (heard - low[c])
            deep[c] += np.float32(0.03) * (low[c] - deep[c])
        for c in range(2):
            back = feedback * (low[1 - c if bounce else c] - deep[1 - c if bounce else c])
            fresh = send_n[n] if c == 0 or not bounce else np.float32(0.0)
            lines[at, c] = fresh + back
    return out_n2
