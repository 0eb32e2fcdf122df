"""What one chunk of one player is made of: its size, its noise, the model's inputs, and what it began with.

F frames of a chunk, C latent channels, D control width, N samples of a chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from legato.control.state import ControlError, Controls
from legato.engine.model import LiveModel
from legato.engine.output import Output

Due = list[list[Mapping[str, Any]]]
"""Changes by frame of a chunk, in order."""


class Inputs(NamedTuple):
    """What the model needs for one chunk of one player."""

    noise_fc: np.ndarray
    cond_fd: np.ndarray
    steering: Any
    guidance: float
    steps: int


@dataclass
class Begun:
    """What a chunk began with, and what the model made of it: enough to cut it short."""

    sample: int
    controls: Controls
    mapper: dict[str, Any]
    due: Due
    behind: int
    state: Any
    output: Output
    pcm_n2: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))


def chunk_size(model: LiveModel, frames: int | None) -> int:
    """Frames per chunk: as asked for, or (None) the model's own.

    Raises:
        ControlError: the model has no such chunks.
    """
    if frames is None:
        return model.chunk_frames
    if frames not in model.chunk_sizes:
        first, last = model.chunk_sizes[0], model.chunk_sizes[-1]
        choice = f"a whole number from {first} to {last}" if first < last else f"{first} for this model"
        raise ControlError(f"chunk_frames is {frames!r:.40}; it must be {choice}")
    return frames


def chunk_noise(seed: int, index: int, frames: int, channels: int) -> np.ndarray:
    """Standard normal noise of chunk `index`, float32 [F, C]; the same as `models.sampling.chunk_noise`."""
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, index]))
    return rng.standard_normal((frames, channels), dtype=np.float32)
