"""Hardware in musical time: scenes by foot switch, changes on the bar, Link's bars, floods."""

import numpy as np
import pytest
from engine.test_rig import Stage
from unit.test_link import Session
from unit.test_scenes import scene

from legato.control.mailbox import MAX_WAITING_NOTES
from legato.control.rig import Rig
from legato.control.scenes import Scenes
from legato.control.state import ControlError, Controls
from legato.engine.fake import read_code

BAR_S = 1.92  # at 125 bpm
ME = ("127.0.0.1", 5000)


class Hall(Stage):
    """A stage whose rig has scenes and, if wanted, a Link session in memory."""

    def __init__(self, session=None, **settings):
        self.scenes, self.session = Scenes(), session
        super().__init__(link=session is not None, **settings)

    def plug_in(self, settings):
        return Rig(
            settings,
            self.said.append,
            self.ports,
            self.clock.now,
            self.scenes,
            lambda start_stop: self.session,
        )

    def osc(self, address, *arguments):
        answers = self.rig._space.handle(address, arguments, ME)
        self.rig.desk.flush()
        return answers


def test_a_foot_switch_recalls_a_scene_on_the_bar():
    hall = Hall(midi="keys")
    hall.scenes.put(1, scene(bpm=125, drums=False, density=0.25))
    player = hall.engine.open(Controls(bpm=125, drums=True))
    hall.run(0.3)
    player.quantise = "bar"
    hall.ports.play(0xC0, 1)
    hall.run(0.05)
    assert player.controls.drums is False
    (waiting,) = player.status()["pending"]
    assert waiting["quantise"] == "bar" and waiting["changes"]["density"] == 0.25
    assert "bpm" not in waiting["changes"]  # what is so already need not wait
    hall.run(3.0)
    drums = read_code(np.concatenate(hall.blocks))[1][:, 0]
    bar = round(BAR_S * 48_000)
    assert drums[:bar].all() and not drums[bar:].any()
    assert [event.sample for event in player.log().events] == [bar]
    assert hall.said[-1] == "MIDI input 'Keystation 49 20:0' plays"
    hall.ports.play(0xC0, 5)
    hall.ports.play(0xC0, 99)
    assert hall.said[-2:] == ["scene 6 is empty; not empty: 2", "there is no scene 100; choose 1 to 8"]


def test_osc_quantises_recalls_and_conducts():
    hall = Hall()
    player = hall.engine.open(Controls(prompts="house", bpm=125))
    hall.scenes.put(0, scene(density=0.25))
    hall.run(0.3)
    assert hall.osc("/legato/quantise") == [("/legato/quantise", ["now"])]
    assert hall.osc("/legato/quantise", "bar") == []
    hall.osc("/legato/density", 0.75)
    hall.osc("/legato/note", 60, 100)
    assert player.controls.notes == (60,)
    assert player.status()["pending"] == [
        {"quantise": "bar", "beat": 4.0, "changes": {"density": 0.75}}
    ]  # keys are played, not scheduled
    hall.osc("/legato/cancel")
    assert player.status()["pending"] == []
    hall.osc("/legato/scene", 1.0)
    assert player.status()["pending"][0]["changes"]["density"] == 0.25

    assert hall.osc("/legato/plan/chords", 3, "Am7") == []
    hall.osc("/legato/plan/gate", 3.0, "drums", 0)
    hall.osc("/legato/plan/chords", 4, 0, "Dm", 2, "G7")
    hall.osc("/legato/plan/lock", 3, 4)
    hall.osc("/legato/plan/roll")
    hall.run(0.4)
    lines = [arguments for _, arguments in hall.osc("/legato/plan")]
    assert [line[0] for line in lines] == list(range(1, 9))
    third, fourth = lines[2], lines[3]
    assert third[3] == "0 Am7" and "drums" not in third[4].split() and third[8] == 1
    assert fourth[3] == "0 Dm 2 G7" and fourth[9] == "chords"


