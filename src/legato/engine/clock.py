"""Time, injected: the system's, or a virtual one that tests advance.

`VirtualClock` is a discrete-event simulation on one thread: sleeping runs whatever is due in between, so a
sink keeps reading while a "slow" model takes its time, and ten minutes pass in milliseconds.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """Seconds that only move forward."""

    realtime: bool  # whether a thread should wait on it

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...

    async def asleep(self, seconds: float) -> None:
        """Let time pass without holding up the event loop."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    realtime = True

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(max(0.0, seconds))

    async def asleep(self, seconds: float) -> None:
        """Let time pass without holding up the event loop."""
        await asyncio.sleep(max(0.0, seconds))


class VirtualClock:
    """Time that passes only when someone sleeps or `advance` is called."""

    realtime = False

    def __init__(self) -> None:
        self._now = 0.0
        self._order = itertools.count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def now(self) -> float:
        """Virtual seconds since the start."""
        return self._now

    def call_at(self, when: float, callback: Callable[[], None]) -> None:
        """Run `callback` when time reaches `when`."""
        heapq.heappush(self._due, (when, next(self._order), callback))

    def advance(self, seconds: float) -> None:
        """Let time pass, running what falls due, in order."""
        end = self._now + max(0.0, seconds)
        while self._due and self._due[0][0] <= end:
            when, _, callback = heapq.heappop(self._due)
            self._now = max(self._now, when)
            callback()
        self._now = max(self._now, end)

    sleep = advance

    async def asleep(self, seconds: float) -> None:
        """Wait until another task has advanced the clock far enough."""
        loop = asyncio.get_running_loop()
        reached: asyncio.Future[None] = loop.create_future()

        def wake() -> None:
            if not reached.done():
                reached.set_result(None)

        def fire() -> None:
            loop.call_soon_threadsafe(wake)

        self.call_at(self._now + max(0.0, seconds), fire)
        await reached
