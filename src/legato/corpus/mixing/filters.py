"""Filters: shelves, tilt, balance, sweeps, phaser, stereo width."""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy import fft, signal

from legato.config import SAMPLE_RATE

_OCTAVES = np.array([62.5, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0])
_REFERENCE_DB = np.array([0.0, 0.0, -1.5, -3.0, -4.5, -7.0, -10.0, -14.0])  # of finished records, about
_WINDOW = 4096  # samples of a spectrum
_STEP = 16  # samples between updates of a moving filter


def onepole(audio_n2: np.ndarray, hz: float) -> np.ndarray:
    """First-order low-pass, -3 dB at `hz`."""
    warped = np.tan(np.pi * hz / SAMPLE_RATE)
    gain, pole = warped / (1 + warped), (1 - warped) / (1 + warped)
    return _onepole(np.ascontiguousarray(audio_n2, np.float32), np.float32(gain), np.float32(pole))


def highpass(audio_n2: np.ndarray, hz: float) -> np.ndarray:
    """Second-order Butterworth high-pass."""
    return sweep(audio_n2, np.full(1, hz, np.float32), high=True)


def lowpass(audio_n2: np.ndarray, hz: float) -> np.ndarray:
    """Second-order Butterworth low-pass."""
    return sweep(audio_n2, np.full(1, hz, np.float32), high=False)


def shelves(audio_n2: np.ndarray, low_db: float, high_db: float) -> np.ndarray:
    """First-order low shelf at 200 Hz and high shelf at 4 kHz."""
    low, body = onepole(audio_n2, 200.0), onepole(audio_n2, 4000.0)
    low_gain, high_gain = np.float32(10 ** (low_db / 20)), np.float32(10 ** (high_db / 20))
    return low * (low_gain - 1) + body * (1 - high_gain) + audio_n2 * high_gain


def tilt(audio_n2: np.ndarray, high_gain_n: np.ndarray) -> np.ndarray:
    """Frequencies above 1.2 kHz scaled by a gain that moves, [N]."""
    low = onepole(audio_n2, 1200.0)
    return low + (audio_n2 - low) * high_gain_n[:, None]


def balance(audio_n2: np.ndarray, amount: float) -> np.ndarray:
    """Octaves nudged by one equalizer setting towards the spectrum of finished records.

    Args:
        audio_n2: the bus.
        amount: share of the difference taken away, 0-1; no octave moves by more than 5 dB.
    """
    level_o = octave_levels(audio_n2)
    heard = level_o > level_o.max() - 40.0  # what is not there is not raised
    off_o = np.where(heard, level_o - _REFERENCE_DB, 0.0)
    off_o -= np.median(off_o[heard])
    gain_o = np.clip(-amount * np.where(heard, off_o, 0.0), -5.0, 5.0)
    sections = [_peak(hz, gain) for hz, gain in zip(_OCTAVES, gain_o, strict=True) if abs(gain) > 0.3]
    if not sections:
        return audio_n2
    return np.asarray(signal.sosfilt(np.array(sections, np.float32), audio_n2, axis=0), np.float32)


def octave_levels(audio_n2: np.ndarray) -> np.ndarray:
    """Levels of the octaves around 62.5 Hz … 8 kHz, dB, float64 [8]."""
    mono_n = audio_n2[:, 0] + audio_n2[:, 1]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(mono_n, (0, _WINDOW)), _WINDOW)[:: 2 * _WINDOW]
    shaped = windows * np.hanning(_WINDOW).astype(np.float32)
    spectrum = (np.abs(np.asarray(fft.rfft(shaped, axis=1))) ** 2).sum(axis=0)
    hz = np.linspace(0.0, SAMPLE_RATE / 2, len(spectrum))
    edges = np.searchsorted(hz, np.append(_OCTAVES, 16_000.0) / np.sqrt(2))
    return 10 * np.log10(np.add.reduceat(spectrum, edges)[:-1] + 1e-12)


def sweep(audio_n2: np.ndarray, cutoff_n: np.ndarray, high: bool, q: float = 0.71) -> np.ndarray:
    """Second-order filter whose cutoff moves: state variable, trapezoidal (Zavalishin 2012, ch. 4).

    Args:
        audio_n2: the sound.
        cutoff_n: Hz of each sample, or of all if one value.
        high: high-pass instead of low-pass.
        q: resonance; 0.71 has none.
    """
    cutoff = np.clip(cutoff_n, 10.0, 20_000.0).astype(np.float32)
    return _sweep(np.ascontiguousarray(audio_n2, np.float32), cutoff, high, np.float32(1 / q))


def phaser(audio_n2: np.ndarray, rate: float, depth: float, phase: float = 0.0) -> np.ndarray:
    """Four all-passes swept between 300 Hz and 2 kHz, mixed in by `depth` (0-1); `rate` in Hz."""
    return _phaser(
        np.ascontiguousarray(audio_n2, np.float32),
        2 * np.pi * rate / SAMPLE_RATE,
        np.float32(depth),
        2 * np.pi * phase,
    )


def narrow(audio_n2: np.ndarray, side: float) -> np.ndarray:
    """The difference of the channels scaled by `side`; 0 is mono."""
    keep, cross = np.float32(0.5 + 0.5 * side), np.float32(0.5 - 0.5 * side)
    return keep * audio_n2 + cross * audio_n2[:, ::-1]


