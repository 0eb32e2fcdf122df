"""A device of this machine that may be unplugged: watched, given up when it falls silent, found again.

Threading: the driver's thread counts in `_calls` that it was there. `watch`, which closes and opens, from one
thread alone, by default one of the device's own (`watching`). Torch-free.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Self

from legato.io.portaudio import Backend, DeviceError, OpenStream

logger = logging.getLogger(__name__)

WATCH_S = 0.25  # between looks at an open device
SEARCH_S = 1.0  # between looks for one that is gone
STALL_S = 1.0  # without a call after which a device counts as gone: not every driver says so
CLOSE_S = 2.0  # for which a driver is waited for: without its server, JACK's holds on for minutes


class Plugged(ABC):
    """An input or output, open. Use `watching`, or at least `close`.

    Args:
        announce: told in sentences when it is gone and when it is back.
        backend: of sound.
        now: seconds of a steady clock.
        rescan: whether devices may be looked for anew while it is gone, which ends every open stream of the
            program.

    Attributes:
        warning: what is wrong with it, one sentence.
    """

    kind: ClassVar[str]  # what it is called in sentences
    gone: ClassVar[str]  # what its absence means
    back: ClassVar[str]  # what it does again

    def __init__(
        self,
        announce: Callable[[str], None],
        backend: Backend,
        now: Callable[[], float],
        rescan: bool = True,
    ) -> None:
        self.warning: str | None = None
        self._announce, self._backend, self._now, self._rescan = announce, backend, now, rescan
        self._stream: OpenStream | None = None
        self._calls = 0
        self._seen = (0, now())  # calls at the last look that found new ones, and when that was
        self._closing = threading.Event()
        self._letting_go: threading.Thread | None = None  # a stream that is being closed

    @property
    @abstractmethod
    def name(self) -> str:
        """Its own."""

    @abstractmethod
    def _find(self) -> None:
        """Find it among those there are; DeviceError if it is not."""

    @abstractmethod
    def _connect(self) -> OpenStream:
        """Open what was found; DeviceError if it does not."""

    @property
    def open(self) -> bool:
        """Whether it is there."""
        return self._stream is not None

    @contextmanager
    def watching(self) -> Iterator[Self]:
        """Watch over it while the block runs; closes it."""
        thread = threading.Thread(target=self._watch, name="legato-watch", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._closing.set()
            thread.join()
            self._hush()
            self.close()

    def watch(self) -> None:
        """One look: has it gone, or come back?"""
        if self._stream is None:
            self._find_again()
            return
        calls, now = self._calls, self._now()
        if calls != self._seen[0]:
            self._seen = (calls, now)
        if not self._stream.active or now - self._seen[1] > STALL_S:
            self._lose()

    def close(self) -> None:
        """Close it. May be called more than once."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        self._letting_go = threading.Thread(target=_shut, args=(stream,), name="legato-close", daemon=True)
        self._letting_go.start()
        self._letting_go.join(CLOSE_S)
        if self._held:
            self._backend.abandon()

    def _start(self) -> None:
        """Open what was found."""
        self._seen = (self._calls, self._now())
        self._stream = self._connect()

    def _hush(self) -> None:  # noqa: B027 - for most there is nothing to do
        """What is to be done before it is closed for good."""

    def _watch(self) -> None:
        while not self._closing.wait(WATCH_S if self.open else SEARCH_S):
            try:
                self.watch()
            except Exception:  # a defect in one look must not end the others
                logger.exception("the %s could not be looked at", self.kind)

    @property
    def _held(self) -> bool:
        """Whether the driver has yet to let go of a stream; PortAudio must be left alone until then."""
        return self._letting_go is not None and self._letting_go.is_alive()

    def _lose(self) -> None:
        self._warn(f"the {self.kind} {self.name!r} is gone; {self.gone} until it is back")
        self.close()
        if self._held:
            self._warn(f"the driver does not let go of {self.name!r}; start Legato again to hear it sooner")

    def _warn(self, sentence: str) -> None:
        self.warning = sentence
        self._announce(sentence)

    def _find_again(self) -> None:
        if self._held:
            return
        try:
            if self._rescan:
                self._backend.rescan()
            self._find()
            self._start()
        except DeviceError:  # not there yet, or not ready: the next look tries again
            return
        self.warning = None
        self._announce(f"the {self.kind} {self.name!r} {self.back}")


def _shut(stream: OpenStream) -> None:
    """Close a stream, whatever its driver says."""
    try:
        stream.close()
    except Exception:  # of a device that was pulled out while it was open
        logger.debug("a sound device did not close", exc_info=True)
