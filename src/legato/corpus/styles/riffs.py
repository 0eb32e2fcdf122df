"""Riffs that guitars and bass play as one: palm-muted chugs, gallops and power chords; lead guitars in pairs.

A riff is a string of sixteenths: `X` power chord, `O` power chord an octave up, `x` palm-muted root, `l` a
step of the scale that leads to the next chord; `-` holds, `.` rests.
"""

# Patterns are tables: several to a row read better than wrapped ones.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.accord import agreed
from legato.corpus.styles.craft import STEP, Song, Writer, by_density, nearest, read, steps_in
from legato.music.model import Bar
from legato.music.theory import Chord, chord_scale

Riffs = tuple[tuple[float, str], ...]

RIFFS: Riffs = (
    (0.0, "X---------------"), (0.0, "X-------X-------"),
    (0.25, "X---x-x-X---x-x-"), (0.25, "X-----x-x-x-X---"), (0.25, "X-------x-x-x-x-"),
    (0.4, "X--x--x-X--x--x-"), (0.4, "x-x-X-x-x-X-x-x-"), (0.4, "x-xxx-xxX---X-xx"), (0.4, "X-xx..xxX-xx..xl"),
    (0.55, "x.xxx.xxx.xxX-X-"), (0.55, "X-xxx.xxX-xxx.xl"), (0.55, "x.xxX-xxx.xxO-xx"), (0.55, "xx.xx.xxX-.xxxX-"),
    (0.55, "xxX-xxX-xxX-X-X-"),
    (0.75, "xxxxxxX-xxxxxxX-"), (0.75, "X-xxxxxxX-xxxxxl"), (0.75, "xxXxxXxxXxxXxxXx"), (0.75, "x.xxx.xxx.xxx.xxxxX-xxX-xxxxX-O-"),
    (0.9, "XxxxXxxxXxxxXxxx"), (0.9, "xxxxxxxxxxxxxxxx"),
)  # fmt: skip
TREMOLO: Riffs = ((0.0, "X---X---X---X---"), (0.5, "X-X-X-X-X-X-X-X-"), (0.75, "XXXXXXXXXXXXXXXX"))
BREAKDOWN: Riffs = (
    (0.0, "X-----..........X-------x-......"), (0.0, "X-......x-x-...."), (0.3, "X-..x-..xx..X---"), (0.3, "X-.xx...x.xx...."),
    (0.3, "xx..x.xx..x.X---"), (0.55, "xxx.xx..xxx.X-xx"), (0.55, "x.xxx...x.xxx.xx"), (0.75, "xxx.xxx.xx.xxxX-"),
)  # fmt: skip
SECTIONS: dict[str, Riffs] = {"breakdown": BREAKDOWN, "blast": TREMOLO}

Stroke = tuple[Bar, float, float, str, Chord]  # bar, beat, beats, mark, chord


def _strokes(song: Song, family: str) -> Iterator[Stroke]:
    """The song's riff, the same for all who ask: one pattern per section and density."""
    for bar in song.playing(family):
        level = min(4, int(bar.density * 5))
        rng = agreed(song, f"riff:{bar.section}:{level}")
        pattern = by_density(SECTIONS.get(bar.section, RIFFS), bar.density, rng)
        marks = [read(pattern, bar, step) for step in range(steps_in(bar))]
        changes = {round((start - bar.start_beat) / STEP) for start, _ in bar.chords}
        for step in changes:  # a new chord is struck, whatever the pattern rests or holds
            marks[step] = "X" if marks[step] in ".-l" else marks[step]
        for step, mark in enumerate(marks):
            if mark in ".-":
                continue
            end = step + 1
            while end < len(marks) and marks[end] == "-":
                end += 1
            beat = bar.start_beat + step * STEP
            yield bar, beat, (end - step) * STEP, mark, bar.chord_at(beat)


def _root(chord: Chord, low: int) -> int:
    return low + (chord.root - low) % 12


