"""OSC over UDP: datagrams to an `OscSpace`, its answers and events back. A thin shell around a socket.

Threading: `start` begins a thread that reads and answers; `tell` may be called from one other.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import threading
from collections.abc import Sequence
from typing import Any

from legato.control.osc import Message, OscSpace, Sender

logger = logging.getLogger(__name__)

DEFAULT_HOST = "127.0.0.1"
LARGEST = 65_535  # bytes of a datagram
BUFFER = 4 * 1024 * 1024  # asked of the system for datagrams not yet read
PATIENCE_S = 0.2  # after which a waiting server looks whether it was closed


class OscError(ValueError):
    """OSC cannot be served; one sentence says why."""


def parse_place(place: str) -> tuple[str, int]:
    """Host and port from `9000` or `0.0.0.0:9000` or `[::]:9000`.

    Raises:
        OscError: neither.
    """
    host, _, port = place.rpartition(":")
    if not port.isdecimal() or not port.isascii() or int(port) > 65535:
        raise OscError(f"--osc is {place!r:.40}; write a port from 0 to 65535, or HOST:PORT")
    return host.strip("[]") or DEFAULT_HOST, int(port)


class OscServer:
    """A bound socket, and from `start` to `close` a thread that serves it.

    Args:
        host: loopback by default, so that only this machine can play.
        port: 0 takes a free one.

    Raises:
        OscError: python-osc is not installed, or the port cannot be had.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            from pythonosc.osc_message_builder import OscMessageBuilder
            from pythonosc.osc_packet import OscPacket
        except ImportError:
            raise OscError("OSC needs python-osc: pip install 'legato[osc]'") from None
        self._builder: Any = OscMessageBuilder
        self._packet: Any = OscPacket
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._socket = _bind(host, port)

    @property
    def address(self) -> Sender:
        """Host and port."""
        return self._socket.getsockname()[:2]

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(self.address[0].partition("%")[0]).is_loopback

    def start(self, space: OscSpace) -> None:
        """Serve from now on."""
        self._thread = threading.Thread(target=self._listen, args=(space,), name="legato-osc", daemon=True)
        self._thread.start()

    def tell(self, messages: Sequence[Message], listeners: Sequence[Sender]) -> None:
        """Send messages; who cannot be reached is passed over."""
        if not listeners:
            return
        for datagram in [self._encode(message) for message in messages]:
            for listener in listeners:
                with contextlib.suppress(OSError):
                    self._socket.sendto(datagram, listener)

    def close(self) -> None:
        """End serving and free the port. May be called more than once."""
        self._closed.set()
        if self._thread:
            self._thread.join()
        self._socket.close()

    def _listen(self, space: OscSpace) -> None:
        while not self._closed.is_set():
            try:
                datagram, source = self._socket.recvfrom(LARGEST)
            except OSError:  # nothing came; or, on Windows, somebody answered to has gone
                continue
            try:
                self._take(space, datagram, source[:2])
            except Exception:  # a defect met by one datagram must not end the others
                logger.exception("an OSC datagram could not be taken")

    def _take(self, space: OscSpace, datagram: bytes, sender: Sender) -> None:
        try:
            messages = [timed.message for timed in self._packet(datagram).messages]
        except Exception as error:  # whatever a parser may say of arbitrary bytes
            reason = str(error)[:80]
            answers = space.complain(lambda: f"the datagram is no OSC ({reason})")
        else:
            answers = [a for m in messages for a in space.handle(m.address, m.params, sender)]
        self.tell(answers, [space.answer_to(sender)])

    def _encode(self, message: Message) -> bytes:
        builder = self._builder(message[0])
        for argument in message[1]:
            builder.add_arg(argument)
        return builder.build().dgram


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        bound = socket.socket(family, kind, proto)
    except OSError as error:
        raise OscError(f"OSC cannot listen on {host!r}: {error.strerror}") from error
    try:
        with contextlib.suppress(OSError):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        bound.settimeout(PATIENCE_S)
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise OscError(
            f"OSC cannot listen on {host}:{port}: {error.strerror}; choose another port"
        ) from error
    return bound
