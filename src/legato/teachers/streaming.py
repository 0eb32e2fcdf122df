"""A bidirectional DiT as a streaming network: its own modules, with another attention between the tokens.

The pretrained blocks are walked one submodule at a time; nothing of them is copied. What changes is who sees
whom:

- context: clean audio at t = 0, read under the model's null prompt, so that keys and values cached from it
  are free of prompts and stay valid when one changes. Block b sees blocks b - W < j <= b.
- chunk: noisy audio, modulated by its time and reading its prompt. Block b sees itself and the W blocks of
  context before it.
- prefix (memory tokens, a global token; the model's own): every chunk has its own, as the pretrained network
  had one for its whole canvas; that of the context sees itself alone and so is a constant of the weights.

Keys are stored unrotated and rotated where they stand in the window when read, so positions stay in the range
of one window however long the stream is. A block's prefix stands where the canvas of a full window would have
begun.

Shape legend: B players, G groups of tokens with modulation of their own, n tokens of a group, N = G n tokens,
K keys, H heads, D head size, d width, T frames, F frames of a chunk, C latent channels, L prompt tokens.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from legato.nn.blocks import ScalarEmbedding
from legato.teachers.prompts import Prompts, PromptSteering

Attend = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""(q, k, v), each [B, heads, N, D] and unrotated, to what each query finds [B, heads, N, D]."""

Cross = Callable[[torch.Tensor], torch.Tensor]
"""Queries [B, H, N, D] to what they find in the prompt."""

Table = tuple[torch.Tensor, torch.Tensor]
LayerKeys = list[tuple[torch.Tensor, torch.Tensor]]
"""Keys and values [B, H, K, D] of every layer."""


@dataclass(frozen=True)
class Tokens:
    """Audio on its way into the blocks: tokens [B, G, n, d], and what blocks add to them on the way."""

    x: torch.Tensor
    side: torch.Tensor | None = None

    def after(self, prefix_bgpd: torch.Tensor) -> Tokens:
        """The same behind a prefix."""
        side = None if self.side is None else F.pad(self.side, (0, 0, prefix_bgpd.shape[2], 0))
        return Tokens(torch.cat([prefix_bgpd, self.x], 2), side)


