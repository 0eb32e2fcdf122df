"""Leads that play a traditional melody: drawn to suit the harmony, then bent to it where they disagree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.accord import agreed
from legato.corpus.styles.craft import Song, Writer, nearest
from legato.corpus.styles.melody import melody
from legato.corpus.tunes import Tune, tunes
from legato.music.model import Bar
from legato.music.theory import MODES, Chord, Key, chord_scale

# (notated metre, beats per sixteenth) by the dance a band plays; others take tunes as notated.
_DANCES: dict[str, tuple[tuple[str, float], ...]] = {
    "jig": (("6/8", 1 / 6),),
    "slip jig": (("9/8", 1 / 6),),
    "reel": (("4/4", 1 / 8), ("2/4", 1 / 4)),
    "waltz": (("3/4", 1 / 4),),
}
_NOTATED = {4: (("4/4", 1 / 4), ("2/4", 1 / 4)), 3: (("3/4", 1 / 4),), 2: (("2/4", 1 / 4),)}
_TRIED, _BEST = 36, 5  # starts compared with the harmony, and how many of the best are drawn from
_HEARD = 8  # bars over which they are compared
_SKELETON = ((0.2, 2.0), (0.4, 1.0))  # below a density, only notes on every so many beats
_BUSY = 0.66  # density from which long notes are broken up

Event = tuple[float, float, int]  # (beat, beats, degree), from the start of the song


@dataclass(frozen=True)
class _Choice:
    tune: Tune
    unit: float  # beats per sixteenth
    start: float  # beats of the tune before the song begins


def dance(song: Song) -> str:
    """Which dance the band plays: jig or reel in four beats, slip jig or waltz in three, "" in others."""
    rng = agreed(song, "dance")
    return {4: "jig" if rng.random() < 0.5 else "reel", 3: "slip jig" if rng.random() < 0.3 else "waltz"}.get(
        song.bars[0].beats, ""
    )


def tune(
    centre: float = 74,
    *,
    dancing: bool = False,
    graces: float = 0.0,
    length: float = 0.94,
    octave: int = 0,
    family: str = "lead",
) -> Writer:
    """A player of traditional melodies; all who play them in one song play the same.

    Strong beats are chord tones, whatever the harmony; contour and rhythm stay the tune's. Below a density of
    0.4 only its skeleton is played, above 0.66 its long notes are turned and broken up. In metres without
    tunes it is a `melody`.

    Args:
        centre: MIDI middle; brightness moves it by an octave at most.
        dancing: at the pace and metre of the band's `dance`, else as notated.
        graces: chance of a short note above each note on a beat.
        length: share of each note that sounds.
        octave: octaves above (or below) the others.
        family: whose gate it follows.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        choice = _choose(song, dancing)
        if choice is None:
            return melody(centre=centre, family=family)(song, rng)
        events = _events(choice, song)
        key = song.bars[0].key
        bright = sum(bar.brightness for bar in song.bars) / len(song.bars)
        degrees = [degree for _, _, degree in events]
        tonic = nearest(key.root, centre + 8 * (bright - 0.5) - 1.7 * sum(degrees) / len(degrees))
        pitch, notes = tonic, []
        for bar in song.playing(family):
            for beat, beats, degree in _in_bar(events, bar, song.bars[0].start_beat, choice.unit):
                strong = beat % 1.0 < 1e-6 or beats >= 0.99
                wanted = _pitch(degree, key, tonic)
                pitch = _fitted(wanted, bar, bar.chord_at(beat), strong, pitch)
                notes += _stroke(pitch + 12 * octave, beat, beats, bar, graces, length, rng)
        return notes

    return write


def _choose(song: Song, dancing: bool) -> _Choice | None:
    """A melody and where to begin in it, drawn among those that suit the chords."""
    rng = agreed(song, "tune")
    beats = song.bars[0].beats
    kinds = _DANCES.get(dance(song), ()) if dancing else _NOTATED.get(beats, ())
    minor = song.bars[0].key.minor
    found = [
        _Choice(melody, unit, start)
        for meter, unit in kinds
        for melody in tunes((meter,), minor)
        for start in _phrases(melody, unit, beats)
    ]
    if not found:
        return None
    tried = rng.sample(found, min(_TRIED, len(found)))
    opening = replace(song, bars=song.bars[:_HEARD])
    return rng.choice(sorted(tried, key=lambda choice: -_fit(choice, opening))[:_BEST])


def _phrases(melody: Tune, unit: float, beats: int) -> list[float]:
    """Where phrases begin, in beats: every four bars of the song, or the start alone."""
    total, phrase = melody.length * unit, 4.0 * beats
    return [phrase * index for index in range(max(1, int(total / phrase)))]


