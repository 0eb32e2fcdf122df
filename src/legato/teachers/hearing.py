"""What losses hear of an open model's latents: magnitudes of the sound its autoencoder makes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Features = dict[str, torch.Tensor]

PER_FRAME = 4  # spectra of a latent frame
QUIETEST = 1e-4  # magnitude below which differences do not count


def hearing(vae: nn.Module, frame_samples: int) -> Callable[[torch.Tensor], Features]:
    """Latents [B, T, C] to `logs` [B, 4 T, Q]: natural log magnitudes of both channels, differentiable.

    Args:
        vae: the frozen autoencoder of a diffusers pipeline.
        frame_samples: samples of a latent frame.
    """
    decoder: Any = vae.eval().requires_grad_(False)
    hop = frame_samples // PER_FRAME

    def features(z_btc: torch.Tensor) -> Features:
        audio = decoder.decode(z_btc.mT.to(decoder.dtype)).sample.float()
        window = torch.hann_window(4 * hop, device=audio.device)
        spectrum = torch.stft(audio.flatten(0, 1), 4 * hop, hop, window=window, return_complex=True)
        power = spectrum.real.square() + spectrum.imag.square() + QUIETEST**2
        logs = 0.5 * power.log()[..., : PER_FRAME * z_btc.shape[1]]  # [B channels, Q, T']
        return {"logs": logs.unflatten(0, audio.shape[:2]).permute(0, 3, 1, 2).flatten(2)}

    return features
