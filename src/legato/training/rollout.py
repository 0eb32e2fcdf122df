"""Teacher-guided trajectories on the fly: chunk by chunk under a shared history, from scripts alone.

The history grows chunk by chunk: each new chunk is the student's own output or the teacher's, drawn from the
same noise. The teacher is causal and so defined on any history; its guided solver is then run for all new
chunks side by side, each under the history that really preceded it, and every state on the way is kept.

Shape legend: B scripts, T frames, F frames of a chunk, C latent channels, M solver steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import nn

from legato.models.sampling import time_grid
from legato.teachers.protocol import Context, Solves, Steers, Teacher


@dataclass(frozen=True)
class Rollout:
    """A stretch of music and how the teacher would have made each of its chunks.

    Attributes:
        past_btc: history before it, already finished (T may be 0).
        history_btc: the chunks committed, student's and teacher's.
        noise_btc: the noise each was drawn from.
        states: (t, x_t) of the teacher's solver, t = 1 … 0, M + 1 of them.
        steering: what steered it.
        chunk: F.
        context: the teacher's own reading of past and history.
    """

    past_btc: torch.Tensor
    history_btc: torch.Tensor
    noise_btc: torch.Tensor
    states: list[tuple[float, torch.Tensor]]
    steering: Steers
    chunk: int
    context: Context

    @property
    def first(self) -> int:
        """Frames of history before the first chunk."""
        return self.past_btc.shape[1]

    @property
    def target_btc(self) -> torch.Tensor:
        """X_M, the teacher's endpoints."""
        return self.states[-1][1]


@torch.no_grad()
def roll_out(
    teacher: Teacher,
    student: nn.Module,
    steering: Steers,
    past_btc: torch.Tensor,
    noise_btc: torch.Tensor,
    own: list[bool],
    *,
    chunk: int,
    steps: int,
) -> Rollout:
    """Continue `past_btc` and label every new chunk with the teacher's guided trajectory.

    Args:
        teacher: frozen.
        student: its output is committed where `own` says so.
        steering: of the new frames.
        past_btc: finished latents; the last `teacher.window` frames count.
        noise_btc: noise of the new frames, [B, K F, C].
        own: for each of the K new chunks, whether the student plays it.
        chunk: F.
        steps: solver steps M of the trajectories; the teacher plays its own chunks with half as many.
    """
    past_btc = last_frames(past_btc, teacher.window // chunk * chunk)
    history = play(
        teacher, student, steering, past_btc, noise_btc, own, chunk=chunk, steps=max(2, steps // 2)
    )
    context = teacher.context(teacher.network, torch.cat([past_btc, history], 1), chunk)
    states = trajectories(teacher, noise_btc, context, steering, past_btc.shape[1], chunk, steps)
    return Rollout(past_btc, history, noise_btc, states, steering, chunk, context)


@torch.no_grad()
def play(
    teacher: Teacher,
    student: nn.Module,
    steering: Steers,
    past_btc: torch.Tensor,
    noise_btc: torch.Tensor,
    own: list[bool],
    *,
    chunk: int,
    steps: int,
) -> torch.Tensor:
    """The new chunks one after another, each hearing those before it; arguments as of `roll_out`."""
    ears = {network: _Ear(teacher, network, past_btc, chunk) for network in (student, teacher.network)}
    chunks = []
    for index, mine in enumerate(own):
        span = slice(index * chunk, (index + 1) * chunk)
        now, noise = steering.frames(span.start, span.stop), noise_btc[:, span]
        context, first = ears[student if mine else teacher.network].listen()
        if mine:
            t_bt = noise.new_ones(noise.shape[:2])
            position = {"first": first, "chunk": chunk, "t_bt": t_bt, "dt_bt": t_bt}
            clean = noise - teacher.velocity(student, noise, context, now, guided=True, **position).float()
        else:
            clean = trajectories(teacher, noise, context, now, first, chunk, steps)[-1][1]
        chunks.append(clean)
        for ear in ears.values():
            ear.unheard.append(clean)
    return torch.cat(chunks, 1)


class _Ear:
    """A network's reading of the history, brought up to date only when that network plays."""

    def __init__(self, teacher: Teacher, network: nn.Module, past_btc: torch.Tensor, chunk: int) -> None:
        self.teacher, self.network, self.chunk = teacher, network, chunk
        self.context: Context | None = None
        self.frames = 0
        self.unheard = [past_btc] if past_btc.shape[1] else []

    def listen(self) -> tuple[Context | None, int]:
        """The context of everything played so far, and its length in frames."""
        if self.unheard:
            fresh = torch.cat(self.unheard, 1)
            window = self.teacher.window // self.chunk * self.chunk
            longer = self.teacher.context(self.network, fresh, self.chunk, self.context)
            self.context = self.teacher.recent(longer, window)
            self.frames = min(window, self.frames + fresh.shape[1])
            self.unheard = []
        return self.context, self.frames


@torch.no_grad()
def trajectories(
    teacher: Teacher,
    noise_btc: torch.Tensor,
    context: Context | None,
    steering: Steers,
    first: int,
    chunk: int,
    steps: int,
) -> list[tuple[float, torch.Tensor]]:
    """Euler states of the guided field dx/dt = u_w from t = 1 to 0 for all chunks of `noise_btc` at once.

    Classifier-free guidance (Ho & Salimans 2022), each script with its own weight; both branches read one
    context. A teacher with a solver of its own walks by that.
    """
    if isinstance(teacher, Solves):
        return teacher.solve(noise_btc, context, steering, first=first, chunk=chunk, steps=steps)
    x, grid = noise_btc, time_grid(steps)
    states = [(1.0, x)]
    for t, r in pairwise(grid):
        t_bt = x.new_full(x.shape[:2], t)
        x = x - (t - r) * guided_velocity(teacher, x, context, steering, first, chunk, t_bt)
        states.append((r, x))
    return states


def guided_velocity(
    teacher: Teacher,
    x_btc: torch.Tensor,
    context: Context | None,
    steering: Steers,
    first: int,
    chunk: int,
    t_bt: torch.Tensor,
) -> torch.Tensor:
    """The teacher's u_0 + w (u_c - u_0); arguments as of `Teacher.velocity`."""
    given, dropped = (
        teacher.velocity(teacher.network, x_btc, context, s, first=first, chunk=chunk, t_bt=t_bt).float()
        for s in (steering, steering.dropped())
    )
    return dropped + steering.guidance_b[:, None, None] * (given - dropped)


def last_frames(z_btc: torch.Tensor, frames: int) -> torch.Tensor:
    """At most the last `frames` frames; none of them for 0."""
    return z_btc[:, max(0, z_btc.shape[1] - frames) :]
