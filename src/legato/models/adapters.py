"""Low-rank adapters as tensors: what an adapter file holds, and how it is merged into its base.

A key `<name>.lora_a` [rank, in] with `<name>.lora_b` [out, rank] adds (alpha / rank) · B·A to the matrix
`<name>` [out, in] of the base (LoRA, arXiv 2106.09685, eq. 3); any other key is a tensor trained in full,
which replaces the base's. Merged weights cost what the base costs.
"""

from __future__ import annotations

import torch
from torch import nn

LORA_A = ".lora_a"
LORA_B = ".lora_b"


class AdapterError(ValueError):
    """An adapter does not fit its base; the message names the tensor."""


def merge(
    base: dict[str, torch.Tensor], adapter: dict[str, torch.Tensor], *, rank: int, alpha: float
) -> dict[str, torch.Tensor]:
    """The base's weights with the adapter merged in, float32; neither argument is changed.

    Raises:
        AdapterError: a tensor the base lacks, of the wrong shape, or half of a pair.
    """
    merged = {name: tensor.float() for name, tensor in base.items()}
    for name in _changed(adapter):
        if name not in merged:
            raise AdapterError(f"the adapter changes {name!r}, which its base does not have")
        merged[name] = _merged(merged[name], adapter, name, rank, alpha)
    return merged


@torch.no_grad()
def merge_into(module: nn.Module, adapter: dict[str, torch.Tensor], *, rank: int, alpha: float) -> None:
    """Merge an adapter into a network where it stands, one matrix after the other, each in its own type.

    Raises:
        AdapterError: as of `merge`; the network is then half merged and of no use.
    """
    parameters = dict(module.named_parameters())
    for name in _changed(adapter):
        if name not in parameters:
            raise AdapterError(f"the adapter changes {name!r}, which its base does not have")
        parameters[name].copy_(_merged(parameters[name].float(), adapter, name, rank, alpha))


def _changed(adapter: dict[str, torch.Tensor]) -> list[str]:
    """Names of the tensors that an adapter changes, in its order."""
    return list(dict.fromkeys(key.removesuffix(LORA_A).removesuffix(LORA_B) for key in adapter))


def _merged(
    weight: torch.Tensor, adapter: dict[str, torch.Tensor], name: str, rank: int, alpha: float
) -> torch.Tensor:
    whole = adapter.get(name)
    if whole is None:
        return weight + _delta(adapter, name, weight.shape, rank).to(weight.device) * (alpha / rank)
    if whole.shape != weight.shape:
        raise AdapterError(
            f"{name!r} is {list(whole.shape)} in the adapter, {list(weight.shape)} in its base"
        )
    return whole.float().to(weight.device)


def _delta(adapter: dict[str, torch.Tensor], name: str, shape: torch.Size, rank: int) -> torch.Tensor:
    a, b = adapter.get(name + LORA_A), adapter.get(name + LORA_B)
    if a is None or b is None:
        has, lacks = (LORA_B, LORA_A) if a is None else (LORA_A, LORA_B)
        raise AdapterError(f"the adapter has {name + has!r} but not {name + lacks!r}")
    if a.shape != (rank, *shape[1:]) or b.shape != (shape[0], rank):
        raise AdapterError(f"the adapter's pair for {name!r} does not fit rank {rank} on {list(shape)}")
    return b.float() @ a.float()
