"""The plan and musical time in OSC's words. Bars count from 1 here, as in its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from legato.conditioning import FAMILIES
from legato.control.mailbox import QUANTISE
from legato.control.scenes import SLOTS
from legato.control.state import ControlError
from legato.music.levels import LEVELS

ROOT = "/legato"
OPEN = "open"  # leaves a control open; so does nil


class Address(NamedTuple):
    """One line of the help."""

    address: str
    types: str  # of its arguments, as OSC type tags
    choices: str
    what: str


MUSICAL = (
    Address(f"{ROOT}/quantise", "s", ", ".join(QUANTISE), "when changes take effect, but for notes"),
    Address(f"{ROOT}/cancel", "[s …]", "controls, or none for all", "withdraw what waits for a beat or bar"),
    Address(f"{ROOT}/scene", "i", f"1–{SLOTS}", "recall a scene"),
    Address(f"{ROOT}/plan", "", "", "answers with the bar in play and those to come, a message each"),
    Address(f"{ROOT}/plan/chords", "i s …", "bar; a chord, or beat and chord …, or open", "set its chords"),
    Address(f"{ROOT}/plan/section", "i s", "bar; a section of its style, or open", "set its section"),
    Address(
        f"{ROOT}/plan/gate",
        "i s i",
        f"bar; {', '.join(FAMILIES)}; 0 or 1",
        "set whether a family plays in it",
    ),
    *(Address(f"{ROOT}/plan/{name}", "i f", "bar; 0–1, or open", f"set its {name}") for name in LEVELS),
    Address(f"{ROOT}/plan/lock", "i …", "bars", "keep them as they stand, whatever is planned anew"),
    Address(f"{ROOT}/plan/unlock", "i …", "bars", "let them go with the plan again"),
    Address(f"{ROOT}/plan/roll", "[i …]", "bars, or none for all not locked", "plan them anew"),
    Address(f"{ROOT}/plan/reset", "i …", "bars", "forget whatever was done to them"),
    Address(
        f"{ROOT}/plan/undo", "", "", "take back the last change of the plan, as far as it is still to come"
    ),
    Address(f"{ROOT}/plan/redo", "", "", "make the last one that was taken back again"),
)


def plan_order(name: str, arguments: Sequence[Any]) -> dict[str, Any]:
    """What a message to `/legato/plan/<name>` orders, for `PlanOrder.of`.

    Raises:
        ControlError: the arguments do not fit the address.
    """
    if name in ("undo", "redo"):
        if arguments:
            raise ControlError(f"/legato/plan/{name} takes no arguments, not {len(arguments)}")
        return {"action": name}
    if name in ("lock", "unlock", "roll", "reset"):
        return {"action": name, **({"bars": [_bar(bar) for bar in arguments]} if arguments else {})}
    if len(arguments) < 2:
        raise ControlError(f"/legato/plan/{name} takes a bar, counted from 1, and what to set")
    bar, *values = arguments
    order = {"action": "set", "bars": [_bar(bar)]}
    if name == "gate":
        if len(values) != 2 or values[1] not in (0, 1):
            raise ControlError("/legato/plan/gate takes a bar, a family and 0 or 1, such as 12 drums 0")
        return {**order, "gates": {values[0]: bool(values[1])}}
    if values in ([OPEN], [None]):
        return {**order, name: None}
    if name == "chords" and len(values) > 1:
        return {**order, "chords": [list(pair) for pair in zip(values[::2], values[1::2], strict=False)]}
    if len(values) != 1:
        raise ControlError(f"/legato/plan/{name} takes a bar and one value, not {len(values)}")
    return {**order, name: values[0]}


def plan_line(bar: Mapping[str, Any]) -> list[Any]:
    """A planned bar as arguments: number, section, key, chords, families, levels, locked, what was edited."""
    plays = [family for family in FAMILIES if bar["gates"][family]]
    chords = " ".join(f"{start:g} {chord}" for start, chord in bar["chords"])
    levels = [float(bar[name]) for name in LEVELS]
    edited = " ".join(bar["edited"])
    return [
        bar["index"] + 1,
        bar["section"],
        bar["key"],
        chords,
        " ".join(plays),
        *levels,
        int(bar["locked"]),
        edited,
    ]


def _bar(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or value < 1:
        raise ControlError(f"the bar is {value!r:.40}; it must be a whole number, 1 for the first")
    return int(value) - 1
