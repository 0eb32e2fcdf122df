"""What waits for a beat: it can be seen, superseded and withdrawn until it is bound."""

import pytest

from legato.control.mailbox import MAX_WAITING_NOTES, MAX_WAITING_ORDERS, ORDERS_AT_ONCE, Mailbox
from legato.control.plan_order import MOST_AHEAD, PlanOrder
from legato.control.state import ControlError, Controls


@pytest.fixture
def box():
    return Mailbox(Controls(bpm=100, density=0.5))


def test_what_waits_is_asked_for_and_seen_but_not_collected(box):
    box.post("bar", density=0.9)
    box.post("beat", bpm=120)
    box.post(brightness=0.2)
    assert (box.controls.density, box.controls.bpm) == (0.9, 120)
    assert box.waiting() == {"bar": {"density": 0.9}, "beat": {"bpm": 120.0}}
    assert box.collect().knobs == {"brightness": 0.2}
    assert box.release("beat") == ({"bpm": 120.0}, ())
    assert box.release("bar") == ({"density": 0.9}, ())
    assert not box.waits and box.controls.density == 0.9


def test_a_bar_is_a_beat_too(box):
    box.post("beat", bpm=120)
    assert box.release("bar")[0] == {"bpm": 120.0}


def test_the_last_value_of_a_knob_wins_whenever_it_was_asked_for(box):
    box.post("bar", density=0.9)
    box.post("beat", density=0.7)
    assert box.waiting() == {"beat": {"density": 0.7}}
    box.post(density=0.6)
    assert not box.waits and box.collect().knobs == {"density": 0.6}
    box.post("bar", density=0.1)
    box.post("bar", density=0.6)  # what is in force already
    assert not box.waits and box.controls.density == 0.6


def test_the_default_is_for_all_but_notes(box):
    box.quantise = "bar"
    box.post(density=0.9, notes=[60])
    letter = box.collect()
    assert (letter.knobs, letter.notes) == ({}, ((60,),))
    assert box.waiting() == {"bar": {"density": 0.9}}
    assert letter.posted is not None
    box.post(bpm=90)
    assert box.collect().posted is None  # what waits is no latency
    box.post("now", bpm=91)
    assert box.collect().knobs == {"bpm": 91.0}


def test_notes_that_wait_keep_their_order_and_none_is_stuck(box):
    box.post("beat", notes=[60])
    box.post("beat", notes=[60, 64])
    box.post("bar", notes=[])
    assert box.release("beat") == ({}, ((60,), (60, 64)))
    assert box.controls.notes == ()
    box.post("beat", notes=[72])  # asked for after the release at the bar, and overtakes it
    assert box.release("bar") == ({}, ((72,),))
    box.post("bar", notes=[50])
    box.post(notes=[])
    assert not box.waits and box.controls.notes == ()


def test_what_waits_can_be_withdrawn(box):
    box.post("bar", density=0.9, bpm=120, notes=[60])
    assert box.cancel(["bpm"]).bpm == 100
    assert box.cancel() == Controls(bpm=100, density=0.5)
    with pytest.raises(ControlError, match="unknown control 'tempo'"):
        box.cancel(["tempo"])


def test_a_flood_is_bounded(box):
    for number in range(20_000):
        box.post("bar", density=number / 20_000, notes=[21 + number % 80])
    assert box.waiting()["bar"]["density"] == pytest.approx(1, abs=1e-3)
    assert len(box.release("bar")[1]) == MAX_WAITING_NOTES


def test_orders_to_the_conductor_are_taken_a_few_at_a_time_and_none_is_lost(box):
    orders = [PlanOrder("lock", (1 + number % MOST_AHEAD,)) for number in range(MAX_WAITING_ORDERS)]
    for order in orders:
        box.order(order, 0, [])
    with pytest.raises(ControlError, match="64 orders to the conductor wait already"):
        box.order(orders[0], 0, [])
    taken = []
    while letter := box.collect().orders:
        assert len(letter) <= ORDERS_AT_ONCE
        taken += letter
    assert taken == orders


def test_what_was_taken_and_not_heard_waits_again_and_newer_values_win(box):
    """A chunk that came too late had met a beat: what it let go waits for the next one."""
    box.post("beat", density=0.9, brightness=0.2, notes=[60])
    box.post(bpm=111)
    box.order(PlanOrder("roll"), 0, [])
    letter = box.collect()
    assert box.release("beat") == ({"density": 0.9, "brightness": 0.2}, ((60,),))
    assert not box.waits
    box.post(bpm=120, brightness=0.7)
    box.put_back(letter)
    assert box.waiting() == {"beat": {"density": 0.9, "notes": [60]}}
    assert box.controls.density == 0.9 and box.controls.brightness == 0.7 and box.controls.notes == (60,)
    again = box.collect()
    assert again.knobs == {"bpm": 120.0, "brightness": 0.7} and again.orders == letter.orders
    assert box.release("bar") == ({"density": 0.9}, ((60,),))
    box.collect()
    box.put_back(box.collect())  # what was heard does not come back
    assert not box.waits


def test_a_copy_is_independent(box):
    box.post("bar", density=0.9, notes=[60])
    box.post(bpm=111)
    twin = box.copy()
    box.cancel()
    box.collect()
    assert twin.waiting() == {"bar": {"density": 0.9, "notes": [60]}}
    assert twin.collect().knobs == {"bpm": 111.0}


def test_refusals_change_nothing(box):
    for quantise, changes, says in (
        ("soon", {"bpm": 90}, "now, beat, bar"),
        ("bar", {"bpm": 900, "density": 0.1}, "40 to 240"),
    ):
        with pytest.raises(ControlError, match=says):
            box.post(quantise, **changes)
    assert not box.waits and box.controls == Controls(bpm=100, density=0.5)
    box.post(conductor="free")
    with pytest.raises(ControlError, match="no plan while the conductor is free"):
        box.order(PlanOrder("roll"), 0, [])
