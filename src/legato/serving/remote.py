"""A client of a server whose own machine sounds: it steers the one stream there is, and is sent no sound."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.websockets import WebSocket

from legato.engine.engine import Engine
from legato.engine.speaker import Speaker
from legato.serving import protocol
from legato.serving.websocket import TICK_S, Connection, Stage


class Remote(Connection):
    """As `Connection`, on a player that it shares with others and leaves behind when it goes.

    Args:
        websocket: accepted already.
        engine: where the player was opened.
        speaker: plays it.
        fmt: a key of `protocol.FORMATS`.
        stage: what all clients share.
    """

    def __init__(
        self, websocket: WebSocket, engine: Engine, speaker: Speaker, fmt: str, stage: Stage | None = None
    ) -> None:
        super().__init__(websocket, engine, speaker.controls, fmt, device=speaker.device.name, stage=stage)
        self._speaker = speaker
        self._quantise = speaker.quantise

    def _steer(self, changes: dict[str, Any], quantise: str | None = None) -> None:
        self._controls = self._speaker.steer(quantise, **changes)

    def _set_quantise(self, quantise: str) -> None:
        self._speaker.quantise = self._quantise = quantise

    async def _start(self) -> None:
        ended = await asyncio.to_thread(self._speaker.start)
        if ended:
            self._orders.tell_end(ended)
        self._follow()

    def _stop(self) -> None:
        if ended := self._speaker.stop():
            self._orders.tell_end(ended)
        self._follow()

    def _leave(self) -> None:
        """The sound goes on."""

    def _listen(self, ping: protocol.Ping) -> None:
        self._tell({"type": "pong", "time": ping.time, "sent": 0})

    async def _play(self) -> None:
        while True:
            self._follow()
            await asyncio.sleep(TICK_S)

    def _follow(self) -> None:
        """Tell of a stream that began or ended, whoever did it."""
        self._controls, self._quantise = self._speaker.controls, self._speaker.quantise
        player = self._speaker.player
        if player is self._player:
            return
        self._last, self._player = self._player or self._last, player
        if player:
            self._stream = self._speaker.stream
            self._tell({"type": "started", "stream": self._stream})
        else:
            self._tell({"type": "stopped"})
