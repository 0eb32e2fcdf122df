"""What a performer may ask for: validated controls and weighted prompts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from legato.music.theory import parse_chord, parse_key

MAX_PROMPTS = 8
MAX_PROMPT_CHARACTERS = 500
MAX_WEIGHT = 100.0
MAX_NOTES = 16
LOWEST_NOTE, HIGHEST_NOTE = 21, 108
MAX_SEED = 2**31 - 1
STEPS = (1, 2, 4)
CONDUCTOR = ("on", "free")
DEFAULT_PROMPT = "warm lo-fi beat"

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "bpm": (40.0, 240.0),
        "density": (0.0, 1.0),
        "brightness": (0.0, 1.0),
        "loudness": (0.0, 1.0),
        "guidance": (1.0, 4.0),
        "temperature": (0.0, 2.0),
        "listen": (0.0, 1.0),
    }
)
"""Inclusive range of each continuous control."""

_WEIGHT = re.compile(r"^(.*):\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf))\s*$", re.I | re.S)


class ControlError(ValueError):
    """A control was refused; one sentence names it and the valid choices."""


@dataclass(frozen=True)
class Controls:
    """Everything a performer can set, validated. None means left open.

    Args:
        prompts: 1–8 texts of 1–500 characters with weights above 0 and up to 100. A text, a list of
            texts (each may end in `:weight`) or a mapping is accepted; kept as a mapping.
        bpm: tempo, 40–240.
        key: for example "A minor".
        chord: for example "Am7"; overrides the planned progression.
        density: 0 sparse … 1 dense.
        brightness: 0 dark … 1 bright.
        loudness: 0 quiet … 1 loud.
        drums: whether drums play; so too `bass`, `chords`, `lead`.
        notes: MIDI notes held, each 21–108; none leaves the notes to the model.
        guidance: how strictly prompt and controls are followed, 1–4, which students are distilled for.
        temperature: scale of the noise, 0–2.
        seed: 0 to 2**31 - 1.
        conductor: "on" plans what is left open; "free" leaves it to the model.
        steps: generator steps per chunk: 1, 2 or 4.
        listen: where sound comes in, what the model takes for its past: 0 its own sound alone, 0.5 both,
            1 what comes in alone.

    Raises:
        ControlError: a value is out of range or of the wrong kind.
    """

    prompts: Mapping[str, float] = field(default_factory=lambda: {DEFAULT_PROMPT: 1.0})
    bpm: float | None = None
    key: str | None = None
    chord: str | None = None
    density: float | None = None
    brightness: float | None = None
    loudness: float | None = None
    drums: bool | None = None
    bass: bool | None = None
    chords: bool | None = None
    lead: bool | None = None
    notes: tuple[int, ...] = ()
    guidance: float = 2.0
    temperature: float = 1.0
    seed: int = 0
    conductor: str = "on"
    steps: int = 1
    listen: float = 0.5

    def __post_init__(self) -> None:
        for name in FIELDS:
            object.__setattr__(self, name, _kept(name, getattr(self, name)))

    def steer(self, /, **changes: Any) -> Controls:
        """These controls with some fields changed; None opens a field or takes it back to its default.

        Raises:
            ControlError: an unknown field, or a value out of range.
        """
        require_known(changes)
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `Controls(**data)` is the inverse."""
        values = {name: getattr(self, name) for name in FIELDS}
        return {**values, "prompts": dict(self.prompts), "notes": list(self.notes)}


FIELDS = tuple(f.name for f in fields(Controls))
_DEFAULTS = {f.name: f.default for f in fields(Controls) if f.default is not MISSING}


def require_known(names: Iterable[str]) -> None:
    """Raises ControlError, with the valid choices, if a name is no field of `Controls`."""
    for name in names:
        if name not in FIELDS:
            raise ControlError(f"unknown control {str(name)[:40]!r}; valid: {', '.join(FIELDS)}")


def checked(name: str, value: Any) -> Any:
    """One value as `Controls` would keep it; None gives what an open field holds.

    Raises:
        ControlError: an unknown field, or a value out of range.
    """
    require_known((name,))
    return _kept(name, value)


