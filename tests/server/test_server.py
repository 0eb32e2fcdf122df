import json
import socket
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

import httpx
import pytest
from server.client import Listener
from server.conftest import Running
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync import client

from legato.engine.engine import Engine
from legato.engine.fake import CounterModel, read_code
from legato.serving.app import ServeError, allowed_hosts, background, create_app, listen, serve

TENTH = 4800
connect = partial(client.connect, max_queue=None)  # else sound nobody reads would hold up closing


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_the_page_and_its_parts_are_served(server: Running) -> None:
    page = httpx.get(server.page)
    assert "<legato-app>" in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(server.page + "assets/index.js").status_code == 200
    health = httpx.get(server.page + "health").json()
    assert health == {"status": "ok", "model": "counter", "players": 0, "max_players": 2}


def test_a_stream_is_complete_in_order_and_at_the_pace_of_time(server: Running) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        assert listener.wait("hello")["sample_rate"] == 48_000
        listener.send(type="start")
        listener.wait("started", stream=1)
        began = time.monotonic()
        listener.listen(10 * TENTH)
        elapsed = time.monotonic() - began
        assert listener.first == 0
        listener.assert_counts()
        assert elapsed > 0.6  # a second of sound, less what was sent ahead


def test_unrounded_samples_on_request(server: Running) -> None:
    with connect(server.ws + "?format=float32") as connection:
        listener = Listener(connection)
        assert listener.wait("hello")["format"] == "float32"
        listener.send(type="start")
        listener.listen(TENTH)
        listener.assert_counts()


def test_a_listener_who_reports_is_sent_exactly_what_it_wants(server: Running) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        listener.send(type="start")
        listener.wait("started")
        listener.listen(1)
        for _ in range(5):
            listener.send(type="ping", time=1, stream=1, played=0, target=4 * TENTH, playing=False)
            listener.wait("pong")
        listener.listen(4 * TENTH - len(listener.audio))
        for _ in range(3):
            listener.wait("status")
        assert len(listener.audio) == 4 * TENTH


def test_steering_is_heard_and_reported(server: Running) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        listener.send(type="steer", bpm=100, drums=False)
        listener.send(type="start")
        listener.listen(2 * TENTH)
        tempo, gates = read_code(listener.audio)
        assert set(tempo) == {100}
        assert not gates[:, 0].any()
        listener.send(type="steer", bpm=150, drums=True)
        listener.listen(10 * TENTH)
        tempo, gates = read_code(listener.audio)
        assert tempo[-1] == 150
        assert gates[-1, 0]
        listener.assert_counts()
        told = listener.wait("status", playing=True)
        assert told["controls"]["bpm"] == 150
        assert told["now"]["bpm"] == 150
        assert len(told["plan"]) >= 2
        assert {"wait", "compute", "engine ring"} <= told["latency"].keys()


MALFORMED = [
    "{",
    "[]",
    b"\x00\xff",
    '{"type": "dance"}',
    '{"type": "steer", "bpm": 0}',
    '{"type": "steer", "bpm": 1e9}',
    '{"type": "steer", "bpm": NaN}',
    '{"type": "steer", "key": "H minor"}',
    '{"type": "steer", "prompts": {"": 1}}',
    '{"type": "steer", "prompts": {"x": -1}}',
    '{"type": "steer", "prompts": ["' + "x" * 10_000 + '"]}',
    '{"type": "steer", "volume": 11}',
    '{"type": "steer", "bpm": ' + "9" * 400 + "}",
    json.dumps({"type": "steer", "key": "A" * 100_000}),
    '{"type": "steer", "key": ' + "[" * 30_000 + "]" * 30_000 + "}",
]


def test_bad_messages_are_answered_and_the_stream_keeps_sounding(server: Running) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        listener.send(type="start")
        listener.wait("started")
        for message in MALFORMED:
            connection.send(message)
            error = listener.wait("error")
            assert error["code"] in ("message", "control")
            assert error["message"] and "\n" not in error["message"] and len(error["message"]) < 600
        listener.listen(5 * TENTH)
        listener.assert_counts()


