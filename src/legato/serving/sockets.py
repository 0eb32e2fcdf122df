"""Limits on connections that the web server sets none for: nobody holds a socket by doing nothing.

A client that is cut from the network, or that stops reading, must give up its place; waiting until its
buffers have drained, as an orderly close does, may take for ever.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

logger = logging.getLogger(__name__)

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
        """Say so, close, and do not wait until what was sent is read."""
        if not self.close_sent:
            host = self.client[0] if self.client else "a client"
            logger.warning("%s has not answered for %g s and is disconnected", host, self.ping_timeout)
        super().keepalive_timeout()
        self.transport.abort()

    async def send(self, message: Any) -> None:
        """Send one message of the application's.

        Raises:
            ClientDisconnected: the client is gone, or going. While a close is on its way the base class takes
                that for a mistake of the application, which cannot know yet.
        """
        try:
            await super().send(message)
        except RuntimeError as error:
            if not self.close_sent:
                raise
            raise ClientDisconnected from error


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