def parse_prompts(prompts: Any) -> dict[str, float]:
    """Weighted prompts from a text, texts each ending or not in `:weight`, or a mapping.

    Raises:
        ControlError: no prompt, too many, an empty or too long text, or a weight out of range.
    """
    pairs = _prompt_pairs(prompts)
    if not 1 <= len(pairs) <= MAX_PROMPTS:
        raise ControlError(f"prompts: give 1 to {MAX_PROMPTS} texts, not {len(pairs)}")
    weighted: dict[str, float] = {}
    for text, weight in pairs:
        text = _prompt_text(text)
        if isinstance(weight, bool) or not isinstance(weight, (int, float)):
            raise ControlError(
                f"prompts: the weight of {text[:40]!r} is {_shown(weight)}; it must be a number"
            )
        if not 0 < weight <= MAX_WEIGHT:
            raise ControlError(
                f"prompts: the weight of {text[:40]!r} is {_shown(weight)}; "
                f"it must be above 0 and at most {MAX_WEIGHT:g}"
            )
        weighted[text] = weighted.get(text, 0.0) + float(weight)
    return weighted


def _prompt_pairs(prompts: Any) -> list[tuple[Any, Any]]:
    if isinstance(prompts, Mapping):
        return list(prompts.items())
    if isinstance(prompts, str):
        prompts = [prompts]
    if not isinstance(prompts, (list, tuple)):
        raise ControlError("prompts: give a text, a list of texts, or a mapping of text to weight")
    pairs: list[tuple[Any, Any]] = []
    for text in prompts:
        match = _WEIGHT.match(text) if isinstance(text, str) else None
        pairs.append((match[1], float(match[2])) if match else (text, 1.0))
    return pairs


def _prompt_text(text: Any) -> str:
    if not isinstance(text, str):
        raise ControlError(f"prompts: each prompt is a text, not {type(text).__name__}")
    text = text.strip()
    if not text:
        raise ControlError(f"prompts: a prompt is empty; write 1 to {MAX_PROMPT_CHARACTERS} characters")
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise ControlError(
            f"prompts: a prompt has {len(text)} characters; write 1 to {MAX_PROMPT_CHARACTERS} characters"
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ControlError("prompts: a prompt holds half of a character; write plain Unicode text") from None
    return text


def _shown(value: Any) -> str:
    """A refused value, short enough for a sentence."""
    try:
        return f"{value:g}" if isinstance(value, float) else f"{value!r:.40}"
    except ValueError:  # Python refuses to print integers of thousands of digits
        return "a number of thousands of digits"


def _kept(name: str, value: Any) -> Any:
    if value is None:
        value = _DEFAULTS.get(name)
    return value if value is None and name != "prompts" else _CHECKS[name](name, value)


def _prompts(_: str, value: Any) -> Mapping[str, float]:
    return MappingProxyType(parse_prompts(value))


def _number(name: str, value: Any) -> float:
    low, high = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ControlError(f"{name} is {_shown(value)}; it must be a number from {low:g} to {high:g}")
    if not low <= value <= high:  # False for NaN too
        raise ControlError(f"{name} is {_shown(value)}; it must be from {low:g} to {high:g}")
    return float(value)


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ControlError(f"{name} is {_shown(value)}; it must be true, false or none")
    return value


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ControlError(f"{name} is {_shown(value)}; it must be a whole number from {low} to {high}")
    return value


def _notes(name: str, value: Any) -> tuple[int, ...]:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise ControlError(f"notes: give a list of MIDI notes from {LOWEST_NOTE} to {HIGHEST_NOTE}")
    notes = tuple(sorted({_whole("a note", note, LOWEST_NOTE, HIGHEST_NOTE) for note in value}))
    if len(notes) > MAX_NOTES:
        raise ControlError(f"notes: {len(notes)} are held; at most {MAX_NOTES} can be")
    return notes


def _named(parse: Callable[[str], Any]) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise ControlError(f"{name} is {_shown(value)}; it must be a name such as 'A minor' or 'Am7'")
        try:
            return parse(value).name
        except ValueError as error:
            raise ControlError(str(error)) from error

    return check


def _one_of(*choices: Any) -> Callable[[str, Any], Any]:
    def check(name: str, value: Any) -> Any:
        if isinstance(value, bool) or value not in choices:
            raise ControlError(f"{name} is {_shown(value)}; choose one of {', '.join(map(str, choices))}")
        return choices[choices.index(value)]

    return check


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "prompts": _prompts,
    "key": _named(parse_key),
    "chord": _named(parse_chord),
    "notes": _notes,
    "seed": lambda name, value: _whole(name, value, 0, MAX_SEED),
    "conductor": _one_of(*CONDUCTOR),
    "steps": _one_of(*STEPS),
    **{name: _number for name in RANGES},
    **{name: _switch for name in ("drums", "bass", "chords", "lead")},
}
