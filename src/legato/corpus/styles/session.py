"""What accompanies dances of the session: bodhrán, open strings and drones, in the lilt of jig or reel."""

# Patterns are tables: one kind to a row reads better than wrapped tuples.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import (
    VELOCITY,
    Song,
    Writer,
    by_density,
    into_range,
    nearest,
    split_at_chords,
)
from legato.corpus.styles.drums import FLOOR, RIM, TAMB, TOM_LOW
from legato.corpus.styles.tunes import dance
from legato.music.model import Bar
from legato.music.theory import Chord

Patterns = tuple[tuple[float, str], ...]

_THIRDS = ("jig", "slip jig")

# Patterns of one beat or more, repeated through the bar; three marks to the beat in jigs, else four.
_BODHRAN: dict[bool, Patterns] = {
    True: ((0.0, "X.....x....."), (0.3, "X..x..X..x.."), (0.45, "X.xX.xX.xXox"), (0.45, "X.xx.xX.xx.x"), (0.65, "XoxxoxXoxxox"), (0.65, "XoxXoxXoxXxx")),
    False: ((0.0, "X.......x......."), (0.3, "X...x...X...x..."), (0.45, "X.x.X.x.X.x.X.xx"), (0.62, "X.xoX.xoX.xoXxxo"), (0.8, "XoxoxoxoXoxoxoxx")),
}  # fmt: skip
_STRUM: dict[bool, Patterns] = {
    True: ((0.0, "x-----------"), (0.15, "x--x--x--x--"), (0.4, "x.xx--x.xx--"), (0.6, "X.xx.xX.xx.x"), (0.8, "XoxxoxXoxxox")),
    False: ((0.0, "x---------------"), (0.15, "x---x---x---x---"), (0.4, "x-x-x---x-x-x---"), (0.4, "x--x--x-x--x--x-"), (0.6, "X-x-x-xxX-x-x-xx"), (0.8, "XoxxxoxxXoxxxoxx")),
}  # fmt: skip
_DRONE: dict[bool, Patterns] = {
    True: ((0.0, "x-----------"), (0.66, "x.xx.xx.xx.x")),
    False: ((0.0, "x---------------"), (0.66, "x.x.x.x.x.x.x.x.")),
}  # fmt: skip
_GROUND: dict[bool, Patterns] = {
    True: ((0.0, "R-----------"), (0.2, "R-----5-----"), (0.4, "R--5--R--5--"), (0.6, "R.RR.5R.R5.R"), (0.8, "RRR555RRR555")),
    False: ((0.0, "R---------------"), (0.2, "R-------5-------"), (0.4, "R---5---R---5---"), (0.6, "R-R-5-R-R-R-5-R-"), (0.8, "R-RRR-RR5-55R-RR")),
}  # fmt: skip


def _strokes(
    table: dict[bool, Patterns], song: Song, family: str, rng: Random
) -> Iterator[tuple[Bar, float, float, str]]:
    """(bar, beat, beats, mark) of each stroke; a pattern per section and density."""
    thirds = dance(song) in _THIRDS
    grid = 3 if thirds else 4
    chosen: dict[tuple[str, int], str] = {}
    for bar in song.playing(family):
        key = (bar.section, round(bar.density * 5))
        pattern = chosen.setdefault(key, by_density(table[thirds], bar.density, rng))
        if rng.random() < 0.12:
            pattern = by_density(table[thirds], bar.density, rng)
        marks = (pattern * 2)[: bar.beats * grid]
        for index, mark in enumerate(marks):
            if mark in ".-":
                continue
            held = 1
            while index + held < len(marks) and marks[index + held] == "-":
                held += 1
            yield bar, bar.start_beat + index / grid, held / grid, mark


def bodhran() -> Writer:
    """A frame drum struck with both ends of the stick: deep on the beat, dry between, a rim now and then."""

    def write(song: Song, rng: Random) -> list[Note]:
        notes = []
        for bar, beat, _, mark in _strokes(_BODHRAN, song, "drums", rng):
            deep = mark == "X" or (beat % 1.0 < 1e-6 and rng.random() < 0.3)
            pitch = FLOOR if deep else RIM if bar.density > 0.6 and rng.random() < 0.1 else TOM_LOW
            notes.append(Note(beat, 0.25, pitch, VELOCITY[mark] - (0 if deep else 12)))
            if bar.density >= 0.8 and beat % 1.0 < 1e-6:
                notes.append(Note(beat, 0.25, TAMB, 64))
        return notes

    return write


def strum(centre: float = 57, strings: int = 5, spread: float = 0.02) -> Writer:
    """Guitar or bouzouki in open tuning: root and fifth ring, one string takes the third.

    Args:
        centre: MIDI middle of the lowest string.
        strings: most strings struck.
        spread: beats between neighbouring strings.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes = []
        for bar, beat, beats, mark in _strokes(_STRUM, song, "chords", rng):
            for start, held, chord in split_at_chords(bar, beat, beats):
                down = start % 1.0 < 1e-6 or mark == "X"
                pitches = open_chord(chord, centre)[: strings if down else 3]
                for index, pitch in enumerate(pitches if down else reversed(pitches)):
                    delay = min(spread * index, held * 0.4)
                    velocity = VELOCITY[mark] - 2 * index + rng.randint(-3, 3)
                    notes.append(Note(start + delay, max(0.1, held * 0.95 - delay), pitch, velocity))
        return notes

    return write


def drone(centre: float = 57) -> Writer:
    """Root and fifth of each chord, held; a vamp where the music is dense."""

    def write(song: Song, rng: Random) -> list[Note]:
        return [
            Note(start, held * 0.99, pitch, 84)
            for bar, beat, beats, _ in _strokes(_DRONE, song, "chords", rng)
            for start, held, chord in split_at_chords(bar, beat, beats)
            for pitch in open_chord(chord, centre)[:3]
        ]

    return write


def ground(low: int = 31, high: int = 45) -> Writer:
    """The bass of a dance: root and fifth."""

    def write(song: Song, rng: Random) -> list[Note]:
        notes, root = [], (low + high) // 2
        for bar, beat, beats, mark in _strokes(_GROUND, song, "bass", rng):
            for index, (start, held, chord) in enumerate(split_at_chords(bar, beat, beats)):
                root = into_range(nearest(chord.root, root), low, high)
                changes = any(abs(start - change) < 1e-6 for change, _ in bar.chords)
                fifth = mark == "5" and not index and not changes
                pitch = open_chord(chord, root)[1] if fifth else root
                notes.append(Note(start, held * 0.9, pitch, 98 if start % 1.0 < 1e-6 else 88))
        return notes

    return write


def open_chord(chord: Chord, centre: float) -> list[int]:
    """Root, fifth, octave, third, fifth: ascending from the root nearest to a centre."""
    root = nearest(chord.root, centre)
    steps = [(tone - chord.root) % 12 for tone in chord.tones]
    fifth = next((step for step in steps if 6 <= step <= 8), 12)
    third = next((step for step in steps if 2 <= step <= 5), 12)
    return sorted({root, root + fifth, root + 12, root + 12 + third, root + 12 + fifth})
