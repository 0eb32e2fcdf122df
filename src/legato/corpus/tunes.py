"""Traditional melodies of the public domain, as degrees and lengths: `tunes.txt`, read on first use.

A line of the file: title, source, metre, mode and notes, tab-separated. A note is a letter for the degree of
the scale (`h` the tonic, `i` the second, `a` the tonic below; `z` a rest) and its sixteenths (none: 2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LINE = "\t"
_TONIC = ord("h")
_BAR = {"4/4": 16, "2/4": 8, "3/4": 12, "6/8": 12, "9/8": 18}


@dataclass(frozen=True)
class Tune:
    """One melody, from a full bar on; it may be played round and round."""

    title: str
    source: str  # collection it was printed in
    meter: str  # as notated: 4/4, 2/4, 3/4, 6/8, 9/8
    mode: str  # major, mixolydian, dorian, minor
    notes: tuple[
        tuple[int | None, int], ...
    ]  # (degree from the tonic, 7 to the octave; None a rest), sixteenths

    @property
    def bar_length(self) -> int:
        """Sixteenths in a notated bar."""
        return _BAR[self.meter]

    @property
    def length(self) -> int:
        """Sixteenths in all: whole bars."""
        return sum(length for _, length in self.notes)


def write_notes(notes: tuple[tuple[int | None, int], ...]) -> str:
    """The last column of a line."""
    return "".join(
        ("z" if degree is None else chr(_TONIC + degree)) + ("" if length == 2 else str(length))
        for degree, length in notes
    )


def read_notes(text: str) -> tuple[tuple[int | None, int], ...]:
    """The inverse of `write_notes`."""
    return tuple(
        (None if letter == "z" else ord(letter) - _TONIC, int(length or 2))
        for letter, length in re.findall(r"([a-z])(\d*)", text)
    )


@cache
def _all() -> tuple[Tune, ...]:
    lines = files("legato.corpus").joinpath("tunes.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(LINE) for line in lines if line and not line.startswith("#")]
    return tuple(
        Tune(title, source, meter, mode, read_notes(notes)) for title, source, meter, mode, notes in rows
    )


@cache
def tunes(meters: tuple[str, ...] = tuple(_BAR), minor: bool | None = None) -> tuple[Tune, ...]:
    """The melodies of some metres and, unless None, of minor (dorian, minor) or major modes only."""
    return tuple(
        tune for tune in _all() if tune.meter in meters and minor in (None, tune.mode in ("dorian", "minor"))
    )
