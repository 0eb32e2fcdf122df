"""Teacher-guided trajectories on the fly: chunk by chunk under a shared history, from scripts alone.

The history grows chunk by chunk: each new chunk is the student's own output or the teacher's, drawn from the
same noise. The teacher is causal and so defined on any history; its guided solver is then run for all new
chunks side by side, each under the history that really preceded it, and every state on the way is kept.

What was once read is not read again: a rollout keeps the teacher's reading of all of it, and each network's
reading of what was finished before it. For the student that reading is a few updates old by the end of a
rollout; no gradient goes there anyway.

Shape legend: B scripts, T frames, F frames of a chunk, C latent channels, M solver steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import torch
from torch import nn

from legato.config import Solver
from legato.models.sampling import guide, slope, time_grid
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
        pasts: readings of the past alone by the networks that have read it.
    """

    past_btc: torch.Tensor
    history_btc: torch.Tensor
    noise_btc: torch.Tensor
    states: list[tuple[float, torch.Tensor]]
    steering: Steers
    chunk: int
    context: Context
    pasts: dict[nn.Module, Context] = field(default_factory=dict)

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
    solver: Solver = "adams",
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
        steps: solver steps M of the trajectories; the teacher plays its own chunks in half as
            many, at least four.
        solver: as of `trajectories`.
    """
    past_btc = last_frames(past_btc, teacher.window // chunk * chunk)
    ears = _ears(teacher, student, past_btc, chunk)
    history = _play(ears, student, steering, noise_btc, own, min(steps, max(4, steps // 2)), solver)
    context = ears[teacher.network].catch_up()
    states = trajectories(teacher, noise_btc, context, steering, past_btc.shape[1], chunk, steps, solver)
    pasts = {network: ear.past for network, ear in ears.items() if ear.started}
    return Rollout(past_btc, history, noise_btc, states, steering, chunk, context, pasts)


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
    solver: Solver = "adams",
) -> torch.Tensor:
    """The new chunks one after another, each hearing those before it.

    Arguments are those of `roll_out`; `steps` are the solver's in the chunks that the teacher plays.
    """
    ears = _ears(teacher, student, past_btc, chunk, forgetful=True)
    return _play(ears, student, steering, noise_btc, own, steps, solver)


def _play(
    ears: dict[nn.Module, _Ear],
    student: nn.Module,
    steering: Steers,
    noise_btc: torch.Tensor,
    own: list[bool],
    steps: int,
    solver: Solver,
) -> torch.Tensor:
    teacher, chunk = ears[student].teacher, ears[student].chunk
    chunks = []
    for index, mine in enumerate(own):
        span = slice(index * chunk, (index + 1) * chunk)
        now, noise = steering.frames(span.start, span.stop), noise_btc[:, span]
        context, first = ears[student if mine else teacher.network].listen()
        if mine:
            t_bt = noise.new_ones(noise.shape[:2])
            position = {"first": first, "chunk": chunk, "t_bt": t_bt, "dt_bt": t_bt}
            velocity = teacher.velocity(student, noise, context, now, guided=True, **position)
            clean = noise - velocity.float()
        else:
            clean = trajectories(teacher, noise, context, now, first, chunk, steps, solver)[-1][1]
        chunks.append(clean)
        for ear in ears.values():
            ear.unheard.append(clean)
    return torch.cat(chunks, 1)


class _Ear:
    """A network's reading of the history, brought up to date only when that network plays.

    A forgetful one keeps no more than a chunk can see: it can listen for hours.
    """

    def __init__(
        self, teacher: Teacher, network: nn.Module, past_btc: torch.Tensor, chunk: int, forgetful: bool
    ) -> None:
        self.teacher, self.network, self.chunk, self.forgetful = teacher, network, chunk, forgetful
        self.started = False
        self.past: Context | None = None  # its reading of what was finished before
        self.context: Context | None = None
        self.frames = past_btc.shape[1]
        self.unheard: list[torch.Tensor] = []
        self._past_btc = past_btc

    def catch_up(self) -> Context | None:
        """The context of everything played so far."""
        if not self.started:
            self.started = True
            if self._past_btc.shape[1]:
                self.context = self.past = self.teacher.context(self.network, self._past_btc, self.chunk)
        if self.unheard:
            fresh = torch.cat(self.unheard, 1)
            self.context = self.teacher.context(self.network, fresh, self.chunk, self.context)
            self.frames += fresh.shape[1]
            self.unheard = []
        return self.context

    def listen(self) -> tuple[Context | None, int]:
        """As much of that as a chunk can see, and its length in frames."""
        window = self.teacher.window // self.chunk * self.chunk
        recent, frames = self.teacher.recent(self.catch_up(), window), min(window, self.frames)
        if self.forgetful:
            self.context, self.frames = recent, frames
        return recent, frames


def _ears(
    teacher: Teacher, student: nn.Module, past_btc: torch.Tensor, chunk: int, forgetful: bool = False
) -> dict[nn.Module, _Ear]:
    return {
        network: _Ear(teacher, network, past_btc, chunk, forgetful) for network in (student, teacher.network)
    }


@torch.no_grad()
def trajectories(
    teacher: Teacher,
    noise_btc: torch.Tensor,
    context: Context | None,
    steering: Steers,
    first: int,
    chunk: int,
    steps: int,
    solver: Solver = "adams",
) -> list[tuple[float, torch.Tensor]]:
    """States of the guided field dx/dt = u_w from t = 1 to 0 for all chunks of `noise_btc` at once.

    Guidance as of `models.sampling.guide`, each script with its own weight; both branches read one context.
    "adams" is `models.sampling.slope`, "euler" the ablation's: endpoints of few Euler steps are blurred
    themselves. A teacher that solves by itself does so on its own times.
    """
    if isinstance(teacher, Solves):
        return teacher.solve(noise_btc, context, steering, first=first, chunk=chunk, steps=steps)
    x, before = noise_btc, None
    states = [(1.0, x)]
    for t, r in pairwise(time_grid(steps)):
        t_bt = x.new_full(x.shape[:2], t)
        u = guided_velocity(teacher, x, context, steering, first, chunk, t_bt)
        x, before = x - (t - r) * slope(u, before), None if solver == "euler" else u
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
    """The teacher's u_w, see `models.sampling.guide`; arguments as of `Teacher.velocity`."""
    given, dropped = (
        teacher.velocity(teacher.network, x_btc, context, s, first=first, chunk=chunk, t_bt=t_bt).float()
        for s in (steering, steering.dropped())
    )
    return guide(x_btc, given, dropped, t_bt[..., None], steering.guidance_b[:, None, None], chunk)


def last_frames(z_btc: torch.Tensor, frames: int) -> torch.Tensor:
    """At most the last `frames` frames; none of them for 0."""
    return z_btc[:, max(0, z_btc.shape[1] - frames) :]
