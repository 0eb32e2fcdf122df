"""A WebSocket client without a network: for testing the application on virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Message

from legato.serving.protocol import decode_audio

Hear = Callable[[int, int, Any], None]  # stream, index of the first frame, float32 [N, 2]


class _GoneError(OSError):
    """The application sends to a client that is not there; web servers raise, and expect, the like."""


class FakeClient:
    """Speaks to an ASGI application as a web server would on behalf of one client.

    Args:
        app: the application.
        hear: given each message of sound.
        query: of the address, such as `format=float32`.
        headers: of the handshake.
    """

    def __init__(
        self,
        app: ASGIApp,
        hear: Hear | None = None,
        query: str = "",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._app = app
        self._hear = hear
        self._scope: dict[str, Any] = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "server": ("127.0.0.1", 8321),
            "client": ("127.0.0.1", 50_000),
            "root_path": "",
            "path": "/ws",
            "raw_path": b"/ws",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
        }
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._reading = asyncio.Event()
        self._reading.set()
        self._gone = False
        self._news = asyncio.Event()
        self.texts: list[dict[str, Any]] = []
        self.closed: int | None = None  # the code
        self.task: asyncio.Task[None] | None = None

    def connect(self) -> None:
        """Open the socket; the application runs in `task` until the conversation ends."""
        self._incoming.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(self._converse())

    def send(self, message: dict[str, Any] | str | bytes) -> None:
        """Send JSON, or exactly this."""
        text = json.dumps(message) if isinstance(message, dict) else message
        kind = "text" if isinstance(text, str) else "bytes"
        self._incoming.put_nowait({"type": "websocket.receive", kind: text})

    async def told(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The newest message of this type with these fields, once there is one."""
        wanted, seen = {"type": kind, **fields}, 0
        while True:
            for text in reversed(self.texts[seen:]):
                if {**text, **wanted} == text:
                    return text
            seen = len(self.texts)
            self._news.clear()
            await self._news.wait()

    def stop_reading(self) -> None:
        """Leave the application waiting with what it sends next."""
        self._reading.clear()

    def read_on(self) -> None:
        """Take what has been waiting."""
        self._reading.set()

    def leave(self, code: int = 1006) -> None:
        """Be gone, as a closed browser is; what the application is sending fails."""
        self._gone = True
        self._reading.set()
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": code})

    async def _converse(self) -> None:
        with suppress(_GoneError):
            await self._app(self._scope, self._incoming.get, self._send)

    async def _send(self, message: Message) -> None:
        await self._reading.wait()
        if self._gone:
            raise _GoneError("the client is gone")
        if message["type"] == "websocket.close":
            self.closed = message.get("code", 1000)
        elif message["type"] == "websocket.send" and message.get("text") is not None:
            self.texts.append(json.loads(message["text"]))
            self._news.set()
        elif message["type"] == "websocket.send" and self._hear:
            self._hear(*decode_audio(message["bytes"]))
