"""Just in time, on virtual time: when chunks are begun, and gestures that do not wait for the next."""

import gc
import weakref

import numpy as np
import pytest

from legato.control.mailbox import Mailbox
from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel, counter, read_code
from legato.engine.garbage import YOUNG_EVERY, Garbage
from legato.engine.instrument import Instrument
from legato.engine.log import Event, Note, SessionLog
from legato.engine.pace import Pace
from legato.engine.ring import Ring

RATE, CHUNK, FRAME, BLOCK = 48_000, 7680, 1920, 480


class Stage:
    """A player who is heard in blocks of 10 ms."""

    def __init__(self, lead_s=None, chunk_frames=4, players=1, **model):
        self.clock = VirtualClock()
        self.model = CounterModel(self.clock, **model)
        self.engine = Engine(self.model, 2, chunk_frames, lead_s, self.clock)
        self.player, *self.others = [self.engine.open(Controls(bpm=120)) for _ in range(players)]
        self.heard = []
        self.clock.call_at(0.0, self._read)

    def _read(self):
        self.clock.call_at(self.clock.now() + BLOCK / RATE, self._read)
        if self.player.ring.written:
            self.heard.append(self.player.read(BLOCK))
        for other in self.others:
            other.read(BLOCK)

    def play(self, seconds):
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            self.clock.advance(min(max(self.engine.run_once(), 1e-3), 5e-3))

    @property
    def audio(self):
        return np.concatenate(self.heard)

    def gesture(self, bpm):
        """Seconds from a gesture to its sound."""
        played = self.player.ring.played
        self.player.steer(bpm=bpm)
        self.play(0.6)
        heard = np.flatnonzero(read_code(self.audio[played:])[0] == bpm)
        return heard[0] / RATE


@pytest.mark.parametrize(
    ("compute", "least", "most"), [(0.01, 0.03, 0.08), (0.04, 0.09, 0.15), (0.13, 0.2, 0.27)]
)
def test_the_lead_is_what_chunks_turn_out_to_need(compute, least, most):
    stage = Stage(compute_s=compute)
    stage.play(20)
    assert least < stage.player.lead_s < most
    assert stage.player.ring.underruns == 0
    assert np.array_equal(stage.audio[:, 0], counter(0, len(stage.audio)))


def test_the_lead_rises_at_once_sinks_slowly_and_is_bounded():
    pace = Pace(0.16)
    for _ in range(200):
        pace.took(0.03)
    assert pace.lead_s(0.01) == pytest.approx(0.08, abs=0.001)
    pace.took(0.06)
    assert pace.lead_s(0.01) == pytest.approx(0.113, abs=0.001)
    for _ in range(35):
        pace.took(0.03)
    assert pace.lead_s(0.01) == pytest.approx(0.095, abs=0.002)
    pace.took(5.0)
    assert pace.lead_s(0.01) == pytest.approx(0.26)
    assert Pace(0.16, 0.5).lead_s(0.01) == 0.5


def test_the_lead_has_room_for_the_slowest_cut_of_a_flood_for_minutes_and_of_few_for_a_while():
    def after(chunks, cut):
        for number in range(chunks):
            pace.took(0.03)
            if cut(number):
                pace.cut_took(0.04)
        return pace.lead_s(0.01)

    pace = Pace(0.16)
    usual = after(200, lambda number: True)
    pace.cut_took(0.07)
    for _ in range(30):  # the usual time has forgotten it by then
        pace.cut_took(0.04)
    assert pace.lead_s(0.01) == pytest.approx(usual + 0.03, abs=0.002)
    assert after(600, lambda number: True) >= usual + 0.02
    pace.cut_took(5.0)  # a stall is no cut
    assert after(1, lambda number: True) <= usual + 0.1
    assert after(1000, lambda number: number % 8 == 0) == pytest.approx(usual, abs=0.002)


