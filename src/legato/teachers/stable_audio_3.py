"""Stable Audio 3 (`StableAudio3Pipeline`): rectified flow, differential attention, memory tokens.

The model is told of known audio as its inpainting pipeline does it: a mask (1 where audio is kept) and the
kept latents, added inside every block. Clean context is told as kept.

Shape legend: as in `streaming`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import nn

from legato.teachers.playable import Fields, TeacherError
from legato.teachers.prompts import Prompts
from legato.teachers.streaming import StreamingDiT
from legato.teachers.tokens import Attend, Cross, LayerKeys, Tokens, heads, unheads

SECONDS = 120.0  # length told where none is given
LOGSNR = (-6.2, 2.0)  # of the pipeline's own schedule


class StableAudio3Network(StreamingDiT):
    """`StableAudio3DiTModel` as a streaming network.

    Args:
        transformer: the real one.
        null_tokens_le: the empty prompt, with the default length.
        null_vector_g: the default length.
    """

    def __init__(self, transformer: Any, null_tokens_le: torch.Tensor, null_vector_g: torch.Tensor) -> None:
        c = transformer.config
        super().__init__(
            transformer,
            c.io_channels,
            c.embed_dim,
            null_tokens_le,
            null_vector_g,
            transformer.rotary_pos_emb.inv_freq,
        )
        self.prefix, self.depth = c.num_memory_tokens, len(transformer.transformer_blocks)

    def embed(
        self, t_bg: torch.Tensor, extra_bgd: torch.Tensor | None, vector_bgv: torch.Tensor
    ) -> tuple[torch.Tensor]:
        """Modulation of all blocks [B, G, 6 d]."""
        net = self.transformer
        wave = net.timestep_features(t_bg.float()[..., None]).to(vector_bgv.dtype)
        emb = net.to_timestep_embed(wave)
        if extra_bgd is not None:
            emb = emb + extra_bgd.to(emb.dtype)
        return (net.global_cond_embedder(net.to_global_embed(vector_bgv) + emb),)

    def prefix_in(self, mods: Any) -> torch.Tensor:
        """The memory tokens."""
        return self.transformer.memory_tokens.expand(*mods[0].shape[:2], -1, -1)

    def tokens_in(self, x_bgfc: torch.Tensor, known_bgf: torch.Tensor, z_bgfc: torch.Tensor) -> Tokens:
        """A frame a token; beside it the mask, the kept latents, and a 1 that tells audio from memory."""
        net = self.transformer
        x = x_bgfc + F.linear(x_bgfc, net.preprocess_conv.weight[..., 0])
        known = known_bgf[..., None].to(x_bgfc.dtype)
        side = torch.cat([known, z_bgfc * known, torch.ones_like(known)], -1)
        return Tokens(net.proj_in(x), side)

    def layer(
        self,
        index: int,
        x_bgnd: torch.Tensor,
        side: torch.Tensor | None,
        mods: Any,
        attend: Attend,
        cross: Cross,
    ) -> torch.Tensor:
        """`StableAudio3DiTBlock.forward`."""
        block = self.transformer.transformer_blocks[index]
        modulation = (block.to_scale_shift_gate + mods[0])[:, :, None].to(x_bgnd.dtype)
        scale_a, shift_a, gate_a, scale_f, shift_f, gate_f = modulation.chunk(6, -1)
        attn = block.self_attn
        h = block.pre_norm(x_bgnd) * (1 + scale_a) + shift_a
        mixed = attend(*_qkv(attn, attn.to_qkv(h)))
        x_bgnd = x_bgnd + attn.to_out(unheads(mixed, x_bgnd)) * torch.sigmoid(1 - gate_a)
        attn = block.cross_attn
        q = attn.q_norm(
            heads(attn.to_q(block.cross_attend_norm(x_bgnd)), (1 + attn.use_differential) * attn.heads)
        )
        x_bgnd = x_bgnd + attn.to_out(unheads(cross(q), x_bgnd))
        if side is not None:
            x_bgnd = x_bgnd + block.to_local_embed(side[..., :-1]) * side[..., -1:]
        h = block.ff_norm(x_bgnd) * (1 + scale_f) + shift_f
        return x_bgnd + block.ff(h) * torch.sigmoid(1 - gate_f)

    def out(self, x_bgnd: torch.Tensor, mods: Any) -> torch.Tensor:
        """A frame from each token."""
        net = self.transformer
        x = net.proj_out(x_bgnd)
        return x + F.linear(x, net.postprocess_conv.weight[..., 0])

    def prompt_keys(self, tokens_ble: torch.Tensor) -> LayerKeys:
        """Of text and length."""
        e = self.transformer.to_cond_embed(tokens_ble)[:, None]
        keys: LayerKeys = []
        for block in self.transformer.transformer_blocks:
            attn = block.cross_attn
            k, v = _keys(attn, attn.to_kv(e))
            keys.append((k, v))
        return keys

    def mix(
        self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None
    ) -> torch.Tensor:
        """Differential attention: what the first half of the heads finds, less what the second half finds."""
        if q.shape[1] == v.shape[1]:
            return super().mix(q, k, v, mask)
        first, second = super().mix(q, k, torch.cat([v, v], 1), mask).chunk(2, 1)
        return first - second


def _qkv(attn: Any, qkv: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Normed queries and keys, both halves one after the other as heads, and values."""
    width = attn.heads * attn.dim_heads * (1 + attn.use_differential)
    q = attn.q_norm(heads(qkv[..., :width], width // attn.dim_heads))
    return q, *_keys(attn, qkv[..., width:])


def _keys(attn: Any, kv: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    width = attn.heads * attn.dim_heads * (1 + attn.use_differential)
    k = attn.k_norm(heads(kv[..., :width], width // attn.dim_heads))
    return k, heads(kv[..., width:], attn.heads)


class StableAudio3Text:
    """T5Gemma and the duration embedder, used as `StableAudio3Pipeline` uses them.

    Args:
        pipeline: for `encode_prompt`, `encode_duration` and `prepare_cross_attention`.
        device: where to encode.
    """

    def __init__(self, pipeline: Any, device: str) -> None:
        self.pipeline, self.device = pipeline, device

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], fields: Sequence[Fields]) -> list[Prompts]:
        """Each with the length it names."""
        return [self._one(text, field.seconds) for text, field in zip(texts, fields, strict=True)]

    @torch.inference_mode()
    def null(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The empty prompt of the default length."""
        empty = self._one("", None)
        return empty.tokens_bsle[0, 0].clone(), empty.vector_bsg[0, 0].clone()

    def _one(self, text: str, seconds: float | None) -> Prompts:
        words, mask = self.pipeline.encode_prompt(text, self.device, 1)
        length = self.pipeline.encode_duration(seconds or SECONDS, self.device, 1, 1)
        tokens, mask = self.pipeline.prepare_cross_attention(words, mask, length)
        # The network attends to padding too, in which its own embedding stands for it.
        padding = self.pipeline.transformer.prompt_padding_embedding.to(tokens)
        tokens = torch.where(mask.bool()[..., None], tokens, padding)
        return Prompts.of(tokens[0].cpu(), length[0].cpu())


class StableAudio3:
    """The family."""

    name: ClassVar[str] = "stable-audio-3"
    pipelines: ClassVar[tuple[str, ...]] = (
        "StableAudio3Pipeline",
        "StableAudio3InpaintPipeline",
        "StableAudio3Audio2AudioPipeline",
    )
    denoiser: ClassVar[str] = "transformer"
    parts: ClassVar[tuple[str, ...]] = ("transformer", "vae", "text_encoder", "duration_embedder")
    text_parts: ClassVar[tuple[str, ...]] = ("text_encoder", "duration_embedder")
    honours: ClassVar[tuple[str, ...]] = ("seconds",)
    blocks: ClassVar[str] = "transformer_blocks"

    def transformer(self, source: Any) -> nn.Module:
        """`StableAudio3DiTModel`."""
        from diffusers.models.transformers.transformer_stable_audio3 import StableAudio3DiTModel

        if int(source.config(self.denoiser).get("patch_size", 1)) != 1:
            raise TeacherError(
                f"{source.name} has patches of several frames, which cannot be told known audio"
            )
        return source.load(StableAudio3DiTModel, self.denoiser)

    def text_side(self, source: Any, transformer: nn.Module, device: str) -> StableAudio3Text:
        """T5Gemma and the duration embedder."""
        from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
        from diffusers.pipelines.stable_audio_3.pipeline_stable_audio_3 import StableAudio3Pipeline
        from transformers import T5GemmaEncoderModel

        pipeline = StableAudio3Pipeline(
            vae=None,  # type: ignore[arg-type] - encoding needs neither this nor the scheduler
            text_encoder=source.load_text(T5GemmaEncoderModel, "text_encoder").to(device),
            tokenizer=source.tokenizer(),
            duration_embedder=source.load(StableAudio3DurationEmbedder, "duration_embedder").to(device),
            transformer=transformer,  # type: ignore[arg-type]
            scheduler=None,  # type: ignore[arg-type]
        )
        return StableAudio3Text(pipeline, device)

    def vae(self, source: Any) -> nn.Module:
        """`AutoencoderSAME`."""
        from diffusers.models.autoencoders.autoencoder_same import AutoencoderSAME

        return source.load(AutoencoderSAME, "vae")

    def network(self, source: Any, transformer: Any, text: StableAudio3Text) -> StableAudio3Network:
        """The streaming form."""
        return StableAudio3Network(transformer, *text.null())

    def sound(self, source: Any) -> tuple[int, int]:
        """By `vae/config.json`: patches times strides."""
        config = source.config("vae")
        samples = int(config.get("patch_size", 256))
        for stride in config.get("encoder_strides", (16,)):
            samples *= int(stride)
        return int(config.get("sampling_rate", 44_100)), samples

    def guidance(self, source: Any) -> tuple[float, float]:
        """Weights for stochastic (ping-pong) sampling have guidance inside them."""
        distilled = bool(source.config("scheduler").get("stochastic_sampling"))
        return (1.0, 1.0) if distilled else (1.0, 7.0)

    def grid(self, source: Any, steps: int) -> list[float]:
        """The pipeline's `logsnr_sigma_schedule`, ending at 0."""
        low, high = LOGSNR
        t = torch.linspace(1.0, 0.0, steps + 1, dtype=torch.float64)
        times = torch.sigmoid(t * (high - low) - high).tolist()
        return [1.0, *times[1:-1], 0.0]

    def write_tiny(self, folder: Path) -> None:
        """See `tiny`."""
        from legato.teachers import tiny

        tiny.stable_audio_3(folder)
