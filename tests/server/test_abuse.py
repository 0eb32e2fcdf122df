"""Clients that vanish, stall, or come back by the hundred leave nothing behind and harm nobody."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from server.client import Listener
from server.conftest import Running
from server.stage import Ear, count_threads, live, performing
from uvicorn.server import ServerState
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect

from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.engine.player import Player
from legato.evaluation.hardware import open_files
from legato.serving import sockets
from legato.serving.app import background, create_app, listen
from legato.serving.fake import FakeClient
from legato.serving.websocket import Connection


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_a_storm_of_reconnections_leaves_nothing_behind(caplog: pytest.LogCaptureFixture) -> None:
    async def storm() -> None:
        async with performing() as stage:
            for _ in range(3):  # what is made once and kept is made now
                await stage.leave(await stage.visitor())
            tasks, threads, files = len(asyncio.all_tasks()), count_threads(), open_files()
            players, connections = live(Player), live(Connection)
            for number in range(120):
                client = FakeClient(stage.app)
                client.connect()
                if number % 4:  # they leave at every stage of a conversation
                    await stage.told(client, "hello")
                    client.send({"type": "start"})
                if number % 4 > 1:
                    await stage.told(client, "started")
                if number % 4 > 2:
                    await stage.play(0.02)
                await stage.leave(client)
                if number % 20 == 0:
                    await stage.assert_unharmed(0.1)
            assert len(stage.engine.players) == 1  # those opened in vain are closed too
            await stage.assert_unharmed()
            await stage.leave(await stage.visitor())  # there is room as before
            assert (len(asyncio.all_tasks()), count_threads(), open_files()) == (tasks, threads, files)
            assert (live(Player), live(Connection)) == (players, connections)

    with caplog.at_level(logging.ERROR):
        asyncio.run(storm())
    assert not caplog.records


def test_one_who_stops_reading_loses_its_oldest_sound_alone() -> None:
    async def scene() -> None:
        async with performing() as stage:
            ear = Ear()
            slow = await stage.visitor(ear=ear)
            slow.send({"type": "start"})
            await stage.told(slow, "started")
            await stage.play(0.3)
            slow.stop_reading()
            for _ in range(4):
                await stage.assert_unharmed()
            slow.read_on()
            await stage.play(1.0)
            status = await stage.told(slow, "status")
            assert 2.0 < status["dropped"] / 48_000 < 3.5  # four seconds, less the one that may wait
            assert not ear.exact and ear.frames > 4.5 * 48_000  # a gap, and then the present again
            await stage.leave(slow)
            assert len(stage.engine.players) == 1

    asyncio.run(scene())


def test_one_who_floods_is_answered_and_does_not_hold_up_the_sound() -> None:
    async def scene() -> None:
        async with performing() as stage:
            flood = await stage.visitor()
            for number in range(1000):
                flood.send({"type": "steer", "bpm": number})
            await stage.assert_unharmed()
            flood.send({"type": "ping", "time": 1})
            await stage.told(flood, "pong")
            await stage.leave(flood)

    asyncio.run(scene())


@contextmanager
def impatient(
    monkeypatch: pytest.MonkeyPatch, request_s: float = 60.0, ping_s: float = 5.0, pong_s: float = 15.0
) -> Iterator[Running]:
    """A server on a real socket, with other patience than usual."""
    monkeypatch.setattr(sockets, "REQUEST_S", request_s)
    monkeypatch.setattr(sockets, "PING_S", ping_s)
    monkeypatch.setattr(sockets, "PONG_S", pong_s)
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # inherited by connections
        engine = stack.enter_context(Engine(CounterModel(), max_players=2))
        yield Running(engine, stack.enter_context(background(create_app(engine), listener)))


def dial(server: Running) -> socket.socket:
    host, port = server.page.removeprefix("http://").rstrip("/").split(":")
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect((host, int(port)))
    return link


def ended(link: socket.socket, seconds: float = 5.0) -> bool:
    """Whether the server closes a connection."""
    link.settimeout(seconds)
    try:
        while link.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def test_those_who_never_finish_a_request_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    with impatient(monkeypatch, request_s=0.5) as server:
        silent, slow, stuck = dial(server), dial(server), dial(server)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Never: ")
        stuck.sendall(b"GET /assets/index.js HTTP/1.1\r\nHost: localhost\r\n\r\n")  # and does not read it
        with connect(server.ws) as player:  # one who plays may stay
            listener = Listener(player)
            assert all([ended(silent), ended(slow)])
            time.sleep(0.2)
            listener.send(type="ping", time=1)
            listener.wait("pong")
        assert ended(stuck)
        for link in (silent, slow, stuck):
            link.close()


def test_one_who_vanished_without_a_word_gives_up_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """It neither reads nor answers nor closes: a laptop asleep, a cable pulled."""
    with impatient(monkeypatch, ping_s=1.0, pong_s=0.5) as server:
        files = open_files()
        with connect(server.ws, sock=dial(server), max_queue=1, close_timeout=0.1) as gone:
            gone.send('{"type": "start"}')
            assert until(lambda: len(server.engine.players) == 1)
            assert until(lambda: not server.engine.players)
        assert until(lambda: open_files() <= files)


def test_one_who_misses_pings_is_ended_in_one_line_and_the_others_play_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It reads all it is sent, but is too starved to answer: so sound is on its way when it is cut."""
    with impatient(monkeypatch, ping_s=0.5, pong_s=1.0) as server, caplog.at_level(logging.WARNING, "legato"):
        with connect(server.ws, max_queue=None) as player, dial(server) as starved:
            performer = Listener(player)
            performer.send(type="start")
            performer.wait("started")
            starved.sendall(UPGRADE + raw(Opcode.TEXT, b'{"type": "start"}'))
            assert ended(starved)
            performer.listen(4800)
            performer.assert_counts()
            assert until(lambda: len(server.engine.players) == 1)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "127.0.0.1 has not answered for 1 s and is disconnected"


