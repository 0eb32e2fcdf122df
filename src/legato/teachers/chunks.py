"""All chunks of a stretch of music side by side, each under the context before it: how a student is trained.

`stepping` gives the same one chunk at a time.

Shape legend: as in `streaming`.
"""

from __future__ import annotations

from functools import partial

import torch

from legato.teachers.prompts import PromptSteering
from legato.teachers.streaming import StreamingDiT
from legato.teachers.tokens import LayerKeys, for_rows, rotate


def read_context(
    network: StreamingDiT, clean_btc: torch.Tensor, chunk: int, window: int, past: LayerKeys | None
) -> LayerKeys:
    """Keys and values of `past` (a whole number of chunks) continued by finished frames.

    Args:
        network: of a student.
        clean_btc: finished latents.
        chunk: frames of a block.
        window: frames that a block sees, its own included; a multiple of `chunk`.
        past: of an earlier call.
    """
    block, reach = chunk // network.patch, window // chunk
    known = past[0][0].shape[2] if past else 0
    batch = len(clean_btc)
    mods = network.clean_mods(batch)
    tokens = network.clean_in(clean_btc)
    own = torch.arange(known, known + tokens.x.shape[2], device=clean_btc.device)
    keys = torch.arange(known + len(own), device=clean_btc.device)
    blocks = torch.arange(known // block, (known + len(own)) // block, device=clean_btc.device)
    distance = (own // block)[:, None] - (keys // block)[None, :]
    sees = (distance >= 0) & (distance < reach)
    sinks = network.sinks(mods[1]) if network.prefix else []
    sink_at = network.prefix_positions(blocks * block, reach * block).flatten()
    sees_sink = ((own // block)[:, None] == blocks).repeat_interleave(network.prefix, 1)
    masks = network.masks(torch.cat([sees_sink, sees], 1), own, torch.cat([sink_at, keys]))
    tables = network.rotary(own), network.rotary(torch.cat([sink_at, keys]))
    found: LayerKeys = []

    def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        if past:
            k = torch.cat([past[index][0].to(k.dtype), k], 2)
            v = torch.cat([past[index][1].to(v.dtype), v], 2)
        found.append((k, v))
        if network.prefix:
            sink_k, sink_v = (for_rows(part, batch).repeat(1, 1, len(blocks), 1) for part in sinks[index])
            k, v = torch.cat([sink_k, k], 2), torch.cat([sink_v, v], 2)
        return network.mix(rotate(q, tables[0]), rotate(k, tables[1]), v, masks(index))

    cross = partial(network.cross, network.null_keys(), None)
    network.walk(tokens, mods[0], attend, cross)
    return found


def chunk_velocity(
    network: StreamingDiT,
    x_btc: torch.Tensor,
    context: LayerKeys | None,
    steering: PromptSteering,
    *,
    first: int,
    chunk: int,
    window: int,
    t_bt: torch.Tensor,
    dt_bt: torch.Tensor | None = None,
    guided: bool = False,
) -> torch.Tensor:
    """Velocity of all chunks side by side, each under the context before it; see `protocol.Teacher`."""
    dtype, device = network.dtype, x_btc.device
    block, reach = chunk // network.patch, window // chunk
    t_bg = t_bt[:, ::chunk]
    dt_bg = None if dt_bt is None else dt_bt[:, ::chunk]
    segment_bg = steering.segment_bt[:, ::chunk]
    prompts = network.given(steering)
    vector = prompts.vector_bsg.gather(1, segment_bg[..., None].expand(-1, -1, len(network.null_vector)))
    extra = network.extra(dt_bg, steering.guidance_b if guided else None)
    mods = network.embed(t_bg, extra, vector.to(dtype))
    scaled = network.scaled(x_btc.unflatten(1, (-1, chunk)).float(), t_bg)
    tokens = network.with_prefix(network.noisy_in(scaled.to(dtype)), mods)

    known = context[0][0].shape[2] if context else 0
    groups, n = tokens.x.shape[1:3]
    starts = first // network.patch + block * torch.arange(groups, device=device)
    audio = starts[:, None] + torch.arange(block, device=device)
    own = torch.cat([network.prefix_positions(starts, reach * block), audio], 1).flatten()
    before = torch.arange(known, device=device)
    own_block = (starts // block).repeat_interleave(n)
    distance = own_block[:, None] - (before // block)[None, :]
    sees = (distance >= 1) & (distance <= reach)
    same = own_block[:, None] == own_block[None, :]
    masks = network.masks(torch.cat([sees, same], 1), own, torch.cat([before, own]))
    tables = network.rotary(own), network.rotary(before)

    def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        k = rotate(k, tables[0])
        if context:
            old_k, old_v = (part.to(k.dtype) for part in context[index])
            k, v = torch.cat([rotate(old_k, tables[1]), k], 2), torch.cat([old_v, v], 2)
        return network.mix(rotate(q, tables[0]), k, v, masks(index))

    keys, valid = network.keys_of(prompts), prompts.valid_bsl
    follows = segment_bg[:, :, None] == torch.arange(valid.shape[1], device=device)  # [B, G, S]
    reads = (follows[..., None] & valid[:, None]).flatten(2).repeat_interleave(n, 1)[:, None]
    x = network.walk(tokens, mods, attend, partial(network.cross, keys, reads))
    answer = network.out(x[:, :, network.prefix :], mods).float()
    return network.velocity_from(answer, scaled, t_bg).flatten(1, 2)
