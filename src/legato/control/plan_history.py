"""What orders to the conductor found before they changed it, so that they can be undone and redone.

Values are JSON-ready and never changed in place: a conductor is copied for every look ahead, and its history
with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

MOST_STEPS = 64  # kept


class Step(NamedTuple):
    """One gesture, or one order that belongs to none.

    Attributes:
        number: of the gesture, as its performer counts them; None: it has none.
        undone: whether it is; it can then be redone.
        rolls: how often the plan had been drawn anew, for what draws all of it anew; else None.
        bars: by index as text, what had been done to a bar, as of `Arranged.to_dict`. Of a step that is
            undone both are what redoing brings back.
    """

    number: int | None
    undone: bool
    rolls: int | None
    bars: Mapping[str, Any]


class PlanHistory:
    """The last steps, oldest first; those that are undone come last."""

    def __init__(self, steps: Sequence[Sequence[Any]] = ()) -> None:
        self._steps = tuple(Step(*step) for step in steps)

    def note(self, number: int | None, rolls: int | None, bars: Mapping[str, Any]) -> None:
        """An order is about to change this. Orders of one gesture that follow each other are one step."""
        done = [step for step in self._steps if not step.undone]
        if done and number is not None and done[-1].number == number:
            before = done.pop()
            rolls = rolls if before.rolls is None else before.rolls
            bars = {**bars, **before.bars}
        self._steps = (*done, Step(number, False, rolls, bars))[-MOST_STEPS:]

    def find(self, action: str, number: int | None) -> Step | None:
        """The step to `undo` or `redo`: the one with this number, or (None) the next in turn."""
        undone = action == "redo"
        turn = self._steps if undone else reversed(self._steps)
        for step in turn:
            if step.undone is undone and number in (None, step.number):
                return step
        return None

    def turn(self, step: Step, rolls: int | None, bars: Mapping[str, Any]) -> None:
        """A step is undone, or redone; the other way round, it brings back this."""
        turned = Step(step.number, not step.undone, rolls, bars)
        self._steps = tuple(turned if other is step else other for other in self._steps)

    def to_list(self) -> list[list[Any]]:
        """JSON-ready; `PlanHistory(data)` is the inverse."""
        return [list(step) for step in self._steps]
