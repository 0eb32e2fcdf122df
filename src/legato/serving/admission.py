"""From an opened socket to a client that is served: a place for it, or one sentence why there is none."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from legato.serving import protocol

logger = logging.getLogger(__name__)


class Client(Protocol):
    """What is served: `websocket.Connection`."""

    async def run(self) -> None:
        """Serve until the client leaves."""
        ...


class Places:
    """How many clients may be connected at once.

    Args:
        count: 1 or more.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._free = asyncio.Semaphore(count)

    async def take(self, patience_s: float = 1.0) -> Callable[[], None] | None:
        """A place, as the function that gives it back; None if there is none.

        Waits a moment first: a page that is being reloaded leaves its place just before it comes back.
        """
        try:
            await asyncio.wait_for(self._free.acquire(), patience_s)
        except TimeoutError:
            return None
        return self._free.release


async def converse(websocket: WebSocket, places: Places, connect: Callable[[WebSocket, str], Client]) -> None:
    """Serve one WebSocket from its opening to its end.

    Args:
        websocket: not accepted yet.
        places: there must be one for it.
        connect: makes its `Connection`, of a socket and a key of `protocol.FORMATS`.
    """
    await websocket.accept()
    fmt = websocket.query_params.get("format", "pcm16")
    if fmt not in protocol.FORMATS:
        await turn_away(
            websocket, "format", f"format is {fmt[:20]!r}; choose {' or '.join(protocol.FORMATS)}"
        )
        return
    release = await places.take()
    if release is None:
        sentence = (
            f"all players are taken: this server plays for {places.count} at once; close another page first"
        )
        await turn_away(websocket, "busy", sentence)
        return
    try:
        await connect(websocket, fmt).run()
    finally:
        release()
        await _close(websocket, 1000)


async def turn_away(websocket: WebSocket, code: str, sentence: str, closing: int = 1013) -> None:
    """Refuse a client whose socket is open: one sentence, then the close code."""
    try:
        await websocket.send_text(dump({"type": "error", "code": code, "message": sentence}))
    except WebSocketDisconnect:
        return
    await _close(websocket, closing)


async def _close(websocket: WebSocket, code: int) -> None:
    if WebSocketState.DISCONNECTED in (websocket.client_state, websocket.application_state):
        return
    try:
        await websocket.close(code)
    except (RuntimeError, WebSocketDisconnect):
        logger.debug("the client was gone already")


def dump(message: dict[str, Any]) -> str:
    """A message as it is sent."""
    return json.dumps(message, separators=(",", ":"))
