"""Further sound sets that the corpus is played with where they are installed: what each is and how to get it.

The first soundfont plays everything; these vary it. A set that is missing is left out with a sentence, or
refused where the settings are strict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from legato.corpus.errors import CorpusError

Told = Callable[[str], None]
"""Hears one sentence."""


@dataclass(frozen=True)
class SoundSet:
    """A set of sounds that a package manager brings.

    Attributes:
        places: where it may lie, the first found is used; a soundfont's file or a folder of samples.
        package: of apt.
        licence: as its package states it.
        samples: single recordings rather than a soundfont.
    """

    places: tuple[str, ...]
    package: str
    licence: str
    samples: bool = False


SETS: dict[str, SoundSet] = {
    "musescore": SoundSet(
        tuple(
            f"{folder}/MuseScore_General_Lite.sf3"
            for folder in ("/usr/share/sounds/sf3", "/usr/share/soundfonts", "/usr/local/share/sounds/sf3")
        ),
        "musescore-general-soundfont-small",
        "MIT, parts public domain or CC0",
    ),
    "sonic-pi": SoundSet(
        ("/usr/share/sonic-pi/samples", "/usr/local/share/sonic-pi/samples"),
        "sonic-pi-samples",
        "CC0",
        samples=True,
    ),
}


def installed(names: Sequence[str], *, strict: bool = False, told: Told | None = None) -> dict[str, Path]:
    """The sets of those names that are there, and where.

    Args:
        names: keys of `SETS`.
        strict: refuse when one is missing.
        told: hears of each that is left out, and why.

    Raises:
        CorpusError: an unknown name, or `strict` and a set is missing.
    """
    found = {}
    for name in names:
        if name not in SETS:
            raise CorpusError(f"unknown sound set {name!r}; there are {', '.join(SETS)}")
        one = SETS[name]
        place = next((Path(p) for p in one.places if Path(p).exists()), None)
        lacking = None if place else f"install the apt package {one.package}"
        if place and one.samples and find_spec("soundfile") is None:
            lacking = "reading it needs pip install 'legato[flac]'"
        if place and not lacking:
            found[name] = place
        elif strict:
            raise CorpusError(f"the sound set {name!r} is missing: {lacking}, or take it out of corpus.sets")
        elif told:
            told(f"the sound set {name!r} is missing and left out: {lacking} to have it")
    return found
