"""What a student loses by listening to itself, and the two factors that give it back.

A flow map learnt by regression answers a little paler than its teacher. From the teacher's history one hardly
sees it; but a student hears itself, a paler past asks for a paler chunk, and where that comes to rest much of
its movement, of its highs and of the difference between two seeds is missing. Two factors at play move that
point back: `distill.spread`, of every chunk about the mean of the last seconds, and `distill.temperature`, of
the noise it starts from, as what prompt, controls and past determine is lost less than what the noise does.
Spread brings back highs before it brings back movement, temperature movement and hardly highs: the two
together bring back both.

Shape legend: B scripts, T frames, C latent channels.
"""

from __future__ import annotations

from itertools import count, islice
from typing import NamedTuple

import numpy as np
import torch

from legato import conditioning
from legato.config import FRAME_RATE, SAMPLE_RATE, DistillConfig
from legato.models.codec import LOG_RANGE, Codec
from legato.models.generator import Generator
from legato.models.sampling import sample_student
from legato.models.stft import bin_magnitudes
from legato.models.streaming import Conditions
from legato.teachers import Steering
from legato.teachers.native import NativeTeacher
from legato.training.data import CONDUCTED
from legato.training.loop import rng_for
from legato.training.rollout import play
from legato.training.scripts import PromptBank, Script, usual_guidance

SCRIPTS = 48  # played side by side
SECONDS = 10.0  # of each
SETTLED = 0.25  # share of them that is left out: music begins from nothing
HIGH_HZ = 6000.0
TRIES = 4
GROWTH = np.array([[4.75, 2.15], [10.0, 1.25]])
"""Per cent of movement, and of highs, gained per cent of spread and of temperature, as measured."""


class Factors(NamedTuple):
    """What a one-step chunk is played with."""

    spread: float = 1.0  # of the chunk about the mean of what was before it
    temperature: float = 1.0  # standard deviation of the noise it starts from


LEAST, MOST = Factors(1.0, 1.0), Factors(1.06, 1.25)


@torch.no_grad()
def find_factors(
    teacher: NativeTeacher,
    student: Generator,
    codec: Codec | None,
    bank: PromptBank,
    settings: DistillConfig,
    seed: int,
    device: str,
) -> Factors:
    """The factors with which a student's own music moves as its teacher's, and has its highs.

    Both play the same scripts from the same noise, each on its own history: the teacher as it was imitated,
    the student as the instrument plays it, guided by notes and gates. The scripts are such as an instrument
    plays most: at the usual guidance, told all that a conductor plans. What is off is divided by what the
    factors are known to do (Newton's method with a fixed slope), and tried again.

    Args:
        teacher: imitated.
        student: its merged network.
        codec: decodes highs; without it the spread alone is found, at the temperature of `settings`.
        bank: scripts are drawn from it.
        settings: as the student was distilled with.
        seed: of scripts and noise.
        device: torch device.
    """
    chunk, usual = settings.chunk, usual_guidance(*settings.guidance)
    frames = round(SECONDS * FRAME_RATE / chunk) * chunk
    drawn = (bank.draw(rng_for(seed, row, 6), frames, chunk, (usual, usual)) for row in count())
    steering = bank.steering(list(islice(filter(_conducted, drawn), SCRIPTS)), 0, frames).to(device)
    noise = rng_for(seed, 7).standard_normal((SCRIPTS, frames, teacher.channels), dtype="float32")
    noise_btc = torch.from_numpy(noise).to(device)
    imitated = play(
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
    wanted = liveliness(imitated, codec)
    known = len(wanted)  # with movement alone the temperature stays
    start = Factors() if codec else Factors(1.0, settings.temperature)
    tried: list[tuple[float, Factors]] = []
    logs = np.log(start)
    for _ in range(TRIES):
        factors = Factors(*np.clip(np.exp(logs), LEAST, MOST).round(4).tolist())
        missing = wanted - liveliness(improvise(student, steering, noise_btc, chunk, factors), codec)
        tried.append((float(np.abs(missing).max()), factors))
        logs = np.log(factors)
        logs[:known] += np.linalg.solve(GROWTH[:known, :known], missing)
    return min(tried)[1]


def improvise(
    student: Generator, steering: Steering, noise_btc: torch.Tensor, chunk: int, factors: Factors
) -> torch.Tensor:
    """A student's own music in one step a chunk, from nothing, as the instrument plays it; [B, T, C]."""
    rows = torch.arange(len(noise_btc), device=noise_btc.device)
    state = student.init_state(len(noise_btc), chunk, noise_btc.device)
    before = student.spread, student.temperature
    student.spread, student.temperature = factors
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
        student.spread, student.temperature = before
    return torch.cat(chunks, 1)


def _conducted(script: Script) -> bool:
    told = (conditioning.given(script.cond_td, group).all() for group in CONDUCTED)
    return script.prompt_given and all(told)


def liveliness(music_btc: torch.Tensor, codec: Codec | None) -> np.ndarray:
    """Mean over scripts of the natural log of settled music's movement and, with a codec, of its highs.

    Movement is the energy of what changes from frame to frame.
    """
    settled = round(SETTLED * music_btc.shape[1])
    movement = music_btc[:, settled:].diff(dim=1).square().mean((1, 2))
    energies = [movement] if codec is None else [movement, _highs(music_btc, codec, settled)]
    return np.array([float(energy.clamp_min(1e-12).log().mean()) for energy in energies])


def _highs(music_btc: torch.Tensor, codec: Codec, settled: int) -> torch.Tensor:
    """Power above 6 kHz of each script's decoded sound from frame `settled` on, [B]."""
    first = round(HIGH_HZ * codec.config.n_fft / SAMPLE_RATE)
    powers = []
    for row in music_btc.split(1):  # decoded sound is large
        logs = codec.decode_features(row)["logs"]
        heard = logs[:, settled * logs.shape[1] // row.shape[1] :]
        powers.append(bin_magnitudes(heard.clamp(*LOG_RANGE), codec.config)[..., first:].square().mean())
    return torch.stack(powers)
