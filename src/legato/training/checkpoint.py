"""Atomic checkpoints: tensors as safetensors, everything else as JSON, never pickle.

A checkpoint is a folder that is either whole or absent: it is written beside its place, flushed to
disk and renamed. The one before is kept until the new one stands, so a crash at any moment leaves a
loadable checkpoint.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

TENSORS = "tensors.safetensors"
META = "meta.json"

_OPTIMIZER = "optimizer."
_RNG = "rng."


class CheckpointError(ValueError):
    """A checkpoint exists but cannot be used; the message says why."""


def save_tensors(
    path: Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str] | None = None
) -> None:
    """Write one safetensors file atomically (temporary file, fsync, rename)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    # Tied tensors share storage, which the format refuses: every tensor is stored on its own.
    save_file({k: v.detach().cpu().contiguous().clone() for k, v in tensors.items()}, temporary, metadata)
    _fsync(temporary)
    os.replace(temporary, path)
    _fsync(path.parent)


def save_checkpoint(folder: Path, *, tensors: dict[str, torch.Tensor], meta: dict[str, Any]) -> None:
    """Write `tensors` and `meta` (JSON types) as the checkpoint `folder`, replacing the one there."""
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    previous = _previous(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    save_tensors(fresh / TENSORS, tensors)
    (fresh / META).write_text(json.dumps(meta, indent=1))
    _fsync(fresh / META)
    _fsync(fresh)
    if folder.exists():
        shutil.rmtree(previous, ignore_errors=True)
        os.rename(folder, previous)
    os.rename(fresh, folder)
    _fsync(folder.parent)
    shutil.rmtree(previous, ignore_errors=True)


def load_checkpoint(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """The tensors (on the CPU) and meta of the checkpoint at `folder`; None where there is none.

    Raises:
        CheckpointError: the files are truncated or unreadable.
    """
    folder = Path(folder)
    if not folder.exists():
        folder = _previous(folder)  # the process died between the two renames
        if not folder.exists():
            return None
    try:
        return load_file(folder / TENSORS), json.loads((folder / META).read_text())
    except (OSError, ValueError, SafetensorError) as error:
        raise CheckpointError(
            f"the checkpoint {folder} cannot be read ({error}); delete it to start afresh"
        ) from error


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """The optimizer's per-parameter state as `optimizer.<index>.<name>` tensors."""
    return {
        f"{_OPTIMIZER}{index}.{name}": torch.as_tensor(value)
        for index, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    }


def load_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    """Put back what `optimizer_tensors` took; other keys in `tensors` are left alone."""
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith(_OPTIMIZER):
            index, _, name = key.removeprefix(_OPTIMIZER).partition(".")
            state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def rng_tensors() -> dict[str, torch.Tensor]:
    """The states of torch's global random generators as `rng.*` tensors."""
    states = {f"{_RNG}cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states |= {f"{_RNG}cuda{i}": s for i, s in enumerate(torch.cuda.get_rng_state_all())}
    return states


def load_rng(tensors: dict[str, torch.Tensor]) -> None:
    """Put back what `rng_tensors` took."""
    torch.set_rng_state(tensors[f"{_RNG}cpu"])
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            if (state := tensors.get(f"{_RNG}cuda{index}")) is not None:
                torch.cuda.set_rng_state(state, index)


def with_prefix(prefix: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Every key as `prefix.key`, so that several sets share one file."""
    return {f"{prefix}.{key}": value for key, value in tensors.items()}


def without_prefix(prefix: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The inverse of `with_prefix`: the keys that carry the prefix, without it."""
    return {k.removeprefix(f"{prefix}."): v for k, v in tensors.items() if k.startswith(f"{prefix}.")}


def _previous(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.previous")


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@torch.no_grad()
def warm_start(module: nn.Module, folder: Path) -> list[str]:
    """Start `module` from the `model.safetensors` of another run, whose shape may differ in places.

    Args:
        module: its parameters and buffers are overwritten where name and shape agree.
        folder: the other run's folder.

    Returns:
        The names that keep their fresh initialisation.

    Raises:
        CheckpointError: no readable model there, or not one tensor fits.
    """
    path = Path(folder) / "model.safetensors"
    try:
        found = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"cannot start from {path}: {error}") from error
    own = module.state_dict()
    fits = {name for name, value in found.items() if name in own and own[name].shape == value.shape}
    if not fits:
        raise CheckpointError(f"cannot start from {path}: not one of its tensors fits this model")
    for name in fits:
        own[name].copy_(found[name])
    return sorted(set(own) - fits)
