"""Data-free streaming consistency distillation (arXiv 2606.24307): a one-step student, from prompts alone.

The student is the flow map x_r = x_t - (t - r) u(x_t, t, t - r) of the guided teacher; r = 0 is the
consistency function f(x, t). One round:

1. draw scripts, or go on with those of the round before; roll them out (`rollout.roll_out`);
2. supervise the student at stored states of the teacher's trajectories, half of them at t = 1:
   endpoint       f(X_i, t_i) -> X_M
   consistency    f(X_i, t_i) -> stopgrad f(X_{i+1}, t_{i+1})
   flow map       u(X_i, t_i, t_i - t_j) -> (X_i - X_j) / (t_i - t_j)
3. add the music-aware terms on f(X_i, t_i) against X_M: latent and decoded spectral, temporal difference;
   and, where their weights say so, remedies against blur (`remedies`).

In the end the student's own music is given the movement and the highs of its teacher's (`liveliness`).

The share of the student's own chunks in the history rises from 0; the last stretch of training goes on where
long self-rollouts have got to. Nothing but prompts and scripts goes in: no audio, no latents.

Shape legend: B scripts, K chunks, F frames of a chunk, T = K F frames, C latent channels.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from legato.config import Config, DistillConfig, GeneratorConfig, parse_config
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.teachers import NativeTeacher, Teacher
from legato.teachers.protocol import Borrowed, Steers
from legato.training import parallel
from legato.training.adapters import (
    adapter_tensors,
    computing,
    make_student,
    merged_tensors,
    save_adapter,
    start_from,
)
from legato.training.checkpoint import CheckpointError, with_prefix, without_prefix
from legato.training.latents import load_codec
from legato.training.liveliness import find_factors
from legato.training.loop import Progress, StopFlag, rng_for
from legato.training.reading import Reading
from legato.training.remedies import Remedies
from legato.training.rollout import Rollout, last_frames, play, roll_out
from legato.training.run import Result, Run, record
from legato.training.scripts import PromptBank, ScriptSource
from legato.training.supervision import student_loss
from legato.training.text import TextEncoder, default_hearing, default_text_encoder

LIFE = 4  # longest life of a set of scripts, in rollouts, before the late stretch
ADAPTER = "adapter.safetensors"


def distill(
    config: Config,
    teacher_folder: Path,
    codec_folder: Path | None,
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    progress: Progress | None = None,
    text: TextEncoder | None = None,
    init: Path | None = None,
    lively: bool = True,
) -> Result:
    """Distil the teacher of a run folder, continuing what `out` holds.

    Several processes, started by a launcher, share the batch. Writes `adapter.safetensors` (averaged adapter,
    alone) and `model.safetensors` (merged student).

    Args:
        config: preset; its generator must be that of the teacher.
        teacher_folder: run folder of the teacher.
        codec_folder: run folder of the codec, for the decoded term; None trains without it.
        out: run folder.
        device: torch device.
        minutes: train by the clock, schedule included; None trains `optim.steps` steps.
        progress: told of every step.
        text: encoder of the prompts; default: the one in the package.
        init: run folder of another student, whose adapter a new run starts from.
        lively: find `distill.spread` and `distill.temperature` when training ends.
    """
    generator = load_generator(teacher_folder)
    if generator.config != config.generator:
        raise CheckpointError(f"the teacher in {teacher_folder} has other generator settings")
    bank = PromptBank.load(text) if text else _default_bank()
    with parallel.joined(device) as device, StopFlag() as stop:
        codec = None if codec_folder is None else load_codec(codec_folder).to(device)
        teacher = NativeTeacher(generator.to(device), codec, config.distill.audio_context)
        told = progress if parallel.rank() == 0 else None
        result = fit_student(config, teacher, bank, out, device, minutes, told, stop, init)
        if lively and result.finished and parallel.rank() == 0:
            enliven(out, teacher, codec, bank, device)
        return result


def enliven(
    run: Path,
    teacher: NativeTeacher,
    codec: Codec | None,
    bank: PromptBank | None = None,
    device: str = "cpu",
) -> None:
    """Find and record `distill.spread` and `distill.temperature` of a student's run (`liveliness`).

    Args:
        run: run folder of the student.
        teacher: its teacher.
        codec: as of `find_factors`.
        bank: scripts are drawn from it; default: the one in the package.
        device: torch device.
    """
    config = parse_config(Config, json.loads((run / "config.json").read_text()))
    student = load_generator(run).to(device)
    with computing(device, student):
        factors = find_factors(
            teacher, student, codec, bank or _default_bank(), config.distill, config.seed, device
        )
    record(replace(config, distill=replace(config.distill, **factors._asdict())), run)


def _default_bank() -> PromptBank:
    return PromptBank.load(default_text_encoder(), default_hearing())


def load_generator(folder: Path) -> Generator:
    """The trained generator of a run folder, on the CPU."""
    for name in ("config.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise CheckpointError(f"no {name} in {folder}; train the teacher first")
    tree = json.loads((folder / "config.json").read_text())
    generator = Generator(parse_config(GeneratorConfig, tree["generator"]))
    generator.load_state_dict(load_file(folder / "model.safetensors"))
    played = tree.get("distill", {})
    generator.spread, generator.temperature = played.get("spread", 1.0), played.get("temperature", 1.0)
    return generator


def fit_student(
    config: Config,
    teacher: Teacher,
    bank: ScriptSource,
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    progress: Progress | None = None,
    stop: StopFlag | None = None,
    init: Path | None = None,
) -> Result:
    """Distil any teacher of the protocol until the schedule ends or `stop` is set.

    Of a teacher with borrowed weights the adapter alone is written, and is the result.
    """
    settings = config.distill
    torch.manual_seed(config.seed)
    student = make_student(teacher, settings.rank, settings.alpha).to(device)
    if init is not None:
        start_from(student, init / ADAPTER)
    identity = {"teacher": teacher.fingerprint, "rank": settings.rank, "alpha": settings.alpha}
    if isinstance(teacher, Borrowed):
        identity["window"] = teacher.window
    run = Run(
        out,
        config,
        student,
        settings.optim,
        identity,
        minutes=minutes,
        checkpoint_minutes=settings.checkpoint_minutes,
    )
    stage = _Stage(config, teacher, bank, device, Life.restore(run.extra))
    remedies = Remedies(teacher, settings, device, without_prefix("remedies", run.extra))
    while not run.done and not parallel.anywhere(bool(stop)):
        fraction = run.schedule.fraction(run.step)
        rollout, share = stage.next(student, fraction, run.step)
        for _ in range(settings.updates_per_rollout):
            if run.done:
                break
            rngs = [rng_for(config.seed, run.step, number) for number in (1, 3, 4)]
            beside = remedies.learn(student, rollout, rngs[1], run.schedule.lr(run.step))
            with computing(device, student):
                reading = Reading(teacher, student, rollout)
                loss, figures = student_loss(reading, settings, rngs[0])
                remedy, more = remedies.loss(reading, rngs[2])
            figures |= {**more, **beside, **run.update(loss + remedy), "own": share}
            run.report(progress, figures, every=5)
        if parallel.anywhere(run.save_is_due) and not run.done:
            _save(run, stage, remedies, teacher, settings)
    result = _save(run, stage, remedies, teacher, settings)
    return result


# ---- what is rolled out next ---------------------------------------------------------------------


@dataclass(frozen=True)
class Life:
    """Scripts under way: their number (which seeds them), the frames played, and the recent history."""

    number: int = 0
    frame: int = 0
    late: bool = False  # of the last stretch: long self-rollouts
    history_btc: torch.Tensor | None = None

    def tensors(self) -> dict[str, torch.Tensor]:
        """For the checkpoint."""
        if self.history_btc is None:
            return {}
        life = torch.tensor([self.number, self.frame, self.late])
        return {"life": life, "history": parallel.gathered(self.history_btc)}

    @classmethod
    def restore(cls, tensors: dict[str, torch.Tensor]) -> Life:
        """The inverse of `tensors`."""
        if "life" not in tensors:
            return cls()
        number, frame, late = tensors["life"].tolist()
        return cls(number, frame, bool(late), parallel.own_rows(tensors["history"]))


class _Stage:
    """Decides which scripts are played on, from where, and by whom."""

    def __init__(self, config: Config, teacher: Teacher, bank: ScriptSource, device: str, life: Life) -> None:
        self.config, self.settings = config, config.distill
        self.teacher, self.bank, self.device, self.life = teacher, bank, device, life
        self.batch = parallel.share_of(self.settings.batch)
        self.frames = self.settings.chunks_per_rollout * self.settings.chunk
        self.late_frames = self.settings.late_chunks * self.settings.chunk
        self._scripts: tuple[int, list[Any]] = (-1, [])

    def next(self, student: nn.Module, fraction: float, step: int) -> tuple[Rollout, float]:
        """Roll out the next stretch; returns it and the share of the student's own chunks in it."""
        late = fraction >= 1.0 - self.settings.late_share
        rng = rng_for(self.config.seed, step, 0)
        risen = fraction / self.settings.ramp if fraction < self.settings.ramp else 1.0
        own_share = 1.0 if late else self.settings.self_rollout * risen
        with computing(self.device, student):
            if self._ends(rng, late):
                self.life = Life(self.life.number + 1, late=late)
            if late and self.life.frame < self.late_frames:
                self._play_ahead(student, rng)
            own = (rng.random(self.settings.chunks_per_rollout) < own_share).tolist()
            rollout = roll_out(
                self.teacher,
                student,
                self._steering(self.frames),
                self._past(),
                self._noise(rng, self.frames),
                own,
                chunk=self.settings.chunk,
                steps=self.settings.teacher_steps,
                solver=self.settings.solver,
            )
        self._advance(rollout.history_btc)
        return rollout, float(np.mean(own))

    def _ends(self, rng: np.random.Generator, late: bool) -> bool:
        if self.life.history_btc is None or self.life.late != late:
            return True
        if late:
            return self.life.frame >= 2 * self.late_frames
        return self.life.frame >= LIFE * self.frames or rng.random() < 0.4

    def _play_ahead(self, student: nn.Module, rng: np.random.Generator) -> None:
        """The student alone, unsupervised, up to where late chunks begin."""
        frames = self.late_frames - self.life.frame
        history = play(
            self.teacher,
            student,
            self._steering(frames),
            self._past(),
            self._noise(rng, frames),
            [True] * (frames // self.settings.chunk),
            chunk=self.settings.chunk,
            steps=1,
        )
        self._advance(history)

    def _advance(self, history_btc: torch.Tensor) -> None:
        frame = self.life.frame + history_btc.shape[1]
        recent = last_frames(torch.cat([self._past(), history_btc], 1), self.teacher.window)
        self.life = replace(self.life, frame=frame, history_btc=recent)

    def _past(self) -> torch.Tensor:
        if self.life.history_btc is None:
            return torch.zeros(self.batch, 0, self.teacher.channels, device=self.device)
        return self.life.history_btc.to(self.device)

    def _steering(self, frames: int) -> Steers:
        if self._scripts[0] != self.life.number:
            length = (2 * self.late_frames if self.life.late else LIFE * self.frames) + self.frames
            first = parallel.rank() * self.batch
            scripts = [
                self.bank.draw(
                    rng_for(self.config.seed, self.life.number, 2, first + row),
                    length,
                    self.settings.chunk,
                    self.settings.guidance,
                )
                for row in range(self.batch)
            ]
            self._scripts = (self.life.number, scripts)
        return self.bank.steering(self._scripts[1], self.life.frame, frames).to(self.device)

    def _noise(self, rng: np.random.Generator, frames: int) -> torch.Tensor:
        shape = (self.batch, frames, self.teacher.channels)
        noise = parallel.draw(rng.standard_normal, shape, dtype=np.float32)
        return torch.from_numpy(noise).to(self.device)


def _save(run: Run, stage: _Stage, remedies: Remedies, teacher: Teacher, settings: DistillConfig) -> Result:
    run.save(stage.life.tensors() | with_prefix("remedies", remedies.tensors()))
    adapter = adapter_tensors(run.ema.tensors)
    if run.writes:
        save_adapter(run.folder / ADAPTER, adapter, teacher, settings.rank, settings.alpha)
    if isinstance(teacher, Borrowed):
        return Result(run.folder / ADAPTER, run.done, run.step)
    return run.save_model(merged_tensors(teacher, adapter, settings.rank, settings.alpha))
