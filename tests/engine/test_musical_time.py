"""Changes on the beat and orders to the conductor, to the exact sample, and played again bit for bit."""

import json

import numpy as np
import pytest
from engine.test_engine import CHUNK, run, stage

from legato.control.plan_order import PlanOrder
from legato.control.state import ControlError, Controls
from legato.engine.fake import CounterModel, read_code
from legato.engine.instrument import Instrument
from legato.engine.log import SessionLog

FRAME = 1920
BEAT, BAR = 12 * FRAME, 48 * FRAME  # at 125 bpm
INSTRUMENT = Instrument(CounterModel())


def play(stream, samples):
    blocks = []
    while sum(map(len, blocks)) < samples:
        blocks.append(next(stream))
    return np.concatenate(blocks)


def stream(**controls):
    return INSTRUMENT.stream("techno", bpm=125, **controls)


@pytest.mark.parametrize(("quantise", "sample"), [("now", CHUNK), ("beat", BEAT), ("bar", BAR)])
def test_a_change_is_heard_from_its_beat_on_and_logged_there(quantise, sample):
    music = stream(drums=True)
    first = play(music, CHUNK)
    music.steer(quantise=quantise, drums=False)
    assert music.controls.drums is False
    audio = np.concatenate([first, play(music, BAR)])
    drums = read_code(audio)[1][:, 0]
    assert drums[:sample].all() and not drums[sample:].any()
    assert [(event.sample, event.changes) for event in music.log().events] == [(sample, {"drums": False})]


def test_beats_follow_a_tempo_that_changes_meanwhile():
    music = stream(drums=True)
    play(music, CHUNK)
    music.steer("bar", drums=False)
    music.steer(bpm=100)  # after 4 frames: a third of a beat is over, 3⅔ remain at 15 frames each
    play(music, 2 * BAR)
    assert [event.sample for event in music.log().events] == [CHUNK, (4 + 55) * FRAME]


def test_a_session_on_the_beat_is_replayed_bit_for_bit(tmp_path):
    music = INSTRUMENT.stream({"techno": 1.0, "jazz": 0.3}, bpm=97)
    blocks = []
    for number in range(90):
        if number == 3:
            music.steer("bar", prompts={"jazz": 1.0}, key="E minor", seed=4)
            music.steer("beat", density=0.9, temperature=0.5)
        if number == 20:
            music.arrange("lock", [4])
            music.arrange("set", [5], chords="F#m7", gates={"bass": False})
            music.arrange("roll", [6])
            music.steer("beat", notes=[60])
            music.steer("beat", notes=[60, 64])
        if number == 40:
            music.arrange("roll")
            music.steer("bar", prompts="house", conductor="on")
        if number == 60:
            music.steer("bar", conductor="free", bpm=None)
        if number == 75:
            music.steer("bar", bpm=140)
        blocks.append(next(music))
    path = tmp_path / "session.jsonl"
    music.log().save(path)
    log = SessionLog.load(path)
    assert sum("plan" in event.changes for event in log.events) == 4
    assert np.array_equal(INSTRUMENT.replay(log).audio, np.concatenate(blocks))
    path.write_text(path.read_text().replace('"legato_session": 3', '"legato_session": 2'))
    assert SessionLog.load(path).events == log.events  # logs of the version before are read as ever