@pytest.mark.parametrize("chunks", [0.5, 1, 2, 5])
def test_after_stalls_the_lead_is_soon_what_it_was(chunks):
    stage = Stage(compute_s=0.03, stalls={60: chunks * 0.16, 70: chunks * 0.16})
    stage.play(8)
    before = stage.player.lead_s
    stage.play(30)
    assert stage.player.lead_s <= before + 0.01
    assert stage.player.ring.underruns <= 2
    whole = stage.audio[-10 * RATE :, 0]
    assert set(np.rint(np.diff(whole) * 32768).astype(int)) <= {1, 1 - 16384}  # an unbroken count


@pytest.mark.parametrize(("chunk_frames", "most"), [(2, 0.12), (4, 0.15), (8, 0.15)])
def test_a_gesture_does_not_wait_for_the_end_of_a_chunk(chunk_frames, most):
    stage = Stage(chunk_frames=chunk_frames, compute_s=0.025, latency_samples=720)
    stage.play(3)
    delays = []
    for number in range(40):
        stage.play(0.0131 * number % 0.32)
        delays.append(stage.gesture(60 + number))
    assert max(delays) <= 1.3 * most
    assert np.percentile(delays, 95) <= most
    assert stage.player.ring.underruns == 0
    assert stage.player.cuts >= 10
    # Cut or not, not a sample is lost or comes twice.
    assert np.array_equal(stage.audio[:, 0], counter(0, len(stage.audio)))


def test_a_session_with_cut_chunks_replays_bit_for_bit_from_its_file(tmp_path):
    stage = Stage(compute_s=0.02, latency_samples=720)
    rng = np.random.default_rng(1)
    for number in range(60):
        stage.play(0.05 + 0.3 * rng.random())
        stage.player.steer(prompts=["house", "jazz"][number % 2], bpm=float(rng.integers(60, 180)))
        if number % 3 == 0:
            stage.player.steer(notes=[60 + number % 12])
            stage.player.steer(notes=[])
    stage.play(1)
    log = stage.player.log()
    assert len(log.of_kind("cut")) == stage.player.cuts > 20
    log.save(tmp_path / "session.jsonl")
    again = Instrument(CounterModel(latency_samples=720)).replay(SessionLog.load(tmp_path / "session.jsonl"))
    length = min(len(stage.audio), len(again.audio))
    assert length > 10 * RATE
    assert np.array_equal(stage.audio[:length], again.audio[:length])


def test_a_cut_that_comes_too_late_leaves_everything_as_it_was_and_the_gesture_is_heard_next():
    usual = {"compute_s": 0.02}
    first = Stage(**usual)
    first.play(4.03)
    steps = first.model.steps_made
    stage = Stage(**usual, stalls={steps: 0.1})  # the very chunk that the gesture is answered with
    stage.play(4.03)
    stage.player.steer(bpm=90, notes=[60])
    stage.play(1)
    assert stage.player.cuts == 0
    assert stage.player.ring.underruns == 0
    bpm, _ = read_code(stage.audio)
    heard = int(np.argmax(bpm == 90))
    assert set(bpm[:heard]) == {120} and set(bpm[heard:]) == {90}
    assert np.array_equal(stage.audio[:, 0], counter(0, len(stage.audio)))
    assert [dict(event.changes) for event in stage.player.log().events] == [{"bpm": 90}, {"notes": (60,)}]


def test_a_flood_of_gestures_costs_a_bounded_share_of_the_time_and_ends_at_the_last_value():
    stage = Stage(compute_s=0.04)
    stage.play(1)
    began = stage.model.steps_made
    for number in range(1000):
        stage.player.steer(bpm=40 + number % 200)
        stage.play(0.01)
    stage.player.steer(bpm=123)
    stage.play(1)
    assert 0.04 * (stage.model.steps_made - began) <= 0.75 * 11
    assert read_code(stage.audio)[0][-1] == 123
    assert stage.player.ring.underruns == 0


