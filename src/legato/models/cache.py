"""The cache of clean context: a state that holds keys and values, and one pass that reads and extends it.

Shape legend: B batch, F frames of a chunk, C latent channels, L layers, H heads, W window in frames, D head
size, N tokens, K keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import torch

from legato.models.trunk import Trunk
from legato.nn.attention import attend, position_free, rotary_table, rotate
from legato.nn.blocks import Attend, Block


@dataclass(frozen=True)
class GeneratorState:
    """Musical context of B players.

    Attributes:
        k, v: keys (unrotated) and values of clean context, [L, B, H, W, D], newest last.
        length: valid frames at the end of the cache, int64 [B].
        pending: the last generated chunk, not yet in the cache, [B, F, C].
        has_pending: bool [B].
    """

    batch_axis: ClassVar[dict[str, int]] = {"k": 1, "v": 1}
    k: torch.Tensor
    v: torch.Tensor
    length: torch.Tensor
    pending: torch.Tensor
    has_pending: torch.Tensor


class Cache:
    """Reads the cached context of every layer and gathers the entries of the new clean chunk.

    Args:
        trunk: whose layers read it.
        state: the context so far.
        clean: frames of the new clean chunk; 0: none.
        noisy: frames of the chunk that is made; 0: none.
        new_valid_b: whether the clean chunk is one, bool [B].
        versions: of the chunk that is made, end to end.
    """

    def __init__(
        self,
        trunk: Trunk,
        state: GeneratorState,
        clean: int,
        noisy: int,
        new_valid_b: torch.Tensor,
        versions: int = 1,
    ) -> None:
        self.trunk, self.state, self.new_valid_b = trunk, state, new_valid_b
        self.clean, self.noisy, self.versions = clean, noisy, versions
        window = trunk.config.window
        chunk = noisy or clean
        self.keep = window // chunk * chunk - clean  # a chunk sees so many frames of context in all
        self.new_k: list[torch.Tensor] = []
        self.new_v: list[torch.Tensor] = []
        slots = torch.arange(window - self.keep, window, device=state.length.device)
        self.valid_bk = slots >= window - state.length[:, None]
        on_cpu = slots.device.type == "cpu"  # elsewhere a look at the values would wait for the device
        self.full = on_cpu and bool(self.valid_bk.all())
        positions = torch.arange(self.keep + clean + noisy, device=slots.device)
        cached, new, made = positions.split([self.keep, clean, noisy])
        self.query_table = rotary_table(torch.cat([new, made.repeat(versions)]), trunk.rotary_dims)
        self.cache_table = rotary_table(cached, trunk.rotary_dims)

    def attention(self, prompts: int) -> list[Attend]:
        """What each layer attends with, given the prompt's number of tokens."""
        mask = self._mask(prompts)
        return [self._for_layer(layer, mask) for layer in range(len(self.trunk.blocks))]

    def _mask(self, prompts: int) -> torch.Tensor:
        """Who sees registers, prompt, cache, new clean, noisy: bool [B, 1, N, K]."""
        batch, device = len(self.valid_bk), self.valid_bk.device

        def row(queries: int, version: int | None, clean_b: torch.Tensor) -> torch.Tensor:
            """What the clean side (None) sees, or a version of the noisy one: prompt and itself too."""

            def seen(count: int, visible: bool) -> torch.Tensor:
                return torch.full((batch, count), visible, device=device)

            columns = [
                seen(self.trunk.config.registers, True),
                seen(prompts, version is not None),
                self.valid_bk,
                clean_b[:, None].expand(batch, self.clean),
                *(seen(self.noisy, version == other) for other in range(self.versions)),
            ]
            return torch.cat(columns, 1)[:, None].expand(-1, queries, -1)

        clean = row(self.clean, None, torch.ones_like(self.new_valid_b))
        made = [row(self.noisy, version, self.new_valid_b) for version in range(self.versions)]
        return torch.cat([clean, *made], 1)[:, None]

    def _for_layer(self, layer: int, mask: torch.Tensor) -> Attend:
        block: Block = self.trunk.blocks[layer]  # type: ignore[assignment]
        valid = self.valid_bk[:, None, :, None]

        def attention(q, k, v, prompt_k, prompt_v):
            self.new_k.append(k[:, :, : self.clean])
            self.new_v.append(v[:, :, : self.clean])
            sink_k, sink_v = self.trunk.sinks(block, q)
            start = self.state.k.shape[3] - self.keep
            old_k, old_v = (cached[layer][:, :, start:] for cached in (self.state.k, self.state.v))
            if not self.full:
                # A slot never written may hold anything, NaN included: it must not reach the softmax sum.
                old_k, old_v = torch.where(valid, old_k, 0.0), torch.where(valid, old_v, 0.0)
            old_k, old_v = old_k.to(q.dtype), old_v.to(q.dtype)
            keys = torch.cat(
                [
                    sink_k,
                    position_free(prompt_k),
                    rotate(old_k, self.cache_table),
                    rotate(k, self.query_table),
                ],
                2,
            )
            values = torch.cat([sink_v, prompt_v, old_v, v], 2)
            return attend(rotate(q, self.query_table), keys, values, mask)

        return attention

    def advanced(self) -> GeneratorState:
        """The state with the new clean chunk at the end of the cache."""
        f, state = self.clean, self.state
        k = torch.cat([state.k[:, :, :, f:], torch.stack(self.new_k).to(state.k.dtype)], 3)
        v = torch.cat([state.v[:, :, :, f:], torch.stack(self.new_v).to(state.v.dtype)], 3)
        added = torch.where(self.new_valid_b, f, 0)
        return replace(state, k=k, v=v, length=(state.length + added).clamp(max=state.k.shape[3]))
