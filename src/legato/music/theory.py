"""Keys and chords as plain symbols: names in, pitch classes out.

Pitch classes are 0–11 with C = 0. Numpy-free and torch-free.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PITCH_CLASSES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
}
_MODE_ALIASES = {
    "": "major",
    "maj": "major",
    "ionian": "major",
    "m": "minor",
    "min": "minor",
    "aeolian": "minor",
    "natural minor": "minor",
}

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "mmaj7": (0, 3, 7, 11),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "7sus4": (0, 5, 7, 10),
    "7b9": (0, 4, 7, 10, 1),
    "add9": (0, 4, 7, 2),
    "madd9": (0, 3, 7, 2),
    "69": (0, 4, 7, 9, 2),
    "9": (0, 4, 7, 10, 2),
    "maj9": (0, 4, 7, 11, 2),
    "m9": (0, 3, 7, 10, 2),
    "m11": (0, 3, 7, 10, 5),
    "13": (0, 4, 7, 10, 9),
}
_QUALITY_ALIASES = {
    "maj": "",
    "M": "",
    "min": "m",
    "-": "m",
    "+": "aug",
    "o": "dim",
    "°": "dim",
    "M7": "maj7",
    "min7": "m7",
    "-7": "m7",
    "o7": "dim7",
    "ø": "m7b5",
    "sus": "sus4",
    "6/9": "69",
    "M9": "maj9",
    "min9": "m9",
}
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ROOT = re.compile(r"\s*([A-Ga-g])([#b♯♭]{0,2})(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Key:
    """A tonic (pitch class 0–11) and a mode (a key of `MODES`)."""

    root: int
    mode: str

    def __post_init__(self) -> None:
        if not 0 <= self.root < 12 or self.mode not in MODES:
            raise ValueError(
                f"key needs a root 0–11 and one of {', '.join(MODES)}, not {self.root} {self.mode!r}"
            )

    @property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes from the tonic upwards."""
        return tuple((self.root + step) % 12 for step in MODES[self.mode])

    @property
    def name(self) -> str:
        """As `parse_key` reads it, for example "A minor"."""
        return f"{PITCH_CLASSES[self.root]} {self.mode}"

    @property
    def minor(self) -> bool:
        """Whether the tonic triad is minor."""
        return 3 in MODES[self.mode]


@dataclass(frozen=True)
class Chord:
    """A root (pitch class 0–11) and a quality (a key of `QUALITIES`)."""

    root: int
    quality: str

    def __post_init__(self) -> None:
        if not 0 <= self.root < 12 or self.quality not in QUALITIES:
            raise ValueError(
                f"chord needs a root 0–11 and one of {', '.join(QUALITIES)}, not {self.quality!r}"
            )

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes, root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def name(self) -> str:
        """As `parse_chord` reads it, for example "Am7"."""
        return PITCH_CLASSES[self.root] + self.quality


def _root(text: str, kind: str, example: str) -> tuple[int, str]:
    match = _ROOT.match(text) if isinstance(text, str) and len(text) <= 40 else None
    if not match:
        raise ValueError(
            f"unknown {kind} {str(text)[:40]!r}: start with a note name A–G with optional # or b, {example}"
        )
    letter, accidentals, rest = match.groups()
    shift = sum(1 if sign in "#♯" else -1 for sign in accidentals)
    return (_LETTERS[letter.upper()] + shift) % 12, rest.strip()


def parse_key(text: str) -> Key:
    """Read a key: "A minor", "C", "Am", "F# minor", "Bb dorian".

    Raises:
        ValueError: the text is no key; the message names the valid choices.
    """
    root, rest = _root(text, "key", 'for example "A minor"')
    mode = rest if rest in ("m", "M") else " ".join(rest.lower().replace("_", " ").replace("-", " ").split())
    mode = "major" if mode == "M" else _MODE_ALIASES.get(mode, mode)
    if mode not in MODES:
        raise ValueError(f"unknown mode {rest!r} in key {text!r}: choose one of {', '.join(MODES)}")
    return Key(root, mode)


def parse_chord(text: str) -> Chord:
    """Read a chord: "Am7", "F#", "Bbmaj7", "Gsus4".

    Raises:
        ValueError: the text is no chord; the message names the valid choices.
    """
    root, rest = _root(text, "chord", 'for example "Am7"')
    quality = _QUALITY_ALIASES.get(rest, rest)
    if quality not in QUALITIES:
        choices = ", ".join(name or "(none: major)" for name in QUALITIES)
        raise ValueError(f"unknown chord quality {rest!r} in {text!r}: choose one of {choices}")
    return Chord(root, quality)


_NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_NUMERAL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)$")
_MINOR_SUFFIXES = {"": "m", "7": "m7", "9": "m9", "11": "m11", "6": "m6", "7b5": "m7b5", "add9": "madd9"}
_MINOR_SUFFIXES |= {"o": "dim", "o7": "dim7", "maj7": "mmaj7"}


def roman(text: str, key: Key) -> Chord:
    """A roman numeral, counted from the major scale on the tonic: "ii7", "bVImaj7", "V7b9", "viio".

    Lower case is minor; the suffix is a quality of `QUALITIES` ("o" diminished, "7b5" half-diminished).

    Raises:
        ValueError: no such numeral or quality.
    """
    match = _NUMERAL.match(text)
    if not match:
        raise ValueError(f"unknown numeral {text!r}: write for example ii7, bVImaj7 or V7")
    accidental, numeral, suffix = match.groups()
    step = _NUMERALS[numeral.upper()] + {"": 0, "b": -1, "#": 1}[accidental]
    quality = _MINOR_SUFFIXES.get(suffix, suffix) if numeral.islower() else suffix
    return Chord((key.root + step) % 12, quality)


def diatonic(key: Key, degree: int, seventh: bool = False) -> Chord:
    """The chord of stacked thirds on a degree (0–6) of a seven-note scale, or of its parent scale."""
    parents = {"major pentatonic": "major", "minor pentatonic": "minor", "blues": "dorian"}
    scale = Key(key.root, parents.get(key.mode, key.mode)).scale
    root = scale[degree % 7]
    wanted = {(scale[(degree + third) % 7] - root) % 12 for third in ((0, 2, 4, 6) if seventh else (0, 2, 4))}
    for quality, steps in QUALITIES.items():
        if set(steps) == wanted:
            return Chord(root, quality)
    return diatonic(key, degree) if seventh else Chord(root, "5")


def chord_scale(key: Key, chord: Chord) -> tuple[int, ...]:
    """Pitch classes that sound well over a chord, ascending from its root.

    The chord's tones, and the key's tones that do not lie a semitone beside a tone foreign to the key.
    """
    foreign = [tone for tone in chord.tones if tone not in key.scale]
    clear = [tone for tone in key.scale if all((tone - other) % 12 not in (1, 11) for other in foreign)]
    return tuple(sorted(set(clear) | set(chord.tones), key=lambda tone: (tone - chord.root) % 12))
