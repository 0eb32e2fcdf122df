"""Low-rank adapters on the real modules of an open model, through peft.

The embedded model hangs its adapters on weights (`training.adapters`), because it reads slices of one matrix
in several places. Here every matrix is used through its module alone, and its size decides: adapters on
modules need no merged copy of four billion weights, and no gradient of one.
"""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Collection

from torch import nn


def with_adapters(
    network: nn.Module, adapted: Collection[str], trained: tuple[str, ...], rank: int, alpha: float
) -> nn.Module:
    """A copy of a frozen network with adapters; what is not trained is shared with it, not copied.

    Args:
        network: frozen.
        adapted: names of the matrices to adapt.
        trained: prefixes of parameters to train in full.
        rank: of the adapters; 0: their matrices are trained in full.
        alpha: their scale is alpha / rank.
    """
    whole = set(adapted) if not rank else set()
    shared = {
        id(tensor): tensor
        for name, tensor in [*network.named_parameters(), *network.named_buffers()]
        if not name.startswith(trained) and name not in whole
    }
    student = copy.deepcopy(network, shared).requires_grad_(False)
    if rank:
        _inject(student, [name.removesuffix(".weight") for name in adapted], rank, alpha)
    for name, parameter in student.named_parameters():
        if name.startswith(trained) or name in whole or ".lora_" in name:
            parameter.data = parameter.data.float()  # small steps would vanish in bfloat16
            parameter.requires_grad_(True)
    return student


def _inject(student: nn.Module, modules: list[str], rank: int, alpha: float) -> None:
    from peft import LoraConfig, inject_adapter_in_model

    config = LoraConfig(r=rank, lora_alpha=int(alpha), target_modules=modules, lora_dropout=0.0, bias="none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # advice on how to save, which is not done through peft
        inject_adapter_in_model(config, student)


def quieten() -> None:
    """Let the libraries of open models speak of errors alone: their advice would tear the progress bars."""
    import transformers

    for name in ("diffusers", "transformers", "peft", "accelerate"):
        logging.getLogger(name).setLevel(logging.ERROR)
    transformers.utils.logging.disable_progress_bar()
