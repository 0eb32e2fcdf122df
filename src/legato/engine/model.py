"""The seam between the engine and whatever makes the sound: the real model or the counter.

B players, F frames, C latent channels, D control width, N = F · frame_samples. Plain numpy on both sides, so
that engines, servers and pages run and are tested without torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np


class Stepped(NamedTuple):
    """One chunk for B players."""

    pcm_bn2: np.ndarray  # float32 [B, N, 2], nominally within ±1
    state: Any
    generate_s: float  # seconds spent on latents
    decode_s: float  # seconds spent from latents to samples


class LiveModel(Protocol):
    """A generator and its decoder, with state as a value.

    `step` never changes the state it is given: the old one stays good, which is what makes snapshots,
    and stepping back from a chunk that went wrong, free.
    """

    name: str
    fingerprint: str  # of everything that decides how it sounds; the same sessions sound the same on both
    sample_rate: int
    frame_samples: int
    latent_channels: int
    latency_samples: int  # by which the audio lags the frames it was made from
    max_rows: int  # players in one step; 1 where a row's result depends on how many share the step
    styles: Mapping[str, np.ndarray]  # style name to prompt embedding [384], for the conductor

    def embed(self, prompts: Mapping[str, float]) -> np.ndarray:
        """One vector for weighted prompts, float32 [384], of length 1."""
        ...

    def init_state(self, chunk_frames: int) -> Any:
        """The state of one player who has heard nothing yet (B = 1), to be stepped in such chunks."""
        ...

    def step(
        self,
        noise_bfc: np.ndarray,
        cond_bfd: np.ndarray,
        prompt_bp: np.ndarray,
        guidance_b: np.ndarray,
        steps: int,
        state: Any,
    ) -> Stepped:
        """The next chunk of B players."""
        ...

    def cut(self, before: Any, after: Any, frames: int) -> Any:
        """The state of one player after the first frames of the chunk that led from `before` to `after`.

        A model that cannot tell leaves this method out, and its chunks are never cut.
        """
        ...

    def join(self, states: Sequence[Any]) -> Any:
        """One state of B rows from B states of one row, whose last chunks were equally long."""
        ...

    def split(self, state: Any) -> list[Any]:
        """The inverse of `join`."""
        ...
