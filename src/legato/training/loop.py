"""What every training loop shares: stopping, schedule, averaged weights, the log."""

from __future__ import annotations

import json
import math
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import nn

from legato.config import OptimConfig
from legato.training import parallel

Progress = Callable[[int, int, dict[str, float]], None]
"""Called as progress(done, total, figures); `total` is estimated when training runs by the clock."""

Parameters = Iterable[tuple[str, torch.Tensor]]


class StopFlag:
    """Set by Ctrl-C, by SIGTERM or by the caller: the loop then writes a checkpoint and returns.

    A context manager. Signals are taken over only inside it and only on the main thread; a second
    Ctrl-C interrupts at once.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> StopFlag:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *exc: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def set(self) -> None:
        """Ask the loop to end after the step it is in."""
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._event.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._event.set()


class Schedule:
    """How far the run is and the learning rate there: by steps, or by the clock.

    With `minutes`, the cosine follows the wall clock and the run ends when they are over, so training
    anneals fully however fast the machine is. `elapsed` (seconds) carries the time spent before a
    resume. Several processes follow the first one's clock, read at every `tick`.
    """

    def __init__(self, optim: OptimConfig, minutes: float | None = None, elapsed: float = 0.0) -> None:
        self.optim = optim
        self.seconds = None if minutes is None else minutes * 60.0
        self._clock = parallel.Clock()
        self._start = self._clock() - elapsed

    @property
    def elapsed(self) -> float:
        """Seconds of training so far, earlier parts of a resumed run included."""
        return self._clock() - self._start

    def tick(self) -> None:
        """Between one update and the next."""
        self._clock.meet()

    def fraction(self, step: int) -> float:
        """Share of the run that lies before `step`, 0–1."""
        done = step / self.optim.steps if self.seconds is None else self.elapsed / self.seconds
        return min(1.0, done)

    def lr(self, step: int) -> float:
        """Learning rate of step `step` (0-based): linear warm-up, then cosine to a tenth."""
        warm = min(1.0, (step + 1) / max(1, self.optim.warmup))
        return self.optim.lr * warm * (0.55 + 0.45 * math.cos(math.pi * self.fraction(step)))

    def done(self, step: int) -> bool:
        """Whether `step` steps are the whole run."""
        return self.fraction(step) >= 1.0

    def total(self, step: int) -> int:
        """Steps of the whole run; by the clock an estimate from the rate so far."""
        return self.optim.steps if self.seconds is None else round(step / max(self.fraction(step), 1e-6))


class Ema:
    """Exponential moving average of trained weights, float32, following quickly at the start."""

    def __init__(self, parameters: Parameters, decay: float) -> None:
        self.decay = decay
        self.tensors = {name: p.detach().clone().float() for name, p in parameters}

    @torch.no_grad()
    def update(self, parameters: Parameters, step: int) -> None:
        """Move towards `parameters` after optimizer step number `step` (0-based)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        live = [p.detach().float() for _, p in parameters]
        averages = list(self.tensors.values())
        torch._foreach_lerp_(averages, live, 1.0 - decay)  # pyright: ignore[reportPrivateImportUsage]

    def load(self, tensors: dict[str, torch.Tensor]) -> None:
        """Put back the averages of a checkpoint, in place."""
        for name, value in self.tensors.items():
            value.copy_(tensors[name])


class Log:
    """`log.jsonl`: one JSON object a line, in step order even across resumes."""

    def __init__(self, path: Path, resume_step: int = 0) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = self._lines_before(resume_step) if resume_step and self.path.exists() else []
        self.path.write_text("".join(f"{line}\n" for line in kept))

    def write(self, **figures: Any) -> None:
        """Append one line; floats are rounded to six significant digits."""
        rounded = {k: float(f"{v:.6g}") if isinstance(v, float) else v for k, v in figures.items()}
        with self.path.open("a") as file:
            file.write(json.dumps(rounded) + "\n")

    def _lines_before(self, step: int) -> list[str]:
        return [line for line in self.path.read_text().splitlines() if json.loads(line)["step"] < step]


def rng_for(seed: int, *counters: int) -> np.random.Generator:
    """A generator that depends on the arguments alone, so that any step can be run again."""
    return np.random.default_rng([seed, *counters])


def set_lr(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Give every parameter group the learning rate, times its own `lr_scale` where it has one."""
    for group in optimizer.param_groups:
        group["lr"] = lr * group.get("lr_scale", 1.0)


def adamw(module: nn.Module, optim: OptimConfig, momentum: float = 0.9) -> torch.optim.AdamW:
    """AdamW over what is trainable in `module`; weight decay on matrices only."""
    trained = [p for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": optim.weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    return torch.optim.AdamW(groups, lr=optim.lr, betas=(momentum, 0.95), fused=True)


def optimizer_step(
    optimizer: torch.optim.Optimizer, parameters: Iterable[torch.Tensor], clip: float
) -> float:
    """Clip the gradient's norm, step, clear; returns the norm. A non-finite gradient is skipped.

    The gradient is the mean over all processes.
    """
    parameters = list(parameters)
    parallel.average_gradients(parameters)
    norm = float(torch.nn.utils.clip_grad_norm_(parameters, clip))
    if math.isfinite(norm):
        optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return norm
