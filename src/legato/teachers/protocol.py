"""What distillation asks of a teacher: a velocity field on chunks of latents under a committed history.

Shape legend: B batch, T frames, F frames of a chunk, C latent channels, S prompts, P prompt size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, runtime_checkable

import torch
from torch import nn

Context = Any
"""A teacher's own reading of the history (for a transformer its keys and values)."""


class Steers(Protocol):
    """What steers T frames of B players, whatever a teacher's conditioning is.

    Attributes:
        guidance_b: guidance weight: that of the teacher's guidance, and an input of the student.
    """

    @property
    def guidance_b(self) -> torch.Tensor: ...  # noqa: D102

    def dropped(self) -> Self:
        """The unconditional branch."""
        ...

    def frames(self, start: int, stop: int) -> Self:
        """The steering of a span of frames."""
        ...

    def to(self, device: torch.device | str) -> Self:
        """The same on another device."""
        ...


@dataclass(frozen=True)
class Steering:
    """What steers T frames of B players of the embedded model.

    Attributes:
        prompt_bsp: unit-length prompt embeddings.
        given_bs: bool; False: the model decides.
        segment_bt: which of the S prompts each frame follows, int64.
        cond_btd: control vectors.
        guidance_b: guidance weight: that of the teacher's guidance, and an input of the student.
    """

    prompt_bsp: torch.Tensor
    given_bs: torch.Tensor
    segment_bt: torch.Tensor
    cond_btd: torch.Tensor
    guidance_b: torch.Tensor

    def dropped(self) -> Steering:
        """The unconditional branch: neither prompt nor controls."""
        return replace(
            self, given_bs=torch.zeros_like(self.given_bs), cond_btd=torch.zeros_like(self.cond_btd)
        )

    def frames(self, start: int, stop: int) -> Steering:
        """The steering of a span of frames."""
        return replace(self, segment_bt=self.segment_bt[:, start:stop], cond_btd=self.cond_btd[:, start:stop])

    def to(self, device: torch.device | str) -> Steering:
        """The same on another device."""
        return Steering(**{name: tensor.to(device) for name, tensor in vars(self).items()})


class Teacher(Protocol):
    """A streaming latent text-to-music model to distil.

    Attributes:
        channels: latent channels C.
        window: frames of history a chunk can see.
        network: the frozen network; a student is a copy of it with adapters.
        fingerprint: hash of its weights, recorded in adapters.
        adapted: names of the matrices that low-rank adapters attach to.
        embeddings: prefixes of the parameters that the student trains in full (time, interval, guidance); the
            network's answer must not depend on interval and guidance as long as these are untrained.
        feature_size: numbers E per frame that `features` gives.
        decode_features: latents [B, T, C] to log-magnitudes of their sound, differentiable; None: no decoder.
    """

    channels: int
    window: int
    network: nn.Module
    fingerprint: str
    adapted: tuple[str, ...]
    embeddings: tuple[str, ...]
    feature_size: int
    decode_features: Callable[[torch.Tensor], dict[str, torch.Tensor]] | None

    def context(
        self, network: nn.Module, clean_btc: torch.Tensor, chunk: int, past: Context | None = None
    ) -> Context:
        """The history `past` continued by finished latents, as `network` (teacher or student) reads it."""
        ...

    def recent(self, context: Context, frames: int) -> Context:
        """The last `frames` frames of a context."""
        ...

    def velocity(
        self,
        network: nn.Module,
        x_btc: torch.Tensor,
        context: Context | None,
        steering: Any,
        *,
        first: int,
        chunk: int,
        t_bt: torch.Tensor,
        dt_bt: torch.Tensor | None = None,
        guided: bool = False,
    ) -> torch.Tensor:
        """u(x_t, t, t - dt) of the chunks that begin at frame `first` of the context.

        Each chunk sees the history before itself only, so any number of chunks whose history is known are
        evaluated side by side. With `guided`, the guidance weight is an input (students only).
        """
        ...

    def features(
        self,
        x_btc: torch.Tensor,
        context: Context | None,
        steering: Any,
        *,
        first: int,
        chunk: int,
        t_bt: torch.Tensor,
    ) -> torch.Tensor:
        """Activations [B, T, E] half-way through the frozen network at x_t, differentiable in `x_btc`.

        The other arguments are those of `velocity`, read in the same way; `context` is the teacher's own.
        """
        ...


@runtime_checkable
class Solves(Protocol):
    """A teacher that walks from noise to music in its own way, and not by `velocity` on one chunk."""

    def solve(
        self,
        noise_btc: torch.Tensor,
        context: Context | None,
        steering: Any,
        *,
        first: int,
        chunk: int,
        steps: int,
    ) -> list[tuple[float, torch.Tensor]]:
        """States (t, x_t) of every chunk of `noise_btc`, t = 1 … 0, `steps` + 1 of them."""
        ...


@dataclass(frozen=True)
class Base:
    """Where an open model comes from: what an adapter of it must name to be of use.

    Attributes:
        family: of `registry`.
        name: hub id or folder.
        revision: commit of the hub's repository; empty for a folder.
    """

    family: str
    name: str
    revision: str


@runtime_checkable
class Borrowed(Protocol):
    """A teacher whose weights are another's: a student's adapter is kept, and the base only referred to."""

    base: Base

    def make_student(self, rank: int, alpha: float) -> nn.Module:
        """A student of this teacher that shares every weight it does not train."""
        ...
