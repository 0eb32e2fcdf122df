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

WORDS = "a an and the with of in jazz rock house piano drums bass slow fast warm bright dark guitar strings"
CHANNELS = 8


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
    from transformers import Qwen3Config, Qwen3Model

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
    text = Qwen3Config(
        vocab_size=_vocabulary_size(),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
    )
    parts = {
        "transformer": transformer,
        "condition_encoder": condition,
        "vae": _oobleck(48_000, [2, 4, 4, 6, 10]),
        "text_encoder": Qwen3Model(text),
    }
    _write(folder, "AceStepPipeline", parts, {"_class_name": "FlowMatchEulerDiscreteScheduler"})


def stable_audio(folder: Path) -> None:
    """Three layers under v-prediction."""
    from diffusers.models.transformers.stable_audio_transformer import StableAudioDiTModel
    from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel

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
        "vae": _oobleck(44_100, [2, 4, 4, 8, 8]),
        "text_encoder": _t5(),
    }
    scheduler = {
        "_class_name": "CosineDPMSolverMultistepScheduler",
        "prediction_type": "v_prediction",
        "sigma_data": 1.0,
        "sigma_min": 0.3,
        "sigma_max": 500,
    }
    _write(folder, "StableAudioPipeline", parts, scheduler)


def stable_audio_3(folder: Path) -> None:
    """Three layers of differential attention, four memory tokens."""
    from diffusers.models.autoencoders.autoencoder_same import AutoencoderSAME
    from diffusers.models.transformers.transformer_stable_audio3 import StableAudio3DiTModel
    from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder

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
        "text_encoder": _t5_gemma(),
    }
    scheduler = {
        "_class_name": "FlowMatchEulerDiscreteScheduler",
        "num_train_timesteps": 1,
        "shift": 1.0,
        "stochastic_sampling": False,
    }
    _write(folder, "StableAudio3Pipeline", parts, scheduler)


def _oobleck(rate: int, ratios: list[int]) -> nn.Module:
    from diffusers.models.autoencoders.autoencoder_oobleck import AutoencoderOobleck

    return AutoencoderOobleck(
        encoder_hidden_size=2 * CHANNELS,  # mean and scale of every channel
        downsampling_ratios=ratios,
        channel_multiples=[1, 1, 1, 1, 1],
        decoder_channels=8,
        decoder_input_channels=CHANNELS,
        audio_channels=2,
        sampling_rate=rate,
    )


def _t5() -> nn.Module:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(
        T5Config(vocab_size=_vocabulary_size(), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
    )


def _t5_gemma() -> nn.Module:
    from transformers import T5GemmaConfig, T5GemmaEncoderModel, T5GemmaModuleConfig

    module = T5GemmaModuleConfig(
        vocab_size=_vocabulary_size(),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
    )
    return T5GemmaEncoderModel(T5GemmaConfig(encoder=module, decoder=module, is_encoder_decoder=False))


def _vocabulary_size() -> int:
    return len(_vocabulary())


def _vocabulary() -> dict[str, int]:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789#:.,-/[]<>|"
    entries = ["<pad>", "</s>", "<unk>", "<|endoftext|>", *letters, *WORDS.split()]
    return {word: index for index, word in enumerate(dict.fromkeys(entries))}


def _tokenizer(folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordLevel(_vocabulary(), "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(  # type: ignore[assignment]
        [pre_tokenizers.Whitespace(), pre_tokenizers.Split(Regex(r"\d|[^\w]"), "isolated")]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=24,
    ).save_pretrained(folder)


def _write(folder: Path, pipeline: str, parts: dict[str, nn.Module], scheduler: dict[str, Any]) -> None:
    index: dict[str, Any] = {"_class_name": pipeline, "_diffusers_version": "0.42.1"}
    for name, part in parts.items():
        part.save_pretrained(folder / name, safe_serialization=True)  # type: ignore[operator]
        index[name] = [part.__class__.__module__.split(".")[0], part.__class__.__name__]
    _tokenizer(folder / "tokenizer")
    index["tokenizer"] = ["transformers", "PreTrainedTokenizerFast"]
    index["scheduler"] = ["diffusers", scheduler["_class_name"]]
    (folder / "scheduler").mkdir(parents=True, exist_ok=True)
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler, indent=1))
    (folder / "model_index.json").write_text(json.dumps(index, indent=1))


if __name__ == "__main__":
    write_tiny(sys.argv[1], Path(sys.argv[2]))
