"""One band of several sound sets: in a share of clips, some parts are played by another set than the first.

What plays a part is drawn from the clip's seed and the part's place alone, so that clips repeat as long as
the same sets are installed. A preset plays only parts all of whose notes it sounds: sets have presets that
are near silent in this player, and ones whose samples end within reach of a keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from legato.corpus import synth
from legato.corpus.builtin import BuiltinVoices
from legato.corpus.played import PlayedNote, Player
from legato.corpus.sampled import Samples
from legato.corpus.sets import SETS
from legato.corpus.soundfont import SoundFontVoices

BLENDED = 0.6  # share of clips that further sets play in
OTHER = 0.5  # share of their parts that a further set plays
GOAL_DB = -24.0  # level of every preset at velocity 90: sets differ by twenty decibels
QUIET_DB = -45.0  # a preset whose loudest note of a part is below is broken
_SPAN_DB = {0: 20.0, 128: 40.0}  # within which the notes of a part, or the hits of a kit, must lie
_SEED = 3  # keeps the draws apart from those of mix and captions


@dataclass(frozen=True)
class _Levelled:
    """A soundfont at the level of all others."""

    font: SoundFontVoices
    gain: float

    @property
    def name(self) -> str:
        """The soundfont's."""
        return self.font.name

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """See `Player.play`."""
        return self.font.play(notes, program, bank, samples) * np.float32(self.gain)


class Blend:
    """Voices of several sets.

    Args:
        main: plays what no other set does.
        places: of `sets.installed`. Further soundfonts are read when first drawn: that takes seconds.
    """

    def __init__(self, main: SoundFontVoices | BuiltinVoices, places: Mapping[str, Path]) -> None:
        self.main = main
        self.samples = [Samples(path) for name, path in places.items() if SETS[name].samples]
        self._paths = [path for name, path in places.items() if not SETS[name].samples]
        names = [main.name, *(path.name for path in self._paths), *(one.name for one in self.samples)]
        self.name = " + ".join(names)

    @cached_property
    def further(self) -> list[SoundFontVoices]:
        """Soundfonts beside the main one."""
        return [SoundFontVoices(path) for path in self._paths]

    def band(self, seed: int) -> _Band:
        """See `Voices.band`."""
        return _Band(self, np.random.default_rng([seed, _SEED]))


class _Band:
    """Draws what plays each part of one clip, in the order of the parts."""

    def __init__(self, blend: Blend, rng: np.random.Generator) -> None:
        self._blend, self._rng = blend, rng
        self._blended = rng.random() < BLENDED

    def player(self, notes: list[PlayedNote], program: int | str, bank: int) -> Player:
        """See `Band.player`."""
        share, which = self._rng.random(2)  # both, whatever is installed
        other = self._blended and share < OTHER
        if isinstance(program, str):
            drawn = (one.player(program, notes, which) for one in self._blend.samples if other)
            return next((player for player in drawn if player), synth.SYNTHESIS)
        main = self._blend.main
        pitches = sorted({note.pitch for note in notes})
        if not other and (isinstance(main, BuiltinVoices) or _fits(main, program, bank, pitches)):
            return _at_goal(main, program, bank, pitches)
        further = self._blend.further
        turn = int(which * len(further))
        fonts: list[SoundFontVoices | BuiltinVoices] = [*further[turn:], *further[:turn], main]
        fitting = [
            font for font in fonts if isinstance(font, BuiltinVoices) or _fits(font, program, bank, pitches)
        ]
        return _at_goal(fitting[0] if fitting else main, program, bank, pitches)


def _fits(font: SoundFontVoices, program: int, bank: int, pitches: list[int]) -> bool:
    """Whether a preset sounds every note of a part, none far below the others."""
    found = [font.level_db(program, bank, pitch) for pitch in pitches]
    return max(found) >= QUIET_DB and min(found) >= max(found) - _SPAN_DB[bank]


def _at_goal(font: SoundFontVoices | BuiltinVoices, program: int, bank: int, pitches: list[int]) -> Player:
    if isinstance(font, BuiltinVoices):
        return font
    level = float(np.median([font.level_db(program, bank, pitch) for pitch in pitches]))
    return _Levelled(font, 10 ** (min(40.0, GOAL_DB - level) / 20))
