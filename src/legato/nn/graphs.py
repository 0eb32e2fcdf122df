"""Replaying a function as one CUDA graph: a small step of a large network is mostly the launching of kernels.

The function must be pure: tensors (or dataclasses and tuples of them) in, such out, no look at a value on the
way. State as a value survives this: a replay copies its arguments in and its results out.

Not validated: written without a GPU at hand, and never run on one. `tests/gpu` is where to begin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from legato.nn.streaming import map_rows

WARM_UPS = 3  # runs before the capture, in which libraries choose their kernels and take their memory


class Captured:
    """A function with graphs for some shapes of its arguments; others run as they always did.

    Args:
        function: called with positional arguments: tensors, dataclasses of tensors, numbers.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._graphs: dict[tuple[Any, ...], tuple[torch.cuda.CUDAGraph, Any, Any]] = {}

    def capture(self, *arguments: Any) -> None:
        """Record the function for arguments of these shapes, on the current CUDA device."""
        static = _copied(arguments)
        beside = torch.cuda.Stream()
        beside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(beside):
            for _ in range(WARM_UPS):
                self._function(*static)
        torch.cuda.current_stream().wait_stream(beside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            results = self._function(*static)
        self._graphs[_shapes(arguments)] = graph, static, results

    def __call__(self, *arguments: Any) -> Any:
        """What the function gives."""
        found = self._graphs.get(_shapes(arguments))
        if found is None:
            return self._function(*arguments)
        graph, static, results = found
        map_rows(lambda _, into, new: into.copy_(new), static, arguments)
        graph.replay()
        return _copied(results)


def _copied(value: Any) -> Any:
    return map_rows(lambda _, tensor: tensor.clone(), value)


def _shapes(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Shapes and types of all tensors among the arguments, and the numbers themselves."""
    key: list[Any] = [value for value in arguments if isinstance(value, int | float)]

    def note(_: int, tensor: torch.Tensor) -> torch.Tensor:
        key.append((tensor.shape, tensor.dtype))
        return tensor

    map_rows(note, arguments)
    return tuple(key)