def test_what_is_sent_while_a_socket_closes_is_no_defect_of_the_sender() -> None:
    async def scene() -> None:
        config = sockets.web_server(lambda *_: None).config
        config.load()
        closing = sockets.Socket(config, ServerState(), {}, asyncio.get_running_loop())
        closing.handshake_complete = closing.close_sent = True
        with pytest.raises(OSError):  # as of one who is gone: what ASGI asks for
            await closing.send({"type": "websocket.send", "text": "{}"})

    asyncio.run(scene())


UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: c3RhcnZlZCBjbGllbnQhIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def raw(opcode: Opcode, data: bytes, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


RUDE = {
    "bad UTF-8": (raw(Opcode.TEXT, b"\xff\xfe"), 1007),
    "bad UTF-8 twice": (raw(Opcode.TEXT, b"\xff") * 2, 1007),
    "bad UTF-8 in parts": (raw(Opcode.TEXT, b"\xc3", fin=False) + raw(Opcode.CONT, b"("), 1007),
    "more than a megabyte": (raw(Opcode.TEXT, b" " * (sockets.CUT_BYTES + 1)), 1009),
    "a promise of an exabyte": (b"\x81\xff" + (2**60).to_bytes(8, "big") + b"mask", 1009),
    "a megabyte in parts": (
        raw(Opcode.TEXT, b" ", fin=False) + raw(Opcode.CONT, b" " * sockets.CUT_BYTES, fin=False),
        1009,
    ),
    "not masked": (Frame(Opcode.TEXT, b"{}").serialize(mask=False), 1002),
    "a code that means nothing": (b"\x83\x80mask", 1002),
    "no frames at all": (b"GET / HTTP/1.1\r\n\r\n", 1002),
}


@pytest.mark.parametrize("name", RUDE)
def test_what_is_no_protocol_is_closed_with_its_code(
    name: str, caplog: pytest.LogCaptureFixture, rough: Running
) -> None:
    data, code = RUDE[name]
    with connect(rough.ws) as connection:
        Listener(connection).wait("hello")
        with caplog.at_level(logging.ERROR, "legato"):
            with suppress(BrokenPipeError):  # what is too long is refused before all of it is sent
                connection.socket.sendall(data)
            with pytest.raises(ConnectionClosed) as caught:
                while True:
                    connection.recv(5)
        assert caught.value.rcvd and caught.value.rcvd.code == code
    assert not [record for record in caplog.records if record.name.startswith("legato")]


@pytest.fixture(scope="module")
def rough() -> Iterator[Running]:
    """A server, beside whose rude visitors one plays all along."""
    with ExitStack() as stack:
        sock = stack.enter_context(listen("127.0.0.1", 0))
        engine = stack.enter_context(Engine(CounterModel(), max_players=2))
        server = Running(engine, stack.enter_context(background(create_app(engine), sock)))
        performer = Listener(stack.enter_context(connect(server.ws, max_queue=None)))
        performer.send(type="start")
        performer.wait("started")
        files = open_files()
        yield server
        assert until(lambda: open_files() <= files)
        performer.listen(48_000)
        performer.assert_counts()
        assert engine.players[0].ring.underruns == 0
