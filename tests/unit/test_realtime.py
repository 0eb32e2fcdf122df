"""The bench on the counter model: latencies that can be worked out by hand."""

import json
import time

import numpy as np
import pytest

from legato.cli.latency import print_latency
from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.fake import CounterModel
from legato.engine.instrument import Instrument
from legato.engine.ledger import Ledger
from legato.engine.log import Event, SessionLog
from legato.evaluation.flood import flood
from legato.evaluation.latency import engine_row, summary
from legato.evaluation.realtime import bench, first_asked
from legato.serving.latency import _due

BPM = ({"bpm": 100.0}, {"bpm": 140.0})


def test_on_virtual_time_a_gesture_sounds_after_wait_compute_and_lead() -> None:
    clock = VirtualClock()
    instrument = Instrument(CounterModel(clock, compute_s=0.03))
    found = bench(instrument, seconds=30, gestures=BPM, clock=clock, lead_s=0.2)
    assert found["gestures"] > 15
    assert found["gestures_unheard"] == 0
    assert found["underruns"] == 0
    assert found["replay_exact"]
    # With 200 to 360 ms in the ring, the last chunk is cut at one of its frames; the sink adds up to a block.
    assert 40 <= found["gesture_to_sound_ms_p50"] <= 200
    assert found["gesture_to_sound_ms_p99"] <= 200 + 160 + 10
    assert found["first_audio_ms"] == pytest.approx(30, abs=11)
    assert found["cuts"] > 0
    assert found["targets"]["gesture_to_sound_ms_p95"]["target"] == "<= 200"


def test_just_in_time_it_sounds_within_a_few_frames_and_still_replays_exactly() -> None:
    clock = VirtualClock()
    instrument = Instrument(CounterModel(clock, compute_s=0.03, latency_samples=720))
    found = bench(instrument, seconds=40, gestures=BPM, clock=clock)
    assert found["gestures_unheard"] == found["underruns"] == 0
    assert found["replay_exact"]
    assert found["gesture_to_sound_ms_p95"] < 140
    assert found["gesture_to_sound_ms_p99"] < 160


def test_a_gesture_whose_chunk_was_not_played_any_more_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = VirtualClock()
    model = CounterModel(clock, compute_s=0.03)
    monkeypatch.setattr(model, "cuts", False)
    found = bench(Instrument(model), seconds=6, gestures=BPM, clock=clock, lead_s=2.0)
    assert 1 <= found["gestures"] <= 4 and found["gestures_unheard"] == 0
    assert found["gesture_to_sound_ms_p50"] > 1900


def test_every_term_of_the_way_is_there_and_they_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    clock = VirtualClock()
    instrument = Instrument(CounterModel(clock, compute_s=0.03, latency_samples=720))
    row = engine_row(instrument, 4, 30, clock=clock)
    assert row.key == "engine_160ms"
    assert row.gestures > 40 and row.lost == row.underruns == 0
    assert list(row.terms) == ["wait", "generate", "decode", "ring", "codec", "device"]
    assert row.terms["codec"] == pytest.approx((15, 15, 15))
    assert row.terms["generate"][0] == pytest.approx(30)
    assert sum(values[0] for values in row.terms.values()) == pytest.approx(row.total[0], abs=25)
    assert row.terms["device"][2] <= 15  # a block of the sink
    assert row.total[1] < 150
    clock = VirtualClock()
    small = engine_row(Instrument(CounterModel(clock, compute_s=0.022)), 2, 20, clock=clock)
    found = summary([row, small], ["no page"])
    assert found["targets"]["default_chunk_total_ms_p95"]["met"]
    assert found["smallest_chunk_total_ms_p95"] < 120
    assert "page_adds_ms_p95" not in found["targets"] and found["left_out"] == ["no page"]
    json.dumps(found)
    print_latency(found)
    said = capsys.readouterr().out
    assert "engine 160ms" in said and "engine 80ms" in said and "left out: no page" in said


def test_a_flood_loses_nothing_and_leaves_no_gap() -> None:
    clock = VirtualClock()
    found = flood(Instrument(CounterModel(clock, compute_s=0.03)), 0.5, clock=clock)
    assert found["events_sent"] > 30_000
    assert found["events_lost"] == found["underruns"] == found["threads"] == found["files"] == 0
    assert found["gestures_late"] == 0 and found["cuts"] > 50
    assert found["targets"]["underruns"]["met"]
    with pytest.raises(ValueError, match="more than 0 minutes"):
        flood(Instrument(CounterModel(clock)), 0.0, clock=clock)


def test_a_frame_is_heard_when_the_pages_clocks_say_so() -> None:
    marks = [
        {"index": 4800, "contextTime": 0.1, "context": 0.05, "wall": 1000.0},
        {"index": 9600, "contextTime": 0.2, "context": 0.15, "wall": 1100.0},
    ]
    assert _due(7200, marks) == pytest.approx(1.0 + 0.05 + 0.05 + 128 / 48_000)
    assert np.isnan(_due(100, marks)) and np.isnan(_due(9700, marks))


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
    assert 10 <= found["gesture_to_sound_ms_p50"] < 450
    assert found["rtf_total"] < 0.3
    assert found["chunk_ms_p99"] >= found["chunk_ms_p50"] > 0
    assert found["hardware"]["cores"] >= 1


def test_too_short_a_run_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        bench(Instrument(CounterModel()), seconds=1)


def test_gestures_that_waited_together_count_from_the_first() -> None:
    events = [Event(0, {"bpm": 90.0, "drums": True}), Event(7680, {"bpm": 80.0})]
    asked = [(1.0, {"bpm": 70.0}), (1.1, {"drums": True}), (1.2, {"bpm": 90.0}), (3.0, {"bpm": 80.0})]
    assert first_asked(asked, SessionLog(Controls(), 4, events=Ledger(events))) == [1.0, 3.0]
