"""Several models on one stage: the same scripts, noise and contexts, so that nothing but the model differs.

Each is judged by what it plays on its own history, and by where it goes from contexts that all share: the
teacher's history, from the same noise.

Legend: B scripts, T frames, F frames of a chunk, C latent channels, W windows of 3 s, E embedding size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch

from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.engine.output import soft_limit
from legato.evaluation import musicnn, quality
from legato.evaluation.guided import solve
from legato.evaluation.renders import WARM_UP
from legato.evaluation.rhythm import onset_strength, sharpened
from legato.evaluation.scores import score
from legato.evaluation.seams import seams
from legato.evaluation.spectra import band_energy
from legato.evaluation.tracks import CHUNK, PLANNED, Track
from legato.models.cache import GeneratorState
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.models.sampling import time_grid
from legato.models.streaming import Conditions
from legato.nn.precision import mixed_precision

ROWS = 16  # scripts rolled out side by side
DECODED = 4  # scripts decoded side by side: seconds of spectra are large
LONGEST = 8  # frames of a chunk
HOP = 3  # seconds between embedded windows
SKIP = int(WARM_UP * SAMPLE_RATE)  # samples left out of every measure

Figures = dict[str, np.ndarray]
"""Raw figures of one model by name, one row per script; see `measure`."""


@dataclass(frozen=True)
class Model:
    """A generator and how it is played.

    Attributes:
        generator: student or teacher, in evaluation mode.
        teacher: solved with guidance by two branches, rather than the flow map of a student.
        steps: of the solver or the flow map.
        chunk: frames F per chunk.
        hears: whether chunks hear those before them.
        apart: whether every chunk is decoded from a fresh start.
    """

    generator: Generator
    teacher: bool = False
    steps: int = 1
    chunk: int = CHUNK
    hears: bool = True
    apart: bool = False


@dataclass(frozen=True)
class Stage:
    """What every model is asked: scripts, and noise for every frame played, T of them."""

    tracks: Sequence[Track]
    noise_btc: np.ndarray

    @staticmethod
    def of(tracks: Sequence[Track], channels: int, seed: int) -> Stage:
        """As many frames as every script has, whole chunks of any length; the noise is the seed's."""
        frames = min(track.frames for track in tracks) // LONGEST * LONGEST
        rng = np.random.default_rng([seed, 2606])
        return Stage(tracks, rng.standard_normal((len(tracks), frames, channels), np.float32))

    def rows(self, start: int) -> Stage:
        """`ROWS` scripts from there on."""
        return Stage(self.tracks[start : start + ROWS], self.noise_btc[start : start + ROWS])


@torch.inference_mode()
def roll(model: Model, stage: Stage, history_btc: np.ndarray | None = None) -> np.ndarray:
    """Latents [B, T, C] of the model on its own history, or chunk by chunk from the one given."""
    device = next(model.generator.parameters()).device
    groups = []
    for start in range(0, len(stage.tracks), ROWS):
        part = stage.rows(start)
        state = model.generator.init_state(len(part.tracks), model.chunk, device)
        chunks = []
        for first in range(0, part.noise_btc.shape[1], model.chunk):
            span = slice(first, first + model.chunk)
            noise = torch.from_numpy(part.noise_btc[:, span]).to(device)
            clean = _chunk(model, noise, state, _conditions(part, span, device))
            chunks.append(clean.float().cpu().numpy())
            if model.hears:
                if history_btc is not None:
                    clean = torch.from_numpy(history_btc[start : start + ROWS, span]).to(device)
                state = model.generator.commit(clean, state)
        groups.append(np.concatenate(chunks, 1))
    return np.concatenate(groups)


@torch.inference_mode()
def decode(model: Model, codec: Codec, latents_btc: np.ndarray) -> list[np.ndarray]:
    """Audio [N, 2] of each script, by one streaming decoder or every chunk from a fresh start."""
    device = next(model.generator.parameters()).device
    sounds: list[np.ndarray] = []
    for start in range(0, len(latents_btc), DECODED):
        z = torch.from_numpy(latents_btc[start : start + DECODED]).to(device)
        rows = len(z)
        if model.apart:
            z = z.unflatten(1, (-1, model.chunk)).flatten(0, 1)
        audio = codec.decode(z).reshape(rows, -1, 2).cpu().numpy()
        sounds += [soft_limit(row) for row in audio]
    return sounds


