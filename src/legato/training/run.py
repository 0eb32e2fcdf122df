"""A resumable run: trained weights, optimizer, averaged weights and step, in `runs/<name>/`.

The folder holds `config.json`, `checkpoint/` (latest), `log.jsonl` and `model.safetensors` (averaged).
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from legato.config import Config, OptimConfig, to_dict
from legato.training import parallel
from legato.training.checkpoint import (
    CheckpointError,
    load_checkpoint,
    load_optimizer,
    optimizer_tensors,
    save_checkpoint,
    save_tensors,
    with_prefix,
    without_prefix,
)
from legato.training.loop import Ema, Log, Progress, Schedule, adamw, optimizer_step, set_lr

MODEL = "model.safetensors"


@dataclass(frozen=True)
class Result:
    """What a run left behind: its averaged weights, and whether it ran to its end or was stopped."""

    model: Path
    finished: bool
    steps: int


def record(config: Config, folder: Path) -> None:
    """Write the settings beside a run's weights, in the place of those that were there."""
    (folder / "config.json").write_text(json.dumps(to_dict(config), indent=1))


class Run:
    """Holds everything a step changes; `save` and the constructor are each other's inverse.

    Random numbers need no saving: every step seeds its own from (seed, step). Of several processes the first
    one writes.

    Args:
        folder: the run's folder; a checkpoint in it is continued.
        config: recorded beside the weights.
        module: its trainable parameters are optimised.
        optim: AdamW, schedule and averaging.
        identity: JSON types that a checkpoint must share to be continued (model shape, teacher's hash).
        minutes: train by the clock instead of by steps.
        checkpoint_minutes: how often to save.

    Raises:
        CheckpointError: the checkpoint there is damaged or of another identity.
    """

    def __init__(
        self,
        folder: Path,
        config: Config,
        module: nn.Module,
        optim: OptimConfig,
        identity: dict[str, Any],
        *,
        minutes: float | None = None,
        checkpoint_minutes: float = 4.0,
    ) -> None:
        self.folder, self.optim, self.identity = Path(folder), optim, identity
        self.trained = {n: p for n, p in module.named_parameters() if p.requires_grad}
        self.optimizer = adamw(module, optim)
        self.ema = Ema(self.trained.items(), optim.ema)
        self.step = 0
        self.extra: dict[str, torch.Tensor] = {}  # what else the checkpoint carried
        elapsed = self._restore()
        self.schedule = Schedule(optim, minutes, elapsed)
        self.writes = parallel.rank() == 0
        self.log = Log(self.folder / "log.jsonl", self.step) if self.writes else None
        self._every = checkpoint_minutes * 60.0
        self._saved_at = time.monotonic()
        if self.writes:
            record(config, self.folder)

    @property
    def done(self) -> bool:
        """Whether the schedule has come to its end."""
        return self.schedule.done(self.step)

    def update(self, loss: torch.Tensor) -> dict[str, float]:
        """Backward, clipped step, averaged weights; returns the figures of the step."""
        loss.backward()
        return self.apply() | {"loss": float(loss.detach())}

    def apply(self) -> dict[str, float]:
        """Step on gradients already there."""
        lr = self.schedule.lr(self.step)
        set_lr(self.optimizer, lr)
        norm = optimizer_step(self.optimizer, self.trained.values(), self.optim.clip)
        self.ema.update(self.trained.items(), self.step)
        self.step += 1
        self.schedule.tick()
        return {"grad_norm": norm, "lr": lr}

    def report(self, progress: Progress | None, figures: dict[str, float], every: int = 20) -> None:
        """Log every `every` steps, and tell the caller of each."""
        if self.log and (self.step % every == 0 or self.done):
            self.log.write(step=self.step - 1, seconds=round(self.schedule.elapsed, 1), **figures)
        if progress:
            progress(self.step, self.schedule.total(self.step), figures)

    @property
    def save_is_due(self) -> bool:
        """Whether the last save is `checkpoint_minutes` ago."""
        return time.monotonic() - self._saved_at > self._every

    def save(self, extra: dict[str, torch.Tensor] | None = None) -> None:
        """Write the checkpoint; `extra` tensors come back as `self.extra`."""
        self._saved_at = time.monotonic()
        if not self.writes:
            return
        tensors = with_prefix("model", {n: p.detach() for n, p in self.trained.items()})
        tensors |= with_prefix("ema", self.ema.tensors) | with_prefix("extra", extra or {})
        tensors |= optimizer_tensors(self.optimizer)
        meta = {"step": self.step, "elapsed": self.schedule.elapsed, "identity": self.identity}
        save_checkpoint(self.folder / "checkpoint", tensors=tensors, meta=meta)

    def save_model(self, tensors: dict[str, torch.Tensor], metadata: dict[str, str] | None = None) -> Result:
        """Write the run's product; call it at every save, so that a stopped run leaves one too."""
        if self.writes:
            save_tensors(self.folder / MODEL, tensors, metadata)
        return Result(self.folder / MODEL, self.done, self.step)

    def _restore(self) -> float:
        self.folder.mkdir(parents=True, exist_ok=True)
        saved = load_checkpoint(self.folder / "checkpoint")
        if saved is None:
            return 0.0
        tensors, meta = saved
        if meta["identity"] != self.identity:
            differs = [k for k in self.identity if meta["identity"].get(k) != self.identity[k]]
            raise CheckpointError(
                f"the checkpoint in {self.folder} was made with another {', '.join(differs)}; "
                "choose another folder or delete it"
            )
        with torch.no_grad():
            for name, value in without_prefix("model", tensors).items():
                self.trained[name].copy_(value)
        self.ema.load(without_prefix("ema", tensors))
        load_optimizer(self.optimizer, tensors)
        self.extra = without_prefix("extra", tensors)
        self.step = meta["step"]
        return float(meta["elapsed"])
