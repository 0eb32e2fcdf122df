"""A run that was stopped and resumed equals an uninterrupted one, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from legato.config import Config, load_config
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.teachers import NativeTeacher
from legato.training.checkpoint import CheckpointError
from legato.training.distill import fit_student
from legato.training.loop import Progress, StopFlag
from legato.training.run import Result
from legato.training.scripts import PromptBank
from legato.training.synthetic import synthetic_latents
from legato.training.teacher import fit_teacher

CONFIG = load_config(
    "test", ["train_teacher.optim.steps=6", "distill.optim.steps=6", "distill.late_share=0.4"]
)
Fit = Callable[[Path, Progress | None, StopFlag | None], Result]


def fit_test_teacher(out: Path, progress: Progress | None, stop: StopFlag | None) -> Result:
    return fit_teacher(CONFIG, synthetic_latents(), out, "cpu", None, progress, stop)


def make_teacher(config: Config = CONFIG) -> NativeTeacher:
    torch.manual_seed(0)
    generator = Generator(config.generator)
    torch.nn.init.normal_(generator.head.weight, std=0.3)
    return NativeTeacher(generator, Codec(config.codec))


def make_bank() -> PromptBank:
    vectors = np.random.default_rng(0).standard_normal((3, 384)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return PromptBank(["a", "b", "c"], ["house", "", "jazz"], unit)


def fit_test_student(out: Path, progress: Progress | None, stop: StopFlag | None) -> Result:
    return fit_student(CONFIG, make_teacher(), make_bank(), out, "cpu", None, progress, stop)


def fit_remedied_student(out: Path, progress: Progress | None, stop: StopFlag | None) -> Result:
    """With all remedies on: a fake score and a discriminator learn beside the student."""
    settings = replace(CONFIG.distill, energy=0.5, matching=0.5, adversary=0.5, fake_updates=2)
    config = replace(CONFIG, distill=settings)
    return fit_student(config, make_teacher(), make_bank(), out, "cpu", None, progress, stop)


@pytest.mark.parametrize("fit", [fit_test_teacher, fit_test_student, fit_remedied_student])
def test_resumed_run_equals_an_uninterrupted_one(fit: Fit, tmp_path: Path) -> None:
    whole = fit(tmp_path / "whole", None, None)
    stop = StopFlag()

    def interrupt(done: int, total: int, figures: dict[str, float]) -> None:
        assert total == 6 and np.isfinite(figures["loss"])
        if done == 2:
            stop.set()

    first = fit(tmp_path / "parts", interrupt, stop)
    assert not first.finished and first.steps < 6
    second = fit(tmp_path / "parts", None, None)
    assert whole.finished and second.finished and second.steps == 6
    a, b = load_file(whole.model), load_file(second.model)
    assert a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_training_moves_the_teacher_towards_its_data(tmp_path: Path) -> None:
    overrides = ["train_teacher.optim.steps=100", "train_teacher.optim.lr=3e-3", "train_teacher.batch=4"]
    config = load_config("test", overrides)
    losses: list[float] = []

    def note(done: int, total: int, figures: dict[str, float]) -> None:
        losses.append(figures["loss"])

    fit_teacher(config, synthetic_latents(), tmp_path, progress=note)
    assert np.mean(losses[-10:]) < 0.7 * np.mean(losses[:3])


def test_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    fit_test_teacher(tmp_path, None, None)
    other = replace(CONFIG, generator=replace(CONFIG.generator, width=64))
    with pytest.raises(CheckpointError, match="another generator"):
        fit_teacher(other, synthetic_latents(), tmp_path)
