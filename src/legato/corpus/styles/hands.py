"""One instrument in free hands: lines, block chords and two-handed playing, as a performer with a keyboard.

Rhythm comes from a human: drawn lengths, rests, rushed and dragged onsets, phrases that swell and fade.
"""

from __future__ import annotations

from dataclasses import replace
from math import pi, sin
from random import Random

from legato.conditioning import FAMILIES
from legato.corpus.score import UNPITCHED, Note, Part, Score, without_overlaps
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.corpus.styles.craft import into_range, nearest
from legato.corpus.styles.harmony import voice
from legato.corpus.styles.instruments import TOPS, name_of
from legato.music.model import Bar
from legato.music.theory import chord_scale

LOWEST, HIGHEST = 36, 96  # MIDI
_WAYS = ("line", "line", "blocks", "hands")
_LENGTHS = (3.0, 2.0, 1.5, 1.0, 0.75, 0.5, 1 / 3, 0.25)  # beats between onsets, calm to busy
_JITTER = 0.022  # beats, spread of onsets


def played_alone(score: Score, rng: Random) -> Score:
    """The same bars, played freely by one pitched instrument of the style, alone.

    Lines are of family lead or bass, chords and two-handed playing of family chords; pitches span 36–96
    whatever the real instrument reaches, since a performer may ask for any, but stay where it has sounds.
    """
    plans = [plan for plan in ARRANGEMENTS[score.style].parts if plan.family != "drums"]
    sounds = [(plan, program) for plan in plans for program in plan.programs if program not in UNPITCHED]
    plan, program = rng.choice(sounds)
    way = rng.choice(_WAYS)
    low = way == "line" and plan.family == "bass"
    if way == "line":
        notes = _line(score, rng, rng.uniform(40, 52) if low else rng.uniform(55, 84))
    elif way == "blocks":
        notes = _blocks(score, rng, rng.uniform(54, 70), rng.randint(3, 5))
    else:
        right = [replace(note, pitch=max(60, note.pitch)) for note in _line(score, rng, rng.uniform(70, 82))]
        notes = _left_hand(score, rng) + right
    family = "bass" if low else "lead" if way == "line" else "chords"
    top = TOPS.get(program, HIGHEST)
    notes = [replace(note, pitch=into_range(note.pitch, LOWEST, top)) for note in notes]
    notes = without_overlaps([_human(note, rng) for note in notes if note.start_beat < score.beats - 0.1])
    part = Part(name_of(plan.family, program), family, program, 0, notes, 0.9, 0.0, rng.uniform(0.05, 0.5))
    bars = [replace(bar, gates=_gates(bar, family, notes), fill=False) for bar in score.bars]
    return replace(score, parts=[part], bars=bars)


def _bar_at(score: Score, beat: float) -> Bar:
    return score.bars[min(len(score.bars) - 1, int(beat // score.beats_per_bar))]


def _step(bar: Bar, rng: Random) -> float:
    place = bar.density * (len(_LENGTHS) - 1) + rng.gauss(0.0, 1.1)
    return _LENGTHS[min(len(_LENGTHS) - 1, max(0, round(place)))]


def _line(score: Score, rng: Random, centre: float) -> list[Note]:
    """A single voice, in phrases of some beats with rests between; scale steps, leaps, octaves."""
    notes: list[Note] = []
    beat, pitch = rng.choice((0.0, 0.0, 0.5, 1.0)), round(centre)
    begin, phrase = beat, rng.uniform(3.0, 9.0)
    while beat < score.beats:
        bar = _bar_at(score, beat)
        if beat > begin + phrase:
            beat += rng.choice((0.5, 1.0, 1.0, 2.0))
            begin, phrase = beat, rng.uniform(3.0, 9.0)
            continue
        step, chord = _step(bar, rng), bar.chord_at(beat)
        leap = rng.choice((3, 4, 5, 7, 12)) if rng.random() < 0.25 else rng.choice((1, 2, 2, 3))
        home = 1 if pitch < centre else -1
        target = pitch + leap * (home if rng.random() < 0.5 + 0.02 * abs(pitch - centre) else -home)
        tones = chord.tones if step >= 1.0 else chord_scale(bar.key, chord)
        pitch = _inside(min((nearest(tone, target) for tone in tones), key=lambda p: abs(p - target)))
        touch = rng.choice((0.45, 0.85, 0.95, 1.0))
        swell = 58 + 46 * sin(pi * min(1.0, (beat - begin) / phrase)) * (0.4 + bar.loudness)
        notes.append(Note(beat, max(0.1, step * touch), pitch, round(swell)))
        beat += step
    return notes


def _blocks(score: Score, rng: Random, centre: float, size: int) -> list[Note]:
    """Whole chords struck together, held or cut short, resting now and then."""
    notes: list[Note] = []
    pitches: list[int] = []
    beat = 0.0
    while beat < score.beats:
        bar = _bar_at(score, beat)
        step = max(0.5, _step(bar, rng))
        changes = [start for start, _ in bar.chords if start > beat + 0.1] + [bar.end_beat]
        step = min(step, changes[0] - beat) if rng.random() < 0.8 else changes[0] - beat
        if rng.random() > 0.12:
            pitches = voice(
                bar.chord_at(beat), pitches, centre + rng.uniform(-5, 5), size, rng.random() < 0.3
            )
            force = 60 + 40 * bar.loudness + rng.gauss(0.0, 7.0)
            held = max(0.15, step * rng.choice((0.35, 0.9, 0.98)))
            notes += [Note(beat, held, _inside(pitch), round(force)) for pitch in pitches]
        beat += step
    return notes


def _left_hand(score: Score, rng: Random) -> list[Note]:
    """Roots, octaves and fifths below the chords."""
    notes: list[Note] = []
    shape = rng.choice(((0,), (0, 12), (0, 7, 12, 7), (0, 12, 7, 12)))
    for bar in score.bars:
        for start, end, chord in bar.spans():
            root = 36 + chord.root
            fitting = [step if (root + step) % 12 in chord.tones else 0 for step in shape]
            pace = (end - start) if len(shape) == 1 else 1.0 if bar.density < 0.5 else 0.5
            for index in range(max(1, round((end - start) / pace))):
                pitch = root + fitting[index % len(shape)]
                beats = min(pace * 0.95, end - start - index * pace)
                notes.append(
                    Note(start + index * pace, max(0.1, beats), pitch, round(62 + 28 * bar.loudness))
                )
    return notes


def _inside(pitch: int) -> int:
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch


def _human(note: Note, rng: Random) -> Note:
    start = max(0.0, note.start_beat + max(-2 * _JITTER, rng.gauss(0.0, _JITTER)))
    velocity = min(127, max(20, round(note.velocity + rng.gauss(0.0, 6.0))))
    return Note(round(start, 5), round(note.beats, 5), note.pitch, velocity)


def _gates(bar: Bar, family: str, notes: list[Note]) -> dict[str, bool]:
    heard = any(bar.start_beat - 0.05 <= note.start_beat < bar.end_beat - 0.15 for note in notes)
    return {name: heard and name == family for name in FAMILIES}
