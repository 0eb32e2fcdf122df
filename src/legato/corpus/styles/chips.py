"""Writing for sound chips of three voices: chords as fast arpeggios, echoes, jumping tunes."""

# Patterns are tables: several to a row read better than wrapped ones.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.accord import agreed
from legato.corpus.styles.craft import STEP, Song, Writer, by_density, events, nearest, split_at_chords
from legato.corpus.styles.harmony import voice
from legato.corpus.styles.melody import melody
from legato.music.model import Bar
from legato.music.theory import chord_scale

_RHYTHMS = (
    (0.0, "x---------------"), (0.25, "x-------x-------"), (0.25, "x-----x---------"),
    (0.4, "x---x---x---x---"), (0.4, "x--x--x---x-x---"), (0.6, "x-x-x-x-x-x-x-x-"),
    (0.6, "x--x--x-x--x--x-"), (0.6, "x-x---x-x-x---x-"),
)  # fmt: skip
_ORDERS = ((0, 1, 2), (0, 1, 2, 3), (2, 1, 0), (0, 2, 1, 3), (0, 1, 2, 1), (0, 3, 2, 1))
# By density: beats from one tone of a chord to the next.
_SPEEDS = ((0.2, 1.0), (0.4, 0.5), (0.7, 0.25), (0.88, 1 / 6), (1.01, 0.125))


def fast_arpeggio(centre: float = 67) -> Writer:
    """Chords as a chip plays them: one voice that races through the tones, softer after each stroke.

    Args:
        centre: MIDI middle; brightness moves it by up to five semitones.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitches: list[int] = []
        chosen: dict[tuple[str, int], tuple[str, tuple[int, ...]]] = {}
        fade = rng.choice((0.0, 2.0, 5.0))
        for bar in song.playing("chords"):
            key = (bar.section, int(bar.density * 5))
            fresh = (by_density(_RHYTHMS, bar.density, rng), rng.choice(_ORDERS))
            pattern, order = chosen.setdefault(key, fresh)
            speed = next(beats for density, beats in _SPEEDS if bar.density < density)
            for beat, beats, _ in events(pattern, bar):
                for start, held, chord in split_at_chords(bar, bar.start_beat + beat, beats):
                    pitches = voice(chord, pitches, centre + 10 * (bar.brightness - 0.5), 3)
                    ladder = [*pitches, pitches[0] + 12]
                    for index in range(max(1, round(held / speed))):
                        pitch = ladder[order[index % len(order)]]
                        velocity = round(100 if not index else max(56, 78 - fade * index))
                        length = min(speed, held - index * speed)
                        notes.append(Note(start + index * speed, max(0.07, length * 0.95), pitch, velocity))
        return notes

    return write


_JUMPS = (
    "x---------------", "x-------x-------", "x-----x---x-----", "x---x---x-x-x---", "x-x-x---x-x-x---", "x--x--x-x---x---",
    "x-xx-.x-x-xx-.x-", "x.x.xx.xx.x.x.x.", "xx.xx.x-xx.xx.x-", "x-xxx-xxx-x-x-x-", "xxx.xxx.x-x-xx.x", "xxxxx-x-xxxxx-x-",
)  # fmt: skip


def jumping_tune(centre: float = 76) -> Writer:
    """The tune of a game: short notes, broken chords leapt through, a grace from the semitone below.

    Both voices of the chip read the same tune, so that one can echo the other.
    """
    plain = melody(_JUMPS, centre, 11, 0.45, 0.8, 0.08)

    def write(song: Song, rng: Random) -> list[Note]:
        own = agreed(song, "tune")
        notes: list[Note] = []
        for note in plain(song, own):
            bar = _bar_of(song, note.start_beat)
            draw = own.random()
            if draw < 0.18 and note.beats >= 0.7 and bar.density > 0.3:  # a broken chord up to the note
                notes += _flick(bar, note)
            elif draw < 0.3 and note.beats >= 0.4:
                notes.append(Note(note.start_beat, 0.07, note.pitch - 1, note.velocity - 15))
                notes.append(replace(note, start_beat=note.start_beat + 0.07, beats=note.beats - 0.07))
            else:
                notes.append(note)
        return notes

    return write


def _flick(bar: Bar, note: Note) -> list[Note]:
    chord = bar.chord_at(note.start_beat)
    below = [low for low in range(note.pitch - 2, note.pitch - 15, -1) if low % 12 in chord.tones][:2]
    flicks = [
        Note(note.start_beat + 0.125 * i, 0.11, low, note.velocity - 8) for i, low in enumerate(below[::-1])
    ]
    shift = 0.125 * len(flicks)
    return [*flicks, replace(note, start_beat=note.start_beat + shift, beats=max(0.12, note.beats - shift))]


def echo(writer: Writer, beats: float = 0.75, level: float = 0.55) -> Writer:
    """A second voice that follows a line at a distance, softer, wherever the line's family still plays.

    Args:
        writer: the line; must write the same for every voice of a song.
        beats: how far behind.
        level: velocity against the line's.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        late = [
            replace(note, start_beat=note.start_beat + beats, velocity=round(note.velocity * level))
            for note in writer(song, rng)
        ]
        return [_agreeing(song, note) for note in late if _sounds(song, note.start_beat)]

    return write


def _sounds(song: Song, beat: float) -> bool:
    return beat < song.bars[-1].end_beat - 0.1 and _bar_of(song, beat).gates["lead"]


def _agreeing(song: Song, note: Note) -> Note:
    """The note moved onto the scale of the chord it falls on."""
    bar = _bar_of(song, note.start_beat)
    scale = chord_scale(bar.key, bar.chord_at(note.start_beat))
    if note.pitch % 12 in scale:
        return note
    pitch = min((nearest(tone, note.pitch) for tone in scale), key=lambda tone: abs(tone - note.pitch))
    return replace(note, pitch=pitch)


def harmony_voice(writer: Writer) -> Writer:
    """A second voice that plays the line's longer notes a chord tone below."""

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        for note in writer(song, rng):
            chord = _bar_of(song, note.start_beat).chord_at(note.start_beat)
            if note.beats < STEP * 1.5:
                continue
            below = next(low for low in range(note.pitch - 3, note.pitch - 16, -1) if low % 12 in chord.tones)
            notes.append(replace(note, pitch=below, velocity=round(note.velocity * 0.75)))
        return notes

    return write


def _bar_of(song: Song, beat: float) -> Bar:
    first = song.bars[0]
    return song.bars[max(0, min(len(song.bars) - 1, int((beat - first.start_beat + 1e-6) // first.beats)))]
