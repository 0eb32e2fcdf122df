"""A note as a sound source hears it: in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlayedNote:
    """A note in seconds from the start of the clip."""

    start: float
    end: float
    pitch: int
    velocity: int
