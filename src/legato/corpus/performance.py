"""From written notes to played ones: swing, dynamics, human hands."""

from __future__ import annotations

from random import Random

from legato.corpus.score import Note, without_overlaps
from legato.corpus.styles.craft import Arrangement, Song
from legato.music.model import Bar

_EARLIEST = 0.045  # beats a note may come before its place


def perform(
    notes: list[Note], song: Song, family: str, arrangement: Arrangement, swing: float, rng: Random
) -> list[Note]:
    """Swing, dynamics, human hands; ends cut where the family leaves."""
    beats_per_second = song.tempo / 60.0
    first, meter = song.bars[0], song.bars[0].beats
    played: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.start_beat, n.pitch)):
        position = note.start_beat - first.start_beat
        bar = song.bars[min(len(song.bars) - 1, int((position + 1e-6) // meter))]
        start = _swung(position, swing, arrangement.swing_unit)
        limit = _gate_end(song.bars, bar, family) - first.start_beat
        end = min(_swung(position + note.beats, swing, arrangement.swing_unit), limit)
        push = max(-_EARLIEST, rng.gauss(0.0, arrangement.human) * beats_per_second)
        if family == "drums" and note.pitch in (38, 39, 40) and note.velocity > 70:
            push += arrangement.late * beats_per_second
        start = max(0.0 if _plays_before(song.bars, bar, family) else bar.start_beat, start + push)
        accent = 1.0 + arrangement.dynamics * (bar.loudness - 0.65)
        velocity = round(note.velocity * accent + rng.gauss(0.0, 4.0))
        pitch = max(0, min(127, note.pitch))
        played.append(
            Note(round(start, 5), round(max(0.06, end - start), 5), pitch, max(12, min(127, velocity)))
        )
    return without_overlaps(played)


def _swung(beat: float, share: float, unit: float) -> float:
    """Bend time within each pair of `unit`s so that the first takes `share` of it."""
    pair, within = divmod(beat / (2 * unit), 1.0)
    bent = within * 2 * share if within < 0.5 else share + (within - 0.5) * 2 * (1 - share)
    return (pair + bent) * 2 * unit


def _plays_before(bars: list[Bar], bar: Bar, family: str) -> bool:
    number = bar.index - bars[0].index
    return number > 0 and bars[number - 1].gates[family]


def _gate_end(bars: list[Bar], bar: Bar, family: str) -> float:
    """Where the run of bars in which the family plays ends; a note in the last run may ring on."""
    number = bar.index - bars[0].index
    while number < len(bars) and bars[number].gates[family]:
        number += 1
    return bars[number - 1].end_beat if number < len(bars) else bars[-1].end_beat + 2.0
