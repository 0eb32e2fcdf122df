"""What every style writes with: the song so far, part plans and bar patterns.

A pattern is a string of sixteenths, one or two bars of sixteen: `X` accent, `x` normal, `o` ghost,
`-` hold, `.` rest. Bars of three beats read the first twelve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from legato.corpus.score import Note
from legato.music.model import Bar, StyleGrammar
from legato.music.theory import Chord

STEP = 0.25  # beats per pattern character
VELOCITY = {"X": 110, "x": 92, "o": 48}


@dataclass(frozen=True)
class Song:
    """The frame a part is written into."""

    style: StyleGrammar
    bars: list[Bar]
    tempo: float  # bpm at the start

    def playing(self, family: str) -> Iterator[Bar]:
        """The bars in which a family plays."""
        return (bar for bar in self.bars if bar.gates[family])

    def chord_after(self, bar: Bar, beat: float) -> Chord:
        """The chord that follows the one sounding at `beat`, looking into the next bar."""
        for start, chord in bar.chords:
            if start > beat + 1e-6:
                return chord
        following = bar.index - self.bars[0].index + 1
        return self.bars[following].chords[0][1] if following < len(self.bars) else bar.chords[0][1]


Writer = Callable[[Song, Random], list[Note]]


def either(*writers: Writer) -> Writer:
    """One of several ways to play a role, drawn per piece."""

    def write(song: Song, rng: Random) -> list[Note]:
        return rng.choice(writers)(song, rng)

    return write


@dataclass(frozen=True)
class PartPlan:
    """A role in a style's band: who may play it, what they write, where they stand."""

    role: str
    family: str
    programs: tuple[int | str, ...]  # General MIDI programs or names of `synth`, one drawn per piece
    write: Writer
    gain: float = 0.8
    pan: float = 0.0  # mirrored by the seed
    reverb: float = 0.2
    chance: float = 1.0  # that the role is in the band at all
    sections: tuple[str, ...] = ()  # only these; empty: wherever the family plays


@dataclass(frozen=True)
class Arrangement:
    """How a style sounds: its band and its feel."""

    parts: tuple[PartPlan, ...]
    swing: tuple[float, float] = (0.5, 0.5)  # share of the pair the first note takes; range to draw from
    swing_unit: float = 0.25  # beats: 0.25 swings sixteenths, 0.5 eighths
    human: float = 0.006  # spread of onsets, seconds
    late: float = 0.0  # seconds that drums' backbeat lags behind
    dynamics: float = 0.5  # how far loudness moves velocities, 0–1


def steps_in(bar: Bar) -> int:
    """Sixteenths in a bar."""
    return round(bar.beats / STEP)


def read(pattern: str, bar: Bar, step: int) -> str:
    """The pattern's character at a sixteenth of the bar; two-bar patterns alternate."""
    base = (bar.index % (len(pattern) // 16)) * 16 if len(pattern) > 16 else 0
    return pattern[base + step % 16]


def events(pattern: str, bar: Bar) -> list[tuple[float, float, str]]:
    """What the pattern plays in the bar: (beat within the bar, length in beats, character).

    A note lasts over the `-` behind it, and never past the bar.
    """
    found: list[tuple[float, float, str]] = []
    for step in range(steps_in(bar)):
        mark = read(pattern, bar, step)
        if mark == "-" and found and abs(found[-1][0] + found[-1][1] - step * STEP) < 1e-6:
            start, length, earlier = found[-1]
            found[-1] = (start, length + STEP, earlier)
        elif mark not in ".-":
            found.append((step * STEP, STEP, mark))
    return found


def by_density(choices: tuple[tuple[float, str], ...], density: float, rng: Random) -> str:
    """A pattern among those whose threshold is nearest below the density."""
    reached = [threshold for threshold, _ in choices if threshold <= density] or [choices[0][0]]
    return rng.choice([pattern for threshold, pattern in choices if threshold == max(reached)])


def split_at_chords(bar: Bar, beat: float, beats: float) -> list[tuple[float, float, Chord]]:
    """A held stretch, cut where the chord changes: (start, length, chord) in absolute beats."""
    pieces = []
    for start, end, chord in bar.spans():
        low, high = max(start, beat), min(end, beat + beats)
        if high - low > 1e-6:
            pieces.append((low, high - low, chord))
    return pieces


def nearest(pitch_class: int, target: float) -> int:
    """The pitch of that class nearest to a target."""
    base = round(target)
    offset = (pitch_class - base) % 12
    return base + (offset if offset <= 6 else offset - 12)


def into_range(pitch: int, low: int, high: int) -> int:
    """The pitch moved by octaves into [low, high] (at least an octave apart)."""
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch
