"""`legato eval` and `--base` on small instruments of every family."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from commands import Run
from teachers.conftest import CHUNK, normal

from legato.evaluation.open_fidelity import open_rollouts
from legato.teachers.instrument import load_student
from legato.teachers.playable import Fields
from legato.teachers.tiny import write_tiny


def test_teacher_goes_on_from_what_the_student_played(moved: Path, tiny_folder: Path) -> None:
    student = load_student(moved, base=str(tiny_folder))
    teacher = student.teacher(ahead_s=0.2)
    prompts = student.encode(["slow piano", "fast rock"], [Fields(), Fields()])
    noise = normal(2, 3 * CHUNK, student.channels)
    rolled = open_rollouts(student, teacher, prompts, noise, teacher_steps=2)
    assert rolled.student.shape == rolled.endpoint.shape == rolled.teacher.shape == tuple(noise.shape)
    # Of the first chunk nobody has heard anything yet; then the two histories part.
    np.testing.assert_allclose(rolled.endpoint[:, :CHUNK], rolled.teacher[:, :CHUNK], atol=1e-5)
    assert np.abs(rolled.endpoint[:, CHUNK:] - rolled.teacher[:, CHUNK:]).max() > 1e-4
    state = student.init_state(2)
    weight = torch.full((2,), min(max(2.0, student.guidance[0]), student.guidance[1]))
    played, _ = student.step(noise[:, :CHUNK], student.read(prompts), weight, 1, state)
    np.testing.assert_allclose(rolled.student[:, :CHUNK], played, atol=1e-5)


def test_eval_holds_the_student_against_its_base(run: Run, moved: Path, tiny_folder: Path) -> None:
    only = ("--renders", 0, "--drift", 0, "--fidelity", 0.3, "--json")
    code, out, err = run("eval", "--model", moved, "--base", tiny_folder, *only)
    assert code == 0, err
    found = json.loads(out)["measures"]
    assert set(found) == {"map_fidelity_r2", "delta_latent_ratio", "above_6khz_ratio", "onset_ratio"}
    assert all(one["n"] == 8 and one["value"] is not None for one in found.values())


def test_a_base_that_moved_is_asked_for_and_taken(
    run: Run, moved: Path, tiny_folder: Path, family: str, tmp_path: Path
) -> None:
    render = ("render", "slow piano", "--model", moved, "--seconds", 0.3, "--out", tmp_path / "a.wav")
    code, _, err = run(*render)
    assert code == 2 and "is not to be had" in err and "--base" in err and err.count("\n") == 1
    code, _, err = run(*render, "--base", tiny_folder)
    assert code == 0 and (tmp_path / "a.wav").is_file(), err
    other = write_tiny(family, tmp_path / "other", seed=7)
    code, _, err = run(*render, "--base", other)
    assert code == 2 and f"{other} is not the base of" in err
    code, _, err = run("play", "--no-browser", "--port", 0, "--model", moved, "--base", other)
    assert code == 2 and f"{other} is not the base of" in err


def test_what_is_for_bundles_is_refused(run: Run, moved: Path, family: str) -> None:
    if family != "stable-audio":
        pytest.skip("tried on stable-audio")
    for arguments, words in (
        (("eval", "--model", moved, "--of", "teacher"), "leave --of and --codec out"),
        (("eval", "--base", moved), "stands on no other model"),
        (("render", "x", "--base", moved, "--out", moved / "x.wav"), "stands on no other model"),
    ):
        code, _, err = run(*arguments)
        assert code == 2 and words in err, err
