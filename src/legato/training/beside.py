"""Networks that learn beside the student and are left behind with the run: fake score, discriminator."""

from __future__ import annotations

import torch
from torch import nn

from legato.config import OptimConfig
from legato.training.checkpoint import load_optimizer, optimizer_tensors, with_prefix, without_prefix
from legato.training.loop import adamw, optimizer_step, set_lr


class Beside:
    """Weights and AdamW of such a network; `tensors` and `restore` are each other's inverse.

    Args:
        module: what is trainable in it is optimised.
        optim: AdamW's settings; the learning rate is given with every update.
        momentum: first β of AdamW.
    """

    def __init__(self, module: nn.Module, optim: OptimConfig, momentum: float = 0.9) -> None:
        self.trained = {n: p for n, p in module.named_parameters() if p.requires_grad}
        self.optimizer = adamw(module, optim, momentum)
        self.clip = optim.clip

    def update(self, loss: torch.Tensor, lr: float) -> float:
        """One clipped step; returns the loss."""
        self.optimizer.zero_grad(set_to_none=True)  # the student's loss may have left gradients here
        loss.backward()
        set_lr(self.optimizer, lr)
        optimizer_step(self.optimizer, self.trained.values(), self.clip)
        return float(loss.detach())

    def tensors(self) -> dict[str, torch.Tensor]:
        """For the checkpoint."""
        weights = with_prefix("model", {name: p.detach() for name, p in self.trained.items()})
        return weights | optimizer_tensors(self.optimizer)

    @torch.no_grad()
    def restore(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from a checkpoint; from one without such a network, start afresh."""
        if not tensors:
            return
        for name, value in without_prefix("model", tensors).items():
            self.trained[name].copy_(value)
        load_optimizer(self.optimizer, tensors)
