"""The loss of one student update: which states of a rollout it is shown, and what is asked of it there.

Shape legend: B scripts, K chunks, F frames of a chunk, T = K F frames, C latent channels.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from legato.config import DistillConfig
from legato.teachers import Teacher
from legato.training import objectives, parallel
from legato.training.reading import Reading, blocks
from legato.training.rollout import Rollout, last_frames

RECENT = 12  # frames of history in the latent spectral term
DECODED_ROWS = 3  # scripts per update and process whose sound is compared
DECODER_REACH = 24  # frames of history the decoder hears before them


def student_loss(
    student: Reading, settings: DistillConfig, rng: np.random.Generator
) -> tuple[torch.Tensor, dict[str, float]]:
    """Weighted sum of all terms at states drawn from the rollout's trajectories, and each term's value.

    A term whose weight is 0 is not computed; the endpoint's is, as others are scaled by it.
    """
    teacher, rollout = student.teacher, student.rollout
    target = rollout.target_btc
    asked = _Asked(rollout, settings, rng)
    (x, t), (x_r, r) = asked.at(asked.start), asked.at(asked.stop)
    if not settings.on_trajectory:
        x = torch.where(asked.jump, x, rollout.noise_btc)
    velocity = student.velocity(x, t, t - r)
    # A chunk asked for a jump counts as if it had met its endpoint, and the other way round.
    predicted = torch.where(asked.jump, target, x - (t - r) * velocity)
    distance = objectives.DISTANCES[settings.distance]
    recent = _recent(rollout, RECENT if teacher.window else 0)
    of, to = blocks(predicted, rollout.chunk), blocks(target, rollout.chunk)

    def consistency() -> torch.Tensor:
        with torch.no_grad():
            agreed = student.endpoint(*asked.at(asked.start + 1))
        return distance(of, blocks(torch.where(asked.jump, target, agreed), rollout.chunk))

    def flow_map() -> torch.Tensor:
        off = torch.where(asked.jump, velocity - (x - x_r) / (t - r), 0.0)
        return distance(blocks(off, rollout.chunk), torch.zeros_like(of))

    endpoint = distance(of, to)
    others = {
        "consistency": consistency,
        "flow_map": flow_map,
        "latent_spectral": lambda: objectives.latent_spectral(recent, of, to),
        "temporal": lambda: objectives.temporal_difference(recent[..., -1:, :], of, to),
        "variation": lambda: objectives.variation(recent[..., -1:, :], of, to),
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
    figures["error"] = _relative_error(predicted, target, (t == 1) & ~asked.jump)
    return total, figures


class _Asked:
    """What one update asks of each chunk: from which state of its trajectory to go to which.

    Most are asked for the endpoint X_M, many of them from pure noise; the others for a state on the way.
    """

    def __init__(self, rollout: Rollout, settings: DistillConfig, rng: np.random.Generator) -> None:
        self._x_mbtc = torch.stack([x for _, x in rollout.states])
        self._t_m = torch.tensor([t for t, _ in rollout.states], device=self._x_mbtc.device)
        self._chunk = rollout.chunk
        last = len(rollout.states) - 1
        shape = (rollout.noise_btc.shape[0], rollout.noise_btc.shape[1] // rollout.chunk)
        jumps = settings.jumps if settings.flow_map > 0 and last > 1 else 0.0
        jump, choice, one, two, three = (parallel.draw(rng.random, shape) for _ in range(5))
        jump = jump < jumps
        inner = 1 + (one * (last - 1)).astype(np.int64)  # 1 … M - 1
        start = np.where((choice < settings.at_noise) | (last == 1), 0, inner)
        begin = (two * (last - 1)).astype(np.int64)  # of a jump, 0 … M - 2
        end = begin + 1 + (three * (last - 1 - begin)).astype(np.int64)  # … M - 1
        self.jump = self._frames(jump)[..., None]
        self.start = self._frames(np.where(jump, begin, start))
        self.stop = self._frames(np.where(jump, end, last))

    def at(self, index_bt: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """X [B, T, C] and t [B, T, 1] of the states with these indices."""
        index = index_bt[None, ..., None].expand(1, -1, -1, self._x_mbtc.shape[-1])
        return self._x_mbtc.gather(0, index)[0], self._t_m[index_bt][..., None]

    def _frames(self, asked_bk: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(asked_bk.repeat(self._chunk, axis=1)).to(self._x_mbtc.device)


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


def _relative_error(predicted: torch.Tensor, target: torch.Tensor, at_noise: torch.Tensor) -> float:
    """|f(x_1, 1) - X_M| / |X_M| over the chunks asked for their endpoint from pure noise."""
    error = ((predicted.detach() - target).square() * at_noise).sum()
    return float((error / (target.square() * at_noise).sum().clamp_min(1e-12)).sqrt())
