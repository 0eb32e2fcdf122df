"""Batches drawn by other processes are those this one would have drawn, in order."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch

from legato.training.feeding import batches, helpers
from legato.training.loop import rng_for


def _draw(step: int) -> torch.Tensor:
    return torch.from_numpy(rng_for(7, step).standard_normal(4, dtype=np.float32))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_batches_from_other_processes_are_the_same_and_in_order() -> None:
    here, there = ([*islice(batches(_draw, 5, workers), 6)] for workers in (0, 2))
    assert torch.equal(torch.stack(here), torch.stack(there))
    assert torch.equal(here[0], _draw(5))


def test_a_cpu_that_trains_draws_by_itself() -> None:
    assert helpers("cpu") == 0
