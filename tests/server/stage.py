"""The whole server on virtual time, without a network: and a performer whose every sample is checked."""

import asyncio
import gc
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import COUNT, CounterModel, read_counter
from legato.serving.app import create_app
from legato.serving.fake import FakeClient

STEP_S = 0.01
PATIENCE_S = 20.0  # of the machine the test runs on


def count_threads() -> int:
    """Threads, but for the event loop's idle helpers, of which there are a bounded number."""
    return sum(not thread.name.startswith("asyncio_") for thread in threading.enumerate())


def live(kind: type) -> int:
    """Objects of a type that have not been freed."""
    gc.collect()
    return sum(type(thing) is kind for thing in gc.get_objects())


class Ear:
    """Checks that the sound of one stream is an unbroken count."""

    def __init__(self) -> None:
        self.stream = 0
        self.frames = 0
        self.exact = True

    def __call__(self, stream: int, index: int, audio_n2: np.ndarray) -> None:
        if stream != self.stream:
            self.stream, self.frames = stream, 0
        numbers = (index + np.arange(len(audio_n2))) % COUNT
        self.exact &= index == self.frames and np.array_equal(read_counter(audio_n2), numbers)
        self.frames = index + len(audio_n2)


class Stage:
    """A server with a performer who plays all along."""

    def __init__(self, max_players: int = 2, **model: Any) -> None:
        self.clock = VirtualClock()
        self.engine = Engine(CounterModel(self.clock, **model), max_players, lead_s=0.1, clock=self.clock)
        self.app = create_app(self.engine)
        self.ear = Ear()
        self.performer = FakeClient(self.app, self.ear)

    async def visitor(self, query: str = "", ear: Ear | None = None) -> FakeClient:
        """Another client, greeted."""
        client = FakeClient(self.app, ear, query)
        client.connect()
        await self.told(client, "hello")
        return client

    async def told(self, client: FakeClient, kind: str, **fields: Any) -> dict[str, Any]:
        """The newest message of a kind, once there is one; no virtual time passes meanwhile."""
        async with asyncio.timeout(PATIENCE_S):
            return await client.told(kind, **fields)

    async def play(self, seconds: float) -> None:
        """Let virtual time pass."""
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            self.engine.run_once()
            for _ in range(6):  # time stands still until every task has had its turn
                await asyncio.sleep(0)
            self.clock.advance(STEP_S)

    async def leave(self, *clients: FakeClient) -> None:
        """Clients are cut off; returns once the server has noticed."""
        for client in clients:
            client.leave()
        async with asyncio.timeout(PATIENCE_S):
            for client in clients:
                if client.task:
                    await client.task

    async def assert_unharmed(self, seconds: float = 1.0) -> None:
        """The performer hears every sample, at the pace of time."""
        before = self.ear.frames
        await self.play(seconds)
        assert self.ear.exact
        assert abs(self.ear.frames - before - seconds * 48_000) <= 3 * STEP_S * 48_000
        assert self.engine.players[0].ring.underruns == 0


@asynccontextmanager
async def performing(**settings: Any) -> AsyncIterator[Stage]:
    """A stage whose performer has begun."""
    stage = Stage(**settings)
    async with stage.app.router.lifespan_context(stage.app):
        stage.performer.connect()
        stage.performer.send({"type": "start"})
        await stage.told(stage.performer, "started")
        await stage.play(0.5)
        yield stage
        await stage.leave(stage.performer)
    assert stage.engine.players == ()


def nested(depth: int) -> str:
    """A steer message with lists in lists."""
    return json.dumps({"type": "steer"})[:-1] + ', "key": ' + "[" * depth + "]" * depth + "}"
