"""Adherence: how well sound follows key, chord, brightness, density, loudness and the families' gates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.ndimage import uniform_filter1d

from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.evaluation.rhythm import ONSET_RATE, onset_peaks, onset_strength
from legato.evaluation.spectra import band_energy, centroid, frequencies, mono, power, rms_db

_CHROMA_FFT = 8192


def chroma(
    audio: np.ndarray, *, rate: int = SAMPLE_RATE, low: float = 80.0, high: float = 2100.0
) -> np.ndarray:
    """Energy per pitch class (C first) at 25 Hz, float32 [T, 12], A4 = 440 Hz; rows are not normalised.

    Only spectral peaks count, at their interpolated frequency, so that drums and hiss add little.
    """
    magnitude = np.sqrt(power(mono(audio), _CHROMA_FFT, FRAME_SAMPLES))
    f = frequencies(_CHROMA_FFT, rate)
    span = slice(int(np.searchsorted(f, low)), int(np.searchsorted(f, high)))
    here = magnitude[:, span]
    before, after = magnitude[:, span.start - 1 : span.stop - 1], magnitude[:, span.start + 1 : span.stop + 1]
    floor = uniform_filter1d(here, 31, axis=1, mode="nearest")
    peak = (here > before) & (here >= after) & (here > 2 * floor)
    curve = before - 2 * here + after
    shift = np.where(peak, 0.5 * (before - after) / np.where(curve == 0, -1, curve), 0)
    pitch = 69 + 12 * np.log2((f[span] + shift * (rate / _CHROMA_FFT)) / 440.0)
    out = np.zeros((len(here), 12), np.float32)
    rows, columns = np.nonzero(peak)
    classes = np.round(pitch[rows, columns]).astype(int) % 12
    np.add.at(out, (rows, classes), here[rows, columns])
    return out


def following(chroma_t12: np.ndarray, target_t12: np.ndarray, *, smooth: int = 13) -> float:
    """How well chroma follows a target, as correlation over pitch classes: -1 to 1, 0 unrelated.

    Each frame is compared with its target, both means removed, and counts by its energy. Frames without a
    target (all zeros) do not count.

    Args:
        chroma_t12: measured, [T, 12].
        target_t12: pitch classes commanded, 0 or 1 (or any weight), [T, 12] or [12].
        smooth: frames that chroma is averaged over first (13: about half a second).
    """
    target = np.broadcast_to(np.asarray(target_t12, np.float64), chroma_t12.shape)
    sound = uniform_filter1d(np.asarray(chroma_t12, np.float64), smooth, axis=0, mode="nearest")
    a = sound - sound.mean(1, keepdims=True)
    b = target - target.mean(1, keepdims=True)
    norm = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    weight = sound.sum(1) * (norm > 0)
    if weight.sum() <= 0:
        return float("nan")
    cosine = (a * b).sum(1) / np.where(norm > 0, norm, 1)
    return float((weight * cosine).sum() / weight.sum())


def key_cosine(chroma_t12: np.ndarray, scale_12: np.ndarray) -> float:
    """Correlation between the whole clip's chroma and a scale's pitch classes, -1 to 1."""
    return following(chroma_t12.sum(0, keepdims=True), scale_12, smooth=1)


def transposed(score: Callable[[np.ndarray], float], target: np.ndarray) -> tuple[float, float, int]:
    """A target against its own transpositions, the chance level that needs no other clip.

    Args:
        score: `following` or `key_cosine` with the chroma bound.
        target: [..., 12].

    Returns:
        The target's score, the mean over its 11 transpositions, its rank among the 12 (1 best, 6.5 chance).
    """
    scores = [score(np.roll(target, semitones, axis=-1)) for semitones in range(12)]
    return scores[0], float(np.mean(scores[1:])), 1 + sum(other > scores[0] for other in scores[1:])


def brightness(audio: np.ndarray) -> float:
    """log2 of the spectral centroid in Hz; 0 for silence."""
    return float(np.log2(max(centroid(audio), 1.0)))


def density(audio: np.ndarray) -> float:
    """Onset peaks per second."""
    onset = onset_strength(audio)
    return float(len(onset_peaks(onset)) / max(len(onset) / ONSET_RATE, 1e-9))


def loudness(audio: np.ndarray) -> float:
    """RMS in dBFS."""
    return rms_db(audio)


def gate_signal(audio: np.ndarray, family: str) -> float:
    """A number that is larger when the family plays, for comparing on with off at the same seed.

    drums: mean rise above 5 kHz (dB per frame); bass: level of 35 to 150 Hz (dB); chords, lead: level of
    spectral peaks from 200 to 2100 Hz (dB), which other tonal families raise too.
    """
    if family == "drums":
        return float(onset_strength(audio, low=5_000.0).mean())
    if family == "bass":
        return float(10 * np.log10(band_energy(audio, 35.0, 150.0).mean() + 1e-10))
    if family in ("chords", "lead"):
        return float(20 * np.log10(chroma(audio, low=200.0).sum(1).mean() + 1e-5))
    raise ValueError(f"no family {family!r}; there are drums, bass, chords, lead")
