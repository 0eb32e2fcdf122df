"""From noise to the next chunk: time grids, guided teacher sampling, one- to four-step flow map, noise.

Shape legend: B batch, F frames of a chunk, C latent channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch

from legato.models.cache import GeneratorState
from legato.models.generator import Generator
from legato.models.streaming import Conditions, Steering

EMPHASIS = 1.75  # weight of guidance by notes and gates; more is surer of them, and less like music


def chunk_noise(seed: int, index: int, frames: int, channels: int) -> torch.Tensor:
    """Standard normal noise of chunk `index` [F, C], the same for the same arguments at any time."""
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, index]))
    return torch.from_numpy(rng.standard_normal((frames, channels), dtype=np.float32))


def time_grid(steps: int, shift: float = 1.0) -> list[float]:
    """Times from 1 to 0 in `steps` intervals; shift > 1 spends more of them near the noise."""
    t = np.linspace(1.0, 0.0, steps + 1)
    return [float(x) for x in shift * t / (1 + (shift - 1) * t)]


def guide(
    x_bfc: torch.Tensor,
    given_bfc: torch.Tensor,
    dropped_bfc: torch.Tensor,
    t: torch.Tensor | float,
    weight: torch.Tensor,
    chunk: int,
) -> torch.Tensor:
    """Velocity under classifier-free guidance that leaves the level alone.

    z_w = z_0 + w (z_c - z_0) with z = x - t u the clean estimates of both branches (Ho & Salimans 2022), then
    rescaled, chunk by chunk, to the spread of z_c (Lin et al. 2024, eq. 15-16, phi = 1). Plain guidance plays
    several dB too loud, and what is scaled up is no longer what was trained on.

    Args:
        x_bfc: x_t.
        given_bfc: velocity u_c.
        dropped_bfc: velocity u_0, with neither prompt nor controls.
        t: above 0, broadcast against `x_bfc`.
        weight: w, broadcast likewise; 1 is plain conditioning.
        chunk: F; `x_bfc` holds one chunk or several end to end.
    """
    given, dropped = x_bfc - t * given_bfc, x_bfc - t * dropped_bfc
    guided = dropped + weight * (given - dropped)

    def spread(z: torch.Tensor) -> torch.Tensor:
        return z.unflatten(1, (-1, chunk)).std((2, 3), correction=0, keepdim=True).clamp_min(1e-6)

    scale = (spread(given) / spread(guided)).expand(-1, -1, chunk, -1).flatten(1, 2)
    return (x_bfc - scale * guided) / t


def guided_velocity(
    generator: Generator,
    x_bfc: torch.Tensor,
    state: GeneratorState,
    conditions: Conditions,
    t_b: torch.Tensor,
    weight_b: torch.Tensor,
) -> torch.Tensor:
    """The field u_w of `guide`. The cache is prompt-free, so both branches read the same one."""
    u_c = generator.velocity(x_bfc, state, conditions, t_b=t_b)
    if bool((weight_b == 1).all()):
        return u_c
    u_0 = generator.velocity(x_bfc, state, conditions.dropped(), t_b=t_b)
    return guide(x_bfc, u_c, u_0, t_b[:, None, None], weight_b[:, None, None], x_bfc.shape[1])


def slope(u: torch.Tensor, before: torch.Tensor | None) -> torch.Tensor:
    """What a solver goes by on even steps: Adams and Bashforth of second order, u + (u - u_before) / 2.

    It costs no more than Euler's method, whose endpoints are blurred, and comes nearer; the first is Euler's.
    """
    return u if before is None else 1.5 * u - 0.5 * before


def sample_teacher(
    generator: Generator,
    noise_bfc: torch.Tensor,
    state: GeneratorState,
    conditions: Conditions,
    weight_b: torch.Tensor,
    steps: int = 12,
) -> tuple[torch.Tensor, list[tuple[float, torch.Tensor]]]:
    """Solution of dx/dt = u from t = 1 to 0 under committed context, by `slope`.

    Returns:
        The clean chunk [B, F, C], and all states as (t, x_t), noise first, clean last.
    """
    x, before = noise_bfc, None
    states = [(1.0, x)]
    for t, r in pairwise(time_grid(steps)):
        u = guided_velocity(generator, x, state, conditions, torch.full_like(weight_b, t), weight_b)
        x, before = x - (t - r) * slope(u, before), u
        states.append((r, x))
    return x, states


def sample_student(
    generator: Generator,
    noise_bfc: torch.Tensor,
    state: GeneratorState,
    conditions: Conditions,
    steps: int = 1,
    active: torch.Tensor | None = None,
    steerings: Sequence[Steering] | None = None,
    emphasis: float = EMPHASIS,
) -> tuple[torch.Tensor, GeneratorState]:
    """Flow map x_r = x_t - (t - r) u(x_t, t, t - r) in 1, 2 or 4 jumps; the first commits the pending chunk.

    The student is guided once more, as in `guide`, by played notes and the gates of families: its chunk as if
    they were not given, made beside it from the same noise, is what it is turned away from. Distillation
    taught it the weight of the prompt and all controls together; these are few among them, and faint.
    A chunk made in one step has the generator's `temperature` and `spread`.

    Args:
        generator: the student.
        noise_bfc: where the chunk starts from.
        state: musical context.
        conditions: what steers the chunk.
        steps: jumps.
        active: rows that take part, bool [B]; None: all.
        steerings: of `student_steerings`, where prompts and guidance are those of an earlier chunk.
        emphasis: weight of that guidance; 1 leaves it out.

    Returns:
        The clean chunk [B, F, C] and the state with that chunk pending.
    """
    x = generator.temperature * noise_bfc if steps == 1 else noise_bfc
    steerings = steerings or student_steerings(generator, conditions, steps)
    both = None if emphasis == 1 else conditions.beside_plain()
    told = both or conditions
    for index, ((t, r), steering) in enumerate(zip(pairwise(time_grid(steps)), steerings, strict=True)):
        times = _times(x, t, r)
        if index == 0:
            u, state = generator.step(x, state, told, **times, active=active, steering=steering)
        else:
            u = generator.velocity(x, state, told, **times, steering=steering)
        if both:
            u = guide(x, *u.chunk(2, 1), t, x.new_tensor(emphasis), x.shape[1])
        x = x - (t - r) * u
    if steps == 1:
        x = generator.spread_out(x, state)
    return x, generator.with_pending(state, x, active)


def student_steerings(generator: Generator, conditions: Conditions, steps: int) -> list[Steering]:
    """What prompts and guidance come to in each of a chunk's jumps."""
    like = conditions.prompt_bp
    return [generator.steering(conditions, **_times(like, t, r)) for t, r in pairwise(time_grid(steps))]


def _times(like_b: torch.Tensor, t: float, r: float) -> dict[str, torch.Tensor]:
    rows = (len(like_b),)
    return {"t_b": like_b.new_full(rows, t), "dt_b": like_b.new_full(rows, t - r)}
