"""Short-time spectra that every measure shares: numpy and scipy only, mono inside, 48 kHz by default.

Legend: n samples, t analysis frames, f frequency bins, m mel bands. Frame t is centred on sample t * hop, so
an event at sample n shows at frame n / hop whatever the window's length.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.signal import lfilter, resample_poly

from legato.config import SAMPLE_RATE

EPS = 1e-10  # power floor: -100 dBFS in a bin

# ITU-R BS.1770-4, table 1 and 2: the two K-weighting biquads at 48 kHz.
_SHELF = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585])
_HIGHPASS = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])


def mono(audio: np.ndarray) -> np.ndarray:
    """[N] or [N, channels] of any float type, or int16, as float32 [N]; channels are averaged."""
    x = np.asarray(audio)
    scale = 1 / 32768 if np.issubdtype(x.dtype, np.integer) else 1.0
    x = x.astype(np.float32) * np.float32(scale)
    return x if x.ndim == 1 else x.mean(1)


def at_48k(audio: np.ndarray, rate: int) -> np.ndarray:
    """[N] or [N, channels] of another rate at 48 kHz, where every measure expects it, as float32."""
    if rate == SAMPLE_RATE:
        return audio
    shared = math.gcd(rate, SAMPLE_RATE)
    return resample_poly(audio, SAMPLE_RATE // shared, rate // shared, axis=0).astype(np.float32)


def power(x_n: np.ndarray, n_fft: int = 1024, hop: int = 480) -> np.ndarray:
    """Power spectrogram, float32 [t, n_fft // 2 + 1], t = ceil(N / hop); a full-scale sine peaks at 1.

    The signal is padded with zeros by half a window, so that frames are centred.
    """
    frames = -(-len(x_n) // hop)
    padded = np.zeros(frames * hop + n_fft, np.float32)
    padded[n_fft // 2 : n_fft // 2 + len(x_n)] = x_n
    window = np.hanning(n_fft + 1)[:-1].astype(np.float32)
    window *= 2 / window.sum()
    views = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop][:frames]
    out = np.empty((frames, n_fft // 2 + 1), np.float32)
    for start in range(0, frames, 2048):  # bounded memory on long signals
        spectrum = np.fft.rfft(views[start : start + 2048] * window, axis=1)
        out[start : start + 2048] = spectrum.real**2 + spectrum.imag**2
    return out


def frequencies(n_fft: int, rate: int = SAMPLE_RATE) -> np.ndarray:
    """Bin centres in Hz, [n_fft // 2 + 1]."""
    return np.arange(n_fft // 2 + 1) * (rate / n_fft)


@lru_cache(maxsize=16)
def mel_bank(bands: int, n_fft: int, rate: int, low: float, high: float) -> np.ndarray:
    """Triangular filters of unit sum on the mel scale (2595 log10(1 + f/700)), float32 [f, bands]."""
    mel = np.linspace(2595 * np.log10(1 + low / 700), 2595 * np.log10(1 + high / 700), bands + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    f = frequencies(n_fft, rate)[:, None]
    rising = (f - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - f) / (edges[2:] - edges[1:-1])
    bank = np.maximum(np.minimum(rising, falling), 0)
    narrow = bank.sum(0) == 0  # a band narrower than one bin takes its nearest bin
    bank[np.abs(f - edges[1:-1]).argmin(0)[narrow], np.flatnonzero(narrow)] = 1
    return (bank / bank.sum(0)).astype(np.float32)


def log_mel(
    audio: np.ndarray, *, rate: int = SAMPLE_RATE, bands: int = 64, n_fft: int = 2048, hop: int = 480,
    low: float = 40.0, high: float = 20_000.0,
) -> np.ndarray:  # fmt: skip
    """Log-mel spectrogram in dB, floored at -80 dBFS, float32 [t, bands]."""
    energy = power(mono(audio), n_fft, hop) @ mel_bank(bands, n_fft, rate, low, min(high, rate / 2))
    return 10 * np.log10(np.maximum(energy, 1e-8))


def band_energy(
    audio: np.ndarray, low: float, high: float, *, rate: int = SAMPLE_RATE, n_fft: int = 2048, hop: int = 480
) -> np.ndarray:
    """Power between two frequencies at each frame, [t]."""
    f = frequencies(n_fft, rate)
    return power(mono(audio), n_fft, hop)[:, (f >= low) & (f < high)].sum(1)


def centroid(audio: np.ndarray, *, rate: int = SAMPLE_RATE, n_fft: int = 2048, hop: int = 480) -> float:
    """Centre of gravity of the magnitude spectrum in Hz, averaged by energy; 0.0 for silence."""
    magnitude = np.sqrt(power(mono(audio), n_fft, hop)).sum(0, dtype=np.float64)
    total = magnitude.sum()
    return float((magnitude * frequencies(n_fft, rate)).sum() / total) if total > EPS else 0.0


def rms_db(audio: np.ndarray) -> float:
    """Root mean square over all samples and channels in dBFS, not below -100."""
    x = np.asarray(audio, np.float64)
    return float(10 * np.log10(max(np.mean(x**2), EPS))) if x.size else -100.0


def lufs(audio: np.ndarray) -> float:
    """Integrated loudness (ITU-R BS.1770-4, both gates) of 48 kHz mono or stereo; -100 for silence."""
    x = np.asarray(audio, np.float64)
    x = x[:, None] if x.ndim == 1 else x
    x = np.asarray(lfilter(*_HIGHPASS, lfilter(*_SHELF, x, axis=0), axis=0))
    block, hop = int(0.4 * SAMPLE_RATE), int(0.1 * SAMPLE_RATE)
    if len(x) < block:
        return -100.0
    cumulative = np.concatenate([[0.0], np.cumsum((x**2).sum(1))])
    starts = np.arange(0, len(x) - block + 1, hop)
    z = (cumulative[starts + block] - cumulative[starts]) / block
    level = -0.691 + 10 * np.log10(np.maximum(z, EPS))
    z = z[level > -70]
    if not len(z):
        return -100.0
    relative = -0.691 + 10 * np.log10(z.mean()) - 10
    return float(-0.691 + 10 * np.log10(z[-0.691 + 10 * np.log10(z) > relative].mean()))
