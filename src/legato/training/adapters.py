"""Low-rank adapters (LoRA, Hu et al. 2022) on a frozen network, plus parameters trained in full.

W = W_0 + (alpha / rank) B A with B starting at zero: an untrained student is its teacher. Adapters hang on
weights, not on modules, so that every use of a weight sees them, and a merged weight is the very tensor that
training used.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import nn
from torch.nn.utils import parametrize

from legato.models.adapters import LORA_A, LORA_B, merge
from legato.nn.precision import mixed_precision
from legato.teachers.protocol import Borrowed, Teacher
from legato.training.checkpoint import CheckpointError, save_tensors


class LowRank(nn.Module):
    """Adds (alpha / rank) B A to a weight [out, in]."""

    def __init__(self, weight: torch.Tensor, rank: int, alpha: float) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.scale = alpha / rank
        self.lora_a = nn.Parameter(torch.randn(rank, inputs, device=weight.device) / inputs**0.5)
        self.lora_b = nn.Parameter(torch.zeros(outputs, rank, device=weight.device))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """The merged weight."""
        # In full precision even under autocast: merged and unmerged weights are then bit-equal.
        with torch.autocast(weight.device.type, enabled=False):
            return weight + (self.lora_b @ self.lora_a) * self.scale


def make_student(teacher: Teacher, rank: int, alpha: float) -> nn.Module:
    """A copy of the teacher's network in which only adapters and the teacher's `embeddings` train.

    With rank 0 there are no adapters: the matrices that would carry them are trained in full.
    """
    if isinstance(teacher, Borrowed):
        return teacher.make_student(rank, alpha)
    student = copy.deepcopy(teacher.network).requires_grad_(False)
    for name, parameter in student.named_parameters():
        if name.startswith(teacher.embeddings):
            parameter.requires_grad_(True)
    for name in teacher.adapted:
        if not rank:
            student.get_parameter(name).requires_grad_(True)
            continue
        path, _, leaf = name.rpartition(".")
        module = student.get_submodule(path)
        parametrize.register_parametrization(module, leaf, LowRank(getattr(module, leaf), rank, alpha))
    return student


@contextmanager
def computing(device: str, network: nn.Module) -> Iterator[None]:
    """bfloat16 where it is safe, and every merged weight computed once, with its gradient.

    A weight keeps its value inside, so an optimiser's step belongs outside.
    """
    with mixed_precision(device, cache_enabled=False), parametrize.cached():
        touch_merged(network)
        yield


def touch_merged(student: nn.Module) -> None:
    """Compute every merged weight with its gradient.

    Inside `parametrize.cached()` the first use of a weight decides for all: were it under `no_grad`, the
    adapter would get no gradient.
    """
    with torch.enable_grad():
        for module in student.modules():
            if parametrize.is_parametrized(module):
                for name in module.parametrizations:  # type: ignore[union-attr]
                    getattr(module, name)


def adapter_tensors(trained: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Trained tensors of a student under the names of `models.adapters`: `<weight>.lora_a`, `.lora_b`.

    Args:
        trained: the student's trainable parameters (or averages of them) by their names in the module.
    """
    return {_adapter_name(name): tensor for name, tensor in trained.items()}


def merged_tensors(
    teacher: Teacher, adapter: dict[str, torch.Tensor], rank: int, alpha: float
) -> dict[str, torch.Tensor]:
    """Plain weights of the student: what inference loads."""
    return merge(teacher.network.state_dict(), adapter, rank=rank, alpha=alpha)


def save_adapter(
    path: Path, adapter: dict[str, torch.Tensor], teacher: Teacher, rank: int, alpha: float
) -> None:
    """Write the adapter alone, with the fingerprint of the teacher it belongs to."""
    metadata = {"teacher": teacher.fingerprint, "lora": json.dumps({"rank": rank, "alpha": alpha})}
    if isinstance(teacher, Borrowed):
        metadata["base"] = json.dumps(asdict(teacher.base))
    save_tensors(path, adapter, metadata)


def load_adapter(path: Path, teacher: Teacher) -> tuple[dict[str, torch.Tensor], int, float]:
    """An adapter's tensors, rank and alpha.

    Raises:
        CheckpointError: it was trained on another teacher.
    """
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
        if metadata.get("teacher") != teacher.fingerprint:
            raise CheckpointError(
                f"the adapter {path} belongs to teacher {metadata.get('teacher', 'unknown')[:12]}, "
                f"not to this one ({teacher.fingerprint[:12]})"
            )
        lora = json.loads(metadata["lora"])
        return {name: file.get_tensor(name) for name in file.keys()}, lora["rank"], lora["alpha"]


@torch.no_grad()
def start_from(student: nn.Module, path: Path) -> None:
    """Start a student's trained parameters from an adapter, of whichever teacher, where shapes agree.

    Raises:
        CheckpointError: no readable adapter there, or not one tensor fits.
    """
    try:
        found = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"cannot start from {path}: {error}") from error
    fits = 0
    for name, parameter in student.named_parameters():
        value = found.get(_adapter_name(name)) if parameter.requires_grad else None
        if value is not None and value.shape == parameter.shape:
            parameter.copy_(value)
            fits += 1
    if not fits:
        raise CheckpointError(f"cannot start from {path}: not one of its tensors fits this student")


def _adapter_name(name: str) -> str:
    """`blocks.0.qkv.parametrizations.weight.0.lora_a` as `blocks.0.qkv.weight.lora_a`."""
    for suffix in (LORA_A, LORA_B):
        if name.endswith(suffix):
            return name.removesuffix(f".0{suffix}").replace("parametrizations.", "") + suffix
    for theirs, ours in ((".lora_A.default.weight", LORA_A), (".lora_B.default.weight", LORA_B)):  # of peft
        if name.endswith(theirs):
            return f"{name.removesuffix(theirs)}.weight{ours}"
    return name
