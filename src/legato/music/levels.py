"""What a planned or asked level means on the scale that labels measure.

The grammar plans density, brightness and loudness as intentions from 0 to 1; what a style really sounds like
at an intention is measured on the corpus (`corpus.calibration`), and kept in `levels.json` beside this file.
The generator only ever hears levels of the measured kind.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any, TypeVar

import numpy as np

Level = TypeVar("Level", float, np.ndarray)
LEVELS = ("density", "brightness", "loudness")


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return json.loads((resources.files("legato") / "music" / "levels.json").read_text())


def planned_level(style: str, name: str, intention: float) -> float:
    """The measured level, 0–1, that a style typically has where the grammar intends `intention`, 0–1.

    A style that has not been measured is taken for the mean of the others.
    """
    table = _table()
    offsets = table["offset"]
    of_styles = [offsets[style]] if style in offsets else list(offsets.values())
    offset = sum(values[name] for values in of_styles) / len(of_styles)
    value = offset + table["slope"][name] * intention
    low, high = table["range"][name]
    return min(high, max(low, value))


def part_level(family: str, name: str) -> float:
    """What a family adds to a measured level, -1 to 1, where it plays in a band."""
    return _table()["part"][family][name]


def asked_level(name: str, knob: Level) -> Level:
    """The measured level of a performer's knob, 0–1: its ends are the ends of what the model has heard."""
    low, high = _table()["range"][name]
    return low + knob * (high - low)
