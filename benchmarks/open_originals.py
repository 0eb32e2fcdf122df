"""What open models take in their own way, for `benchmarks/teachers.py`: whole clips, in many steps.

Shape legend: as in `teachers.streaming`.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import torch

from legato.teachers.canvas import canvas_velocity
from legato.teachers.decoding import StreamingDecoder
from legato.teachers.student import Student

STEPS = {"ace-step": 8, "stable-audio": 100, "stable-audio-3": 8}  # of each pipeline's default
CLIP_S = 30.0  # length of a clip
MUSICGEN_S = 5.0  # MusicGen makes its sound from left to right: a longer clip takes as much longer


@torch.inference_mode()
def original(source: Any, student: Student, device: str) -> dict[str, float]:
    """A clip by the unconverted network in many steps, with guidance where its pipeline uses it."""
    network, family = student.network, source.family
    frames = round(CLIP_S * student.frame_rate / network.patch) * network.patch
    read = student.encode_prompts(["house"])
    keys = list(zip(read.k, read.v, strict=True)), read.bias_bl
    nothing_known = torch.zeros(frames, device=device)
    passes = 2 if family.guidance(source)[1] > 1 else 1
    decoder, dtype = StreamingDecoder(student.vae), next(student.vae.parameters()).dtype

    def solve(grid: list[float]) -> torch.Tensor:
        x = torch.randn(1, frames, student.channels, device=device)
        for t, r in pairwise(grid):
            for _ in range(passes):
                u = canvas_velocity(network, x, nothing_known, x, x.new_full((1,), t), keys, read.vector_bg)
            x = x - (t - r) * u
        finish(device)
        return x.to(dtype)

    if device == "cuda":  # which chooses its kernels by shape, once
        decoder.whole(solve([1.0, 0.0]))
        finish(device)
    began = time.perf_counter()
    latents = solve(family.grid(source, STEPS[family.name]))
    generated = time.perf_counter()
    decoder.whole(latents).cpu()
    return _of_a_clip(frames / student.frame_rate, generated - began, time.perf_counter() - generated)


@torch.inference_mode()
def musicgen(device: str) -> dict[str, float]:
    """A clip by MusicGen, in the shape of its small release on a GPU, else reduced."""
    from transformers import EncodecConfig, MusicgenConfig, MusicgenDecoderConfig, T5Config
    from transformers import MusicgenForConditionalGeneration as Musicgen

    on_gpu = device == "cuda"
    layers, text_layers, filters = (24, 12, 64) if on_gpu else (2, 1, 8)
    config = MusicgenConfig(
        text_encoder=T5Config(d_model=768, d_ff=3072, num_layers=text_layers, num_heads=12),
        audio_encoder=EncodecConfig(
            sampling_rate=32_000,
            upsampling_ratios=[8, 5, 4, 4],
            codebook_size=2048,
            num_filters=filters,
            target_bandwidths=[2.2],
        ),
        decoder=MusicgenDecoderConfig(num_hidden_layers=layers),
    )
    with torch.device(device):
        model = Musicgen(config).eval()
    if on_gpu:
        model = model.half()
    ids = torch.ones(1, 8, dtype=torch.long, device=device)

    def generate(seconds: float) -> float:
        began = time.perf_counter()
        tokens = round(seconds * config.audio_encoder.frame_rate)
        model.generate(input_ids=ids, do_sample=True, max_new_tokens=tokens)
        finish(device)
        return time.perf_counter() - began

    if on_gpu:
        generate(0.2)
    seconds = MUSICGEN_S if on_gpu else 2.0
    return _of_a_clip(seconds, generate(seconds), 0.0)


def finish(device: str) -> None:
    """Wait for what a GPU was asked for."""
    if device == "cuda":
        torch.cuda.synchronize()


def _of_a_clip(seconds: float, generate_s: float, decode_s: float) -> dict[str, float]:
    """Nothing of a clip is heard before all of it is made, and a gesture asks for another."""
    total = generate_s + decode_s
    return {
        "chunk s": seconds,
        "generate ms": 1000 * generate_s,
        "decode ms": 1000 * decode_s,
        "total ms": 1000 * total,
        "RTF": total / seconds,
        "first ms": 1000 * total,
        "gesture ms": 1000 * total,
        "players": int(seconds / total),
    }
