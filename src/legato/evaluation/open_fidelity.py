"""An instrument on an open model against its base: as `fidelity`, with a teacher that outpaints.

The teacher solves as the preset `open` distils: its steps, and its room ahead of a chunk. Text encoder and
decoder are those of the instrument; the base's network is loaded a second time, without the adapters.

Shape legend: B scripts, T frames, F frames of a chunk, C latent channels.
"""

from __future__ import annotations

import numpy as np
import torch

from legato.config import load_config
from legato.control.mapping import Heading
from legato.engine.open_model import OpenModel
from legato.evaluation.fidelity import SCRIPTS, Rollouts, compare
from legato.evaluation.renders import Command, base_commands
from legato.evaluation.spectra import at_48k
from legato.evaluation.table import Table
from legato.models.sampling import chunk_noise
from legato.music.theory import parse_key
from legato.teachers.decoding import StreamingDecoder
from legato.teachers.outpainting import OpenTeacher
from legato.teachers.prompts import Prompts, PromptSteering
from legato.teachers.student import Student

GUIDANCE = 2.0  # weight both follow, or the nearest that the student was taught


def measure_open_fidelity(
    table: Table, model: OpenModel, student: Student, seconds: float, steps: int = 1, seed: int = 0
) -> None:
    """The student beside its base on `SCRIPTS` held-out prompts: fidelity of the map, and blur.

    Args:
        table: gets the figures.
        model: says what the network is told of tempo and key.
        student: the network of that model.
        seconds: of each rollout, at least one chunk.
        steps: of the student.
        seed: of commands and noise.
    """
    commands = base_commands(SCRIPTS, seed + 1)
    fields = [model.fields(_heading(command)) for command in commands]
    prompts = student.encode([command.prompt for command in commands], fields)
    chunks = max(1, round(seconds * student.frame_rate / student.chunk))
    noise = torch.stack(
        [
            torch.cat([chunk_noise(seed + row, i, student.chunk, student.channels) for i in range(chunks)])
            for row in range(SCRIPTS)
        ]
    )
    settings = load_config("open").distill
    teacher = student.teacher(settings.ahead_seconds)
    rolled = open_rollouts(student, teacher, prompts, noise.to(student.device), steps, settings.teacher_steps)
    decoder, weight = StreamingDecoder(student.vae), next(student.vae.parameters())

    @torch.inference_mode()
    def decode(z_btc: np.ndarray) -> np.ndarray:
        """Row by row: at full size a batch would take more memory than the network."""
        rows = torch.from_numpy(z_btc).to(weight).split(1)
        return np.stack([at_48k(decoder.whole(row)[0].cpu().numpy(), student.sample_rate) for row in rows])

    compare(table, rolled, decode)


@torch.inference_mode()
def open_rollouts(
    student: Student,
    teacher: OpenTeacher,
    prompts: list[Prompts],
    noise_btc: torch.Tensor,
    student_steps: int = 1,
    teacher_steps: int = 8,
) -> Rollouts:
    """Roll both models through the same prompts.

    Args:
        student: takes guidance as an input.
        teacher: its base, see `Student.teacher`.
        prompts: one for each row.
        noise_btc: whole chunks.
        student_steps: 1, 2 or 4.
        teacher_steps: Euler steps.
    """
    chunk, batch = student.chunk, len(noise_btc)
    low, high = student.guidance
    weight_b = noise_btc.new_full((batch,), min(max(GUIDANCE, low), high))
    steering = PromptSteering(
        Prompts.stack(prompts).to(student.device),
        torch.ones(batch, 1, dtype=torch.bool, device=student.device),
        torch.zeros(noise_btc.shape[:2], dtype=torch.long, device=student.device),
        weight_b,
    )

    def taught(noise_bfc: torch.Tensor, heard_btc: torch.Tensor, start: int) -> torch.Tensor:
        """Where the teacher goes from noise, for chunks that begin at frame `start` of what was heard."""
        context = teacher.context(teacher.network, heard_btc, chunk)
        span = steering.frames(start, start + noise_bfc.shape[1])
        solve = {"first": start, "chunk": chunk, "steps": teacher_steps}
        return teacher.solve(noise_bfc, context, span, **solve)[-1][1]

    read, state = student.read(prompts), student.init_state(batch)
    own, alone = [], noise_btc[:, :0]
    for noise_bfc in noise_btc.split(chunk, 1):
        made, state = student.step(noise_bfc, read, weight_b, student_steps, state)
        own.append(made)
        alone = torch.cat([alone, taught(noise_bfc, alone, alone.shape[1])], 1)
    own_btc = torch.cat(own, 1)
    asked = taught(noise_btc, own_btc, 0)
    return Rollouts(*(z.float().cpu().numpy() for z in (own_btc, asked, alone)))


def _heading(command: Command) -> Heading:
    return Heading(command.controls["bpm"], parse_key(command.controls["key"]), None)
