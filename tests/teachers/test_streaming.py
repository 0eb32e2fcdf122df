"""The streaming form of every family: the real network when all see all, and one and the same in both ways of
reading a stream."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from teachers.conftest import CHUNK, WINDOW, Opened, normal

from legato.teachers import stepping
from legato.teachers.canvas import canvas_velocity
from legato.teachers.chunks import chunk_velocity, read_context
from legato.teachers.playable import Conditioning
from legato.teachers.prompts import PromptSteering

CLOSE = 1e-4  # relative


def far(a: torch.Tensor, b: torch.Tensor) -> float:
    """Largest difference over the largest value."""
    return float((a - b).abs().max() / b.abs().max())


def real_forward(
    opened: Opened, x: torch.Tensor, t: torch.Tensor, known: torch.Tensor, z: torch.Tensor
) -> Any:
    """The diffusers model's own forward, told of known audio as its pipeline does it."""
    net, prompts = opened.network.transformer, opened.prompts[1]
    tokens, vector = prompts.tokens_bsle[0], prompts.vector_bsg[0]
    tokens = tokens.expand(len(x), -1, -1)
    name = opened.source.family.name
    if name == "ace-step":
        silence = opened.network.silence.expand_as(z)
        src = torch.where(known[:, None] > 0, z, silence)
        mask = (1 - known)[None, :, None].expand_as(z)
        return net(x, t, t, tokens, torch.cat([src, mask], -1)).sample
    if name == "stable-audio":
        from diffusers.models.embeddings import get_1d_rotary_pos_embed

        rotary = get_1d_rotary_pos_embed(
            net.config.attention_head_dim // 2, x.shape[1] + 1, use_real=True, repeat_interleave_real=False
        )
        # Flow time t in the scheduler's terms: σ = t / (1 - t). The cosine scheduler of the released weights
        # shares these methods with this one; its `precondition_noise` is atan(σ) · 2 / π.
        from diffusers.schedulers import EDMDPMSolverMultistepScheduler

        scheduler = EDMDPMSolverMultistepScheduler(prediction_type="v_prediction", sigma_data=1.0)
        sigma = t / (1 - t)
        noisy = x.mT / (1 - t)[:, None, None]
        answer = net(
            scheduler.precondition_inputs(noisy, sigma[0]),
            sigma.atan() / torch.pi * 2,
            encoder_hidden_states=tokens,
            global_hidden_states=vector.expand(len(x), -1)[:, None],
            rotary_embedding=rotary,
            return_dict=False,
        )[0]
        denoised = scheduler.precondition_outputs(noisy, answer, sigma[0]).mT
        return (x - denoised) / t[:, None, None]
    local = torch.cat([known[:, None].expand(*x.shape[:2], 1), z * known[:, None]], -1).mT
    return net(x.mT, t, tokens, vector.expand(len(x), -1), local_add_cond=local).sample.mT


def test_whole_canvas_is_the_real_network(opened: Opened) -> None:
    frames, known = 12, (torch.arange(12) < 4).float()
    x, z, t = normal(2, frames, 8), normal(2, frames, 8, seed=1), torch.full((2,), 0.6)
    prompts = opened.prompts[1]
    keys = opened.network.keys_of(prompts)
    vector = prompts.vector_bsg[:, 0].expand(2, -1)
    with torch.no_grad():
        ours = canvas_velocity(opened.network, x, known, z, t, (keys, None), vector)
        theirs = real_forward(opened, x, t, known, z)
    assert far(ours, theirs) < CLOSE


def conditioning(opened: Opened, row: int) -> Conditioning:
    from legato.teachers.student import Student

    one: Any = Student.__new__(Student)
    one.network, one.device = opened.network, torch.device("cpu")
    return one._conditioning(opened.prompts[row])


@torch.no_grad()
def in_one_pass(
    opened: Opened, steering: PromptSteering, z: torch.Tensor, noise: torch.Tensor
) -> torch.Tensor:
    context = read_context(opened.network, z, CHUNK, WINDOW, None)
    t = torch.ones(noise.shape[:2])
    at = {"first": 0, "chunk": CHUNK, "window": WINDOW, "t_bt": t, "dt_bt": t, "guided": True}
    return chunk_velocity(opened.network, noise, context, steering, **at)


def test_cached_stream_is_the_masked_pass(opened: Opened) -> None:
    """Five chunks, past the window, with a switch of prompt: cached or all at once."""
    frames = 5 * CHUNK
    steering, noise = opened.steering(1, frames), normal(1, frames, 8, seed=2)
    with torch.no_grad():
        constants = stepping.Constants.of(opened.network)
        state = stepping.init_state(opened.network, 1, CHUNK, WINDOW)
        played = []
        for start in range(0, frames, CHUNK):
            row = conditioning(opened, int(steering.segment_bt[0, start]))
            x = noise[:, start : start + CHUNK]
            z, state = stepping.sample(opened.network, constants, x, row, steering.guidance_b, 1, state)
            played.append(z)
    streamed = torch.cat(played, 1)
    whole = noise - in_one_pass(opened, steering, streamed, noise)
    assert far(streamed, whole) < CLOSE