def _leading(song: Song, bar: Bar, beat: float, low: int) -> int:
    """The tone of the scale below the next chord's root."""
    chord = bar.chord_at(beat)
    pitch = _root(song.chord_after(bar, beat), low) - 1
    scale = chord_scale(bar.key, chord)
    while pitch % 12 not in scale:
        pitch -= 1
    return pitch if pitch >= low else pitch + 12


def guitar_riff(low: int = 40) -> Writer:
    """The riff on a distorted guitar: chords ring, chugs are short and softer.

    Args:
        low: lowest root, MIDI; the lowest string.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        for bar, beat, beats, mark, chord in _strokes(song, "chords"):
            root = _root(chord, low)
            if mark == "l":
                pitches = [_leading(song, bar, beat, low)]
            elif mark == "x":
                pitches = [root, *([root + 7] if (chord.root + 7) % 12 in chord.tones else [])]
            else:
                tones = sorted((tone - chord.root) % 12 for tone in chord.tones[:3])
                pitches = [root, *(root + tone for tone in tones if tone > 5), root + 12]
                pitches += [root + 12 + tone for tone in tones if 2 < tone < 5]
            muted = mark == "x"
            length = min(beats * 0.6, 0.16) if muted else beats * 0.96
            velocity = (88 if muted else 112) + rng.randint(-4, 4) - (0 if beat % 1.0 < 1e-6 else 6)
            lift = 12 if mark == "O" else 0
            notes += [Note(beat, max(0.1, length), pitch + lift, velocity) for pitch in pitches]
        return notes

    return write


def bass_riff(low: int = 28) -> Writer:
    """The riff's roots, an octave below the guitars, stroke for stroke.

    Args:
        low: lowest root, MIDI.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        for bar, beat, beats, mark, chord in _strokes(song, "bass"):
            pitch = _leading(song, bar, beat, low) if mark == "l" else _root(chord, low)
            length = beats * (0.7 if mark == "x" else 0.95)
            notes.append(
                Note(beat, max(0.12, length), pitch, (94 if mark == "x" else 106) + rng.randint(-4, 4))
            )
        return notes

    return write


def tremolo(writer: Writer, least: float = 0.5) -> Writer:
    """A line whose longer notes are picked in sixteenths where the bar is dense enough.

    Args:
        writer: the line.
        least: shortest note that is split, beats.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        for note in writer(song, rng):
            density = _bar_of(song, note.start_beat).density
            count = round(note.beats / STEP)
            if density < 0.45 or note.beats < least - 0.05 or count < 2:
                notes.append(note)
                continue
            for index in range(count):
                velocity = note.velocity - (10 if index % 2 else 0)
                notes.append(Note(note.start_beat + index * STEP, STEP * 0.85, note.pitch, velocity))
        return notes

    return write


def twin(writer: Writer, above: bool = False) -> Writer:
    """One of two guitars that play a line together; the second a third above, or the nearest chord tone.

    Args:
        writer: the line; both guitars read it the same.
        above: whether this is the second.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes = writer(song, agreed(song, "twin"))
        return [replace(note, pitch=_third_above(song, note)) for note in notes] if above else notes

    return write


def _bar_of(song: Song, beat: float) -> Bar:
    first = song.bars[0]
    return song.bars[max(0, min(len(song.bars) - 1, int((beat - first.start_beat + 1e-6) // first.beats)))]


def _third_above(song: Song, note: Note) -> int:
    bar = _bar_of(song, note.start_beat)
    chord = bar.chord_at(note.start_beat)
    if note.beats >= 0.75:
        return min(
            (
                nearest(tone, note.pitch + 4)
                for tone in chord.tones
                if nearest(tone, note.pitch + 4) != note.pitch
            ),
            key=lambda pitch: abs(pitch - note.pitch - 4),
        )
    scale = chord_scale(bar.key, chord)
    pitch, steps = note.pitch, 0
    while steps < 2:
        pitch += 1
        steps += pitch % 12 in scale
    return pitch
