"""ACE-Step 1.5 (`AceStepPipeline`): flow matching on 25 Hz latents, two frames a token.

The model is told of known audio as its own repaint task does it: source latents with mask 0 there, silence
with mask 1 where music is to be made (`AceStepPipeline._build_chunk_mask`). Its null prompt is one learned
token: as many equal tokens as a prompt has, which is what the pipeline gives it, attend to the same.
Every other layer sees 128 tokens to either side only, so no attention sink is needed.

Shape legend: as in `streaming`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import nn

from legato.models.sampling import time_grid
from legato.teachers.playable import Fields
from legato.teachers.prompts import Prompts
from legato.teachers.streaming import StreamingDiT
from legato.teachers.tokens import Attend, Cross, LayerKeys, Tokens, heads, unheads

INSTRUMENTAL = "[Instrumental]"
SECONDS = 30.0  # length the prompt names where none is given
SHIFT = 3.0  # of the pipeline's own schedule
TIMBRE_SECONDS = 30  # of silence that stands for "no reference audio"


class AceStepNetwork(StreamingDiT):
    """`AceStepTransformer1DModel` as a streaming network.

    Args:
        transformer: the real one.
        null_tokens_le: the condition encoder's learned null token.
        silence_tc: what the autoencoder makes of silence.
    """

    silence: torch.Tensor

    def __init__(self, transformer: Any, null_tokens_le: torch.Tensor, silence_tc: torch.Tensor) -> None:
        c = transformer.config
        dims = torch.arange(0, c.head_dim, 2) / c.head_dim
        super().__init__(
            transformer,
            c.audio_acoustic_hidden_dim,
            c.hidden_size,
            null_tokens_le,
            null_tokens_le.new_zeros(0),
            1.0 / c.rope_theta**dims,
        )
        self.patch, self.depth = c.patch_size, len(transformer.layers)
        # One frame from the middle: silence must look alike wherever in the stream a chunk begins.
        self.register_buffer("silence", silence_tc[len(silence_tc) // 2], persistent=False)

    def embed(
        self, t_bg: torch.Tensor, extra_bgd: torch.Tensor | None, vector_bgv: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Modulation of blocks [B, G, 6, d] and the embedding that modulates the last norm [B, G, d]."""
        dtype = self.transformer.dtype
        now, own = self._time(self.transformer.time_embed, t_bg.to(dtype), extra_bgd)
        rest, rest_own = self._time(self.transformer.time_embed_r, torch.zeros_like(t_bg, dtype=dtype), None)
        return now + rest, own + rest_own

    def _time(
        self, time: Any, t_bg: torch.Tensor, extra_bgd: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """`AceStepTimestepEmbedding.forward` with something added to its embedding."""
        wave = time.time_sinusoid(t_bg.flatten() * time.scale).unflatten(0, t_bg.shape)
        emb = time.linear_2(time.act1(time.linear_1(wave.to(t_bg.dtype))))
        if extra_bgd is not None:
            emb = emb + extra_bgd.to(emb.dtype)
        return time.time_proj(time.act2(emb)).unflatten(-1, (6, -1)), emb

    def tokens_in(self, x_bgfc: torch.Tensor, known_bgf: torch.Tensor, z_bgfc: torch.Tensor) -> Tokens:
        """Source latents, mask of what is to be made, and the noisy frames, two frames a token."""
        known = known_bgf[..., None].to(x_bgfc.dtype)
        silence = self.silence.to(x_bgfc.dtype).expand_as(x_bgfc)
        source = torch.where(known > 0.5, z_bgfc, silence)
        frames = torch.cat([source, (1 - known).expand_as(x_bgfc), x_bgfc], -1)
        tokens = self.transformer.proj_in_conv(frames.flatten(0, 1).mT).mT
        return Tokens(tokens.unflatten(0, x_bgfc.shape[:2]))

    def layer(
        self, index: int, x_bgnd: torch.Tensor, side: None, mods: Any, attend: Attend, cross: Cross
    ) -> torch.Tensor:
        """`AceStepTransformerBlock.forward`."""
        block = self.transformer.layers[index]
        shift_a, scale_a, gate_a, shift_f, scale_f, gate_f = (
            (block.scale_shift_table + mods[0])[:, :, :, None].to(x_bgnd.dtype).unbind(2)
        )
        attn = block.self_attn
        h = block.self_attn_norm(x_bgnd) * (1 + scale_a) + shift_a
        q, k, v = (
            heads(part(h), count)
            for part, count in (
                (attn.to_q, attn.heads),
                (attn.to_k, attn.kv_heads),
                (attn.to_v, attn.kv_heads),
            )
        )
        mixed = attend(attn.norm_q(q), attn.norm_k(k), v)
        x_bgnd = x_bgnd + attn.to_out[0](unheads(mixed, x_bgnd)) * gate_a
        attn = block.cross_attn
        q = attn.norm_q(heads(attn.to_q(block.cross_attn_norm(x_bgnd)), attn.heads))
        x_bgnd = x_bgnd + attn.to_out[0](unheads(cross(q), x_bgnd))
        h = block.mlp_norm(x_bgnd) * (1 + scale_f) + shift_f
        return x_bgnd + block.mlp(h) * gate_f

    def out(self, x_bgnd: torch.Tensor, mods: Any) -> torch.Tensor:
        """Modulated norm, then two frames from each token."""
        net = self.transformer
        shift, scale = (net.scale_shift_table + mods[1][:, :, None]).to(x_bgnd.dtype).chunk(2, 2)
        h = net.norm_out(x_bgnd) * (1 + scale) + shift
        frames = net.proj_out_conv(h.flatten(0, 1).mT).mT
        return frames.unflatten(0, x_bgnd.shape[:2])

    def prompt_keys(self, tokens_ble: torch.Tensor) -> LayerKeys:
        """Of the packed lyrics, timbre and text."""
        e = self.transformer.condition_embedder(tokens_ble)[:, None]
        keys: LayerKeys = []
        for block in self.transformer.layers:
            attn = block.cross_attn
            keys.append((attn.norm_k(heads(attn.to_k(e), attn.kv_heads)), heads(attn.to_v(e), attn.kv_heads)))
        return keys

    def reach(self, index: int) -> int | None:
        """Every other layer sees so many tokens to either side."""
        sliding = self.transformer.layer_types[index] == "sliding_attention"
        return self.transformer.config.sliding_window if sliding else None


class AceStepText:
    """Text encoder and condition encoder, used as `AceStepPipeline` uses them.

    Args:
        pipeline: for its templates and `encode_prompt`; it needs no transformer and no autoencoder.
        condition: the condition encoder.
        frame_rate: latent frames a second.
        device: where to encode.
    """

    def __init__(self, pipeline: Any, condition: Any, frame_rate: float, device: str) -> None:
        self.pipeline, self.condition, self.frame_rate, self.device = pipeline, condition, frame_rate, device

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], fields: Sequence[Fields]) -> list[Prompts]:
        """Each on its own: the network attends to padding too, so none may get in."""
        return [self._one(text, field) for text, field in zip(texts, fields, strict=True)]

    def null(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The learned null token."""
        token = self.condition.null_condition_emb.detach()[0].cpu()
        return token, token.new_zeros(0)

    @property
    def silence(self) -> torch.Tensor:
        """Latents of silence [T, C]."""
        return self.condition.silence_latent[0].cpu()

    def _one(self, text: str, field: Fields) -> Prompts:
        text_states, text_mask, lyric_states, lyric_mask = self.pipeline.encode_prompt(
            prompt=text,
            lyrics=field.lyrics or INSTRUMENTAL,
            device=self.device,
            vocal_language=field.language or "en",
            audio_duration=field.seconds or SECONDS,
            bpm=field.bpm,
            keyscale=field.key,
            timesignature=field.time_signature,
        )
        dtype = self.condition.dtype
        timbre = self.condition.silence_latent[:, : round(TIMBRE_SECONDS * self.frame_rate)].to(dtype)
        tokens, _ = self.condition(
            text_hidden_states=text_states.to(dtype),
            text_attention_mask=text_mask,
            lyric_hidden_states=lyric_states.to(dtype),
            lyric_attention_mask=lyric_mask,
            refer_audio_acoustic_hidden_states_packed=timbre,
            refer_audio_order_mask=torch.zeros(1, dtype=torch.long, device=timbre.device),
        )
        return Prompts.of(tokens[0].cpu(), tokens.new_zeros(0, device="cpu"))


class AceStep:
    """The family."""

    name: ClassVar[str] = "ace-step"
    pipelines: ClassVar[tuple[str, ...]] = ("AceStepPipeline",)
    denoiser: ClassVar[str] = "transformer"
    parts: ClassVar[tuple[str, ...]] = ("transformer", "vae", "text_encoder", "condition_encoder")
    text_parts: ClassVar[tuple[str, ...]] = ("text_encoder", "condition_encoder")
    honours: ClassVar[tuple[str, ...]] = ("bpm", "key", "time_signature", "lyrics", "language", "seconds")
    blocks: ClassVar[str] = "layers"

    def transformer(self, source: Any) -> nn.Module:
        """`AceStepTransformer1DModel`."""
        from diffusers.models.transformers.ace_step_transformer import AceStepTransformer1DModel

        return source.load(AceStepTransformer1DModel, self.denoiser)

    def text_side(self, source: Any, transformer: nn.Module, device: str) -> AceStepText:
        """Qwen3 and the condition encoder."""
        from diffusers.pipelines.ace_step.modeling_ace_step import AceStepConditionEncoder
        from diffusers.pipelines.ace_step.pipeline_ace_step import AceStepPipeline
        from transformers import AutoModel

        condition = source.load(AceStepConditionEncoder, "condition_encoder").to(device)
        pipeline = AceStepPipeline(
            vae=None,  # type: ignore[arg-type] - encoding needs neither this nor what follows
            text_encoder=source.load_text(AutoModel, "text_encoder").to(device),
            tokenizer=source.tokenizer(),
            transformer=transformer,  # type: ignore[arg-type]
            condition_encoder=condition,
            scheduler=None,  # type: ignore[arg-type]
        )
        rate, samples = self.sound(source)
        return AceStepText(pipeline, condition, rate / samples, device)

    def vae(self, source: Any) -> nn.Module:
        """`AutoencoderOobleck`."""
        from diffusers.models.autoencoders.autoencoder_oobleck import AutoencoderOobleck

        return source.load(AutoencoderOobleck, "vae")

    def network(self, source: Any, transformer: Any, text: AceStepText) -> AceStepNetwork:
        """The streaming form."""
        return AceStepNetwork(transformer, text.null()[0], text.silence)

    def sound(self, source: Any) -> tuple[int, int]:
        """By `vae/config.json`."""
        return source.oobleck_sound()

    def guidance(self, source: Any) -> tuple[float, float]:
        """Turbo weights have guidance inside them."""
        config = source.config(self.denoiser)
        turbo = config.get("is_turbo") or config.get("model_version") == "turbo"
        return (1.0, 1.0) if turbo else (1.0, 7.0)

    def grid(self, source: Any, steps: int) -> list[float]:
        """`AceStepPipeline._get_timestep_schedule` at its default shift."""
        return time_grid(steps, SHIFT)

    def write_tiny(self, folder: Path) -> None:
        """See `tiny`."""
        from legato.teachers import tiny

        tiny.ace_step(folder)