def test_a_gesture_of_one_player_does_not_harm_another():
    stage = Stage(players=2, compute_s=0.05, max_rows=1)
    stage.play(2)
    for number in range(200):
        stage.player.steer(bpm=60 + number % 100)
        stage.play(0.05)
    assert [player.ring.underruns for player in (stage.player, *stage.others)] == [0, 0]


def test_events_that_a_chunk_heard_late_are_not_cut_away():
    stage = Stage(lead_s=0.3)
    stage.play(1)
    for notes in ([60], [], [62], []):  # one a frame
        stage.player.steer(notes=notes)
    stage.engine.run_once()
    stage.play(0.2)
    assert list(stage.player.session.cuttable) == [] or stage.player.session.behind == 4
    stage.play(1)
    notes = [event.changes["notes"] for event in stage.player.log().events]
    assert notes == [(60,), (), (62,), ()]


def test_what_is_put_back_is_older_than_what_arrived_since():
    box = Mailbox(Controls(), now=iter([1.0, 2.0]).__next__)
    box.post(bpm=90, density=0.2, notes=[60])
    letter = box.collect()
    assert not box.arrived
    box.post(bpm=100, notes=[])
    box.put_back(letter)
    assert box.arrived
    again = box.collect()
    assert again.knobs == {"bpm": 100, "density": 0.2}
    assert again.notes == ((60,), ())
    assert again.posted == 1.0


def test_the_end_of_the_ring_is_replaced_but_never_what_is_being_read():
    ring = Ring(100)
    ring.block = 0
    ring.write(np.zeros((60, 2), np.float32))
    ring.read(10)
    assert not ring.replaceable(19) and ring.replaceable(20) and ring.replaceable(60)
    assert not ring.replaceable(61)
    ring.replace(40, np.ones((50, 2), np.float32))
    assert (len(ring), ring.written, ring.underruns) == (80, 90, 0)
    heard = ring.read(80)
    assert not heard[:30].any() and heard[30:].all()
    with pytest.raises(ValueError, match="cannot replace"):
        ring.replace(95, np.ones((200, 2), np.float32))


def test_what_was_there_before_an_engine_began_is_never_looked_at_while_it_plays():
    class Cycle:
        def __init__(self) -> None:
            self.me = self

    old = weakref.ref(Cycle())
    with Garbage() as garbage:
        new = [weakref.ref(Cycle()) for _ in range(YOUNG_EVERY)]
        garbage.tidy(10.0)
        assert old() is not None and not any(one() for one in new)
    gc.collect()
    assert old() is None


def test_garbage_is_left_alone_unless_there_is_time_and_collected_by_all_again_afterwards():
    class Cycle:
        pass

    def litter():
        for _ in range(3000):
            one = Cycle()
            one.self = one

    def alive():
        return sum(type(thing) is Cycle for thing in gc.get_objects())

    assert gc.isenabled()
    with Garbage() as garbage, Garbage():
        litter()
        garbage.tidy(0.0)
        assert not gc.isenabled() and alive() == 3000
        garbage.tidy(10.0)
        assert alive() == 0 and garbage.longest_s > 0
    assert gc.isenabled()


def test_a_long_log_is_nothing_that_the_collector_looks_into():
    """A look at the heap takes no longer after an hour of knobs."""
    log = SessionLog(Controls(), 4)
    gc.collect()
    before = len(gc.get_objects())
    for sample in range(2000):
        changes = {"prompts": Controls(prompts={"dub": 1.0}).prompts, "notes": [(60, 0.5)]}
        log.events.append(Event(sample, changes))
        log.notes.append(Note(sample, "mark", "here"))
    assert len(gc.get_objects()) - before < 100
    assert log.events[-1] == Event(1999, {"prompts": {"dub": 1.0}, "notes": [(60, 0.5)]})
    later = log.copy()
    later.events.append(Event(2000, {"bpm": 90}))
    assert (len(log.events), len(later.events)) == (2000, 2001)
    del later.events[1990:]
    assert later.events == log.events[:1990] and log.events[1999].sample == 1999
