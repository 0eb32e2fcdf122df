"""Bass writing: patterns of chord degrees, and walking lines."""

from __future__ import annotations

from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import STEP, Song, Writer, by_density, into_range, nearest, read, steps_in
from legato.music.model import Bar
from legato.music.theory import Chord, chord_scale

LOW, HIGH = 28, 52


def _degree(chord: Chord, mark: str, root: int) -> int:
    """The pitch of a pattern mark above a root pitch."""
    steps = sorted((tone - chord.root) % 12 for tone in chord.tones)
    if mark in "Rr":
        return root
    if mark in "8":
        return root + 12
    if mark == "5":
        return root + next((step for step in steps if 6 <= step <= 8), 0)
    if mark == "3":
        return root + next((step for step in steps if 2 <= step <= 5), 0)
    if mark == "7":
        return root + next((step for step in steps if 9 <= step <= 11), 12)
    raise ValueError(f"unknown bass mark {mark!r}: use R r 8 5 3 7 a")


def bass(
    patterns: tuple[tuple[float, str], ...],
    low: int = LOW,
    high: int = 45,
    length: float = 0.9,
    wander: float = 0.1,
) -> Writer:
    """A bass player who reads patterns.

    Args:
        patterns: (density threshold, sixteenths); marks: R root, r soft root, 8 octave, 5 fifth, 3 third,
            7 seventh, a an approach to the next root; `-` holds.
        low: lowest root, MIDI.
        high: highest root, MIDI; at least an octave above.
        length: share of each note that sounds.
        wander: chance of drawing another pattern for a bar.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        chosen: dict[tuple[str, int], str] = {}
        root = (low + high) // 2
        for bar in song.playing("bass"):
            key = (bar.section, round(bar.density * 5))
            pattern = chosen.setdefault(key, by_density(patterns, bar.density, rng))
            if rng.random() < wander:
                pattern = by_density(patterns, bar.density, rng)
            root = _line(song, bar, pattern, root, (low, high), length, notes)
        return notes

    return write


def _line(
    song: Song, bar: Bar, pattern: str, root: int, span: tuple[int, int], length: float, notes: list[Note]
) -> int:
    marks = [read(pattern, bar, step) for step in range(steps_in(bar))]
    changes = {round((start - bar.start_beat) / STEP): chord for start, chord in bar.chords}
    step = 0
    chord = bar.chords[0][1]
    while step < len(marks):
        chord = changes.get(step, chord)
        if step in changes:
            root = into_range(nearest(chord.root, root), *span)
            if marks[step] in "-a":  # the new chord's root is always heard
                marks[step] = "R"
        mark, end = marks[step], step + 1
        while end < len(marks) and marks[end] == "-" and end not in changes:
            end += 1
        if mark not in ".-":
            beat = bar.start_beat + step * STEP
            if mark == "a":
                after = song.chord_after(bar, beat).root
                target = into_range(nearest(after, root), *span)
                pitch = target - 1 if (target - 1) % 12 in chord_scale(bar.key, chord) else target + 2
            else:
                pitch = _degree(chord, mark, root)
            velocity = 78 if mark == "r" else 100 if step % 4 == 0 else 92
            beats = max(0.12, (end - step) * STEP * length)
            notes.append(Note(beat, beats, pitch, velocity))
        step = end
    return root


def walking(low: int = 31, high: int = 55) -> Writer:
    """A walking line: the root on every chord change, steps between, an approach before the next."""

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitch = 40
        for bar in song.playing("bass"):
            for start, end, chord in bar.spans():
                beats = round(end - start)
                after = song.chord_after(bar, start)
                sparse = bar.density < 0.3
                for beat in range(beats):
                    if sparse and beat % 2:
                        continue
                    pitch = _walk(chord, after, pitch, beat, beats, bar, rng, (low, high))
                    length = 1.85 if sparse else 0.92
                    notes.append(Note(start + beat, min(length, beats - beat), pitch, 98 if beat % 2 else 92))
                    if not sparse and rng.random() < 0.12 * bar.density:  # a skipped eighth
                        notes.append(Note(start + beat + 0.5, 0.3, pitch, 64))
        return notes

    return write


def _walk(
    chord: Chord,
    after: Chord,
    pitch: int,
    beat: int,
    beats: int,
    bar: Bar,
    rng: Random,
    span: tuple[int, int],
) -> int:
    if beat == 0:
        return into_range(nearest(chord.root, pitch), *span)
    if beat == beats - 1:
        target = into_range(nearest(after.root, pitch), *span)
        return into_range(target + rng.choice((-1, 1, -2, 2, 7)), *span)
    if beat % 2 == 0:  # a chord tone on the strong beat
        tone = rng.choice(chord.tones[1:])
        return into_range(nearest(tone, pitch + rng.choice((-3, 3))), *span)
    scale = chord_scale(bar.key, chord)
    direction = rng.choice((-1, 1))
    step = next(shift for shift in range(1, 5) if (pitch + direction * shift) % 12 in scale)
    return into_range(pitch + direction * step, *span)
