"""Stable Audio Open and Open Small (`StableAudioPipeline`): a token before the audio tells time and length.

Its network was trained to predict v under a variance-preserving angle θ (Salimans & Ho 2022):

    y = cos θ z + sin θ ε,   v = cos θ ε - sin θ z,   told θ as 2 θ / π.

Flow time t, with x_t = (1 - t) z + t ε, is the same path at another scale: with s = √((1 - t)² + t²)

    cos θ = (1 - t) / s,   sin θ = t / s,   y = x_t / s,

and since z = cos θ y - sin θ v and ε = sin θ y + cos θ v, the velocity is

    u = ε - z = (sin θ - cos θ) y + (cos θ + sin θ) v,

exact at both ends. In the pipeline's terms σ = tan θ = t / (1 - t), y is `precondition_inputs` and 2 θ / π
`precondition_noise` of `CosineDPMSolverMultistepScheduler` with σ_data = 1. Weights with a flow-matching
scheduler (Open Small's objective) need none of it.

It has no inputs for known audio: known frames follow the path of their own latents under a fixed noise.

Shape legend: as in `streaming`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import nn

from legato.models.sampling import time_grid
from legato.teachers.playable import Fields, TeacherError
from legato.teachers.prompts import Prompts
from legato.teachers.streaming import StreamingDiT
from legato.teachers.tokens import Attend, Cross, LayerKeys, Tokens, heads, unheads

SECONDS = 47.0  # length of the canvas it was trained on; the length told where none is given
SIGMAS = (500.0, 0.3)  # of its own sampler, first and last


class StableAudioNetwork(StreamingDiT):
    """`StableAudioDiTModel` as a streaming network.

    Args:
        transformer: the real one.
        null_vector_g: start and end of the piece, as the context is told.
        angles: whether it predicts v under an angle; otherwise it is a flow itself.
    """

    prefix = 1

    def __init__(self, transformer: Any, null_vector_g: torch.Tensor, angles: bool) -> None:
        c = transformer.config
        rotated = c.attention_head_dim // 2
        super().__init__(
            transformer,
            c.out_channels,
            transformer.inner_dim,
            # Guidance replaces the prompt by zeros; without biases on their way they attract and add nothing.
            null_vector_g.new_zeros(1, c.cross_attention_input_dim),
            null_vector_g,
            1.0 / 10_000.0 ** (torch.arange(0, rotated, 2) / rotated),
        )
        self.depth, self.angles = len(transformer.transformer_blocks), angles

    def embed(
        self, t_bg: torch.Tensor, extra_bgd: torch.Tensor | None, vector_bgv: torch.Tensor
    ) -> tuple[torch.Tensor]:
        """The token before the audio, [B, G, 1, d]."""
        net = self.transformer
        level = 2 / math.pi * torch.atan2(t_bg, 1 - t_bg) if self.angles else t_bg
        wave = net.time_proj(level.flatten().to(net.dtype)).unflatten(0, t_bg.shape)
        emb = net.global_proj(vector_bgv) + net.timestep_proj(wave)
        if extra_bgd is not None:
            emb = emb + extra_bgd.to(emb.dtype)
        return (emb[:, :, None],)

    def prefix_in(self, mods: Any) -> torch.Tensor:
        """That token."""
        return mods[0]

    def scaled(self, x_bgfc: torch.Tensor, t_bg: torch.Tensor) -> torch.Tensor:
        """The variance-preserving y = x_t / s."""
        return x_bgfc / _scale(t_bg) if self.angles else x_bgfc

    def velocity_from(
        self, answer_bgfc: torch.Tensor, scaled_bgfc: torch.Tensor, t_bg: torch.Tensor
    ) -> torch.Tensor:
        """From v: u = (sin θ - cos θ) y + (cos θ + sin θ) v."""
        if not self.angles:
            return answer_bgfc
        t = t_bg[..., None, None]
        scale = _scale(t_bg)
        cos, sin = (1 - t) / scale, t / scale
        return (sin - cos) * scaled_bgfc + (cos + sin) * answer_bgfc

    def tokens_in(self, x_bgfc: torch.Tensor, known_bgf: torch.Tensor, z_bgfc: torch.Tensor) -> Tokens:
        """A frame a token."""
        net = self.transformer
        x = x_bgfc + F.linear(x_bgfc, net.preprocess_conv.weight[..., 0])
        return Tokens(net.proj_in(x))

    def layer(
        self, index: int, x_bgnd: torch.Tensor, side: None, mods: Any, attend: Attend, cross: Cross
    ) -> torch.Tensor:
        """`StableAudioDiTBlock.forward`."""
        block = self.transformer.transformer_blocks[index]
        attn, h = block.attn1, block.norm1(x_bgnd)
        mixed = attend(*(heads(part(h), attn.heads) for part in (attn.to_q, attn.to_k, attn.to_v)))
        x_bgnd = attn.to_out[0](unheads(mixed, x_bgnd)) + x_bgnd
        attn = block.attn2
        mixed = cross(heads(attn.to_q(block.norm2(x_bgnd)), attn.heads))
        x_bgnd = attn.to_out[0](unheads(mixed, x_bgnd)) + x_bgnd
        return block.ff(block.norm3(x_bgnd)) + x_bgnd

    def out(self, x_bgnd: torch.Tensor, mods: Any) -> torch.Tensor:
        """A frame from each token."""
        net = self.transformer
        x = net.proj_out(x_bgnd)
        return x + F.linear(x, net.postprocess_conv.weight[..., 0])

    def prompt_keys(self, tokens_ble: torch.Tensor) -> LayerKeys:
        """Of text, start and end."""
        e = self.transformer.cross_attention_proj(tokens_ble)[:, None]
        size = self.transformer.config.attention_head_dim
        keys: LayerKeys = []
        for block in self.transformer.transformer_blocks:
            k, v = block.attn2.to_k(e), block.attn2.to_v(e)
            keys.append((heads(k, k.shape[-1] // size), heads(v, v.shape[-1] // size)))
        return keys


def _scale(t_bg: torch.Tensor) -> torch.Tensor:
    """s, for frames of groups."""
    return ((1 - t_bg).square() + t_bg.square()).sqrt()[..., None, None]


class StableAudioText:
    """T5 and the projections of text and seconds, used as `StableAudioPipeline` uses them.

    Args:
        pipeline: for `encode_prompt` and `encode_duration`.
        device: where to encode.
    """

    def __init__(self, pipeline: Any, device: str) -> None:
        self.pipeline, self.device = pipeline, device

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], fields: Sequence[Fields]) -> list[Prompts]:
        """Each with the length it names."""
        found = []
        for text, field in zip(texts, fields, strict=True):
            words = self.pipeline.encode_prompt(text, self.device, False)
            start, end = self._seconds(field.seconds)
            tokens = torch.cat([words, start, end], 1)[0]
            found.append(Prompts.of(tokens.cpu(), torch.cat([start, end], 2)[0, 0].cpu()))
        return found

    @torch.inference_mode()
    def null(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Nothing, of the default length."""
        vector = torch.cat(self._seconds(None), 2)[0, 0].cpu()
        size = self.pipeline.transformer.config.cross_attention_input_dim
        return vector.new_zeros(1, size), vector.clone()

    def _seconds(self, seconds: float | None) -> tuple[torch.Tensor, torch.Tensor]:
        return self.pipeline.encode_duration(0.0, seconds or SECONDS, self.device, False, 1)