class StreamingDiT(nn.Module, ABC):
    """The frame of all families; a family says how its own blocks are walked.

    Args:
        transformer: the real network.
        channels: latent channels C.
        width: size d of a token, and of the time embedding that interval and guidance are added to.
        null_tokens_le: what cross-attention reads where no prompt is given.
        null_vector_g: global conditioning of the context.

    Attributes:
        patch: frames of a token.
        prefix: tokens before the audio.
        depth: blocks.
    """

    patch = 1
    prefix = 0
    depth: int
    null_tokens: torch.Tensor
    null_vector: torch.Tensor
    inverse_frequencies: torch.Tensor  # of the rotary positions, [rotated dims / 2]

    def __init__(
        self,
        transformer: nn.Module,
        channels: int,
        width: int,
        null_tokens_le: torch.Tensor,
        null_vector_g: torch.Tensor,
        inverse_frequencies: torch.Tensor,
    ) -> None:
        super().__init__()
        self.transformer: Any = transformer
        self.channels = channels
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)  # the same in every process that shares a run
            self.interval = ScalarEmbedding(width, silent=True)  # t - r of the flow map
            self.guidance = ScalarEmbedding(width, silent=True)
        self.register_buffer("null_tokens", null_tokens_le, persistent=False)
        self.register_buffer("null_vector", null_vector_g, persistent=False)
        self.register_buffer("inverse_frequencies", inverse_frequencies.float(), persistent=False)

    # ---- what a family says ----------------------------------------------------------------------

    @abstractmethod
    def embed(self, t_bg: torch.Tensor, extra_bgd: torch.Tensor | None, vector_bgv: torch.Tensor) -> Any:
        """Modulation of G groups: a tuple of tensors [B, G, ...]; `extra` is added to the time embedding."""

    @abstractmethod
    def tokens_in(self, x_bgfc: torch.Tensor, known_bgf: torch.Tensor, z_bgfc: torch.Tensor) -> Tokens:
        """Tokens of frames `x`; where `known` is 1, the model is told that the clean frame is `z`."""

    @abstractmethod
    def layer(
        self,
        index: int,
        x_bgnd: torch.Tensor,
        side: torch.Tensor | None,
        mods: Any,
        attend: Attend,
        cross: Cross,
    ) -> torch.Tensor:
        """One block."""

    @abstractmethod
    def out(self, x_bgnd: torch.Tensor, mods: Any) -> torch.Tensor:
        """What the network answers at audio tokens: [B, G, F, C]."""

    @abstractmethod
    def prompt_keys(self, tokens_ble: torch.Tensor) -> LayerKeys:
        """What cross-attention of every layer makes of prompt tokens."""

    def prefix_in(self, mods: Any) -> torch.Tensor:
        """The tokens before the audio, [B, G, prefix, d]."""
        raise NotImplementedError  # pragma: no cover - families with a prefix have it

    def mix(
        self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None
    ) -> torch.Tensor:
        """Softmax attention; several query heads may share one key head."""
        return F.scaled_dot_product_attention(
            q, k, v, attn_mask=_additive(mask, q.dtype), enable_gqa=q.shape[1] != k.shape[1]
        )

    def reach(self, index: int) -> int | None:
        """How many tokens away a layer sees; None: all of them."""
        return None

    def scaled(self, x_bgfc: torch.Tensor, t_bg: torch.Tensor) -> torch.Tensor:
        """x_t of flow time t as the network wants its input."""
        return x_bgfc

    def velocity_from(
        self, answer_bgfc: torch.Tensor, scaled_bgfc: torch.Tensor, t_bg: torch.Tensor
    ) -> torch.Tensor:
        """The network's answer as E[noise - clean | x_t]."""
        return answer_bgfc

    # ---- the whole canvas at once: the teacher ---------------------------------------------------

    def canvas(
        self,
        x_btc: torch.Tensor,
        known_t: torch.Tensor,
        z_btc: torch.Tensor,
        t_b: torch.Tensor,
        prompts: tuple[LayerKeys, torch.Tensor | None],
        vector_bg: torch.Tensor,
        seen: list[torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """Velocity at every frame, every token seeing every other as in pretraining.

        Args:
            x_btc: x_t of all frames.
            known_t: 1 at frames known to be `z`, else 0.
            z_btc: clean frames, where known.
            t_b: time.
            prompts: of `keys_of`.
            vector_bg: global conditioning.
            seen: collects what each block leaves at the audio tokens, [B, tokens, d].
        """
        dtype = self._dtype
        t_bg = t_b[:, None]
        mods = self.embed(t_bg, None, vector_bg[:, None].to(dtype))
        scaled = self.scaled(x_btc[:, None].float(), t_bg)
        known = known_t.expand(x_btc.shape[:2])[:, None]
        tokens = self.with_prefix(self.tokens_in(scaled.to(dtype), known, z_btc[:, None].to(dtype)), mods)
        n = tokens.x.shape[2]
        positions = torch.arange(n, device=x_btc.device)
        table = self.rotary(positions)
        masks = self.masks(None, positions, positions)

        def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
            return self.mix(rotate(q, table), rotate(k, table), v, masks(index))

        keys, bias = prompts
        cross = partial(self._cross, keys, None if bias is None else bias[:, None, None])
        x = self.walk(tokens, mods, attend, cross, seen)
        answer = self.out(x[:, :, self.prefix :], mods).float()
        return self.velocity_from(answer, scaled, t_bg)[:, 0]

    # ---- context and chunks: the student ---------------------------------------------------------

    def context(self, clean_btc: torch.Tensor, chunk: int, window: int, past: LayerKeys | None) -> LayerKeys:
        """Keys and values of `past` (a whole number of chunks) continued by finished frames.

        Args:
            clean_btc: finished latents.
            chunk: frames of a block.
            window: frames that a block sees, its own included; a multiple of `chunk`.
            past: of an earlier call.
        """
        block, reach = chunk // self.patch, window // chunk
        known = past[0][0].shape[2] if past else 0
        batch = len(clean_btc)
        mods = self.clean_mods(batch)
        tokens = self.clean_in(clean_btc)
        own = torch.arange(known, known + tokens.x.shape[2], device=clean_btc.device)
        keys = torch.arange(known + len(own), device=clean_btc.device)
        blocks = torch.arange(known // block, (known + len(own)) // block, device=clean_btc.device)
        distance = (own // block)[:, None] - (keys // block)[None, :]
        sees = (distance >= 0) & (distance < reach)
        sinks = self.sinks(mods[1]) if self.prefix else []
        sink_at = self._prefix_positions(blocks * block, reach * block).flatten()
        sees_sink = ((own // block)[:, None] == blocks).repeat_interleave(self.prefix, 1)
        masks = self.masks(torch.cat([sees_sink, sees], 1), own, torch.cat([sink_at, keys]))
        tables = self.rotary(own), self.rotary(torch.cat([sink_at, keys]))
        found: LayerKeys = []

        def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
            if past:
                k = torch.cat([past[index][0].to(k.dtype), k], 2)
                v = torch.cat([past[index][1].to(v.dtype), v], 2)
            found.append((k, v))
            if self.prefix:
                sink_k, sink_v = (_rows(part, batch).repeat(1, 1, len(blocks), 1) for part in sinks[index])
                k, v = torch.cat([sink_k, k], 2), torch.cat([sink_v, v], 2)
            return self.mix(rotate(q, tables[0]), rotate(k, tables[1]), v, masks(index))

        cross = partial(self._cross, self.null_keys(), None)
        self.walk(tokens, mods[0], attend, cross)
        return found

    def velocity(
        self,
        x_btc: torch.Tensor,
        context: LayerKeys | None,
        steering: PromptSteering,
        *,
        first: int,
        chunk: int,
        window: int,
        t_bt: torch.Tensor,
        dt_bt: torch.Tensor | None = None,
        guided: bool = False,
    ) -> torch.Tensor:
        """Velocity of all chunks side by side, each under the context before it; see `protocol.Teacher`."""
        dtype, device = self._dtype, x_btc.device
        block, reach = chunk // self.patch, window // chunk
        t_bg = t_bt[:, ::chunk]
        dt_bg = None if dt_bt is None else dt_bt[:, ::chunk]
        segment_bg = steering.segment_bt[:, ::chunk]
        prompts = self.given(steering)
        vector = prompts.vector_bsg.gather(1, segment_bg[..., None].expand(-1, -1, len(self.null_vector)))
        extra = self.extra(dt_bg, steering.guidance_b if guided else None)
        mods = self.embed(t_bg, extra, vector.to(dtype))
        scaled = self.scaled(x_btc.unflatten(1, (-1, chunk)).float(), t_bg)
        tokens = self.with_prefix(self.noisy_in(scaled.to(dtype)), mods)

        known = context[0][0].shape[2] if context else 0
        groups, n = tokens.x.shape[1:3]
        starts = first // self.patch + block * torch.arange(groups, device=device)
        audio = starts[:, None] + torch.arange(block, device=device)
        own = torch.cat([self._prefix_positions(starts, reach * block), audio], 1).flatten()
        before = torch.arange(known, device=device)
        own_block = (starts // block).repeat_interleave(n)
        distance = own_block[:, None] - (before // block)[None, :]
        sees = (distance >= 1) & (distance <= reach)
        same = own_block[:, None] == own_block[None, :]
        masks = self.masks(torch.cat([sees, same], 1), own, torch.cat([before, own]))
        tables = self.rotary(own), self.rotary(before)

        def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
            k = rotate(k, tables[0])
            if context:
                old_k, old_v = (part.to(k.dtype) for part in context[index])
                k, v = torch.cat([rotate(old_k, tables[1]), k], 2), torch.cat([old_v, v], 2)
            return self.mix(rotate(q, tables[0]), k, v, masks(index))

        keys, valid = self.keys_of(prompts), prompts.valid_bsl
        follows = segment_bg[:, :, None] == torch.arange(valid.shape[1], device=device)  # [B, G, S]
        reads = (follows[..., None] & valid[:, None]).flatten(2).repeat_interleave(n, 1)[:, None]
        x = self.walk(tokens, mods, attend, partial(self._cross, keys, reads))
        answer = self.out(x[:, :, self.prefix :], mods).float()
        return self.velocity_from(answer, scaled, t_bg).flatten(1, 2)

    # ---- parts shared with streaming (`student`) -------------------------------------------------

    def given(self, steering: PromptSteering) -> Prompts:
        """The prompts, with the null prompt where none is given; its length counts as a prompt's."""
        prompts = steering.prompts
        if bool(steering.given_bs.all()):
            return prompts
        null = Prompts.of(self.null_tokens, self.null_vector)
        length = max(null.valid_bsl.shape[-1], prompts.valid_bsl.shape[-1])
        prompts, null = prompts.padded(length), null.padded(length)
        given = steering.given_bs[..., None]
        tokens = torch.where(
            given[..., None], prompts.tokens_bsle, null.tokens_bsle.to(prompts.tokens_bsle.dtype)
        )
        return Prompts(tokens, torch.where(given, prompts.valid_bsl, null.valid_bsl), prompts.vector_bsg)

    def keys_of(self, prompts: Prompts) -> LayerKeys:
        """Keys and values of all S prompts of each player, end to end."""
        return self.prompt_keys(prompts.tokens_bsle.flatten(1, 2).to(self._dtype))

    def null_keys(self) -> LayerKeys:
        """Those of the null prompt, for one row."""
        return self.prompt_keys(self.null_tokens[None].to(self._dtype))

    def extra(self, dt_bg: torch.Tensor | None, guidance_b: torch.Tensor | None) -> torch.Tensor | None:
        """What interval and guidance weight add to the time embedding; nothing while untrained."""
        added = None if dt_bg is None else self.interval(dt_bg)
        if guidance_b is None:
            return added
        weight = self.guidance(guidance_b / 8.0)[:, None]
        return weight if added is None else added + weight

    def clean_mods(self, batch: int) -> tuple[Any, Any]:
        """Modulation of the context, for all rows and for one."""
        vector = self.null_vector.to(self._dtype)[None, None]
        one = self.embed(vector.new_zeros(1, 1, dtype=torch.float32), None, vector)
        return tuple(part.expand(batch, *part.shape[1:]) for part in one), one

    def clean_in(self, clean_btc: torch.Tensor) -> Tokens:
        """Tokens of the context, one group."""
        z = clean_btc[:, None].to(self._dtype)
        return self.tokens_in(z, torch.ones_like(z[..., 0]), z)

    def noisy_in(self, x_bgfc: torch.Tensor) -> Tokens:
        """Tokens of chunks, nothing of them known."""
        return self.tokens_in(x_bgfc, torch.zeros_like(x_bgfc[..., 0]), torch.zeros_like(x_bgfc))

    def sinks(self, mods: Any) -> LayerKeys:
        """Keys and values of the context's prefix, for one row."""
        found: LayerKeys = []

        def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
            found.append((k, v))
            positions = torch.arange(self.prefix, device=q.device)
            table = self.rotary(positions)
            return self.mix(rotate(q, table), rotate(k, table), v, None)

        cross = partial(self._cross, self.null_keys(), None)
        self.walk(Tokens(self.prefix_in(mods)), mods, attend, cross)
        return found

    def rotary(self, positions_n: torch.Tensor) -> Table:
        """Cosine and sine [N, rotated dims / 2] of token positions."""
        angle = positions_n.float()[:, None] * self.inverse_frequencies
        return angle.cos(), angle.sin()

    def walk(
        self,
        tokens: Tokens,
        mods: Any,
        attend: Callable[..., torch.Tensor],
        cross: Callable[..., torch.Tensor],
        seen: list[torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """All blocks in turn; `attend` and `cross` are told the layer first, `seen` as of `canvas`."""
        x = tokens.x
        for index in range(self.depth):
            x = self.layer(index, x, tokens.side, mods, partial(attend, index), partial(cross, index))
            if seen is not None:
                seen.append(x[:, 0, self.prefix :])
        return x

    def _cross(self, keys: LayerKeys, mask: torch.Tensor | None, index: int, q: torch.Tensor) -> torch.Tensor:
        k, v = (_rows(part, len(q)) for part in keys[index])
        return self.mix(q, k, v, mask)

    def with_prefix(self, tokens: Tokens, mods: Any) -> Tokens:
        """Behind the model's own tokens, where it has any."""
        return tokens.after(self.prefix_in(mods)) if self.prefix else tokens

    def _prefix_positions(self, starts_g: torch.Tensor, window: int) -> torch.Tensor:
        """Where the prefixes of blocks that start there stand: before a full window, [G, prefix]."""
        return starts_g[:, None] - window - self.prefix + torch.arange(self.prefix, device=starts_g.device)

    def masks(
        self, sees: torch.Tensor | None, queries: torch.Tensor, keys: torch.Tensor
    ) -> Callable[[int], torch.Tensor | None]:
        """Who sees whom in each layer, some of which see only so far."""
        made: dict[int | None, torch.Tensor | None] = {None: sees}

        def mask(index: int) -> torch.Tensor | None:
            reach = self.reach(index)
            if reach is not None and reach not in made:
                near = (queries[:, None] - keys[None, :]).abs() <= reach
                made[reach] = near if sees is None else sees & near
            return made[reach]

        return mask

    @property
    def _dtype(self) -> torch.dtype:
        return self.transformer.dtype


def rotate(x_bhnd: torch.Tensor, table: Table) -> torch.Tensor:
    """Rotate the first channels of every head, half against half, in float32 (Su et al. 2021)."""
    cos, sin = table
    half = cos.shape[-1]
    a, b, free = x_bhnd[..., :half].float(), x_bhnd[..., half : 2 * half].float(), x_bhnd[..., 2 * half :]
    return torch.cat([(a * cos - b * sin).to(free.dtype), (a * sin + b * cos).to(free.dtype), free], -1)


def heads(x_bgne: torch.Tensor, count: int) -> torch.Tensor:
    """[B, G, n, H D] as [B, H, G n, D]."""
    return x_bgne.flatten(1, 2).unflatten(-1, (count, -1)).transpose(1, 2)


def unheads(x_bhnd: torch.Tensor, like_bgnd: torch.Tensor) -> torch.Tensor:
    """The inverse of `heads`, grouped like another tensor."""
    return x_bhnd.transpose(1, 2).flatten(2).unflatten(1, like_bgnd.shape[1:3])


def _rows(part: torch.Tensor, batch: int) -> torch.Tensor:
    return part if len(part) == batch else part.expand(batch, -1, -1, -1)


def _additive(mask: torch.Tensor | None, dtype: torch.dtype) -> torch.Tensor | None:
    """Bool masks stay; additive ones take the queries' type, as the kernel wants."""
    return mask if mask is None or mask.dtype == torch.bool else mask.to(dtype)