def _fit(choice: _Choice, song: Song) -> float:
    """Share of the beats on which the tune has a chord tone."""
    key = song.bars[0].key
    strong = [event for event in _events(choice, song) if event[0] % 1.0 < 1e-6]
    agreeing = 0
    for beat, _, degree in strong:
        bar = song.bars[int(beat / song.bars[0].beats)]
        agreeing += (
            _pitch(degree, key, key.root) % 12 in bar.chord_at(bar.start_beat + beat % bar.beats).tones
        )
    return agreeing / max(1, len(strong))


def _events(choice: _Choice, song: Song) -> list[Event]:
    """The tune round and round from its start, cut at the song's bar lines."""
    meter = song.bars[0].beats
    end = float(meter * len(song.bars))
    events: list[Event] = []
    sixteenth = -round(choice.start / choice.unit)
    while sixteenth * choice.unit < end - 1e-6:
        for degree, length in choice.tune.notes:
            start, stop = sixteenth * choice.unit, (sixteenth + length) * choice.unit
            sixteenth += length
            while degree is not None and start < min(stop, end) - 1e-6:
                line = meter * (int(start / meter + 1e-6) + 1)
                if start >= -1e-6:
                    events.append((max(0.0, start), min(stop, line) - start, degree))
                start = float(min(stop, line))
    return events


def _in_bar(events: list[Event], bar: Bar, origin: float, unit: float) -> list[Event]:
    """The bar's events, timed as the bar is: its skeleton when sparse, broken up when dense."""
    inside = [
        (beat + origin, beats, degree)
        for beat, beats, degree in events
        if bar.start_beat - 1e-6 <= beat + origin < bar.end_beat - 1e-6
    ]
    if not inside:
        return [(bar.start_beat, float(bar.beats), 0)]
    grid = next((grid for density, grid in _SKELETON if bar.density < density), 0.0)
    if grid:
        return _skeleton(inside, bar, grid)
    return _broken(inside, unit * 2) if bar.density >= _BUSY else inside


def _skeleton(events: list[Event], bar: Bar, grid: float) -> list[Event]:
    kept = [event for event in events if (event[0] - bar.start_beat) % grid < 1e-6] or events[:1]
    ends = [event[0] for event in kept[1:]] + [bar.end_beat]
    return [(beat, end - beat, degree) for (beat, _, degree), end in zip(kept, ends, strict=True)]


def _broken(events: list[Event], step: float) -> list[Event]:
    """Long notes as turns: the note and its upper neighbour in alternation."""
    broken: list[Event] = []
    for beat, beats, degree in events:
        count = max(1, int(beats / step + 1e-6))
        turns = [degree + (index % 2) for index in range(count)]
        if count > 1 and count % 2 == 0:
            turns[-1] = degree - 1
        starts = [beat + index * step for index in range(count)]
        ends = [*starts[1:], beat + beats]
        broken += [(start, end - start, turn) for start, end, turn in zip(starts, ends, turns, strict=True)]
    return broken


def _pitch(degree: int, key: Key, tonic: int) -> int:
    scale = MODES[key.mode]
    if len(scale) != 7:
        scale = MODES["dorian" if key.minor else "major"]
    return tonic + 12 * (degree // 7) + scale[degree % 7]


def _fitted(pitch: int, bar: Bar, chord: Chord, strong: bool, before: int) -> int:
    """The nearest pitch that suits the chord; of two as near, the one on the side the line comes from."""
    allowed = chord.tones if strong else chord_scale(bar.key, chord)
    if pitch % 12 in allowed:
        return pitch
    near = [candidate for candidate in range(pitch - 5, pitch + 6) if candidate % 12 in allowed]
    return min(near, key=lambda candidate: (abs(candidate - pitch), abs(candidate - before)))


def _stroke(
    pitch: int, beat: float, beats: float, bar: Bar, graces: float, length: float, rng: Random
) -> list[Note]:
    on_beat = beat % 1.0 < 1e-6
    velocity = (104 if beat - bar.start_beat < 1e-6 else 98 if on_beat else 86) + rng.randint(-4, 4)
    sounding = max(0.1, beats * length)
    if on_beat and beats > 0.3 and rng.random() < graces * (0.5 + bar.density):
        scale = chord_scale(bar.key, bar.chord_at(beat))
        above = next(candidate for candidate in range(pitch + 1, pitch + 13) if candidate % 12 in scale)
        cut = Note(beat, 0.07, above, velocity - 22)
        return [cut, Note(beat + 0.08, sounding - 0.08, pitch, velocity)]
    return [Note(beat, sounding, pitch, velocity)]
