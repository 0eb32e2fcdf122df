"""Streaming state as a value: dataclasses of tensors whose batch axis is known, and what can be done to them.

A streaming layer is a pure function `(x, state) -> (y, state)`. Because state is a value, a snapshot is a
reference, resuming is passing it back, and a player moves to another batch row by copying slices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import torch

S = TypeVar("S")


def map_rows(fn: Callable[..., torch.Tensor], *states: S, axis: int = 0) -> S:
    """Apply `fn(axis, *tensors)` to every tensor of equally shaped states.

    A dataclass may set `batch_axis: ClassVar[dict[str, int]]` for fields whose rows are not on axis 0.
    """
    first: Any = states[0]
    if isinstance(first, torch.Tensor):
        return cast(S, fn(axis, *states))
    if is_dataclass(first):
        axes = getattr(first, "batch_axis", {})
        parts = {
            f.name: map_rows(fn, *(getattr(s, f.name) for s in states), axis=axes.get(f.name, 0))
            for f in fields(first)
        }
        return replace(first, **parts)  # type: ignore[type-var]
    if isinstance(first, (list, tuple)):
        return type(first)(map_rows(fn, *parts, axis=axis) for parts in zip(*states, strict=True))  # type: ignore
    return first


def where_rows(active_b: torch.Tensor | None, new: S, old: S) -> S:
    """Rows of `new` where active, of `old` elsewhere; None means every row is active."""
    if active_b is None:
        return new

    def choose(axis: int, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        shape = [1] * a.ndim
        shape[axis] = -1
        return torch.where(active_b.view(shape), a, b)

    return map_rows(choose, new, old)


def take_rows(state: S, rows: list[int]) -> S:
    """A copy of the given rows, as a state of its own."""
    return map_rows(lambda axis, a: a.index_select(axis, torch.tensor(rows, device=a.device)), state)


def put_rows(state: S, rows: list[int], part: S) -> S:
    """`state` with the given rows replaced by those of `part`."""
    return map_rows(
        lambda axis, a, b: a.index_copy(axis, torch.tensor(rows, device=a.device), b), state, part
    )
