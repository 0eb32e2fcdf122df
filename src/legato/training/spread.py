"""How much of its teacher's spread a student loses by listening to itself, and the factor that gives it back.

A flow map learnt by regression answers with a little less variance than its teacher. From the teacher's
history one hardly sees it; but a student hears itself, a paler past asks for a paler chunk, and where that
comes to rest a tenth of the spread is missing: of movement, of highs, of the difference between two seeds. A
factor of a few per cent on every chunk moves that point back. R² to the teacher's endpoints does not notice.

Shape legend: B scripts, T frames, C latent channels.
"""

from __future__ import annotations

import torch
from torch import nn

from legato.config import FRAME_RATE, DistillConfig
from legato.teachers import Teacher
from legato.training.loop import rng_for
from legato.training.rollout import play
from legato.training.scripts import ScriptSource

SECONDS = 10.0
SETTLED = 0.25  # share of them that is left out: music begins from nothing
MOST = 1.1
HALVINGS = 5


@torch.no_grad()
def find_spread(
    teacher: Teacher,
    student: nn.Module,
    bank: ScriptSource,
    settings: DistillConfig,
    seed: int,
    device: str,
) -> float:
    """The factor, 1 to 1.1, of one-step chunks with which a student's own music spreads as its teacher's.

    Both play the same scripts from the same noise, `settings.batch` of them, each on its own history.
    """
    chunk = settings.chunk
    chunks = round(SECONDS * FRAME_RATE / chunk)
    frames = chunks * chunk
    scripts = [
        bank.draw(rng_for(seed, row, 6), frames, chunk, settings.guidance) for row in range(settings.batch)
    ]
    steering = bank.steering(scripts, 0, frames).to(device)
    noise = rng_for(seed, 7).standard_normal((settings.batch, frames, teacher.channels), dtype="float32")
    noise_btc = torch.from_numpy(noise).to(device)

    def spread(own: bool, factor: float = 1.0) -> float:
        music_btc = play(
            teacher,
            student,
            steering,
            noise_btc[:, :0],
            noise_btc,
            [own] * chunks,
            chunk=chunk,
            steps=settings.teacher_steps,
            solver=settings.solver,
            spread=factor,
        )
        return float(music_btc[:, round(SETTLED * frames) :].flatten(0, 1).std(0).mean())

    wanted = spread(own=False)
    if spread(own=True) >= wanted:
        return 1.0
    low, high = 1.0, MOST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if spread(True, middle) < wanted else (low, middle)
    return round((low + high) / 2, 4)
