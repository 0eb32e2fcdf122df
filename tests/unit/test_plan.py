"""The conductor's plan under a performer's hands: edits, locks, re-rolls, and what is refused."""

import json

import numpy as np
import pytest

from legato.conditioning import FAMILIES, GROUPS
from legato.control.conductor import Conductor
from legato.control.hints import Hints
from legato.control.mapping import Mapper
from legato.control.plan_order import MOST_AHEAD, PlanOrder
from legato.control.state import ControlError, Controls
from legato.engine.fake import CounterModel
from legato.music.grammar import STYLES
from legato.music.levels import asked_level
from legato.music.theory import parse_key

MODEL = CounterModel()
HOUSE, JAZZ = MODEL.embed({"house": 1.0}), MODEL.embed({"jazz": 1.0})


@pytest.fixture
def conductor():
    return Conductor(MODEL.styles, 5, HOUSE)


def order(conductor, action, *bars, **edit):
    return conductor.arrange(PlanOrder.of({"action": action, "bars": list(bars) or None, **edit}))


def content(bar):
    """A bar without its place."""
    data = bar.to_dict()
    chords = [[start - bar.start_beat, chord] for start, chord in data["chords"]]
    return {**data, "index": 0, "start_beat": 0, "chords": chords}


def test_an_edit_changes_its_bar_alone(conductor):
    before = conductor.plan_ahead(8)
    gates = {family: not before[3].gates[family] for family in ("drums", "lead")}
    order(conductor, "set", 3, chords=[[0, "Am7"], [2, "D7"]], gates=gates, density=0.9)
    after = conductor.plan_ahead(8)
    assert [chord.name for _, chord in after[3].chords] == ["Am7", "D7"]
    assert after[3].chords[1][0] == after[3].start_beat + 2
    assert {**before[3].gates, **gates} == after[3].gates and after[3].density == 0.9
    assert [*before[:3], *before[4:]] == [*after[:3], *after[4:]]
    order(conductor, "set", 3, chords=None, gates=None, density=None)
    assert conductor.plan_ahead(8) == before


def test_what_was_set_is_what_the_model_is_told():
    asked = Controls(prompts="techno without drums", bpm=120)
    mapper = Mapper(MODEL.styles, asked, MODEL.embed(asked.prompts))
    mapper.arrange(
        PlanOrder("set", (1,), {"gates": {"drums": True}, "density": 0.75, "chords": [[0, "F#m"]]})
    )
    cond = mapper.frames(asked, 60)[55]  # 2.2 s in: the second bar
    assert cond[GROUPS["drums"].start] == 1  # though the prompt says otherwise
    assert cond[GROUPS["density"].start] == pytest.approx(asked_level("density", 0.75))
    assert set(np.flatnonzero(cond[GROUPS["harmony"].slice][:12])) == {6, 9, 1}
    described = mapper.plan(asked, 1)[0]
    assert described["edited"] == ["gates", "density", "chords"] and not described["locked"]


def test_a_bar_in_another_section_is_one_of_that_section(conductor):
    sections = {bar.section for bar in conductor.plan_ahead(32)}
    assert sections <= set(STYLES["house"].sections)
    order(conductor, "set", 4, section="break")
    bar = conductor.plan_ahead(8)[4]
    assert bar.section == "break"
    letters = {family[0] for family in FAMILIES if bar.gates[family]}
    assert any(letters <= set(line_up) for line_up in STYLES["house"].sections["break"].families)


def test_locked_bars_stay_whatever_is_planned_anew(conductor):
    kept = conductor.plan_ahead(8)[3:5]
    order(conductor, "lock", 3, 4)
    conductor.follow(JAZZ, 99, Hints(bpm=80, gates={"bass": False}))
    conductor.set_key(parse_key("E minor"))
    order(conductor, "roll")
    plan = conductor.plan_ahead(8)
    assert [content(bar) for bar in plan[3:5]] == [content(bar) for bar in kept]
    assert all(bar.key == parse_key("E minor") for bar in plan[5:])
    assert plan[6].section in STYLES["jazz"].sections
    order(conductor, "unlock", 3)
    assert conductor.plan_ahead(8)[3].key == parse_key("E minor")


