"""Writing for the dance floor: even rhythms, gated chords, sequences, rolls, risers and string runs."""

from __future__ import annotations

from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import STEP, Song, Writer, nearest, split_at_chords, steps_in
from legato.corpus.styles.drums import CLAP, SNARE
from legato.corpus.styles.harmony import voice
from legato.music.model import Bar
from legato.music.theory import chord_scale


def euclid(pulses: int, steps: int = 16, turn: int = 0) -> tuple[bool, ...]:
    """Onsets spread as evenly as steps allow (Toussaint 2005), the pattern turned by some steps.

    Args:
        pulses: onsets, 1–`steps`.
        steps: length of the pattern.
        turn: 0 starts with an onset.
    """
    return tuple(((step + turn) * pulses) % steps < pulses for step in range(steps))


def gated(centre: float = 64, size: int = 4, sections: tuple[str, ...] = ()) -> Writer:
    """Held chords, chopped by a rhythmic gate; denser bars open it more often.

    Args:
        centre: MIDI middle; brightness moves it by up to five semitones.
        size: most voices.
        sections: where chords are held through instead.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitches: list[int] = []
        gates: dict[tuple[str, int], tuple[bool, ...]] = {}
        length = rng.choice((0.5, 0.7, 0.9))
        for bar in song.playing("chords"):
            level = min(4, int(bar.density * 5))
            held = level == 0 or (bar.section in sections and bar.density < 0.5)
            pulses = (1, 5, 7, 10, 13)[level] + (rng.choice((0, 0, 1)) if level else 0)
            gate = gates.setdefault((bar.section, level), euclid(pulses, turn=rng.randrange(3)))
            steps = [0] if held else [s for s in range(steps_in(bar)) if gate[s % 16] or s == 0]
            for step, after in zip(steps, [*steps[1:], steps_in(bar)], strict=True):
                beats = (after - step) * STEP
                beats *= 0.99 if held else length
                for start, part, chord in split_at_chords(bar, bar.start_beat + step * STEP, beats):
                    pitches = voice(chord, pitches, centre + 10 * (bar.brightness - 0.5), size)
                    velocity = (100 if step % 4 == 0 else 88) + rng.randint(-3, 3)
                    notes += [Note(start, max(0.1, part), pitch, velocity) for pitch in pitches]
        return notes

    return write


def sequence(centre: float = 70, family: str = "chords", length: float = 0.6) -> Writer:
    """A sixteen-step sequencer over the chord: one pattern of tones, octaves and rests per section.

    Args:
        centre: MIDI middle; brightness moves it by up to six semitones.
        family: whose gate it follows.
        length: share of each step that sounds.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitches: list[int] = []
        rows: dict[str, tuple[int, ...]] = {}
        gates: dict[tuple[str, int], tuple[bool, ...]] = {}
        for bar in song.playing(family):
            row = rows.setdefault(bar.section, _row(rng))
            level = min(4, int(bar.density * 5))
            gate = gates.setdefault(
                (bar.section, level), euclid((4, 6, 9, 12, 16)[level], turn=rng.randrange(2))
            )
            for start, end, chord in bar.spans():
                pitches = voice(chord, pitches, centre + 12 * (bar.brightness - 0.5), 3)
                ladder = [*pitches, *(pitch + 12 for pitch in pitches)]
                for index in range(round((end - start) / STEP)):
                    step = round((start - bar.start_beat) / STEP) + index
                    if not gate[step % 16] and index:
                        continue
                    pitch = ladder[row[step % 16] % len(ladder)]
                    velocity = 100 if step % 4 == 0 else 90 if step % 3 == 0 else 78
                    notes.append(Note(start + index * STEP, STEP * length, pitch, velocity))
        return notes

    return write


def _row(rng: Random) -> tuple[int, ...]:
    """Which tone of the ladder each sixteenth plays: a cell of three to eight, over and over."""
    cell = [rng.choice((0, 1, 2, 3, 3, 4)) for _ in range(rng.choice((3, 4, 6, 8)))]
    cell[0] = 0
    return tuple(cell[step % len(cell)] for step in range(16))