def test_what_the_model_is_told_live_and_again_is_the_same():
    def session(model_heard):
        return Instrument(CounterModel(heard=lambda *told: model_heard.append(told[:4])))

    live, again = [], []
    music = session(live).stream("lofi", bpm=101)
    for number in range(60):
        if number == 2:
            music.steer("bar", prompts="jazz", key="D minor")
            music.arrange("lock", [2, 3])
        if number == 15:
            music.arrange("roll")
            music.steer("beat", brightness=1.0, chord="Am7")
        next(music)
    session(again).replay(music.log())
    assert len(live) == len(again)
    for one, other in zip(live, again, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_snapshot_takes_along_what_waits():
    music = stream(drums=True)
    play(music, CHUNK)
    music.steer("bar", drums=False)
    twin = INSTRUMENT.restore(music.snapshot())
    assert np.array_equal(play(music, 2 * BAR), play(twin, 2 * BAR))
    assert [event.sample for event in twin.log().events] == [BAR]


def test_notes_that_waited_start_a_frame_after_another():
    music = stream()
    play(music, CHUNK)
    for notes in ([60], [60, 64], []):
        music.steer("beat", notes=notes)
    play(music, 2 * BEAT)
    events = [(event.sample, event.changes["notes"]) for event in music.log().events]
    assert events == [(BEAT, (60,)), (BEAT + FRAME, (60, 64)), (BEAT + 2 * FRAME, ())]


def test_without_a_beat_changes_are_made_at_once_and_it_is_said():
    clock, engine, (player,), _ = stage(controls=Controls(conductor="free"))
    run(clock, engine, 1)
    assert player.status()["beat_known"] is False
    player.steer("bar", density=0.9)
    assert player.status()["pending"] == [{"quantise": "bar", "beat": None, "changes": {"density": 0.9}}]
    run(clock, engine, 0.5)
    status = player.status()
    assert status["pending"] == [] and "no beat is known" in status["warning"]
    assert player.log().events[-1].changes == {"density": 0.9}
    player.steer(bpm=120)  # a tempo is a beat
    run(clock, engine, 6)
    assert player.status()["beat_known"] and player.status()["warning"] is None


def test_a_player_shows_what_waits_and_when_it_comes():
    clock, engine, (player,), _ = stage(controls=Controls(bpm=120))
    run(clock, engine, 0.5)
    player.quantise = "bar"
    player.steer(density=0.9)
    player.steer("beat", bass=False, notes=[50])
    status = player.status()
    assert json.loads(json.dumps(status))["pending"] == status["pending"]
    beat, bar = status["pending"]
    now = status["beat"]["start_beat"] + status["beat"]["beat"]
    assert (beat["changes"], bar["changes"]) == ({"bass": False, "notes": [50]}, {"density": 0.9})
    assert 0 <= beat["beat"] - now <= 1 and bar["beat"] == 4
    assert status["quantise"] == "bar" and status["controls"]["density"] == 0.9
    player.cancel("bass")
    run(clock, engine, 3)
    assert player.status()["pending"] == []
    assert [tuple(event.changes) for event in player.log().events] == [("notes",), ("density",)]
    assert player.status()["latency"] == {}  # waiting for a beat is no latency
    with pytest.raises(ControlError, match="now, beat, bar"):
        player.quantise = "never"


def test_the_plan_can_be_seen_and_changed_while_it_plays():
    clock, engine, (player,), (sink,) = stage(controls=Controls(prompts="house", bpm=120))
    run(clock, engine, 0.5)
    plan = player.status()["plan"]
    assert [bar["index"] for bar in plan] == list(range(8))
    with pytest.raises(ControlError, match="bar 0 has begun"):
        player.arrange("lock", [0])
    player.arrange("set", [2], gates={"drums": False, "bass": True})
    player.arrange("lock", [2, 3])
    run(clock, engine, 0.3)
    two, three = player.status()["plan"][2:4]
    assert two["locked"] and three["locked"] and two["edited"] == ["gates"]
    assert two["gates"]["bass"] and not two["gates"]["drums"]
    player.steer(prompts="jazz", seed=9)
    player.arrange("roll")
    run(clock, engine, 7)
    gates = read_code(sink.audio)[1]
    middle = gates[int(4.5 * 48_000) : int(5.5 * 48_000)]  # of the third bar
    assert not middle[:, 0].any() and middle[:, 1].all()
    assert player.status()["warning"] is None
    player.steer(conductor="free")
    with pytest.raises(ControlError, match="no plan while the conductor is free"):
        player.arrange("roll")


def test_an_order_that_comes_too_late_is_told_of():
    music = stream()
    session = music._session
    play(music, BAR)
    session.mailbox.order(PlanOrder("lock", (1,)), 0, [])  # judged by an old picture of the plan
    next(music)
    assert session.warning == "the plan of bar 1 stays as it was: begun already, or locked"
    play(music, 6 * 48_000)
    assert session.warning is None
