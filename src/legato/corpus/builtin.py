"""Plain sounds for every General MIDI program, where no soundfont is installed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal

from legato.config import SAMPLE_RATE
from legato.corpus import synth
from legato.corpus.played import PlayedNote, Player

BUILTIN = "builtin"

_DRUM_BANK = 128


@dataclass(frozen=True)
class _Timbre:
    """An additive tone: harmonic k has level k^-tilt, even ones scaled by `even`."""

    tilt: float
    even: float
    attack: float  # s
    decay: float  # s to 1/e; 0: sustained
    release: float  # s to 1/e
    vibrato: float = 0.0  # cents
    noise: float = 0.0  # breath or hammer, relative level


# One timbre for each group of eight General MIDI programs.
_TIMBRES = (
    _Timbre(1.6, 1.0, 0.003, 0.9, 0.12, 0, 0.02),  # piano
    _Timbre(2.2, 0.3, 0.002, 0.5, 0.2),  # mallets, bells
    _Timbre(1.3, 0.6, 0.01, 0.0, 0.05, 4),  # organ
    _Timbre(1.4, 0.9, 0.003, 0.6, 0.08, 0, 0.03),  # guitar
    _Timbre(1.7, 0.8, 0.004, 0.8, 0.06),  # bass
    _Timbre(1.2, 1.0, 0.08, 0.0, 0.15, 9, 0.01),  # solo strings
    _Timbre(1.3, 1.0, 0.15, 0.0, 0.3, 6, 0.02),  # ensemble
    _Timbre(1.0, 1.0, 0.04, 0.0, 0.08, 5),  # brass
    _Timbre(1.1, 0.3, 0.03, 0.0, 0.07, 7, 0.02),  # reed
    _Timbre(2.4, 0.4, 0.05, 0.0, 0.08, 8, 0.05),  # pipe
    _Timbre(0.9, 0.6, 0.005, 0.0, 0.06, 4),  # synth lead
    _Timbre(1.3, 0.8, 0.3, 0.0, 0.5, 5),  # pad
    _Timbre(1.5, 0.7, 0.2, 0.0, 0.5, 12, 0.03),  # effects
    _Timbre(1.3, 0.9, 0.003, 0.5, 0.1),  # plucked, ethnic
    _Timbre(2.0, 0.3, 0.002, 0.25, 0.1, 0, 0.05),  # tuned percussion
    _Timbre(0.8, 1.0, 0.05, 0.0, 0.2, 0, 0.5),  # noises
)
_TONE_SECONDS = 4.0
_HARMONICS = 24
_TABLE = 8192  # samples of one cycle


class BuiltinVoices:
    """Additive tones and noise drums: plain, but every program sounds and nothing need be installed."""

    name = BUILTIN

    def __init__(self) -> None:
        self._tones: dict[tuple[int, int], np.ndarray] = {}
        self._drums: dict[int, np.ndarray] = {}

    def band(self, seed: int) -> BuiltinVoices:
        """Itself, for every clip."""
        return self

    def player(self, notes: list[PlayedNote], program: int | str, bank: int) -> Player:
        """Itself, or own synthesis for a patch or kit."""
        return synth.SYNTHESIS if isinstance(program, str) else self

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """See `Player.play`."""
        assert isinstance(program, int)
        mono_n = np.zeros(samples, np.float32)
        for note in notes:
            start = max(0, round(note.start * SAMPLE_RATE))
            if start >= samples:
                continue
            sound = self._drum(note.pitch) if bank == _DRUM_BANK else self._note(note, program)
            sound = sound[: samples - start]
            mono_n[start : start + len(sound)] += sound * (note.velocity / 127.0) ** 1.5
        return np.repeat(mono_n[:, None], 2, axis=1)

    def _note(self, note: PlayedNote, program: int) -> np.ndarray:
        timbre = _TIMBRES[program // 8]
        held = min(max(note.end - note.start, 0.02), _TONE_SECONDS)
        total = int(min(held + 4 * timbre.release, _TONE_SECONDS) * SAMPLE_RATE)
        seconds = np.arange(total, dtype=np.float32) / SAMPLE_RATE
        envelope = np.minimum(seconds / timbre.attack, 1.0)
        if timbre.decay:
            envelope *= np.exp(-seconds / timbre.decay)
        envelope *= np.exp(-np.maximum(seconds - held, 0.0) / timbre.release)
        return self._tone(program, note.pitch)[:total] * envelope

    def _tone(self, program: int, pitch: int) -> np.ndarray:
        key = (program // 8, pitch)
        if key not in self._tones:
            self._tones[key] = _additive(_TIMBRES[program // 8], pitch)
        return self._tones[key]

    def _drum(self, pitch: int) -> np.ndarray:
        if pitch not in self._drums:
            self._drums[pitch] = _drum_sound(pitch)
        return self._drums[pitch]


def _additive(timbre: _Timbre, pitch: int) -> np.ndarray:
    """A steady tone of `_TONE_SECONDS`, float32, peak near 0.5."""
    seconds = np.arange(int(_TONE_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    hz = 440.0 * 2 ** ((pitch - 69) / 12)
    cents = timbre.vibrato * np.minimum(seconds / 0.5, 1.0)
    depth = hz * (2 ** (cents / 1200) - 1) / (2 * np.pi * 5.2)  # of the vibrato, in cycles
    cycles = hz * seconds + depth * np.sin(2 * np.pi * 5.2 * seconds)
    turn = 2 * np.pi * np.arange(_TABLE) / _TABLE
    table = np.zeros(_TABLE)
    for k in range(1, min(_HARMONICS, int(18_000 / hz)) + 1):
        table += k**-timbre.tilt * (timbre.even if k % 2 == 0 else 1.0) * np.sin(k * (turn + 0.7))
    tone = table[(cycles * _TABLE).astype(np.int64) % _TABLE]
    rng = np.random.default_rng(pitch)
    tone += timbre.noise * rng.standard_normal(len(tone))
    return (0.5 * tone / np.abs(tone).max()).astype(np.float32)


def _drum_sound(pitch: int) -> np.ndarray:
    """One hit of a General MIDI percussion key, float32, peak near 0.8."""
    rng = np.random.default_rng(1000 + pitch)
    if pitch in (35, 36):
        hit = _sweep(150, 48, 0.05, 0.35)
    elif pitch in (41, 43, 45, 47, 48, 50):
        hit = _sweep(90 + 12 * (pitch - 41), 60 + 11 * (pitch - 41), 0.08, 0.4)
    elif pitch in (37, 38, 39, 40):
        hit = 0.5 * _sweep(240, 180, 0.03, 0.12)[:9600] + _noise(rng, 1200, 9000, 0.09, 0.2)
    elif pitch in (46, 49, 51, 52, 53, 55, 57, 59):
        hit = _noise(rng, 5000, 18_000, 0.25 if pitch in (46, 51, 53, 59) else 0.6, 1.2)
    elif pitch in (42, 44, 54, 69, 70, 82):
        hit = _noise(rng, 6000, 18_000, 0.03, 0.12)
    else:
        hit = _sweep(300 + 15 * (pitch - 56), 280 + 15 * (pitch - 56), 0.02, 0.15)
    return (0.8 * hit / np.abs(hit).max()).astype(np.float32)


def _sweep(high: float, low: float, fall: float, length: float) -> np.ndarray:
    seconds = np.arange(int(max(length, 0.2) * SAMPLE_RATE)) / SAMPLE_RATE
    hz = max(low, 20.0) + (max(high, 30.0) - max(low, 20.0)) * np.exp(-seconds / fall)
    return np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE) * np.exp(-4 * seconds / length)


def _noise(rng: np.random.Generator, low: float, high: float, decay: float, length: float) -> np.ndarray:
    seconds = np.arange(int(length * SAMPLE_RATE)) / SAMPLE_RATE
    band = signal.butter(2, (low, high), "band", fs=SAMPLE_RATE, output="sos")
    return np.asarray(signal.sosfilt(band, rng.standard_normal(len(seconds)))) * np.exp(-seconds / decay)
