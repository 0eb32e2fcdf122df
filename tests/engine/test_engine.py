"""The engine on virtual time: the counter model computes, a sink reads, and every sample is accounted for."""

import time

import numpy as np
import pytest

from legato.control.state import ControlError, Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine, EngineError
from legato.engine.fake import COUNT, CounterModel, counter, read_code, read_counter
from legato.engine.instrument import Instrument

CHUNK = 7680
BLOCK = 480


class Sink:
    """Reads a block every 10 ms, as a sound card would, once the first chunk is there."""

    def __init__(self, clock, player):
        self.clock, self.player, self.blocks, self.running = clock, player, [], True
        clock.call_at(clock.now(), self._read)

    def _read(self):
        if self.running:
            if len(self.player.ring) or self.blocks:
                self.blocks.append(self.player.read(BLOCK))
            self.clock.call_at(self.clock.now() + BLOCK / 48_000, self._read)

    @property
    def audio(self):
        return np.concatenate(self.blocks)


def stage(players=1, controls=None, lead_s=0.2, **model):
    clock = VirtualClock()
    engine = Engine(CounterModel(clock, **model), max_players=2, lead_s=lead_s, clock=clock)
    opened = [engine.open(controls or Controls(bpm=120)) for _ in range(players)]
    return clock, engine, opened, [Sink(clock, player) for player in opened]


def run(clock, engine, seconds):
    end = clock.now() + seconds
    while clock.now() < end:
        clock.advance(min(0.01, max(1e-3, engine.run_once())))


def test_a_minute_without_a_gap():
    clock, engine, (player,), (sink,) = stage(compute_s=0.05)
    run(clock, engine, 60)
    audio = sink.audio
    assert len(audio) > 59 * 48_000
    assert np.array_equal(audio[:, 0], counter(0, len(audio)))
    status = player.status()
    assert status["underruns"] == 0 and status["bad_chunks"] == 0
    assert status["rtf"] == pytest.approx(0.05 / 0.16, rel=1e-3)


def test_lead_is_bounded():
    clock, engine, (player,), _ = stage(compute_s=0.02)
    fullest = 0
    for _ in range(100):
        clock.advance(engine.run_once() + 1e-6)
        fullest = max(fullest, len(player.ring))
    assert fullest <= 0.2 * 48_000 + CHUNK


def test_a_player_who_does_not_read_costs_nothing():
    clock = VirtualClock()
    model = CounterModel(clock)
    engine = Engine(model, clock=clock)
    engine.open()
    for _ in range(200):
        engine.run_once()
        clock.advance(0.02)
    assert model.steps_made <= 3


@pytest.mark.parametrize("chunks", [0.5, 2, 5])
def test_stall_is_faded_counted_and_left_behind(chunks):
    stall = chunks * 0.16
    clock, engine, (player,), (sink,) = stage(compute_s=0.02, stalls={20: stall})
    run(clock, engine, 10)
    audio = sink.audio
    assert np.isfinite(audio).all()
    assert player.ring.underruns == (1 if stall > 0.2 else 0)
    made_up = player.ring.missing
    assert made_up <= stall * 48_000
    # After it, the count goes on where it stopped: nothing was lost, nothing twice, no latency added.
    numbers = read_counter(audio[-48_000:])
    first = len(audio) - 48_000 - made_up
    assert np.array_equal(numbers, np.arange(first, first + 48_000) % COUNT)
    assert len(player.ring) <= 0.2 * 48_000 + CHUNK


@pytest.mark.parametrize("kind", ["bad", "broken"])
def test_failed_chunks_fade_are_counted_and_sound_returns(kind):
    clock, engine, (player,), (sink,) = stage(**{kind: (10, 30, 31, 32, 33)})
    run(clock, engine, 4)
    assert player.status()["warning"] is None
    assert player.status()["underruns"] == 0
    run(clock, engine, 6)
    assert np.isfinite(sink.audio).all()
    status = player.status()
    assert status["bad_chunks"] == 5
    assert status["resets"] == 2  # twice two failures in a row gave up the context
    tail = read_counter(sink.audio[-CHUNK:])
    assert np.array_equal(np.diff(tail) % COUNT, np.ones(CHUNK - 1))


