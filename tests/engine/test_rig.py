"""Hardware on an engine in virtual time: a fake MIDI system, the counter for a model."""

import itertools
import threading
import time

import pytest

from legato.control.beat_clock import Events
from legato.control.midi_ports import PortError
from legato.control.osc_server import OscError, parse_place
from legato.control.rig import Rig, RigSettings
from legato.control.state import ControlError, Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel, read_code

BLOCK = 480


class Ports:
    """MIDI as a machine has it, in memory."""

    def __init__(self):
        self.inputs = ["Through 14:0", "Keystation 49 20:0"]
        self.outputs = ["Through 14:0", "Drum machine 24:0"]
        self.heard = {}  # open inputs
        self.sent = []
        self.broken = False

    def names(self, inputs):
        return list(self.inputs if inputs else self.outputs)

    def open_input(self, name, heard):
        self.heard[name] = heard
        return Open(lambda: self.heard.pop(name, None))

    def open_output(self, name):
        return Open(lambda: None, self)

    def play(self, *message):
        (heard,) = self.heard.values()
        heard(message)


class Open:
    def __init__(self, close, ports=None):
        self.close, self.ports = close, ports

    def send(self, message):
        if self.ports.broken:
            raise OSError("no such device")
        self.ports.sent.append(tuple(message))


class Stage:
    """An engine, a sink that reads 10 ms at a time, and a rig that looks every 8 ms, on one virtual clock."""

    def __init__(self, **settings):
        self.clock, self.ports, self.said, self.blocks = VirtualClock(), Ports(), [], []
        self.reading = True
        self.engine = Engine(CounterModel(self.clock), clock=self.clock, lead_s=0.2)
        self.rig = self.plug_in(RigSettings(**settings))
        self.rig.desk.connect(lambda: next(iter(self.engine.players), None))
        self.every(BLOCK / 48_000, self.read)
        self.every(0.008, self.rig.tick)
        self.every(1.0, self.rig.watch)

    def plug_in(self, settings):
        return Rig(settings, self.said.append, self.ports, self.clock.now)

    def every(self, seconds, act):
        def again():
            act()
            self.clock.call_at(self.clock.now() + seconds, again)

        self.clock.call_at(self.clock.now(), again)

    def read(self):
        for player in self.engine.players:
            if self.reading and (len(player.ring) or self.blocks):
                self.blocks.append(player.read(BLOCK))

    def run(self, seconds):
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            self.clock.advance(min(0.01, max(1e-6, self.engine.run_once())))


def test_what_is_played_is_heard_and_logged_with_its_sample():
    stage = Stage(midi="keys")
    player = stage.engine.open(Controls(bpm=100))
    stage.run(1.0)
    for message in ((0xB0, 80, 0), (0xB0, 16, 127), (0x90, 60, 99), (0x90, 64, 99)):
        stage.ports.play(*message)
    stage.run(1.0)
    stage.ports.play(0x80, 60, 0)
    stage.run(0.5)
    bpm, gates = read_code(stage.blocks[-1])
    assert set(bpm) == {240} and not gates[:, 0].any()
    events = player.log().events
    assert [set(event.changes["notes"]) for event in events if "notes" in event.changes] == [{60, 64}, {64}]
    assert all(event.sample % 1920 == 0 and event.sample >= 48_000 for event in events)


def test_an_unplugged_device_lets_go_and_plays_again_when_it_is_back():
    stage = Stage(midi="keys")
    player = stage.engine.open()
    stage.ports.play(0x90, 60, 99)
    stage.ports.play(0xB0, 64, 127)
    stage.run(0.5)
    assert player.controls.notes == (60,)
    stage.ports.inputs.remove("Keystation 49 20:0")
    stage.run(1.1)
    assert player.controls.notes == () and not stage.ports.heard
    assert stage.said[-1] == "MIDI input 'Keystation 49 20:0' is gone; its notes are released"
    stage.ports.inputs.append("Keystation 49 28:0")
    stage.run(1.1)
    assert stage.said[-1] == "MIDI input 'Keystation 49 28:0' is back"
    stage.ports.play(0x90, 61, 99)
    stage.run(0.1)
    assert player.controls.notes == (61,)
    assert player.status()["underruns"] == 0


def test_ten_thousand_events_a_second_harm_nothing():
    stage = Stage(midi="keys")
    player = stage.engine.open()
    values = itertools.count()

    def flood():
        for _ in range(20):
            stage.ports.play(0x90, 36 + next(values) % 40, 1)
            stage.ports.play(0xB0, 74, next(values) % 128)

    stage.every(0.004, flood)
    stage.run(0.3)
    for note in range(128):
        stage.ports.play(0x80, note, 0)
    last = next(values) % 128
    stage.ports.play(0xB0, 74, last)
    stage.rig.tick()
    assert player.controls.notes == ()
    assert player.controls.brightness == pytest.approx(last / 127, abs=1e-3)
    assert player.status()["underruns"] == 0


def test_a_knob_learned_is_known_the_next_time(tmp_path):
    file = tmp_path / "midi.json"
    stage = Stage(midi="keys", learn=("density",), bindings=file)
    assert stage.said[-1] == "move the controller that is to turn density"
    stage.ports.play(0xB2, 30, 127)
    assert stage.said[-1] == f"controller 30 on channel 3 turns density (kept in {file})"
    again = Stage(midi="keys", bindings=file)
    player = again.engine.open()
    again.ports.play(0xB2, 30, 127)
    again.run(0.1)
    assert player.controls.density == 1.0