def rolling(writer: Writer, sections: tuple[str, ...] = ("build",)) -> Writer:
    """A drummer who rolls up to the drop: quarters, eighths, sixteenths and a breath before the last beat.

    Args:
        writer: plays everywhere else, and the other drums below the roll.
        sections: where the roll replaces snare and clap.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        pitch, breath = rng.choice((SNARE, SNARE, CLAP)), rng.random() < 0.5
        notes = writer(song, rng)
        for run in _runs(song, "drums", sections):
            first, last = run[0].start_beat, run[-1].end_beat
            notes = [n for n in notes if not (first <= n.start_beat < last and n.pitch in (SNARE, CLAP))]
            for bar in run:
                for step in range(steps_in(bar)):
                    beat = bar.start_beat + step * STEP
                    done = (beat - first) / (last - first)
                    every = 4 if done < 0.25 else 2 if done < 0.6 else 1
                    if step % every == 0 and not (breath and beat >= last - 1.0):
                        notes.append(Note(beat, STEP, pitch, round(58 + 56 * done)))
        return notes

    return write


def riser(sections: tuple[str, ...] = ("build",)) -> Writer:
    """One long note from the start of a section to its end."""

    def write(song: Song, rng: Random) -> list[Note]:
        return [
            Note(run[0].start_beat, run[-1].end_beat - run[0].start_beat, 60 + run[0].chords[0][1].root, 100)
            for run in _runs(song, "chords", sections)
        ]

    return write


def _runs(song: Song, family: str, sections: tuple[str, ...]) -> list[list[Bar]]:
    """Bars in a row in which a family plays one of the sections."""
    runs: list[list[Bar]] = []
    for bar in song.playing(family):
        if bar.section not in sections:
            continue
        if runs and runs[-1][-1].index + 1 == bar.index and runs[-1][-1].section == bar.section:
            runs[-1].append(bar)
        else:
            runs.append([bar])
    return runs


def string_runs(centre: float = 79) -> Writer:
    """Disco violins: a high held tone, answered by syncopated repeats and a scale run into the next bar.

    Args:
        centre: MIDI middle; brightness moves it by up to six semitones.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitch = round(centre)
        stabs = rng.choice(((0, 3, 6), (0, 3, 6, 10), (2, 6, 10), (0, 2, 3, 6, 8, 10)))
        for bar in song.playing("lead"):
            middle = centre + 12 * (bar.brightness - 0.5)
            steps = steps_in(bar)
            length = 0 if bar.density < 0.35 else 4 if bar.density < 0.6 else 8
            runs = length and (bar.index % 2 == 1 or bar.density > 0.75)
            held = steps - length if runs else steps
            places = list(stabs) if bar.index % 4 in (1, 2) and bar.density > 0.4 else [0]
            places = [place for place in places if place < held]
            for place, after in zip(places, [*places[1:], held], strict=True):
                beat = bar.start_beat + place * STEP
                beats = (after - place) * STEP if len(places) == 1 else STEP * 1.6
                for start, part, chord in split_at_chords(bar, beat, beats):
                    pitch = min((nearest(t, middle) for t in chord.tones[:3]), key=lambda p: abs(p - pitch))
                    notes.append(Note(start, part * 0.95, pitch, 98 if len(places) > 1 else 88))
            if runs:
                notes += _run(song, bar, held, length, middle)
        return notes

    return write


def _run(song: Song, bar: Bar, first: int, count: int, middle: float) -> list[Note]:
    """Sixteenths up the scale that would reach the next chord's root on its downbeat."""
    goal = nearest(song.chord_after(bar, bar.end_beat).root, middle + 3)
    notes: list[Note] = []
    pitch = goal
    for step in reversed(range(first, first + count)):
        beat = bar.start_beat + step * STEP
        scale = chord_scale(bar.key, bar.chord_at(beat))
        pitch -= 1
        while pitch % 12 not in scale:
            pitch -= 1
        notes.append(Note(beat, STEP * 0.9, pitch, 84 + step - first))
    return notes[::-1]
