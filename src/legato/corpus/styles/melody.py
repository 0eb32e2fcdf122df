"""Lead writing: two-bar motifs, repeated, answered and varied; chord tones where it counts."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import STEP, Song, Writer, nearest, steps_in
from legato.music.model import Bar
from legato.music.theory import Chord, chord_scale

# One-bar rhythms in sixteenths, by number of onsets; the density picks.
SINGING = (
    "x---------------",
    "x-------x-------",
    "....x-------x---",
    "x-----x---------",
    "x---x---x-------",
    "x-----x---x-----",
    "..x-x---x-------",
    "x---x-x-x---x---",
    "x-----x-x---x---",
    "x-x-x---x-x-x---",
    "..x-x-x-x---x-x-",
    "x-x-x-x-x-x-x---",
)
SYNCOPATED = (
    "x-------....x---",
    "x--x----........",
    "..x---x---x-....",
    "x--x--x-----x---",
    "x-x--x----x-x---",
    "x--x--x--x--x---",
    "..x-xx-x--x-x-x-",
    "x-xx-xx-..x-x-x-",
    "xx-x.xx-x-xx.xx-",
)
SWUNG = (
    "x-----......x---",
    "..x-x---x-......",
    "x---x-x-x-......",
    "x-x-x-x-x---..x-",
    "..x-x-x-x-x-x---",
    "x-x-x-x-x-x-x-x-",
    "x-x-xxx-x-x-x-x-",
)
SPARSE = ("x-------........", "....x-----------", "x-----x---------", "x---------x-----", "x---x-----------")
HYPNOTIC = (
    "x..x..x.x..x..x.",
    "x.x.x.x.x.x.x.x.",
    "..x...x...x...x.",
    "x..x..x..x..x.x.",
    "xx.xxx.xxx.xxx.x",
)

_HOOKED = frozenset({"chorus", "drop", "climax", "refrain"})  # sections that share one theme
_PHRASES = ("AABA", "ABAC", "AAAB", "ABAB", "AABC")


@dataclass(frozen=True)
class _Motif:
    """One bar of melody as shape: onsets, lengths and scale steps from the start."""

    onsets: tuple[
        tuple[int, int, int], ...
    ]  # (sixteenth, length in sixteenths, steps from the previous note)
    start: float  # offset of the first note from the centre, semitones


def _motif(rhythms: tuple[str, ...], density: float, rng: Random, leap: float) -> _Motif:
    ordered = sorted(rhythms, key=lambda pattern: pattern.count("x"))
    place = (0.12 + 0.88 * density) * (len(ordered) - 1) + rng.gauss(0, 0.12 * len(ordered))
    pattern = ordered[min(len(ordered) - 1, max(0, round(place)))]
    onsets = []
    drift = rng.choice((-1, 1))
    for step, mark in enumerate(pattern):
        if mark != "x":
            continue
        length = 1
        while step + length < 16 and pattern[step + length] == "-":
            length += 1
        if rng.random() < 0.3:
            drift = -drift
        move = drift * (rng.choice((2, 3, 4)) if rng.random() < leap else rng.choice((1, 1, 1, 0, 2)))
        onsets.append((step, length, move))
    return _Motif(tuple(onsets), rng.uniform(-5, 5))


def melody(
    rhythms: tuple[str, ...] = SINGING,
    centre: float = 74,
    reach: int = 10,
    leap: float = 0.2,
    length: float = 0.95,
    ornament: float = 0.1,
    family: str = "lead",
    harmony: int = 0,
) -> Writer:
    """A melody player.

    Args:
        rhythms: one-bar rhythms, sparse and dense.
        centre: MIDI middle; brightness moves it by up to six semitones.
        reach: farthest distance from the middle, semitones.
        leap: share of leaps among the moves.
        length: share of each note that sounds.
        ornament: chance of varying a note in a repetition.
        family: whose gate it follows.
        harmony: chord tones below to add to long notes (double stops).
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        motifs: dict[tuple[str, str, int], _Motif] = {}
        phrases: dict[str, str] = {}
        places = _places(song)
        span = 2 if len(song.bars) > 8 else 1  # bars of a phrase's letter
        for bar in song.playing(family):
            theme = "hook" if bar.section in _HOOKED else bar.section
            phrase = phrases.setdefault(theme, rng.choice(_PHRASES))
            place = places[bar.index]
            letter, half = phrase[(place // span) % 4], place % span
            if (theme, letter, half) not in motifs:
                fresh = _motif(rhythms, bar.density, rng, leap)
                motifs[theme, letter, half] = _related(fresh, motifs, letter, half, rng)
            middle = centre + 12 * (bar.brightness - 0.5)
            closes = place % (4 * span) == 4 * span - 1
            line = _sing(motifs[theme, letter, half], bar, middle, reach, ornament, closes, rng)
            if not line:  # a bar of three beats may cut every onset: answer with one long note
                line = [(0, 8, nearest(bar.chords[0][1].root, middle))]
            for step, steps, pitch in line:
                start = bar.start_beat + step * STEP
                beats = min(steps * STEP, bar.end_beat - start) * length
                velocity = 100 if step % 4 == 0 else 90
                notes.append(Note(start, max(0.12, beats), pitch, velocity + rng.randint(-5, 5)))
                if harmony and steps >= 4:
                    notes += _below(bar.chord_at(start), pitch, harmony, start, beats)
        return notes

    return write


def _places(song: Song) -> dict[int, int]:
    """Of each bar, by index, its number within its section."""
    places: dict[int, int] = {}
    last: str | None = None
    place = 0
    for bar in song.bars:
        place = place + 1 if bar.section == last else 0
        last, places[bar.index] = bar.section, place
    return places


def _related(
    fresh: _Motif, motifs: dict[tuple[str, str, int], _Motif], letter: str, half: int, rng: Random
) -> _Motif:
    """A new motif that remembers: often the rhythm of what was heard before, in another place.

    A contrast (any letter but A) begins higher; a first motif of another section may take up the rhythm
    and contour of the first one.
    """
    heard = [motif for (_, other, at), motif in motifs.items() if at == half and other == "A"]
    if heard and letter == "A" and rng.random() < 0.5:
        return _Motif(heard[0].onsets, fresh.start)
    return fresh if letter == "A" else _Motif(fresh.onsets, min(6.0, abs(fresh.start) + 2.0))


def _below(chord: Chord, pitch: int, count: int, start: float, beats: float) -> list[Note]:
    below = [low for low in range(pitch - 3, pitch - 16, -1) if low % 12 in chord.tones]
    return [Note(start, max(0.12, beats), low, 76) for low in below[:count]]


def _sing(
    motif: _Motif, bar: Bar, middle: float, reach: int, ornament: float, closes: bool, rng: Random
) -> list[tuple[int, int, int]]:
    line: list[tuple[int, int, int]] = []
    pitch = round(middle + motif.start)
    for step, steps, move in motif.onsets:
        if step * STEP >= bar.beats:
            break
        if line and rng.random() < ornament:
            move += rng.choice((-1, 1))
        chord = bar.chord_at(bar.start_beat + step * STEP)
        scale = chord_scale(bar.key, chord)
        if line:
            pitch = _move(pitch, move, scale)
        if pitch > middle + reach:
            pitch -= 12
        elif pitch < middle - reach:
            pitch += 12
        if not line or step % 4 == 0 or steps >= 3:
            pitch = min((nearest(tone, pitch) for tone in chord.tones), key=lambda tone: abs(tone - pitch))
        elif pitch % 12 not in scale:
            pitch = min((nearest(tone, pitch) for tone in scale), key=lambda tone: abs(tone - pitch))
        line.append((step, steps, pitch))
    if closes and line and rng.random() < 0.7:  # a phrase comes to rest
        step, _, pitch = next(note for note in reversed(line) if note[0] % 2 == 0 or note is line[0])
        chord = bar.chord_at(bar.start_beat + step * STEP)
        rest = min((nearest(tone, pitch) for tone in chord.tones[:3]), key=lambda tone: abs(tone - pitch))
        line = [note for note in line if note[0] < step] + [(step, steps_in(bar) - step, rest)]
    return line


def _move(pitch: int, steps: int, scale: tuple[int, ...]) -> int:
    direction = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        pitch += direction
        while pitch % 12 not in scale:
            pitch += direction
    return pitch