def test_bindings_that_cannot_be_kept_still_work(tmp_path):
    (tmp_path / "file").write_text("")
    stage = Stage(midi="keys", learn=("density",), bindings=tmp_path / "file" / "midi.json")
    stage.ports.play(0xB0, 30, 127)
    assert "cannot be written" in stage.said[-1]
    assert stage.rig.desk.controls.density == 1.0


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"midi": "moog"}, PortError, "no MIDI input has 'moog' in its name; there are 'Through 14:0', 'Key"),
        (
            {"midi_out": "keys"},
            PortError,
            "no MIDI output has 'keys' in its name; there are 'Through 14:0', 'Dr",
        ),
        ({"midi": "keys", "learn": ("tempo",)}, ControlError, "no knob can turn 'tempo'"),
        ({"learn": ("bpm",)}, ControlError, "--midi"),
    ],
)
def test_what_cannot_be_plugged_in_is_named(settings, error, says):
    with pytest.raises(error) as caught:
        Stage(**settings)
    assert says in str(caught.value)


def test_threads_hand_on_gestures_and_end_with_the_rig():
    ports, said = Ports(), []
    player = Engine(CounterModel(), clock=VirtualClock()).open()
    with Rig(RigSettings(midi="keys", midi_out="drum"), said.append, ports).playing(lambda: player):
        ports.play(0x90, 60, 99)
        end = time.monotonic() + 5
        while player.controls.notes != (60,) and time.monotonic() < end:
            time.sleep(0.002)
        assert player.controls.notes == (60,)
    assert not ports.heard
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("legato-")]


def test_an_output_that_fails_is_announced_and_tried_again():
    stage = Stage(midi_out="drum")
    stage.engine.open(Controls(bpm=200))
    stage.ports.broken = True
    stage.run(3.0)
    assert "MIDI output 'Drum machine 24:0' is gone" in stage.said
    stage.ports.broken, before = False, len(stage.ports.sent)
    stage.run(5.0)
    assert stage.said[-1] == "MIDI output 'Drum machine 24:0' is back"
    assert stage.ports.sent[before] == (0xFA,)
    assert stage.ports.sent[-1] == (0xF8,)


def test_places_of_osc():
    assert parse_place("9000") == ("127.0.0.1", 9000)
    assert parse_place("0.0.0.0:1") == ("0.0.0.0", 1)
    assert parse_place("[::1]:9") == ("::1", 9)
    for wrong in ("", "x", "65536", "a:b", "-1", "²"):
        with pytest.raises(OscError, match="HOST:PORT"):
            parse_place(wrong)


def test_the_beat_heard_is_that_of_the_sound():
    stage = Stage(midi="keys")
    player = stage.engine.open(Controls(bpm=90))
    stage.run(1.0)
    off = []
    for _ in range(200):
        stage.run(0.017)
        off.append(stage.rig.beats.beat(stage.clock.now()) - player.ring.taken / 48_000 * 1.5)
    assert max(map(abs, off)) < 0.03  # beats; a block is 0.015


def test_a_listener_who_pauses_stops_the_beat():
    stage = Stage(midi="keys")
    stage.engine.open(Controls(bpm=120))
    stage.run(2.0)
    stage.reading = False
    beats = stage.rig.beats
    stage.run(1.0)
    still = beats.beat(stage.clock.now())
    stage.run(1.0)
    assert beats.beat(stage.clock.now()) == pytest.approx(still)


def test_events_come_when_the_listener_hears_them():
    stage, told = Stage(midi="keys"), []
    player = stage.engine.open(Controls(bpm=120, chord="Am7"))
    player.listener_s = 0.5  # as a page reports its buffer
    events = Events(stage.rig.beats)
    stage.every(0.01, lambda: told.extend(events.due(stage.clock.now(), player.status())))
    stage.run(0.4)
    assert not told
    stage.run(0.8)
    assert [arguments for address, arguments in told if address == "/legato/beat"] == [
        [1, 1, 120],
        [2, 1, 120],
    ]
    assert [message for message in told if message[0] == "/legato/chord"] == [("/legato/chord", ["Am7"])]
    assert [address for address, _ in told if address == "/legato/bar"] == ["/legato/bar"]
    assert all(0 < arguments[0] < 1 for address, arguments in told if address == "/legato/level")


def test_clock_out_starts_on_a_bar_keeps_time_and_stops():
    stage = Stage(midi_out="drum")
    player = stage.engine.open(Controls(bpm=125))
    stage.run(10.0)
    sent = [byte for (byte,) in stage.ports.sent]
    assert sent[0] == 0xFA and set(sent[1:]) == {0xF8}
    beats_per_bar = player.status()["beat"]["beats_per_bar"]
    sounding = 10.0 * 125 / 60 - beats_per_bar  # from the first bar line that was heard coming
    assert len(sent) - 2 == pytest.approx(24 * sounding, abs=8)
    player.close()
    stage.run(0.1)
    assert stage.ports.sent[-1] == (0xFC,)
    stage.engine.open(Controls(bpm=125))
    stage.run(4.0)
    assert [byte for (byte,) in stage.ports.sent].count(0xFA) == 2
    stage.rig.close()
    assert stage.ports.sent[-1] == (0xFC,)


def test_the_instrument_follows_a_clock_to_its_beat():
    stage = Stage(midi="keys")
    player = stage.engine.open(Controls(bpm=118))
    stage.run(1.0)
    stage.ports.play(0xFA)
    start = stage.clock.now()
    pulses = itertools.count()

    def pulse():
        stage.clock.call_at(start + next(pulses) * 60 / (24 * 120), pulse)
        stage.ports.play(0xF8)

    pulse()
    stage.run(10.0)
    now = stage.clock.now()
    apart = (stage.rig.beats.beat(now) - (now - start) * 2 + 0.5) % 1 - 0.5
    assert abs(apart) < 0.04
    assert player.controls.bpm == pytest.approx(120, abs=1)