def test_warning_is_visible_while_the_model_fails():
    clock, engine, (player,), _ = stage(broken=range(10, 10_000))
    run(clock, engine, 5)
    assert "no sound" in player.status()["warning"]
    assert player.status()["underruns"] == 0  # silence is made in time, and says so


@pytest.mark.parametrize("wait", [3.07, 3.1, 3.13, 3.16])
def test_steer_is_heard_at_once_and_whole_and_not_before(wait):
    clock, engine, (player,), (sink,) = stage(compute_s=0.03)
    run(clock, engine, wait)
    generated, played = player.ring.written, player.ring.played
    player.steer(bpm=90, drums=False)
    run(clock, engine, 2)
    bpm, gates = read_code(sink.audio)
    heard = int(np.argmax(bpm == 90))
    assert played < heard <= generated + 1920 and heard % 1920 == 0
    assert set(bpm[:heard]) == {120} and set(bpm[heard:]) == {90}
    assert gates[heard:, 0].sum() == 0
    latency = player.status()["latency"]
    assert latency["total_ms"] / 1000 == pytest.approx((heard - played) / 48_000, abs=0.02)
    assert latency["total_ms"] <= 300


def test_worst_gesture_to_sound_stays_within_450_ms():
    clock, engine, (player,), _ = stage(compute_s=0.05)
    rng = np.random.default_rng(0)
    for i in range(60):
        run(clock, engine, 0.3 + 0.2 * rng.random())
        player.steer(bpm=60 + i)
    run(clock, engine, 0.5)
    assert player.status()["latency"]["p95_ms"] <= 400
    assert len(player.log().events) == 60


def test_two_players_do_not_touch_each_other():
    clock, engine, (one, two), (first, second) = stage(players=2, compute_s=0.03)
    run(clock, engine, 2)
    one.steer(bpm=77)
    run(clock, engine, 2)
    assert set(read_code(second.audio)[0]) == {120}
    assert read_code(first.audio)[0][-1] == 77
    one.close()
    first.running = False
    run(clock, engine, 2)
    assert np.array_equal(second.audio[:, 0], counter(0, len(second.audio)))
    assert two.ring.underruns == 0
    assert not one.read(4 * CHUNK)[3 * CHUNK :].any()


def test_a_free_place_is_needed_and_closing_makes_one():
    _, engine, (one, _), _ = stage(players=2)
    with pytest.raises(EngineError, match="2 of 2 players"):
        engine.open()
    one.close()
    one.close()
    engine.open()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.open()


def test_refused_steer_leaves_the_stream_sounding():
    clock, engine, (player,), (sink,) = stage()
    run(clock, engine, 1)
    with pytest.raises(ControlError):
        player.steer(bpm=1e9)
    with pytest.raises(ControlError):
        player.steer(prompts="")
    run(clock, engine, 1)
    assert np.array_equal(sink.audio[:, 0], counter(0, len(sink.audio)))


def test_flood_of_controls_ends_at_the_last_value():
    clock, engine, (player,), (sink,) = stage()
    for i in range(10_000):
        player.steer(bpm=40 + i % 200, notes=[40 + i % 40] if i % 2 else [])
        if i % 500 == 0:
            run(clock, engine, 0.1)
    player.steer(bpm=123, notes=[])
    run(clock, engine, 1)
    assert read_code(sink.audio)[0][-1] == 123
    assert player.session.controls.notes == ()
    assert player.ring.underruns == 0


def test_live_session_replays_bit_for_bit_offline():
    clock, engine, (player,), (sink,) = stage(compute_s=0.03, latency_samples=720)
    rng = np.random.default_rng(1)
    for i in range(12):
        run(clock, engine, 0.1 + 0.4 * rng.random())
        player.steer(bpm=float(rng.integers(60, 180)), drums=bool(i % 2), prompts=["house", "jazz"][i % 2])
        player.steer(notes=[60 + i])
        player.steer(notes=[])
    run(clock, engine, 1)
    log = player.log()
    again = Instrument(CounterModel(latency_samples=720)).replay(log)
    length = min(len(sink.audio), len(again.audio))
    assert length > 3 * 48_000
    assert np.array_equal(sink.audio[:length], again.audio[:length])


