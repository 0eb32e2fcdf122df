"""Drum writing: layered grooves, ghost notes, fills, crashes. Pitches are General MIDI percussion keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import VELOCITY, Song, Writer, events, read, steps_in
from legato.music.model import Bar

KICK, RIM, SNARE, CLAP, SNARE2 = 36, 37, 38, 39, 40
HAT, PEDAL, OPEN, CRASH, RIDE, BELL = 42, 44, 46, 49, 51, 53
TOM_LOW, TOM_MID, TOM_HIGH, FLOOR = 45, 47, 50, 41
TAMB, COWBELL, CABASA, SHAKER, CLAVES, TRIANGLE = 54, 56, 69, 70, 75, 81
CONGA_MUTE, CONGA, CONGA_LOW, BONGO, BONGO_LOW = 62, 63, 64, 60, 61
CYMBALS = (HAT, PEDAL, OPEN, CRASH, RIDE, BELL, TAMB, CABASA, SHAKER, TRIANGLE)

FILLS = {
    "toms": ("ssmmttll", "s.s.ttll", "ssssmmll", "..ssttll", "s.ts.tsl", "ssttmmll"),
    "snare": ("s.s.ssss", "ssssssss", "..s.s.ss", "s..s..ss", "ssssoooS"),
    "clap": ("c...c.cc", "....c.cc", "c.c.c.cc", "cc.cc.cc"),
    "stop": ("........", "k.......", "k...s...", "......ss"),
}
_FILL_PITCH = {
    "s": SNARE,
    "S": SNARE,
    "m": TOM_MID,
    "t": TOM_HIGH,
    "l": TOM_LOW,
    "c": CLAP,
    "k": KICK,
    "o": SNARE,
}


@dataclass(frozen=True)
class Groove:
    """Voices that always play, and layers that enter with density (later ones replace earlier voices)."""

    base: dict[int, str]
    layers: tuple[tuple[float, int, str], ...] = ()  # (density threshold, pitch, pattern)

    def voices(self, density: float) -> dict[int, str]:
        """Pattern per pitch at a density."""
        chosen = dict(self.base)
        for threshold, pitch, pattern in self.layers:
            if density >= threshold:
                chosen[pitch] = pattern
        return chosen


def drums(
    grooves: tuple[Groove, ...],
    fills: tuple[str, ...] = ("toms", "snare"),
    crash: float = 0.8,
    ghosts: float = 0.1,
    wander: float = 0.08,
    sections: Mapping[str, tuple[Groove, ...]] | None = None,
) -> Writer:
    """A drummer.

    Args:
        grooves: one is drawn per section name.
        fills: kinds of `FILLS` to lead over with.
        crash: chance of a crash on a new section.
        ghosts: chance of an added ghost note on each free sixteenth beside the backbeat.
        wander: chance per bar of changing the kick.
        sections: grooves that certain sections play instead.
    """
    special = sections or {}

    def write(song: Song, rng: Random) -> list[Note]:
        chosen: dict[str, Groove] = {}
        notes: list[Note] = []
        was_fill, last_section = False, None
        for bar in song.playing("drums"):
            groove = chosen.setdefault(bar.section, rng.choice(special.get(bar.section, grooves)))
            new = bar.section != last_section
            if (was_fill or (new and last_section)) and rng.random() < crash and bar.loudness > 0.4:
                notes.append(Note(bar.start_beat, 1.0, CRASH, 96))
            notes += _bar(groove, bar, rng, ghosts, wander)
            if bar.build:
                notes = _rolled(notes, bar)
            if bar.fill:
                notes = _filled(notes, bar, rng.choice(FILLS[rng.choice(fills)]))
            was_fill, last_section = bar.fill, bar.section
        return notes

    return write


def _bar(groove: Groove, bar: Bar, rng: Random, ghosts: float, wander: float) -> list[Note]:
    notes = []
    voices = groove.voices(bar.density)
    if KICK in voices and rng.random() < wander:
        voices[KICK] = _wandered(voices[KICK], rng)
    for pitch, pattern in voices.items():
        for beat, length, mark in events(pattern, bar):
            velocity = VELOCITY[mark]
            if pitch in CYMBALS:  # hands breathe: on-beats a little stronger
                velocity = round(velocity * (0.95 if beat % 1.0 else 1.05))
            notes.append(Note(bar.start_beat + beat, max(0.25, length), pitch, velocity))
    if SNARE in voices and bar.density > 0.4:
        for step in range(steps_in(bar)):
            beside = any(read(voices[SNARE], bar, step + shift) in "Xx" for shift in (-1, 1, 3))
            if step % 2 and beside and read(voices[SNARE], bar, step) == "." and rng.random() < ghosts:
                notes.append(Note(bar.start_beat + step * 0.25, 0.25, SNARE, rng.randint(30, 46)))
    return notes


def _wandered(pattern: str, rng: Random) -> str:
    free = [i for i, mark in enumerate(pattern) if mark == "." and i % 4]
    spot = rng.choice(free) if free else 0
    return pattern[:spot] + "x" + pattern[spot + 1 :] if free else pattern


def _filled(notes: list[Note], bar: Bar, fill: str) -> list[Note]:
    start = bar.end_beat - 2.0
    kept = [note for note in notes if note.start_beat < start or note.pitch in (KICK, PEDAL)]
    for step, mark in enumerate(fill):
        if mark != ".":
            velocity = 46 if mark == "o" else 78 + 4 * step
            kept.append(Note(start + step * 0.25, 0.25, _FILL_PITCH[mark], velocity))
    return kept


def _rolled(notes: list[Note], bar: Bar) -> list[Note]:
    """A snare roll that quickens through the build-up; the kick falls away before the goal."""
    rates = (4, 4, 2, 1) if bar.build == 1.0 else (4, 4, 4, 2) if bar.build > 0.6 else (8, 8, 4, 4)
    begin = bar.end_beat - 1.0 if bar.build == 1.0 else bar.end_beat
    kept = [n for n in notes if n.pitch not in (SNARE, CLAP) or n.start_beat < bar.start_beat]
    kept = [n for n in kept if n.pitch != KICK or n.start_beat < begin]
    step, count = 0, steps_in(bar)
    while step < count:
        velocity = round(52 + 30 * bar.build + 28 * step / count)
        kept.append(Note(bar.start_beat + step * 0.25, 0.25, SNARE, velocity))
        step += rates[min(3, 4 * step // count)]
    return kept
