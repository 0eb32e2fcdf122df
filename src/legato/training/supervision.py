"""The loss of one student update: which states of a rollout it is shown, and what is asked of it there.

Shape legend: B scripts, K chunks, F frames of a chunk, T = K F frames, C latent channels.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from legato.config import DistillConfig
from legato.teachers import Teacher
from legato.training import objectives
from legato.training.reading import Reading, blocks
from legato.training.rollout import Rollout, last_frames

RECENT = 12  # frames of history in the latent spectral term
DECODED_ROWS = 3  # scripts per update whose sound is compared
DECODER_REACH = 24  # frames of history the decoder hears before them


def student_loss(
    student: Reading, settings: DistillConfig, rng: np.random.Generator
) -> tuple[torch.Tensor, dict[str, float]]:
    """Weighted sum of all terms at states drawn from the rollout's trajectories, and each term's value.

    A term whose weight is 0 is not computed; the endpoint's is, as others are scaled by it.
    """
    teacher, rollout = student.teacher, student.rollout
    target = rollout.target_btc
    states = _States(rollout, rng)
    x, t = states.at(states.start)
    if not settings.on_trajectory:
        x = rollout.noise_btc
    predicted = student.endpoint(x, t)
    distance = objectives.DISTANCES[settings.distance]
    recent = _recent(rollout, RECENT if teacher.window else 0)
    of, to = blocks(predicted, rollout.chunk), blocks(target, rollout.chunk)

    def consistency() -> torch.Tensor:
        with torch.no_grad():
            agreed = student.endpoint(*states.at(states.start + 1))
        return distance(of, blocks(agreed, rollout.chunk))

    def flow_map() -> torch.Tensor:
        x_i, t_i = states.at(states.jump_from)
        x_j, t_j = states.at(states.jump_to)
        off = student.velocity(x_i, t_i, t_i - t_j) - (x_i - x_j) / (t_i - t_j)
        return distance(blocks(off, rollout.chunk), torch.zeros_like(of))

    endpoint = distance(of, to)
    others = {
        "consistency": consistency,
        "flow_map": flow_map,
        "latent_spectral": lambda: objectives.latent_spectral(recent, of, to),
        "temporal": lambda: objectives.temporal_difference(recent[..., -1:, :], of, to),
    }
    weighed = {name: term() for name, term in others.items() if getattr(settings, name) > 0}
    terms = {"endpoint": endpoint, **weighed}
    total = torch.stack([getattr(settings, name) * term for name, term in terms.items()]).sum()
    figures = {name: float(term.detach()) for name, term in terms.items()}
    if teacher.decode_features and settings.decoded_spectral > 0:
        decoded = _decoded_term(teacher, rollout, predicted, rng)
        figures["decoded_spectral"] = float(decoded.detach())
        total = total + objectives.with_gradient_share(
            predicted, endpoint, decoded, settings.decoded_spectral
        )
    figures["error"] = _relative_error(predicted, target, t)
    return total, figures


class _States:
    """States of the trajectories drawn for one update: one per script and chunk, the same for its frames."""

    def __init__(self, rollout: Rollout, rng: np.random.Generator) -> None:
        self.x_mbtc = torch.stack([x for _, x in rollout.states])
        self.t_m = torch.tensor([t for t, _ in rollout.states], device=self.x_mbtc.device)
        last = len(rollout.states) - 1
        shape = (rollout.noise_btc.shape[0], rollout.noise_btc.shape[1] // rollout.chunk)
        inner = rng.integers(1, last, shape) if last > 1 else np.zeros(shape, np.int64)
        self._chunk = rollout.chunk
        self.start = self._frames(np.where(rng.random(shape) < 0.5, 0, inner))
        jump_from = rng.integers(0, last, shape)
        self.jump_from = self._frames(jump_from)
        self.jump_to = self._frames(jump_from + 1 + (rng.random(shape) * (last - jump_from)).astype(np.int64))

    def at(self, index_bt: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """X [B, T, C] and t [B, T, 1] of the states with these indices."""
        index = index_bt[None, ..., None].expand(1, -1, -1, self.x_mbtc.shape[-1])
        return self.x_mbtc.gather(0, index)[0], self.t_m[index_bt][..., None]

    def _frames(self, index_bk: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(index_bk.repeat(self._chunk, axis=1)).to(self.x_mbtc.device)


def _recent(rollout: Rollout, frames: int) -> torch.Tensor:
    """The committed history before each chunk, zeros before the beginning: [B, K, frames, C]."""
    chunk = rollout.chunk
    if not frames:
        return blocks(rollout.history_btc, chunk)[:, :, :0]
    known = torch.cat([last_frames(rollout.past_btc, frames), rollout.history_btc], 1)
    known = F.pad(known, (0, 0, frames - min(frames, rollout.first), 0))
    return known.unfold(1, frames, chunk)[:, : rollout.history_btc.shape[1] // chunk].transpose(2, 3)


def _decoded_term(
    teacher: Teacher, rollout: Rollout, predicted: torch.Tensor, rng: np.random.Generator
) -> torch.Tensor:
    """Decoded spectral distance of a few scripts, the decoder warmed up on what came before."""
    assert teacher.decode_features is not None
    rows = torch.from_numpy(rng.permutation(len(predicted))[:DECODED_ROWS]).to(predicted.device)
    before = rollout.past_btc[rows][:, -DECODER_REACH:]
    features = []
    for latents in (predicted, rollout.target_btc):
        decoded = teacher.decode_features(torch.cat([before, latents[rows]], 1))
        ratio = {name: x.shape[1] // (before.shape[1] + latents.shape[1]) for name, x in decoded.items()}
        features.append({name: x[:, ratio[name] * before.shape[1] :].float() for name, x in decoded.items()})
    return objectives.decoded_spectral(*features)


def _relative_error(predicted: torch.Tensor, target: torch.Tensor, t: torch.Tensor) -> float:
    """|f(x_1, 1) - X_M| / |X_M| over the chunks that started from pure noise."""
    at_noise = (t == 1).float()
    error = ((predicted.detach() - target).square() * at_noise).sum()
    return float((error / (target.square() * at_noise).sum().clamp_min(1e-12)).sqrt())
