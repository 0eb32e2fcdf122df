"""From any thread to the engine thread: knobs last value wins, notes in order."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from legato.control.state import Controls

MAX_WAITING_NOTES = 64  # sets of held notes kept apart; a flood beyond them keeps the newest


@dataclass(frozen=True)
class Letter:
    """What arrived since the last collection.

    `knobs` holds the last value of each changed field; `notes` every set of held notes, in order;
    `posted` is when the oldest change arrived (seconds), None if nothing did.
    """

    knobs: dict[str, Any]
    notes: tuple[tuple[int, ...], ...]
    posted: float | None


class Mailbox:
    """Thread-safe. Changes are validated when posted, against what the performer last asked for."""

    def __init__(self, controls: Controls, now: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._now = now
        self._controls = controls
        self._knobs: dict[str, Any] = {}
        self._notes: deque[tuple[int, ...]] = deque(maxlen=MAX_WAITING_NOTES)
        self._posted: float | None = None

    @property
    def controls(self) -> Controls:
        """What the performer last asked for, heard or not yet."""
        return self._controls

    def post(self, **changes: Any) -> Controls:
        """Ask for changes; returns the controls with them.

        Raises:
            ControlError: refused; nothing is changed.
        """
        with self._lock:
            self._controls = self._controls.steer(**changes)
            for name in changes:
                value = getattr(self._controls, name)
                if name == "notes":
                    self._notes.append(value)
                else:
                    self._knobs[name] = value
            if changes and self._posted is None:
                self._posted = self._now()
            return self._controls

    def adopt(self, **changes: Any) -> None:
        """Take note of changes that came another way (a script), so that `controls` tells the truth."""
        with self._lock:
            self._controls = self._controls.steer(**changes)

    @property
    def arrived(self) -> bool:
        """Whether anything arrived since the last collection."""
        return self._posted is not None

    def put_back(self, letter: Letter) -> None:
        """Give back what was collected and not heard; what arrived since goes after it."""
        with self._lock:
            self._knobs = {**letter.knobs, **self._knobs}
            self._notes.extendleft(reversed(letter.notes))
            if letter.posted is not None:
                self._posted = letter.posted

    def peek(self) -> Letter:
        """What `collect` would return, left where it is."""
        with self._lock:
            return Letter(dict(self._knobs), tuple(self._notes), self._posted)

    def collect(self) -> Letter:
        """Take out everything posted since the last call."""
        with self._lock:
            letter = Letter(self._knobs, tuple(self._notes), self._posted)
            self._knobs, self._posted = {}, None
            self._notes.clear()
            return letter
