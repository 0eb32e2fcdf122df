"""Causal convolution with carry: (x, state) -> (y, state), the same result for any split of time.

Shapes: B rows, T time steps, C channels, K taps.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SHORT = 16  # steps


class DepthwiseConv(nn.Module):
    """One K-tap filter per channel over time, causal or centred.

    Causal (`centred=False`): y_t sees x_{t-K+1} … x_t, and `state` [B, K-1, C] holds the inputs before the
    first step (zeros at the start). Centred: y_t sees (K-1)/2 steps on either side and keeps no state.
    """

    def __init__(self, channels: int, kernel: int, *, centred: bool = False) -> None:
        super().__init__()
        if kernel < 1 or (centred and kernel % 2 == 0):
            raise ValueError(
                f"kernel is {kernel}; it must be positive, and odd where the convolution is centred"
            )
        self.channels = channels
        self.kernel = kernel
        self.centred = centred
        self.weight = nn.Parameter(torch.randn(kernel, channels) / kernel**0.5)
        self.bias = nn.Parameter(torch.zeros(channels))

    def init_state(self, batch: int, device: torch.device | None = None) -> Tensor:
        """The carry before the first step: zeros [batch, K-1, C]."""
        return torch.zeros(batch, self.kernel - 1, self.channels, device=device)

    def forward(
        self, x_btc: Tensor, state: Tensor | None = None, steps: int | None = None
    ) -> tuple[Tensor, Tensor]:
        """Filtered `x_btc` [B, T, C] and the carry after its first `steps` steps (all of them where None)."""
        if self.centred:
            half = self.kernel // 2
            padded = F.pad(x_btc, (0, 0, half, half))
        elif state is None:
            padded = F.pad(x_btc, (0, 0, self.kernel - 1, 0))
        else:
            padded = torch.cat([state.to(x_btc.dtype), x_btc], dim=1)
        end = x_btc.shape[1] if steps is None else steps
        carry = padded[:, end : end + self.kernel - 1]
        if x_btc.shape[1] <= SHORT and not torch.is_grad_enabled():
            # For the few steps of a stream the convolution primitive costs more than its sums.
            return (padded.unfold(1, self.kernel, 1) * self.weight.t()).sum(-1) + self.bias, carry
        y_bct = F.conv1d(padded.mT, self.weight.t().unsqueeze(1), self.bias, groups=self.channels)
        return y_bct.mT, carry


class ConvBlock(nn.Module):
    """Residual block: depthwise convolution over time, layer norm, feed-forward over channels."""

    def __init__(self, channels: int, kernel: int, mult: int, *, centred: bool = False) -> None:
        super().__init__()
        self.conv = DepthwiseConv(channels, kernel, centred=centred)
        self.norm = nn.LayerNorm(channels)
        self.up = nn.Linear(channels, channels * mult)
        self.down = nn.Linear(channels * mult, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.2))

    def forward(
        self, x_btc: Tensor, state: Tensor | None = None, steps: int | None = None
    ) -> tuple[Tensor, Tensor]:
        """`x_btc` [B, T, C] plus its refinement, and the convolution's carry after `steps` steps."""
        y_btc, carry = self.conv(x_btc, state, steps)
        y_btc = self.down(F.gelu(self.up(self.norm(y_btc)), approximate="tanh"))
        return x_btc + self.scale * y_btc, carry
