"""Sound from a device: sound cards in memory, the counter for a model, virtual time."""

import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from engine.soundcards import BLOCK, HEADPHONES, STUDIO, TELEPHONE, Cards

from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel, counter, read_code
from legato.engine.speaker import Speaker
from legato.io.device import FADE, Device
from legato.io.microphone import Microphone
from legato.io.plugged import STALL_S
from legato.io.portaudio import DeviceError, PortAudio, find_output

CHUNK = 7680
FADE_OUT = 1920  # of the ring, when it runs dry


class Stage:
    """An engine, its speaker and its card, pulled at the pace of the virtual clock."""

    def __init__(self, wanted="default", controls=None, takes=None, record=False, **model):
        self.clock, self.cards, self.said = VirtualClock(), Cards(), []
        self.engine = Engine(CounterModel(self.clock, **model), 2, clock=self.clock, takes=takes)
        self.device = Device(wanted, self.said.append, self.cards, now=self.clock.now)
        self.speaker = Speaker(self.engine, self.device, controls or Controls(bpm=120), record)
        self.blocks = []
        self.clock.call_at(0.0, self._pull)

    def run(self, seconds):
        """What the card was given meanwhile."""
        before, end = len(self.blocks), self.clock.now() + seconds
        while self.clock.now() < end:
            self.clock.advance(min(0.01, max(1e-6, self.engine.run_once())))
        return np.concatenate(self.blocks[before:] or [np.zeros((0, 2), np.float32)])

    def _pull(self):
        card = self.cards.card
        if card.active:
            self.blocks.append(card.pull())
        self.clock.call_at(self.clock.now() + BLOCK / card.rate, self._pull)


def sounding(**settings):
    """A stage whose stream has begun and whose fade-in is over."""
    stage = Stage(**settings)
    stage.speaker.start()
    stage.run(0.1)
    return stage


def test_what_leaves_the_ring_is_what_the_card_gets():
    stage = sounding()
    audio = stage.run(3.0)
    player = stage.speaker.player
    assert len(audio) > 2.9 * 48_000
    assert np.array_equal(audio[:, 0], counter(player.ring.taken - len(audio), len(audio)))
    assert player.status()["underruns"] == 0


def test_any_size_of_block_gives_the_same_sound():
    sizes = [1, 64, 65, 4096, 333]
    stage = sounding()
    stage.run(1.0)
    player, card = stage.speaker.player, stage.cards.card
    start = player.ring.taken
    audio = np.concatenate([card.pull(size) for size in sizes])
    assert np.array_equal(audio[:, 0], counter(start, sum(sizes)))


