"""A second voice to the lead: parallel thirds and sixths, or answers in the rests that it leaves."""

from __future__ import annotations

from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import Song, nearest
from legato.music.model import Bar
from legato.music.theory import chord_scale

SPARSEST = 0.3  # density below which the lead stays alone
_LONGEST = 4  # notes of an answer
_BREATH = 0.25  # beats between call and answer


def second_voice(lead: list[Note], song: Song, rng: Random) -> list[Note]:
    """What another player adds to a lead line, in one manner throughout.

    Args:
        lead: the line as written, on the grid.
        song: its bars; the second voice plays only where the lead family does.
        rng: draws the manner and the answers.

    Returns:
        Notes on the grid; empty where the lead leaves nothing to do.
    """
    line = _top(lead)
    if rng.random() < 0.4:
        return _parallel(line, song)
    return _answers(line, song, rng)


def _top(notes: list[Note]) -> list[Note]:
    """The highest note of each onset, in order."""
    highest: dict[float, Note] = {}
    for note in notes:
        if note.start_beat not in highest or note.pitch > highest[note.start_beat].pitch:
            highest[note.start_beat] = note
    return [highest[start] for start in sorted(highest)]


def _bar(song: Song, beat: float) -> Bar:
    first = song.bars[0]
    return song.bars[min(len(song.bars) - 1, int((beat - first.start_beat + 1e-6) // first.beats))]


def _parallel(line: list[Note], song: Song) -> list[Note]:
    """A third below each longer note, or a sixth where the chord wants it."""
    added = []
    for note in line:
        bar = _bar(song, note.start_beat)
        if bar.density < SPARSEST or note.beats < 0.4:
            continue
        chord = bar.chord_at(note.start_beat)
        tones = chord.tones if note.pitch % 12 in chord.tones else chord_scale(bar.key, chord)
        below = [note.pitch - step for step in (3, 4, 8, 9, 5) if (note.pitch - step) % 12 in tones]
        if below:
            added.append(Note(note.start_beat, note.beats, below[0], max(20, note.velocity - 16)))
    return added


def _answers(line: list[Note], song: Song, rng: Random) -> list[Note]:
    """The rhythm and shape of the notes before a rest, taken up in the rest on the chord of the moment."""
    added: list[Note] = []
    shift = rng.choice((-12, -5, -12, 3))
    for index, note in enumerate(line):
        gap_start = note.start_beat + min(note.beats, 1.0)
        following = line[index + 1].start_beat if index + 1 < len(line) else song.bars[-1].end_beat
        begin = -(-(gap_start + _BREATH) // 0.5) * 0.5
        call = line[max(0, index + 1 - _LONGEST) : index + 1]
        if following - begin < 1.0 or len(call) < 2 or rng.random() < 0.25:
            continue
        stretch = min(1.0, (following - begin) / max(0.5, call[-1].start_beat - call[0].start_beat + 0.5))
        for heard in call:
            beat = begin + (heard.start_beat - call[0].start_beat) * (1.0 if stretch == 1.0 else 0.5)
            bar = _bar(song, beat)
            if beat > following - 0.5 or not bar.gates["lead"] or bar.density < SPARSEST:
                break
            target = heard.pitch + shift
            tone = min(bar.chord_at(beat).tones, key=lambda t: abs(nearest(t, target) - target))
            beats = min(heard.beats, following - beat - 0.1, 1.5)
            added.append(Note(beat, max(0.15, beats), nearest(tone, target), max(20, heard.velocity - 10)))
    return added
