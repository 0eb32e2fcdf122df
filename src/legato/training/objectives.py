"""What a one-step chunk is asked to be: named terms, each zero where the prediction equals its target.

Shape legend: B batch, K chunks, F frames of a chunk, H frames of recent history, T frames, C latent channels.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

from legato.training import parallel

DecodedFeatures = dict[str, torch.Tensor]


def consistency_output(x: torch.Tensor, t: torch.Tensor, velocity: torch.Tensor) -> torch.Tensor:
    """f(x, t) = x - t u(x, t, 0): the flow map to r = 0; f(x, 0) = x exactly."""
    return x - t * velocity


def pseudo_huber(predicted_bkfc: torch.Tensor, target_bkfc: torch.Tensor, c: float = 0.1) -> torch.Tensor:
    """sqrt(|d|^2 + c^2) - c with |d| the root mean square over each chunk (Song & Dhariwal 2023, eq. 7).

    Quadratic below errors of about `c`, linear above: one outlying chunk does not own the batch.
    """
    squared = (predicted_bkfc - target_bkfc).square().mean((-2, -1))
    return ((squared + c * c).sqrt() - c).mean()


def mean_square(predicted_bkfc: torch.Tensor, target_bkfc: torch.Tensor) -> torch.Tensor:
    """Mean squared error, as arXiv 2606.24307 has it."""
    return (predicted_bkfc - target_bkfc).square().mean()


DISTANCES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "pseudo_huber": pseudo_huber,
    "mean_square": mean_square,
}


def latent_spectral(
    recent_bkhc: torch.Tensor, predicted_bkfc: torch.Tensor, target_bkfc: torch.Tensor
) -> torch.Tensor:
    """L1 of |rFFT| over latent time of history and chunk together: rhythm and modulation, phase left free.

    Orthonormal transform, so the value has the scale of a latent.
    """

    def magnitudes(chunk: torch.Tensor) -> torch.Tensor:
        spectrum = torch.fft.rfft(torch.cat([recent_bkhc, chunk], -2), dim=-2, norm="ortho")
        # The root of zero has no gradient.
        return (spectrum.real.square() + spectrum.imag.square() + 1e-8).sqrt()

    return (magnitudes(predicted_bkfc) - magnitudes(target_bkfc)).abs().mean()


def temporal_difference(
    last_bk1c: torch.Tensor, predicted_bkfc: torch.Tensor, target_bkfc: torch.Tensor
) -> torch.Tensor:
    """L1 of first differences over time, the step across the chunk boundary (`last_bk1c`) included."""

    def differences(chunk: torch.Tensor) -> torch.Tensor:
        return torch.cat([last_bk1c, chunk], -2).diff(dim=-2)

    return (differences(predicted_bkfc) - differences(target_bkfc)).abs().mean()


def variation(
    last_bk1c: torch.Tensor, predicted_bkfc: torch.Tensor, target_bkfc: torch.Tensor
) -> torch.Tensor:
    """Squared log ratio of the energies of change over time, per script and channel.

    What a network has not resolved, a distance to the endpoint asks it to leave out: the prediction moves
    too little. This asks for as much movement as the target has, wherever it falls.
    """

    def energy(chunk: torch.Tensor) -> torch.Tensor:
        return torch.cat([last_bk1c, chunk], -2).diff(dim=-2).square().mean((1, 2)) + 1e-6

    return (energy(predicted_bkfc) / energy(target_bkfc)).log().square().mean()


def decoded_spectral(predicted: DecodedFeatures, target: DecodedFeatures) -> torch.Tensor:
    """L1 of decoded log-magnitudes at three resolutions in time and frequency, other features plainly.

    Args:
        predicted: `decode_features` of the prediction: `logs` [B, T', Q] natural log magnitudes, and any
            other features [B, T, S].
        target: the same of the target.
    """
    terms = []
    for name, wanted in target.items():
        got = predicted[name]
        terms.append((got - wanted).abs().mean())
        if name == "logs":
            for time, frequency in ((4, 2), (8, 8)):
                terms.append((_pooled(got, time, frequency) - _pooled(wanted, time, frequency)).abs().mean())
    return torch.stack(terms).mean()


def with_gradient_share(
    points: torch.Tensor, main_loss: torch.Tensor, side_loss: torch.Tensor, share: float
) -> torch.Tensor:
    """A term whose gradient at `points` is that of `side_loss`, scaled to `share` of the main loss's norm.

    Losses on decoded sound have no natural scale against losses on latents; their gradients have. The value
    returned is 0; only its gradient counts. Norms are those over all processes.
    """
    (main,) = torch.autograd.grad(main_loss, points, retain_graph=True)
    (side,) = torch.autograd.grad(side_loss, points)
    scaled = share * parallel.norm(main) / parallel.norm(side).clamp_min(1e-12) * side
    return ((points - points.detach()) * scaled).sum()


def _pooled(logs_btq: torch.Tensor, time: int, frequency: int) -> torch.Tensor:
    """Log of mean magnitude over tiles; clamped, as an untrained decoder may overshoot."""
    magnitude = logs_btq.clamp(-16.0, 8.0).exp()
    return F.avg_pool2d(magnitude[:, None], (time, frequency), ceil_mode=True).clamp_min(1e-7).log()
