"""Open models in their released shapes with random weights, for `benchmarks/teachers.py`.

Where a class of diffusers has the released shape as its default, that is used. The XL shape of ACE-Step is
that of a Qwen3 of 4 B parameters: its width is documented in diffusers, the rest is to be checked against the
released `transformer/config.json`.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from legato.teachers.family import Family
from legato.teachers.registry import FAMILIES

RANK = 64
SHAPES: dict[str, dict[str, dict[str, Any]]] = {
    "ace-step": {"vae": {"downsampling_ratios": [2, 4, 4, 6, 10], "sampling_rate": 48_000}},
    "ace-step-xl": {
        "transformer": {
            "hidden_size": 2560,
            "intermediate_size": 9728,
            "num_hidden_layers": 32,
            "num_attention_heads": 32,
            "encoder_hidden_size": 2048,
            "is_turbo": True,
        },
        "vae": {"downsampling_ratios": [2, 4, 4, 6, 10], "sampling_rate": 48_000},
    },
    "stable-audio": {
        "projection_model": {
            "text_encoder_dim": 768,
            "conditioning_dim": 768,
            "min_value": 0,
            "max_value": 512,
        }
    },
    "stable-audio-3": {"vae": {"encoder_channels": 256, "encoder_transformer_depths": (12,)}},
}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "ace-step": {"_class_name": "FlowMatchEulerDiscreteScheduler"},
    "stable-audio": {
        "_class_name": "CosineDPMSolverMultistepScheduler",
        "prediction_type": "v_prediction",
        "sigma_data": 1.0,
    },
    "stable-audio-3": {"_class_name": "FlowMatchEulerDiscreteScheduler", "stochastic_sampling": True},
}


class RandomSource:
    """What `teachers.loading.Source` is to a family, without files: parts are built, not read.

    Args:
        family: which one.
        name: a key of `SHAPES`.
        dtype: of the weights.
        device: where they are made.
    """

    revision = ""

    def __init__(self, family: Family, name: str, dtype: torch.dtype, device: str) -> None:
        self.family, self.name, self.dtype, self.device = family, name, dtype, device

    def config(self, part: str) -> dict[str, Any]:
        """What differs from the class's defaults."""
        if part == "scheduler":
            return SCHEDULERS[self.family.name]
        return SHAPES[self.name].get(part, {})

    def load(self, kind: Any, part: str) -> Any:
        """A part of diffusers."""
        return self._made(lambda: kind(**self.config(part)))

    def load_text(self, kind: Any, part: str) -> Any:
        """The text encoder: Qwen3 of 0.6 B, T5 base or T5Gemma base."""
        from transformers import AutoModel, Qwen3Config, T5Config, T5GemmaConfig

        configs: dict[str, Any] = {
            "ace-step": lambda: Qwen3Config(
                hidden_size=1024,
                intermediate_size=3072,
                num_hidden_layers=28,
                num_attention_heads=16,
                num_key_value_heads=8,
                head_dim=128,
            ),
            "stable-audio": lambda: T5Config(d_model=768, d_kv=64, d_ff=3072, num_layers=12, num_heads=12),
            "stable-audio-3": lambda: T5GemmaConfig(is_encoder_decoder=False),
        }
        config = configs[self.family.name]()
        build = AutoModel.from_config if kind is AutoModel else kind
        return self._made(lambda: build(config))

    def tokenizer(self) -> Any:
        """One of few words: how long a prompt is matters, its words do not."""
        import tempfile

        from transformers import AutoTokenizer

        from legato.teachers.tiny import write_tokenizer

        with tempfile.TemporaryDirectory() as folder:
            write_tokenizer(folder)
            return AutoTokenizer.from_pretrained(folder)

    def oobleck_sound(self) -> tuple[int, int]:
        """Sample rate, and samples of a frame."""
        config = {"sampling_rate": 44_100, "downsampling_ratios": [2, 4, 4, 8, 8], **self.config("vae")}
        return config["sampling_rate"], math.prod(config["downsampling_ratios"])

    def _made(self, build: Any) -> Any:
        before = torch.get_default_dtype()
        torch.set_default_dtype(self.dtype)
        try:
            with torch.device(self.device):
                return build().eval().requires_grad_(False)
        finally:
            torch.set_default_dtype(before)


def plan() -> str:
    """A table: parameters of the parts, memory to play in bfloat16, and what distilling adds."""
    lines = [
        f"{'model':18}{'network':>10}{'decoder':>10}{'text':>10}{'play GB':>10}{'adapter':>10}{'distil + GB':>13}",
    ]
    for name in SHAPES:
        family = FAMILIES[name.removesuffix("-xl")]
        source = RandomSource(family, name, torch.bfloat16, "meta")
        transformer = family.transformer(source)
        text_side: Any = family.text_side(source, transformer, "meta")
        text = _parameters(text_side.pipeline.text_encoder)
        network, vae = _parameters(transformer), family.vae(source)
        decoder: Any = vae.decoder
        playing = 2 * (network + _parameters(decoder) + text) / 1e9
        adapter = sum(
            RANK * sum(module.weight.shape)
            for path, module in transformer.named_modules()
            if isinstance(module, torch.nn.Linear) and path.startswith(f"{family.blocks}.")
        )
        # Weights, gradient, both moments and the running mean in float32; activations come on top.
        training = 4 * 5 * adapter / 1e9
        counts = (network, _parameters(decoder), text)
        cells = "".join(f"{count / 1e6:8.0f} M" for count in counts)
        lines.append(f"{name:18}{cells}{playing:10.1f}{adapter / 1e6:8.0f} M{training:13.1f}")
    return "\n".join(lines)


def _parameters(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
