"""What the players of a band agree on before they start: the same for every part of a song."""

from __future__ import annotations

from random import Random

from legato.corpus.styles.craft import Song


def agreed(song: Song, purpose: str) -> Random:
    """A generator that is the same for all who ask for the same purpose in the same song."""
    first = song.bars[0]
    return Random(
        f"{purpose}:{song.tempo}:{first.key.name}:{first.brightness}:{first.loudness}:{first.chords}"
    )
