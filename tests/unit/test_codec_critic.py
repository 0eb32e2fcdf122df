"""The discriminator of the codec: what it learns to tell apart, and which way it pulls."""

from __future__ import annotations

import torch

from legato.config import load_config
from legato.models.stft import feature_width
from legato.training.codec_critic import Sharpening

CONFIG = load_config("test")


def spectrogram(roughness: float, seed: int) -> torch.Tensor:
    """Log magnitudes [4, 32, Q] around -4 nats: smooth or textured."""
    noise = torch.randn(4, 32, feature_width(CONFIG.codec), generator=torch.Generator().manual_seed(seed))
    return roughness * noise - 4.0


def test_a_critic_that_has_seen_texture_pulls_a_smooth_spectrogram_towards_it() -> None:
    torch.manual_seed(0)
    sharpening = Sharpening(CONFIG.codec, CONFIG.train_codec.optim, share=0.5, device="cpu")
    losses = [
        sharpening.learn(spectrogram(0.1, 2 * step), spectrogram(1.0, 2 * step + 1), lr=5e-3)
        for step in range(40)
    ]
    assert losses[0] > 1.5  # 2 where the two cannot be told apart
    assert sum(losses[-10:]) < 10.0
    decoded, target = spectrogram(0.1, 1000).requires_grad_(), spectrogram(1.0, 1001)
    distance = (decoded - target).abs().mean()
    term, before = sharpening.term(decoded, target, distance)
    (pull,) = torch.autograd.grad(term, decoded)
    (main,) = torch.autograd.grad(distance, decoded)
    torch.testing.assert_close(pull.norm(), 0.5 * main.norm(), rtol=1e-3, atol=0)
    moved = (decoded - 0.3 * pull / pull.abs().mean()).detach().requires_grad_()
    _, after = sharpening.term(moved, target, (moved - target).abs().mean())
    assert after < before
