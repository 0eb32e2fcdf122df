"""What may be added where one step blurs: energy score, distribution matching, adversary; each by its weight.

All three compare distributions and not points, under the history that really preceded each chunk; none needs
music. A weight of 0 leaves a remedy out at no cost.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from legato.config import DistillConfig
from legato.teachers import Teacher
from legato.training.adapters import computing
from legato.training.adversary import Adversary
from legato.training.checkpoint import with_prefix, without_prefix
from legato.training.energy import energy_loss
from legato.training.matching import FakeScore
from legato.training.reading import Reading, noise_like
from legato.training.rollout import Rollout


class Remedies:
    """The remedies whose weight is above 0, and the networks that some of them train beside the student.

    Args:
        teacher: frozen.
        settings: weights `energy`, `matching`, `adversary`; `fake_updates`; the optimiser.
        device: where everything is.
        kept: `tensors` of a checkpoint; networks it does not hold start afresh.
    """

    def __init__(
        self, teacher: Teacher, settings: DistillConfig, device: str, kept: dict[str, torch.Tensor]
    ) -> None:
        self.teacher, self.settings, self.device = teacher, settings, device
        self.fake = FakeScore(teacher, settings, device) if settings.matching > 0 else None
        self.adversary = Adversary(teacher, settings, device) if settings.adversary > 0 else None
        for name, network in self._networks.items():
            network.beside.restore(without_prefix(name, kept))

    @property
    def _networks(self) -> dict[str, FakeScore | Adversary]:
        both = {"fake": self.fake, "adversary": self.adversary}
        return {name: network for name, network in both.items() if network is not None}

    def tensors(self) -> dict[str, torch.Tensor]:
        """Of all networks beside the student, for the checkpoint."""
        found: dict[str, torch.Tensor] = {}
        for name, network in self._networks.items():
            found |= with_prefix(name, network.beside.tensors())
        return found

    def learn(
        self, student: nn.Module, rollout: Rollout, rng: np.random.Generator, lr: float
    ) -> dict[str, float]:
        """Let the networks catch up with the student as it is now; returns their losses.

        The fake score makes `fake_updates` updates, each on chunks from fresh noise (DMD2's two time scales).
        """
        if not self._networks:
            return {}
        fresh, paired = [], None
        with computing(self.device, student), torch.no_grad():
            reading = Reading(self.teacher, student, rollout)
            if self.fake:
                updates = range(self.settings.fake_updates)
                fresh = [reading.played(noise_like(rollout.noise_btc, rng)) for _ in updates]
            if self.adversary:
                paired = reading.played(rollout.noise_btc)
        figures: dict[str, float] = {}
        if self.fake:
            figures["fake"] = float(np.mean([self.fake.learn(rollout, x, rng, lr) for x in fresh]))
        if self.adversary and paired is not None:
            figures["head"] = self.adversary.learn(rollout, paired, rng, lr)
        return figures

    def loss(
        self, student: Reading, rng: np.random.Generator
    ) -> tuple[torch.Tensor | float, dict[str, float]]:
        """Weighted sum of the remedies for the student (0 without any), and each one's value."""
        terms: dict[str, torch.Tensor] = {}
        if self.settings.energy > 0:
            terms["energy"] = energy_loss(student, rng)
        if self.fake:
            terms["matching"] = self.fake.loss(student, rng)
        if self.adversary:
            terms["adversary"] = self.adversary.loss(student, rng)
        total = sum(getattr(self.settings, name) * term for name, term in terms.items())
        return total, {name: float(term.detach()) for name, term in terms.items()}
