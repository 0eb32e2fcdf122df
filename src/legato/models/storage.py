"""How tensors lie on disk: bf16 matrices, or int8 rows with a scale each; small tensors keep their precision.

An int8 matrix `<name>` [out, in] comes with `<name>.scale` [out], float32; its row r is scale[r] times the
whole numbers of row r, which lie within ±127.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from legato.models.manifest import STORAGE, BundleError

SCALE = ".scale"
SMALLEST_SIDE = 16  # of an int8 matrix; smaller ones (taps of convolutions) are not worth rounding
LEVELS = 127

Tensors = dict[str, torch.Tensor]


def write_tensors(tensors: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write a part of a bundle, stored as `manifest.STORAGE` says for the file's name."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(_int8_rows(plain) if STORAGE[path.name] == "int8 rows" else _bf16(plain), path)


def read_tensors(path: Path) -> Tensors:
    """The tensors of a part, floating-point ones as float32.

    Raises:
        BundleError: the file is damaged.
    """
    try:
        stored = load_file(path)
    except (OSError, SafetensorError) as error:
        raise BundleError(f"{path} is no readable safetensors file: {error}") from error
    scales = {name: stored.pop(name + SCALE) for name in list(stored) if name + SCALE in stored}
    tensors = {name: t.float() if t.is_floating_point() else t for name, t in stored.items()}
    for name, scale in scales.items():
        if tensors[name].shape[:1] != scale.shape:
            raise BundleError(f"{path}: the scales of {name!r} do not fit its rows")
        tensors[name] = tensors[name].float() * scale[:, None]
    return tensors


def _bf16(tensors: Tensors) -> Tensors:
    """Matrices as bf16; vectors (biases, norms, statistics) keep their precision at no cost in size."""
    return {n: t.bfloat16() if t.is_floating_point() and t.ndim >= 2 else t for n, t in tensors.items()}


def _int8_rows(tensors: Tensors) -> Tensors:
    stored: Tensors = {}
    for name, tensor in tensors.items():
        if tensor.ndim != 2 or not tensor.is_floating_point() or min(tensor.shape) < SMALLEST_SIDE:
            stored[name] = tensor
            continue
        scale = tensor.float().abs().amax(1).clamp_min(1e-12) / LEVELS
        stored[name] = (tensor.float() / scale[:, None]).round().to(torch.int8)
        stored[name + SCALE] = scale
    return stored
