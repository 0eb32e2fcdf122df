"""The transformer block with adaptive modulation (DiT, Peebles & Xie 2023; shared as in PixArt-alpha)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

Attend = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def normed(x: torch.Tensor) -> torch.Tensor:
    """Layer norm without learned scale: modulation supplies it.

    Autocast would widen bf16 here; memory traffic is what training on a CPU waits for, and the kernel
    accumulates in fp32 anyway.
    """
    if not torch.is_autocast_enabled(x.device.type):
        return F.layer_norm(x, x.shape[-1:])
    with torch.autocast(x.device.type, enabled=False):
        return F.layer_norm(x, x.shape[-1:])


def sinusoids(x: torch.Tensor, dims: int, highest: float = 1000.0) -> torch.Tensor:
    """[...] -> [..., dims]: cosines and sines at geometrically spaced rates from 1 to `highest`."""
    rates = torch.exp(torch.linspace(0.0, math.log(highest), dims // 2, device=x.device))
    angle = x.float()[..., None] * rates
    return torch.cat([angle.cos(), angle.sin()], -1)


class ScalarEmbedding(nn.Module):
    """A number per token as a modulation vector; `silent` starts at zero and so changes nothing untrained."""

    def __init__(self, width: int, silent: bool = False) -> None:
        super().__init__()
        self.dims = 128
        self.up = nn.Linear(self.dims, width)
        self.out = nn.Linear(width, width)
        if silent:
            nn.init.zeros_(self.out.weight)
            nn.init.zeros_(self.out.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[...] numbers to [..., width]."""
        return self.out(F.silu(self.up(sinusoids(x, self.dims))))


class Modulation(NamedTuple):
    """Shift, scale and gate of attention and feed-forward, [B, N, width] each, shared by all blocks."""

    shift_a: torch.Tensor
    scale_a: torch.Tensor
    gate_a: torch.Tensor
    shift_f: torch.Tensor
    scale_f: torch.Tensor
    gate_f: torch.Tensor

    @classmethod
    def of(cls, mod_bn6d: torch.Tensor) -> Modulation:
        """Scales and gates are offsets from 1."""
        shift_a, scale_a, gate_a, shift_f, scale_f, gate_f = mod_bn6d.chunk(6, -1)
        return cls(shift_a, 1 + scale_a, 1 + gate_a, shift_f, 1 + scale_f, 1 + gate_f)


class Block(nn.Module):
    """Attention and feed-forward on tokens [B, N, width], modulated per token.

    Attributes:
        qkv, out, ff_in, ff_out: the linear maps; adapters attach to these names.
        register_k, register_v: learned attention sinks [H, R, D].
    """

    def __init__(self, width: int, heads: int, ff_mult: int, registers: int, depth: int) -> None:
        super().__init__()
        self.heads, self.head_size = heads, width // heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.ff_in = nn.Linear(width, ff_mult * width)
        self.ff_out = nn.Linear(ff_mult * width, width)
        self.register_k = nn.Parameter(torch.randn(heads, registers, self.head_size))
        self.register_v = nn.Parameter(0.02 * torch.randn(heads, registers, self.head_size))
        for layer in (self.out, self.ff_out):  # each branch starts as a small step of the residual stream
            nn.init.normal_(layer.weight, std=0.3 / (layer.in_features * depth) ** 0.5)
            nn.init.zeros_(layer.bias)

    def forward(
        self,
        x_bnd: torch.Tensor,
        mod: Modulation,
        prompt_kv: tuple[torch.Tensor, torch.Tensor],
        attend: Attend,
    ) -> torch.Tensor:
        """`attend(q, k, v, prompt_k, prompt_v)` (all [B, H, ., D]) decides who sees whom."""
        qkv = self._heads(self.qkv(torch.addcmul(mod.shift_a, normed(x_bnd), mod.scale_a)), 3)
        q, k = normed(qkv[:2])
        mixed = attend(q, k, qkv[2], *prompt_kv)
        x_bnd = torch.addcmul(x_bnd, mod.gate_a, self.out(mixed.transpose(1, 2).flatten(2)))
        hidden = F.silu(self.ff_in(torch.addcmul(mod.shift_f, normed(x_bnd), mod.scale_f)))
        return torch.addcmul(x_bnd, mod.gate_f, self.ff_out(hidden))

    def prompt_kv(self, prompt_bpd: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys (normed) and values [B, H, P, D] of the prompt's tokens."""
        width = prompt_bpd.shape[-1]
        kv = F.linear(normed(prompt_bpd), self.qkv.weight[width:], self.qkv.bias[width:])
        k, v = self._heads(kv, 2)
        return normed(k), v

    def _heads(self, x_bne: torch.Tensor, parts: int) -> torch.Tensor:
        """[B, N, parts * width] -> [parts, B, H, N, D]."""
        b, n, _ = x_bne.shape
        return x_bne.view(b, n, parts, self.heads, self.head_size).permute(2, 0, 3, 1, 4)

    def sinks(self, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Register keys (normed) and values [B, H, R, D]."""
        k = normed(self.register_k)[None].expand(batch, -1, -1, -1)
        return k, self.register_v[None].expand(batch, -1, -1, -1)
