"""Baroque playing: a subject in sequence that two voices hand to each other."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.accord import agreed
from legato.corpus.styles.craft import STEP, Song, Writer, into_range, nearest
from legato.music.model import Bar
from legato.music.theory import Chord, chord_scale

# One-beat figures: (lengths in sixteenths, scale steps from the beat's own note), by number of notes.
_FIGURES: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (
    ((4,), (0,)),
    ((2, 2), (0, 2)),
    ((2, 2), (0, -1)),
    ((3, 1), (0, 1)),
    ((2, 1, 1), (0, 1, 2)),
    ((2, 1, 1), (0, -1, -2)),
    ((1, 1, 2), (0, 1, 0)),
    ((1, 1, 1, 1), (0, 1, 2, 1)),
    ((1, 1, 1, 1), (0, -1, 0, 1)),
    ((1, 1, 1, 1), (0, -1, -2, -1)),
    ((1, 1, 1, 1), (0, 2, 1, 2)),
)
_BROAD = (((4,), (0,)), ((4,), (0,)), ((2, 2), (0, 1)), ((3, 1), (0, -1)))
_SHAPES = ((0, 1, 2, 1), (0, 2, 1, 0), (2, 1, 0, 1), (0, 1, 0, 2), (2, 0, 1, 0))


@dataclass(frozen=True)
class _Subject:
    """One bar of melody: a figure to each beat, and which chord tone each begins near."""

    figures: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    shape: tuple[int, ...]


def _subject(song: Song, bar: Bar, density: float) -> _Subject:
    """The subject of a section at a density, the same for both voices."""
    rng = agreed(song, f"subject {bar.section} {round(density * 6)}")
    figures = []
    for _ in range(2):
        place = (0.05 + 0.95 * density) * (len(_FIGURES) - 1) + rng.gauss(0, 1.2)
        figures.append(_FIGURES[min(len(_FIGURES) - 1, max(0, round(place)))])
    order = rng.choice(((0, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1), (1, 0, 0, 0)))
    return _Subject(tuple(figures[index] for index in order), rng.choice(_SHAPES))


def voice_in(
    turn: int,
    centre: float,
    *,
    trills: float = 0.5,
    length: float = 0.92,
    family: str = "lead",
) -> Writer:
    """One of two imitating voices.

    In its own bars it states the section's subject, fitted to each chord, so that harmony in fifths makes a
    sequence of it; in the other's bars it moves broadly, holding over the note that the new chord makes a
    suspension and letting it fall.

    Args:
        turn: 0 leads in even bars, 1 answers in odd ones.
        centre: MIDI middle; brightness moves it by up to four semitones.
        trills: chance of a trill on a long note that closes a phrase.
        length: share of each note that sounds.
        family: whose gate it follows.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitch = round(centre)
        alone = agreed(song, "alone").random() < 0.3
        for bar in song.playing(family):
            middle = centre + 8 * (bar.brightness - 0.5)
            leads = (bar.index + turn) % 2 == 0 or (turn == 0 and alone)
            subject = _subject(song, bar, bar.density)
            if leads:
                line, pitch = _stated(subject, bar, middle, pitch)
            else:
                line, pitch = _broad(bar, middle, pitch, rng)
            cadence = bar.index % 4 == 3
            for beat, beats, sounding in line:
                velocity = (100 if beat % 1.0 == 0 else 90) + rng.randint(-4, 4)
                scale = chord_scale(bar.key, bar.chord_at(beat))
                if cadence and beats >= 1.0 and beat > bar.start_beat and rng.random() < trills:
                    notes += _trill(beat, beats, sounding, scale, velocity)
                else:
                    notes.append(Note(beat, max(0.1, beats * length), sounding, velocity))
        return notes

    return write


