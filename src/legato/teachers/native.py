"""The embedded generator as a teacher: chunks in parallel or one by one under an explicit history.

The same mathematics as `Generator.forward` and its streaming state, with the clean context computed once and
shared by all solver steps, both guidance branches and all chunks.

Shape legend: B batch, T frames, C latent channels, H heads, N context frames, D head size, L layers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.nn.attention import attend, position_free, rotary_table, rotate
from legato.nn.blocks import Attend, Block, normed
from legato.teachers.protocol import Steering


@dataclass(frozen=True)
class KeyValues:
    """Keys (unrotated) and values of clean history, one [B, H, N, D] a layer, oldest first."""

    k: list[torch.Tensor]
    v: list[torch.Tensor]

    @property
    def frames(self) -> int:
        """N."""
        return self.k[0].shape[2]


class NativeTeacher:
    """A trained `Generator`, with the codec for losses on decoded sound.

    Args:
        generator: the teacher; it is frozen here.
        codec: its frozen codec, or None to go without decoded losses.
        hears: False makes every chunk deaf to those before it: what a cache of text alone comes to.
    """

    embeddings: tuple[str, ...] = ("time.", "interval.", "guidance.", "head.", "head_mod.")

    def __init__(self, generator: Generator, codec: Codec | None = None, hears: bool = True) -> None:
        self.network: nn.Module = generator.eval().requires_grad_(False)
        self.channels = generator.config.latent_channels
        self.prompt_dim = generator.config.prompt_dim
        self.window = generator.config.window if hears else 0
        self.fingerprint = fingerprint(generator.state_dict())
        self.adapted = tuple(
            f"blocks.{i}.{name}.weight"
            for i in range(generator.config.depth)
            for name in ("qkv", "out", "ff_in", "ff_out")
        )
        depth = generator.config.depth
        self._tapped = sorted({depth * quarter // 4 for quarter in (1, 2, 3)})  # blocks giving features
        self.feature_size = len(self._tapped) * generator.config.width
        decode = None if codec is None else codec.eval().requires_grad_(False).decode_features
        self.decode_features: Callable[[torch.Tensor], dict[str, torch.Tensor]] | None = decode

    def context(
        self, network: nn.Module, clean_btc: torch.Tensor, chunk: int, past: KeyValues | None = None
    ) -> KeyValues | None:
        """`past` (a whole number of chunks) continued by `clean_btc`; None for a teacher that is deaf."""
        if not self.window:
            return None
        generator = _generator(network)
        start = past.frames if past else 0
        total = start + clean_btc.shape[1]
        device = clean_btc.device
        distance = _block_distance(torch.arange(start, total), torch.arange(total), chunk)
        sees = (distance >= 0) & (distance < self.window // chunk)
        mask = F.pad(sees, (generator.config.registers, 0), value=True).to(device)
        positions = torch.arange(total, device=device)
        table = rotary_table(positions, generator.rotary_dims)
        own = rotary_table(positions[start:], generator.rotary_dims)
        found = KeyValues([], [])

        def for_layer(layer: int) -> Attend:
            def attention(q, k, v, prompt_k, prompt_v):
                if past:
                    k = torch.cat([past.k[layer].to(k.dtype), k], 2)
                    v = torch.cat([past.v[layer].to(v.dtype), v], 2)
                found.k.append(k)
                found.v.append(v)
                sink_k, sink_v = generator.sinks(_block(generator, layer), q)
                return attend(
                    rotate(q, own),
                    torch.cat([sink_k, rotate(k, table)], 2),
                    torch.cat([sink_v, v], 2),
                    mask,
                )

            return attention

        x = generator.clean_in(clean_btc)
        level = generator.context_level(clean_btc.new_zeros(clean_btc.shape[:2]))
        layers = [for_layer(i) for i in range(generator.config.depth)]
        generator.walk(x, level, x.new_zeros(x.shape[0], 0, x.shape[2]), layers)
        return found

    def recent(self, context: KeyValues | None, frames: int) -> KeyValues | None:
        """The last `frames` frames."""
        if context is None:
            return None
        start = max(0, context.frames - frames)
        return KeyValues([k[:, :, start:] for k in context.k], [v[:, :, start:] for v in context.v])

    def velocity(
        self,
        network: nn.Module,
        x_btc: torch.Tensor,
        context: KeyValues | None,
        steering: Steering,
        *,
        first: int,
        chunk: int,
        t_bt: torch.Tensor,
        dt_bt: torch.Tensor | None = None,
        guided: bool = False,
    ) -> torch.Tensor:
        """Velocity at every frame of `x_btc`; see the protocol."""
        generator = _generator(network)
        emb = generator.noisy_embedding(t_bt, dt_bt, steering.guidance_b if guided else None)
        x, emb = self._read(generator, x_btc, context, steering, first, chunk, emb)
        return generator.answer(x, emb)

    def features(
        self,
        x_btc: torch.Tensor,
        context: KeyValues | None,
        steering: Steering,
        *,
        first: int,
        chunk: int,
        t_bt: torch.Tensor,
    ) -> torch.Tensor:
        """What blocks a quarter, half and three quarters of the way give, each normed; see the protocol."""
        generator = _generator(self.network)
        emb = generator.noisy_embedding(t_bt, None, None)
        seen: list[torch.Tensor] = []
        self._read(generator, x_btc, context, steering, first, chunk, emb, seen)
        return torch.cat([normed(seen[block]) for block in self._tapped], -1)

    def _read(
        self,
        generator: Generator,
        x_btc: torch.Tensor,
        context: KeyValues | None,
        steering: Steering,
        first: int,
        chunk: int,
        times_btd: torch.Tensor,
        seen: list[torch.Tensor] | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Last activations [B, T, width] and the embedding that modulated them; `seen` as of the trunk."""
        frames, device = x_btc.shape[1], x_btc.device
        prompts = generator.given_prompt(steering.prompt_bsp, steering.given_bs)
        by_frame = steering.segment_bt[..., None].expand(-1, -1, generator.config.width)
        prompt_btd = generator.prompt_mod(prompts).gather(1, by_frame)
        emb = times_btd + prompt_btd
        known = context.frames if context else 0
        own = rotary_table(torch.arange(first, first + frames, device=device), generator.rotary_dims)
        history = rotary_table(torch.arange(known, device=device), generator.rotary_dims)
        mask = self._sees(generator, steering, first, frames, known, chunk)

        def for_layer(layer: int) -> Attend:
            def attention(q, k, v, prompt_k, prompt_v):
                sink_k, sink_v = generator.sinks(_block(generator, layer), q)
                keys = [sink_k, position_free(prompt_k)]
                values = [sink_v, prompt_v]
                if context:
                    keys.append(rotate(context.k[layer].to(k.dtype), history))
                    values.append(context.v[layer].to(v.dtype))
                keys.append(rotate(k, own))
                values.append(v)
                return attend(rotate(q, own), torch.cat(keys, 2), torch.cat(values, 2), mask)

            return attention

        x = generator.noisy_in(x_btc) + generator.cond_in(steering.cond_btd)
        layers = [for_layer(i) for i in range(generator.config.depth)]
        return generator.walk(x, emb, generator.prompt_as_tokens(prompts), layers, seen), emb

    def _sees(
        self, generator: Generator, steering: Steering, first: int, frames: int, known: int, chunk: int
    ) -> torch.Tensor:
        """Registers, own prompt, clean blocks 1 to W before, own noisy block: bool [B, 1, T, K]."""
        device = steering.cond_btd.device
        own = torch.arange(first, first + frames, device=device)
        to_history = _block_distance(own, torch.arange(known, device=device), chunk)
        to_own = _block_distance(own, own, chunk)
        sees = torch.cat([(to_history >= 1) & (to_history <= self.window // chunk), to_own == 0], -1)
        prompts = steering.prompt_bsp.shape[1]
        prompt = steering.segment_bt[..., None] == torch.arange(prompts, device=device)
        prompt = prompt.repeat_interleave(generator.config.prompt_tokens, -1)
        batch = prompt.shape[0]
        registers = prompt.new_ones(batch, frames, generator.config.registers)
        return torch.cat([registers, prompt, sees.expand(batch, -1, -1)], -1)[:, None]


def fingerprint(tensors: dict[str, torch.Tensor]) -> str:
    """SHA-256 of weights at bfloat16 precision: the same before and after a bundle rounds them."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(
            tensors[name].detach().cpu().bfloat16().contiguous().view(torch.uint8).numpy().tobytes()
        )
    return digest.hexdigest()


def _block_distance(query_n: torch.Tensor, key_k: torch.Tensor, chunk: int) -> torch.Tensor:
    return (query_n // chunk)[:, None] - (key_k // chunk)[None, :]


def _generator(network: nn.Module) -> Generator:
    if not isinstance(network, Generator):
        raise TypeError(f"the native teacher reads Generators, not {type(network).__name__}")
    return network


def _block(generator: Generator, layer: int) -> Block:
    return generator.blocks[layer]  # type: ignore[return-value]