def test_status_is_json_ready_and_shows_the_plan():
    import json

    clock, engine, (player,), _ = stage(controls=Controls(prompts="funk", drums=False))
    run(clock, engine, 1)
    status = json.loads(json.dumps(player.status()))
    assert [bar["index"] for bar in status["plan"]] == list(range(8))
    assert all(bar["style"] == "funk" and bar["gates"]["drums"] is False for bar in status["plan"])
    assert 0 <= status["beat"]["beat"] < status["beat"]["beats_per_bar"]
    assert status["chunk_ms"] == 160.0


def test_rows_of_a_batch_hear_their_own_controls_only():
    heard = []
    clock = VirtualClock()
    engine = Engine(
        CounterModel(clock, heard=lambda *a: heard.append([x.copy() for x in a[:4]])), clock=clock
    )
    engine.open(Controls(bpm=100, seed=1))
    engine.open(Controls(bpm=150, seed=2, guidance=4.0))
    engine.run_once()
    noise, cond, prompt, guidance = heard[0]
    assert guidance.tolist() == [2.0, 4.0]
    alone = []
    solo = Engine(
        CounterModel(heard=lambda *a: alone.append([x.copy() for x in a[:4]])), clock=VirtualClock()
    )
    solo.open(Controls(bpm=150, seed=2, guidance=4.0))
    solo.run_once()
    for together, single in zip((noise, cond, prompt, guidance), alone[0], strict=True):
        assert np.array_equal(together[1], single[0])


def test_players_with_different_steps_are_stepped_apart():
    heard = []
    clock = VirtualClock()
    engine = Engine(CounterModel(clock, heard=lambda *a: heard.append((len(a[0]), a[4]))), clock=clock)
    engine.open(Controls(steps=1))
    engine.open(Controls(steps=4))
    engine.run_once()
    assert heard == [(1, 1), (1, 4)]


def test_bad_settings_are_refused():
    for setting in ({"chunk_frames": 1}, {"chunk_frames": 9}, {"lead_s": 0.0}, {"max_players": 0}):
        with pytest.raises(ControlError):
            Engine(CounterModel(), **setting)


def test_real_thread_plays_and_stops():
    with Engine(CounterModel()) as engine:
        player = engine.open(Controls(bpm=120))
        out, deadline = [], time.monotonic() + 10
        while sum(map(len, out)) < 48_000 and time.monotonic() < deadline:
            if len(player.ring) >= 999:
                out.append(player.read(999))
            else:
                time.sleep(0.002)
        audio = np.concatenate(out)
        assert np.array_equal(audio[:, 0], counter(0, len(audio)))
        thread = engine._thread
    assert thread is not None and not thread.is_alive()


def test_async_blocks_come_at_the_clocks_pace():
    import asyncio

    async def listen():
        clock = VirtualClock()
        engine = Engine(CounterModel(clock), clock=clock)
        player = engine.open()
        blocks = []

        async def client():
            async for block in player.chunks(0.04):
                blocks.append((clock.now(), block))

        task = asyncio.create_task(client())
        for _ in range(400):
            engine.run_once()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            clock.advance(0.005)
        player.close()
        for _ in range(20):
            clock.advance(0.05)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await asyncio.wait_for(task, 1)
        return blocks

    blocks = asyncio.run(listen())
    audio = np.concatenate([block.audio_n2 for _, block in blocks])
    assert np.array_equal(audio[:, 0], counter(0, len(audio)))
    assert [block.sample for _, block in blocks] == [1920 * i for i in range(len(blocks))]
    times = np.array([at for at, _ in blocks])
    assert np.abs(times - times[0] - 0.04 * np.arange(len(times))).max() < 0.02
