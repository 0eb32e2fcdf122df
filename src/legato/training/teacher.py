"""Flow matching for the teacher, on `[clean | noisy]` sequences under block-causal masks.

x_t = (1 - t) z + t e,  v = e - z,  loss = |u(x_t, t | clean blocks before, prompt, controls) - v|^2
(Lipman et al. 2023; rectified flow, Liu et al. 2023), every noisy block with a time of its own. The clean
context carries noise of its own, with its level embedded, so that long rollouts do not drift (CALM,
arXiv 2509.06926).

Shape legend: B batch, T frames, V views, C latent channels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from legato.config import Config, TeacherTrainConfig, to_dict
from legato.corpus.dataset import Corpus
from legato.models.generator import Generator
from legato.nn.precision import mixed_precision
from legato.training import feeding
from legato.training.checkpoint import warm_start
from legato.training.data import CONDUCTED, Batch, draw_batch, fixed_batch
from legato.training.latents import LatentClip, LatentSet, encode_corpus
from legato.training.loop import Progress, StopFlag, rng_for
from legato.training.run import Result, Run
from legato.training.text import default_text_encoder

VALIDATE_EVERY = 500
VALIDATION_CLIPS = 24
REGIMES = {  # what is given besides the prompt, and the level of noise in the context
    "validation": (CONDUCTED, 0.0),  # what the conductor gives
    "validation_notes": ((*CONDUCTED, "notes"), 0.0),
    "validation_chords": (("harmony",), 0.0),
    "validation_free": ((), 0.0),
    "validation_cold": (CONDUCTED, 1.0),  # no context: prompt and controls alone
}
SMALL_NOISE = 0.05  # largest context noise of a block that is to count as clean


def train_teacher(
    config: Config,
    corpus_folder: Path,
    codec_folder: Path,
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    progress: Progress | None = None,
    encoding: Progress | None = None,
    init: Path | None = None,
) -> Result:
    """Encode the corpus (once per codec) and train the teacher on it, continuing what `out` holds.

    Args:
        config: preset.
        corpus_folder: a built corpus.
        codec_folder: run folder of the trained codec; the latents are kept in it.
        out: run folder.
        device: torch device.
        minutes: train by the clock, schedule included; None trains `optim.steps` steps.
        progress: told of every step.
        encoding: told of every clip encoded.
        init: run folder whose weights a new run starts from.
    """
    clips = Corpus(corpus_folder).clips
    data = encode_corpus(
        clips, codec_folder, codec_folder / "latents", default_text_encoder(), device, encoding
    )
    with StopFlag() as stop:
        return fit_teacher(config, data, out, device, minutes, progress, stop, init)


def fit_teacher(
    config: Config,
    data: LatentSet,
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    progress: Progress | None = None,
    stop: StopFlag | None = None,
    init: Path | None = None,
) -> Result:
    """Train on latents in memory until the schedule ends or `stop` is set; a new run starts from `init`."""
    settings = config.train_teacher
    clips = _long_enough(data.train, settings.frames)
    torch.manual_seed(config.seed)
    generator = Generator(config.generator).to(device)
    if init is not None:
        warm_start(generator, init)
    identity = {"generator": to_dict(config.generator)}
    run = Run(
        out,
        config,
        generator,
        settings.optim,
        identity,
        minutes=minutes,
        checkpoint_minutes=settings.checkpoint_minutes,
    )
    held_out = _long_enough(data.held_out or data.train, settings.frames)[:VALIDATION_CLIPS]

    def draw(step: int) -> Asked:
        return draw_asked(clips, settings, rng_for(config.seed, step))

    asked = feeding.batches(draw, run.step, feeding.helpers(device))
    while not run.done and not stop:
        figures = run.update(flow_loss(generator, next(asked).to(device)))
        if run.step % VALIDATE_EVERY == 0 or run.done:
            figures |= validate(generator, run.ema.tensors, held_out, settings)
        run.report(progress, figures)
        if run.save_is_due and not run.done:
            run.save()
            run.save_model(run.ema.tensors)
    run.save()
    return run.save_model(run.ema.tensors)


@dataclass(frozen=True)
class Asked:
    """A batch, its noise and its times: all that is random about one step.

    Attributes:
        batch: latents, prompts and controls; V views of T frames.
        t_bt: time of each frame of the views [B, V T].
        level_bt: noise level of the context [B, T].
        noise_btc: [B, V T, C].
        context_noise_btc: [B, T, C].
        chunk: frames of a block.
    """

    batch: Batch
    t_bt: torch.Tensor
    level_bt: torch.Tensor
    noise_btc: torch.Tensor
    context_noise_btc: torch.Tensor
    chunk: int

    @classmethod
    def of(
        cls, batch: Batch, times: list[np.ndarray], levels: np.ndarray, chunk: int, rng: np.random.Generator
    ) -> Asked:
        """Times [B, blocks] of every view and levels [B, blocks] as one value a frame, and noise."""
        rows, frames, channels = batch.clean_btc.shape
        noise, context_noise = (
            torch.from_numpy(rng.standard_normal((rows, length, channels), dtype=np.float32))
            for length in (batch.views * frames, frames)
        )
        t_bt = torch.cat([_per_block(one, chunk, frames) for one in times], 1)
        return cls(batch, t_bt, _per_block(levels, chunk, frames), noise, context_noise, chunk)

    def to(self, device: torch.device | str) -> Asked:
        """The same on another device."""
        return self._each(lambda part: part.to(device, non_blocking=True))

    def pin_memory(self) -> Asked:
        """The same in memory that a GPU reads by itself."""
        return self._each(lambda part: part.pin_memory())

    def _each(self, change: Callable[[Any], Any]) -> Asked:
        tensors = {name: change(part) for name, part in vars(self).items() if name != "chunk"}
        return replace(self, **tensors)


def draw_asked(clips: list[LatentClip], settings: TeacherTrainConfig, rng: np.random.Generator) -> Asked:
    """What one training step is asked, every random number from `rng`."""
    batch = draw_batch(clips, settings.batch, settings.frames, settings.unconditional, rng, settings.views)
    chunk = int(settings.chunks[rng.integers(len(settings.chunks))])
    blocks = -(-settings.frames // chunk)
    times = [draw_times(rng, settings.batch, blocks) for _ in range(settings.views)]
    levels = draw_context_noise(rng, settings.batch, blocks, settings)
    return Asked.of(batch, times, levels, chunk, rng)


def flow_loss(generator: Generator, asked: Asked) -> torch.Tensor:
    """Flow-matching loss of one batch."""
    batch = asked.batch
    clean, noise = batch.clean_btc, asked.noise_btc
    target = clean.repeat(1, batch.views, 1)
    t, s = asked.t_bt[..., None], asked.level_bt[..., None]
    with mixed_precision(clean.device):
        velocity = generator(
            (1 - s) * clean + s * asked.context_noise_btc,
            (1 - t) * target + t * noise,
            t_bt=asked.t_bt,
            context_noise_bt=asked.level_bt,
            prompt_bsp=batch.prompt_bsp,
            prompt_given_bs=batch.prompt_given_bs,
            cond_btd=batch.cond_btd,
            chunk=asked.chunk,
            segment_bt=batch.segment_bt,
        )
    return (velocity.float() - (noise - target)).square().mean()


@torch.no_grad()
def validate(
    generator: Generator,
    weights: dict[str, torch.Tensor],
    clips: list,
    settings: TeacherTrainConfig,
    chunk: int = 4,
) -> dict[str, float]:
    """Loss of `weights` on held-out clips under each of REGIMES, with fixed noise and times."""
    device = next(generator.parameters()).device
    live = {name: p.detach().clone() for name, p in generator.named_parameters()}
    generator.load_state_dict(weights, strict=False)
    losses = {}
    for name, (groups, level) in REGIMES.items():
        rng = rng_for(0)
        blocks = -(-settings.frames // chunk)
        times = (rng.permuted(np.tile(np.arange(blocks), (len(clips), 1)), axis=1) + 0.5) / blocks
        batch = fixed_batch(clips, settings.frames, groups)
        asked = Asked.of(batch, [times], np.full_like(times, level), chunk, rng)
        losses[name] = float(flow_loss(generator, asked.to(device)))
    generator.load_state_dict(live, strict=False)
    return losses


def draw_times(rng: np.random.Generator, batch: int, blocks: int) -> np.ndarray:
    """Times [batch, blocks]: three quarters logit-normal, the rest uniform."""
    logit_normal = 1 / (1 + np.exp(-rng.standard_normal((batch, blocks))))
    uniform = rng.random((batch, blocks))
    return np.where(rng.random((batch, blocks)) < 0.75, logit_normal, uniform)


def draw_context_noise(
    rng: np.random.Generator, batch: int, blocks: int, settings: TeacherTrainConfig
) -> np.ndarray:
    """Noise levels of the clean blocks [batch, blocks].

    Context tells more about the next chunk than prompt and controls do, and a model that always hears it
    clean hardly learns to follow them: so some rows start cold, their context absent (1) up to a random
    block, and some are obscured, all their context noisy to one degree.
    """
    large = rng.uniform(0, settings.context_noise, (batch, blocks))
    small = rng.uniform(0, SMALL_NOISE, (batch, blocks))
    levels = np.where(rng.random((batch, blocks)) < 0.5, large, small)
    kind = rng.random((batch, 1))
    absent = np.arange(blocks) < rng.integers(1, blocks + 1, (batch, 1))
    levels = np.where((kind < settings.cold_start) & absent, 1.0, levels)
    obscured = (kind >= settings.cold_start) & (kind < settings.cold_start + settings.obscured)
    return np.where(obscured, rng.uniform(settings.context_noise, 1.0, (batch, 1)), levels)


def _per_block(values: np.ndarray, chunk: int, frames: int) -> torch.Tensor:
    """[B, blocks] to one value per frame, float32 [B, T]."""
    return torch.from_numpy(values.repeat(chunk, axis=1)[:, :frames].astype(np.float32))


def _long_enough(clips: list, frames: int) -> list:
    kept = [clip for clip in clips if clip.frames >= frames]
    if not kept:
        longest = max((clip.frames for clip in clips), default=0)
        raise ValueError(
            f"no clip has the {frames} frames of train_teacher.frames (the longest has {longest}): "
            "compose longer clips or lower train_teacher.frames"
        )
    return kept
