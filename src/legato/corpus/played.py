"""Notes as sound sources hear them, and what sources are.

N samples at 48 kHz. A source plays one part at a time, dry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class PlayedNote:
    """A note in seconds from the start of the clip."""

    start: float
    end: float
    pitch: int
    velocity: int


class Player(Protocol):
    """Plays the notes of a part."""

    @property
    def name(self) -> str:
        """Recorded in the manifest."""
        ...

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """Dry sound of one part, float32 [samples, 2]; notes may ring past the end and are cut.

        Args:
            notes: what to play.
            program: of General MIDI, or the name of a patch or kit of `synth`.
            bank: of the program: 0, or 128 for drums; names have none.
            samples: how much.
        """
        ...


class Band(Protocol):
    """The sources of one clip."""

    def player(self, notes: list[PlayedNote], program: int | str, bank: int) -> Player:
        """What plays a part of these notes; for the arguments see `Player.play`."""
        ...


class Voices(Protocol):
    """The sources of all clips."""

    @property
    def name(self) -> str:
        """Of everything it plays with; recorded in the manifest."""
        ...

    def band(self, seed: int) -> Band:
        """The sources of the clip of that seed."""
        ...
