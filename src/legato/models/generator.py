"""The causal latent model: velocity field of the teacher, one-step flow map of the student.

Trained on `[clean T | noisy T]` with block-causal masks, here; streamed chunk by chunk with a cache of clean
context in `streaming`. The layers are those of `trunk`.

Shape legend: B batch, T frames, C latent channels, S prompts per clip, P prompt size, V views (noisy copies
of a clip in training).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from legato.models.streaming import Streaming
from legato.nn.attention import attend, context_mask, position_free, rotary_table, rotate, target_mask
from legato.nn.blocks import Attend, Block


class Generator(Streaming):
    """Block-causal flow-matching transformer (arXiv 2606.24307; masks as in `nn.attention`)."""

    def forward(
        self,
        clean_btc: torch.Tensor,
        noisy_btc: torch.Tensor,
        *,
        t_bt: torch.Tensor,
        context_noise_bt: torch.Tensor,
        prompt_bsp: torch.Tensor,
        prompt_given_bs: torch.Tensor,
        cond_btd: torch.Tensor,
        chunk: int,
        segment_bt: torch.Tensor | None = None,
        dt_bt: torch.Tensor | None = None,
        guidance_b: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Velocity at every frame, each chunk seeing the clean chunks before it.

        The noisy side may hold several views of the clip end to end, [B, V T, …], each with noise, times,
        prompt and controls of its own: they share the clean side, which costs as much as one of them.

        Args:
            clean_btc: context latents, already carrying noise of level `context_noise_bt`.
            noisy_btc: x_t, any t per chunk; V T frames, as all that follows but `context_noise_bt`.
            t_bt: time, 1 noise … 0 clean.
            context_noise_bt: level 0–1 of noise in the clean context.
            prompt_bsp: S prompts per clip.
            prompt_given_bs: whether each is given.
            cond_btd: control vectors.
            chunk: frames per block.
            segment_bt: which of the S prompts each frame follows (default the first).
            dt_bt: t - r for a flow map; None for a plain velocity.
            guidance_b: guidance weight for a student; None for a teacher.

        Returns:
            u [B, V T, C].
        """
        frames = clean_btc.shape[1]
        if segment_bt is None:
            segment_bt = torch.zeros(t_bt.shape, dtype=torch.long, device=t_bt.device)
        prompts_bsp = self.given_prompt(prompt_bsp, prompt_given_bs)
        prompt_bnd = self.prompt_as_tokens(prompts_bsp)
        prompt_frames_btd = self.prompt_mod(prompts_bsp).gather(
            1, segment_bt[..., None].expand(-1, -1, self.config.width)
        )
        emb_clean = self.context_level(context_noise_bt)
        emb_noisy = self.noisy_embedding(t_bt, dt_bt, guidance_b) + prompt_frames_btd
        x = torch.cat([self.clean_in(clean_btc), self.noisy_in(noisy_btc) + self.cond_in(cond_btd)], 1)
        attends = self._training_attention(frames, chunk, segment_bt, prompts_bsp.shape[1])
        x = self.walk(x, torch.cat([emb_clean, emb_noisy], 1), prompt_bnd, attends)
        return self.answer(x[:, frames:], emb_noisy)

    def _training_attention(
        self, frames: int, chunk: int, segment_bt: torch.Tensor, prompts: int
    ) -> list[Attend]:
        device = segment_bt.device
        window, registers = self.config.window // chunk, self.config.registers
        sees_context = F.pad(context_mask(frames, chunk, window, device), (registers, 0), value=True)
        own_prompt = segment_bt[..., None] == torch.arange(prompts, device=device)
        own_prompt = own_prompt.repeat_interleave(self.config.prompt_tokens, -1)  # [B, V T, S * tokens]
        sees_target = F.pad(target_mask(frames, chunk, window, device), (registers, 0), value=True)
        views = own_prompt.split(frames, dim=1)
        masks = [torch.cat([own, sees_target.expand(len(own), -1, -1)], -1)[:, None] for own in views]
        table = rotary_table(torch.arange(frames, device=device).repeat(1 + len(views)), self.rotary_dims)
        first = own_prompt.shape[-1]  # keys are [prompt | registers | clean | noisy]

        def for_block(block: Block) -> Attend:
            def attention(q, k, v, prompt_k, prompt_v):
                sink_k, sink_v = self.sinks(block, q)
                q_clean, *q_views = rotate(q, table).split(frames, dim=2)
                k_clean, *k_views = rotate(k, table).split(frames, dim=2)
                v_clean, *v_views = v.split(frames, dim=2)
                keys = torch.cat([position_free(prompt_k), sink_k, k_clean], 2)
                values = torch.cat([prompt_v, sink_v, v_clean], 2)
                mixed = [attend(q_clean, keys[:, :, first:], values[:, :, first:], sees_context)]
                for q_own, k_own, v_own, mask in zip(q_views, k_views, v_views, masks, strict=True):
                    seen, told = torch.cat([keys, k_own], 2), torch.cat([values, v_own], 2)
                    mixed.append(attend(q_own, seen, told, mask))
                return torch.cat(mixed, 2)

            return attention

        return [for_block(block) for block in self.blocks]  # type: ignore[arg-type]