def test_a_locked_bar_can_be_edited_by_hand(conductor):
    before = conductor.plan_ahead(6)[3]
    order(conductor, "lock", 3)
    order(conductor, "set", 3, chords="Bm", brightness=0.1)
    bar = conductor.plan_ahead(6)[3]
    assert [chord.name for _, chord in bar.chords] == ["Bm"] and bar.gates == before.gates
    order(conductor, "set", 3, chords=None, brightness=None, section="break")
    assert conductor.plan_ahead(6)[3].section == "break"
    conductor.follow(JAZZ, 5, Hints())
    assert conductor.plan_ahead(6)[3].section == "break"  # and stays so


def test_chords_that_were_set_or_locked_do_not_follow_held_notes(conductor):
    order(conductor, "set", 1, chords="C#m")
    order(conductor, "lock", 2)
    locked = conductor.plan_ahead(3)[2]
    for _ in range(2):
        conductor.advance()
        conductor.hear((60, 64, 67), 0.0)
        assert conductor.bar.index == 2 or [chord.name for _, chord in conductor.bar.chords] == ["C#m"]
    assert conductor.bar.chords == locked.chords
    assert {0, 4, 7} <= set(conductor.advance().chords[0][1].tones)  # the next one does


def test_a_bar_is_rolled_until_it_is_another_within_its_section(conductor):
    before = conductor.plan_ahead(8)
    order(conductor, "set", 2, density=1.0)
    seen = []
    for _ in range(3):
        order(conductor, "roll", 2)
        plan = conductor.plan_ahead(8)
        assert [*plan[:2], *plan[3:]] == [*before[:2], *before[3:]]
        assert plan[2].section == before[2].section and plan[2].key == before[2].key
        assert plan[2].chords != (seen or before[2:])[-1].chords
        assert plan[2].density != 1.0
        seen.append(plan[2])
    order(conductor, "reset", 2)
    assert conductor.plan_ahead(8) == before


def test_everything_not_locked_is_rolled(conductor):
    before = conductor.plan_ahead(12)
    order(conductor, "lock", 5)
    order(conductor, "set", 6, density=1.0)
    order(conductor, "roll")
    after = conductor.plan_ahead(12)
    assert after[0] == before[0] and content(after[5]) == content(before[5])
    assert after[6].density != 1.0
    assert sum(content(a) != content(b) for a, b in zip(after, before, strict=True)) >= 8


def test_bars_that_have_begun_or_are_locked_are_left(conductor):
    conductor.advance()
    plan = conductor.plan_ahead(4)
    assert order(conductor, "set", 0, 1, 2, density=1.0) == [0, 1]
    assert conductor.plan_ahead(4)[0] == plan[0] and conductor.plan_ahead(4)[1].density == 1.0
    order(conductor, "lock", 3)
    assert order(conductor, "roll", 2, 3) == [3]


def test_a_snapshot_holds_what_was_done_and_goes_on_exactly(conductor):
    order(conductor, "lock", 2)
    order(conductor, "set", 3, chords="Am7")
    order(conductor, "roll", 4)
    order(conductor, "roll")
    state = json.loads(json.dumps(conductor.snapshot()))
    expected = [conductor.advance() for _ in range(12)]
    twin = Conductor.restore(MODEL.styles, state)
    assert [twin.advance() for _ in range(12)] == expected
    assert twin.snapshot()["arranged"] == {}  # bars that have passed are forgotten


@pytest.mark.parametrize(
    "edits",
    [
        [("set", (3, 4), {"chords": "Am7", "density": 1.0})],
        [("lock", (3,), {})],
        [("lock", (3,), {}), ("set", (3,), {"section": "break"})],
        [("set", (3,), {"density": 1.0}), ("roll", (3, 4), {})],
        [("set", (3,), {"density": 1.0}), ("lock", (4,), {}), ("reset", (3, 4), {})],
        [("set", (3,), {"density": 1.0}), ("lock", (4,), {}), ("roll", (), {})],
    ],
)
def test_whatever_is_done_to_the_plan_is_undone_and_redone_step_by_step(conductor, edits):
    states = [conductor.plan_ahead(12)]
    for action, bars, edit in edits:
        order(conductor, action, *bars, **edit)
        states.append(conductor.plan_ahead(12))
    for state in reversed(states[:-1]):
        conductor = Conductor.restore(MODEL.styles, json.loads(json.dumps(conductor.snapshot())))
        order(conductor, "undo")
        assert conductor.plan_ahead(12) == state
    assert order(conductor, "undo") == []  # there is nothing left to
    for state in states[1:]:
        order(conductor, "redo")
        assert conductor.plan_ahead(12) == state


