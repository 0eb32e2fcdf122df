"""The report on models that follow few controls, at rates and in chunks of their own."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from legato.engine.fake import CounterModel
from legato.engine.instrument import Instrument
from legato.evaluation import open_report
from legato.evaluation.battery import Battery, measure_battery, measure_steering
from legato.evaluation.endurance import drift_commands
from legato.evaluation.renders import Command, Grain, base_commands
from legato.evaluation.table import Table

GRAIN = Grain(rate=44_100, chunk=22_050, latency=4_410)
ALWAYS = frozenset({"prompts", "temperature", "seed", "steps"})
SETTINGS: dict[str, Any] = {"renders": 2, "seconds": 8.0, "drift_seconds": 0.0, "fidelity_seconds": 1.0}


class Noise:
    """Noise of its own for every prompt, which a switch reaches some chunks late; clicks may sit in it."""

    grain = GRAIN

    def __init__(self, late: int = 0, clicks_at: int | None = None) -> None:
        self.late, self.clicks_at = late, clicks_at
        self.asked: list[Command] = []

    def render_many(
        self, commands: Sequence[Command], seconds: float, told: Any = None
    ) -> Iterator[np.ndarray]:
        n = round(seconds * GRAIN.rate)
        for command in commands:
            self.asked.append(command)
            audio = _noise(command.prompt, n)
            for move in command.script:
                at = -(-round(move["at"] * GRAIN.rate) // GRAIN.chunk) + self.late
                first = at * GRAIN.chunk - GRAIN.latency  # what looks ahead changes that much sooner
                audio[first:] = _noise(next(iter(move["prompts"])), n)[first:]
            if self.clicks_at is not None:
                audio[self.clicks_at :: GRAIN.chunk] = 1.0
            yield audio


def _noise(prompt: str, n: int) -> np.ndarray:
    seed = sum(map(ord, prompt))
    mono = 0.1 * np.random.default_rng(seed).standard_normal(n, np.float32)
    return np.repeat(mono[:, None], 2, 1)


def rendered(player: Noise, honours: frozenset[str] = ALWAYS) -> Table:
    table = Table()
    measure_battery(table, player, Battery(base_commands(2), 8.0, honours))
    return table


def steered(player: Noise) -> Table:
    table = Table()
    measure_steering(table, player, Battery(base_commands(1), 8.0, ALWAYS).few)
    return table


def test_a_model_is_told_and_judged_by_what_it_follows_alone() -> None:
    player = Noise()
    table = rendered(player)
    assert all(set(command.controls) == {"seed"} for command in player.asked)
    assert set(table.measures) == {"diversity_db", "seam_flux_ratio", "seam_click_ratio"}
    assert [sentence.partition(":")[0] for sentence in table.left_out] == [
        "tempo and beat",
        "key",
        "chords",
        "gates",
        "levels",
    ]
    assert table.left_out[2].endswith("does not follow bpm, key, chord")
    told = rendered(Noise(), ALWAYS | {"bpm", "key"})
    assert {"tempo_within_2_percent", "key_margin"} <= set(told.measures) and len(told.left_out) == 3


@pytest.mark.parametrize("late", [0, 2])
def test_lag_is_counted_in_the_chunks_of_the_model(late: int) -> None:
    assert steered(Noise(late)).measures["steer_lag_chunks"].value == late


def test_seams_are_looked_for_where_the_model_has_them() -> None:
    at_chunks, at_blocks, elsewhere = (
        rendered(Noise(clicks_at=at)).measures["seam_click_ratio"].value
        for at in (0, GRAIN.chunk - GRAIN.latency, GRAIN.chunk // 3)
    )
    assert min(at_chunks, at_blocks) > 1.5 > elsewhere


def test_renders_of_too_few_chunks_are_said_to_be_so() -> None:
    player = Noise()
    player.grain = Grain(44_100, 3 * 44_100)
    table = rendered(player)
    assert "seam_flux_ratio" not in table.measures and "too few chunks of 3 s" in table.left_out[-1]


def test_drift_is_asked_what_the_model_follows() -> None:
    asked = drift_commands(5, 1, ALWAYS | {"bpm"})
    assert len({one.prompt for one in asked}) == 5
    assert all(set(one.controls) == {"seed", "bpm"} for one in asked)


def test_an_instrument_without_a_base_or_a_corpus_has_the_rest_measured() -> None:
    model = CounterModel(honours=ALWAYS | {"bpm", "conductor"})
    heard: list[str] = []
    found = open_report.evaluate_instrument(
        Instrument(model), progress=lambda done, total, what: heard.append(what), **SETTINGS
    )
    assert {"tempo_within_2_percent", "steer_lag_chunks", "blend_rank"} <= set(found["measures"])
    assert not {"key_margin", "map_fidelity_r2", "fad"} & set(found["measures"])
    words = " ".join(found["left_out"])
    assert "corpus of real clips" in words and "frame by frame" in words and "stands on no base" in words
    assert set(heard) == {"tempo and key", "steering", "blends"}
    with pytest.raises(ValueError, match="a student alone"):
        open_report.evaluate_instrument(Instrument(model), of="teacher")