def test_two_pages_have_their_own_streams_and_a_third_is_told_so(server: Running) -> None:
    with connect(server.ws) as one, connect(server.ws) as two:
        first, second = Listener(one), Listener(two)
        for listener, bpm in ((first, 90), (second, 140)):
            listener.send(type="steer", bpm=bpm)
            listener.send(type="start")
        for listener, bpm in ((first, 90), (second, 140)):
            listener.listen(3 * TENTH)
            listener.assert_counts()
            assert set(read_code(listener.audio)[0]) == {bpm}
        with connect(server.ws) as three:
            third = Listener(three)
            error = third.wait("error")
            assert error["code"] == "busy"
            assert "all players are taken" in error["message"]
            with pytest.raises(ConnectionClosed):
                third.read()
        first.listen(3 * TENTH)
        first.assert_counts()
        one.close()
        with connect(server.ws) as four:
            Listener(four).wait("hello")


def test_stopping_frees_the_player_and_starting_begins_again(server: Running) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        listener.send(type="start")
        listener.listen(TENTH)
        listener.send(type="stop")
        listener.wait("stopped")
        assert server.engine.players == ()
        listener.send(type="start")
        listener.wait("started", stream=2)
        listener.listen(TENTH)
        assert (listener.stream, listener.first) == (2, 0)
        listener.assert_counts()


def test_a_client_that_vanishes_leaves_nothing_behind(server: Running) -> None:
    for _ in range(5):
        with connect(server.ws) as connection:
            listener = Listener(connection)
            listener.send(type="start")
            listener.listen(1)
            connection.socket.shutdown(socket.SHUT_RDWR)
    assert until(lambda: server.engine.players == ())
    with connect(server.ws) as connection:
        Listener(connection).wait("hello")


def test_a_slow_client_loses_sound_and_harms_nobody() -> None:
    with listen("127.0.0.1", 0) as listener_socket, Engine(CounterModel(), 2, lead_s=0.1) as engine:
        listener_socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # inherited by connections
        with background(create_app(engine), listener_socket) as page:
            host, port = listener_socket.getsockname()
            address = page.replace("http", "ws") + "ws"
            lazy_socket = socket.socket()
            lazy_socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            lazy_socket.connect((host, port))
            with (
                connect(address, sock=lazy_socket, max_queue=2, close_timeout=0.2) as lazy,
                connect(address) as quick,
            ):
                slow, fast = Listener(lazy), Listener(quick)
                slow.send(type="start")
                fast.send(type="start")
                slow.wait("started")
                fast.listen(30 * TENTH)
                fast.assert_counts()
                assert slow.wait("status", timeout=10) is not None
                end = time.monotonic() + 5
                while not slow.gaps and time.monotonic() < end:
                    slow.read()
                assert slow.gaps >= 1
                while slow.wait("status")["dropped"] == 0:
                    continue


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://[", "https://127.0.0.1"])
def test_foreign_pages_are_refused(server: Running, origin: str) -> None:
    with pytest.raises(InvalidStatus) as caught, connect(server.ws, additional_headers={"Origin": origin}):
        pass
    assert caught.value.response.status_code == 403


def test_the_own_page_is_let_in(server: Running) -> None:
    with connect(server.ws, additional_headers={"Origin": server.page.rstrip("/")}) as connection:
        Listener(connection).wait("hello")


def test_other_names_for_this_machine_are_refused(server: Running) -> None:
    assert httpx.get(server.page, headers={"Host": "evil.example"}).status_code == 421
    assert httpx.get(server.page, headers={"Host": "localhost:1"}).status_code == 200
    assert allowed_hosts("0.0.0.0") == ()


def test_a_port_in_use_is_named(server: Running) -> None:
    port = int(server.page.rstrip("/").rpartition(":")[2])
    with pytest.raises(ServeError, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*in use"):
        serve(port=port, fake=True)


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(ServeError, match=r"cannot listen on .*192\.0\.2\.1"), closing(listen("192.0.2.1", 0)):
        pass
