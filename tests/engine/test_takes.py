"""Takes on virtual time: what a sink heard is what is on disk, and no disk can hold up the sound."""

import errno
import os
import threading
import time
import wave
from dataclasses import replace

import numpy as np
import pytest

from legato.control.state import ControlError, Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel, counter
from legato.engine.instrument import Instrument
from legato.engine.log import SessionLog
from legato.engine.takes import Takes
from legato.engine.timeline import Gap, Timeline
from legato.io.recorder import RecorderError, WavFile, pcm24

LAG = 720
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Stage:
    """An engine with one player, and a sink that reads blocks of the given sizes in turn."""

    def __init__(self, folder, blocks=(480,), takes=None, **model):
        self.clock = VirtualClock()
        self.model = CounterModel(self.clock, latency_samples=LAG, **model)
        takes = Takes(folder, **{"keep_s": 2, **(takes or {})})
        self.engine = Engine(self.model, clock=self.clock, takes=takes)
        self.player = self.engine.open(Controls(bpm=120))
        self.blocks, self.heard, self.read, self.end = blocks, [], 0, 0
        self._listen()

    def run(self, seconds):
        """Let the sink hear so much more, and pause."""
        self.end += round(seconds * 48_000)
        while self.read < self.end:
            self.clock.advance(min(0.01, max(1e-4, self.engine.run_once())))

    def _listen(self):
        block = self.blocks[len(self.heard) % len(self.blocks)]
        begun = self.heard or len(self.player.ring)
        if begun and (count := min(block, self.end - self.read)):
            self.heard.append(self.player.read(count))
            self.read += count
        self.clock.call_at(self.clock.now() + block / 48_000, self._listen)

    @property
    def audio(self):
        return np.concatenate(self.heard)


def samples_of(path):
    with wave.open(str(path)) as sound:
        return sound.readframes(sound.getnframes())


def replayed(log, **options):
    return Instrument(CounterModel(latency_samples=LAG)).replay(log, **options)


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
    assert condition()


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """No test leaves a recording's thread or an open file behind."""
    before = open_files()
    yield
    until(lambda: not [one for one in threading.enumerate() if one.name == "legato-recording"])
    assert open_files() <= before


def open_files():
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


@pytest.mark.parametrize("blocks", [(480,), (1, 64, 65, 8193)])
def test_a_recording_is_what_was_heard_made_up_samples_included(tmp_path, blocks):
    stage = Stage(tmp_path, blocks, compute_s=0.02, stalls={12: 1.0, 20: 0.7})
    stage.player.record("all of it")
    stage.run(6)
    take = stage.player.stop_recording()
    assert samples_of(take.sound) == pcm24(stage.audio)
    assert take.seconds == 6 and take.lost_s == 0 and take.warning is None
    log = SessionLog.load(take.log)
    missing = len(stage.audio) - stage.player.ring.taken
    assert missing > 48_000
    assert sum(note.value for note in log.notes) == missing and {n.kind for n in log.notes} == {"gap"}
    assert (log.start, log.samples) == (0, stage.player.ring.taken)
    music = replayed(log).audio  # without the gaps
    assert np.array_equal(music[:, 0], counter(0, len(music)))


def test_a_take_replays_bit_for_bit_from_the_middle_of_a_session(tmp_path):
    stage = Stage(tmp_path, compute_s=0.03)
    rng = np.random.default_rng(1)

    def perform(gestures):
        for i in range(gestures):
            stage.run(0.1 + 0.3 * rng.random())
            stage.player.steer(bpm=float(rng.integers(60, 180)), prompts=["house", "jazz"][i % 2])
            stage.player.steer(notes=[60 + i])
            stage.player.steer(notes=[])

    perform(6)
    begin = stage.read
    stage.player.record()
    perform(6)
    take, end = stage.player.stop_recording(), stage.read
    perform(2)
    log = SessionLog.load(take.log)
    assert (log.start, log.samples) == (begin, end)
    assert log.controls == Controls(bpm=120) and log.model == log.fingerprint == "counter"
    again = replayed(log)
    assert np.array_equal(again.audio, stage.audio[begin:end])
    assert pcm24(again.audio) == samples_of(take.sound)
    assert np.array_equal(replayed(again.log).audio, again.audio)
    again.save(tmp_path / "again.wav")
    assert (tmp_path / "again.wav").read_bytes() == take.sound.read_bytes()


