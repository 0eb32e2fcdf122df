"""A pretrained network on a whole canvas, every token seeing every other: how the teacher is read.

Shape legend: B players, T frames, C latent channels, d width.
"""

from __future__ import annotations

from functools import partial

import torch

from legato.teachers.streaming import StreamingDiT
from legato.teachers.tokens import LayerKeys, rotate


def canvas_velocity(
    network: StreamingDiT,
    x_btc: torch.Tensor,
    known_t: torch.Tensor,
    z_btc: torch.Tensor,
    t_b: torch.Tensor,
    prompts: tuple[LayerKeys, torch.Tensor | None],
    vector_bg: torch.Tensor,
    seen: list[torch.Tensor] | None = None,
) -> torch.Tensor:
    """Velocity at every frame, every token seeing every other as in pretraining.

    Args:
        network: of the base.
        x_btc: x_t of all frames.
        known_t: 1 at frames known to be `z`, else 0.
        z_btc: clean frames, where known.
        t_b: time.
        prompts: of `keys_of`.
        vector_bg: global conditioning.
        seen: collects what each block leaves at the audio tokens, [B, tokens, d].
    """
    dtype = network.dtype
    t_bg = t_b[:, None]
    mods = network.embed(t_bg, None, vector_bg[:, None].to(dtype))
    scaled = network.scaled(x_btc[:, None].float(), t_bg)
    known = known_t.expand(x_btc.shape[:2])[:, None]
    tokens = network.with_prefix(network.tokens_in(scaled.to(dtype), known, z_btc[:, None].to(dtype)), mods)
    n = tokens.x.shape[2]
    positions = torch.arange(n, device=x_btc.device)
    table = network.rotary(positions)
    masks = network.masks(None, positions, positions)

    def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        return network.mix(rotate(q, table), rotate(k, table), v, masks(index))

    keys, bias = prompts
    cross = partial(network.cross, keys, None if bias is None else bias[:, None, None])
    x = network.walk(tokens, mods, attend, cross, seen)
    answer = network.out(x[:, :, network.prefix :], mods).float()
    return network.velocity_from(answer, scaled, t_bg)[:, 0]
