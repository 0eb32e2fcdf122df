"""Small open models with random weights, of the real classes, and a stand-in for a distilled one."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from legato.engine.engine import Engine
from legato.nn.streaming import map_rows, take_rows
from legato.serving.app import create_app
from legato.serving.fake import FakeClient
from legato.teachers.family import Family, linear_names
from legato.teachers.instrument import ADAPTER, InstrumentRecord, write_record
from legato.teachers.native import fingerprint
from legato.teachers.playable import Conditioning, Fields, PlayState


def settle(module: nn.Module, std: float = 0.2, seed: int = 0) -> nn.Module:
    """Random matrices everywhere: some parts begin at zero and would hide everything behind them."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in module.parameters():
        if parameter.ndim > 1:
            nn.init.normal_(parameter, std=std, generator=generator)
    return module.eval().requires_grad_(False)


def oobleck(channels: int = 6, sample_rate: int = 48_000, ratios: Sequence[int] = (2, 4)) -> nn.Module:
    """The autoencoder of ACE-Step and Stable Audio Open."""
    from diffusers.models.autoencoders.autoencoder_oobleck import AutoencoderOobleck

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # it normalises weights in torch's older way
        vae = AutoencoderOobleck(
            encoder_hidden_size=4,
            downsampling_ratios=list(ratios),
            channel_multiples=[1] * len(ratios),
            decoder_channels=4,
            decoder_input_channels=channels,
            sampling_rate=sample_rate,
        )
    return vae.eval().requires_grad_(False)


def same(channels: int = 6, depth: int = 2, window: int = 1) -> nn.Module:
    """The autoencoder of Stable Audio 3."""
    from diffusers.models.autoencoders.autoencoder_same import AutoencoderSAME

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        vae = AutoencoderSAME(
            patch_size=8,
            encoder_channels=8,
            encoder_c_mults=(4,),
            encoder_strides=(4,),
            encoder_transformer_depths=(depth,),
            latent_dim=channels,
            dim_heads=16,
            sliding_window=window,
        )
    return settle(vae)


class Stand:
    """Implements `teachers.playable.Playable` without a network: what it plays tells what it was told.

    A chunk is its noise, plus the mean of the prompt's tokens, plus the mean of the chunk before.
    """

    fingerprint = "0123456789abcdef"
    channels, chunk, window = 6, 12, 24

    def __init__(
        self,
        vae: nn.Module,
        honours: tuple[str, ...] = ("bpm", "key", "time_signature"),
        guidance: tuple[float, float] = (1.0, 4.0),
        frame_samples: int = 8,
    ) -> None:
        self.vae, self.honours, self.guidance, self.frame_samples = vae, honours, guidance, frame_samples
        self.sample_rate = int(vae.config.sampling_rate)  # type: ignore[union-attr, arg-type]
        self.device = torch.device("cpu")
        self.told: list[Fields | None] = []

    def blend(self, prompts, fields=None) -> Conditioning:
        self.told.append(fields)
        tokens = [
            torch.full((3,), sum(map(ord, text)) % 97 / 97 * weight) for text, weight in prompts.items()
        ]
        k = torch.cat(tokens)[None, None, None, :, None]
        return Conditioning(k, k.clone(), torch.zeros(1, k.shape[3]), torch.zeros(1, 0))

    def init_state(self, batch: int, chunk: int | None = None) -> PlayState:
        empty = torch.zeros(1, batch, 1, self.window, 1)
        pending = torch.zeros(batch, chunk or self.chunk, self.channels)
        none = torch.zeros(batch, dtype=torch.int64)
        return PlayState(empty, empty, none, pending, none > 0)

    def step(self, noise_bfc, conditioning, guidance_b, steps, state, active=None):
        read = torch.where(torch.isinf(conditioning.bias_bl), 0.0, conditioning.k[0, :, 0, :, 0]).sum(1)
        made = noise_bfc + read[:, None, None] + state.pending.mean((1, 2), keepdim=True)
        after = PlayState(state.k, state.v, state.length + len(noise_bfc), made, state.has_pending | True)
        return made, after

    def join(self, rows):
        if isinstance(rows[0], Conditioning):
            most = max(row.tokens for row in rows)
            rows = [row.padded(most) for row in rows]
        return map_rows(lambda axis, *parts: torch.cat(parts, axis), *rows)

    def split(self, value):
        return [take_rows(value, [row]) for row in range(value.k.shape[1])]


def write_instrument(
    folder: Path, family: Family, network: Any, base: str, *, chunk: int, window: int
) -> None:
    """An instrument with a random adapter of rank 2 on one matrix of the base."""
    name = linear_names(network, family.blocks, ("attn",))[0]
    out_size, in_size = network.get_parameter(name).shape
    generator = torch.Generator().manual_seed(0)
    pair = {
        f"{name}.lora_a": torch.randn(2, in_size, generator=generator) / 8,
        f"{name}.lora_b": torch.randn(out_size, 2, generator=generator) / 8,
    }
    own = fingerprint(network.transformer.state_dict())
    folder.mkdir(parents=True, exist_ok=True)
    save_file(pair, folder / ADAPTER, metadata={"teacher": own})
    write_record(
        folder,
        InstrumentRecord(family.name, base, "", own, 2, 4.0, chunk, window, (1.0, 4.0), steps=1),
    )


async def play_on_a_page(engine: Engine, seconds: float) -> tuple[dict[str, Any], np.ndarray]:
    """What a page on virtual time is told and hears of an engine: `hello`, `status`, and so much sound."""
    heard: list[np.ndarray] = []
    app = create_app(engine)
    page = FakeClient(app, lambda stream, index, audio_n2: heard.append(audio_n2))
    async with app.router.lifespan_context(app):
        page.connect()
        told = {"hello": await page.told("hello")}
        page.send({"type": "start"})
        await page.told("started")
        while sum(map(len, heard)) < seconds * engine.model.sample_rate:
            engine.run_once()
            for _ in range(6):
                await asyncio.sleep(0)
            engine.clock.sleep(0.01)
        told["status"] = await page.told("status", playing=True)
        page.leave()
        if page.task:
            await page.task
    engine.close()
    return told, np.concatenate(heard)


def stepped(model: Any, chunks: int) -> torch.Tensor:
    """What a live model makes of one prompt and fixed noise, [samples, 2]."""
    from legato.control.mapping import Heading
    from legato.control.state import Controls

    rng = np.random.default_rng(0)
    state, parts = model.init_state(model.chunk_frames), []
    read = model.steering(Controls(prompts="jazz"), Heading(None, None, None))
    for _ in range(chunks):
        noise = rng.standard_normal((1, model.chunk_frames, model.latent_channels), np.float32)
        made = model.step(noise, noise, [read], np.ones(1, np.float32), 1, state)
        state = made.state
        parts.append(torch.from_numpy(made.pcm_bn2[0]))
    return torch.cat(parts)