def test_a_session_in_which_the_model_failed_replays_with_its_fades(tmp_path):
    stage = Stage(tmp_path, broken=(4, 9, 10), bad=(15,))
    stage.player.record()
    stage.run(4)
    log = SessionLog.load(stage.player.stop_recording().log)
    assert [note.sample for note in log.of_kind("failed")] == [7680 * chunk for chunk in (4, 9, 10, 15)]
    kept = SessionLog.load(stage.player.keep().log)
    assert np.array_equal(replayed(log).audio, stage.audio)
    assert np.array_equal(replayed(kept).audio, stage.audio[-96_000:])
    anew = replayed(log, steps=1).audio
    assert np.array_equal(anew[:, 0], counter(0, len(anew)))


def test_another_number_of_steps_renders_the_same_session_anew(tmp_path):
    stage = Stage(tmp_path)
    stage.player.record()
    stage.run(1)
    stage.player.steer(steps=2, bpm=90)
    stage.run(1)
    log = SessionLog.load(stage.player.stop_recording().log)
    steps = []
    instrument = Instrument(CounterModel(latency_samples=LAG, heard=lambda *told: steps.append(told[4])))
    for wanted, heard in ((None, {1, 2}), (4, {4})):
        steps.clear()
        chunks = list(instrument.replay_chunks(log, steps=wanted))
        assert np.array_equal(np.concatenate(chunks), stage.audio)  # the counter does not mind the steps
        assert set(steps) == heard


def test_the_last_seconds_are_kept_exactly_with_their_marks(tmp_path):
    stage = Stage(tmp_path, (1000,), compute_s=0.02, stalls={9: 1.0})
    for name in ("early", "verse", "chorus"):
        stage.run(1.5)
        assert stage.player.mark(name) == stage.player.ring.taken
    running = stage.player.record()
    stage.run(0.25)
    take = stage.player.keep("that was good")
    assert take.sound.parent == tmp_path and take.sound.name.endswith("_that-was-good.wav")
    assert samples_of(take.sound) == pcm24(stage.audio[-96_000:])
    log = SessionLog.load(take.log)
    assert [note.value for note in log.notes if note.kind == "mark"] == ["verse", "chorus"]
    assert log.samples == stage.player.ring.taken
    assert log.samples - log.start == 96_000 - sum(n.value for n in log.notes if n.kind == "gap")
    short = stage.player.keep(seconds=0.5)
    assert samples_of(short.sound) == pcm24(stage.audio[-24_000:])
    assert np.array_equal(replayed(SessionLog.load(short.log)).audio, stage.audio[-24_000:])
    stage.player.close()
    assert samples_of(stage.player.keep().sound) == pcm24(stage.audio[-96_000:])
    stage.engine.close()
    assert samples_of(running) == pcm24(stage.audio[-12_000:])


def test_keeping_early_keeps_what_there_is(tmp_path):
    stage = Stage(tmp_path)
    with pytest.raises(RecorderError, match="nothing was heard yet"):
        stage.player.keep()
    assert not list(tmp_path.iterdir())
    stage.run(0.1)
    assert samples_of(stage.player.keep().sound) == pcm24(stage.audio)
    for seconds in (0, -1, 2.1, float("nan")):
        with pytest.raises(RecorderError, match="at most 2 s"):
            stage.player.keep(seconds=seconds)


def test_marks_are_written_where_they_were_set_and_only_those_of_the_take(tmp_path):
    stage = Stage(tmp_path)
    stage.run(0.5)
    stage.player.mark("before")
    stage.run(0.5)
    stage.player.record()
    stage.player.mark("first")
    stage.run(0.5)
    stage.player.mark("last")
    log = SessionLog.load(stage.player.stop_recording().log)
    assert [(note.sample, note.value) for note in log.notes] == [(48_000, "first"), (72_000, "last")]


