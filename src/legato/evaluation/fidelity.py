"""Student against teacher: the same noise, scripts and contexts, chunk by chunk.

Three rollouts run side by side: the student on its own output; the teacher asked, on the student's context
and noise, where it would have gone (map fidelity); and the teacher on its own output (blur's reference).

Shape legend: B scripts, T frames, F frames of a chunk, C latent channels, P prompt size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from legato.evaluation import quality
from legato.evaluation.renders import base_commands
from legato.evaluation.table import Table
from legato.evaluation.tracks import CHUNK, command_track
from legato.models.bundle import Bundle
from legato.models.generator import Generator
from legato.models.sampling import chunk_noise, sample_student, sample_teacher
from legato.models.streaming import Conditions

SCRIPTS = 8  # rolled out by student and teacher
TEACHER_STEPS = 16


@dataclass(frozen=True)
class Rollouts:
    """Latents of the three rollouts, each float32 [B, T, C]."""

    student: np.ndarray
    endpoint: np.ndarray  # the teacher's, on the student's contexts and noise
    teacher: np.ndarray  # on its own contexts, from the same noise


@torch.inference_mode()
def rollouts(
    student: Generator,
    teacher: Generator,
    prompt_bp: np.ndarray,
    cond_btd: np.ndarray,
    *,
    chunk: int = 4,
    student_steps: int = 1,
    teacher_steps: int = 16,
    guidance: float = 2.0,
    seed: int = 0,
) -> Rollouts:
    """Roll both models through the same scripts.

    Args:
        student: takes guidance as an input.
        teacher: guided by two branches.
        prompt_bp: unit prompt embeddings.
        cond_btd: control vectors; T is a multiple of `chunk`.
        chunk: frames per chunk, 1 to 8.
        student_steps: 1, 2 or 4.
        teacher_steps: of its solver.
        guidance: weight both follow.
        seed: of the noise.
    """
    batch, frames, _ = cond_btd.shape
    prompt = torch.from_numpy(np.asarray(prompt_bp, np.float32))
    given = torch.ones(batch, dtype=torch.bool)
    weight = torch.full((batch,), guidance)
    own, asked, alone = (m.init_state(batch, chunk) for m in (student, teacher, teacher))
    out: list[list[torch.Tensor]] = [[], [], []]
    channels = student.config.latent_channels
    for index in range(frames // chunk):
        cond = torch.from_numpy(cond_btd[:, index * chunk : (index + 1) * chunk])
        noise = torch.stack([chunk_noise(seed + row, index, chunk, channels) for row in range(batch)])
        told = Conditions(prompt, given, cond, weight)
        x_student, own = sample_student(student, noise, own, told, student_steps, emphasis=1.0)
        conditions = Conditions(prompt, given, cond)
        x_asked, _ = sample_teacher(teacher, noise, asked, conditions, weight, teacher_steps)
        x_alone, _ = sample_teacher(teacher, noise, alone, conditions, weight, teacher_steps)
        asked, alone = teacher.commit(x_student, asked), teacher.commit(x_alone, alone)
        for rows, x in zip(out, (x_student, x_asked, x_alone), strict=True):
            rows.append(x)
    return Rollouts(*(torch.cat(rows, 1).float().numpy() for rows in out))


def map_fidelity(rolled: Rollouts) -> np.ndarray:
    """R² of the student to the teacher's endpoint, one per script [B]; 1 is the teacher itself."""
    return np.array([quality.r2(s, e) for s, e in zip(rolled.student, rolled.endpoint, strict=True)])


def delta_ratios(rolled: Rollouts) -> np.ndarray:
    """Δ-latent energy of the student's rollout over the teacher's own, one per script [B]."""
    return np.array(
        [quality.delta_energy_ratio(s, t) for s, t in zip(rolled.student, rolled.teacher, strict=True)]
    )


def measure_fidelity(table: Table, bundle: Bundle, seconds: float, steps: int = 1, seed: int = 0) -> None:
    """The student beside its teacher on `SCRIPTS` held-out scripts: fidelity of the map, and blur."""
    commands = base_commands(SCRIPTS, seed + 1)
    tracks = [command_track(bundle, command, seconds) for command in commands]
    rolled = rollouts(
        bundle.generator,
        bundle.teacher(),
        np.stack([track.prompt_kp[0] for track in tracks]),
        np.stack([track.cond_td for track in tracks]),
        chunk=CHUNK,
        student_steps=steps,
        teacher_steps=TEACHER_STEPS,
        seed=seed,
    )
    compare(table, rolled, lambda z: bundle.codec.decode(torch.from_numpy(z)).numpy())


def compare(table: Table, rolled: Rollouts, decode: Callable[[np.ndarray], np.ndarray]) -> None:
    """What rollouts tell of the student.

    Args:
        table: gets the figures.
        rolled: student and teacher.
        decode: latents [B, T, C] to sound at 48 kHz, [B, N, 2].
    """
    table.add(
        "map_fidelity_r2",
        map_fidelity(rolled),
        "R² of the student to its teacher's endpoint, same noise and context",
    )
    table.add("delta_latent_ratio", delta_ratios(rolled), "energy of change of latents, student over teacher")
    pairs = list(zip(decode(rolled.student), decode(rolled.teacher), strict=True))
    above = [quality.high_band_ratio(a, b) for a, b in pairs]
    onsets = [quality.onset_ratio(a, b) for a, b in pairs]
    table.add("above_6khz_ratio", above, "power above 6 kHz, student over teacher", _geometric)
    table.add("onset_ratio", onsets, "onset strength, student over teacher", _geometric)


def _geometric(ratios: np.ndarray) -> float:
    return float(np.exp(np.mean(np.log(np.maximum(ratios, 1e-9)))))