def measure(
    model: Model,
    codec: Codec,
    stage: Stage,
    encore: Stage,
    seeds: int,
    reference: tuple[Model, np.ndarray] | None,
) -> Figures:
    """Everything a comparison needs of one model.

    Args:
        model: what plays.
        codec: what decodes.
        stage: scripts and noise.
        encore: the scripts that diversity is measured on, each `seeds` times in a row.
        seeds: how often.
        reference: the teacher, in chunks as long, and its latents on `stage`; None where `model` is it.

    Returns:
        `latents` [B, T, C]; one number per script of `map` and `own_map` (R² to the teacher's endpoints, on
        the teacher's and on the model's own history), `delta`, `high`, `onset`, `seam`, `beat_lock` and
        `chroma`; `diversity` in dB per script of the encore; `windows` [B, W, E].
    """
    latents = roll(model, stage)
    found: Figures = {"latents": latents, "delta": np.square(np.diff(latents, axis=1)).mean((1, 2))}
    found |= _fidelity(model, stage, latents, reference)
    rows = [
        _sound_figures(model, codec, audio, track)
        for audio, track in zip(decode(model, codec, latents), stage.tracks, strict=True)
    ]
    found |= {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    again = [audio[SKIP:] for audio in decode(model, codec, roll(model, encore))]
    found["diversity"] = np.array(
        [quality.diversity(again[start : start + seeds]) for start in range(0, len(again), seeds)]
    )
    return {name: np.asarray(values, np.float32) for name, values in found.items()}


def _fidelity(
    model: Model, stage: Stage, latents: np.ndarray, reference: tuple[Model, np.ndarray] | None
) -> Figures:
    if reference is None:
        return {name: np.ones(len(latents)) for name in ("map", "own_map")}
    teacher, played = reference
    pairs = {
        "map": (roll(model, stage, played), played),
        "own_map": (latents, roll(teacher, stage, latents)),
    }
    return {
        name: np.array([quality.r2(*both) for both in zip(*pair, strict=True)])
        for name, pair in pairs.items()
    }


def _sound_figures(model: Model, codec: Codec, audio: np.ndarray, track: Track) -> dict[str, np.ndarray]:
    settled = audio[SKIP:]
    span = model.chunk * FRAME_SAMPLES
    flux = [seams(settled, span, offset=lag - SKIP).flux_ratio for lag in (0, -codec.latency_samples)]
    scores = score(audio, track, PLANNED)
    values = {
        "high": band_energy(settled, 6_000.0, 1e9).mean(),
        "onset": sharpened(onset_strength(settled)).mean(),
        "seam": max(flux),
        "beat_lock": scores["beat_lock"],
        "chroma": np.nan_to_num(scores["chroma"]),  # silence follows nothing
        "windows": musicnn.embed(settled, hop=HOP),
    }
    return {name: np.asarray(value) for name, value in values.items()}


def _chunk(model: Model, noise: torch.Tensor, state: GeneratorState, conditions: Conditions) -> torch.Tensor:
    """The next chunk; the state is only read."""
    weight = conditions.guidance_b
    assert weight is not None
    if model.teacher:
        with mixed_precision(noise.device):
            return solve(
                model.generator, noise, state, replace(conditions, guidance_b=None), weight, model.steps
            )
    student, once = model.generator, model.steps == 1
    x = student.temperature * noise if once else noise
    for t, r in pairwise(time_grid(model.steps)):
        t_b, dt_b = torch.full_like(weight, t), torch.full_like(weight, t - r)
        x = x - (t - r) * student.velocity(x, state, conditions, t_b=t_b, dt_b=dt_b)
    return student.spread_out(x, state) if once else x


def _conditions(stage: Stage, span: slice, device: torch.device) -> Conditions:
    tracks = stage.tracks
    prompts = np.stack([track.prompt_kp[span.start // CHUNK] for track in tracks])
    conds = np.stack([track.cond_td[span] for track in tracks])
    return Conditions(
        torch.from_numpy(prompts).float().to(device),
        torch.ones(len(tracks), dtype=torch.bool, device=device),
        torch.from_numpy(conds).float().to(device),
        torch.tensor([track.guidance for track in tracks], device=device),
    )
