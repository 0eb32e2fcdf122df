"""Distribution matching on the student's own rollouts (DMD, arXiv 2311.18828; DMD2, arXiv 2405.14867).

The gradient of the divergence from the student's distribution to the teacher's, both noised to time t, is the
difference of their scores. In a flow with x_t = (1 - t) z + t ε a score is known through the velocity: the
mean clean chunk is μ = x_t - t u and the score ((1 - t) μ - x_t) / t². So

    ∂L/∂x  ∝  μ_fake(x_t, t) - μ_real(x_t, t),

μ_real from the guided teacher, μ_fake from a copy of it with an adapter, fitted to the student's own chunks
by flow matching. The guidance weight, an input of the student, is one of the fake score's too: the student's
distribution depends on it. Both read the history that really preceded each chunk.

Shape legend: B scripts, K chunks, F frames of a chunk, T = K F frames, C latent channels.
"""

from __future__ import annotations

import numpy as np
import torch

from legato.config import DistillConfig
from legato.teachers import Teacher
from legato.training.adapters import computing, make_student
from legato.training.beside import Beside
from legato.training.reading import Reading, blocks, noise_like, noised
from legato.training.rollout import Rollout, guided_velocity

TIMES = (0.02, 0.98)  # of the noised states: at the ends one of the two scores says nothing


def matching_gradient(x_bkfc: torch.Tensor, real_bkfc: torch.Tensor, fake_bkfc: torch.Tensor) -> torch.Tensor:
    """(μ_fake - μ_real) / mean |x - μ_real| per chunk (DMD, eq. 7 and 8): its size is alike at all times.

    Args:
        x_bkfc: the student's chunks.
        real_bkfc: mean clean chunk of the teacher's distribution, given the chunks noised.
        fake_bkfc: the same of the student's distribution.
    """
    size = (x_bkfc - real_bkfc).abs().mean((-2, -1), keepdim=True)
    return (fake_bkfc - real_bkfc) / size.clamp_min(1e-4)


def surrogate(x: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """½ mean |x - stopgrad(x - g)|²: a loss with gradient g / size at `x`, and the size of g for a value."""
    return 0.5 * (x - (x - gradient).detach()).square().mean()


def flow_matching(velocity: torch.Tensor, clean: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
    """Mean |u(x_t, t) - (ε - z)|², least for the velocity of the distribution that `clean` comes from."""
    return (velocity - (noise - clean)).square().mean()


class FakeScore:
    """The velocity of the student's own distribution: the teacher with an adapter, always a little behind.

    Args:
        teacher: whose network is copied.
        settings: rank, optimiser.
        device: where to train it.
    """

    def __init__(self, teacher: Teacher, settings: DistillConfig, device: str) -> None:
        self.teacher, self.device = teacher, device
        self.network = make_student(teacher, settings.rank, settings.alpha).to(device)
        self.beside = Beside(self.network, settings.optim)

    def learn(self, rollout: Rollout, played_btc: torch.Tensor, rng: np.random.Generator, lr: float) -> float:
        """One update on chunks that the student played under the rollout's history; returns the loss."""
        noise = noise_like(played_btc, rng)
        x, t = noised(played_btc, noise, rollout.chunk, rng, TIMES)
        with computing(self.device, self.network):
            velocity = Reading(self.teacher, self.network, rollout).velocity(x, t)
            loss = flow_matching(velocity, played_btc, noise)
        return self.beside.update(loss, lr)

    def loss(self, student: Reading, rng: np.random.Generator) -> torch.Tensor:
        """The student's chunks from fresh noise, with the gradient of the divergence to the teacher."""
        rollout = student.rollout
        played = student.played(noise_like(rollout.noise_btc, rng))
        with torch.no_grad():
            x, t = noised(played, noise_like(played, rng), rollout.chunk, rng, TIMES)
            real = x - t * self._guided(rollout, x, t)
            fake = x - t * Reading(self.teacher, self.network, rollout).velocity(x, t)
            gradient = matching_gradient(*(blocks(z, rollout.chunk) for z in (played, real, fake)))
        return surrogate(blocks(played, rollout.chunk), gradient)

    def _guided(self, rollout: Rollout, x_btc: torch.Tensor, t_bt1: torch.Tensor) -> torch.Tensor:
        read = (rollout.context, rollout.steering, rollout.first, rollout.chunk)
        return guided_velocity(self.teacher, x_btc, *read, t_bt1[..., 0])
