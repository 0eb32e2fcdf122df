"""Each term of the distillation loss on signals whose answer is known."""

from __future__ import annotations

import math

import pytest
import torch

from legato.training import objectives


def chunks(batch: int = 2, count: int = 3, frames: int = 4, channels: int = 5) -> torch.Tensor:
    return torch.randn(batch, count, frames, channels, generator=torch.Generator().manual_seed(1))


def test_boundary_condition_is_exact() -> None:
    x = chunks()
    assert torch.equal(objectives.consistency_output(x, torch.zeros(2, 3, 4, 1), 1e6 * torch.ones_like(x)), x)


def test_pseudo_huber_is_quadratic_then_linear() -> None:
    target = torch.zeros(1, 1, 4, 5)
    small, large = (float(objectives.pseudo_huber(target + d, target, c=0.1)) for d in (1e-3, 100.0))
    assert small == pytest.approx(1e-6 / 0.2, rel=1e-3)
    assert large == pytest.approx(99.9, rel=1e-3)
    assert float(objectives.pseudo_huber(target, target)) == 0.0


def test_every_term_is_zero_on_its_target() -> None:
    z = chunks()
    assert float(objectives.latent_spectral(z[..., :2, :], z, z)) == 0.0
    assert float(objectives.temporal_difference(z[..., :1, :], z, z)) == 0.0
    assert float(objectives.variation(z[..., :1, :], z, z)) == 0.0
    logs = {"logs": torch.randn(1, 16, 12), "stereo": torch.randn(1, 4, 3)}
    assert float(objectives.decoded_spectral(logs, logs)) == 0.0


def test_latent_spectral_ignores_the_phase_of_a_full_turn() -> None:
    """A sinusoid moved in time keeps its magnitudes; one of another amplitude does not."""
    n = torch.arange(16)
    wave = [torch.sin(2 * math.pi * 2 * n / 16 + p)[None, None, :, None] for p in (0.0, 1.0)]
    empty = torch.zeros(1, 1, 0, 1)
    moved = float(objectives.latent_spectral(empty, wave[0], wave[1]))
    louder = float(objectives.latent_spectral(empty, wave[0], 2 * wave[1]))
    assert moved < 1e-3
    # One bin of 9 differs by half of sqrt(16) (orthonormal transform of a unit sine).
    assert louder == pytest.approx(2.0 / 9, rel=1e-2)


def test_temporal_difference_hears_the_seam() -> None:
    last, target = torch.zeros(1, 1, 1, 1), torch.zeros(1, 1, 4, 1)
    step = float(objectives.temporal_difference(last, target + 1.0, target))
    assert step == pytest.approx(0.25)  # one jump of 1 across the boundary, none inside


def test_variation_asks_for_movement_wherever_it_falls() -> None:
    last, target = torch.zeros(2, 3, 1, 5), chunks()
    moved, still = target.flip(1), (0.5 * target).requires_grad_()
    assert float(objectives.variation(last, moved, target)) == pytest.approx(0.0, abs=1e-6)
    blurred = objectives.variation(last, still, target)
    assert float(blurred.detach()) == pytest.approx(math.log(4) ** 2, rel=1e-3)
    (gradient,) = torch.autograd.grad(blurred, still)
    assert float(objectives.variation(last, still - 0.1 * gradient, target).detach()) < float(
        blurred.detach()
    )


def test_decoded_spectral_measures_log_distance() -> None:
    target = {"logs": torch.zeros(1, 16, 8)}
    louder = {"logs": torch.full((1, 16, 8), 0.5)}
    assert float(objectives.decoded_spectral(louder, target)) == pytest.approx(0.5, rel=1e-5)


def test_gradient_share_scales_the_side_loss() -> None:
    points = torch.randn(6, requires_grad=True)
    main, side = 3.0 * points.sum(), 100.0 * points[:2].sum()
    term = objectives.with_gradient_share(points, main, side, 0.2)
    (gradient,) = torch.autograd.grad(term, points)
    assert float(term.detach()) == 0.0
    assert float(gradient.norm()) == pytest.approx(0.2 * 3.0 * math.sqrt(6), rel=1e-5)
    assert torch.equal(gradient[2:], torch.zeros(4))