def test_it_is_silent_before_a_stream_and_rises_from_silence():
    stage = Stage()
    assert not stage.run(0.2).any()
    stage.speaker.start()
    stage.engine.run_once()
    card = stage.cards.card
    audio = np.concatenate([card.pull(100) for _ in range(10)])
    heard = audio[:, 0] / np.maximum(counter(0, 1000), 1e-9)
    assert np.all(np.diff(heard[1:FADE]) >= 0) and heard[FADE // 2] == pytest.approx(2**-0.5, abs=0.01)
    assert np.array_equal(audio[FADE:, 0], counter(FADE, 1000 - FADE))


@pytest.mark.parametrize("block", [64, 512])
def test_a_stop_fades_out_and_the_next_stream_fades_in(block):
    stage = sounding()
    stage.run(1.0)
    old, card = stage.speaker.player, stage.cards.card
    stage.speaker.stop()
    assert old.closed and stage.speaker.player is None
    tail = np.concatenate([card.pull(block) for _ in range(16)])[:, 1]
    assert tail[0] > 0 and np.all(np.diff(tail) <= 0)  # a level but for the fade
    assert tail[FADE // 2] / tail[0] == pytest.approx(2**-0.5, abs=0.02)
    assert not tail[FADE:].any()
    stage.speaker.start()
    assert stage.speaker.stream == 2 and stage.speaker.player is not old
    audio = stage.run(1.0)
    assert np.array_equal(audio[-4800:, 0], counter(stage.speaker.player.ring.taken - 4800, 4800))


def test_a_late_engine_is_faded_and_counted():
    stage = sounding(stalls={8: 0.5})
    audio = stage.run(3.0)
    status = stage.speaker.player.status()
    assert status["underruns"] == 1
    assert status["missing_ms"] == pytest.approx(430, abs=40)  # of 500, what the lead did not bridge
    right = audio[:, 1]
    gap = np.flatnonzero(right == 0.0)
    before = gap[0] - FADE_OUT
    assert np.all(np.diff(right[before : gap[0]]) <= 0)  # no jump into the gap
    assert np.array_equal(np.diff(gap), np.ones(len(gap) - 1))
    assert np.array_equal(audio[-4800:, 0], counter(stage.speaker.player.ring.taken - 4800, 4800))


def test_a_driver_that_went_without_sound_is_counted():
    stage = Stage()
    stage.cards.card.pull(late=True)  # while nothing plays, nothing is missed
    assert stage.device.status()["late"] == 0
    stage.speaker.start()
    stage.run(0.5)
    stage.cards.card.pull(late=True)
    assert stage.speaker.player.status()["device"]["late"] == 1


@pytest.mark.parametrize("told", [True, False])
def test_a_device_that_is_pulled_out_pauses_the_sound_and_is_found_again(told):
    stage = sounding()
    stage.run(1.0)
    player = stage.speaker.player
    stage.device.watch()
    plug_in, taken = stage.cards.unplug(), player.ring.taken
    if not told:  # some drivers just call no more
        stage.cards.card.active = True
        stage.clock._due.clear()
        stage.run(STALL_S + 0.1)
    stage.device.watch()
    assert stage.cards.card.closed and player.status()["device"]["open"] is False
    assert "'Studio 24 (ALSA)' is gone" in player.status()["warning"] and "pauses" in stage.said[-1]
    stage.run(2.0)
    assert player.ring.taken == taken and player.status()["underruns"] == 0

    stage.cards.plugged[:] = [TELEPHONE] if told else []
    stage.device._wanted = "studio"  # nothing else will do
    stage.device.watch()
    assert len(stage.cards.opened) == 1
    plug_in()
    stage.device.watch()
    assert "plays again" in stage.said[-1] and player.status()["warning"] is None
    card = stage.cards.card
    audio = np.concatenate([card.pull() for _ in range(8)])
    assert audio[0, 1] < audio[FADE, 1] / 10  # fades in
    assert np.array_equal(audio[FADE:, 0], counter(taken + FADE, len(audio) - FADE))  # where it paused


def test_a_driver_that_does_not_let_go_is_named_and_left_alone(monkeypatch):
    monkeypatch.setattr("legato.io.plugged.CLOSE_S", 0.01)
    stage = sounding()
    stage.run(1.0)
    plug_in, lets_go = stage.cards.unplug(), threading.Event()
    stage.cards.card.lets_go = lets_go
    stage.device.watch()
    assert "is gone" in stage.said[0] and "does not let go" in stage.speaker.player.status()["warning"]
    assert stage.cards.abandoned
    plug_in()
    stage.device.watch()
    assert len(stage.cards.opened) == 1
    lets_go.set()
    stage.device._letting_go.join()
    stage.device.watch()
    assert stage.cards.card.active and stage.device.warning is None


def test_the_default_device_gives_way_to_the_next():
    stage = sounding()
    stage.cards.unplug()
    stage.device.watch()
    stage.device.watch()
    assert stage.device.name == HEADPHONES.name and stage.cards.card.output == HEADPHONES


def test_gestures_are_heard_with_the_devices_latency_as_a_term():
    stage = sounding()
    player = stage.speaker.player
    stage.speaker.steer(bpm=90)
    stage.run(1.0)
    status = player.status()
    latency = status["latency"]
    assert latency["device_ms"] == 12.0 and status["device"]["latency_ms"] == 12.0
    terms = ("wait_ms", "generate_ms", "decode_ms", "ring_ms", "codec_ms", "device_ms")
    assert latency["total_ms"] == pytest.approx(sum(latency[term] for term in terms), abs=0.05)
    assert status["listener_ms"] == 12.0
    assert status["heard"] == player.ring.taken - 576
    assert read_code(stage.run(0.2))[0][-1] == 90


def test_steering_in_silence_is_kept_for_the_next_stream():
    stage = sounding()
    stage.speaker.steer(bpm=100)
    stage.speaker.stop()
    assert stage.speaker.controls.bpm == 100
    stage.speaker.steer(bpm=140)
    stage.speaker.start()
    stage.run(0.5)
    assert read_code(stage.run(0.2))[0][-1] == 140


def test_what_the_device_plays_is_recorded(tmp_path):
    stage = Stage(takes=tmp_path, record=True)
    stage.speaker.start()
    stage.run(1.0)
    ended = stage.speaker.stop()
    take = ended()
    assert take.sound.is_file() and take.seconds == pytest.approx(1.0, abs=0.03)
    stage.engine.close()


def test_a_device_of_another_rate_is_resampled():
    pytest.importorskip("soxr")
    stage = sounding(wanted="telephone", latency_samples=0)
    audio = stage.run(3.0)
    assert stage.cards.card.rate == 44_100
    assert len(audio) == pytest.approx(3.0 * 44_100, abs=2 * BLOCK)
    right = audio[:, 1]  # a level, which no rate changes
    assert np.allclose(right, np.median(right), atol=1e-4) and np.median(right) > 0
    status = stage.speaker.player.status()
    assert status["underruns"] == 0
    assert 13.0 < status["device"]["latency_ms"] < 45.0  # the filter's part added
    assert status["latency"] == {}


def test_without_a_resampler_it_says_what_is_needed(monkeypatch):
    monkeypatch.setitem(sys.modules, "soxr", None)
    with pytest.raises(DeviceError, match=r"44100 Hz.*soxr.*legato\[device\]"):
        Device("telephone", backend=Cards())


def test_a_defect_in_what_plays_does_not_end_the_stream(caplog):
    class Broken:
        def read_into(self, out_n2):
            raise RuntimeError("a defect")

    cards = Cards()
    device = Device(backend=cards)
    device.play(Broken())
    assert not cards.card.pull().any()
    device.play(None)
    assert not cards.card.pull().any()
    assert "goes on" in caplog.text


def test_watching_ends_with_a_fade_and_a_closed_device():
    cards = Cards()
    device = Device(backend=cards)
    with device.watching():
        assert cards.card.active
    assert cards.card.closed


def test_outputs_are_found_by_part_of_their_name():
    outputs = [HEADPHONES, STUDIO, TELEPHONE]
    assert find_output(outputs, "default") is STUDIO
    assert find_output(outputs, "phones") is HEADPHONES
    assert find_output(outputs, "Telephone (ALSA)") is TELEPHONE
    assert find_output([TELEPHONE], "default") is TELEPHONE
    with pytest.raises(DeviceError, match=r"'organ'.*'default'.*'Headphones \(ALSA\)', 'Studio 24 \(ALSA\)'"):
        find_output(outputs, "organ")
    with pytest.raises(DeviceError, match="has no sound output"):
        find_output([], "default")


class Library:
    """sounddevice, as far as it is used."""

    class PortAudioError(Exception):
        pass

    default = 1

    def query_devices(self, kind=None):
        if kind:
            if self.default is None:
                raise self.PortAudioError("no default output device")
            return {"index": self.default if kind == "output" else 0}
        line = {"hostapi": 0, "default_samplerate": 44100.0}
        return [
            {"name": "Mic", "max_output_channels": 0, "max_input_channels": 1, **line},
            {"name": "Built-in\n Output", "max_output_channels": 2, "max_input_channels": 0, **line},
            {"name": "Beeper", "max_output_channels": 1, "max_input_channels": 0, **line},
        ]

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    class OutputStream:
        def __init__(self, **settings):
            raise Library.PortAudioError("Device unavailable [PaErrorCode -9985]")

    class InputStream:
        latency = 0.01
        active = True

        def __init__(self, callback, **settings):
            self.callback, self.settings = callback, settings

        def start(self):
            if self.settings["samplerate"] != 44_100:
                raise Library.PortAudioError("Invalid sample rate [PaErrorCode -9997]")
            self.callback(np.full((64, 1), 0.5, np.float32), 64, None, SimpleNamespace(input_overflow=True))

        def close(self, ignore_errors=True):
            self.active = False


def test_sounddevice_is_asked_for_stereo_outputs_and_its_errors_are_put_in_words(monkeypatch):
    library = Library()
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    (output,) = PortAudio().outputs()
    assert (output.index, output.name, output.sample_rate) == (1, "Built-in Output (ALSA)", 44100)
    assert output.default
    with pytest.raises(DeviceError, match=r"Built-in Output.* does not open at 44100 Hz: Device unavailable"):
        Device("built-in")
    library.default = None
    assert not PortAudio().outputs()[0].default


def test_sounddevice_is_asked_for_inputs(monkeypatch):
    pytest.importorskip("soxr")
    monkeypatch.setitem(sys.modules, "sounddevice", Library())
    (heard,) = PortAudio().inputs()
    assert (heard.index, heard.name, heard.channels, heard.default) == (0, "Mic (ALSA)", 1, True)
    microphone = Microphone("mic")  # not at 48 kHz, but at its own rate
    assert (microphone.latency_s, microphone.level, microphone.lost) == (0.01, 0.5, 1)
    with pytest.raises(DeviceError, match=r"the input 'Mic \(ALSA\)' does not open at 48000 Hz: Invalid"):
        PortAudio().listen(heard, 48_000, lambda audio, lost: None)
    microphone.close()
    assert not microphone.open
