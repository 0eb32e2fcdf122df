"""Small models of every family with random weights, laid out as diffusers saves the real ones.

For tests, and to try a command before the real weights are there. They sound like nothing.

    python -m legato.teachers.tiny ace-step folder
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import nn

from legato.teachers.surroundings import OOBLECK, SCHEDULERS, text_config, tokenizer, vocabulary

WORDS = "a an and the with of in jazz rock house piano drums bass slow fast warm bright dark guitar strings"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789#:.,-/[]<>|"
CHANNELS = 8
TEXT = {"width": 16, "inner": 32, "layers": 1, "heads": 2, "kv_heads": 2, "head_size": 8}


def write_tiny(family: str, folder: Path, seed: int = 0) -> Path:
    """Write the small model of a family; the same for the same seed.

    Args:
        family: its name.
        folder: made if needed.
        seed: of its weights.
    """
    from legato.teachers.lora import quieten
    from legato.teachers.registry import family_of

    quieten()
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries to their own authors
        torch.manual_seed(seed)
        family_of(family).write_tiny(folder)
    return folder


def ace_step(folder: Path) -> None:
    """Four layers, two frames a token."""
    from diffusers.models.transformers.ace_step_transformer import AceStepTransformer1DModel
    from diffusers.pipelines.ace_step.modeling_ace_step import AceStepConditionEncoder
    from transformers import Qwen3Model

    shape: dict[str, Any] = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "sliding_window": 16,
    }
    transformer = AceStepTransformer1DModel(
        num_hidden_layers=4, in_channels=3 * CHANNELS, audio_acoustic_hidden_dim=CHANNELS, **shape
    )
    condition = AceStepConditionEncoder(
        text_hidden_dim=16,
        timbre_hidden_dim=CHANNELS,
        num_lyric_encoder_hidden_layers=1,
        num_timbre_encoder_hidden_layers=1,
        **shape,
    )
    condition.silence_latent.copy_(torch.randn(CHANNELS))  # silence is alike at all times
    parts = {
        "transformer": transformer,
        "condition_encoder": condition,
        "vae": _oobleck("ace-step"),
        "text_encoder": Qwen3Model(_text("ace-step")),
    }
    _write(folder, "AceStepPipeline", parts, SCHEDULERS["ace-step"])


def stable_audio(folder: Path) -> None:
    """Three layers under v-prediction."""
    from diffusers.models.transformers.stable_audio_transformer import StableAudioDiTModel
    from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel
    from transformers import T5EncoderModel

    transformer = StableAudioDiTModel(
        sample_size=64,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        num_layers=3,
        attention_head_dim=8,
        num_attention_heads=4,
        num_key_value_attention_heads=2,
        cross_attention_dim=16,
        time_proj_dim=16,
        global_states_input_dim=32,
        cross_attention_input_dim=16,
    )
    parts = {
        "transformer": transformer,
        "projection_model": StableAudioProjectionModel(16, 16, 0, 512),
        "vae": _oobleck("stable-audio"),
        "text_encoder": T5EncoderModel(_text("stable-audio")),
    }
    _write(folder, "StableAudioPipeline", parts, SCHEDULERS["stable-audio"])


def stable_audio_3(folder: Path) -> None:
    """Three layers of differential attention, four memory tokens."""
    from diffusers.models.autoencoders.autoencoder_same import AutoencoderSAME
    from diffusers.models.transformers.transformer_stable_audio3 import StableAudio3DiTModel
    from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
    from transformers import T5GemmaEncoderModel

    transformer = StableAudio3DiTModel(
        io_channels=CHANNELS,
        embed_dim=32,
        depth=3,
        num_heads=2,
        cond_token_dim=16,
        global_cond_dim=16,
        local_add_cond_dim=1 + CHANNELS,
        timestep_features_dim=16,
        ff_mult=2.0,
        num_memory_tokens=4,
    )
    blocks: Any = transformer.transformer_blocks
    for block in blocks:  # zero before training; here it is to be heard
        nn.init.normal_(block.to_local_embed[-1].weight, std=0.3)
    vae = AutoencoderSAME(
        patch_size=256,
        encoder_channels=16,
        encoder_c_mults=[2],
        encoder_strides=[16],
        encoder_transformer_depths=[1],
        latent_dim=CHANNELS,
        dim_heads=16,
        ff_mult=2,
        encoder_sinusoidal_blocks=[0],
        decoder_sinusoidal_blocks=[0],
    )
    for parameter in vae.parameters():  # likewise: without these it gives the same sound for all latents
        if parameter.ndim > 1 and not parameter.any():
            nn.init.normal_(parameter, std=0.1)
    parts = {
        "transformer": transformer,
        "duration_embedder": StableAudio3DurationEmbedder(output_dim=16, fourier_dim=16),
        "vae": vae,
        "text_encoder": T5GemmaEncoderModel(_text("stable-audio-3")),
    }
    guided = {**SCHEDULERS["stable-audio-3"], "stochastic_sampling": False}  # as weights not yet distilled
    _write(folder, "StableAudio3Pipeline", parts, guided)


def _text(family: str) -> Any:
    return text_config(family, **TEXT, vocab_size=len(_words()))


def _words() -> dict[str, int]:
    return vocabulary([*LETTERS, *WORDS.split()])


def _oobleck(family: str) -> nn.Module:
    from diffusers.models.autoencoders.autoencoder_oobleck import AutoencoderOobleck

    return AutoencoderOobleck(
        encoder_hidden_size=2 * CHANNELS,  # mean and scale of every channel
        channel_multiples=[1, 1, 1, 1, 1],
        decoder_channels=8,
        decoder_input_channels=CHANNELS,
        audio_channels=2,
        **OOBLECK[family],
    )


def _write(folder: Path, pipeline: str, parts: dict[str, nn.Module], scheduler: dict[str, Any]) -> None:
    index: dict[str, Any] = {"_class_name": pipeline, "_diffusers_version": "0.42.1"}
    for name, part in parts.items():
        part.save_pretrained(folder / name, safe_serialization=True)  # type: ignore[operator]
        index[name] = [part.__class__.__module__.split(".")[0], part.__class__.__name__]
    tokenizer(_words(), length=24).save_pretrained(folder / "tokenizer")
    index["tokenizer"] = ["transformers", "PreTrainedTokenizerFast"]
    index["scheduler"] = ["diffusers", scheduler["_class_name"]]
    (folder / "scheduler").mkdir(parents=True, exist_ok=True)
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler, indent=1))
    (folder / "model_index.json").write_text(json.dumps(index, indent=1))


if __name__ == "__main__":
    write_tiny(sys.argv[1], Path(sys.argv[2]))
