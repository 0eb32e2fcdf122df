"""Block-causal attention over clean context and noisy chunk, with a sliding key-value cache.

Shape legend: B batch, H heads, N tokens, K keys, D head size, T frames, F frames of a chunk, W window in
chunks.

Half of each head's channels carry rotary positions; register and prompt keys are zero there, so they are seen
alike from every position and scores depend on distances alone. So a cached key keeps the place it was once
rotated to.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F


def rotary_table(positions_n: torch.Tensor, dims: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosine and sine [..., N, dims / 2] for the given frame positions [..., N] (Su et al. 2021).

    After days of frames too: their angles are reckoned in float64.
    """
    exponents = torch.linspace(0, 1, dims // 2, device=positions_n.device, dtype=torch.float64)
    angle = positions_n[..., None] * (2 * torch.pi / (4.0 * 400.0**exponents))
    return angle.cos().float(), angle.sin().float()


def rotate(x_bhnd: torch.Tensor, table: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Rotate the first half of the head's channels; the other half is position-free."""
    cos, sin = (part.to(x_bhnd.dtype) for part in table)
    n = cos.shape[-1]
    a, b, free = x_bhnd[..., :n], x_bhnd[..., n : 2 * n], x_bhnd[..., 2 * n :]
    return torch.cat([a * cos - b * sin, a * sin + b * cos, free], -1)


def position_free(k_bhnd: torch.Tensor) -> torch.Tensor:
    """Keys that are seen alike from every position: the rotary half is zeroed."""
    half = k_bhnd.shape[-1] // 2
    return torch.cat([torch.zeros_like(k_bhnd[..., :half]), k_bhnd[..., half:]], -1)


def context_mask(frames: int, chunk: int, window: int, device: torch.device | None = None) -> torch.Tensor:
    """Clean query i sees clean key j with 0 <= b(i) - b(j) < W: bool [T, T]."""
    distance = _block_distance(frames, chunk, device)
    return (distance >= 0) & (distance < window)


def target_mask(frames: int, chunk: int, window: int, device: torch.device | None = None) -> torch.Tensor:
    """Noisy query i sees clean j with 1 <= b(i) - b(j) <= W and its own noisy block: bool [T, 2T]."""
    distance = _block_distance(frames, chunk, device)
    return torch.cat([(distance >= 1) & (distance <= window), distance == 0], -1)


def _block_distance(frames: int, chunk: int, device: torch.device | None) -> torch.Tensor:
    block = torch.arange(frames, device=device) // chunk
    return block[:, None] - block[None, :]


def attend(
    q_bhnd: torch.Tensor, k_bhkd: torch.Tensor, v_bhkd: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """Softmax attention under a bool or additive mask broadcastable to [B, H, N, K]."""
    return F.scaled_dot_product_attention(q_bhnd, k_bhkd, v_bhkd, attn_mask=mask)
