"""What waits to be sent to one client: bounded, so that a slow client costs neither memory nor time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

MAX_TEXTS = 64


class _Sound(NamedTuple):
    data: bytes
    frames: int


class Outbox:
    """Text first, then sound in order. When sound piles up, the oldest is dropped and counted.

    Args:
        max_frames: frames of sound that may wait.
    """

    def __init__(self, max_frames: int) -> None:
        self._max_frames = max_frames
        self._texts: deque[str] = deque(maxlen=MAX_TEXTS)
        self._sounds: deque[_Sound] = deque()
        self._waiting = asyncio.Event()
        self.frames = 0  # waiting now
        self.dropped = 0  # frames in all

    def put_text(self, text: str) -> None:
        """Queue a message; with too many waiting, the oldest goes."""
        self._texts.append(text)
        self._waiting.set()

    def put_sound(self, data: bytes, frames: int) -> None:
        """Queue a message of `frames` frames."""
        self._sounds.append(_Sound(data, frames))
        self.frames += frames
        while self.frames > self._max_frames:
            lost = self._sounds.popleft()
            self.frames -= lost.frames
            self.dropped += lost.frames
        self._waiting.set()

    def forget_sound(self) -> None:
        """Throw away what waits of a stream that has ended."""
        self._sounds.clear()
        self.frames = 0

    async def get(self) -> str | bytes:
        """The next message, when there is one."""
        while not self._texts and not self._sounds:
            self._waiting.clear()
            await self._waiting.wait()
        if self._texts:
            return self._texts.popleft()
        sound = self._sounds.popleft()
        self.frames -= sound.frames
        return sound.data
