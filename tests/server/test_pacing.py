import asyncio
import random

import pytest
from server.stage import STEP_S, performing

from legato.serving.outbox import MAX_TEXTS, Outbox
from legato.serving.pacer import FIRST_DEPTH_S, REMEMBERED, TRUST_S, Pacer

RATE = 48_000


def test_a_listener_who_never_reports_is_served_by_the_clock() -> None:
    pacer = Pacer(RATE, now=10.0)
    assert pacer.due(10.0, 0) == round(FIRST_DEPTH_S * RATE)
    assert pacer.due(11.0, RATE) == round(FIRST_DEPTH_S * RATE)
    assert pacer.due(10.5, RATE) == 0


def test_a_listener_who_reports_gets_the_depth_it_wants_by_its_own_clock() -> None:
    pacer = Pacer(RATE, now=0.0)
    pacer.report(0.1, played=0, target=9600, playing=False)
    assert pacer.due(5.0, 0) == 9600  # waiting to fill: time does not count
    pacer.report(5.0, played=1000, target=9600, playing=True)
    assert pacer.due(5.125, 9600) == 1000 + 6000


def test_a_listener_with_a_slow_sound_card_is_not_flooded() -> None:
    """A drift of 300 ppm: over ten minutes the depth stays where it was."""
    pacer, sent, depth = Pacer(RATE, 0.0), 0, []
    for tick in range(6000):
        now = 0.1 * tick
        played = int(now * RATE * (1 - 300e-6))
        pacer.report(now, played, 5760, True)
        sent += pacer.due(now, sent)
        depth.append(sent - played)
    settled = depth[REMEMBERED:]
    assert max(settled) - min(settled) <= 2
    assert max(abs(frames - 5760) for frames in depth) < 0.001 * RATE


def test_reports_that_come_late_now_and_then_leave_the_depth_as_it_was() -> None:
    """Else what they lost on their way would be missing, and come with the next: sound in clumps."""
    pacer, rng, sent, depth = Pacer(RATE, 0.0), random.Random(0), 0, []
    for tick in range(1, 1000):
        now = 0.01 * tick
        if tick % 10 == 0:
            late_s = 0.002 + (0.04 * rng.random() if tick % 30 else 0.0)
            pacer.report(now, round((now - late_s) * RATE), 2400, True)
        sent += pacer.due(now, sent)
        depth.append(sent - now * RATE)
    settled = depth[500:]
    assert max(settled) - min(settled) < 0.001 * RATE
    assert settled[-1] == pytest.approx(2400 - 0.002 * RATE, abs=2)


def test_what_is_on_its_way_comes_on_top_of_what_the_listener_wants_in_hand() -> None:
    way_s = 0.08
    pacer = Pacer(RATE, 0.0)
    pacer.report(0.0, played=0, target=2400, playing=False, round_trip_s=way_s)
    assert pacer.due(0.0, 0) == 2400 + way_s * RATE
    pacer.report(10.0, played=480_000, target=2400, playing=True, round_trip_s=way_s)
    heard = 480_000 + way_s * RATE  # by when this is there
    assert pacer.due(10.0, 0) == heard + 2400
    pacer.report(10.1, played=484_800, target=2400, playing=True, round_trip_s=1e9)
    assert pacer.due(10.1, 0) == 484_800 + 2400 + RATE  # no more than a second


def test_a_listener_who_stood_still_is_not_taken_to_be_where_it_would_be() -> None:
    pacer = Pacer(RATE, 0.0)
    pacer.report(1.0, played=48_000, target=2400, playing=True)
    pacer.report(1.1, played=50_400, target=4800, playing=False)  # it ran out half way
    assert pacer.due(1.2, 50_400) == 4800
    pacer.report(1.3, played=50_528, target=4800, playing=True)
    assert pacer.due(1.3, 55_200) == 128


def test_a_sound_card_that_stood_still_is_overrated_for_few_reports() -> None:
    """It still says that it plays: what it was sent too much lies in hand until then."""
    pacer, sent = Pacer(RATE, 0.0), 0
    for report in range(100):
        played = 4800 * report - (2400 if report >= 50 else 0)
        pacer.report(0.1 * report, played, 2400, True)
        sent += pacer.due(0.1 * report, sent)
        if report >= 50 + REMEMBERED:
            assert sent - played == pytest.approx(2400, abs=1)
    assert REMEMBERED <= 10  # a second of a page's


def test_a_listener_who_falls_silent_is_sent_no_more() -> None:
    pacer = Pacer(RATE, 0.0)
    pacer.report(0.0, played=0, target=4800, playing=True)
    assert pacer.due(60.0, 0) == 4800 + TRUST_S * RATE


def test_the_outbox_is_bounded_and_counts_what_it_drops() -> None:
    async def scenario() -> None:
        box = Outbox(max_frames=100)
        for i in range(10):
            box.put_sound(bytes([i]), 30)
        assert (box.frames, box.dropped) == (90, 210)
        for i in range(2 * MAX_TEXTS):
            box.put_text(str(i))
        texts = [await box.get() for _ in range(MAX_TEXTS)]
        assert texts[-1] == str(2 * MAX_TEXTS - 1)
        assert [await box.get() for _ in range(3)] == [b"\x07", b"\x08", b"\x09"]
        assert box.frames == 0

    asyncio.run(scenario())


def test_the_outbox_waits_for_something_to_send() -> None:
    async def scenario() -> None:
        box = Outbox(max_frames=100)
        waiting = asyncio.create_task(box.get())
        await asyncio.sleep(0)
        assert not waiting.done()
        box.put_text("now")
        assert await waiting == "now"

    asyncio.run(scenario())


def test_a_page_that_reports_late_is_sent_little_at_a_time_and_keeps_what_it_wants_in_hand() -> None:
    target, late, step = 2400, 3, round(STEP_S * RATE)  # frames; steps that a report takes; frames a step

    async def scenario() -> None:
        async with performing() as stage:
            played, underway, depth, messages = 0, [], [], []
            for tick in range(400):
                before = stage.ear.frames
                await stage.play(STEP_S)
                played += step
                messages.append(stage.ear.frames - before)
                depth.append(stage.ear.frames - played)
                if tick % 10 == 0:
                    where = {"stream": 1, "played": played, "target": target, "playing": True}
                    way = {"round_trip_ms": 1000 * late * STEP_S}
                    underway.append((tick + late, {"type": "ping", **where, **way}))
                while underway and underway[0][0] <= tick:
                    stage.performer.send(underway.pop(0)[1])
            assert stage.ear.exact
            assert max(messages[100:]) <= 2 * step
            assert all(abs(frames - target) <= 2 * step for frames in depth[100:])

    asyncio.run(scenario())
