"""What a family of open models is to Legato: one class a family, one file a class.

To add one: a `StreamingDiT` that walks its blocks, a `TextSide` that encodes its prompts, and a `Family` that
names them; then a line in `registry`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

import torch
from torch import nn

from legato.teachers.playable import Fields
from legato.teachers.prompts import Prompts
from legato.teachers.streaming import StreamingDiT


class TextSide(Protocol):
    """A model's text encoder and whatever else conditions it; it may be let go once prompts are encoded."""

    def encode(self, texts: Sequence[str], fields: Sequence[Fields]) -> list[Prompts]:
        """Each prompt on its own, on the CPU; S = 1."""
        ...

    def null(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens [L, E] and global vector [G] of "no prompt", as guidance uses it."""
        ...


class Family(Protocol):
    """One kind of open model.

    Attributes:
        name: before the colon of a teacher's name.
        pipelines: class names of the diffusers pipelines it comes as.
        denoiser: folder of the network that is distilled.
        parts: folders that hold weights.
        text_parts: those of them needed to encode prompts only.
        honours: fields it takes beside the prompt.
        blocks: name of the list of blocks inside the network, for adapters.
    """

    name: ClassVar[str]
    pipelines: ClassVar[tuple[str, ...]]
    denoiser: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    text_parts: ClassVar[tuple[str, ...]]
    honours: ClassVar[tuple[str, ...]]
    blocks: ClassVar[str]

    def transformer(self, source: Any) -> nn.Module:
        """The real network of an opened `loading.Source`."""
        ...

    def text_side(self, source: Any, transformer: nn.Module, device: str) -> TextSide:
        """Its text encoder."""
        ...

    def vae(self, source: Any) -> nn.Module:
        """Its autoencoder."""
        ...

    def network(self, source: Any, transformer: Any, text: Any) -> StreamingDiT:
        """The streaming form of the network, with its own text side; TeacherError where there is none."""
        ...

    def sound(self, source: Any) -> tuple[int, int]:
        """Sample rate in Hz, and samples of a latent frame, by the autoencoder's configuration."""
        ...

    def guidance(self, source: Any) -> tuple[float, float]:
        """Range of guidance weights worth imitating; (1, 1) where guidance is distilled into the weights."""
        ...

    def grid(self, source: Any, steps: int) -> list[float]:
        """Times from 1 to 0 at which its own sampler would stand."""
        ...

    def write_tiny(self, folder: Path) -> None:
        """Write a small model of this family with random weights, as diffusers lays it out."""
        ...


def linear_names(network: nn.Module, blocks: str, inside: tuple[str, ...]) -> tuple[str, ...]:
    """Weights of linear maps inside the blocks whose path holds one of the words `inside`."""
    start = f"transformer.{blocks}."
    return tuple(
        f"{name}.weight"
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear) and name.startswith(start) and any(word in name for word in inside)
    )
