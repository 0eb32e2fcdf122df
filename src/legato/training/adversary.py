"""A discriminator on the frozen teacher's activations, paired (ARC, arXiv 2505.08175).

The student's chunk and the teacher's endpoint, from the same noise and under the same history, prompt and
controls, are noised alike and read by the frozen teacher; a small head scores its activations. Only the
difference of a pair's scores counts (relativistic pairing, Jolicoeur-Martineau, arXiv 1807.00734), so that
prompt and history, which both share, cannot decide it:

    L_head    = softplus(-(D(real) - D(played))) + ½ γ (R1 + R2)
    L_student = softplus(-(D(played) - D(real)))

R1 and R2 (squared gradient of the score at either input; both are needed, R3GAN, arXiv 2501.05441) are
approximated without a second derivative (APT, arXiv 2501.08316): E |D(x + σ n) - D(x)|² / σ².

Shape legend: B scripts, K chunks, F frames of a chunk, T = K F frames, C latent channels, E activations.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from legato.config import DistillConfig
from legato.teachers import Teacher
from legato.training.beside import Beside
from legato.training.reading import Reading, blocks, noise_like, noised
from legato.training.rollout import Rollout

TIMES = (0.05, 0.8)  # at which pairs are compared: from detail to outline
WIDTH = 64  # channels of the head
SIGMA = 0.05  # of the disturbance that stands in for a derivative
GAMMA = 1.0  # weight of the squared gradients


def relativistic(ahead: torch.Tensor, behind: torch.Tensor) -> torch.Tensor:
    """softplus(-(ahead - behind)): log 2 where the scores are equal, towards 0 as `ahead` leads."""
    return F.softplus(behind - ahead).mean()


def steepness(score: torch.Tensor, disturbed: torch.Tensor, sigma: float) -> torch.Tensor:
    """E |D(x + σ n) - D(x)|² / σ², for small σ the squared gradient of D at x."""
    return ((disturbed - score) / sigma).square().mean()


class Head(nn.Module):
    """Scores chunks by the teacher's activations: [B, T, E] to [B, K]."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.mix = nn.Conv1d(features, WIDTH, 3, padding=1)  # neighbouring frames of a chunk
        self.score = nn.Linear(WIDTH, 1)

    def forward(self, features_bte: torch.Tensor, chunk: int) -> torch.Tensor:
        """Mean score of each chunk's frames."""
        x = blocks(features_bte.float(), chunk)
        mixed = self.mix(x.flatten(0, 1).mT).mT  # over the frames of one chunk alone
        return self.score(F.silu(mixed)).mean((-2, -1)).view(x.shape[:2])


class Adversary:
    """The head, and what it asks of the student.

    Args:
        teacher: reads the chunks; frozen.
        settings: optimiser.
        device: where to train the head.
    """

    def __init__(self, teacher: Teacher, settings: DistillConfig, device: str) -> None:
        self.teacher = teacher
        self.head = Head(teacher.feature_size).to(device)
        # Momentum of one player makes both circle round the answer; R3GAN trains without it too.
        self.beside = Beside(self.head, settings.optim, momentum=0.0)

    def learn(self, rollout: Rollout, played_btc: torch.Tensor, rng: np.random.Generator, lr: float) -> float:
        """One update of the head on chunks the student played from the rollout's noise; returns its loss.

        In full precision: bfloat16 would round the small differences that `steepness` is made of.
        """
        pair, t = self._noised_pair(rollout, played_btc, rng)
        scores, steep = [], []
        for x in pair:
            score, disturbed = (
                self.head(self._features(rollout, z, t), rollout.chunk)
                for z in (x, x + SIGMA * noise_like(x, rng))
            )
            scores.append(score)
            steep.append(steepness(score, disturbed, SIGMA))
        played, real = scores
        return self.beside.update(relativistic(real, played) + 0.5 * GAMMA * sum(steep), lr)

    def loss(self, student: Reading, rng: np.random.Generator) -> torch.Tensor:
        """How far the student's chunks trail the teacher's from the same noise, by the head's score."""
        rollout = student.rollout
        pair, t = self._noised_pair(rollout, student.played(rollout.noise_btc), rng)
        played, real = (self.head(self._features(rollout, x, t), rollout.chunk) for x in pair)
        return relativistic(played, real)

    def _noised_pair(
        self, rollout: Rollout, played_btc: torch.Tensor, rng: np.random.Generator
    ) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Student's and teacher's chunks with the same noise at the same times."""
        noise = noise_like(played_btc, rng)
        x, t = noised(played_btc, noise, rollout.chunk, rng, TIMES)
        return [x, (1 - t) * rollout.target_btc + t * noise], t

    def _features(self, rollout: Rollout, x_btc: torch.Tensor, t_bt1: torch.Tensor) -> torch.Tensor:
        return self.teacher.features(
            x_btc,
            rollout.context,
            rollout.steering,
            first=rollout.first,
            chunk=rollout.chunk,
            t_bt=t_bt1[..., 0],
        )
