"""Students of one teacher averaged, where one began from another (model soups, Wortsman et al. 2022)."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import torch

from legato.teachers import NativeTeacher
from legato.training.adapters import load_adapter, merged_tensors, save_adapter
from legato.training.checkpoint import CheckpointError, save_tensors
from legato.training.distill import ADAPTER, enliven, load_generator
from legato.training.latents import load_codec
from legato.training.run import MODEL


def average_students(
    runs: Sequence[Path], teacher_folder: Path, out: Path, codec_folder: Path | None = None
) -> None:
    """Write a student whose adapter is the mean of several, as a run folder with the last one's settings.

    A mean plays well where one run went on from another; of runs from different beginnings it does not.

    Args:
        runs: run folders of students, two or more.
        teacher_folder: run folder of their teacher.
        out: where to; nothing may be there yet.
        codec_folder: run folder of the codec, to find the mean's own `distill.spread` and
            `distill.temperature` with; None keeps those of the last run.

    Raises:
        CheckpointError: a run holds no adapter, or one of another teacher or rank; or `out` is taken.
    """
    if len(runs) < 2:
        raise CheckpointError("an average takes two students or more")
    if out.exists():
        raise CheckpointError(f"{out} exists already; choose another folder or delete it first")
    wanted = [run / ADAPTER for run in runs] + [runs[-1] / "config.json"]
    if missing := [path for path in wanted if not path.is_file()]:
        raise CheckpointError(f"no {missing[0].name} in {missing[0].parent}; name a student's finished run")
    codec = None if codec_folder is None else load_codec(codec_folder)
    teacher = NativeTeacher(load_generator(teacher_folder))
    adapters, *lora = zip(*(load_adapter(run / ADAPTER, teacher) for run in runs), strict=True)
    shapes = [{name: tensor.shape for name, tensor in adapter.items()} for adapter in adapters]
    if any(len(set(values)) > 1 for values in lora) or any(shape != shapes[0] for shape in shapes):
        raise CheckpointError(f"the adapters of {', '.join(map(str, runs))} differ in rank or alpha")
    mean = {name: torch.stack([a[name] for a in adapters]).mean(0) for name in adapters[0]}
    rank, alpha = lora[0][0], lora[1][0]
    out.mkdir(parents=True)
    shutil.copyfile(runs[-1] / "config.json", out / "config.json")
    save_adapter(out / ADAPTER, mean, teacher, rank, alpha)
    save_tensors(out / MODEL, merged_tensors(teacher, mean, rank, alpha))
    if codec is not None:
        enliven(out, teacher, codec)
