"""Takes as a client orders them: one at a time, and beside the event loop, for the disk may be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from legato.engine.player import Player
from legato.engine.takes import Take
from legato.io.recorder import RecorderError
from legato.serving import protocol

MOST_WAITING = 8

Told = dict[str, Any]  # a message to the client


class Orders:
    """What one client wants done with the disk.

    Args:
        tell: sends the answer to an order.
        refuse: sends an error.
    """

    def __init__(self, tell: Callable[[Told], None], refuse: Callable[[Exception], None]) -> None:
        self._tell = tell
        self._refuse = refuse
        self._waiting: asyncio.Queue[Callable[[], Told]] = asyncio.Queue(MOST_WAITING)

    def take(self, player: Player | None, order: protocol.Take) -> None:
        """Obey a message; what needs no disk at once, the rest in its turn.

        Args:
            player: that which plays, or the last that did: its last minute can still be kept.
            order: what is wanted.

        Raises:
            RecorderError: nothing plays, or too many orders wait.
        """
        if player is None:
            raise RecorderError("nothing plays that could be recorded; send start first")
        if order.action == "mark":
            name = order.name or "mark"
            self._tell({"type": "take", "action": "marked", "name": name, "sample": player.mark(name)})
            return
        try:
            self._waiting.put_nowait(lambda: carry_out(player, order))
        except asyncio.QueueFull:
            raise RecorderError("the disk is slow: earlier takes are still being written") from None

    def tell_end(self, ended: Callable[[], Take]) -> None:
        """Tell of a take that ended with its stream, once its files are finished."""
        with suppress(asyncio.QueueFull):  # the files are finished without anyone being told
            self._waiting.put_nowait(lambda: _written("stopped", ended()))

    async def run(self) -> None:
        """Carry out orders until cancelled."""
        while True:
            order = await self._waiting.get()
            try:
                self._tell(await asyncio.to_thread(order))
            except RecorderError as error:
                self._refuse(error)


def carry_out(player: Player, order: protocol.Take) -> Told:
    """Start, stop or keep, waiting for the disk; returns what the client is told.

    Raises:
        RecorderError: it cannot be done.
    """
    if order.action == "start":
        name = order.name or "take"
        return {"type": "take", "action": "started", "name": name, "file": player.record(name).name}
    if order.action == "stop":
        return _written("stopped", player.stop_recording())
    return _written("kept", player.keep(order.name or "kept"))


def _written(action: str, take: Take) -> Told:
    return {
        "type": "take",
        "action": action,
        "name": take.name,
        "file": take.sound.name,
        "seconds": round(take.seconds, 2),
        "lost_seconds": round(take.lost_s, 2),
        "warning": take.warning,
    }
