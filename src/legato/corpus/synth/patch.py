"""What a patch is: a named timbre that adds notes to a part, and what is done to the part as a whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from zlib import crc32

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus.played import PlayedNote
from legato.corpus.synth import kernels
from legato.corpus.synth.envelopes import cutoff

_TIED = 0.09  # seconds of silence over which a gliding voice still hears the note before
_LEGATO = 0.12  # seconds that notes of a single line may overlap
_VOWELS = {  # first three formants, Hz
    "a": (750.0, 1200.0, 2600.0),
    "e": (480.0, 1850.0, 2500.0),
    "i": (300.0, 2200.0, 3000.0),
    "o": (480.0, 850.0, 2550.0),
    "u": (330.0, 700.0, 2400.0),
}


@dataclass(frozen=True)
class Chorus:
    """Swaying copies: one tap thickens, three make an ensemble."""

    taps: int = 1
    rate: float = 0.6  # Hz
    depth: float = 2.5  # ms
    delay: float = 9.0  # ms
    mix: float = 0.6


@dataclass(frozen=True)
class Vowels:
    """A mouth: formants that move along vowels."""

    vowels: str = "au"
    rate: float = 0.15  # of the movement, Hz
    each_note: bool = False  # every note speaks the vowels from the first, `rate` per second
    mix: float = 0.8
    damping: float = 0.22


@dataclass(frozen=True)
class Strike:
    """One note as a patch is to sound it."""

    note: PlayedNote
    before: int | None  # pitch to glide from
    rng: np.random.Generator

    @property
    def held(self) -> float:
        """Seconds the key is down."""
        return max(0.02, self.note.end - self.note.start)

    @property
    def at(self) -> int:
        """First sample."""
        return max(0, round(self.note.start * SAMPLE_RATE))


@dataclass(frozen=True, kw_only=True)
class Patch(ABC):
    """A timbre.

    Attributes:
        words: what a listener calls it, the plainest name first.
        low: lowest pitch it is meant for, MIDI.
        high: highest, at least an octave above.
        mono: a note cuts the one before, unless the part plays chords.
        glide: seconds from the pitch before, where notes touch; needs `mono`.
        pitched: false for noises and textures, which ignore the pitch.
        chorus: over the whole part.
        mouth: formants over the whole part.
    """

    words: tuple[str, ...]
    low: int = 0
    high: int = 127
    mono: bool = False
    glide: float = 0.0
    pitched: bool = True
    chorus: Chorus | None = None
    mouth: Vowels | None = None

    @abstractmethod
    def add(self, strike: Strike, out_n2: np.ndarray) -> None:
        """Add one note to a part, float32 [N, 2]; what passes its end is cut."""

    def play(self, notes: Sequence[PlayedNote], samples: int) -> np.ndarray:
        """The part, dry, float32 [samples, 2]. The same notes give the same sound."""
        out_n2 = np.zeros((samples, 2), np.float32)
        seed = crc32(self.words[0].encode())
        for index, (note, before) in enumerate(self._line(notes)):
            strike = Strike(note, before, np.random.default_rng([seed, index, note.pitch]))
            if strike.at < samples:
                self.add(strike, out_n2)
        if self.mouth:
            out_n2 = _speak(out_n2, self.mouth, notes)
        if self.chorus:
            out_n2 = _sway(out_n2, self.chorus, seed)
        return out_n2

    def _line(self, notes: Sequence[PlayedNote]) -> list[tuple[PlayedNote, int | None]]:
        """Notes in order, each with the pitch to glide from."""
        ordered = sorted(notes, key=lambda note: (note.start, note.pitch))
        if not self.mono or _chordal(ordered):
            return [(note, None) for note in ordered]
        line: list[tuple[PlayedNote, int | None]] = []
        for index, note in enumerate(ordered):
            following = ordered[index + 1] if index + 1 < len(ordered) else None
            if following and following.start < note.end:
                note = replace(note, end=max(note.start + 0.01, following.start))
            earlier = line[-1][0] if line else None
            tied = self.glide and earlier and note.start - earlier.end < _TIED
            line.append((note, earlier.pitch if tied and earlier else None))
        return line


def _chordal(ordered: Sequence[PlayedNote]) -> bool:
    """Whether notes are meant to sound together."""
    return any(after.start < note.end - _LEGATO for note, after in pairwise(ordered))


def hertz(pitch: float) -> float:
    """The frequency of a MIDI pitch."""
    return 440.0 * 2 ** ((pitch - 69) / 12)


def bend(strike: Strike, seconds_c: np.ndarray, glide: float, vibrato: float, rate: float) -> np.ndarray:
    """Pitch ratios [C]: the glide from the note before, and a vibrato (cents) that comes in late."""
    ratio_c = np.ones(len(seconds_c))
    if strike.before is not None and glide:
        semitones = float(np.clip(strike.before - strike.note.pitch, -12, 12))
        ratio_c *= 2 ** (semitones / 12 * np.exp(-4.0 * seconds_c / glide))
    if vibrato:
        depth_c = vibrato / 1200 * np.clip((seconds_c - 0.25) / 0.5, 0.0, 1.0)
        ratio_c *= 2 ** (depth_c * np.sin(2 * np.pi * rate * (seconds_c + strike.rng.random())))
    return ratio_c


def _sway(part_n2: np.ndarray, effect: Chorus, seed: int) -> np.ndarray:
    per_ms = SAMPLE_RATE / 1000
    step = 2 * np.pi * effect.rate / SAMPLE_RATE
    depth = min(effect.depth, effect.delay - 0.5)
    return kernels.chorus(
        part_n2, effect.taps, effect.delay * per_ms, depth * per_ms, step, effect.mix, float(seed % 6)
    )


def _speak(part_n2: np.ndarray, mouth: Vowels, notes: Sequence[PlayedNote]) -> np.ndarray:
    points = len(part_n2) // kernels.BLOCK + 2
    seconds_c = np.arange(points) * (kernels.BLOCK / SAMPLE_RATE)
    last = len(mouth.vowels) - 1
    if mouth.each_note:
        starts = np.sort(np.array([note.start for note in notes]))
        place = np.searchsorted(starts, seconds_c, side="right") - 1
        since_c = seconds_c - starts[np.maximum(place, 0)]
        position_c = last * (1.0 - np.exp(-np.maximum(since_c, 0.0) * mouth.rate))
    else:
        position_c = last * (0.5 - 0.5 * np.cos(2 * np.pi * mouth.rate * seconds_c))
    formants = np.array([_VOWELS[vowel] for vowel in mouth.vowels])
    hz_fc = np.stack([np.interp(position_c, np.arange(last + 1), column) for column in formants.T])
    level_f = np.array([1.0, 0.7, 0.35])
    wet_n2 = kernels.formants(part_n2, cutoff(hz_fc), level_f, mouth.damping)
    return np.float32(2.5 * mouth.mix) * wet_n2 + np.float32(1.0 - mouth.mix) * part_n2
