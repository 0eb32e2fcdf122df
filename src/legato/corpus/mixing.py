"""The mixing desk: reverb, EQ, compression, limiting. Float32 in and out, [N, 2] at 48 kHz."""

from __future__ import annotations

import numpy as np
from scipy import fft, ndimage, signal

from legato.config import FRAME_SAMPLES, SAMPLE_RATE

_BLOCK = 240  # 5 ms: the resolution of gain curves


def frame_power(audio_n2: np.ndarray) -> np.ndarray:
    """Mean square over both channels of each 40 ms frame, float64 [N // 1920]."""
    return _power(audio_n2[: len(audio_n2) // FRAME_SAMPLES * FRAME_SAMPLES], FRAME_SAMPLES)


def loud_rms(audio_n2: np.ndarray) -> float:
    """RMS of the louder half of the clip's 40 ms frames."""
    power_t = frame_power(audio_n2)
    return float(np.sqrt(power_t[power_t >= np.median(power_t)].mean() + 1e-12))


def curve(points: list[tuple[float, float]], samples: int, glide: float = 0.08) -> np.ndarray:
    """Values that change at given seconds, glided over `glide` seconds, float32 [samples]."""
    blocks = samples // _BLOCK + 1
    steps = np.zeros(blocks)
    for index, (start, value) in enumerate(points):
        steps[0 if index == 0 else round(start * SAMPLE_RATE / _BLOCK) :] = value
    smooth = ndimage.uniform_filter1d(steps, max(1, round(glide * SAMPLE_RATE / _BLOCK)), mode="nearest")
    return _to_samples(smooth, samples)


def room(rng: np.random.Generator, decay: float) -> np.ndarray:
    """A stereo impulse response of unit energy per channel, float32 [M, 2].

    Args:
        rng: draws early reflections and the diffuse tail.
        decay: seconds to -60 dB of low frequencies; high ones fall about twice as fast.
    """
    samples = int(decay * SAMPLE_RATE)
    seconds = np.arange(samples)[:, None] / SAMPLE_RATE
    noise = rng.standard_normal((samples, 2)).astype(np.float32)
    split = signal.butter(1, rng.uniform(1500, 4000), "low", fs=SAMPLE_RATE, output="sos")
    low = signal.sosfilt(split, noise, axis=0)
    tail = low * np.exp(-6.9 * seconds / decay) + 0.7 * (noise - low) * np.exp(-13.0 * seconds / decay)
    tail *= np.minimum(seconds / 0.01, 1.0)
    for _ in range(6):
        tail[rng.integers(200, 2500), :] += rng.uniform(0.5, 2.0) * rng.uniform(-1, 1, 2)
    gap = np.zeros((int(rng.uniform(0.004, 0.03) * SAMPLE_RATE), 2))
    response = np.concatenate([gap, tail])
    return (response / np.sqrt(np.square(response).sum(axis=0))).astype(np.float32)


def reverb(send_n: np.ndarray, response_m2: np.ndarray) -> np.ndarray:
    """The send convolved with a room, cut to the clip, float32 [N, 2]."""
    size = fft.next_fast_len(len(send_n) + len(response_m2) - 1, real=True)
    spectrum = np.asarray(fft.rfft(send_n.astype(np.float32), size))[:, None]
    room_spectrum = np.asarray(fft.rfft(response_m2.astype(np.float32), size, axis=0))
    wet = np.asarray(fft.irfft(spectrum * room_spectrum, size, axis=0))
    return wet[: len(send_n)].astype(np.float32)


def echo(audio_n2: np.ndarray, delay: float, level: float, repeats: int = 3) -> np.ndarray:
    """The sound with echoes that swap sides and fade.

    Args:
        audio_n2: dry sound.
        delay: seconds between echoes.
        level: of each echo to the one before, 0-1.
        repeats: how many echoes.
    """
    step = round(delay * SAMPLE_RATE)
    wet_n2 = audio_n2.copy()
    for count in range(1, repeats + 1):
        shift = count * step
        if shift >= len(audio_n2):
            break
        source = audio_n2[: len(audio_n2) - shift]
        mono_n = np.float32(0.5) * (source[:, 0] + source[:, 1])
        wet_n2[shift:, count % 2] += np.float32(1.4 * level**count) * mono_n
    return wet_n2


def shelves(audio_n2: np.ndarray, low_db: float, high_db: float) -> np.ndarray:
    """First-order low shelf at 200 Hz and high shelf at 4 kHz."""
    low = _lowpass(audio_n2, 200.0)
    body = _lowpass(audio_n2, 4000.0)
    low_gain, high_gain = 10 ** (low_db / 20), 10 ** (high_db / 20)
    return (low * low_gain + (body - low) + (audio_n2 - body) * high_gain).astype(np.float32)


def tilt(audio_n2: np.ndarray, high_gain_n: np.ndarray) -> np.ndarray:
    """Frequencies above 1.2 kHz scaled by a gain that moves, [N]."""
    low = _lowpass(audio_n2, 1200.0)
    return low + (audio_n2 - low) * high_gain_n[:, None]


def dust(audio_n2: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A worn record: rolled-off top, hiss and crackle."""
    soft = signal.butter(2, rng.uniform(5000, 9000), "low", fs=SAMPLE_RATE, output="sos")
    audio_n2 = np.asarray(signal.sosfilt(soft, audio_n2, axis=0), np.float32)
    level = float(np.sqrt(np.mean(audio_n2**2)))
    clicks = (rng.random((len(audio_n2), 1)) < rng.uniform(4, 14) / SAMPLE_RATE) * rng.exponential(1.0)
    crackle = _lowpass(clicks.astype(np.float32), 5000.0) * rng.uniform(0.5, 1.2)
    hiss = rng.standard_normal(audio_n2.shape).astype(np.float32) * np.float32(rng.uniform(0.003, 0.012))
    return audio_n2 + np.float32(level) * (crackle + hiss)


def compress(audio_n2: np.ndarray, threshold_db: float, ratio: float) -> np.ndarray:
    """Gentle bus compression on a 60 ms RMS, without make-up gain."""
    power = ndimage.uniform_filter1d(_block_power(audio_n2), 12, mode="nearest")
    over = np.maximum(0.0, 10 * np.log10(power + 1e-12) - threshold_db)
    gain = 10 ** (-over * (1 - 1 / ratio) / 20)
    return audio_n2 * _to_samples(gain, len(audio_n2))[:, None]


def limit(audio_n2: np.ndarray, ceiling: float) -> np.ndarray:
    """Look-ahead limiter: no sample exceeds `ceiling`."""
    blocks = -(-len(audio_n2) // _BLOCK)
    padded = np.zeros(blocks * _BLOCK, np.float32)
    padded[: len(audio_n2)] = np.maximum(np.abs(audio_n2[:, 0]), np.abs(audio_n2[:, 1]))
    peak = padded.reshape(blocks, _BLOCK).max(axis=1)
    needed = np.minimum(1.0, ceiling / np.maximum(peak, 1e-9))
    gain = ndimage.uniform_filter1d(ndimage.minimum_filter1d(needed, 9), 5, mode="nearest")
    return audio_n2 * _to_samples(gain, len(audio_n2))[:, None]


def _lowpass(audio_nc: np.ndarray, hz: float) -> np.ndarray:
    # Bilinear transform of a one-pole low-pass.
    warped = np.tan(np.pi * hz / SAMPLE_RATE)
    gain = np.float32(warped / (1 + warped))
    pole = np.float32((1 - warped) / (1 + warped))
    filtered = signal.lfilter(np.array([gain, gain]), np.array([1, -pole], np.float32), audio_nc, axis=0)
    return np.asarray(filtered)


def _block_power(audio_n2: np.ndarray) -> np.ndarray:
    blocks = -(-len(audio_n2) // _BLOCK)
    padded = np.zeros((blocks * _BLOCK, 2), np.float32)
    padded[: len(audio_n2)] = audio_n2
    return _power(padded, _BLOCK)


def _power(audio_n2: np.ndarray, size: int) -> np.ndarray:
    """Mean square of each run of `size` samples, both channels together."""
    rows = audio_n2.reshape(-1, 2 * size)
    return np.einsum("rs,rs->r", rows, rows).astype(np.float64) / (2 * size)


def _to_samples(block_values: np.ndarray, samples: int) -> np.ndarray:
    """Block values, each held at its block's centre, interpolated, float32 [samples]."""
    centres = (np.arange(len(block_values)) + 0.5) * _BLOCK
    return np.interp(np.arange(samples), centres, block_values).astype(np.float32)
