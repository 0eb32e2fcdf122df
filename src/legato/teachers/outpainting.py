"""An open model as a teacher: the frozen network continues a history, chunk by chunk, by outpainting.

A canvas of fixed length holds the history known so far, the next chunk, and room ahead:

    [ known history | chunk | ahead ]

Every frame is solved together, as the network was trained to do it; then the chunk is kept and what came
ahead of it is forgotten. Without that room every chunk would be the end of a piece and sound like one. Known
frames follow the path of their own latents, x_t = (1 - t) z + t ε, and a family that has inputs for known
audio is told of them as well. The noise ε of all frames but the chunk's is drawn once for all: the teacher is
then one deterministic map from a chunk's noise to the chunk, which is what a one-step student can learn.

Shape legend: B scripts, T frames, F frames of a chunk, C latent channels, E activations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from legato.nn.blocks import normed
from legato.teachers.canvas import canvas_velocity
from legato.teachers.chunks import chunk_velocity, read_context
from legato.teachers.family import linear_names
from legato.teachers.hearing import Features, hearing
from legato.teachers.loading import Source
from legato.teachers.lora import with_adapters
from legato.teachers.native import fingerprint
from legato.teachers.playable import TeacherError
from legato.teachers.prompts import PromptSteering
from legato.teachers.protocol import Base
from legato.teachers.streaming import StreamingDiT
from legato.teachers.tokens import LayerKeys

INSIDE = ("attn", ".mlp.", ".ff.")  # what is adapted: attention and feed-forward


@dataclass(frozen=True)
class History:
    """Finished latents [B, T, C]: all a bidirectional network can keep of the past."""

    latents: torch.Tensor


class OpenTeacher:
    """A frozen open model, of the kinds `protocol.Teacher`, `Solves` and `Borrowed`.

    Args:
        source: where it comes from.
        network: its streaming form, with the real weights.
        window: frames of history; a multiple of the student's chunk.
        ahead: frames of room behind a chunk.
        vae: for losses on decoded sound; None: without.
        hears: False makes every chunk deaf to those before it.
    """

    embeddings: tuple[str, ...] = ("interval.", "guidance.")

    def __init__(
        self,
        source: Source,
        network: StreamingDiT,
        window: int,
        ahead: int,
        vae: nn.Module | None = None,
        hears: bool = True,
    ) -> None:
        if ahead % network.patch or window % network.patch:
            raise TeacherError(
                f"{window} frames of history and {ahead} ahead do not fit this model: choose multiples of "
                f"{network.patch}"
            )
        self.source, self.ahead = source, ahead
        self.network: nn.Module = network.eval().requires_grad_(False)
        self.base = Base(source.family.name, source.name, source.revision)
        self.channels = network.channels
        self.window = window if hears else 0
        self.fingerprint = fingerprint(network.transformer.state_dict())
        self.adapted = linear_names(network, source.family.blocks, INSIDE)
        self._tapped = sorted({network.depth * quarter // 4 for quarter in (1, 2, 3)})
        self.feature_size = len(self._tapped) * network.interval.out.out_features
        self.decode_features: Callable[[torch.Tensor], Features] | None = None
        if vae is not None:
            self.decode_features = hearing(vae, source.family.sound(source)[1])

    def make_student(self, rank: int, alpha: float) -> nn.Module:
        """A student of this teacher that shares every weight it does not train."""
        return with_adapters(self.network, self.adapted, self.embeddings, rank, alpha)

    def context(
        self, network: nn.Module, clean_btc: torch.Tensor, chunk: int, past: Any = None
    ) -> History | LayerKeys | None:
        """`past` continued by finished latents: for the teacher they are all, a student reads them."""
        if not self.window:
            return None
        if network is self.network:
            return History(clean_btc if past is None else torch.cat([past.latents, clean_btc], 1))
        return read_context(_streaming(network), clean_btc, chunk, self.window // chunk * chunk, past)

    def recent(self, context: Any, frames: int) -> Any:
        """The last `frames` frames."""
        if context is None:
            return None
        if isinstance(context, History):
            return History(_last(context.latents, frames, 1))
        tokens = frames // self._net.patch
        return [(_last(k, tokens, 2), _last(v, tokens, 2)) for k, v in context]

    def velocity(
        self,
        network: nn.Module,
        x_btc: torch.Tensor,
        context: Any,
        steering: PromptSteering,
        *,
        first: int,
        chunk: int,
        t_bt: torch.Tensor,
        dt_bt: torch.Tensor | None = None,
        guided: bool = False,
    ) -> torch.Tensor:
        """Velocity at every frame of `x_btc`; of the teacher on a canvas without room ahead."""
        if network is self.network:
            return self._pointwise(x_btc, context, steering, first, chunk, t_bt, None)
        return chunk_velocity(
            _streaming(network),
            x_btc,
            context,
            steering,
            first=first,
            chunk=chunk,
            window=self.window // chunk * chunk,
            t_bt=t_bt,
            dt_bt=dt_bt,
            guided=guided,
        )

    def features(
        self,
        x_btc: torch.Tensor,
        context: Any,
        steering: PromptSteering,
        *,
        first: int,
        chunk: int,
        t_bt: torch.Tensor,
    ) -> torch.Tensor:
        """What blocks a quarter, half and three quarters of the way give, each normed; see the protocol."""
        seen: list[list[torch.Tensor]] = []
        self._pointwise(x_btc, context, steering, first, chunk, t_bt, seen)
        patch, tokens = self._net.patch, chunk // self._net.patch
        chunks = [
            torch.cat([normed(blocks[tap][:, -tokens:].float()) for tap in self._tapped], -1)
            for blocks in seen
        ]
        return torch.cat(chunks, 1).repeat_interleave(patch, 1)

    @torch.no_grad()
    def solve(
        self,
        noise_btc: torch.Tensor,
        context: Any,
        steering: PromptSteering,
        *,
        first: int,
        chunk: int,
        steps: int,
    ) -> list[tuple[float, torch.Tensor]]:
        """Euler states of every chunk on the family's own times, each on its canvas with room ahead."""
        grid = self.source.family.grid(self.source, steps)
        paths = [
            self._path(noise_btc[:, start : start + chunk], context, steering, first + start, start, grid)
            for start in range(0, noise_btc.shape[1], chunk)
        ]
        return [(t, torch.cat([path[index] for path in paths], 1)) for index, t in enumerate(grid)]

    def _path(
        self,
        noise_bfc: torch.Tensor,
        context: History | None,
        steering: PromptSteering,
        frame: int,
        start: int,
        grid: list[float],
    ) -> list[torch.Tensor]:
        """States of one chunk that begins at frame `frame` of the context and `start` of the steering."""
        chunk = noise_bfc.shape[1]
        z = self._heard(noise_bfc, context, frame)
        heard = z.shape[1]
        noise = self._noise(self.window + chunk + self.ahead, noise_bfc)
        x = noise.clone()
        x[:, heard : heard + chunk] = noise_bfc
        clean = torch.cat([z, torch.zeros_like(x[:, heard:])], 1)
        known = (torch.arange(x.shape[1], device=x.device) < heard).float()
        branches = self._branches(steering, start)
        weight = steering.guidance_b[:, None, None]
        states = [noise_bfc]
        for t, r in pairwise(grid):
            x = torch.where(known[:, None] > 0, (1 - t) * clean + t * noise, x)
            t_b = x.new_full(x.shape[:1], t)
            given, *dropped = (
                canvas_velocity(self._net, x, known, clean, t_b, *branch) for branch in branches
            )
            u = given if not dropped else dropped[0] + weight * (given - dropped[0])
            x = x - (t - r) * u
            states.append(x[:, heard : heard + chunk])
        return states

    def _branches(self, steering: PromptSteering, start: int) -> list[Any]:
        """What a canvas needs of the prompts at a frame: given and, unless no row is guided, dropped."""
        guided = not bool((steering.guidance_b == 1).all())
        both = (steering, steering.dropped()) if guided else (steering,)
        return [self._prompts(one, start) for one in both]

    def _prompts(self, steering: PromptSteering, start: int) -> tuple[Any, torch.Tensor]:
        now = self._net.given(steering).at(steering.segment_bt[:, start])
        valid = now.valid_bsl[:, 0]
        return (self._net.keys_of(now), None if bool(valid.all()) else valid), now.vector_bsg[:, 0]

    def _pointwise(
        self,
        x_btc: torch.Tensor,
        context: History | None,
        steering: PromptSteering,
        first: int,
        chunk: int,
        t_bt: torch.Tensor,
        seen: list[list[torch.Tensor]] | None,
    ) -> torch.Tensor:
        """Velocity of every chunk at the end of its canvas; `seen` gathers each chunk's activations."""
        answers = []
        for start in range(0, x_btc.shape[1], chunk):
            x, t_b = x_btc[:, start : start + chunk], t_bt[:, start]
            z = self._heard(x, context, first + start)
            t = t_b[:, None, None]
            known = (torch.arange(z.shape[1] + chunk, device=x.device) < z.shape[1]).float()
            canvas = torch.cat([(1 - t) * z + t * self._noise(z.shape[1], x), x], 1)
            clean = torch.cat([z, torch.zeros_like(x)], 1)
            blocks: list[torch.Tensor] | None = None if seen is None else []
            u = canvas_velocity(self._net, canvas, known, clean, t_b, *self._prompts(steering, start), blocks)
            answers.append(u[:, z.shape[1] :])
            if seen is not None and blocks is not None:
                seen.append(blocks)
        return torch.cat(answers, 1)

    def _heard(self, like_btc: torch.Tensor, context: History | None, frame: int) -> torch.Tensor:
        """The history that a chunk at `frame` hears."""
        if context is None:
            return like_btc[:, :0]
        return context.latents[:, max(0, frame - self.window) : frame]

    def _noise(self, frames: int, like_btc: torch.Tensor) -> torch.Tensor:
        """The noise of all frames but the chunk's: the same for every canvas."""
        rows = torch.Generator().manual_seed(0)
        noise = torch.randn(frames, self.channels, generator=rows).to(like_btc.device)
        return noise.expand(len(like_btc), -1, -1)

    @property
    def _net(self) -> StreamingDiT:
        return _streaming(self.network)


def _streaming(network: nn.Module) -> StreamingDiT:
    if not isinstance(network, StreamingDiT):
        raise TypeError(f"an open teacher reads streaming networks, not {type(network).__name__}")
    return network


def _last(x: torch.Tensor, count: int, axis: int) -> torch.Tensor:
    length = x.shape[axis]
    return x.narrow(axis, max(0, length - count), min(count, length))
