"""How much of its teacher's spread a student loses by listening to itself, and the factors that give it back.

A flow map learnt by regression answers with a little less variance than its teacher. From the teacher's
history one hardly sees it; but a student hears itself, a paler past asks for a paler chunk, and where that
comes to rest a tenth of the spread is missing: of movement, of highs, of the difference between two seeds. A
factor of a few per cent on every chunk moves that point back. R² to the teacher's endpoints does not notice.
What moves within a chunk loses more than a chunk's mean, some channels more than others: each has its own.

Shape legend: B scripts, T frames, C latent channels, K a chunk's mean and what moves about it.
"""

from __future__ import annotations

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
LEAST, MOST = 0.9, 1.15
GROWTH = 3.5  # per cent of spread for a per cent of the factor, as a first guess …
GROWTHS = (1.0, 10.0)  # … and within what bounds it is believed
TRIES = 4  # of the factors


@torch.no_grad()
def find_spread(
    teacher: NativeTeacher,
    student: Generator,
    bank: PromptBank,
    settings: DistillConfig,
    seed: int,
    device: str,
) -> tuple[tuple[float, ...], ...]:
    """Factors [K, C] of one-step chunks with which a student's own music spreads as its teacher's.

    Both play the same scripts from the same noise, each on its own history: the teacher as it was imitated,
    the student as the instrument plays it, guided by notes and gates. What spread is gained per factor is
    learnt from try to try: the slope between both logarithms, by least squares over the channels.
    """
    chunk = settings.chunk
    frames = round(SECONDS * FRAME_RATE / chunk) * chunk
    scripts = [bank.draw(rng_for(seed, row, 6), frames, chunk, settings.guidance) for row in range(SCRIPTS)]
    steering = bank.steering(scripts, 0, frames).to(device)
    noise = rng_for(seed, 7).standard_normal((SCRIPTS, frames, teacher.channels), dtype="float32")
    noise_btc = torch.from_numpy(noise).to(device)
    wanted_kc = _spread(
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
        ),
        chunk,
    )

    factor_kc, growth_k1, before = torch.ones_like(wanted_kc), GROWTH, None
    for _ in range(TRIES):
        found_kc = _spread(improvise(student, steering, noise_btc, chunk, factor_kc), chunk)
        if before:
            moved_kc, gained_kc = (factor_kc / before[0]).log(), (found_kc / before[1]).log()
            slope_k1 = (moved_kc * gained_kc).sum(1, True) / moved_kc.square().sum(1, True).clamp_min(1e-12)
            growth_k1 = slope_k1.clamp(*GROWTHS)
        before = factor_kc, found_kc
        factor_kc = (factor_kc * (wanted_kc / found_kc) ** (1 / growth_k1)).clamp(LEAST, MOST)
    return tuple(tuple(round(factor, 4) for factor in row) for row in factor_kc.tolist())


def improvise(
    student: Generator, steering: Steering, noise_btc: torch.Tensor, chunk: int, spread_kc: torch.Tensor
) -> torch.Tensor:
    """A student's own music in one step a chunk, from nothing, as the instrument plays it; [B, T, C]."""
    rows = torch.arange(len(noise_btc), device=noise_btc.device)
    state = student.init_state(len(noise_btc), chunk, noise_btc.device)
    before, student.spread_kc = student.spread_kc, spread_kc
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
        student.spread_kc = before
    return torch.cat(chunks, 1)


def _spread(music_btc: torch.Tensor, chunk: int) -> torch.Tensor:
    """Standard deviations [K, C] of settled music."""
    chunks_bnfc = music_btc.unflatten(1, (-1, chunk))
    chunks_bnfc = chunks_bnfc[:, round(SETTLED * chunks_bnfc.shape[1]) :]
    mean_bnc = chunks_bnfc.mean(2)
    about = (chunks_bnfc - mean_bnc[:, :, None]).square().mean((0, 1, 2)).sqrt()
    return torch.stack([mean_bnc.flatten(0, 1).std(0), about])
