"""One chunk of an open model at a time: context cached, and a chunk made with a single read of the weights.

One pass over `[last chunk, clean | next chunk, noisy]` commits the one to the cache and generates the other,
as the embedded generator does. What never changes (null prompt, prefix of the context, its modulation) is
computed once.

Shape legend: as in `streaming`; W tokens of the window, P prefix tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch

from legato.models.sampling import time_grid
from legato.nn.streaming import where_rows
from legato.teachers.chunks import read_context
from legato.teachers.playable import Conditioning, PlayState
from legato.teachers.streaming import StreamingDiT
from legato.teachers.tokens import LayerKeys, Tokens, for_rows, rotate


@dataclass(frozen=True)
class Constants:
    """What follows from the weights alone, each for one row.

    Attributes:
        null: keys and values of the null prompt.
        sinks: keys and values of the context's prefix; none for a model without.
        clean: modulation of the context.
    """

    null: LayerKeys
    sinks: LayerKeys
    clean: Any

    @classmethod
    def of(cls, network: StreamingDiT) -> Constants:
        """Those of a network."""
        _, clean = network.clean_mods(1)
        return cls(network.null_keys(), network.sinks(clean) if network.prefix else [], clean)


def init_state(network: StreamingDiT, batch: int, chunk: int, window: int) -> PlayState:
    """Players who have heard nothing: a cache of `window` frames, to be stepped in chunks of `chunk`."""
    # The cache of self-attention has the heads and sizes that a chunk of silence shows.
    silence = network.null_vector.new_zeros(1, network.patch, network.channels)
    like = read_context(network, silence, network.patch, network.patch, None)
    device = like[0][0].device

    def empty(part: int) -> torch.Tensor:
        one = like[0][part]
        shape = (len(like), batch, one.shape[1], window // network.patch, one.shape[3])
        return torch.zeros(shape, device=device, dtype=one.dtype)

    return PlayState(
        k=empty(0),
        v=empty(1),
        length=torch.zeros(batch, dtype=torch.long, device=device),
        pending=torch.zeros(batch, chunk, network.channels, device=device),
        has_pending=torch.zeros(batch, dtype=torch.bool, device=device),
    )


def sample(
    network: StreamingDiT,
    constants: Constants,
    noise_bfc: torch.Tensor,
    conditioning: Conditioning,
    guidance_b: torch.Tensor,
    steps: int,
    state: PlayState,
    active: torch.Tensor | None = None,
) -> tuple[torch.Tensor, PlayState]:
    """Flow map x_r = x_t - (t - r) u(x_t, t, t - r) in `steps` jumps; the first commits the pending chunk.

    Args:
        network: with merged adapters.
        constants: of that network.
        noise_bfc: where the chunk starts from.
        conditioning: of the prompts.
        guidance_b: guidance weight.
        steps: jumps.
        state: musical context.
        active: rows that take part; None: all.
    """
    x, before = noise_bfc, state
    for index, (t, r) in enumerate(pairwise(time_grid(steps))):
        u, state = _pass(network, constants, x, t, t - r, conditioning, guidance_b, state, commits=index == 0)
        x = x - (t - r) * u
    state = replace(state, pending=x.to(state.pending.dtype), has_pending=torch.ones_like(state.has_pending))
    return x, where_rows(active, state, before)


def _pass(
    network: StreamingDiT,
    constants: Constants,
    x_bfc: torch.Tensor,
    t: float,
    dt: float,
    conditioning: Conditioning,
    guidance_b: torch.Tensor,
    state: PlayState,
    commits: bool,
) -> tuple[torch.Tensor, PlayState]:
    """Velocity of the chunk under the context; with `commits` the pending chunk becomes part of that."""
    batch, frames, _ = x_bfc.shape
    dtype = state.k.dtype
    t_bg = x_bfc.new_full((batch, 1), t, dtype=torch.float32)
    extra = network.extra(torch.full_like(t_bg, dt), guidance_b)
    mods = network.embed(t_bg, extra, conditioning.vector_bg[:, None].to(dtype))
    scaled = network.scaled(x_bfc[:, None].float(), t_bg)
    noisy = network.with_prefix(network.noisy_in(scaled.to(dtype)), mods)
    tokens, each = _flat(noisy), _spread(mods, noisy.x.shape[2], batch)
    layout = _Layout(network, state, frames // network.patch, commits)
    if commits:
        pending = torch.where(state.has_pending[:, None, None], state.pending, 0.0)
        clean = _flat(network.clean_in(pending))
        tokens = _joined(clean, tokens)
        own = _spread(constants.clean, clean.x.shape[1], batch)
        each = tuple(torch.cat(pair, 1) for pair in zip(own, each, strict=True))
    found: LayerKeys = []
    split = layout.clean

    def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        found.append((k[:, :, :split], v[:, :, :split]))
        k, v = layout.keys(index, k, v, constants.sinks)
        return network.mix(rotate(q, layout.own), k, v, layout.mask(index))

    def cross(index: int, q: torch.Tensor) -> torch.Tensor:
        bias = conditioning.bias_bl[:, None, None]
        told = network.mix(q[:, :, split:], conditioning.k[index], conditioning.v[index], bias)
        if not split:
            return told
        k, v = (for_rows(part, batch) for part in constants.null[index])
        return torch.cat([network.mix(q[:, :, :split], k, v, None), told], 2)

    x = network.walk(tokens, each, attend, cross)
    audio = x[:, split + network.prefix :, 0][:, None]
    u = network.velocity_from(network.out(audio, mods).float(), scaled, t_bg)[:, 0]
    return u, layout.advanced(found) if commits else state


class _Layout:
    """Where tokens of a pass stand, and who sees whom: [sinks P | cached | clean | prefix P | noisy]."""

    def __init__(self, network: StreamingDiT, state: PlayState, block: int, commits: bool) -> None:
        self.state = state
        device = state.length.device
        slots = state.k.shape[3]
        whole = slots // block * block  # context that a chunk sees
        self.clean = block if commits else 0
        self.keep = whole - self.clean
        prefix = torch.arange(network.prefix, device=device) - network.prefix
        cached_at = torch.arange(self.keep, device=device)
        clean_at = torch.arange(self.keep, whole, device=device)
        own = torch.cat([clean_at, prefix, torch.arange(whole, whole + block, device=device)])
        self.sinks = network.prefix if commits else 0
        everything = torch.cat([(prefix - block)[: self.sinks], cached_at, own])
        self.own, self.everything = network.rotary(own), network.rotary(everything)
        self.valid_bk = torch.arange(slots - self.keep, slots, device=device) >= slots - state.length[:, None]
        self._masks = network.masks(self._sees(len(own)), own, everything)

    def mask(self, index: int) -> torch.Tensor | None:
        """Of a layer: bool [B, 1, N, K]."""
        return self._masks(index)

    def _sees(self, tokens: int) -> torch.Tensor:
        batch, clean = len(self.valid_bk), self.clean
        is_clean = torch.arange(tokens, device=self.valid_bk.device) < clean
        sinks = is_clean[:, None].expand(batch, tokens, self.sinks)
        cached = self.valid_bk[:, None].expand(-1, tokens, -1)
        committed = (self.state.has_pending[:, None] | is_clean)[..., None].expand(-1, -1, clean)
        rest = (~is_clean)[:, None].expand(batch, tokens, tokens - clean)
        return torch.cat([sinks, cached, committed, rest], -1)[:, None]

    def keys(
        self, index: int, k: torch.Tensor, v: torch.Tensor, sinks: LayerKeys
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """All keys, rotated where they stand, and all values."""
        start = self.state.k.shape[3] - self.keep
        valid = self.valid_bk[:, None, :, None]
        # A slot never written may hold anything, NaN included: it must not reach the softmax sum.
        old_k = torch.where(valid, self.state.k[index][:, :, start:], 0.0).to(k.dtype)
        old_v = torch.where(valid, self.state.v[index][:, :, start:], 0.0).to(v.dtype)
        keys, values = [old_k, k], [old_v, v]
        if self.sinks:
            sink_k, sink_v = (for_rows(part, len(k)) for part in sinks[index])
            keys.insert(0, sink_k)
            values.insert(0, sink_v)
        return rotate(torch.cat(keys, 2), self.everything), torch.cat(values, 2)

    def advanced(self, found: LayerKeys) -> PlayState:
        """The state with the new clean chunk at the end of the cache, where there was one."""
        state, block = self.state, self.clean
        k, v = (
            torch.cat([old[:, :, :, block:], torch.stack([kv[part] for kv in found]).to(old.dtype)], 3)
            for part, old in enumerate((state.k, state.v))
        )
        length = (state.length + block).clamp(max=state.k.shape[3])
        return where_rows(state.has_pending, replace(state, k=k, v=v, length=length), state)


def _flat(tokens: Tokens) -> Tokens:
    """Every token a group of its own, so that each may have its own modulation."""
    side = None if tokens.side is None else tokens.side.flatten(1, 2)[:, :, None]
    return Tokens(tokens.x.flatten(1, 2)[:, :, None], side)


def _joined(first: Tokens, second: Tokens) -> Tokens:
    sides = (first.side, second.side)
    side = None if sides[0] is None or sides[1] is None else torch.cat((sides[0], sides[1]), 1)
    return Tokens(torch.cat([first.x, second.x], 1), side)


def _spread(mods: Any, tokens: int, batch: int) -> Any:
    """Modulation [1 or B, 1, ...] of one group for each of its tokens."""
    return tuple(part.expand(batch, tokens, *part.shape[2:]) for part in mods)
