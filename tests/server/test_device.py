"""Pages at a server whose own machine sounds: sound cards in memory, a real server."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from engine.soundcards import Cards
from server.client import Listener
from server.conftest import Running
from websockets.sync import client

from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.engine.speaker import Speaker
from legato.io.device import Device
from legato.serving.app import allowed_hosts, background, create_app, listen

connect = partial(client.connect, max_queue=None)


@pytest.fixture
def cards() -> Cards:
    return Cards()


@pytest.fixture
def server(cards: Cards, tmp_path) -> Iterator[Running]:
    """Plays on a card that is pulled every ten milliseconds."""
    stopped = threading.Event()

    def pull() -> None:
        while not stopped.wait(0.01):
            if cards.card.active:
                cards.card.pull(480)

    driver = threading.Thread(target=pull)
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        engine = stack.enter_context(Engine(CounterModel(), max_players=2, lead_s=0.1, takes=tmp_path))
        speaker = Speaker(engine, Device(backend=cards))
        driver.start()
        stack.callback(driver.join)
        stack.callback(stopped.set)
        stack.enter_context(speaker.playing())
        app = create_app(engine, hosts=allowed_hosts("127.0.0.1"), speaker=speaker)
        yield Running(engine, stack.enter_context(background(app, listener)))


def test_a_page_finds_the_stream_that_plays_steers_it_and_is_sent_no_sound(server: Running) -> None:
    (player,) = server.engine.players
    with connect(server.ws) as connection:
        listener = Listener(connection)
        assert listener.wait("hello")["device"] == {"name": "Studio 24 (ALSA)"}
        listener.wait("started", stream=1)
        listener.send(type="steer", bpm=96)
        status = listener.wait("status", playing=True)
        while status["controls"]["bpm"] != 96 or not status["device"]["heard"]:
            status = listener.wait("status")
        assert player.controls.bpm == 96
        device = status["device"]
        assert device["open"] and device["level"] > 0 and device["peak"] >= device["level"]
        assert status["latency"]["device"] == device["latency_ms"] == 12.0
        assert not len(listener.audio)
    assert not player.closed  # the page has gone, and the sound goes on
    assert server.engine.players == (player,)


def test_every_page_sees_what_one_of_them_does(server: Running, cards: Cards) -> None:
    (first,) = server.engine.players
    with connect(server.ws) as one, connect(server.ws) as other:
        here, there = Listener(one), Listener(other)
        there.wait("started", stream=1)
        here.send(type="take", action="start", name="riff")
        here.wait("take", action="started")
        here.send(type="stop")
        here.wait("stopped")
        assert here.wait("take", action="stopped")["name"] == "riff"
        there.wait("stopped")
        assert first.closed and server.engine.players == ()
        there.send(type="steer", bpm=150)
        there.wait("status", playing=False)
        here.send(type="start")
        for listener in (here, there):
            listener.wait("started", stream=2)
        (second,) = server.engine.players
        assert second.controls.bpm == 150


def test_pages_are_told_that_the_device_is_gone(server: Running, cards: Cards) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        listener.wait("status", playing=True)
        cards.plugged.clear()
        cards.card.active = False
        status = listener.wait("status")
        while not status["warning"]:
            status = listener.wait("status")
        assert "'Studio 24 (ALSA)' is gone" in status["warning"] and not status["device"]["open"]
