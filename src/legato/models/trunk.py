"""The layers of the latent model, and what training and streaming both make of them.

Shape legend: B batch, T frames, N tokens, S prompts per clip, P prompt size, d width.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from legato import conditioning
from legato.config import GeneratorConfig
from legato.nn.attention import position_free
from legato.nn.blocks import Attend, Block, Modulation, ScalarEmbedding, normed


class Trunk(nn.Module):
    """Maps into and out of the transformer, its embeddings and its blocks.

    Args:
        config: sizes.
    """

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        d = config.width
        self.clean_in = nn.Linear(config.latent_channels, d)
        self.noisy_in = nn.Linear(config.latent_channels, d)
        self.cond_in = nn.Sequential(nn.Linear(conditioning.WIDTH, d), nn.SiLU(), nn.Linear(d, d))
        self.prompt_tokens = nn.Linear(config.prompt_dim, config.prompt_tokens * d)
        self.prompt_mod = nn.Linear(config.prompt_dim, d)
        self.no_prompt = nn.Parameter(torch.zeros(config.prompt_dim))
        self.context_level = ScalarEmbedding(d)  # noise mixed into clean context
        self.time = ScalarEmbedding(d)
        self.interval = ScalarEmbedding(d, silent=True)  # t - r of the flow map
        self.guidance = ScalarEmbedding(d, silent=True)
        self.modulation = nn.Linear(d, 6 * d)
        self.blocks = nn.ModuleList(
            Block(d, config.heads, config.ff_mult, config.registers, config.depth)
            for _ in range(config.depth)
        )
        self.head_mod = nn.Linear(d, 2 * d)
        self.head = nn.Linear(d, config.latent_channels)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        nn.init.normal_(self.modulation.weight, std=0.01)

    @property
    def rotary_dims(self) -> int:
        """Channels of a head that carry positions."""
        return self.config.width // self.config.heads // 2

    def given_prompt(self, prompt_bsp: torch.Tensor, given_bs: torch.Tensor) -> torch.Tensor:
        """Prompts [B, S, P] as the layers read them, with the learned "no prompt" where none is given."""
        scaled = prompt_bsp * self.config.prompt_dim**0.5  # unit length to unit variance
        return torch.where(given_bs[..., None], scaled, self.no_prompt)

    def prompt_as_tokens(self, prompts_bsp: torch.Tensor) -> torch.Tensor:
        """All prompts of a clip as tokens end to end, [B, S tokens, d]."""
        b, s, _ = prompts_bsp.shape
        return self.prompt_tokens(prompts_bsp).view(b, s * self.config.prompt_tokens, self.config.width)

    def noisy_embedding(
        self, t_bt: torch.Tensor, dt_bt: torch.Tensor | None, guidance_b: torch.Tensor | None
    ) -> torch.Tensor:
        """What time, interval and guidance weight modulate noisy tokens with, [B, T, d]."""
        emb = self.time(t_bt)
        if dt_bt is not None:
            emb = emb + self.interval(dt_bt)
        if guidance_b is not None:
            emb = emb + self.guidance(guidance_b / 8.0)[:, None]
        return emb

    def walk(
        self,
        x_bnd: torch.Tensor,
        emb_bnd: torch.Tensor,
        prompt_bnd: torch.Tensor,
        attends: list[Attend],
        seen: list[torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """All blocks in turn; `seen` collects what each of them gives."""
        mod = Modulation.of(self.modulation(F.silu(emb_bnd)))
        for block, attention in zip(self.blocks, attends, strict=True):
            x_bnd = block(x_bnd, mod, block.prompt_kv(prompt_bnd), attention)  # type: ignore[operator]
            if seen is not None:
                seen.append(x_bnd)
        return x_bnd

    def answer(self, x_btd: torch.Tensor, emb_btd: torch.Tensor) -> torch.Tensor:
        """Velocity [B, T, C] that the last activations under their embedding come to."""
        return self.modulated_head(x_btd, self.head_mod(F.silu(emb_btd)))

    def modulated_head(self, x_btd: torch.Tensor, mod_bt2d: torch.Tensor) -> torch.Tensor:
        """The same, of a modulation that is known already."""
        shift, scale = mod_bt2d.chunk(2, -1)
        return self.head(normed(x_btd) * (1 + scale) + shift)

    @staticmethod
    def sinks(block: Block, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys and values of a block's registers, in the type of `like` and for its rows."""
        k, v = block.sinks(like.shape[0])
        return position_free(k).to(like.dtype), v.to(like.dtype)
