"""What passes between a family's blocks and the ways of reading a stream: tokens, keys, attention.

Shape legend: B players, G groups of tokens with modulation of their own, n tokens of a group, N = G n tokens,
K keys, H heads, D head size, d width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

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


def for_rows(part: torch.Tensor, batch: int) -> torch.Tensor:
    """Keys or values of one row, [1, H, K, D], for a batch of them; those of a batch as they are."""
    return part if len(part) == batch else part.expand(batch, -1, -1, -1)


def scaled_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None
) -> torch.Tensor:
    """Softmax attention; several query heads may share one key head."""
    if mask is not None and mask.dtype != torch.bool:
        mask = mask.to(q.dtype)  # additive ones take the queries' type, as the kernel wants it
    if mask is not None and q.shape[1] != k.shape[1]:
        # On a GPU the fused kernels take a mask or shared heads; given both, torch falls back to float32.
        k, v = (part.repeat_interleave(q.shape[1] // k.shape[1], 1) for part in (k, v))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=q.shape[1] != k.shape[1])
