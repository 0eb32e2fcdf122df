"""The cache of clean context: a state that holds keys and values, and one pass that reads and extends it.

What a layer attends over is registers, prompt, context, new clean chunk, noisy chunk, laid out once a pass;
the next state's context is a view of it, so that nothing of the cache is moved twice.

Shape legend: B batch, F frames of a chunk, C latent channels, H heads, S slots of context in frames, D head
size, N tokens, K keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from legato.models.trunk import Trunk
from legato.nn.attention import attend, rotary_table, rotate
from legato.nn.blocks import Attend


@dataclass(frozen=True)
class GeneratorState:
    """Musical context of B players.

    Attributes:
        k, v: keys (rotated to their frame's place since the start) and values of clean context, of every
            layer [B, H, S, D], newest last.
        length: frames taken into the context since the start, int64 [B]; the last S of them are there.
        pending: the last generated chunk, not yet in the cache, [B, F, C].
        has_pending: bool [B].
        mean: of the clean context, the last `mean_seconds` weighing most (a leaky mean), [B, C].
    """

    k: tuple[torch.Tensor, ...]
    v: tuple[torch.Tensor, ...]
    length: torch.Tensor
    pending: torch.Tensor
    has_pending: torch.Tensor
    mean: torch.Tensor

    @property
    def slots(self) -> int:
        """Frames of context there is room for."""
        return self.k[0].shape[2]

    def filled(self, last: int) -> torch.Tensor:
        """Which of the last so many slots hold context, bool [B, `last`]."""
        places = torch.arange(self.slots - last, self.slots, device=self.length.device)
        return places >= self.slots - self.length[:, None]


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
        self.keep = state.slots - clean  # the new chunk takes the place of the oldest frames
        self.k: list[torch.Tensor] = []
        self.v: list[torch.Tensor] = []
        self.valid_bk = state.filled(self.keep)
        device = self.valid_bk.device
        on_cpu = device.type == "cpu"  # elsewhere a look at the values would wait for the device
        self.full = on_cpu and bool(self.valid_bk.all())
        new, made = torch.arange(clean + noisy, device=device).split([clean, noisy])
        after_n = torch.cat([new, made.repeat(versions)])
        self.table = rotary_table((state.length[:, None] + after_n)[:, None], trunk.rotary_dims)

    def attention(self, fixed: int) -> list[Attend]:
        """What each layer attends with, given how many registers and tokens of the prompt there are."""
        mask = self._mask(fixed - self.trunk.config.registers)
        return [self._for_layer(layer, fixed, mask) for layer in range(len(self.trunk.blocks))]

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

    def _for_layer(self, layer: int, fixed: int, mask: torch.Tensor) -> Attend:
        valid = self.valid_bk[:, None, :, None]
        context = slice(fixed, fixed + self.keep + self.clean)

        def attention(q, k, v, fixed_k, fixed_v):
            old_k, old_v = (old[layer][:, :, self.clean :] for old in (self.state.k, self.state.v))
            if not self.full:
                # A slot never written may hold anything, NaN included: it must not reach the softmax sum.
                old_k, old_v = torch.where(valid, old_k, 0.0), torch.where(valid, old_v, 0.0)
            keys = torch.cat([part.to(q.dtype) for part in (fixed_k, old_k, rotate(k, self.table))], 2)
            values = torch.cat([part.to(q.dtype) for part in (fixed_v, old_v, v)], 2)
            self.k.append(keys[:, :, context])
            self.v.append(values[:, :, context])
            return attend(rotate(q, self.table), keys, values, mask)

        return attention

    def advanced(self) -> GeneratorState:
        """The state with the new clean chunk at the end of the cache."""
        dtype = self.state.k[0].dtype
        k, v = (tuple(part.to(dtype) for part in parts) for parts in (self.k, self.v))
        added = torch.where(self.new_valid_b, self.clean, 0)
        return replace(self.state, k=k, v=v, length=self.state.length + added)