def test_orders_of_one_gesture_are_one_step_and_steps_are_known_by_their_number(conductor):
    before = conductor.plan_ahead(8)
    for density in (0.6, 0.7, 0.8):
        order(conductor, "set", 3, density=density, step=1)
    other = order(conductor, "set", 4, density=1.0, step=2)
    order(conductor, "undo", step=1)
    assert other == [] and conductor.plan_ahead(8)[3] == before[3]
    assert conductor.plan_ahead(8)[4].density == 1.0
    order(conductor, "redo", step=1)
    assert conductor.plan_ahead(8)[3].density == 0.8
    order(conductor, "undo", step=99)  # refused when it was given, say
    order(conductor, "undo", step=1)
    order(conductor, "lock", 5)  # what was undone is forgotten
    order(conductor, "redo", step=1)
    assert conductor.plan_ahead(8)[3] == before[3]


def test_bars_that_have_begun_meanwhile_are_left_and_the_others_undone(conductor):
    before = conductor.plan_ahead(4)
    order(conductor, "set", 1, 2, density=1.0)
    conductor.advance()
    assert order(conductor, "undo") == [1]
    assert conductor.bar.density == 1.0 and conductor.advance() == before[2]


def test_orders_are_plain_values_and_back():
    edit = {"chords": "bbm7", "gates": {"lead": False}, "section": None}
    made = PlanOrder.of({"action": "set", "bars": [3, 2], **edit, "step": 7})
    assert made.bars == (2, 3) and made.edit["chords"] == [[0.0, "Bbm7"]]
    assert PlanOrder.of(json.loads(json.dumps(made.to_dict()))) == made


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "choose one of set, lock, unlock, roll, reset"),
        ({"action": "undo", "bars": [1]}, "undo is about a step, not about bars"),
        ({"action": "redo", "step": True}, "step is True; give the gesture's number"),
        ({"action": "lock"}, "list of 1 to 16 bars"),
        ({"action": "lock", "bars": [True]}, "list of 1 to 16 bars"),
        ({"action": "lock", "bars": [-1]}, "list of 1 to 16 bars"),
        ({"action": "lock", "bars": [1], "chords": "Am"}, "no field 'chords'; valid: action, bars"),
        ({"action": "set", "bars": [1]}, "give one of chords, section"),
        ({"action": "set", "bars": [1], "tempo": 3}, "no field 'tempo'"),
        ({"action": "set", "bars": [1], "chords": []}, "a name such as Am7"),
        ({"action": "set", "bars": [1], "chords": [[0, None]]}, "a name such as Am7"),
        ({"action": "set", "bars": [1], "chords": "Hm"}, "chord"),
        ({"action": "set", "bars": [1], "chords": [[1, "Am"]]}, "let it begin at 0"),
        ({"action": "set", "bars": [1], "chords": [[0, "Am"], [0, "C"]]}, "ascend"),
        ({"action": "set", "bars": [1], "section": ["verse"]}, "one of the bar's style"),
        ({"action": "set", "bars": [1], "gates": {"horns": True}}, "drums, bass, chords, lead"),
        ({"action": "set", "bars": [1], "gates": {"bass": None}}, "true or false"),
        ({"action": "set", "bars": [1], "gates": {"bass": 1}}, "bass"),
        ({"action": "set", "bars": [1], "density": 1.5}, "0 to 1"),
    ],
)
def test_orders_that_make_no_sense_are_refused_in_a_sentence(data, says):
    with pytest.raises(ControlError, match=says):
        PlanOrder.of(data)


def test_what_cannot_be_done_now_is_refused_with_what_could():
    asked = Controls(prompts="house")
    mapper = Mapper(MODEL.styles, asked, MODEL.embed(asked.prompts))
    mapper.arrange(PlanOrder("lock", (2,)))
    plan = mapper.plan(asked, 8)
    for made, says in (
        (PlanOrder("lock", (0, 1)), "bar 0 has begun already; the first that can be changed is 1"),
        (PlanOrder("lock", (MOST_AHEAD + 1,)), f"up to {MOST_AHEAD}"),
        (PlanOrder("roll", (2,)), "bar 2 is locked"),
        (
            PlanOrder("set", (3,), {"section": "chorus"}),
            "house has no section 'chorus'; choose intro, groove",
        ),
    ):
        with pytest.raises(ControlError, match=says):
            made.require_ahead(0, plan)