class StableAudio:
    """The family."""

    name: ClassVar[str] = "stable-audio"
    pipelines: ClassVar[tuple[str, ...]] = ("StableAudioPipeline",)
    denoiser: ClassVar[str] = "transformer"
    parts: ClassVar[tuple[str, ...]] = ("transformer", "vae", "text_encoder", "projection_model")
    text_parts: ClassVar[tuple[str, ...]] = ("text_encoder", "projection_model")
    honours: ClassVar[tuple[str, ...]] = ("seconds",)
    blocks: ClassVar[str] = "transformer_blocks"

    def transformer(self, source: Any) -> nn.Module:
        """`StableAudioDiTModel`."""
        from diffusers.models.transformers.stable_audio_transformer import StableAudioDiTModel

        return source.load(StableAudioDiTModel, self.denoiser)

    def text_side(self, source: Any, transformer: nn.Module, device: str) -> StableAudioText:
        """T5 and the projection model."""
        from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel
        from diffusers.pipelines.stable_audio.pipeline_stable_audio import StableAudioPipeline
        from transformers import T5EncoderModel

        pipeline = StableAudioPipeline(
            vae=None,  # type: ignore[arg-type] - encoding needs neither this nor the scheduler
            text_encoder=source.load_text(T5EncoderModel, "text_encoder").to(device),
            projection_model=source.load(StableAudioProjectionModel, "projection_model").to(device),
            tokenizer=source.tokenizer(),
            transformer=transformer,  # type: ignore[arg-type]
            scheduler=None,  # type: ignore[arg-type]
        )
        return StableAudioText(pipeline, device)

    def vae(self, source: Any) -> nn.Module:
        """`AutoencoderOobleck`."""
        from diffusers.models.autoencoders.autoencoder_oobleck import AutoencoderOobleck

        return source.load(AutoencoderOobleck, "vae")

    def network(self, source: Any, transformer: Any, text: StableAudioText) -> StableAudioNetwork:
        """The streaming form."""
        return StableAudioNetwork(transformer, text.null()[1], self._angles(source))

    def sound(self, source: Any) -> tuple[int, int]:
        """By `vae/config.json`."""
        return source.oobleck_sound()

    def guidance(self, source: Any) -> tuple[float, float]:
        """Around the pipeline's default of 7."""
        return (1.0, 8.0)

    def grid(self, source: Any, steps: int) -> list[float]:
        """Evenly in log σ as its sampler does, from pure noise to clean; a flow's evenly in t."""
        if not self._angles(source):
            return time_grid(steps)
        first, last = (math.log(sigma) for sigma in SIGMAS)
        sigmas = torch.linspace(first, last, steps, dtype=torch.float64).exp()
        return [1.0, *(float(s / (1 + s)) for s in sigmas[1:]), 0.0]

    def write_tiny(self, folder: Path) -> None:
        """See `tiny`."""
        from legato.teachers import tiny

        tiny.stable_audio(folder)

    def _angles(self, source: Any) -> bool:
        """Whether its scheduler is the one of v-prediction; a flow's otherwise."""
        config = source.config("scheduler")
        kind = config.get("_class_name")
        if kind == "FlowMatchEulerDiscreteScheduler":
            return False
        plain = config.get("prediction_type") == "v_prediction" and config.get("sigma_data", 1.0) == 1.0
        if kind == "CosineDPMSolverMultistepScheduler" and plain:
            return True
        raise TeacherError(
            f"the scheduler of {source.name} is {kind}, whose noise levels Legato cannot map; it reads "
            "CosineDPMSolverMultistepScheduler (v_prediction, sigma_data 1) and "
            "FlowMatchEulerDiscreteScheduler"
        )
