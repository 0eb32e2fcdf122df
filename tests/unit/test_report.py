"""The report on players whose obedience is known: one that does all it is told, one that is deaf."""

from functools import lru_cache
from importlib import resources
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.signal import lfilter

from legato.evaluation import report
from legato.evaluation.battery import Battery, measure_battery, measure_steering
from legato.evaluation.renders import (
    OneByOne,
    base_commands,
    chord_command,
    chord_targets,
    gate_commands,
    held_out_prompts,
)
from legato.evaluation.table import Table, judged
from legato.music.theory import parse_chord, parse_key

RATE = 48_000


@lru_cache(maxsize=256)
def sine(hz: float, n: int) -> np.ndarray:
    return np.sin(2 * np.pi * hz / RATE * np.arange(n, dtype=np.float32)).astype(np.float32)


@lru_cache(maxsize=8)
def white(n: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(n).astype(np.float32)


class Obedient:
    """A synthesiser that follows every control, from exactly the chunk after each change."""

    def render(self, prompts: Any, seconds: float, script: Any = None, **controls: Any) -> SimpleNamespace:
        n = int(seconds * RATE)
        audio = np.zeros(n)
        changes = [{"at": 0.0, "prompts": {prompts: 1.0}}, *(script or [])]
        for change, following in zip(changes, [*changes[1:], {"at": seconds}], strict=True):
            controls |= {k: v for k, v in change.items() if k not in ("at", "prompts")}
            start = int(np.ceil(change["at"] * RATE / 7680)) * 7680
            end = min(n, int(np.ceil(following["at"] * RATE / 7680)) * 7680)
            name = next(iter(change["prompts"])) if "prompts" in change else prompts
            audio[start:end] = self.play(name, n, controls)[start:end]
        return SimpleNamespace(audio=np.repeat(audio[:, None], 2, 1).astype(np.float32))

    def play(self, prompt: str, n: int, controls: dict[str, Any]) -> np.ndarray:
        t = np.arange(n, dtype=np.float32) / RATE
        noise = np.roll(white(n), 1000 * controls["seed"] + 7 * len(prompt))
        bright, dense = controls.get("brightness", 0.5), controls.get("density", 0.5)
        tones = (
            parse_chord(controls["chord"]).tones if "chord" in controls else parse_key(controls["key"]).scale
        )
        sound = 0.002 * noise
        if controls.get("chords", True) and controls.get("lead", True):
            for tone in tones:
                hz = 440 * 2 ** ((tone + 48 - 69 + 12) / 12)
                sound = sound + 0.03 * (sine(hz, n) + bright * sine(2 * hz, n))
        if controls.get("bass", True):
            sound = sound + 0.1 * sine(440 * 2 ** ((tones[0] - 69 + 36) / 12), n)
        if controls.get("drums", True):
            per_beat = 2 ** int(3 * dense)
            phase = (t * controls["bpm"] / 60 * per_beat) % 1 / (controls["bpm"] / 60 * per_beat)
            accent = np.where((t * controls["bpm"] / 60) % 1 < 1 / per_beat, 1.0, 0.4)
            colour = lfilter([1 - 0.9 * (1 - bright)], [1, -0.9 * (1 - bright)], noise)
            sound = sound + 0.5 * accent * colour * np.exp(-phase / 0.008)
        return sound * 10 ** ((controls.get("loudness", 0.7) - 1) * 42 / 20)


class Deaf(Obedient):
    """Plays the same whatever it is told."""

    def play(self, prompt: str, n: int, controls: dict[str, Any]) -> np.ndarray:
        return _deaf(n)


@lru_cache(maxsize=4)
def _deaf(n: int) -> np.ndarray:
    return Obedient().play("", n, {"seed": 1, "bpm": 93.0, "key": "F# major"})


def measured(player: Obedient) -> dict[str, Any]:
    table, one_by_one = Table(), OneByOne(player)
    battery = Battery(base_commands(3), 8.0)
    measure_battery(table, one_by_one, battery)
    measure_steering(table, one_by_one, battery.few)
    return {name: measure.to_dict() for name, measure in table.measures.items()}


def test_an_obedient_player_meets_the_targets() -> None:
    found = measured(Obedient())
    missed = [name for name, one in found.items() if one["met"] is False]
    assert missed == []
    assert found["beat_lock"]["value"] > 3 * found["beat_lock_chance"]["value"]
    assert found["key_rank"]["value"] == found["chord_rank"]["value"] == 1
    assert found["steer_lag_chunks"]["value"] == 0
    assert found["steer_reach_chunks"]["value"] <= 4
    assert found["tempo_error_median"]["target"] == "<= 0.04"


def test_a_deaf_player_scores_at_chance() -> None:
    found = measured(Deaf())
    assert found["tempo_within_2_percent"]["met"] is False
    assert abs(found["chord_margin"]["value"]) < 0.2
    assert found["drums_gate_auc"]["value"] == 0.5
    assert found["brightness_rank"]["value"] == 0
    assert found["steer_lag_chunks"]["met"] is False


def test_commands_are_held_out_repeatable_and_varied() -> None:
    commands = base_commands(16)
    assert commands == base_commands(16)
    assert len({c.prompt for c in commands}) == 16
    assert len({c.controls["key"] for c in commands}) == 16
    assert len(held_out_prompts()) >= 40
    taught = (resources.files("legato") / "training" / "prompts.txt").read_text().splitlines()
    assert not set(held_out_prompts()) & set(taught)
    assert len(held_out_prompts(pulse_only=True)) < len(held_out_prompts())


def test_gates_are_commanded_one_at_a_time_from_a_full_band() -> None:
    commands = gate_commands(base_commands(2))
    assert [c.varies for c in commands[:5]] == ["gates", "drums", "bass", "chords", "lead"]
    assert [sum(c.controls[f] for f in ("drums", "bass", "chords", "lead")) for c in commands[:5]] == [
        4,
        3,
        3,
        3,
        3,
    ]


def test_chord_script_changes_every_two_bars_within_the_key() -> None:
    command = chord_command(base_commands(4)[0], 20.0)
    span = 480 / command.controls["bpm"]
    assert [move["at"] for move in command.script] == pytest.approx(
        [span * (i + 1) for i in range(len(command.script))]
    )
    scale = set(parse_key(command.controls["key"]).scale)
    assert all(set(parse_chord(move["chord"]).tones) <= scale for move in command.script)
    target = chord_targets(command, 500, 25.0)
    assert (target.sum(1) == 3).all()
    assert len(np.unique(target, axis=0)) == min(4, 1 + len(command.script))


def test_targets_are_judged_and_missing_figures_never_pass() -> None:
    assert judged("delta_latent_ratio", 1.0) == (">= 0.95 and <= 1.05", True)
    assert judged("delta_latent_ratio", 1.2)[1] is False
    assert judged("map_fidelity_r2", float("nan"))[1] is False
    assert judged("beat_lock", 0.3) == ("", None)


def test_settings_out_of_range_are_refused() -> None:
    for bad in ({"seconds": 1}, {"renders": 1}, {"drift_seconds": 5}, {"drift_renders": 0}):
        with pytest.raises(ValueError, match="at least"):
            report.Settings(**bad)
