"""Which MIDI controller turns which control: defaults, what was learned, and the file that keeps it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from legato.conditioning import FAMILIES
from legato.control.state import CONDUCTOR, RANGES, STEPS, ControlError

VERSION = 1
SUSTAIN = 64
MODE_MESSAGES = range(120, 128)  # "all notes off" and the like: no knobs
CHOICES: Mapping[str, tuple[Any, ...]] = {
    **{family: (False, True) for family in FAMILIES},
    "conductor": tuple(reversed(CONDUCTOR)),
    "steps": STEPS,
}
"""Controls with a few choices, as a knob meets them from 0 to 127."""

TARGETS = (*RANGES, *CHOICES)
"""Controls that a knob can turn."""

DEFAULTS = {
    1: "density",
    7: "loudness",
    11: "loudness",
    16: "bpm",
    17: "guidance",
    18: "temperature",
    74: "brightness",
    80: "drums",
    81: "bass",
    82: "chords",
    83: "lead",
}
"""Controller number → control where nothing was learned: mod wheel, volume, expression, general purpose
1–3, brightness, and the buttons 5–8 of general purpose."""


@dataclass(frozen=True)
class Binding:
    """A controller that turns a control.

    Args:
        cc: controller number, 0–119 but for 64, the sustain pedal.
        control: one of `TARGETS`.
        channel: 1–16; None: any.
        low: value at 0; by default the control's lowest. Above `high`, the knob works upside down.
        high: value at 127; by default the control's highest.

    Raises:
        ControlError: a field is out of range.
    """

    cc: int
    control: str
    channel: int | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not _whole(self.cc, 0, 119) or self.cc == SUSTAIN:
            raise ControlError(
                f'"cc" is {self.cc!r:.40}; it must be a whole number from 0 to 119, but not 64'
            )
        require_target(self.control)
        if self.channel is not None and not _whole(self.channel, 1, 16):
            raise ControlError(f'"channel" is {self.channel!r:.40}; it must be from 1 to 16, or null for any')
        for name, value in (("low", self.low), ("high", self.high)):
            if value is None:
                continue
            least, most = RANGES.get(self.control, (1.0, 0.0))
            if least > most:
                raise ControlError(f'"{name}" is for controls with a range: {", ".join(RANGES)}')
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not least <= value <= most:
                raise ControlError(
                    f'"{name}" of {self.control} is {value!r:.40}; it must be from {least:g} to {most:g}'
                )

    def value(self, data: int) -> Any:
        """What the control becomes at knob position 0–127."""
        if choices := CHOICES.get(self.control):
            return choices[data * len(choices) // 128]
        least, most = RANGES[self.control]
        low = least if self.low is None else self.low
        high = most if self.high is None else self.high
        return round(low + (high - low) * data / 127, 3)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without what is left at its default."""
        values = {name: getattr(self, name) for name in _FIELDS}
        return {name: value for name, value in values.items() if value is not None}


_FIELDS = ("cc", "control", "channel", "low", "high")


class Bindings:
    """A value: `bound` gives new bindings.

    Args:
        bindings: the later of two for one controller counts.
    """

    def __init__(self, bindings: Iterable[Binding]) -> None:
        self._by_knob = {(binding.cc, binding.channel): binding for binding in bindings}

    @classmethod
    def default(cls) -> Bindings:
        """As in `DEFAULTS`."""
        return cls(Binding(cc, control) for cc, control in DEFAULTS.items())

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._by_knob.values())

    def find(self, cc: int, channel: int) -> Binding | None:
        """What a controller on a channel (1–16) turns; a binding of this channel goes before one of any."""
        return self._by_knob.get((cc, channel)) or self._by_knob.get((cc, None))

    def bound(self, binding: Binding) -> Bindings:
        """With one more; its control obeys this controller alone, within the limits it had."""
        old = next((other for other in self if other.control == binding.control), binding)
        others = (other for other in self if other.control != binding.control)
        low = old.low if binding.low is None else binding.low
        high = old.high if binding.high is None else binding.high
        return Bindings([*others, replace(binding, low=low, high=high)])

    def save(self, path: Path) -> None:
        """Write as JSON; the file is whole or as it was.

        Raises:
            ControlError: it cannot be written.
        """
        lines = ",\n  ".join(json.dumps(binding.to_dict()) for binding in self)
        text = f'{{"legato_midi": {VERSION}, "bindings": [\n  {lines}\n]}}\n'
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.new")
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, path)
        except OSError as error:
            raise ControlError(f"MIDI bindings {path} cannot be written: {error.strerror}") from error

    @classmethod
    def load(cls, path: Path) -> Bindings:
        """Read what `save` wrote.

        Raises:
            ControlError: it cannot be read, or something in it is not valid; says what and where.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ControlError(f"MIDI bindings {path} cannot be read: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise ControlError(f"MIDI bindings {path}: not valid JSON ({error})") from error
        try:
            return cls(_parse(data))
        except ControlError as error:
            raise ControlError(f"MIDI bindings {path}: {error}") from error


def require_target(control: Any) -> None:
    """Raises ControlError, with the valid choices, if a knob cannot turn the control."""
    if control not in TARGETS:
        raise ControlError(f"no knob can turn {control!r:.40}; choose one of {', '.join(TARGETS)}")


def _parse(data: Any) -> list[Binding]:
    shape = f'{{"legato_midi": {VERSION}, "bindings": [{{"cc": 74, "control": "brightness"}}]}}'
    if not isinstance(data, dict) or data.keys() != {"legato_midi", "bindings"}:
        raise ControlError(f"write an object such as {shape}")
    if data["legato_midi"] != VERSION:
        raise ControlError(f"the version is {data['legato_midi']!r:.40}, not {VERSION}")
    if not isinstance(data["bindings"], list):
        raise ControlError(f"the bindings are no list; write for example {shape}")
    found: list[Binding] = []
    for number, entry in enumerate(data["bindings"], 1):
        try:
            found.append(_binding(entry))
            if any((found[-1].cc, found[-1].channel) == (other.cc, other.channel) for other in found[:-1]):
                raise ControlError(f"controller {found[-1].cc} is bound twice on the same channel")
        except ControlError as error:
            raise ControlError(f"binding {number}: {error}") from error
    return found


def _binding(entry: Any) -> Binding:
    if not isinstance(entry, dict) or not {"cc", "control"} <= entry.keys():
        raise ControlError('write an object with "cc" and "control"')
    if unknown := entry.keys() - set(_FIELDS):
        raise ControlError(f"unknown field {min(unknown)[:40]!r}; valid: {', '.join(_FIELDS)}")
    return Binding(**entry)


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
