"""Takes over the network: a client orders them by name, the server alone decides what files they become."""

import threading
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from server.client import Listener
from server.conftest import Running
from websockets.sync import client

from legato.control.state import Controls
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.engine.instrument import Instrument
from legato.engine.log import SessionLog
from legato.engine.takes import Takes
from legato.io.recorder import WavFile, pcm24
from legato.serving.app import ServeError, background, create_app, listen, serve

TENTH = 4800
connect = partial(client.connect, max_queue=None)


@contextmanager
def recording_server(folder: Path, record: bool = False, **takes: Any) -> Iterator[Running]:
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        engine = stack.enter_context(Engine(CounterModel(), 2, lead_s=0.1, takes=Takes(folder, **takes)))
        app = create_app(engine, Controls(bpm=120), record=record)
        yield Running(engine, stack.enter_context(background(app, listener)))


def held(path: Path) -> bytes:
    with wave.open(str(path)) as sound:
        return sound.readframes(sound.getnframes())


def test_takes_are_ordered_by_name_and_hold_what_was_sent(tmp_path: Path) -> None:
    with recording_server(tmp_path) as server, connect(server.ws + "?format=float32") as connection:
        listener = Listener(connection)
        assert listener.wait("hello")["takes"] == {"kind": "wav", "keep_seconds": 60.0}
        listener.send(type="start")
        listener.listen(TENTH)
        listener.send(type="take", action="start", name="First idea")
        started = listener.wait("take", action="started")
        assert started["name"] == "First idea" and started["file"].endswith("_First-idea.wav")
        listener.send(type="steer", bpm=90)
        listener.listen(3 * TENTH)
        told = listener.wait("status")["recording"]
        assert (told["name"], told["file"], told["lost_seconds"]) == ("First idea", started["file"], 0)
        listener.send(type="take", action="mark", name="chorus")
        mark = listener.wait("take", action="marked", name="chorus")
        listener.listen(2 * TENTH)
        listener.send(type="take", action="stop")
        stopped = listener.wait("take", action="stopped")
        assert stopped["warning"] is None and stopped["seconds"] > 0.4
        listener.send(type="take", action="keep")
        kept = listener.wait("take", action="kept")
        assert listener.wait("status")["recording"] is None
        log = SessionLog.load((tmp_path / stopped["file"]).with_suffix(".jsonl"))
        assert [(note.sample, note.value) for note in log.notes] == [(mark["sample"], "chorus")]
        while len(listener.audio) < log.samples:
            listener.read()
        assert held(tmp_path / stopped["file"]) == pcm24(listener.audio[log.start : log.samples])
        assert np.array_equal(
            Instrument(CounterModel()).replay(log).audio, listener.audio[log.start : log.samples]
        )
        log = SessionLog.load((tmp_path / kept["file"]).with_suffix(".jsonl"))
        while len(listener.audio) < log.samples:
            listener.read()
        assert log.start == 0 and held(tmp_path / kept["file"]) == pcm24(listener.audio[: log.samples])
    assert {path.suffix for path in tmp_path.iterdir()} == {".wav", ".jsonl"}
    assert len(list(tmp_path.iterdir())) == 4


def test_no_path_from_the_network_reaches_the_disk(tmp_path: Path) -> None:
    names = ["../../x", "/etc/passwd", "a/b", "..", "x.wav", "", "y" * 41, "a\x00b", "a\nb", 7]
    with recording_server(tmp_path / "takes") as server, connect(server.ws) as connection:
        listener = Listener(connection)
        listener.send(type="start")
        listener.listen(TENTH)
        for action, name in product(("start", "mark", "keep"), names):
            listener.send(type="take", action=action, name=name)
            error = listener.wait("error", code="message")
            assert "name" in error["message"] and len(error["message"]) < 200
        listener.listen(TENTH)
        listener.assert_counts()
    assert not list(tmp_path.iterdir())


def test_orders_that_cannot_be_carried_out_are_refused_and_the_sound_goes_on(tmp_path: Path) -> None:
    with recording_server(tmp_path) as server, connect(server.ws) as connection:
        listener = Listener(connection)
        listener.send(type="take", action="start")
        assert "send start first" in listener.wait("error", code="take")["message"]
        listener.send(type="start")
        listener.listen(TENTH)
        listener.send(type="take", action="stop")
        assert "no take" in listener.wait("error", code="take")["message"]
        for action in ("rewind", None):
            listener.send(type="take", action=action)
            assert "'start', 'stop', 'mark' or 'keep'" in listener.wait("error", code="message")["message"]
        listener.send(type="take", action="start", folder="/tmp")
        assert "take has no field 'folder'" in listener.wait("error", code="message")["message"]
        listener.listen(TENTH)
        listener.assert_counts()


def test_a_server_without_a_folder_records_nothing(server: Running) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        assert listener.wait("hello")["takes"] is None
        listener.send(type="start")
        listener.listen(TENTH)
        for action in ("start", "stop", "mark", "keep"):
            listener.send(type="take", action=action)
            assert "no folder for takes" in listener.wait("error", code="take")["message"]


def test_every_stream_is_recorded_from_its_first_sample_if_wished(tmp_path: Path) -> None:
    with recording_server(tmp_path, record=True) as server:
        with connect(server.ws + "?format=float32") as connection:
            listener = Listener(connection)
            for stream in (1, 2):
                listener.send(type="start")
                listener.wait("started", stream=stream)
                listener.listen(2 * TENTH)
                listener.send(type="stop")
                stopped = listener.wait("take", action="stopped")
                sound = held(tmp_path / stopped["file"])
                assert len(sound) >= 6 * 2 * TENTH
                assert sound.startswith(pcm24(listener.audio)) or pcm24(listener.audio).startswith(sound)
            listener.send(type="take", action="keep", name="after the end")
            assert held(tmp_path / listener.wait("take", action="kept")["file"]) == sound
            listener.send(type="start")
            listener.listen(TENTH)
    # A client that just leaves has its take all the same.
    assert len(list(tmp_path.glob("*_take*.wav"))) == 3
    assert all(SessionLog.load(path).samples >= TENTH for path in tmp_path.glob("*.jsonl"))


def test_a_disk_that_does_not_answer_holds_up_neither_sound_nor_messages(tmp_path: Path) -> None:
    answer = threading.Event()

    class Stuck(WavFile):
        def write(self, audio_n2: np.ndarray) -> None:
            assert answer.wait(60)
            super().write(audio_n2)

    takes = {"queue_s": 0.1, "opener": lambda path, rate, kind: Stuck(path, rate)}
    with recording_server(tmp_path, **takes) as server, connect(server.ws) as connection:
        listener = Listener(connection)
        listener.send(type="start")
        listener.wait("started")
        listener.send(type="take", action="start")
        listener.listen(5 * TENTH)
        assert "too slow" in listener.wait("status")["warning"]
        listener.send(type="take", action="stop")
        for _ in range(20):
            listener.send(type="take", action="stop")
        assert "the disk is slow" in listener.wait("error", code="take")["message"]
        listener.send(type="ping", time=7)
        listener.wait("pong", time=7)
        listener.listen(5 * TENTH)
        listener.assert_counts()
        answer.set()
        stopped = listener.wait("take", action="stopped")
        assert stopped["lost_seconds"] > 0 and "too slow" in stopped["warning"]


def test_recording_all_needs_a_folder() -> None:
    with pytest.raises(ServeError, match="folder"):
        serve(port=0, fake=True, record=True)
