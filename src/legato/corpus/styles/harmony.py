"""Chord writing: nearest-inversion voicing, comping, pads, strums and broken chords."""

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
    split_at_chords,
    steps_in,
)
from legato.music.theory import Chord


def voice(chord: Chord, previous: list[int], centre: float, size: int, open_: bool = False) -> list[int]:
    """The inversion nearest to the previous voicing and to a centre.

    Args:
        chord: what to voice.
        previous: sounding pitches, ascending; may be empty.
        centre: MIDI pitch the middle should lie near.
        size: most voices, ≥ 2; a fuller chord loses its fifth, then its root.
        open_: spread the voices (drop two).

    Returns:
        Pitches, ascending, without doubled unisons.
    """
    tones = list(chord.tones)
    for drop in ((chord.root + 7) % 12, chord.root):
        if len(tones) > size and drop in tones:
            tones.remove(drop)
    tones = tones[:size] if len(tones) > size else tones
    if len(tones) == 2 and size > 2:
        tones.append(chord.root)
    best: tuple[float, list[int]] | None = None
    for turn in range(len(tones)):
        order = tones[turn:] + tones[:turn]
        for octave in range(2, 7):
            pitches = [order[0] + 12 * octave]
            for tone in order[1:]:
                pitches.append(pitches[-1] + ((tone - pitches[-1]) % 12 or 12))
            if open_ and len(pitches) > 2:
                pitches[-2] -= 12
            pitches.sort()
            span = pitches[-1] - pitches[0]
            cost = 1.2 * abs(sum(pitches) / len(pitches) - centre) + max(0, span - 16)
            if previous:
                cost += sum(min(abs(pitch - old) for old in previous) for pitch in pitches)
                cost += 0.5 * abs(pitches[-1] - previous[-1])
            if best is None or cost < best[0]:
                best = (cost, pitches)
    assert best is not None
    return best[1]


def comp(
    patterns: tuple[tuple[float, str], ...],
    centre: float = 60,
    size: int = 4,
    length: float = 0.95,
    strum: float = 0.0,
    open_: bool = False,
    family: str = "chords",
    wander: float = 0.1,
) -> Writer:
    """A chord player who reads rhythm patterns; held chords change with the harmony.

    Args:
        patterns: (density threshold, sixteenths).
        centre: MIDI middle of the voicings; brightness moves it by up to five semitones.
        size: most voices at a time.
        length: share of each stroke that sounds.
        strum: beats between neighbouring strings; strokes on odd eighths go upwards.
        open_: spread voicings.
        family: whose gate it follows.
        wander: chance of drawing another pattern for a bar.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        chosen: dict[tuple[str, int], str] = {}
        pitches: list[int] = []
        for bar in song.playing(family):
            key = (bar.section, round(bar.density * 5))
            pattern = chosen.setdefault(key, by_density(patterns, bar.density, rng))
            if rng.random() < wander:
                pattern = by_density(patterns, bar.density, rng)
            middle = centre + 10 * (bar.brightness - 0.5)
            for beat, beats, mark in events(pattern, bar):
                for start, held, chord in split_at_chords(bar, bar.start_beat + beat, beats):
                    pitches = voice(chord, pitches, middle, size, open_)
                    notes += _stroke(pitches, start, held * length, mark, strum, rng)
        return notes

    return write


def _stroke(
    pitches: list[int], start: float, beats: float, mark: str, strum: float, rng: Random
) -> list[Note]:
    upward = round(start / STEP) % 4 == 2
    order = list(reversed(pitches)) if strum and upward else pitches
    notes = []
    for index, pitch in enumerate(order):
        delay = min(strum * index, beats * 0.5)
        velocity = VELOCITY[mark] - (4 if index not in (0, len(order) - 1) else 0) + rng.randint(-3, 3)
        notes.append(Note(start + delay, max(0.1, beats - delay), pitch, velocity))
    return notes


PAD = ((0.0, "x---------------"),)


def pad(centre: float = 60, size: int = 4, open_: bool = True) -> Writer:
    """Whole chords, held until the harmony moves."""
    return comp(PAD, centre, size, length=0.99, open_=open_)


ORDERS = {
    "up": (0, 1, 2, 3),
    "down": (3, 2, 1, 0),
    "wave": (0, 1, 2, 3, 2, 1),
    "alberti": (0, 2, 1, 2),
    "skip": (0, 2, 1, 3),
    "pedal": (0, 3, 0, 2, 0, 1),
}


def arpeggio(
    rates: tuple[float, ...] = (0.5, 0.25),
    centre: float = 64,
    family: str = "chords",
    orders: tuple[str, ...] = tuple(ORDERS),
    length: float = 0.9,
    gaps: float = 0.05,
) -> Writer:
    """Broken chords.

    Args:
        rates: beats per note, slow to fast; density chooses.
        centre: MIDI middle.
        family: whose gate it follows.
        orders: keys of `ORDERS`, one drawn per section name.
        length: share of the step each note sounds (above 1: they ring into one another).
        gaps: chance of leaving a weak note out.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        chosen: dict[str, tuple[int, ...]] = {}
        pitches: list[int] = []
        for bar in song.playing(family):
            order = chosen.setdefault(bar.section, ORDERS[rng.choice(orders)])
            rate = rates[min(len(rates) - 1, int(bar.density * 1.3 * len(rates)))]
            middle = centre + 10 * (bar.brightness - 0.5)
            for start, end, chord in bar.spans():
                pitches = voice(chord, pitches, middle, 3)
                ladder = [*pitches, pitches[0] + 12]
                for index in range(round((end - start) / rate)):
                    beat = start + index * rate
                    if index and rng.random() < gaps:
                        continue
                    pitch = ladder[order[index % len(order)] % len(ladder)]
                    velocity = 96 if beat % 1.0 == 0 else 82
                    notes.append(Note(beat, min(rate * length, end - beat), pitch, velocity))
        return notes

    return write