def _stated(
    subject: _Subject, bar: Bar, middle: float, pitch: int
) -> tuple[list[tuple[float, float, int]], int]:
    line: list[tuple[float, float, int]] = []
    for beat in range(bar.beats):
        chord = bar.chord_at(bar.start_beat + beat)
        lengths, steps = subject.figures[beat % 4]
        goal = subject.shape[beat % 4]
        target = middle + 4 * (goal - 1) if beat == 0 else pitch + 2 * (goal - subject.shape[(beat - 1) % 4])
        anchor = _near(chord, into_range(round(target), round(middle) - 9, round(middle) + 9))
        place = 0
        for length, step in zip(lengths, steps, strict=True):
            pitch = _stepped(anchor, step, chord_scale(bar.key, chord))
            line.append((bar.start_beat + beat + place * STEP, length * STEP, pitch))
            place += length
    return line, pitch


def _broad(bar: Bar, middle: float, pitch: int, rng: Random) -> tuple[list[tuple[float, float, int]], int]:
    line: list[tuple[float, float, int]] = []
    beat = 0
    while beat < bar.beats:
        chord = bar.chord_at(bar.start_beat + beat)
        held = into_range(pitch, round(middle) - 9, round(middle) + 9)
        scale = chord_scale(bar.key, chord)
        resolved = _stepped(held, -1, scale)
        # A note of the old chord a step above one of the new is held over, then falls.
        if beat == 0 and held % 12 in scale and held % 12 not in chord.tones and resolved % 12 in chord.tones:
            line += [(bar.start_beat, 1.0, held), (bar.start_beat + 1, 1.0, resolved)]
            pitch, beat = resolved, 2
            continue
        lengths, steps = rng.choice(_BROAD)
        span = 2 if lengths == (4,) and bar.density < 0.6 and beat + 2 <= bar.beats else 1
        anchor = _near(chord, held + rng.choice((-3, -2, 2, 3)))
        place = 0
        for length, step in zip(lengths, steps, strict=True):
            pitch = _stepped(anchor, step, scale)
            line.append((bar.start_beat + beat + place * STEP, length * STEP * span, pitch))
            place += length
        beat += span
    return [event for event in line if event[0] < bar.end_beat - 1e-6], pitch


def _trill(beat: float, beats: float, pitch: int, scale: tuple[int, ...], velocity: int) -> list[Note]:
    """From the upper note, as the time had it, coming to rest for the last third."""
    above = _stepped(pitch, 1, scale)
    count = 2 * round(beats * 2 / 3 * 4)
    step = beats * 2 / 3 / count
    shakes = [
        Note(beat + i * step, step * 0.9, above if i % 2 == 0 else pitch, velocity - 8) for i in range(count)
    ]
    return [*shakes, Note(beat + count * step, beats / 3 * 0.95, pitch, velocity)]


def running(low: int = 36, high: int = 57) -> Writer:
    """A continuo bass that walks the scale from each chord's root towards the next, in quarters or eighths.

    Args:
        low: lowest pitch, MIDI.
        high: highest pitch; at least an octave above.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitch = (low + high) // 2
        for bar in song.playing("bass"):
            pace = 2.0 if bar.density < 0.25 else 1.0 if bar.density < 0.6 else 0.5
            for start, end, chord in bar.spans():
                scale = chord_scale(bar.key, chord)
                pitch = into_range(nearest(chord.root, pitch), low, high)
                goal = into_range(nearest(song.chord_after(bar, start).root, pitch), low, high)
                count = max(1, int((end - start) / pace))
                away = rng.choice((-1, 1))  # leaves the goal first when there is more time than way
                for index in range(count):
                    beat = start + index * pace
                    beats = (end - beat if index == count - 1 else pace) * 0.9
                    notes.append(Note(beat, beats, pitch, (100 if index == 0 else 90) + rng.randint(-4, 4)))
                    near = abs(goal - pitch) <= 2 * (count - index - 1)
                    direction = away if near and index < count // 2 else 1 if goal >= pitch else -1
                    pitch = _stepped(pitch, direction, scale)
                    if not low <= pitch <= high:
                        pitch = _stepped(pitch, -2 * direction, scale)
        return notes

    return write


def _near(chord: Chord, target: float) -> int:
    return min((nearest(tone, target) for tone in chord.tones), key=lambda pitch: abs(pitch - target))


def _stepped(pitch: int, steps: int, scale: tuple[int, ...]) -> int:
    direction = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        pitch += direction
        while pitch % 12 not in scale:
            pitch += direction
    return pitch
