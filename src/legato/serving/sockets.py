"""Limits on connections that the web server sets none for: nobody holds a socket by doing nothing.

A client that is cut from the network, or that stops reading, must give up its place; waiting until its
buffers have drained, as an orderly close does, may take for ever.
"""

from __future__ import annotations

import asyncio

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

# Messages are judged, and refused in words, up to this size; beyond it the connection is cut.
CUT_BYTES = 1024 * 1024
REQUEST_S = 60.0  # for all that one connection asks for before it becomes a player's
PING_S = 5.0  # between looks whether a player is still there
PONG_S = 15.0  # for its answer


class Requests(H11Protocol):
    """HTTP on a connection that lasts `REQUEST_S` at most, unless it turns into a WebSocket."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Start the time."""
        super().connection_made(transport)
        self._limit = self.loop.call_later(REQUEST_S, self._end)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time."""
        self._limit.cancel()
        super().connection_lost(exc)

    def _end(self) -> None:
        if self.transport.get_protocol() is self:
            self.transport.abort()


class Socket(WebSocketsSansIOProtocol):
    """A WebSocket that is gone at once when its client no longer answers."""

    def keepalive_timeout(self) -> None:
        """Close, and do not wait until what was sent is read."""
        super().keepalive_timeout()
        self.transport.abort()


def web_server(app: object) -> uvicorn.Server:
    """An unstarted server for an ASGI application, with all its limits."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=Requests,
        ws=Socket,
        log_level="warning",
        ws_max_size=CUT_BYTES,
        ws_per_message_deflate=False,  # sound does not compress, and the attempt costs time
        ws_ping_interval=PING_S,
        ws_ping_timeout=PONG_S,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
