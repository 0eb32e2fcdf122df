"""The pictures of docs/method.md, from a bundle.

    python benchmarks/method_pictures.py [--model BUNDLE] [--seconds 24] [--out docs]

Two held-out commands are played by the teacher in 16 steps, the teacher in one and the student in one, from
the same noise. `method-one-step.png` shows the sound of the first, `method-drift.png` how far latents swing
over time, `method-solver.png` what the teacher's solver loses in few steps.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from legato.config import FRAME_RATE
from legato.evaluation.paired import Model, Stage, decode, roll
from legato.evaluation.pictures import curves_png, spectrograms_png
from legato.evaluation.renders import base_commands
from legato.evaluation.tracks import CHUNK, command_track
from legato.models.bundle import Bundle
from legato.teachers import NativeTeacher, Steering
from legato.training.rollout import trajectories

SCRIPTS = 2
SHOWN = 8.0  # seconds of sound
WINDOW = 2 * FRAME_RATE  # frames over which a swing is taken
STEPS = (2, 3, 4, 6, 8, 12, 16)
FINE = 32  # steps of second order that stand for the exact solution


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", help="a bundle's folder (default: the embedded one)")
    parser.add_argument("--seconds", type=float, default=24.0, help="played, at least 8")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    bundle = Bundle.load(options.model)
    seconds = max(SHOWN, options.seconds)
    tracks = [command_track(bundle, command, seconds) for command in base_commands(SCRIPTS)]
    stage = Stage.of(tracks, bundle.config.generator.latent_channels, 0)
    teacher = bundle.teacher().eval().requires_grad_(False)
    models = {
        "teacher, 16 steps": Model(teacher, teacher=True, steps=16),
        "teacher, 1 step": Model(teacher, teacher=True, steps=1),
        "student, 1 step": Model(bundle.generator),
    }
    latents = {name: roll(model, stage) for name, model in models.items()}
    draw_sound(bundle, models, latents, options.out)
    draw_drift(latents, options.out)
    draw_solver(teacher, stage, latents["teacher, 16 steps"], options.out)


def draw_sound(bundle: Bundle, models: dict[str, Model], latents: dict[str, np.ndarray], out: Path) -> None:
    """Spectrograms of the first script."""
    frames = int(SHOWN * FRAME_RATE)
    sounds = {name: decode(models[name], bundle.codec, z[:1, :frames])[0] for name, z in latents.items()}
    spectrograms_png(sounds, out / "method-one-step.png")


def draw_drift(latents: dict[str, np.ndarray], out: Path) -> None:
    """Standard deviation of latents in windows, mean over scripts."""
    curves = {}
    for name, z in latents.items():
        parts = [z[:, start : start + WINDOW] for start in range(0, z.shape[1] - WINDOW + 1, WINDOW)]
        times = [(index + 0.5) * WINDOW / FRAME_RATE for index in range(len(parts))]
        curves[name] = (times, [float(part.std((1, 2)).mean()) for part in parts])
    curves_png(curves, out / "method-drift.png", across="seconds", up="standard deviation of latents")


def draw_solver(teacher: torch.nn.Module, stage: Stage, history: np.ndarray, out: Path) -> None:
    """Energy of change of the teacher's endpoints under its own history, over that of the exact solution."""
    native = NativeTeacher(teacher)  # type: ignore[arg-type]
    first = native.window
    last = min(history.shape[1], first + 2 * FRAME_RATE // CHUNK * CHUNK)
    first = min(first, (last - CHUNK) // CHUNK * CHUNK)
    tracks = stage.tracks
    steering = Steering(
        prompt_bsp=torch.from_numpy(np.stack([track.prompt_kp[:1] for track in tracks])),
        given_bs=torch.ones(len(tracks), 1, dtype=torch.bool),
        segment_bt=torch.zeros(len(tracks), last - first, dtype=torch.long),
        cond_btd=torch.from_numpy(np.stack([track.cond_td[first:last] for track in tracks])),
        guidance_b=torch.tensor([track.guidance for track in tracks]),
    )
    noise = torch.from_numpy(stage.noise_btc[:, first:last])
    with torch.no_grad():
        context = native.context(native.network, torch.from_numpy(history[:, :last]), CHUNK)

    def energy(steps: int, solver: str) -> float:
        states = trajectories(native, noise, context, steering, first, CHUNK, steps, solver)  # type: ignore[arg-type]
        return float(states[-1][1].diff(dim=1).square().mean())

    exact = energy(FINE, "adams")
    curves = {
        name: (STEPS, [energy(steps, name.split("-")[0].lower()) / exact for steps in STEPS])
        for name in ("Euler", "Adams-Bashforth")
    }
    curves_png(curves, out / "method-solver.png", across="steps", up="energy of change, over the exact one")


if __name__ == "__main__":
    main()