def broken_bass(rates: tuple[float, ...] = (1.0, 0.5), low: int = 33) -> Writer:
    """A pianist's left hand: root, fifth, octave, tenth, at a pace the density sets."""

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        shape = rng.choice(((0, 7, 12, 7), (0, 7, 12, 16), (0, 12, 7, 12), (0, 7, 0, 7)))
        for bar in song.playing("bass"):
            rate = (
                bar.beats
                if bar.density < 0.2
                else rates[min(len(rates) - 1, int(bar.density * len(rates) * 1.2))]
            )
            for start, end, chord in bar.spans():
                root = low + (chord.root - low) % 12
                fitting = [step if (root + step) % 12 in chord.tones else 0 for step in shape]
                if len(chord.tones) > 1 and shape[3] == 16:
                    fitting[3] = 12 + (chord.tones[1] - chord.root) % 12
                for index in range(max(1, round((end - start) / rate))):
                    beat = start + index * rate
                    notes.append(Note(beat, end - beat, root + fitting[index % 4], 88 if index else 98))
        return notes

    return write


def inner(pick: int, rates: tuple[float, ...] = (1.0, 0.5, 0.25), centre: float = 60) -> Writer:
    """One voice (0 lowest … 2 highest) of the chords, held or repeated, as violas and second violins play."""

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitches: list[int] = []
        held = rng.random() < 0.5
        for bar in song.playing("chords"):
            middle = centre + 8 * (bar.brightness - 0.5)
            rate = (
                bar.beats
                if held and bar.density < 0.6
                else rates[min(len(rates) - 1, int(bar.density * len(rates)))]
            )
            for step in range(0, steps_in(bar), max(1, round(rate / STEP))):
                beat = bar.start_beat + step * STEP
                for start, beats, chord in split_at_chords(bar, beat, rate):
                    pitches = voice(chord, pitches, middle, 3)
                    pitch = pitches[min(pick, len(pitches) - 1)]
                    notes.append(
                        Note(start, beats * (0.98 if rate > 0.5 else 0.8), pitch, 88 if step % 4 == 0 else 78)
                    )
        return notes

    return write