def side_ratio(audio_n2: np.ndarray) -> float:
    """Power of the difference of the channels to that of their sum, dB."""
    power0, power1 = float(audio_n2[:, 0] @ audio_n2[:, 0]), float(audio_n2[:, 1] @ audio_n2[:, 1])
    shared = 2 * float(audio_n2[:, 0] @ audio_n2[:, 1])
    return 10 * float(np.log10((power0 + power1 - shared + 1e-9) / (power0 + power1 + shared + 1e-9)))


def widen(audio_n2: np.ndarray, target_db: float, bass_hz: float = 120.0) -> np.ndarray:
    """Stereo width brought towards a side-to-middle ratio, bass mono; the mono sum stays as it is.

    Args:
        audio_n2: the bus.
        target_db: wanted `side_ratio`.
        bass_hz: below it there is no difference between the channels.
    """
    pair_n2 = np.empty_like(audio_n2)  # side, and the middle late
    middle_n = np.float32(0.5) * (audio_n2[:, 0] + audio_n2[:, 1])
    delay = int(0.011 * SAMPLE_RATE)
    pair_n2[:, 0] = audio_n2[:, 0] - middle_n
    pair_n2[:delay, 1], pair_n2[delay:, 1] = 0.0, middle_n[:-delay]
    pair_n2 = highpass(pair_n2, bass_hz)
    middle, side, late = (float(x @ x) for x in (middle_n, pair_n2[:, 0], pair_n2[:, 1]))
    wanted = middle * 10 ** (target_db / 10)
    gain = float(np.clip(np.sqrt(wanted / (side + 1e-9)), 0.35, 1.8))
    # A late copy of the middle, of opposite sign left and right, cancels in mono.
    spread = min(0.35, np.sqrt(max(0.0, wanted - gain**2 * side) / (late + 1e-9)))
    side_n = pair_n2 @ np.array([gain, spread], np.float32)
    return np.stack([middle_n + side_n, middle_n - side_n], axis=1)


def _peak(hz: float, gain_db: float) -> np.ndarray:
    """One octave-wide bell as a second-order section (RBJ cookbook)."""
    a = 10 ** (gain_db / 40)
    w = 2 * np.pi * hz / SAMPLE_RATE
    alpha = np.sin(w) / (2 * 1.41)
    b = np.array([1 + alpha * a, -2 * np.cos(w), 1 - alpha * a])
    denominator = np.array([1 + alpha / a, -2 * np.cos(w), 1 - alpha / a])
    return np.concatenate([b, denominator]) / denominator[0]


# Both channels advance in one loop: their recursions do not wait for one another.
@njit(cache=True)
def _onepole(audio_n2: np.ndarray, gain: np.float32, pole: np.float32) -> np.ndarray:
    out_n2 = np.empty_like(audio_n2)
    x0 = x1 = y0 = y1 = np.float32(0.0)
    for n in range(len(audio_n2)):
        y0 = gain * (audio_n2[n, 0] + x0) + pole * y0
        y1 = gain * (audio_n2[n, 1] + x1) + pole * y1
        x0, x1 = audio_n2[n, 0], audio_n2[n, 1]
        out_n2[n, 0], out_n2[n, 1] = y0, y1
    return out_n2


@njit(cache=True)
def _sweep(audio_n2: np.ndarray, cutoff_n: np.ndarray, high: bool, damping: np.float32) -> np.ndarray:
    out_n2 = np.empty_like(audio_n2)
    a0 = a1 = b0 = b1 = np.float32(0.0)
    one = np.float32(1.0)
    moving = len(cutoff_n) > 1
    for start in range(0, len(audio_n2), _STEP):
        g = np.float32(np.tan(np.pi * cutoff_n[start if moving else 0] / SAMPLE_RATE))
        h = one / (one + g * (g + damping))
        k = damping + g
        for n in range(start, min(start + _STEP, len(audio_n2))):
            top0 = (audio_n2[n, 0] - k * a0 - b0) * h
            top1 = (audio_n2[n, 1] - k * a1 - b1) * h
            band0, band1 = g * top0 + a0, g * top1 + a1
            low0, low1 = g * band0 + b0, g * band1 + b1
            a0, a1 = g * top0 + band0, g * top1 + band1
            b0, b1 = g * band0 + low0, g * band1 + low1
            out_n2[n, 0] = top0 if high else low0
            out_n2[n, 1] = top1 if high else low1
    return out_n2


@njit(cache=True)
def _phaser(audio_n2: np.ndarray, step: float, depth: np.float32, phase: float) -> np.ndarray:
    out_n2 = np.empty_like(audio_n2)
    for c in range(2):
        states = np.zeros(4, np.float32)
        a = np.float32(0.0)
        for n in range(len(audio_n2)):
            if n % _STEP == 0:
                hz = 775.0 * 2.58 ** np.sin(step * n + phase + 0.5 * np.pi * c)
                t = np.tan(np.pi * hz / SAMPLE_RATE)
                a = np.float32((t - 1.0) / (t + 1.0))
            y = audio_n2[n, c]
            for k in range(4):
                x = y
                y = a * x + states[k]
                states[k] = x - a * y
            out_n2[n, c] = (audio_n2[n, c] + depth * y) / (np.float32(1.0) + np.float32(0.5) * depth)
    return out_n2
