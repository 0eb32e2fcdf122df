"""Blues playing: licks with blue notes, called and answered, and the shuffle of two strings."""

# Patterns are tables: one kind to a row reads better than wrapped tuples.
# ruff: noqa: E501

from __future__ import annotations

from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import (
    STEP,
    VELOCITY,
    Song,
    Writer,
    by_density,
    events,
    nearest,
    split_at_chords,
)
from legato.music.model import Bar
from legato.music.theory import Chord

# One-bar licks: (sixteenth, length, semitones above the tonic). Eighths are swung by the feel. `~` before the
# pitch: slid into from the semitone below. Sparse ones first.
_Lick = tuple[tuple[int, int, int, bool], ...]
_CALLS: tuple[_Lick, ...] = tuple(
    tuple(
        (int(place), int(length), int(pitch.lstrip("~")), pitch.startswith("~"))
        for place, length, pitch in (event.split(":") for event in lick.split())
    )
    for lick in (
        "4:8:12",
        "6:6:~7 12:4:10",
        "2:2:10 4:8:12",
        "0:4:15 6:8:12",
        "4:2:12 6:2:15 8:6:12",
        "2:2:7 4:2:10 6:6:12 12:4:10",
        "0:2:12 2:2:10 4:4:~7 10:6:3",
        "4:2:3 6:2:5 8:2:6 10:2:5 12:4:3",
        "0:4:~4 4:2:7 6:2:9 8:4:10 12:4:12",
        "2:2:5 4:2:6 6:2:7 8:4:10 12:2:7 14:2:5",
        "0:2:12 2:2:15 4:2:12 6:2:10 8:2:7 10:6:~7",
        "0:2:7 2:2:6 4:2:5 6:2:3 8:4:0 12:2:3 14:2:~4",
        "0:2:17 2:2:18 4:2:17 6:2:15 8:2:12 10:2:10 12:4:12",
        "0:2:15 2:2:12 4:2:15 6:2:12 8:2:10 10:2:7 12:2:10 14:2:12",
        "0:2:12 2:1:10 3:1:12 4:2:10 6:2:7 8:2:~4 10:2:3 12:2:0 14:2:0",
        "0:1:15 1:1:17 2:2:18 4:2:17 6:2:15 8:2:12 10:2:10 12:1:12 13:1:10 14:2:7",
        "0:2:~4 2:2:7 4:2:9 6:2:10 8:2:12 10:2:15 12:2:~16 14:2:12",
    )
)
_ANSWERS = _CALLS[:9]
_LONG = 4  # sixteenths from which a note must suit the chord

_PHRASES = ("abac", "aaba", "abab", "aabc")


def licks(centre: float = 72, answer: bool = False, double: int = 0) -> Writer:
    """A lead that calls in one bar and leaves air in the next, as singers do; blue thirds and fifths.

    Args:
        centre: MIDI middle; brightness moves it by an octave at most.
        answer: play the fills in the gaps instead of the calls.
        double: chord tones added below long notes.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        drawn: dict[tuple[str, str], int] = {}
        for bar in song.playing("lead"):
            letter = _PHRASES[len(bar.section) % 4][bar.index // 2 % 4]
            rests = (bar.index % 2 == 1) != answer
            library = _ANSWERS if rests else _CALLS
            shift = drawn.setdefault((bar.section, f"{letter}{rests}"), rng.randint(-2, 2))
            place = round((0.6 if rests else 1.0) * bar.density * (len(library) - 1)) + shift
            lick = library[min(len(library) - 1, max(0, place))]
            middle = centre + 10 * (bar.brightness - 0.5)
            notes += _played(lick, bar, middle, double, rng)
        return notes

    return write


def _played(lick: _Lick, bar: Bar, middle: float, double: int, rng: Random) -> list[Note]:
    notes: list[Note] = []
    tonic = nearest(bar.key.root, middle - 8)
    inside = [event for event in lick if event[0] * STEP < bar.beats] or [(0, 4, 12, False)]
    for step, length, pitch, slides in inside:
        start = bar.start_beat + step * STEP
        beats = min(length * STEP, bar.end_beat - start)
        chord = bar.chord_at(start)
        sounding = _suited(tonic + pitch, chord, bar, length)
        velocity = (102 if step % 8 == 0 else 92) + rng.randint(-8, 8)
        if slides:
            notes.append(Note(start, 0.1, sounding - 1, velocity - 10))
            start, beats = start + 0.1, beats - 0.1
        notes.append(Note(start, max(0.1, beats * 0.93), sounding, velocity))
        if double and length >= _LONG:
            below = [low for low in range(sounding - 3, sounding - 14, -1) if low % 12 in chord.tones]
            notes += [Note(start, beats * 0.93, low, velocity - 16) for low in below[:double]]
    return notes


def _suited(pitch: int, chord: Chord, bar: Bar, length: int) -> int:
    """Long notes land on the chord; a major third bends to minor where the chord is minor."""
    if length >= _LONG and pitch % 12 not in chord.tones:
        return min((nearest(tone, pitch) for tone in chord.tones), key=lambda tone: abs(tone - pitch))
    third = (pitch - bar.key.root) % 12 == 4
    return pitch - 1 if third and pitch % 12 not in chord.tones else pitch


_SHUFFLE = (
    (0.0, "x-------x-------"), (0.2, "x---x---x---x---"), (0.35, "x-o-x-o-x-o-x-o-"), (0.65, "X-x-X-x-X-x-X-x-"),
    (0.65, "X-xxX-x-X-xxX-x-"),
)  # fmt: skip


def shuffle(low: int = 45) -> Writer:
    """Two strings of a rhythm guitar: root with fifth, then root with seventh, to and fro.

    Args:
        low: lowest root, MIDI.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        for bar in song.playing("chords"):
            pattern = by_density(_SHUFFLE, bar.density, rng)
            for beat, beats, mark in events(pattern, bar):
                for start, held, chord in split_at_chords(bar, bar.start_beat + beat, beats):
                    root = low + (chord.root - low) % 12
                    steps = sorted((tone - chord.root) % 12 for tone in chord.tones)
                    fifth = next((step for step in steps if 6 <= step <= 8), 12)
                    upper = steps[-1] if int(beat) % 2 and steps[-1] > 8 else fifth
                    for step in (0, upper):
                        notes.append(
                            Note(start, held * 0.8, root + step, VELOCITY[mark] + rng.randint(-4, 4))
                        )
        return notes

    return write
