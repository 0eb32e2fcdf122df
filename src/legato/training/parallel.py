"""Several processes as one: each trains on its rows of the batch, and all take the same step.

A launcher (`accelerate launch`, `torchrun`) starts the processes and tells each its place in the
environment; `joined` reads it. Alone, every function here is the identity. Random arrays are drawn for the
whole batch, of which a process keeps its rows, so that several processes compute what one would.

Shape legend: B rows of a process, N processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any

import numpy as np
import torch
import torch.distributed as dist

from legato.config import ConfigError

PATIENCE = timedelta(minutes=30)  # for the slowest process, which may be writing a checkpoint


@contextmanager
def joined(device: str, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Be one of the launcher's processes inside the block; yields this process's device.

    Args:
        device: of the command line; "cuda" becomes this process's GPU of the machine.
        environment: where WORLD_SIZE, RANK, LOCAL_RANK and the meeting place stand, if anywhere.
    """
    if int(environment.get("WORLD_SIZE", "1")) == 1:
        yield device
        return
    if device == "cuda":
        device = f"cuda:{environment['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    # An optimiser's first step imports this, whose functions keep the group of that moment as their default:
    # its threads would outlive the group, and abort the process where they meet the closing interpreter.
    import_module("torch.distributed.nn")
    dist.init_process_group("nccl" if device.startswith("cuda") else "gloo", timeout=PATIENCE)
    try:
        yield device
        dist.barrier()  # the first process may still be writing what the others will tell of
    finally:
        dist.destroy_process_group()


def speaks(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process is the one that tells the user, before and after `joined` too."""
    return environment.get("RANK", "0") == "0"


def count() -> int:
    """N."""
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    """Number of this process, from 0; the first one writes."""
    return dist.get_rank() if dist.is_initialized() else 0


def share_of(batch: int) -> int:
    """Rows of this process.

    Raises:
        ConfigError: the batch cannot be shared evenly.
    """
    if batch % count():
        raise ConfigError(f"distill.batch is {batch}; {count()} processes need a multiple of {count()}")
    return batch // count()


def draw(draw_array: Callable[..., np.ndarray], shape: tuple[int, ...], **options: Any) -> np.ndarray:
    """This process's rows of `draw_array(shape of the whole batch)`.

    Args:
        draw_array: a method of a random generator in the same state in every process.
        shape: (B, …).
        options: of `draw_array`.
    """
    rows, *rest = shape
    first = rank() * rows
    return draw_array(size=(count() * rows, *rest), **options)[first : first + rows]


def gathered(x_b: torch.Tensor) -> torch.Tensor:
    """The rows of all processes, [N B, …]."""
    if count() == 1:
        return x_b
    x_b = x_b.to(_device()).contiguous()
    parts = [torch.empty_like(x_b) for _ in range(count())]
    dist.all_gather(parts, x_b)
    return torch.cat(parts)


def own_rows(x: torch.Tensor) -> torch.Tensor:
    """The inverse of `gathered`."""
    return x.chunk(count())[rank()]


@torch.no_grad()
def average_gradients(parameters: Iterable[torch.Tensor]) -> None:
    """Put the mean over all processes in place of each gradient: that of the mean loss."""
    if count() == 1:
        return
    gradients = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    dist.all_reduce(flat)
    flat /= count()
    for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(mean.view_as(gradient))


def norm(x_b: torch.Tensor) -> torch.Tensor:
    """Euclidean norm over the rows of all processes."""
    squared = x_b.square().sum()
    if count() > 1:
        dist.all_reduce(squared)
    return squared.sqrt()


def anywhere(flag: bool) -> bool:
    """Whether it is set in any process; all must ask."""
    if count() == 1:
        return flag
    raised = torch.tensor(float(flag), device=_device())
    dist.all_reduce(raised, dist.ReduceOp.MAX)
    return bool(raised)


def wait() -> None:
    """Go on when all processes have come here."""
    if count() > 1:
        dist.barrier()


class Clock:
    """Seconds, those of the first process in all: read together by `meet`, at rest in between."""

    def __init__(self) -> None:
        self._now = 0.0
        self.meet()

    def meet(self) -> None:
        """Read the clock; all processes must."""
        if count() > 1:
            now = torch.tensor(time.monotonic(), dtype=torch.float64, device=_device())
            dist.broadcast(now, 0)
            self._now = float(now)

    def __call__(self) -> float:
        """The time now, or for several processes that of the last meeting."""
        return self._now if count() > 1 else time.monotonic()


def _device() -> str:
    return "cuda" if dist.get_backend() == "nccl" else "cpu"
