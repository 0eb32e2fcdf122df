"""How much of its teacher's spread a student loses by listening to itself, and the factor that gives it back.

A flow map learnt by regression answers with a little less variance than its teacher. From the teacher's
history one hardly sees it; but a student hears itself, a paler past asks for a paler chunk, and where that
comes to rest a tenth of the spread is missing: of movement, of highs, of the difference between two seeds. A
factor of a few per cent on every chunk moves that point back. R² to the teacher's endpoints does not notice.
What prompt, controls and past determine is lost less than what the noise does, so a student also starts its
chunks from noise that is a little stronger (`distill.temperature`, a setting).

Shape legend: B scripts, T frames, C latent channels.
"""

from __future__ import annotations

import math

import torch

from legato.config import FRAME_RATE, DistillConfig
from legato.models.generator import Generator
from legato.models.sampling import sample_student
from legato.models.streaming import Conditions
from legato.teachers import Steering
from legato.teachers.native import NativeTeacher
from legato.training.loop import rng_for
from legato.training.rollout import play
from legato.training.scripts import PromptBank

SCRIPTS = 24  # played side by side
SECONDS = 10.0  # of each
SETTLED = 0.25  # share of them that is left out: music begins from nothing
MOST = 1.1
GROWTH = 3.5  # per cent of spread for a per cent of the factor, as a first guess …
GROWTHS = (1.0, 10.0)  # … and within what bounds it is believed
TRIES = 3  # of a factor


@torch.no_grad()
def find_spread(
    teacher: NativeTeacher,
    student: Generator,
    bank: PromptBank,
    settings: DistillConfig,
    seed: int,
    device: str,
) -> float:
    """The factor, 1 to 1.1, of one-step chunks with which a student's own music spreads as its teacher's.

    Both play the same scripts from the same noise, each on its own history: the teacher as it was imitated,
    the student as the instrument plays it, at its temperature and guided by notes and gates. What spread is
    gained per factor is learnt from try to try (the secant of both logarithms).
    """
    chunk = settings.chunk
    frames = round(SECONDS * FRAME_RATE / chunk) * chunk
    scripts = [bank.draw(rng_for(seed, row, 6), frames, chunk, settings.guidance) for row in range(SCRIPTS)]
    steering = bank.steering(scripts, 0, frames).to(device)
    noise = rng_for(seed, 7).standard_normal((SCRIPTS, frames, teacher.channels), dtype="float32")
    noise_btc = torch.from_numpy(noise).to(device)
    wanted = _spread(
        play(
            teacher,
            student,
            steering,
            noise_btc[:, :0],
            noise_btc,
            [False] * (frames // chunk),
            chunk=chunk,
            steps=settings.teacher_steps,
            solver=settings.solver,
        )
    )

    factor, growth, before = 1.0, GROWTH, None
    for _ in range(TRIES):
        found = _spread(improvise(student, steering, noise_btc, chunk, factor))
        if before and factor != before[0]:
            growth = math.log(found / before[1]) / math.log(factor / before[0])
        before = factor, found
        factor *= (wanted / found) ** (1 / min(max(growth, GROWTHS[0]), GROWTHS[1]))
        factor = min(max(factor, 1.0), MOST)
    return round(factor, 4)


def improvise(
    student: Generator, steering: Steering, noise_btc: torch.Tensor, chunk: int, spread: float
) -> torch.Tensor:
    """A student's own music in one step a chunk, from nothing, as the instrument plays it; [B, T, C]."""
    rows = torch.arange(len(noise_btc), device=noise_btc.device)
    state = student.init_state(len(noise_btc), chunk, noise_btc.device)
    before, student.spread = student.spread, spread
    chunks = []
    try:
        with torch.autocast(noise_btc.device.type, enabled=False):  # its state is of one precision
            for start in range(0, noise_btc.shape[1], chunk):
                span = slice(start, start + chunk)
                which = steering.segment_bt[:, start]  # changes fall on chunk boundaries
                prompt_bp, given_b = steering.prompt_bsp[rows, which], steering.given_bs[rows, which]
                told = Conditions(prompt_bp, given_b, steering.cond_btd[:, span], steering.guidance_b)
                clean, state = sample_student(student, noise_btc[:, span], state, told)
                chunks.append(clean)
    finally:
        student.spread = before
    return torch.cat(chunks, 1)


def _spread(music_btc: torch.Tensor) -> float:
    """Standard deviation of settled music, mean over channels."""
    return float(music_btc[:, round(SETTLED * music_btc.shape[1]) :].flatten(0, 1).std(0).mean())
