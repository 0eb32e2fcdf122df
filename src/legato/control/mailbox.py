"""From any thread to the engine thread: knobs last value wins, notes in order, and what waits for a beat."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from legato.control.plan_order import PlanOrder
from legato.control.state import ControlError, Controls, require_known

QUANTISE = ("now", "beat", "bar")
"""When a change may take effect, soonest first."""

MAX_WAITING_NOTES = 64  # sets of held notes kept apart; a flood beyond them keeps the newest
MAX_WAITING_ORDERS = 64  # to the conductor
ORDERS_AT_ONCE = 2  # collected: some cost as much as planning dozens of bars

Notes = tuple[int, ...]


@dataclass(frozen=True)
class Letter:
    """What arrived since the last collection, but for what waits for a beat.

    `knobs` holds the last value of each changed field; `notes` every set of held notes, in order;
    `orders` those to the conductor, in order; `posted` is when the oldest change arrived (seconds), None if
    nothing did.
    """

    knobs: dict[str, Any]
    notes: tuple[Notes, ...]
    orders: tuple[PlanOrder, ...]
    posted: float | None


class Mailbox:
    """Thread-safe. Changes are validated when posted, against what the performer last asked for.

    Attributes:
        quantise: when changes take effect that do not say so, one of `QUANTISE`; held notes never wait then.
    """

    def __init__(self, controls: Controls, now: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._now = now
        self._controls = controls
        self._in_force = controls  # without what waits for a beat
        self._knobs: dict[str, Any] = {}
        self._notes: deque[Notes] = deque(maxlen=MAX_WAITING_NOTES)
        self._orders: deque[PlanOrder] = deque()
        self._posted: float | None = None
        self._later: dict[str, tuple[Any, str]] = {}  # field -> (value, "beat" or "bar")
        self._later_notes: deque[tuple[Notes, str]] = deque(maxlen=MAX_WAITING_NOTES)
        self._released: dict[
            str, tuple[Any, str, Any]
        ] = {}  # since the last collection, with what was before
        self._released_notes: list[tuple[Notes, str]] = []
        self.quantise = QUANTISE[0]

    @property
    def controls(self) -> Controls:
        """What the performer last asked for, heard or not yet."""
        return self._controls

    @property
    def waits(self) -> bool:
        """Whether anything waits for a beat or bar."""
        return bool(self._later or self._later_notes)

    @property
    def arrived(self) -> bool:
        """Whether anything arrived since the last collection that does not wait."""
        return self._posted is not None

    def post(self, /, quantise: str | None = None, **changes: Any) -> Controls:
        """Ask for changes; returns the controls with them.

        Args:
            quantise: one of `QUANTISE`; None: as the mailbox's own, and at once for `notes`.
            **changes: fields of `Controls`.

        Raises:
            ControlError: refused; nothing is changed.
        """
        if quantise is not None:
            check_quantise(quantise)
        with self._lock:
            asked = self._controls.steer(**changes)
            at_once: dict[str, Any] = {}
            for name in changes:
                value = getattr(asked, name)
                when = quantise or (QUANTISE[0] if name == "notes" else self.quantise)
                if name == "notes":
                    self._put_notes(value, when)
                else:
                    self._put(name, value, when)
                if when == QUANTISE[0]:
                    at_once[name] = value
            if at_once:
                self._in_force = self._in_force.steer(**at_once)
                self._posted = self._now() if self._posted is None else self._posted
            self._controls = asked
            return asked

    def order(self, order: PlanOrder, bar: int, plan: list[dict[str, Any]]) -> None:
        """Ask something of the conductor; nothing of it waits for a beat.

        Args:
            order: what to do.
            bar: index of the bar in play.
            plan: the bars to come, as last seen.

        Raises:
            ControlError: it cannot be done, as of `PlanOrder.require_ahead`; nobody conducts; too many wait.
        """
        with self._lock:
            if self._in_force.conductor == "free":
                raise ControlError("there is no plan while the conductor is free; set conductor to on first")
            order.require_ahead(bar, plan)
            if len(self._orders) >= MAX_WAITING_ORDERS:
                raise ControlError(f"{MAX_WAITING_ORDERS} orders to the conductor wait already; send fewer")
            self._orders.append(order)

    def cancel(self, fields: Iterable[str] | None = None) -> Controls:
        """Withdraw what waits for a beat or bar: some fields, or all; returns what is asked for then.

        Raises:
            ControlError: one is no field of `Controls`.
        """
        with self._lock:
            names = ["notes", *self._later] if fields is None else list(fields)
            require_known(names)
            for name in names:
                self._later.pop(name, None)
            if "notes" in names:
                self._later_notes.clear()
            return self._reckon()

    def adopt(self, /, **changes: Any) -> None:
        """Take note of changes that came another way (a script), so that `controls` tells the truth."""
        with self._lock:
            self._in_force = self._in_force.steer(**changes)
            self._reckon()

    def put_back(self, letter: Letter) -> None:
        """Give back, unheard, what was collected and released since; what arrived since goes after it."""
        with self._lock:
            self._knobs = {**letter.knobs, **self._knobs}
            self._notes.extendleft(reversed(letter.notes))
            self._orders.extendleft(reversed(letter.orders))
            if letter.posted is not None:
                self._posted = letter.posted
            for name, (value, when, before) in self._released.items():
                if getattr(self._in_force, name) == value and name not in self._knobs:
                    self._in_force = self._in_force.steer(**{name: before})
                    self._later.setdefault(name, (value, when))
            self._later_notes.extendleft(reversed(self._released_notes))
            self._released, self._released_notes = {}, []
            self._reckon()

    def collect(self) -> Letter:
        """Take out everything posted since the last call, but for what waits for a beat.

        Of orders to the conductor, only the next few.
        """
        with self._lock:
            orders = tuple(self._orders.popleft() for _ in range(min(ORDERS_AT_ONCE, len(self._orders))))
            letter = Letter(self._knobs, tuple(self._notes), orders, self._posted)
            self._knobs, self._posted = {}, None
            self._notes.clear()
            self._released, self._released_notes = {}, []
            return letter

    def release(self, unit: str) -> tuple[dict[str, Any], tuple[Notes, ...]]:
        """Take out what waited for what begins now: a `beat`, or a `bar`, which is a beat too.

        Returns:
            Changed fields, and sets of held notes in order.
        """
        with self._lock:
            knobs = {name: value for name, (value, when) in self._later.items() if unit in ("bar", when)}
            notes = tuple(held for held, when in self._later_notes if unit in ("bar", when))
            left = [one for one in self._later_notes if unit not in ("bar", one[1])]
            for name in knobs:
                self._released[name] = (*self._later.pop(name), getattr(self._in_force, name))
            self._released_notes += [one for one in self._later_notes if unit in ("bar", one[1])]
            self._later_notes.clear()
            self._later_notes.extend(left)
            last = {"notes": notes[-1]} if notes else {}
            self._in_force = self._in_force.steer(**knobs, **last)
            return knobs, notes

    def waiting(self) -> dict[str, dict[str, Any]]:
        """What waits, by unit: fields and their values, JSON-ready; only units that something waits for."""
        with self._lock:
            asked = self._controls.to_dict()
            found: dict[str, dict[str, Any]] = {}
            for name, (_, when) in self._later.items():
                found.setdefault(when, {})[name] = asked[name]
            for notes, when in self._later_notes:
                found.setdefault(when, {})["notes"] = list(notes)
            return found

    def copy(self) -> Mailbox:
        """An independent mailbox with the same content; when it was posted is forgotten."""
        with self._lock:
            twin = Mailbox(self._controls, self._now)
            twin._in_force = self._in_force
            twin._knobs = dict(self._knobs)
            twin._notes.extend(self._notes)
            twin._orders.extend(self._orders)
            twin._later = dict(self._later)
            twin._later_notes.extend(self._later_notes)
            twin.quantise = self.quantise
            return twin

    def _put(self, name: str, value: Any, when: str) -> None:
        self._later.pop(name, None)  # of a knob the last value wins, for whenever it was asked
        if when == QUANTISE[0]:
            self._knobs[name] = value
        elif value != getattr(self._in_force, name):
            self._later[name] = (value, when)

    def _put_notes(self, notes: Notes, when: str) -> None:
        """Sets that were to come later than this one are overtaken by it: the last asked for stays."""
        rank = QUANTISE.index(when)
        sooner = [one for one in self._later_notes if QUANTISE.index(one[1]) <= rank]
        self._later_notes.clear()
        self._later_notes.extend(sooner)
        if when == QUANTISE[0]:
            self._notes.append(notes)
        else:
            self._later_notes.append((notes, when))

    def _reckon(self) -> Controls:
        later = {name: value for name, (value, _) in self._later.items()}
        if self._later_notes:
            later["notes"] = self._later_notes[-1][0]
        self._controls = self._in_force.steer(**later)
        return self._controls


def check_quantise(value: Any) -> str:
    """The value unchanged.

    Raises:
        ControlError: it is none of `QUANTISE`.
    """
    if value not in QUANTISE:
        raise ControlError(f"quantise is {value!r:.40}; choose one of {', '.join(QUANTISE)}")
    return value
