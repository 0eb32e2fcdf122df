"""The ablation: models on one stage, their comparison in pairs, and the whole harness on the test preset."""

from __future__ import annotations

import json
import shutil
import sys
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from legato import conditioning
from legato.config import load_config, to_dict
from legato.evaluation.contrast import FIGURES, Teachers, contrast
from legato.evaluation.distances import Distances
from legato.evaluation.fidelity import rollouts
from legato.evaluation.paired import Model, Stage, decode, roll
from legato.evaluation.tracks import Track
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.models.sampling import chunk_noise
from legato.training.checkpoint import save_tensors

CONFIG = load_config("test")
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def make_generator(seed: int = 0) -> Generator:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        generator = Generator(CONFIG.generator)
        torch.nn.init.normal_(generator.head.weight, std=0.3)
    return generator.eval().requires_grad_(False)


def make_stage(scripts: int = 2, frames: int = 24) -> Stage:
    rng = np.random.default_rng(0)
    tracks = []
    for _ in range(scripts):
        prompt = rng.standard_normal(384).astype(np.float32)
        cond = conditioning.empty(frames)
        tracks.append(Track(np.repeat((prompt / np.linalg.norm(prompt))[None], frames // 4, 0), cond, cond))
    return Stage.of(tracks, CONFIG.generator.latent_channels, 0)


# ---- one stage -------------------------------------------------------------------------------------------


def test_a_model_on_its_own_history_is_the_model_on_that_history_given() -> None:
    stage, teacher = make_stage(), Model(make_generator(), teacher=True, steps=3)
    alone = roll(teacher, stage)
    assert alone.shape == stage.noise_btc.shape
    assert np.allclose(roll(teacher, stage, alone), alone, atol=1e-6)
    other = roll(teacher, stage, np.roll(alone, 1, 0))
    assert np.allclose(other[:, :4], alone[:, :4], atol=1e-6)  # nothing had been played before it
    assert not np.allclose(other[:, 4:], alone[:, 4:], atol=1e-3)


def test_the_stage_hears_what_the_instrument_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legato.nn.precision.fast_bfloat16", lambda kind: False)  # to compare to four digits
    stage, student, teacher = make_stage(), make_generator(1), make_generator()
    noise = [torch.cat([chunk_noise(row, k, 4, 8) for k in range(6)]).numpy() for row in range(2)]
    stage = Stage(stage.tracks, np.stack(noise))
    prompts = np.stack([track.prompt_kp[0] for track in stage.tracks])
    conds = np.stack([track.cond_td for track in stage.tracks])
    live = rollouts(student, teacher, prompts, conds, teacher_steps=3, guidance=stage.tracks[0].guidance)
    guided = Model(teacher, teacher=True, steps=3)
    played = roll(Model(student), stage)
    assert np.allclose(played, live.student, atol=1e-4)
    assert np.allclose(roll(guided, stage), live.teacher, atol=1e-4)
    assert np.allclose(roll(guided, stage, live.student), live.endpoint, atol=1e-4)


def test_rows_are_rolled_out_alike_in_any_company() -> None:
    stage, model = make_stage(18), Model(make_generator())
    last = Stage(stage.tracks[17:], stage.noise_btc[17:])
    assert np.allclose(roll(model, stage)[17:], roll(model, last), atol=1e-5)


def test_a_deaf_model_makes_the_same_of_any_history() -> None:
    stage, model = make_stage(), Model(make_generator(), hears=False)
    alone = roll(model, stage)
    assert np.array_equal(roll(model, stage, alone + 1.0), alone)


def test_chunks_decoded_apart_start_afresh() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        codec = Codec(CONFIG.codec).eval()
    z = np.random.default_rng(0).standard_normal((1, 16, 8)).astype(np.float32)
    streamed, apart = (decode(Model(make_generator(), apart=a), codec, z)[0] for a in (False, True))
    assert streamed.shape == apart.shape == (16 * 1920, 2)
    third = decode(Model(make_generator(), apart=True), codec, z[:, 8:12])[0]
    assert np.allclose(apart[8 * 1920 : 12 * 1920], third, atol=1e-6)
    assert not np.allclose(streamed[8 * 1920 : 12 * 1920], third, atol=1e-4)


# ---- the comparison --------------------------------------------------------------------------------------


def raw_figures(seed: int, gain: float = 1.0, scripts: int = 12) -> dict[str, np.ndarray]:
    """What scripts have in common is large, what sets models apart is small."""
    shared, rng = np.random.default_rng(0), np.random.default_rng(seed)
    names = ("map", "own_map", "delta", "high", "onset", "seam", "beat_lock", "chroma", "diversity")
    found = {n: gain * np.exp(shared.normal(0, 1, scripts)) * rng.uniform(0.99, 1.01, scripts) for n in names}
    found["windows"] = rng.standard_normal((scripts, 4, 6)) * gain
    return found


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legato.evaluation.contrast.DRAWS", 100)
    monkeypatch.setattr("legato.evaluation.contrast.FEW_DRAWS", 4)


def test_teacher_against_itself_is_one_and_small_paired_differences_show() -> None:
    real = Distances(np.random.default_rng(9).standard_normal((40, 6)) + 0.5)
    teachers = Teachers(raw_figures(1), raw_figures(2), real)
    models = {"full": raw_figures(3), "teacher": teachers.same, "dull": raw_figures(4, 0.9)}
    found = contrast({name: (figures, teachers) for name, figures in models.items()}, "full")
    assert all(set(row) == set(FIGURES) for row in found.values())
    for title in set(FIGURES) - {"map R²", "own map R²", "KAD"}:
        assert found["teacher"][title].value.value == pytest.approx(1.0)
    assert found["teacher"]["KAD"].value.value == 0.0
    assert np.isnan(found["full"]["onsets"].difference.value) and not found["full"]["onsets"].differs
    dull = found["dull"]["onsets"]
    assert dull.value.value == pytest.approx(0.9, abs=0.02)
    assert dull.differs and dull.difference.value == pytest.approx(-0.1, abs=0.02)
    assert not found["teacher"]["onsets"].differs
    # A script's own level, which spreads over decades, is no part of the interval.
    assert dull.value.high - dull.value.low < 0.02


def test_comparison_goes_without_the_arm_to_compare_with() -> None:
    teachers = Teachers(raw_figures(1, scripts=4), raw_figures(2, scripts=4))
    found = contrast({"dull": (raw_figures(3, scripts=4), teachers)}, "full")
    assert np.isfinite(found["dull"]["map R²"].value.value) and not found["dull"]["map R²"].differs
    assert set(found["dull"]) == set(FIGURES) - {"FAD to real", "KAD to real"}  # there is nothing real


# ---- the harness -----------------------------------------------------------------------------------------


class Words:
    """A text encoder that takes no time."""

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = [np.random.default_rng(list(text.encode())).standard_normal(384) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32)

    def blend(self, prompts: dict[str, float], heard=None) -> np.ndarray:
        return self.encode(list(prompts))[0]


@pytest.fixture
def ablation(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import ablation

    for module in ("ablation", "legato.training.distill"):
        monkeypatch.setattr(f"{module}.default_text_encoder", Words)
    monkeypatch.setattr(ablation, "TEACHER_STEPS", 3)
    yield ablation
    for name in ("ablation", "arms"):
        sys.modules.pop(name, None)


@pytest.fixture
def runs(tmp_path: Path) -> list[str]:
    """Command-line options that name an untrained teacher and codec."""
    torch.manual_seed(0)
    for name, module in (("teacher", make_generator()), ("codec", Codec(CONFIG.codec))):
        save_tensors(tmp_path / name / "model.safetensors", module.state_dict())
        (tmp_path / name / "config.json").write_text(json.dumps(to_dict(CONFIG)))
    options = [("teacher", "teacher"), ("codec", "codec"), ("out", "ablation")]
    return [word for name, folder in options for word in (f"--{name}", str(tmp_path / folder))]


def test_arms_are_trained_measured_and_compared(
    ablation: ModuleType,
    runs: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for arm in ("full", "paper"):
        ablation.main(["train", arm, "--preset", "test", "--minutes", "0", *runs])
    asked = ["measure", "--scripts", "2", "--seconds", "2.24", "--seeds", "2", *runs]
    arms = ["teacher-again", "full", "paper"]
    capsys.readouterr()
    ablation.main([*asked, "--arms", *arms])
    printed = capsys.readouterr()
    results = json.loads((tmp_path / "ablation" / "results.json").read_text())
    assert set(results["arms"]) == set(arms)
    paper = results["arms"]["paper"]
    assert paper["trained"] == 2 and paper["apart"] and "distill.audio_context=false" in paper["changes"]
    for title, figure in paper["figures"].items():
        assert np.isfinite(figure["value"][0]), title
        assert figure["paired"][0] is not None, title
    rows = [line for line in printed.out.splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[0] for row in rows] == ["| arm", *(f"| {arm}" for arm in arms)]
    assert printed.err.count("measuring") == 5  # the teacher from three noises and two students
    assert ablation.finished_arms(tmp_path / "ablation") == [
        "teacher-again", "teacher-1", "full", "two-steps", "four-steps", "decoded-apart",
        "paper", "paper-streamed",
    ]  # fmt: skip
    ablation.main([*asked, "--arms", "full", "paper-streamed"])
    assert capsys.readouterr().err == "measuring paper-streamed\n"  # what is known is not measured again
    students = [
        shutil.copytree(tmp_path / "ablation" / "full", tmp_path / name) for name in ("mine", "yours")
    ]
    ablation.main([*asked, "--arms", "full", "--student", *map(str, students), "--against", "mine"])
    rows = json.loads((tmp_path / "ablation" / "results.json").read_text())["arms"]
    assert rows["mine"]["figures"]["map R²"]["value"] == rows["full"]["figures"]["map R²"]["value"]
    assert rows["yours"]["figures"]["map R²"]["paired"][0] == 0
    ablation.main(["listen", "--scripts", "2", "--seconds", "1.12", "--arms", "paper", *runs])
    page = (tmp_path / "ablation" / "listen" / "index.html").read_text()
    assert page.count("<audio") == 4 and all(
        word in page for word in ("teacher, 3 steps", "paper", "1-1.wav")
    )
    with wave.open(str(tmp_path / "ablation" / "listen" / "1-1.wav")) as sound:
        assert sound.getnframes() == 24 * 1920
    with pytest.raises(SystemExit, match="an arm is called full too"):
        ablation.main([*asked, "--student", str(tmp_path / "ablation" / "full")])
    with pytest.raises(SystemExit, match="nothing is called theirs"):
        ablation.main([*asked, "--student", str(students[0]), "--against", "theirs"])
    capsys.readouterr()
    monkeypatch.setattr(Words, "blend", lambda self, prompts, heard=None: -self.encode(list(prompts))[0])
    ablation.main([*asked, "--arms", "full"])
    assert capsys.readouterr().err.count("measuring") == 3  # prompts are heard otherwise: a new stage
    monkeypatch.setattr(ablation, "SOLVING", ablation.SOLVING[:2])
    ablation.main([*asked, "--arms", "full"])
    assert capsys.readouterr().err.count("measuring") == 3  # and played otherwise: no figure lasts


def test_what_cannot_be_measured_or_trained_is_refused_by_name(ablation: ModuleType, runs: list[str]) -> None:
    with pytest.raises(SystemExit, match="not trained to the end: full; finished are teacher-again"):
        ablation.main(["measure", "--arms", "full", *runs])
    with pytest.raises(SystemExit, match="unknown setting"):
        ablation.main(["train", "full", "--preset", "test", "--set", "distill.warmth=1", *runs])


def test_every_trained_arm_is_a_valid_change_of_the_preset_and_every_other_plays_one(
    ablation: ModuleType,
) -> None:
    base = load_config("small").distill
    for name, arm in ablation.ARMS.items():
        assert arm.run in ("", "teacher", *ablation.ARMS), name
        assert not (arm.run and arm.changes), name
        changed = load_config("small", [f"distill.{change}" for change in arm.changes.split()]).distill
        if arm.changes and name != "rank-32":
            assert replace(changed) != base, name