def test_a_full_disk_ends_the_recording_and_nothing_else(tmp_path):
    class FullAfterTwoSeconds(WavFile):
        def write(self, audio_n2):
            room = 96_100 - self.frames
            super().write(audio_n2[:room])
            if len(audio_n2) > room:
                raise FULL

    disks = [FullAfterTwoSeconds, WavFile]
    stage = Stage(
        tmp_path, takes={"opener": lambda path, rate, kind: disks.pop(0)(path, rate)}, compute_s=0.02
    )
    path = stage.player.record()
    stage.run(3)
    until(lambda: stage.player.status()["recording"] is None)
    warning = stage.player.status()["warning"]
    assert "recording ended after 2.0 s" in warning and "No space left" in warning
    stage.run(1)
    assert np.array_equal(stage.audio[:, 0], counter(0, len(stage.audio)))
    assert samples_of(path) == pcm24(stage.audio[:96_100])
    log = SessionLog.load(path.with_suffix(".jsonl"))
    assert np.array_equal(replayed(log).audio, stage.audio[:96_100])
    stage.player.record()  # there is room again
    assert stage.player.status()["warning"] is None
    stage.run(1)
    assert samples_of(stage.player.stop_recording().sound) == pcm24(stage.audio[-48_000:])


def test_a_slow_disk_never_holds_up_the_sound_and_its_loss_is_written_down(tmp_path):
    answer = threading.Event()

    class Slow(WavFile):
        def write(self, audio_n2):
            assert answer.wait(60)
            super().write(audio_n2)

    takes = {"queue_s": 1.0, "opener": lambda path, rate, kind: Slow(path, rate)}
    stage = Stage(tmp_path, takes=takes, compute_s=0.02)
    stage.player.record()
    stage.run(3)  # nobody waits: the disk answers later
    assert np.array_equal(stage.audio[:, 0], counter(0, len(stage.audio))) and not stage.player.ring.underruns
    status = stage.player.status()
    assert "too slow" in status["warning"] and "2.0 s" in status["warning"]
    assert status["recording"]["lost_seconds"] == 2.0
    answer.set()
    until(lambda: stage.player.status()["recording"]["seconds"] == 1.0)
    stage.run(0.5)
    take = stage.player.stop_recording()
    expected = stage.audio.copy()
    expected[48_000:144_000] = 0
    assert samples_of(take.sound) == pcm24(expected)
    assert take.lost_s == 2.0 and "too slow" in take.warning
    log = SessionLog.load(take.log)
    assert [(note.sample, note.kind, note.value) for note in log.notes] == [(48_000, "lost", 96_000)]
    assert np.array_equal(replayed(log).audio, stage.audio)  # the log knows what the disk does not


def test_what_is_on_disk_is_complete_while_it_goes_on(tmp_path):
    stage = Stage(tmp_path)
    path = stage.player.record()
    stage.run(1)
    stage.player.steer(bpm=90)
    stage.run(1.5)
    until(lambda: len(samples_of(path)) >= 6 * 96_000)
    assert samples_of(path) == pcm24(stage.audio[:96_000])
    until(lambda: SessionLog.load(path.with_suffix(".jsonl")).samples == 96_000)
    log = SessionLog.load(path.with_suffix(".jsonl"))
    assert np.array_equal(replayed(log).audio, stage.audio[:96_000])
    stage.engine.close()
    assert samples_of(path) == pcm24(stage.audio)


def test_a_real_engine_finishes_its_takes_when_it_is_closed(tmp_path):
    heard = []
    with Engine(CounterModel(), takes=tmp_path / "made" / "for it") as engine:
        player = engine.open(Controls(bpm=120))
        path = player.record()
        until(lambda: len(player.ring) > 0)
        while sum(map(len, heard)) < 24_000:
            heard.append(player.read(999))
            time.sleep(0.001)
    assert path.parent == tmp_path / "made" / "for it"
    assert samples_of(path) == pcm24(np.concatenate(heard))


