"""A discriminator on spectrograms: what distances alone leave blurred, it makes the decoder draw.

The mean of all spectrograms that a latent may stand for is smooth; a critic that tells such a mean from
real music pulls the decoder towards one of them (VQGAN, arXiv 2012.09841; hinge loss and feature matching
as in EnCodec, arXiv 2210.13438). It sees magnitudes alone, so neither phase nor synthesis takes part.

Legend: B rows, T latent frames (25 Hz), Q magnitude features (100 Hz), H channels.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from legato.config import CodecConfig, OptimConfig
from legato.models.stft import feature_width
from legato.training.beside import Beside
from legato.training.codec_losses import above_floor
from legato.training.objectives import with_gradient_share

LAYERS = (  # channels, kernel and stride over (time, frequency); the first one cuts into patches: it is cheap
    (32, (4, 8), (4, 4)),
    (48, (3, 5), (2, 2)),
    (64, (3, 3), (1, 2)),
)
MATCHING = 4.0  # weight of feature matching beside the score
PACE = 0.4  # of the codec's learning rate
SCALE = 0.35  # brings nats above the floor to about unit spread


class Critic(nn.Module):
    """Scores patches of log magnitudes [B, 4 T, Q]; every patch is told where in the spectrum it lies."""

    place_q: Tensor

    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        self.register_buffer("place_q", torch.linspace(-1, 1, feature_width(config)))
        widths = [2, *(width for width, _, _ in LAYERS)]
        self.layers = nn.ModuleList(
            nn.utils.parametrizations.weight_norm(
                nn.Conv2d(before, width, kernel, stride, (kernel[0] // 2, kernel[1] // 2))
            )
            for before, (width, kernel, stride) in zip(widths, LAYERS, strict=False)
        )
        self.score = nn.Conv2d(widths[-1], 1, 3, padding=1)

    def forward(self, levels_btq: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Scores of patches, above 0 for real ones, and the activations [B, H, ·, ·] of every layer."""
        x = torch.stack([SCALE * levels_btq, self.place_q.expand_as(levels_btq)], 1)
        seen = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
            seen.append(x)
        return self.score(x), seen


class Sharpening:
    """The critic, how it learns, and what it asks of the codec.

    Args:
        config: of the codec.
        optim: AdamW's settings.
        share: of the critic's gradient in the distances' gradient, both at the decoded magnitudes.
        device: where to train it.
    """

    def __init__(
        self, config: CodecConfig, optim: OptimConfig, share: float, device: torch.device | str
    ) -> None:
        self.critic = Critic(config).to(device)
        self.share = share
        self.beside = Beside(self.critic, optim, momentum=0.5)

    def learn(self, logs: Tensor, target: Tensor, lr: float) -> float:
        """One update on decoded `logs` (which get no gradient) and real ones [B, 4 T, Q]; its hinge loss."""
        wanted, heard = above_floor(target, target), above_floor(logs.detach(), target)
        real, played = self.critic(wanted)[0], self.critic(heard)[0]
        return self.beside.update(F.relu(1 - real).mean() + F.relu(1 + played).mean(), PACE * lr)

    def term(self, logs: Tensor, target: Tensor, distances: Tensor) -> tuple[Tensor, Tensor]:
        """What to add to the loss, its gradient scaled against that of `distances`; and the critic's loss."""
        with torch.no_grad():
            _, wanted = self.critic(above_floor(target, target))
        score, heard = self.critic(above_floor(logs, target))
        matching = torch.stack(
            [(a - b).abs().mean() / b.abs().mean() for a, b in zip(heard, wanted, strict=True)]
        ).mean()
        loss = MATCHING * matching - score.mean()
        return with_gradient_share(logs, distances, loss, self.share), loss.detach()
