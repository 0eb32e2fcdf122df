"""The bench on the counter model: latencies that can be worked out by hand."""

import time

import numpy as np
import pytest

from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.fake import CounterModel
from legato.engine.instrument import Instrument
from legato.engine.log import Event, SessionLog
from legato.evaluation.realtime import bench, first_asked

BPM = ({"bpm": 100.0}, {"bpm": 140.0})


def test_on_virtual_time_a_gesture_sounds_after_wait_compute_and_lead() -> None:
    clock = VirtualClock()
    instrument = Instrument(CounterModel(clock, compute_s=0.03))
    found = bench(instrument, seconds=30, gestures=BPM, clock=clock, lead_s=0.2)
    assert found["gestures"] > 15
    assert found["gestures_unheard"] == 0
    assert found["underruns"] == 0
    assert found["replay_exact"]
    # A chunk is bound with 200 ms in the ring, after a wait of 0 to 160 ms; the sink adds up to a block.
    assert 200 <= found["gesture_to_sound_ms_p50"] <= 200 + 160 + 10
    assert 280 < found["gesture_to_sound_ms_p99"] <= 200 + 160 + 10
    assert found["first_audio_ms"] == pytest.approx(30, abs=11)
    assert found["targets"]["gesture_to_sound_ms_p95"] == {"target": "<= 450", "met": True}


def test_a_longer_lead_is_seen_in_the_latency() -> None:
    p50 = []
    for lead in (0.1, 0.3):
        clock = VirtualClock()
        instrument = Instrument(CounterModel(clock, compute_s=0.01))
        found = bench(instrument, seconds=20, gestures=BPM, clock=clock, lead_s=lead)
        p50.append(found["gesture_to_sound_ms_p50"])
    assert p50[1] - p50[0] == pytest.approx(200, abs=30)


def test_a_stall_is_counted_as_an_underrun() -> None:
    clock = VirtualClock()
    instrument = Instrument(CounterModel(clock, compute_s=0.01, stalls={30: 1.0}))
    found = bench(instrument, seconds=12, gestures=BPM, clock=clock)
    assert found["underruns"] == 1
    assert found["missing_ms"] > 500
    assert found["targets"]["underruns"]["met"] is False
    assert not found["replay_exact"]


def test_a_gesture_that_changes_nothing_is_reported_unheard() -> None:
    clock = VirtualClock()
    found = bench(Instrument(CounterModel(clock)), seconds=5, gestures=({"temperature": 0.5},), clock=clock)
    assert found["gestures_unheard"] == found["gestures"] > 0
    assert np.isnan(found["gesture_to_sound_ms_p50"])


def test_in_real_time_the_lag_of_the_decoder_is_part_of_the_figure() -> None:
    began = time.perf_counter()
    found = bench(Instrument(CounterModel(latency_samples=720)), seconds=4, gestures=BPM)
    assert time.perf_counter() - began < 8
    assert 200 <= found["gesture_to_sound_ms_p50"] < 450
    assert found["rtf_total"] < 0.3
    assert found["chunk_ms_p99"] >= found["chunk_ms_p50"] > 0
    assert found["hardware"]["cores"] >= 1


def test_too_short_a_run_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        bench(Instrument(CounterModel()), seconds=1)


def test_gestures_that_waited_together_count_from_the_first() -> None:
    events = [Event(0, {"bpm": 90.0, "drums": True}), Event(7680, {"bpm": 80.0})]
    asked = [(1.0, {"bpm": 70.0}), (1.1, {"drums": True}), (1.2, {"bpm": 90.0}), (3.0, {"bpm": 80.0})]
    assert first_asked(asked, SessionLog(Controls(), 4, events=events)) == [1.0, 3.0]