def test_what_cannot_be_recorded_is_refused_in_one_sentence(tmp_path):
    stage = Stage(tmp_path / "takes")
    player = stage.player
    with pytest.raises(RecorderError, match="no take is being recorded"):
        player.stop_recording()
    for name in ("", "../up", "a/b", "a\\b", "a\0b", "a.wav", " a", "x" * 41, "a\nb"):
        for command in (player.record, player.mark, player.keep):
            stage.run(0.01)
            with pytest.raises(RecorderError, match="letters, digits, spaces"):
                command(name)
    assert not (tmp_path / "takes").exists()
    first = player.record("Refrain é 1")
    with pytest.raises(RecorderError, match="is being recorded; stop it first"):
        player.record()
    player.stop_recording()
    second = player.record("Refrain é 1")
    assert first != second and {first.parent, second.parent} == {tmp_path / "takes"}
    player.close()
    with pytest.raises(RecorderError, match="closed"):
        player.record()
    (tmp_path / "file").touch()
    with pytest.raises(RecorderError, match="it is a file"):
        Engine(CounterModel(), takes=tmp_path / "file")
    with pytest.raises(RecorderError, match="no folder for takes"):
        Engine(CounterModel(), clock=VirtualClock()).open().record()
    stage.engine.close()


def test_a_disk_that_refuses_at_once_leaves_nothing(tmp_path):
    def refuse(path, rate, kind):
        raise FULL

    stage = Stage(tmp_path, takes={"opener": refuse})
    stage.run(0.1)
    with pytest.raises(RecorderError, match=r"cannot write .*No space left"):
        stage.player.record()
    assert not list(tmp_path.iterdir()) and stage.player.status()["recording"] is None


def test_logs_that_do_not_fit_are_refused_in_one_sentence(tmp_path):
    stage = Stage(tmp_path)
    stage.player.record()
    stage.run(0.5)
    stage.player.steer(bpm=90)
    stage.run(0.5)
    path = stage.player.stop_recording().log
    lines = path.read_text().splitlines()
    damaged = {
        "no session log": ["{}", *lines[1:]],
        "version 99; this Legato reads": [lines[0].replace('"legato_session": 3', '"legato_session": 99')],
        "cut off": lines[:-1],
        "line 2 .* is damaged": [lines[0], lines[1][:-3], lines[2]],
        "line 2 .*unknown control 'volume'": [lines[0], '{"sample": 1, "volume": 11}', lines[2]],
        "line 2 .*a plan's action": [lines[0], '{"sample": 1, "plan": {}}', lines[2]],
        "line 2 .*bpm is 9": [lines[0], '{"sample": 1, "bpm": 9}', lines[2]],
        "line 3 .*no number of samples": [lines[0], lines[1], '{"start": -1, "end": 5}'],
        "line 3 .*do not fit": [lines[0], lines[1], '{"start": 9, "end": 5}'],
    }
    for sentence, content in damaged.items():
        path.write_text("\n".join(content))
        with pytest.raises(ControlError, match=sentence) as caught:
            SessionLog.load(path)
        assert "\n" not in str(caught.value)
    path.write_text("\n".join(lines))
    log = SessionLog.load(path)
    assert np.array_equal(replayed(log).audio, stage.audio)
    for other in (replace(log, fingerprint="0123"), replace(log, model="small")):
        with pytest.raises(ControlError, match="replay it with that one"):
            replayed(other)
    with pytest.raises(ControlError, match="empty"):
        replayed(replace(log, samples=0))


def test_heard_time_and_session_time_differ_by_the_gaps():
    timeline = Timeline()
    for heard, samples in ((0, 5), (5, 5), (30, 0), (40, 10), (50, 2), (100, 1)):
        timeline.add(heard, samples)
    assert [timeline.session(heard) for heard in (0, 9, 10, 39, 40, 51, 52, 99, 100, 101)] == [
        *(0, 0, 0, 29, 30, 30, 30, 77, 78, 78)
    ]
    assert timeline.gaps(5, 45) == [Gap(5, 0, 5), Gap(40, 30, 5)]
