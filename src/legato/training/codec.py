"""Trains the codec: features of the corpus computed once, then a variational autoencoder on random crops.

Legend: B rows, T latent frames (25 Hz), C latent channels.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from legato.config import Config, ConfigError, to_dict
from legato.models.codec import Codec, Features
from legato.models.stft import FLOOR
from legato.nn.precision import mixed_precision
from legato.training.checkpoint import (
    load_checkpoint,
    load_optimizer,
    optimizer_tensors,
    save_checkpoint,
    save_tensors,
    warm_start,
    with_prefix,
    without_prefix,
)
from legato.training.codec_critic import Sharpening
from legato.training.codec_features import FeatureStore, prepare_features
from legato.training.codec_losses import NATS_PER_DB, spectral_losses, stereo_loss
from legato.training.loop import Ema, Log, Progress, Schedule, StopFlag, adamw, optimizer_step, set_lr

if TYPE_CHECKING:
    from legato.corpus.dataset import Corpus


def training_loss(
    codec: Codec, features: Features, noise: Tensor, kl: float, sharpening: Sharpening | None = None
) -> tuple[Tensor, dict[str, Tensor], Tensor]:
    """The loss of one batch, its parts, the decoded magnitudes; `noise` [B, T, C] is the posterior's draw."""
    with mixed_precision(noise.device):
        mean, log_var = codec.encoder(features)
        decoded = codec.features(mean + (0.5 * log_var).exp() * noise)
    parts = spectral_losses(decoded.logs, features.logs, codec.config)
    parts["stereo"] = stereo_loss(decoded.stereo, features.stereo, features.logs, codec.config)
    parts["kl"] = 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(2).mean()
    spectral = parts["bins"] + parts["mel"] + 0.7 * parts["change"] + 0.25 * parts["shape"]
    loss = spectral + 4.0 * parts["stereo"] + kl * parts["kl"]
    if sharpening is not None:
        term, parts["sharpness"] = sharpening.term(decoded.logs, features.logs, spectral)
        loss = loss + term
    return loss, {name: part.detach() for name, part in parts.items()}, decoded.logs


