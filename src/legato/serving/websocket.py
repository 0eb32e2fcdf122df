"""One client: its place, its stream, and the tasks that serve it.

`_receive` obeys messages, `_play` moves sound from the player's ring to the outbox at the listener's pace,
`_send` empties the outbox, `Orders` sees to takes. None of them ever waits for another, and the engine waits
for none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from starlette.websockets import WebSocket, WebSocketDisconnect

from legato.control.mailbox import QUANTISE, check_quantise
from legato.control.scenes import Scenes
from legato.control.state import ControlError, Controls
from legato.engine.engine import Engine, EngineError
from legato.engine.player import Player
from legato.io.recorder import RecorderError
from legato.serving import protocol
from legato.serving.admission import dump
from legato.serving.musical import Cancel, Plan, Quantise, Scene
from legato.serving.outbox import Outbox
from legato.serving.pacer import Pacer
from legato.serving.protocol import Ping, ProtocolError, Start, Steer, Stop, Take
from legato.serving.taking import Orders, Told, carry_out

logger = logging.getLogger(__name__)

TICK_S = 0.01  # between messages of sound
STATUS_S = 0.25
LARGEST_SEND_S = 0.1  # of sound in one message
MAX_WAITING_S = 1.0  # of sound in the outbox


class Stage(NamedTuple):
    """What all clients of a server share besides its engine."""

    scenes: Scenes | None = None
    link: Callable[[], dict[str, Any]] | None = None  # tells of Ableton Link, see `Link.status`


class Connection:
    """A client that has a place.

    Args:
        websocket: accepted already.
        engine: where players are opened.
        controls: what a stream starts with, until the client steers.
        fmt: a key of `protocol.FORMATS`.
        record: whether each stream is recorded from its first sample on.
        device: of the server's machine, if that plays instead of the client.
        stage: what all clients share.
    """

    def __init__(
        self,
        websocket: WebSocket,
        engine: Engine,
        controls: Controls,
        fmt: str,
        record: bool = False,
        device: str | None = None,
        stage: Stage | None = None,
    ) -> None:
        self._websocket = websocket
        self._engine = engine
        self._clock = engine.clock
        self._controls = controls
        self._fmt = fmt
        self._record = record
        self._device = device
        self._stage = stage or Stage()
        self._quantise = QUANTISE[0]
        self._scenes_told = -1  # their revision
        self._orders = Orders(self._tell, self._refuse)
        self._rate = engine.model.sample_rate
        self._outbox = Outbox(round(MAX_WAITING_S * self._rate))
        self._player: Player | None = None
        self._last: Player | None = None  # closed; what it played last can still be kept
        self._pacer: Pacer | None = None
        self._stream = 0
        self._sent = 0

    async def run(self) -> None:
        """Serve until the client leaves; the player's place in the engine is free afterwards."""
        self._tell(self._hello())
        jobs = (self._receive(), self._play(), self._send(), self._report(), self._orders.run())
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            self._leave()
        for outcome in ended:
            if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect):
                logger.error("a connection ended by a defect", exc_info=outcome)

    def _hello(self) -> dict[str, Any]:
        engine, fmt = self._engine, self._fmt
        chunk_samples = engine.chunk_frames * engine.model.frame_samples
        return protocol.hello(
            engine.model.name,
            self._rate,
            chunk_samples,
            fmt,
            self._controls,
            engine.takes,
            self._device,
            self._quantise,
            self._stage.scenes,
            engine.model.honours,
        )

    async def _receive(self) -> None:
        while True:
            event = await self._websocket.receive()
            if event["type"] == "websocket.disconnect":
                return
            data = event.get("text")
            try:
                await self._obey(data if data is not None else event.get("bytes", b""))
            except (ProtocolError, ControlError, EngineError, RecorderError) as error:
                self._refuse(error)
            await asyncio.sleep(0)  # a flood of messages must not keep the sound from being sent

    async def _obey(self, data: str | bytes) -> None:
        message = protocol.parse_message(data)
        if isinstance(message, Steer):
            self._steer(message.changes, message.quantise)
        elif isinstance(message, Start):
            await self._start()
        elif isinstance(message, Stop):
            self._stop()
        elif isinstance(message, Take):
            self._orders.take(self._player or self._last, message)
        elif isinstance(message, Quantise):
            self._set_quantise(message.default)
        elif isinstance(message, Cancel):
            if self._player:
                self._controls = self._player.cancel(*(message.fields or ()))
        elif isinstance(message, Plan):
            self._arrange(message.order)
        elif isinstance(message, Scene):
            await self._scene(message)
        else:
            self._listen(message)

    def _steer(self, changes: dict[str, Any], quantise: str | None = None) -> None:
        if quantise is not None:
            check_quantise(quantise)
        player = self._player
        self._controls = player.steer(quantise, **changes) if player else self._controls.steer(**changes)

    def _set_quantise(self, quantise: str) -> None:
        self._quantise = quantise
        if self._player:
            self._player.quantise = quantise

    def _arrange(self, order: dict[str, Any]) -> None:
        try:
            if self._player is None:
                raise ControlError("nothing plays whose plan could be changed; send start first")
            self._player.order(order)
        except ControlError as error:  # with its step, which the client then has nothing of to take back
            self._tell(_error(error) | {name: order[name] for name in ("step",) if name in order})

    async def _scene(self, message: Scene) -> None:
        scenes = self._stage.scenes
        if scenes is None:
            raise ControlError("this server keeps no scenes; start it with --scenes FILE")
        if message.action == "recall":
            self._steer(scenes.recall(message.slot), message.quantise)
            return
        if (message.action == "store") is (message.scene is None):
            raise ControlError("scene: store needs the scene, and clear needs none")
        await asyncio.to_thread(scenes.put, message.slot, message.scene)

    async def _start(self) -> None:
        self._leave()
        self._player, recorded = await _open(self._engine, self._controls, self._record)
        self._player.quantise = self._quantise
        self._stream += 1
        self._sent = 0
        self._pacer = None
        self._tell({"type": "started", "stream": self._stream})
        if isinstance(recorded, RecorderError):
            self._refuse(recorded)
        elif recorded:
            self._tell(recorded)

    def _stop(self) -> None:
        self._leave()
        self._tell({"type": "stopped"})

    def _leave(self) -> None:
        self._outbox.forget_sound()
        player, self._player = self._player, None
        if player:
            # Hardware may have turned them too.
            self._controls, self._quantise = player.controls, player.quantise
            self._last = player
            if ended := player.close():
                self._orders.tell_end(ended)

    def _listen(self, ping: Ping) -> None:
        if ping.stream == self._stream and self._pacer:
            way_s = ping.round_trip_ms / 1000.0
            self._pacer.report(self._clock.now(), ping.played, ping.target, ping.playing, way_s)
            if self._player:
                self._player.listener_s = max(0, self._sent - ping.played) / self._rate
        self._tell({"type": "pong", "time": ping.time, "sent": self._sent})

    async def _play(self) -> None:
        largest = round(LARGEST_SEND_S * self._rate)
        while True:
            await self._clock.asleep(TICK_S)
            player = self._player
            if not player or not len(player.ring):
                continue
            now = self._clock.now()
            self._pacer = self._pacer or Pacer(self._rate, now)
            due = min(self._pacer.due(now, self._sent), len(player.ring))
            while due > 0:
                frames = min(due, largest)
                audio_n2 = player.read(frames)
                data = protocol.encode_audio(self._stream, self._sent, audio_n2, self._fmt)
                self._outbox.put_sound(data, frames)
                self._sent += frames
                due -= frames

    async def _report(self) -> None:
        while True:
            told = self._player.status() if self._player else None
            controls = self._player.controls if self._player else self._controls
            quantise = self._player.quantise if self._player else self._quantise
            link = self._stage.link() if self._stage.link else None
            dropped = self._outbox.dropped
            playing = told is not None
            self._tell(protocol.status(self._stream, playing, controls, told, dropped, quantise, link))
            self._tell_scenes()
            await self._clock.asleep(STATUS_S)

    def _tell_scenes(self) -> None:
        """All of them, where any has changed since they were last told."""
        scenes = self._stage.scenes
        if scenes and scenes.revision != self._scenes_told:
            self._scenes_told = scenes.revision
            self._tell({"type": "scenes", "slots": scenes.slots})

    async def _send(self) -> None:
        while True:
            message = await self._outbox.get()
            if isinstance(message, str):
                await self._websocket.send_text(message)
            else:
                await self._websocket.send_bytes(message)

    def _tell(self, message: dict[str, Any]) -> None:
        self._outbox.put_text(dump(message))

    def _refuse(self, error: Exception) -> None:
        self._tell(_error(error))


Opened = tuple[Player, Told | RecorderError | None]


async def _open(engine: Engine, controls: Controls, record: bool) -> Opened:
    """A new player, opened beside the event loop: embedding the prompts would hold it up too long.

    Also gives what to tell of its recording. Without a disk to record to, it plays all the same.
    """

    def work() -> Opened:
        player = engine.open(controls)
        try:
            return player, carry_out(player, Take(type="take", action="start")) if record else None
        except RecorderError as error:
            return player, error

    opening = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:  # the client left meanwhile; its player must not stay behind
        opening.add_done_callback(lambda done: done.exception() or done.result()[0].close())
        # Else the next client would be given its place and find none in the engine.
        await asyncio.wait([opening])
        raise


def _error(error: Exception) -> dict[str, Any]:
    codes = {ProtocolError: "message", ControlError: "control", RecorderError: "take"}
    code = codes.get(type(error), "engine")
    return {"type": "error", "code": code, "message": str(error)}
