"""Chords for what a performer holds: the planned chord where it agrees, else one that does."""

from __future__ import annotations

from functools import lru_cache

from legato.music.theory import QUALITIES, Chord, Key, diatonic

CHORD = 3  # different pitch classes held that make a chord of their own
_USUAL = (
    "",
    "m",
    "7",
    "m7",
    "maj7",
    "sus4",
    "sus2",
    "6",
    "m6",
    "dim",
    "m7b5",
    "add9",
    "m9",
    "maj9",
    "9",
    "aug",
)


def pitch_classes(notes: tuple[int, ...]) -> tuple[int, ...]:
    """The different pitch classes of MIDI notes, the lowest note's first."""
    return tuple(dict.fromkeys(note % 12 for note in sorted(notes)))


@lru_cache(maxsize=256)
def chord_for(held: tuple[int, ...], planned: Chord, key: Key) -> Chord:
    """The chord that goes with held notes.

    One or two notes are taken as tones of a chord of the key, near the planned one; three or more as the
    chord itself, whatever the key.

    Args:
        held: pitch classes, the lowest note's first; may be empty.
        planned: what would sound without them; kept where it contains them all.
        key: of the bar.
    """
    if set(held) <= set(planned.tones):
        return planned
    if len(held) < CHORD:
        choices = [diatonic(key, degree, seventh) for degree in range(7) for seventh in (False, True)]
        choices = [chord for chord in choices if set(held) <= set(chord.tones)]
        if choices:
            return max(choices, key=lambda chord: (_shared(chord, planned), -len(chord.tones)))
    choices = [Chord(root, quality) for root in range(12) for quality in _USUAL if quality in QUALITIES]
    return min(choices, key=lambda chord: _distance(chord, held, planned, key))


def _shared(chord: Chord, other: Chord) -> float:
    return len(set(chord.tones) & set(other.tones)) / len(chord.tones)


def _distance(chord: Chord, held: tuple[int, ...], planned: Chord, key: Key) -> float:
    """Missed tones weigh most, then added ones, tones foreign to the key, and a root other than the bass."""
    missed, added = set(held) - set(chord.tones), set(chord.tones) - set(held)
    foreign = set(chord.tones) - set(key.scale) - set(held)
    return (
        4.0 * len(missed)
        + 1.0 * len(added)
        + 0.6 * len(foreign)
        + 0.5 * (chord.root != held[0])
        - 0.2 * _shared(chord, planned)
    )
