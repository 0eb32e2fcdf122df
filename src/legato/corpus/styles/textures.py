"""Noise that lies under the music."""

from __future__ import annotations

from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import Song, Writer
from legato.music.model import Bar

_PITCH = 60  # means nothing


def bed(family: str = "chords") -> Writer:
    """A texture under every stretch in which a family plays."""

    def write(song: Song, rng: Random) -> list[Note]:
        return [
            Note(stretch[0].start_beat, stretch[-1].end_beat - stretch[0].start_beat, _PITCH, 90)
            for stretch in _stretches(song, family)
        ]

    return write


def _stretches(song: Song, family: str) -> list[list[Bar]]:
    """Runs of bars in which the family plays."""
    found: list[list[Bar]] = []
    for bar in song.playing(family):
        if found and found[-1][-1].index == bar.index - 1:
            found[-1].append(bar)
        else:
            found.append([bar])
    return found
