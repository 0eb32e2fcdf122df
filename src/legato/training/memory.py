"""What distilling an open model needs of a device's memory: told before anything is loaded.

Weights are counted exactly, from the headers of their files; activations are an estimate.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import torch

from legato.config import DistillConfig
from legato.teachers.loading import Source
from legato.teachers.outpainting import INSIDE

GIB = 2**30
KEPT = 34  # bytes a token and channel keep in a block for the backward pass at 16 bits: Korthikanti et al.
# 2022 ("Reducing Activation Recomputation in Large Transformer Models"), eq. 2, without the attention matrix
# that fused kernels never form
TRAINED_COPIES = 5  # float32 numbers a trained one takes: itself, gradient, two of AdamW, average
EMBEDDING_DIMS = 128  # of interval and guidance, see `nn.blocks.ScalarEmbedding`


@dataclass(frozen=True)
class MemoryPlan:
    """Bytes by what they are for.

    Attributes:
        base: the network, which teacher and student share.
        trained: numbers that are trained.
        optimizer: these with gradients, AdamW and averages.
        activations: of one update of the student, estimated.
        text: encoders of prompts, which are let go before training.
        decoder: the autoencoder, where losses hear it.
        parameters: numbers of the network.
        dtype: of weights.
    """

    base: int
    trained: int
    optimizer: int
    activations: int
    text: int
    decoder: int
    parameters: int
    dtype: torch.dtype

    @property
    def total(self) -> int:
        """The most that is held at once."""
        return self.base + max(self.text, self.optimizer + self.activations + self.decoder)

    def lines(self, device: str) -> list[str]:
        """The plan in words, and a warning where the device has less."""
        name = str(self.dtype).removeprefix("torch.")
        rows = [
            (
                f"base, {self.parameters / 1e6:,.0f} M parameters in {name}, for teacher and student",
                self.base,
            ),
            (
                f"adapters, {self.trained / 1e6:,.1f} M trained: with gradients, AdamW, averages",
                self.optimizer,
            ),
            ("activations of an update, estimated", self.activations),
            ("decoder", self.decoder),
            ("text encoders, until the prompts are encoded", self.text),
            ("most at once", self.total),
        ]
        unit, label = (GIB, "GiB") if self.total >= GIB else (GIB / 1024, "MiB")
        found = [f"memory on {device}, {label}:"]
        found += [f"  {size / unit:7.2f}  {what}" for what, size in rows if size]
        if torch.device(device).type == "cuda":
            free, _ = torch.cuda.mem_get_info(device)
            found.append(f"  {free / unit:7.2f}  free there")
            if free < self.total:
                found.append(
                    "  too little, it seems: lower distill.batch, chunks_per_rollout or context_seconds"
                )
        return found


def plan_memory(source: Source, settings: DistillConfig) -> MemoryPlan:
    """How much a run will need.

    Args:
        source: of the base.
        settings: batch, chunk, rank and losses of the run.
    """
    family = source.family
    shapes = dict(source.shapes(family.denoiser))
    adapted = [
        shape
        for name, shape in shapes.items()
        if name.startswith(f"{family.blocks}.")
        and name.endswith(".weight")
        and len(shape) == 2
        and any(word in name for word in INSIDE)
    ]
    width = Counter(shape[1] for shape in adapted).most_common(1)[0][0]  # most maps read the residual stream
    blocks = 1 + max(int(name.split(".")[1]) for name in shapes if name.startswith(f"{family.blocks}."))
    trained = sum(settings.rank * sum(shape) if settings.rank else math.prod(shape) for shape in adapted)
    trained += 2 * width * (EMBEDDING_DIMS + width + 2)
    parameters = sum(math.prod(shape) for shape in shapes.values())
    itemsize = source.dtype.itemsize
    tokens = settings.batch * _tokens(source, settings)
    kept = KEPT * max(1, itemsize // 2) * width
    hears = settings.decoded_spectral > 0
    return MemoryPlan(
        base=parameters * itemsize,
        trained=trained,
        optimizer=TRAINED_COPIES * 4 * trained,
        activations=tokens * blocks * kept,
        text=sum(_numbers(source, part) for part in family.text_parts) * itemsize,
        decoder=_numbers(source, "vae") * itemsize if hears else 0,
        parameters=parameters,
        dtype=source.dtype,
    )


def _tokens(source: Source, settings: DistillConfig) -> int:
    """Tokens of one script whose activations an update keeps: history once, chunks once for every pass."""
    config = source.config(source.family.denoiser)
    patch = int(config.get("patch_size", 1))
    prefix = int(config.get("num_memory_tokens", 0))
    frames = settings.chunks_per_rollout * settings.chunk
    passes = 1 + (settings.flow_map > 0)
    return frames // patch + passes * (frames // patch + settings.chunks_per_rollout * prefix)


def _numbers(source: Source, part: str) -> int:
    return sum(math.prod(shape) for _, shape in source.shapes(part))
