"""What `legato doctor` says of a machine's speed."""

import pytest

from legato.cli.doctor import judged
from legato.engine.clock import VirtualClock
from legato.engine.fake import CounterModel
from legato.engine.instrument import Instrument
from legato.evaluation.fitness import fitness


@pytest.mark.parametrize(
    ("compute", "verdict", "words"),
    [
        (0.02, "ok", ["at every chunk size", "25 % at 80 ms", "13 % at 160 ms"]),
        (0.075, "ok", ["not in chunks of 80 ms", "47 % at 160 ms", "--chunk 4 or --chunk 8"]),
        (0.12, "warn", ["not in chunks of 80 ms", "75 % at 160 ms"]),
        (0.2, "warn", ["not in chunks of 80, 160 ms", "play with --chunk 8"]),
        (0.5, "fail", ["too slow", "faster machine"]),
    ],
)
def test_it_says_at_which_chunk_a_machine_plays(compute: float, verdict: str, words: list[str]) -> None:
    clock = VirtualClock()
    instrument = Instrument(CounterModel(clock, compute_s=compute, latency_samples=720))
    finding = judged(fitness(instrument, now=clock.now))
    said = f"{finding.found} {finding.advice}"
    assert finding.verdict == verdict
    assert all(word in said for word in words), said


def test_the_wait_it_promises_is_that_of_the_engine() -> None:
    clock = VirtualClock()
    small, default, large = fitness(Instrument(CounterModel(clock, compute_s=0.03)), now=clock.now)
    assert [one.gesture_ms for one in (small, default, large)] == pytest.approx([70] * 3, abs=15)
