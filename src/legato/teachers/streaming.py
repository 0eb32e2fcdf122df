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

The network is read in three ways: `canvas`, every token seeing every other, the teacher; `chunks`, all chunks
side by side, the student in training; `stepping`, one chunk at a time, the student as it plays.

Shape legend: B players, G groups of tokens with modulation of their own, n tokens of a group, N = G n tokens,
K keys, H heads, D head size, d width, T frames, F frames of a chunk, C latent channels, L prompt tokens.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import nn

from legato.nn.blocks import ScalarEmbedding
from legato.teachers.prompts import Prompts, PromptSteering
from legato.teachers.tokens import (
    Attend,
    Cross,
    LayerKeys,
    Table,
    Tokens,
    for_rows,
    rotate,
    scaled_attention,
)


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
        return scaled_attention(q, k, v, mask)

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

    # ---- what every way of reading it needs ------------------------------------------------------

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
        return self.prompt_keys(prompts.tokens_bsle.flatten(1, 2).to(self.dtype))

    def null_keys(self) -> LayerKeys:
        """Those of the null prompt, for one row."""
        return self.prompt_keys(self.null_tokens[None].to(self.dtype))

    def extra(self, dt_bg: torch.Tensor | None, guidance_b: torch.Tensor | None) -> torch.Tensor | None:
        """What interval and guidance weight add to the time embedding; nothing while untrained."""
        added = None if dt_bg is None else self.interval(dt_bg)
        if guidance_b is None:
            return added
        weight = self.guidance(guidance_b / 8.0)[:, None]
        return weight if added is None else added + weight

    def clean_mods(self, batch: int) -> tuple[Any, Any]:
        """Modulation of the context, for all rows and for one."""
        vector = self.null_vector.to(self.dtype)[None, None]
        one = self.embed(vector.new_zeros(1, 1, dtype=torch.float32), None, vector)
        return tuple(part.expand(batch, *part.shape[1:]) for part in one), one

    def clean_in(self, clean_btc: torch.Tensor) -> Tokens:
        """Tokens of the context, one group."""
        z = clean_btc[:, None].to(self.dtype)
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

        cross = partial(self.cross, self.null_keys(), None)
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

    def cross(self, keys: LayerKeys, mask: torch.Tensor | None, index: int, q: torch.Tensor) -> torch.Tensor:
        """What queries of a layer find among a prompt's keys and values."""
        k, v = (for_rows(part, len(q)) for part in keys[index])
        return self.mix(q, k, v, mask)

    def with_prefix(self, tokens: Tokens, mods: Any) -> Tokens:
        """Behind the model's own tokens, where it has any."""
        return tokens.after(self.prefix_in(mods)) if self.prefix else tokens

    def prefix_positions(self, starts_g: torch.Tensor, window: int) -> torch.Tensor:
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
    def dtype(self) -> torch.dtype:
        """Of weights and activations."""
        return self.transformer.dtype