@torch.no_grad()
def latent_statistics(codec: Codec, store: FeatureStore) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation [C] of the posterior's means over the training clips."""
    means = []
    for clip in range(0, len(store), max(1, len(store) // 256)):
        crop = store.crop(clip, 0, int(store.lengths[clip]))
        mean, _ = codec.encoder(Features(crop.logs[None], crop.stereo[None]))
        means.append(mean[0])
    all_means = torch.cat(means).double()
    return all_means.mean(0).float(), all_means.std(0).float()


def train_codec(
    config: Config,
    corpus: Corpus,
    out: Path,
    device: torch.device | str = "cpu",
    progress: Progress | None = None,
    *,
    minutes: float | None = None,
    init: Path | None = None,
    stop: StopFlag | None = None,
) -> Codec | None:
    """Train the codec in run folder `out`, resuming from its checkpoint where there is one.

    Batches and noise are functions of (seed, step), so a resumed run equals an uninterrupted one.

    Args:
        config: all settings; `codec` and `train_codec` matter here.
        corpus: its training clips are used.
        out: gets `config.json`, `log.jsonl`, `checkpoint/`, `features/` and the result `model.safetensors`.
        device: where to train.
        progress: called after every step.
        minutes: train for this long, the schedule following the clock, instead of `optim.steps`.
        init: run folder whose weights a new run starts from.
        stop: when set, a checkpoint is written and None returned.

    Returns:
        The codec with averaged weights and latent statistics; None if stopped before the end.
    """
    run = _Run(config, corpus, Path(out), torch.device(device), minutes, init)
    with StopFlag() if stop is None else stop as flag:
        while not run.schedule.done(run.step):
            if flag:
                run.save()
                return None
            figures = run.train_step()
            if progress is not None:
                progress(run.step, run.schedule.total(run.step), figures)
    run.save()
    return run.finish()


class _Run:
    """One training run: model, optimizer, schedule and where it is written."""

    def __init__(
        self,
        config: Config,
        corpus: Corpus,
        out: Path,
        device: torch.device,
        minutes: float | None,
        init: Path | None = None,
    ) -> None:
        self.config, self.out, self.device = config, out, device
        self.settings = config.train_codec
        out.mkdir(parents=True, exist_ok=True)
        self.store = prepare_features(config.codec, corpus, out / "features", self.settings.frames, device)
        torch.manual_seed(config.seed)
        self.codec = Codec(config.codec).to(device)
        self.fresh = [] if init is None else warm_start(self.codec, init)
        self.optimizer = adamw(self.codec, self.settings.optim)
        self.ema = Ema(self.codec.named_parameters(), self.settings.optim.ema)
        self.sharpening = None
        if self.settings.critic > 0:
            optim = self.settings.optim
            self.sharpening = Sharpening(config.codec, optim, self.settings.critic, device)
        self.step = 0
        elapsed = self._resume()
        if not (self.settings.encoder or self.step or init):
            raise ConfigError(
                "train_codec.encoder=false keeps the encoder of another run: name it with --init"
            )
        self.schedule = Schedule(self.settings.optim, minutes, elapsed)
        self.saved_at = self.began_at = self.schedule.elapsed
        self.began = self.step
        (out / "config.json").write_text(json.dumps(to_dict(config), indent=1))
        self.log = Log(out / "log.jsonl", self.step)

    def train_step(self) -> dict[str, float]:
        """One optimizer step; returns the figures for the log."""
        settings = self.settings
        self._hold()
        rng = np.random.default_rng((self.config.seed, 11, self.step))
        batch = self._augment(self.store.batch(rng, settings.batch, settings.frames), rng)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        shape = (settings.batch, settings.frames, self.config.codec.latent_channels)
        noise = torch.randn(shape, generator=generator).to(self.device)
        lr = self.schedule.lr(self.step)
        set_lr(self.optimizer, lr)
        loss, parts, logs = training_loss(self.codec, batch, noise, settings.kl, self.sharpening)
        loss.backward()
        norm = optimizer_step(self.optimizer, self.codec.parameters(), settings.optim.clip)
        self.ema.update(self.codec.named_parameters(), self.step)
        if self.sharpening is not None:
            parts["critic"] = torch.tensor(self.sharpening.learn(logs, batch.logs, lr))
        self.step += 1
        spent = max(self.schedule.elapsed - self.began_at, 1e-6)
        seconds = (self.step - self.began) * settings.batch * settings.frames / 25 / spent
        figures = {"loss": float(loss.detach()), **{k: float(v) for k, v in parts.items()}}
        figures |= {"lr": lr, "norm": norm, "audio_per_s": seconds}
        if self.step % 20 == 0 or self.step == 1:
            self.log.write(step=self.step - 1, **figures)
        if self.schedule.elapsed - self.saved_at > 60 * settings.checkpoint_minutes:
            self.save()
        return figures

    def save(self) -> None:
        """Write the checkpoint."""
        tensors = with_prefix("model", self.codec.state_dict())
        tensors |= with_prefix("ema", self.ema.tensors) | optimizer_tensors(self.optimizer)
        if self.sharpening is not None:
            tensors |= with_prefix("critic", self.sharpening.beside.tensors())
        self.saved_at = self.schedule.elapsed
        meta = {
            "step": self.step,
            "elapsed": self.saved_at,
            "config": to_dict(self.config),
            "fresh": self.fresh,
        }
        save_checkpoint(self.out / "checkpoint", tensors=tensors, meta=meta)

    def finish(self) -> Codec:
        """The averaged weights with latent statistics, saved as `model.safetensors`."""
        self.codec.load_state_dict(self.ema.tensors, strict=False)
        self.codec.eval()
        if self.settings.encoder:
            self.codec.set_statistics(*latent_statistics(self.codec, self.store))
        save_tensors(self.out / "model.safetensors", self.codec.state_dict())
        return self.codec

    def _hold(self) -> None:
        """Keep an encoder that is to stay; a new one learns an old decoder's language before both go on."""
        held = bool(self.fresh) and self.step < self.settings.thaw
        for name, parameter in self.codec.named_parameters():
            kept = not self.settings.encoder and name.startswith("encoder.")
            parameter.requires_grad_(not kept and (not held or name in self.fresh))

    def _augment(self, batch: Features, rng: np.random.Generator) -> Features:
        gains = rng.uniform(*self.settings.gain_db, size=(len(batch.logs), 1, 1)) * NATS_PER_DB
        gains_b11 = torch.from_numpy(gains).float().to(self.device)
        return batch._replace(logs=(batch.logs + gains_b11).clamp_min(float(np.log(FLOOR))))

    def _resume(self) -> float:
        """Seconds of training before the checkpoint, which is loaded if there is one.

        Raises:
            ValueError: the checkpoint belongs to another model.
        """
        found = load_checkpoint(self.out / "checkpoint")
        if found is None:
            return 0.0
        tensors, meta = found
        if meta["config"]["codec"] != to_dict(self.config.codec):
            raise ValueError(
                f"{self.out}/checkpoint is of another codec setting; use a new run folder or delete it"
            )
        self.codec.load_state_dict(without_prefix("model", tensors), strict=False)
        self.ema.load(without_prefix("ema", tensors))
        load_optimizer(self.optimizer, tensors)
        if self.sharpening is not None:
            self.sharpening.beside.restore(without_prefix("critic", tensors))
        self.step, self.fresh = meta["step"], meta["fresh"]
        return meta["elapsed"]