def test_context_continued_is_context_in_one_go(opened: Opened) -> None:
    z = normal(2, 4 * CHUNK, 8)
    with torch.no_grad():
        whole = read_context(opened.network, z, CHUNK, WINDOW, None)
        first = read_context(opened.network, z[:, : 3 * CHUNK], CHUNK, WINDOW, None)
        both = read_context(opened.network, z[:, 3 * CHUNK :], CHUNK, WINDOW, first)
    for one, other in zip(whole, both, strict=True):
        assert far(one[0], other[0]) < CLOSE and far(one[1], other[1]) < CLOSE


def test_old_audio_is_heard_and_audio_before_the_window_is_not_needed(opened: Opened) -> None:
    frames = 4 * CHUNK
    steering, noise, z = opened.steering(1, frames), normal(1, frames, 8), normal(1, frames, 8, seed=3)
    changed = z.clone()
    changed[:, CHUNK : 2 * CHUNK] += 1.0
    one, other = (in_one_pass(opened, steering, audio, noise) for audio in (z, changed))
    differs = (one - other).abs().amax((0, 2)).unflatten(0, (-1, CHUNK)).amax(1)
    assert bool((differs[:2] < 1e-5).all())  # a chunk hears neither itself nor what follows
    assert bool((differs[2:] > 1e-3).all())  # the two after it do


def test_prompt_reaches_the_next_chunk_and_leaves_cached_keys_alone(opened: Opened) -> None:
    noise, guidance = normal(1, CHUNK, 8), torch.ones(1)
    with torch.no_grad():
        constants = stepping.Constants.of(opened.network)
        state = stepping.init_state(opened.network, 1, CHUNK, WINDOW)
        _, state = stepping.sample(
            opened.network, constants, noise, conditioning(opened, 0), guidance, 1, state
        )
        after = [
            stepping.sample(opened.network, constants, noise, conditioning(opened, row), guidance, 1, state)
            for row in (0, 1)
        ]
    (one, same), (other, switched) = after
    assert far(other, one) > 1e-3
    assert torch.equal(same.k, switched.k) and torch.equal(same.v, switched.v)


def test_rows_are_players_of_their_own(opened: Opened) -> None:
    """A batch gives what each row gives alone; idle rows keep their state; unused slots hold anything."""
    noise, guidance = normal(2, CHUNK, 8), torch.tensor([1.0, 3.0])
    with torch.no_grad():
        constants = stepping.Constants.of(opened.network)
        state = stepping.init_state(opened.network, 2, CHUNK, WINDOW)
        state.k.fill_(torch.nan), state.v.fill_(torch.nan)  # type: ignore[func-returns-value]
        both = conditioning(opened, 0)
        both = Conditioning(
            both.k.expand(-1, 2, -1, -1, -1), both.v.expand(-1, 2, -1, -1, -1), both.bias_bl.expand(2, -1),
            both.vector_bg.expand(2, -1),
        )  # fmt: skip
        z, state = stepping.sample(opened.network, constants, noise, both, guidance, 1, state)
        idle = torch.tensor([True, False])
        z_next, after = stepping.sample(opened.network, constants, noise, both, guidance, 2, state, idle)
        alone = stepping.init_state(opened.network, 1, CHUNK, WINDOW)
        row = conditioning(opened, 0)
        z_one, alone = stepping.sample(opened.network, constants, noise[:1], row, guidance[:1], 1, alone)
        z_two, alone = stepping.sample(opened.network, constants, noise[:1], row, guidance[:1], 2, alone)
    assert far(z[:1], z_one) < CLOSE and far(z_next[:1], z_two) < CLOSE
    assert torch.equal(after.pending[1], state.pending[1])
    assert after.length.tolist() == [CHUNK // opened.network.patch, 0]
    assert bool(torch.isfinite(after.k[:, 0, :, -alone.length[0] :]).all())


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0])
def test_velocity_is_finite_at_both_ends_of_time(opened: Opened, t: float) -> None:
    steering, x = opened.steering(2, 2 * CHUNK), normal(2, 2 * CHUNK, 8)
    t_bt = torch.full(x.shape[:2], t)
    with torch.no_grad():
        at = {"first": 0, "chunk": CHUNK, "window": WINDOW, "t_bt": t_bt, "dt_bt": t_bt, "guided": True}
        u = chunk_velocity(opened.network, x, None, steering, **at)
    assert bool(torch.isfinite(u).all())
    if t == 0.0:
        assert torch.equal(x - t * u, x)  # f(x, 0) = x
