"""Energy score: a proper scoring rule that asks for the teacher's distribution, not for its mean.

Where several continuations fit, a distance to one endpoint is least at their mean, which sounds blurred. The
energy score of Gneiting & Raftery ("Strictly proper scoring rules, prediction, and estimation", JASA 2007,
section 4.3, β = 1),

    ES(P, X) = E |x - X| - ½ E |x - x'|,     x, x' ~ P independent,

is in expectation over X ~ Q least for P = Q and no other: the second term pays for spread. Two samples of the
student give an unbiased estimate without a critic. Continuous Autoregressive Language Models (Shao et al.,
arXiv 2510.27688) train their one-step head with it.

Shape legend: B scripts, K chunks, F frames of a chunk, C latent channels.
"""

from __future__ import annotations

import numpy as np
import torch

from legato.training.reading import Reading, blocks, noise_like


def energy_score(one_bkfc: torch.Tensor, other_bkfc: torch.Tensor, target_bkfc: torch.Tensor) -> torch.Tensor:
    """½ (|x_1 - X| + |x_2 - X|) - ½ |x_1 - x_2|, averaged over chunks.

    |.| is the Euclidean norm of a chunk over the root of its size, so that values have the scale of a latent.

    Args:
        one_bkfc: a sample of the student.
        other_bkfc: another, from independent noise.
        target_bkfc: a sample of the teacher, independent of both.
    """

    def apart(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        # `vector_norm` has gradient 0 where a = b; a root of a sum of squares has none.
        return torch.linalg.vector_norm(a - b, dim=(-2, -1)).mean() / (a.shape[-1] * a.shape[-2]) ** 0.5

    near = 0.5 * (apart(one_bkfc, target_bkfc) + apart(other_bkfc, target_bkfc))
    return near - 0.5 * apart(one_bkfc, other_bkfc)


def energy_loss(student: Reading, rng: np.random.Generator) -> torch.Tensor:
    """Energy score of the student's chunks from two fresh noises against the teacher's endpoints.

    The endpoints come from the rollout's own noise, the third; all three share each chunk's history.
    """
    rollout = student.rollout
    one, other = (student.played(noise_like(rollout.noise_btc, rng)) for _ in range(2))
    return energy_score(*(blocks(z, rollout.chunk) for z in (one, other, rollout.target_btc)))
