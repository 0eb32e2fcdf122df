import asyncio

from legato.serving.outbox import MAX_TEXTS, Outbox
from legato.serving.pacer import FIRST_DEPTH_S, TRUST_S, Pacer

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
    assert max(depth) - min(depth) <= 2


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
