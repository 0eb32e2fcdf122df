"""Batches drawn ahead by other processes, so that a fast device never waits for them.

A batch is a function of its step alone, so it does not matter which process draws it, or when.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from itertools import count
from typing import Generic, TypeVar

import torch
from torch.utils.data import DataLoader, Dataset

T = TypeVar("T")

MOST = 14  # processes
AHEAD = 2  # batches each has ready


def helpers(device: torch.device | str) -> int:
    """How many processes should draw for training on `device`: none for a CPU, which has its hands full."""
    if torch.device(device).type == "cpu" or "fork" not in multiprocessing.get_all_start_methods():
        return 0
    return max(0, min(MOST, (os.cpu_count() or 1) - 1))


def batches(draw: Callable[[int], T], first: int, workers: int) -> Iterator[T]:
    """`draw(first)`, `draw(first + 1)` and so on without end.

    Args:
        draw: makes the batch of a step, the same whenever it is called; an object with a `pin_memory` method
            is pinned.
        first: step of the first one.
        workers: processes that draw, forked from this one; 0: this one.
    """
    if workers == 0:
        yield from map(draw, count(first))
        return
    yield from DataLoader(
        _Steps(draw),
        batch_size=None,
        sampler=count(first),
        num_workers=workers,
        prefetch_factor=AHEAD,
        pin_memory=torch.cuda.is_available(),
        multiprocessing_context="fork",
    )


class _Steps(Dataset[T], Generic[T]):
    def __init__(self, draw: Callable[[int], T]) -> None:
        self.draw = draw

    def __getitem__(self, step: int) -> T:
        return self.draw(step)
