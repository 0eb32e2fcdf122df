"""What a prompt says in plain words: tempo, key, drums or none, dense or sparse.

An embedding blurs such words; where they are explicit the conductor takes them literally.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from legato.conditioning import FAMILIES
from legato.music.theory import MODES, Key, parse_key

_BPM = re.compile(r"\b(\d{2,3}(?:\.\d+)?)\s*bpm\b", re.I)
_KEY = re.compile(rf"\b([A-G](?:#|b|♯|♭)?)[ -]({'|'.join(sorted(MODES, key=len, reverse=True))})\b", re.I)
_ABSENT = {
    family: re.compile(rf"\b(?:no|without(?: any)?) {family.removesuffix('s')}s?\b", re.I)
    for family in FAMILIES
}
_NO_DRUMS = re.compile(r"\b(?:drumless|beatless|without a beat|no beat)\b", re.I)
_LEVELS = {
    "density": (r"\b(?:busy|dense|energetic|intense|frantic)\b", r"\b(?:sparse|minimal|sparing|empty)\b"),
    "brightness": (r"\b(?:bright|brilliant|crisp|sparkling)\b", r"\b(?:dark|muffled|murky|dull)\b"),
    "loudness": (r"\b(?:loud|powerful|heavy)\b", r"\b(?:quiet|soft|gentle|hushed)\b"),
}
_PACE = (r"\b(?:fast|quick|uptempo|up-tempo|rapid)\b", r"\b(?:slow|downtempo|slowly|unhurried)\b")
_SHIFT = 0.2  # of a level, for a word that asks for more or less of it


@dataclass(frozen=True)
class Hints:
    """Explicit wishes found in the prompts; what was not said is absent."""

    bpm: float | None = None
    key: Key | None = None
    pace: int = 0  # -1 slow, 1 fast
    gates: Mapping[str, bool] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)  # added to the planned level

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "bpm": self.bpm,
            "key": self.key.name if self.key else None,
            "pace": self.pace,
            "gates": dict(self.gates),
            "levels": dict(self.levels),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Hints:
        """The inverse of `to_dict`."""
        key = parse_key(data["key"]) if data["key"] else None
        return cls(data["bpm"], key, data["pace"], dict(data["gates"]), dict(data["levels"]))


def read_hints(prompts: Mapping[str, float]) -> Hints:
    """Hints of weighted prompts: the strongest prompt that names a thing decides it, levels are blended."""
    total = sum(prompts.values())
    texts = sorted(prompts, key=lambda text: -prompts[text])
    bpm = next((value for text in texts if (value := _bpm(text))), None)
    key = next((value for text in texts if (value := _key(text))), None)
    pace = next((value for text in texts if (value := _lean(text, *_PACE))), 0)
    gates = {family: False for family in FAMILIES if texts and _absent(texts[0], family)}
    levels = {
        name: _SHIFT * sum(prompts[text] * _lean(text, *words) for text in texts) / total
        for name, words in _LEVELS.items()
    }
    return Hints(bpm, key, pace, gates, {name: shift for name, shift in levels.items() if shift})


def _bpm(text: str) -> float | None:
    match = _BPM.search(text)
    return float(match[1]) if match and 40 <= float(match[1]) <= 240 else None


def _key(text: str) -> Key | None:
    match = _KEY.search(text)
    return parse_key(f"{match[1].capitalize()} {match[2]}") if match else None


def _absent(text: str, family: str) -> bool:
    return bool(_ABSENT[family].search(text)) or (family == "drums" and bool(_NO_DRUMS.search(text)))


def _lean(text: str, more: str, less: str) -> int:
    return bool(re.search(more, text, re.I)) - bool(re.search(less, text, re.I))
