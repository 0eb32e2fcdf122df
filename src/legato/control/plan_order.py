"""Orders to the conductor about bars to come: what may be asked, checked before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from legato.conditioning import FAMILIES
from legato.control.state import ControlError, checked
from legato.music.grammar import STYLES
from legato.music.levels import LEVELS

ACTIONS = ("set", "lock", "unlock", "roll", "reset", "undo", "redo")
TURNS = ("undo", "redo")
EDITS = ("chords", "section", "gates", *LEVELS)
"""What `set` can change of a bar."""

MOST_AHEAD = 16  # bars after the one in play that can be reached
LAST_STEP = 2**53 - 1
MOST_CHORDS = 4  # in a bar
LONGEST_BAR = 12  # beats
SECTIONS = {name: tuple(style.sections) for name, style in STYLES.items()}
"""The sections of each style."""

_KNOWN_SECTIONS = frozenset(section for sections in SECTIONS.values() for section in sections)
NO_EDIT: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class PlanOrder:
    """One order. Use `of` for what comes from outside.

    Args:
        action: one of `ACTIONS`.
        bars: their indices, ascending; empty for `roll`: every bar to come that is not locked. `undo` and
            `redo` name none.
        edit: for `set`, the fields to change; None takes one back. `chords` are pairs of a beat within the
            bar and a name, `gates` holds some of `FAMILIES`.
        step: number of the gesture that it belongs to; the orders of one are undone together. To `undo` and
            `redo`: which; None: the next in turn.
    """

    action: str
    bars: tuple[int, ...] = ()
    edit: Mapping[str, Any] = field(default_factory=lambda: NO_EDIT)
    step: int | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> PlanOrder:
        """From plain values, such as `{"action": "set", "bars": [12], "chords": "Am7", "density": 0.8}`.

        Raises:
            ControlError: naming what is wrong and the valid choices.
        """
        fields = dict(data)
        action = fields.pop("action", None)
        if action not in ACTIONS:
            raise ControlError(f"a plan's action is {action!r:.40}; choose one of {', '.join(ACTIONS)}")
        bars = _bars(fields.pop("bars", None), may_be_none=action in ("roll", *TURNS))
        step = _step(fields.pop("step", None))
        if bars and action in TURNS:
            raise ControlError(f"{action} is about a step, not about bars; valid: action, step")
        valid = EDITS if action == "set" else ()
        if unknown := [name for name in fields if name not in valid]:
            choices = ", ".join(("action", "bars", "step", *valid))
            raise ControlError(f"{action} has no field {str(unknown[0])[:40]!r}; valid: {choices}")
        if action == "set" and not fields:
            raise ControlError(f"set changes nothing: give one of {', '.join(EDITS)}")
        edit = {name: _CHECKS[name](name, value) for name, value in fields.items()}
        return cls(action, bars, edit, step)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `PlanOrder.of` is the inverse."""
        bars = {"bars": list(self.bars)} if self.bars else {}
        step = {} if self.step is None else {"step": self.step}
        return {"action": self.action, **bars, **self.edit, **step}

    def require_ahead(self, bar: int, plan: list[dict[str, Any]]) -> None:
        """Refuse what cannot be done while `bar` is in play.

        Args:
            bar: index of the bar in play.
            plan: bars as `Mapper.plan` describes them.

        Raises:
            ControlError: a bar has begun, lies too far ahead, is locked or has no such section.
        """
        for index in self.bars:
            if index <= bar:
                raise ControlError(
                    f"bar {index} has begun already; the first that can be changed is {bar + 1}"
                )
            if index > bar + MOST_AHEAD:
                raise ControlError(f"bar {index} is too far ahead; choose one up to {bar + MOST_AHEAD}")
        section = self.edit.get("section")
        for planned in plan:
            if planned["index"] not in self.bars:
                continue
            if self.action == "roll" and planned["locked"]:
                raise ControlError(f"bar {planned['index']} is locked; unlock it to plan it anew")
            sections = SECTIONS[planned["style"]]
            if section and section not in sections:
                raise ControlError(
                    f"{planned['style']} has no section {section!r}; choose {', '.join(sections)}"
                )


def _bars(value: Any, may_be_none: bool) -> tuple[int, ...]:
    if value is None and may_be_none:
        return ()
    if isinstance(value, (list, tuple)) and 1 <= len(value) <= MOST_AHEAD:
        whole = [isinstance(bar, int) and not isinstance(bar, bool) and bar >= 0 for bar in value]
        if all(whole):
            return tuple(sorted(set(value)))
    raise ControlError(
        f"bars is {value!r:.40}; give a list of 1 to {MOST_AHEAD} bars by their index, such as [12, 13]"
    )


def _step(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value is None or (whole and 0 <= value <= LAST_STEP):
        return value
    raise ControlError(f"step is {value!r:.40}; give the gesture's number, 0 to {LAST_STEP}, or leave it out")


def _chords(name: str, value: Any) -> Any:
    if value is None:
        return None
    pairs = [[0.0, value]] if isinstance(value, str) else value
    shape = "a name such as Am7, or beats and names such as [[0, 'Am7'], [2, 'D7']]"
    if not isinstance(pairs, (list, tuple)) or not 1 <= len(pairs) <= MOST_CHORDS:
        raise ControlError(f"chords are {value!r:.40}; give {shape}, up to {MOST_CHORDS} a bar")
    found: list[list[Any]] = []
    for pair in pairs:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise ControlError(f"chords are {value!r:.40}; give {shape}")
        beat, chord = pair
        number = isinstance(beat, (int, float)) and not isinstance(beat, bool)
        if not number or not 0 <= beat < LONGEST_BAR or (found and beat <= found[-1][0]):
            raise ControlError(f"a chord's beat is {beat!r:.40}; beats ascend from 0 to below {LONGEST_BAR}")
        if chord is None:
            raise ControlError(f"chords are {value!r:.40}; give {shape}")
        found.append([float(beat), checked("chord", chord)])
    if found[0][0] != 0:
        raise ControlError(f"the first chord begins at beat {found[0][0]:g}; let it begin at 0")
    return found


def _section(name: str, value: Any) -> Any:
    if value is not None and not (isinstance(value, str) and value in _KNOWN_SECTIONS):
        raise ControlError(
            f"section is {value!r:.40}; choose one of the bar's style, such as {', '.join(SECTIONS['lofi'])}"
        )
    return value


def _gates(name: str, value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not value or any(family not in FAMILIES for family in value):
        raise ControlError(f"gates are {value!r:.40}; give any of {', '.join(FAMILIES)} as true or false")
    gates = {family: checked(family, value[family]) for family in FAMILIES if family in value}
    if None in gates.values():
        raise ControlError("gates are true or false; give gates as null to take them back")
    return gates


_CHECKS = {"chords": _chords, "section": _section, "gates": _gates, **dict.fromkeys(LEVELS, checked)}
