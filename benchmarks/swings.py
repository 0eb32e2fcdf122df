"""What a student's factors do to minutes of music: latents by frequency, and loudness, beside the teacher.

    python benchmarks/swings.py --minutes 2 --prompts 12 --mean-seconds 4 inf

plays held-out prompts under controls that stand still, from the same noise: the teacher, the student without
spread and temperature, and the student as it ships, its spread about a leaky mean of each of those seconds
(inf: about nothing, so that chunks are multiplied as a whole). Energy of latents is a ratio to the teacher's.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch

from legato.config import FRAME_RATE, SAMPLE_RATE
from legato.evaluation.endurance import drift_commands
from legato.evaluation.player import Player
from legato.evaluation.spectra import lufs
from legato.evaluation.tracks import Track, command_track
from legato.models.bundle import Bundle
from legato.models.opening import find
from legato.models.streaming import Streaming

BANDS = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, FRAME_RATE / 2)  # upper edges, Hz
SKIP = 20  # seconds: music begins from nothing
COLUMNS = ["mean", *(f"≤ {edge:g} Hz" for edge in BANDS), "level (LUFS)", "1 s (dB)", "10 s (dB)"]


def energies(latents_btc: np.ndarray) -> np.ndarray:
    """Energy of latents that stand still, and in each band, [1 + bands, B]."""
    settled = latents_btc[:, SKIP * FRAME_RATE :]
    power = np.square(np.abs(np.fft.rfft(settled, axis=1))).mean(-1) / settled.shape[1] ** 2
    power[:, 1:] *= 2
    band = np.searchsorted(BANDS, np.fft.rfftfreq(settled.shape[1], 1 / FRAME_RATE))
    moving = [(power * (band == index))[:, 1:].sum(1) for index in range(len(BANDS))]
    return np.stack([power[:, 0], *moving])


def loudness(audio: np.ndarray) -> tuple[float, float, float]:
    """Mean loudness, and its standard deviation between windows of one and of ten seconds."""

    def windows(seconds: int) -> np.ndarray:
        size = seconds * SAMPLE_RATE
        starts = range(SKIP * SAMPLE_RATE, len(audio) - size + 1, size)
        return np.maximum([lufs(audio[start : start + size]) for start in starts], -50.0)

    return float(windows(10).mean()), float(windows(1).std(ddof=1)), float(windows(10).std(ddof=1))


def measured(player: Player, tracks: list[Track]) -> tuple[np.ndarray, np.ndarray]:
    """Energies, and what `loudness` says, the mean over tracks."""
    latents = player.latents(tracks)
    level = player.bundle.level if player.of == "student" else 1.0
    sounds = (
        level * player.bundle.codec.decode(torch.from_numpy(row[None]).to(player.device))[0].cpu().numpy()
        for row in latents
    )
    return energies(latents), np.mean([loudness(sound) for sound in sounds], axis=0)


def main() -> None:
    """Play, measure, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", help="bundle; the embedded one by default")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--prompts", type=int, default=12)
    parser.add_argument("--teacher-steps", type=int, default=8)
    parser.add_argument("--mean-seconds", type=float, nargs="+", default=[Streaming.mean_seconds])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.prompts < 1 or 60 * options.minutes < 2 * SKIP + 10:
        parser.error(f"at least one prompt and {(2 * SKIP + 10) / 60:.2f} minutes of it are needed")
    bundle = Bundle.load(find(options.model))
    commands = drift_commands(options.prompts, options.seed)
    tracks = [command_track(bundle, command, 60 * options.minutes) for command in commands]
    teacher = Player(bundle, "teacher", options.teacher_steps, options.prompts)
    student = Player(bundle, rows=options.prompts)
    net = student.generator
    factors = net.spread, net.temperature

    print("| | " + " | ".join(COLUMNS) + " |\n|" + "---|" * (1 + len(COLUMNS)))
    wanted, told = measured(teacher, tracks)
    print(line(f"teacher, {options.teacher_steps} steps", wanted / wanted, told), flush=True)
    net.spread, net.temperature = 1.0, 1.0
    found, told = measured(student, tracks)
    print(line("student, neither", found / wanted, told), flush=True)
    net.spread, net.temperature = factors
    for net.mean_seconds in options.mean_seconds:
        found, told = measured(student, tracks)
        name = f"{factors[0]:g}, temperature {factors[1]:g}, about {net.mean_seconds:g} s"
        print(line(name, found / wanted, told), flush=True)


def line(name: str, ratios: np.ndarray, told: np.ndarray) -> str:
    """A row of the table: the geometric mean of ratios over tracks, and loudness."""
    return f"| {name} | {' | '.join(f'{value:.2f}' for value in [*np.exp(np.log(ratios).mean(1)), *told])} |"


if __name__ == "__main__":
    main()
