"""The teacher's guided solver with its context read once a chunk, both branches of guidance in one pass.

The same field as `models.sampling.guided_velocity` at about a third of its cost: keys of the context are
gathered for all solver steps together, and the two branches are tokens of one row.

Legend: B rows, F frames of a chunk, C latent channels, K context frames.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch

from legato.models.cache import GeneratorState
from legato.models.generator import Generator
from legato.models.sampling import guide, slope, time_grid
from legato.models.streaming import Conditions
from legato.nn.attention import attend, position_free, rotary_table, rotate
from legato.nn.blocks import Attend, Block


@torch.inference_mode()
def solve(
    generator: Generator,
    noise_bfc: torch.Tensor,
    state: GeneratorState,
    conditions: Conditions,
    weight_b: torch.Tensor,
    steps: int,
) -> torch.Tensor:
    """Solution of dx/dt = u_w from t = 1 to 0 under committed context, by `slope`: [B, F, C]."""
    field = _Field(generator, state, conditions, noise_bfc.shape[1])
    x, before, weight = noise_bfc, None, weight_b[:, None, None]
    for t, r in pairwise(time_grid(steps)):
        given, dropped = field(x, t)
        u = guide(x, given, dropped, t, weight, x.shape[1])
        x, before = x - (t - r) * slope(u, before), u
    return x


class _Field:
    """Velocities of both branches at any x and t of one chunk."""

    def __init__(
        self, generator: Generator, state: GeneratorState, conditions: Conditions, frames: int
    ) -> None:
        self.generator, self.frames = generator, frames
        dropped = conditions.dropped()
        pair = [torch.stack([getattr(c, n) for c in (conditions, dropped)], 1) for n in _PER_BRANCH]
        prompt_b2d = generator.given_prompt(*pair)
        self.prompt = generator.prompt_as_tokens(prompt_b2d)
        self.prompt_mod = generator.prompt_mod(prompt_b2d).repeat_interleave(frames, 1)
        self.cond = generator.cond_in(torch.cat([conditions.cond_bfd, dropped.cond_bfd], 1))
        self._read(state)

    def __call__(self, x_bfc: torch.Tensor, t: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Conditional and unconditional velocity [B, F, C]."""
        generator = self.generator
        emb = generator.time(x_bfc.new_full((len(x_bfc), 2 * self.frames), t)) + self.prompt_mod
        tokens = generator.noisy_in(x_bfc).repeat(1, 2, 1) + self.cond
        x = generator.walk(tokens, emb, self.prompt, self.attends)
        given, dropped = generator.answer(x, emb).float().chunk(2, 1)
        return given, dropped

    def _read(self, state: GeneratorState) -> None:
        """Gather the context's keys and values; slots that no row has filled yet are left out."""
        generator, frames = self.generator, self.frames
        keep = min(state.slots, int(state.length.max()))
        valid_bk = state.filled(keep)
        places_bn = state.length[:, None] + torch.arange(frames, device=valid_bk.device).repeat(2)
        own = rotary_table(places_bn[:, None], generator.rotary_dims)
        mask = self._mask(valid_bk)
        filled = valid_bk[:, None, :, None]

        def for_layer(layer: int) -> Attend:
            block = cast(Block, generator.blocks[layer])
            old_k, old_v = (
                torch.where(filled, kv[layer][:, :, state.slots - keep :], 0.0) for kv in (state.k, state.v)
            )
            sink_k, sink_v = generator.sinks(block, old_k)
            past = torch.stack([torch.cat([sink_k, old_k], 2), torch.cat([sink_v, old_v], 2)])
            known = past.shape[3]
            # Only the last columns change from step to step, so the past is copied once a chunk.
            both = past.new_empty(*past.shape[:3], mask.shape[-1], past.shape[-1])
            both[:, :, :, :known] = past

            def attention(
                q: torch.Tensor,
                k: torch.Tensor,
                v: torch.Tensor,
                prompt_k: torch.Tensor,
                prompt_v: torch.Tensor,
            ) -> torch.Tensor:
                both[0, :, :, known:] = torch.cat([position_free(prompt_k), rotate(k, own)], 2)
                both[1, :, :, known:] = torch.cat([prompt_v, v], 2)
                return attend(rotate(q, own).to(both.dtype), both[0], both[1], mask)

            return attention

        self.attends = [for_layer(layer) for layer in range(len(generator.blocks))]

    def _mask(self, valid_bk: torch.Tensor) -> torch.Tensor:
        """Each branch sees registers, context, its own prompt and its own frames: bool [B, 1, 2F, K]."""
        config, frames = self.generator.config, self.frames
        branch = torch.arange(2, device=valid_bk.device)
        query = branch.repeat_interleave(frames)
        prompt = query[:, None] == branch.repeat_interleave(config.prompt_tokens)
        own = query[:, None] == query
        shared = torch.cat([valid_bk.new_ones(len(valid_bk), config.registers), valid_bk], 1)
        columns = [shared[:, None].expand(-1, 2 * frames, -1)]
        columns += [part.expand(len(valid_bk), -1, -1) for part in (prompt, own)]
        return torch.cat(columns, -1)[:, None]


_PER_BRANCH = ("prompt_bp", "prompt_given_b")
