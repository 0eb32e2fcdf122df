"""OSC on a loopback socket and a page beside it: one player, one way to steer it."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from server.client import Listener
from server.conftest import Running
from websockets.sync import client

from legato.control.osc import ADDRESSES, EVENTS
from legato.control.osc_server import OscError
from legato.control.rig import Rig, RigSettings

builder = pytest.importorskip("pythonosc.osc_message_builder")
bundles = pytest.importorskip("pythonosc.osc_bundle_builder")
packets = pytest.importorskip("pythonosc.osc_packet")


class Controller:
    """A program that speaks OSC."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(5)
        self.socket.connect(address)

    def send(self, address: str, *arguments: object) -> None:
        self.socket.send(encode(address, *arguments).dgram)

    def read(self) -> tuple[str, list[object]]:
        (timed,) = packets.OscPacket(self.socket.recv(65_535)).messages
        return timed.message.address, timed.message.params

    def wait(self, address: str) -> list[object]:
        end = time.monotonic() + 5
        while time.monotonic() < end:
            told, arguments = self.read()
            if told == address:
                return arguments
        raise AssertionError(f"nothing at {address}")

    def close(self) -> None:
        self.socket.close()


def encode(address, *arguments):
    message = builder.OscMessageBuilder(address)
    for argument in arguments:
        message.add_arg(argument)
    return message.build()


@pytest.fixture
def controller(server: Running) -> Iterator[Controller]:
    said: list[str] = []
    rig = Rig(RigSettings(osc="0"), said.append)
    host, _, port = said[0].split()[3].rstrip(";").rpartition(":")
    with (
        rig.playing(lambda: next(iter(server.engine.players), None)),
        closing(Controller((host, int(port)))) as one,
    ):
        yield one


def test_help_errors_and_junk(controller: Controller) -> None:
    controller.send("/legato")
    lines = [controller.read() for _ in (*ADDRESSES, *EVENTS)]
    assert {address for address, _ in lines} == {"/legato/help"}
    assert [line[0] for _, line in lines] == [line.address for line in (*ADDRESSES, *EVENTS)]
    controller.send("/legato/bpm", 1000.0)
    assert controller.read() == ("/legato/error", ["bpm is 1000; it must be from 40 to 240"])
    for junk in (b"x", b"/legato/bpm\0,f\0\0", b"#bundle\0" + b"\xff" * 20, b"\xff" * 3000):
        controller.socket.send(junk)
    assert "no OSC" in str(controller.wait("/legato/error")[0])
    controller.send("/legato/bpm")
    assert controller.wait("/legato/bpm") == ["open"]


def test_a_port_in_use_is_named(controller: Controller) -> None:
    _, port = controller.socket.getpeername()
    with pytest.raises(OscError, match=rf"OSC cannot listen on 127\.0\.0\.1:{port}: .*in use"):
        Rig(RigSettings(osc=str(port)))


def test_a_page_hears_and_shows_what_osc_plays(server: Running, controller: Controller) -> None:
    with client.connect(server.ws, max_queue=None) as connection:
        page = Listener(connection)
        bundle = bundles.OscBundleBuilder(bundles.IMMEDIATELY)
        for address, value in (("bpm", 150), ("drums", 0), ("note/on", 60)):
            bundle.add_content(encode(f"/legato/{address}", value))
        controller.socket.send(bundle.build().dgram)
        controller.send("/legato/bpm")
        assert controller.read() == ("/legato/bpm", [150.0])  # waits for a player
        page.send(type="start")
        page.wait("started")
        end = time.monotonic() + 5
        while page.wait("status")["controls"]["notes"] != [60] and time.monotonic() < end:
            continue
        told = page.wait("status", playing=True)["controls"]
        assert (told["bpm"], told["drums"], told["notes"]) == (150.0, False, [60])
        page.assert_counts()
        page.send(type="steer", bpm=90)
        while page.wait("status")["controls"]["bpm"] != 90 and time.monotonic() < end:
            continue
        controller.send("/legato/bpm")
        assert controller.wait("/legato/bpm") == [90.0]
        page.send(type="stop")
        page.wait("stopped")
        assert page.wait("status", playing=False)["controls"]["drums"] is False


def test_subscribers_hear_beats_chords_and_levels(server: Running, controller: Controller) -> None:
    with client.connect(server.ws, max_queue=None) as connection:
        page = Listener(connection)
        page.send(type="steer", bpm=240)
        page.send(type="start")
        page.listen(4800)
        controller.send("/legato/subscribe")
        assert isinstance(controller.wait("/legato/chord")[0], str)
        assert 0 < float(str(controller.wait("/legato/level")[0])) < 1
        first, second = controller.wait("/legato/beat"), controller.wait("/legato/beat")
        bar, beats = controller.wait("/legato/bar")
        assert second[0] in (int(str(first[0])) + 1, 1) and second[2] == 240
        assert bar >= second[1] and beats in range(2, 13)
        controller.send("/legato/unsubscribe")


def test_a_flood_of_datagrams_keeps_the_sound_whole(server: Running, controller: Controller) -> None:
    with client.connect(server.ws, max_queue=None) as connection:
        page = Listener(connection)
        page.send(type="start")
        page.listen(4800)
        for i in range(500):
            controller.send("/legato/brightness", i / 499)
            controller.send("/legato/note", 40 + i % 50, i % 2)
            if i % 20 == 0:
                time.sleep(0.002)
        for note in range(40, 90):
            controller.send("/legato/note/off", note)
        controller.send("/legato/brightness", 0.25)
        controller.send("/legato/notes")
        assert controller.wait("/legato/notes") is not None
        controller.send("/legato/panic")
        controller.send("/legato/brightness")
        assert controller.wait("/legato/brightness") == [0.25]
        page.listen(24_000)
        page.assert_counts()
        (player,) = server.engine.players
        assert player.controls.brightness == 0.25 and player.controls.notes == ()
