"""Low-rank adapters as tensors: what an adapter file holds, and how it is merged into its base.

A key `<name>.lora_a` [rank, in] with `<name>.lora_b` [out, rank] adds (alpha / rank) · B·A to the matrix
`<name>` [out, in] of the base (LoRA, arXiv 2106.09685, eq. 3); any other key is a tensor trained in full,
which replaces the base's. Merged weights cost what the base costs.
"""

from __future__ import annotations

import torch

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
    for key, tensor in adapter.items():
        name = key.removesuffix(LORA_A).removesuffix(LORA_B)
        if name not in merged:
            raise AdapterError(f"the adapter changes {name!r}, which its base does not have")
        if key.endswith(LORA_B):
            if name + LORA_A not in adapter:
                raise AdapterError(f"the adapter has {key!r} but not {name + LORA_A!r}")
        elif key.endswith(LORA_A):
            merged[name] = merged[name] + _delta(adapter, name, merged[name].shape, rank) * (alpha / rank)
        elif tensor.shape != merged[name].shape:
            raise AdapterError(
                f"{key!r} is {list(tensor.shape)} in the adapter, {list(merged[name].shape)} in its base"
            )
        else:
            merged[name] = tensor.float()
    return merged


def _delta(adapter: dict[str, torch.Tensor], name: str, shape: torch.Size, rank: int) -> torch.Tensor:
    a, b = adapter[name + LORA_A], adapter.get(name + LORA_B)
    if b is None:
        raise AdapterError(f"the adapter has {name + LORA_A!r} but not {name + LORA_B!r}")
    if a.shape != (rank, *shape[1:]) or b.shape != (shape[0], rank):
        raise AdapterError(f"the adapter's pair for {name!r} does not fit rank {rank} on {list(shape)}")
    return b.float() @ a.float()
