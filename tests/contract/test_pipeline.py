"""The whole road on the `test` preset: corpus, codec, teacher, distillation, bundle, sound, measurement.

Through the command line, as a user goes it. What comes out is no music; that it comes out is the point.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from legato.cli.app import app
from legato.engine.instrument import Instrument
from legato.evaluation.realtime import bench
from legato.evaluation.report import evaluate
from legato.models.bundle import Bundle
from legato.training.liveliness import LEAST, MOST

SCRIPT = [
    {"at": 0.5, "prompts": {"dark techno": 1.0}, "bpm": 128, "drums": True},
    {"at": 1.0, "key": "C minor", "brightness": 0.9},
]


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all runs and the bundle made from them."""
    root = tmp_path_factory.mktemp("pipeline")
    common = ("--preset", "test", "--set", "corpus.soundfont=builtin", "--set", "corpus.styles=[house, jazz]")
    music = ("--corpus", root / "corpus")
    codec = ("--codec", root / "codec")
    run("train", "codec", *common, *music, "--out", root / "codec")
    run("train", "teacher", *common, *music, *codec, "--out", root / "teacher")
    run("distill", *common, *codec, "--teacher", root / "teacher", "--out", root / "student")
    runs = ("--teacher", root / "teacher", "--student", root / "student")
    run("models", "pack", *codec, *runs, "--name", "tiny", "--out", root / "bundle")
    return root


@pytest.fixture(scope="module")
def instrument(folder: Path) -> Instrument:
    return Instrument.load(folder / "bundle")


def test_the_bundle_renders_finite_sound_of_the_right_length_bit_for_bit(instrument: Instrument) -> None:
    first = instrument.render({"lo-fi piano": 0.7, "vinyl drums": 0.3}, 1.6, script=SCRIPT, seed=3)
    again = instrument.render({"lo-fi piano": 0.7, "vinyl drums": 0.3}, 1.6, script=SCRIPT, seed=3)
    assert first.audio.shape == (round(1.6 * 48_000), 2)
    assert np.isfinite(first.audio).all()
    assert np.ptp(first.audio) > 0
    assert np.array_equal(first.audio, again.audio)
    assert np.array_equal(first.audio, instrument.replay(first.log).audio)


def test_the_students_spread_and_temperature_are_found_and_packed(
    folder: Path, instrument: Instrument
) -> None:
    assert isinstance(instrument.source, Bundle)
    found = json.loads((folder / "student" / "config.json").read_text())["distill"]
    factors = found["spread"], found["temperature"]
    assert all(low <= x <= high for low, x, high in zip(LEAST, factors, MOST, strict=True))
    assert factors != LEAST  # so few updates leave it pale
    generator = instrument.source.generator
    assert (generator.spread, generator.temperature) == factors


def test_the_command_line_renders_the_same_file_twice(folder: Path) -> None:
    written = []
    (folder / "moves.jsonl").write_text("\n".join(json.dumps(move) for move in SCRIPT))
    for name in ("a.wav", "b.wav"):
        told = run(
            "render", "lo-fi piano:0.7", "vinyl drums:0.3", "--model", folder / "bundle", "--seconds", 1.2,
            "--bpm", 84, "--key", "A minor", "--seed", 1, "--script", folder / "moves.jsonl",
            "--out", folder / name, "--json",
        )  # fmt: skip
        written.append((folder / name).read_bytes())
        told = json.loads(told)
        assert told["model"] == "tiny"
        assert (told["seconds"], told["sample_rate"], told["channels"]) == (1.2, 48_000, 2)
    assert written[0] == written[1]


def test_a_played_session_is_replayed_bit_for_bit(instrument: Instrument) -> None:
    stream = instrument.stream("house", seed=5)
    played = [next(stream)]
    stream.steer(prompts="jazz trio", bpm=90)
    played += [next(stream) for _ in range(3)]
    assert np.array_equal(np.concatenate(played), instrument.replay(stream.log()).audio)


def test_it_can_be_measured(instrument: Instrument) -> None:
    assert isinstance(instrument.source, Bundle)
    found = evaluate(instrument.source, renders=0, drift_seconds=0, fidelity_seconds=0.64)
    assert found["measures"]["map_fidelity_r2"]["n"] == 8
    assert set(found["targets_met"]) | set(found["targets_missed"]) >= {"map_fidelity_r2", "onset_ratio"}
    speed = bench(instrument, seconds=3)
    assert speed["gestures"] >= 1
    assert 0 < speed["rtf_decode"] < speed["rtf_total"]
