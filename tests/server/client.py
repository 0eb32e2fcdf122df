"""A small client for tests: reads a server's messages and checks that its sound is an unbroken count."""

import json
import time
from typing import Any

import numpy as np
from websockets.sync.client import ClientConnection

from legato.engine.fake import COUNT, read_counter
from legato.serving.protocol import decode_audio


class Listener:
    """One connection: texts by type, sound as one array."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.texts: list[dict[str, Any]] = []
        self.audio = np.zeros((0, 2), np.float32)
        self.first = 0  # index of `audio[0]`
        self.stream = 0
        self.gaps = 0

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def read(self, timeout: float = 5.0) -> None:
        """Take in one message."""
        message = self.connection.recv(timeout)
        if isinstance(message, str):
            self.texts.append(json.loads(message))
            return
        stream, index, audio_n2 = decode_audio(message)
        if stream != self.stream:
            self.stream, self.first, self.audio = stream, index, self.audio[:0]
        if index != self.first + len(self.audio):
            self.gaps += 1
            self.first, self.audio = index, self.audio[:0]
        self.audio = np.concatenate([self.audio, audio_n2])

    def wait(self, kind: str, timeout: float = 5.0, **fields: Any) -> dict[str, Any]:
        """The next text of this type with these fields, whatever sound comes before it."""
        seen = len(self.texts)
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self.read(timeout)
            for text in self.texts[seen:]:
                if text["type"] == kind and all(text.get(name) == value for name, value in fields.items()):
                    return text
            seen = len(self.texts)
        raise AssertionError(f"no {kind} {fields} within {timeout} s")

    def listen(self, frames: int, timeout: float = 10.0) -> None:
        """Read until `frames` frames more have come."""
        wanted = len(self.audio) + frames
        end = time.monotonic() + timeout
        while len(self.audio) < wanted and time.monotonic() < end:
            self.read(timeout)
        assert len(self.audio) >= wanted

    def assert_counts(self) -> None:
        """Every sample is the number of its place in the stream."""
        expected = (self.first + np.arange(len(self.audio))) % COUNT
        assert np.array_equal(read_counter(self.audio), expected)
        assert self.gaps == 0
