"""MIDI ports, by way of mido and python-rtmidi: found by part of their name, watched, reopened.

Threading: messages arrive on a thread of the driver's; `send` belongs to one thread and `watch`, which the
system may hold up for many milliseconds, to another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Protocol

logger = logging.getLogger(__name__)


class PortError(ValueError):
    """A port cannot be used; one sentence says why and which there are."""


class OpenPort(Protocol):
    """A port of the system's that is open."""

    def close(self) -> None:
        """Close it."""
        ...


class OpenOutput(OpenPort, Protocol):
    """One that takes messages."""

    def send(self, message: Sequence[int]) -> None:
        """Send the bytes of one message."""
        ...


class Backend(Protocol):
    """The system's ports; tests bring their own."""

    def names(self, inputs: bool) -> list[str]:
        """Of the inputs or the outputs there are now."""
        ...

    def open_input(self, name: str, heard: Callable[[Sequence[int]], None]) -> OpenPort:
        """An input that hands on the bytes of each message, on a thread of its own."""
        ...

    def open_output(self, name: str) -> OpenOutput:
        """An output."""
        ...


class MidoBackend:
    """mido on python-rtmidi.

    Raises:
        PortError: they are not installed.
    """

    def __init__(self) -> None:
        try:
            import mido
        except ImportError:
            mido = None
        if mido is None or find_spec("rtmidi") is None:  # mido would miss it later, and in more words
            raise PortError("MIDI needs mido and python-rtmidi: pip install 'legato[midi]'")
        self._mido: Any = mido

    def names(self, inputs: bool) -> list[str]:
        """Of the inputs or the outputs there are now."""
        return self._mido.get_input_names() if inputs else self._mido.get_output_names()

    def open_input(self, name: str, heard: Callable[[Sequence[int]], None]) -> OpenPort:
        """An input that hands on the bytes of each message, on a thread of the driver's."""
        return self._mido.open_input(name, callback=lambda message: heard(message.bytes()))

    def open_output(self, name: str) -> OpenOutput:
        """An output."""
        return _MidoOutput(self._mido.open_output(name), self._mido.Message)


class _MidoOutput:
    def __init__(self, port: Any, message: Any) -> None:
        self._port, self._message = port, message

    def send(self, message: Sequence[int]) -> None:
        self._port.send(self._message.from_bytes(list(message)))

    def close(self) -> None:
        self._port.close()


def port_names(backend: Backend, inputs: bool) -> list[str]:
    """Names of this machine's inputs or outputs.

    Raises:
        PortError: the system's MIDI service cannot be reached.
    """
    try:
        return list(dict.fromkeys(backend.names(inputs)))
    except Exception as error:  # rtmidi's errors have no common base but this
        raise PortError(f"this machine's MIDI cannot be used: {' '.join(str(error).split())}") from error


def find_port(names: Sequence[str], wanted: str, kind: str) -> str:
    """The port with this name, or else the first whose name holds it, whatever the case.

    Raises:
        PortError: there is none; names those there are.
    """
    if wanted in names:
        return wanted
    for name in names:
        if wanted.casefold() in name.casefold():
            return name
    there = f"there are {', '.join(map(repr, names))}" if names else "none is connected"
    raise PortError(f"no MIDI {kind} has {wanted!r} in its name; {there}")


class Port:
    """An input or output that may be unplugged and come back.

    Args:
        backend: opens it.
        wanted: part of its name.
        announce: told when the device goes and when it is back.
        heard: called with each message's bytes, on the driver's thread; None makes it an output.
        lost: called when the device has gone.

    Raises:
        PortError: there is no such port, or it cannot be opened.
    """

    def __init__(
        self,
        backend: Backend,
        wanted: str,
        announce: Callable[[str], None],
        heard: Callable[[Sequence[int]], None] | None = None,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._backend = backend
        self._wanted = wanted
        self._announce = announce
        self._heard = heard
        self._lost = lost
        self._lock = threading.Lock()
        self._port: Any = None
        self.name = find_port(self._names(), wanted, self._kind)
        try:
            self._port = self._open(self.name)
        except Exception as error:
            raise PortError(f"MIDI {self._kind} {self.name!r} cannot be opened: {error}") from error

    @property
    def is_open(self) -> bool:
        """Whether the device is there."""
        return self._port is not None

    def watch(self) -> None:
        """Notice that the device went or came back."""
        try:
            names = self._names()
        except PortError:
            logger.debug("the MIDI service does not answer", exc_info=True)
            return
        if self._port is not None and self.name not in names:
            self._lose()
        elif self._port is None:
            self._find_again(names)

    def send(self, messages: Sequence[int]) -> None:
        """Send messages of one byte each; a device that is gone is announced."""
        port = self._port
        if port is None:
            return
        try:
            for byte in messages:
                port.send([byte])
        except Exception:
            logger.debug("MIDI output failed", exc_info=True)
            self._lose()

    def close(self) -> None:
        """Close it. May be called more than once."""
        self._shut()

    @property
    def _kind(self) -> str:
        return "output" if self._heard is None else "input"

    def _names(self) -> list[str]:
        return port_names(self._backend, inputs=self._heard is not None)

    def _open(self, name: str) -> Any:
        if self._heard is None:
            return self._backend.open_output(name)
        return self._backend.open_input(name, self._receive)

    def _receive(self, message: Sequence[int]) -> None:
        assert self._heard is not None
        try:
            self._heard(message)
        except Exception:  # the driver's thread must live on, whatever a message held
            logger.exception("a MIDI message could not be taken")

    def _shut(self) -> bool:
        """Close it; whether it was open."""
        with self._lock:
            port, self._port = self._port, None
        if port is None:
            return False
        try:
            port.close()
        except Exception:  # of a device that was pulled out while it was open
            logger.debug("a MIDI port did not close", exc_info=True)
        return True

    def _lose(self) -> None:
        if not self._shut():
            return
        self._lost()
        notes = "; its notes are released" if self._heard else ""
        self._announce(f"MIDI {self._kind} {self.name!r} is gone{notes}")

    def _find_again(self, names: list[str]) -> None:
        try:
            name = find_port(names, self._wanted, self._kind)
            self._port = self._open(name)
        except Exception:  # not there yet, or not ready: the next look tries again
            return
        self.name = name
        self._announce(f"MIDI {self._kind} {name!r} is back")
