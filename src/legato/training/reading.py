"""A network's reading of a rollout: velocities of its chunks under the history that really preceded each.

Shape legend: B scripts, K chunks, F frames of a chunk, T = K F frames, C latent channels.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from legato.teachers import Teacher
from legato.training import parallel
from legato.training.objectives import consistency_output
from legato.training.rollout import Rollout


class Reading:
    """What a trained network (student, fake score) makes of a rollout.

    Gradients reach its reading of the new chunks, not of those before the rollout.

    Args:
        teacher: knows how to run the network.
        network: a copy of the teacher's, with adapters.
        rollout: history, steering and noise.
    """

    def __init__(self, teacher: Teacher, network: nn.Module, rollout: Rollout) -> None:
        self.teacher, self.network, self.rollout = teacher, network, rollout
        if rollout.first and network not in rollout.pasts:
            with torch.no_grad():
                rollout.pasts[network] = teacher.context(network, rollout.past_btc, rollout.chunk)
        past = rollout.pasts.get(network)
        self.context = teacher.context(network, rollout.history_btc, rollout.chunk, past)

    def velocity(
        self, x_btc: torch.Tensor, t_bt1: torch.Tensor, dt_bt1: torch.Tensor | None = None
    ) -> torch.Tensor:
        """u(x_t, t, t - dt), the guidance weight an input; without `dt` the plain velocity."""
        rollout = self.rollout
        return self.teacher.velocity(
            self.network,
            x_btc,
            self.context,
            rollout.steering,
            first=rollout.first,
            chunk=rollout.chunk,
            t_bt=t_bt1[..., 0],
            dt_bt=None if dt_bt1 is None else dt_bt1[..., 0],
            guided=True,
        ).float()

    def endpoint(self, x_btc: torch.Tensor, t_bt1: torch.Tensor) -> torch.Tensor:
        """f(x, t): where one step from `x` ends."""
        return consistency_output(x_btc, t_bt1, self.velocity(x_btc, t_bt1, t_bt1))

    def played(self, noise_btc: torch.Tensor) -> torch.Tensor:
        """f(noise, 1): the chunks as they would be played, each under its history."""
        return self.endpoint(noise_btc, torch.ones_like(noise_btc[..., :1]))


def blocks(z_btc: torch.Tensor, chunk: int) -> torch.Tensor:
    """[B, K F, C] as chunks [B, K, F, C]."""
    return z_btc.unflatten(1, (-1, chunk))


def noise_like(x_btc: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Standard normal noise of the same shape."""
    noise = parallel.draw(rng.standard_normal, tuple(x_btc.shape), dtype=np.float32)
    return torch.from_numpy(noise).to(x_btc.device)


def noised(
    x_btc: torch.Tensor,
    noise_btc: torch.Tensor,
    chunk: int,
    rng: np.random.Generator,
    times: tuple[float, float],
) -> tuple[torch.Tensor, torch.Tensor]:
    """x_t = (1 - t) x + t noise, and t [B, T, 1] drawn evenly between two `times` for every chunk."""
    low, high = times
    t_bk = parallel.draw(rng.uniform, (x_btc.shape[0], x_btc.shape[1] // chunk), low=low, high=high)
    t = torch.from_numpy(t_bk.astype(np.float32)).to(x_btc.device).repeat_interleave(chunk, 1)[..., None]
    return (1 - t) * x_btc + t * noise_btc, t
