"""Single hits of drum machines: tones that fall, noise that fades, clusters of squares.

Every function gives mono float64 [N] at 48 kHz with a peak near 1.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

from legato.config import SAMPLE_RATE
from legato.corpus.synth.tables import TABLE, table

Sound = np.ndarray
_CLUSTER = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)  # Hz, six detuned squares of a metal voice


def seconds(length: float) -> Sound:
    """Sample times of a hit."""
    return np.arange(int(length * SAMPLE_RATE)) / SAMPLE_RATE


def tone(
    high: float, low: float, fall: float, decay: float, *, drive: float = 0.0, wave: str = "sine"
) -> Sound:
    """A tone whose pitch falls from `high` to `low` Hz with time constant `fall`, level with `decay`."""
    t = seconds(min(6.0 * decay, 4.0) + 0.02)
    cycles = np.cumsum(low + (high - low) * np.exp(-t / fall)) / SAMPLE_RATE
    sound = np.sin(2 * np.pi * cycles)
    if wave == "triangle":
        sound = 2 / np.pi * np.arcsin(sound)
    elif wave == "square":
        sound = np.sign(sound)
    if drive:
        sound = np.tanh(drive * sound) / np.tanh(drive)
    return sound * np.exp(-t / decay) * np.minimum(t / 0.0008, 1.0)


def noise(
    rng: np.random.Generator, low: float, high: float, decay: float, *, attack: float = 0.0005
) -> Sound:
    """A band of noise, Hz, with time constant `decay`."""
    t = seconds(min(6.0 * decay, 4.0) + 0.02)
    band = _band(rng.standard_normal(len(t)), low, high)
    return _unit(band, 3.0) * np.exp(-t / decay) * np.minimum(t / attack, 1.0)


def metal(
    rng: np.random.Generator, low: float, high: float, decay: float, *, pitch: float = 1.0, grit: float = 0.3
) -> Sound:
    """A cymbal: a cluster of squares and some noise, through a band."""
    t = seconds(min(6.0 * decay, 4.0) + 0.02)
    cluster = np.zeros(len(t))
    for hz in _CLUSTER:
        hz *= pitch * (1.0 + rng.normal(0.0, 0.004))
        cycles = hz * t + rng.random()
        cluster += table("square", hz)[(cycles * TABLE).astype(np.int64) % TABLE]
    sound = _unit(_band(cluster, low, high), 2.5) + grit * _unit(
        _band(rng.standard_normal(len(t)), low, high), 2.5
    )
    return sound / (1.0 + grit) * np.exp(-t / decay) * np.minimum(t / 0.0005, 1.0)


def claps(
    rng: np.random.Generator, centre: float, decay: float, *, hands: int = 4, gap: float = 0.0105
) -> Sound:
    """Several hands, the last with the room."""
    out = np.zeros(int((hands * gap * 1.3 + 6 * decay + 0.03) * SAMPLE_RATE))
    for hand in range(hands):
        last = hand == hands - 1
        burst = noise(rng, 0.6 * centre, 2.6 * centre, decay if last else 0.0045)
        at = int(hand * gap * rng.uniform(0.85, 1.15) * SAMPLE_RATE)
        out[at : at + len(burst)] += burst * (1.0 if last else 0.8)
    return _unit(out, 0.0)


def layers(*sounds: tuple[float, Sound]) -> Sound:
    """Sounds of given levels together, peak 1."""
    out = np.zeros(max(len(sound) for _, sound in sounds))
    for level, sound in sounds:
        out[: len(sound)] += level * sound
    return _unit(out, 0.0)


def click(rng: np.random.Generator, hz: float) -> Sound:
    """A beater's tick."""
    return noise(rng, 0.5 * hz, min(2.5 * hz, 20_000.0), 0.003)


def crushed(sound: Sound, rate: float, bits: int) -> Sound:
    """As an early sampler holds it: fewer samples a second, fewer steps, mild low-pass behind."""
    step = SAMPLE_RATE / rate
    held = sound[(np.floor(np.arange(len(sound)) / step) * step).astype(int)]
    held = np.round(held * 2 ** (bits - 1)) / 2 ** (bits - 1)
    return lowpass(held, min(0.55 * rate, 20_000.0))


def lowpass(sound: Sound, hz: float) -> Sound:
    """Second-order low-pass."""
    return np.asarray(signal.sosfilt(signal.butter(2, hz, fs=SAMPLE_RATE, output="sos"), sound))


def driven(sound: Sound, drive: float) -> Sound:
    """Saturated, at the same peak."""
    return np.tanh(drive * sound) / np.tanh(drive)


def roomy(rng: np.random.Generator, sound: Sound, level: float, decay: float) -> Sound:
    """With a short room behind."""
    tail = noise(rng, 200, 7000, decay) * rng.uniform(0.7, 1.0)
    wet = signal.fftconvolve(sound[: SAMPLE_RATE // 8], tail)[: len(sound) + SAMPLE_RATE // 4]
    return layers((1.0, sound), (level, _unit(wet, 0.0)))


def _band(sound: Sound, low: float, high: float) -> Sound:
    edges = (max(20.0, low), min(high, 21_000.0))
    return np.asarray(signal.sosfilt(signal.butter(2, edges, "band", fs=SAMPLE_RATE, output="sos"), sound))


def _unit(sound: Sound, crest: float) -> Sound:
    """Peak 1; or, for noise, RMS 1 / `crest`."""
    size = crest * np.sqrt(np.mean(sound**2)) if crest else np.abs(sound).max()
    return sound / (size + 1e-9)