@pytest.mark.parametrize(
    ("address", "arguments", "says"),
    [
        ("/legato/quantise", ["soon"], "now, beat, bar"),
        ("/legato/scene", [9], "1 to 8"),
        ("/legato/scene", [1], "scene 1 is empty"),
        ("/legato/plan/lock", [], "list of 1 to 16 bars"),
        ("/legato/plan/lock", [0], "1 for the first"),
        ("/legato/plan/lock", [1], "has begun already"),
        ("/legato/plan/section", [3], "takes a bar"),
        ("/legato/plan/section", [3, "fugato"], "house has no section 'fugato'"),
        ("/legato/plan/gate", [3, "drums"], "a bar, a family and 0 or 1"),
        ("/legato/plan/gate", [3, "horns", 1], "drums, bass, chords, lead"),
        ("/legato/plan/density", [3, 2], "0 to 1"),
        ("/legato/cancel", ["tempo"], "unknown control 'tempo'"),
    ],
)
def test_osc_is_told_in_a_sentence_what_is_wrong(address, arguments, says):
    hall = Hall()
    hall.engine.open(Controls(prompts="house"))
    hall.run(0.2)
    ((where, (sentence,)),) = hall.osc(address, *arguments)
    assert where == "/legato/error" and says in sentence


def test_without_a_player_or_scenes_that_is_said():
    stage = Stage()
    ((_, (sentence,)),) = stage.rig._space.handle("/legato/plan", [], ME)
    assert sentence == "nothing plays; start the music first"
    ((_, (sentence,)),) = stage.rig._space.handle("/legato/scene", [1], ME)
    assert "--scenes FILE" in sentence
    with pytest.raises(ControlError, match="--scenes FILE"):
        stage.rig.recall(0)


def test_bars_heard_fall_on_the_session_s_and_the_music_stays_whole():
    session = Session(bpm=120, peers=1, beat=-0.4)
    hall = Hall(session)
    last = [0.0]

    def pass_time():
        session.beat += (hall.clock.now() - last[0]) * session.bpm / 60
        last[0] = hall.clock.now()

    hall.every(0.005, pass_time)
    player = hall.engine.open(Controls(bpm=118))
    player.quantise = "bar"  # tempo is followed at once all the same
    hall.run(12)
    apart = (session.beat - hall.rig.beats.beat(hall.clock.now()) + 2) % 4 - 2
    assert abs(apart) < 0.05
    assert session.proposed == [] and player.controls.bpm == pytest.approx(120, abs=0.6)
    assert player.status()["underruns"] == 0
    assert hall.rig.link.status()["peers"] == 1
    hall.rig.close()
    assert session.left


def test_clock_of_midi_is_not_followed_beside_link():
    hall = Hall(Session(bpm=120, peers=1), midi="keys")
    player = hall.engine.open(Controls(bpm=120))
    hall.ports.play(0xFA)
    for number in range(240):
        hall.clock.call_at(number * 60 / (24 * 90), lambda: hall.ports.play(0xF8))
    hall.run(6)
    assert player.controls.bpm > 115


def test_ten_thousand_events_a_second_on_the_bar_are_bounded_and_end_right():
    hall = Hall(midi="keys")
    player = hall.engine.open(Controls(bpm=240))
    player.quantise = "bar"
    count, waited = [0], []

    def flood():
        for _ in range(25):  # twice, MIDI and OSC, every 5 ms
            count[0] += 1
            note = 36 + count[0] % 40
            hall.ports.play(0x90 if count[0] % 3 else 0x80, note, 64)
            hall.rig._space.handle("/legato/density", [count[0] % 1000 / 1000], ME)
        box = player.session.mailbox
        waited.append((len(box._knobs), len(box._notes), len(box._later), len(box._later_notes)))

    hall.every(0.005, flood)
    hall.run(1.3)
    assert count[0] > 6_000
    knobs, notes, later, later_notes = map(max, zip(*waited, strict=True))
    assert knobs <= 1 and notes <= MAX_WAITING_NOTES and later <= 1 and later_notes == 0
    events = player.log().events
    a_chunk = max(sum(at <= event.sample < at + 7680 for event in events) for at in range(0, 70_000, 7680))
    assert a_chunk <= MAX_WAITING_NOTES + 1
    assert sum("density" in event.changes for event in events) == 1  # one a bar, whatever the flood
    hall.ports.play(0xB0, 123, 0)
    hall.rig._space.handle("/legato/panic", [], ME)
    hall.rig._space.handle("/legato/density", [0.125], ME)
    hall.rig.tick()
    assert player.controls.notes == () and player.controls.density == 0.125
    assert player.status()["underruns"] == 0
