"""Open models in their released shapes with random weights, for `benchmarks/teachers.py`.

Where a class of diffusers has the released shape as its default, that is used. The XL shape of ACE-Step is
that of a Qwen3 of 4 B parameters: its width is documented in diffusers, the rest is to be checked against the
released `transformer/config.json`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from legato.config import load_config
from legato.teachers.family import Family
from legato.teachers.registry import FAMILIES
from legato.teachers.surroundings import OOBLECK, SCHEDULERS, text_config, tokenizer, vocabulary
from legato.training.memory import plan_memory

PROMPTS = ("driving techno", "gentle piano")
"""What the tokenizer can tell from other words, and so a random network from each other."""
SHAPES: dict[str, dict[str, dict[str, Any]]] = {
    "ace-step": {"vae": OOBLECK["ace-step"]},
    "ace-step-xl": {
        "transformer": {
            "hidden_size": 2560,
            "intermediate_size": 9728,
            "num_hidden_layers": 32,
            "num_attention_heads": 32,
            "encoder_hidden_size": 2048,
            "is_turbo": True,
        },
        "vae": OOBLECK["ace-step"],
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
TEXT: dict[str, dict[str, int]] = {
    "ace-step": {
        "width": 1024, "inner": 3072, "layers": 28, "heads": 16, "kv_heads": 8, "head_size": 128,
    },
    "stable-audio": {
        "width": 768, "inner": 3072, "layers": 12, "heads": 12, "kv_heads": 12, "head_size": 64,
    },
    "stable-audio-3": {
        "width": 768, "inner": 2048, "layers": 12, "heads": 12, "kv_heads": 12, "head_size": 64,
    },
}  # fmt: skip
"""Qwen3 of 0.6 B, T5 base and T5Gemma base."""


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
        self._built: dict[str, Any] = {}

    def config(self, part: str) -> dict[str, Any]:
        """Of a part: all of it once it is built, before that what differs from the defaults."""
        if part == "scheduler":
            return SCHEDULERS[self.family.name]
        return dict(self._built[part].config) if part in self._built else SHAPES[self.name].get(part, {})

    def shapes(self, part: str) -> Iterator[tuple[str, list[int]]]:
        """Names and shapes of a built part's tensors."""
        return ((name, list(tensor.shape)) for name, tensor in self._built[part].state_dict().items())

    def load(self, kind: Any, part: str) -> Any:
        """A part of diffusers."""
        shape = SHAPES[self.name].get(part, {})
        return self._made(part, lambda: kind(**shape))

    def load_text(self, kind: Any, part: str) -> Any:
        """The text encoder."""
        from transformers import AutoModel

        config = text_config(self.family.name, **TEXT[self.family.name])
        return self._made(part, lambda: AutoModel.from_config(config) if kind is AutoModel else kind(config))

    def tokenizer(self) -> Any:
        """One that knows few words: how long a prompt is matters here, and that `PROMPTS` differ."""
        return tokenizer(vocabulary(" ".join(PROMPTS).split()), length=128)

    def oobleck_sound(self) -> tuple[int, int]:
        """Sample rate, and samples of a frame."""
        config = {**OOBLECK["stable-audio"], **self.config("vae")}
        return config["sampling_rate"], math.prod(config["downsampling_ratios"])

    def _made(self, part: str, build: Callable[[], Any]) -> Any:
        before = torch.get_default_dtype()
        torch.set_default_dtype(self.dtype)
        try:
            with torch.device(self.device):
                self._built[part] = _awake(build().eval().requires_grad_(False))
        finally:
            torch.set_default_dtype(before)
        return self._built[part]


def _awake(part: nn.Module) -> nn.Module:
    """With small numbers in the matrices that begin at zero, behind which nothing would be heard."""
    for parameter in part.parameters():
        if parameter.ndim > 1 and not parameter.is_meta and not parameter.any():
            nn.init.normal_(parameter, std=0.02)
    return part


def plan() -> str:
    """What distilling each released shape needs, as `legato distill` would say it, and what playing does."""
    settings = load_config("open").distill
    parts = []
    for name in SHAPES:
        family = FAMILIES[name.removesuffix("-xl")]
        source: Any = RandomSource(family, name, torch.bfloat16, "meta")
        family.vae(source)
        family.text_side(source, family.transformer(source), "meta")
        needs = plan_memory(source, replace(settings, decoded_spectral=1.0))
        playing = (needs.base + needs.decoder + needs.text) / 2**30
        needs = replace(needs, decoder=0)  # the preset's losses do not hear it
        lines = needs.lines("cpu")[1:]
        parts.append("\n".join([f"{name}: {playing:.2f} GiB to play in bfloat16; to distil, GiB:", *lines]))
    return "\n\n".join(parts)
