"""Trains the codec: features of the corpus computed once, then a variational autoencoder on random crops.

Legend: B rows, T latent frames (25 Hz), Q magnitude features (100 Hz), C latent channels, M mel bands.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from legato.config import FRAME_SAMPLES, SAMPLE_RATE, CodecConfig, Config, to_dict
from legato.models.codec import Codec, Features, analyse
from legato.models.stereo import FRAMES, stereo_width
from legato.models.stft import FLOOR, feature_width, pooled_edges
from legato.training.checkpoint import (
    load_checkpoint,
    load_optimizer,
    optimizer_tensors,
    save_checkpoint,
    save_tensors,
    with_prefix,
    without_prefix,
)
from legato.training.loop import Ema, Log, Progress, Schedule, StopFlag, adamw, optimizer_step, set_lr

if TYPE_CHECKING:
    from legato.corpus.dataset import Corpus

NATS_PER_DB = 0.1151
AUDIBLE_DB = 80.0  # below a crop's peak nothing counts
MEL_BANDS = 80
BLOCK_SECONDS = 16  # audio analysed at a time


class FeatureStore:
    """Float16 features of all training clips end to end, memory-mapped from `folder`."""

    def __init__(self, folder: Path) -> None:
        self.meta = json.loads((folder / "features.json").read_text())
        self.logs = np.load(folder / "logs.npy", mmap_mode="r")
        self.stereo = np.load(folder / "stereo.npy", mmap_mode="r")
        self.lengths = np.asarray(self.meta["lengths"])  # latent frames of each clip
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])

    def __len__(self) -> int:
        return len(self.lengths)

    def crop(self, clip: int, start: int, frames: int) -> Features:
        """`frames` latent frames' worth of one clip, [4 T, Q] and [T, S] float32."""
        at = int(self.starts[clip]) + start
        logs = torch.from_numpy(np.asarray(self.logs[FRAMES * at : FRAMES * (at + frames)], np.float32))
        return Features(logs, torch.from_numpy(np.asarray(self.stereo[at : at + frames], np.float32)))

    def batch(self, rng: np.random.Generator, rows: int, frames: int) -> Features:
        """Random crops [B, 4 T, Q] and [B, T, S], clips drawn in proportion to their length."""
        usable = np.flatnonzero(self.lengths >= frames)
        share = self.lengths[usable] / self.lengths[usable].sum()
        clips = rng.choice(usable, size=rows, p=share)
        crops = [self.crop(c, int(rng.integers(self.lengths[c] - frames + 1)), frames) for c in clips]
        return Features(torch.stack([c.logs for c in crops]), torch.stack([c.stereo for c in crops]))


def prepare_features(config: CodecConfig, corpus: Corpus, folder: Path, frames: int) -> FeatureStore:
    """Analyse every training clip once; a store that fits corpus and settings is used again.

    Raises:
        ValueError: no clip is as long as a training crop.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clips = list(corpus.train)
    lengths = [len(clip.audio()) // FRAME_SAMPLES for clip in clips]
    if not lengths or max(lengths) < frames:
        raise ValueError(
            f"no training clip is as long as a crop of {frames} latent frames; build a longer corpus"
        )
    keys = ("n_fft", "hop", "linear_bins", "pooled_bands", "max_hz", "stereo_bands")
    analysis = {k: v for k, v in to_dict(config).items() if k in keys}
    meta = {"analysis": analysis, "clips": [clip.name for clip in clips], "lengths": lengths}
    index = folder / "features.json"
    if index.is_file() and json.loads(index.read_text()) == meta:
        return FeatureStore(folder)
    index.unlink(missing_ok=True)
    total = sum(lengths)
    shape = (FRAMES * total, feature_width(config))
    logs = np.lib.format.open_memmap(folder / "logs.npy", "w+", np.float16, shape)
    stereo = np.lib.format.open_memmap(folder / "stereo.npy", "w+", np.float16, (total, stereo_width(config)))
    at = 0
    for clip, length in zip(clips, lengths, strict=True):
        pcm = clip.audio()[: length * FRAME_SAMPLES]
        features = analyse(torch.from_numpy(pcm.astype(np.float32) / 32768.0)[None], config)
        logs[FRAMES * at : FRAMES * (at + length)] = features.logs[0].numpy()
        stereo[at : at + length] = features.stereo[0].numpy()
        at += length
    logs.flush()
    stereo.flush()
    index.write_text(json.dumps(meta))
    return FeatureStore(folder)


@lru_cache(maxsize=4)
def _frequencies(config: CodecConfig) -> tuple[np.ndarray, np.ndarray]:
    """Centre and width in Hz of every feature [Q]."""
    edges = np.concatenate([np.arange(config.linear_bins), pooled_edges(config)]) * SAMPLE_RATE / config.n_fft
    return (edges[1:] + edges[:-1]) / 2, np.diff(edges)


@lru_cache(maxsize=4)
def feature_weights(config: CodecConfig) -> Tensor:
    """Weight of every feature [Q], mean 1: the square root of the share of an auditory filter it covers."""
    centre, width = _frequencies(config)
    weights = np.sqrt(width / (24.7 * (0.00437 * centre + 1)))
    return torch.from_numpy(weights / weights.mean()).float()


@lru_cache(maxsize=4)
def mel_matrix(config: CodecConfig) -> Tensor:
    """Power of features to power of mel bands, [Q, M]: triangles that never fall between two features."""
    centre, width = _frequencies(config)
    mel = 2595 * np.log10(1 + np.stack([centre, centre + width / 2]) / 700)
    points = np.linspace(0, mel[1, -1], MEL_BANDS + 2)
    half = np.maximum(points[1] - points[0], 2 * (mel[1] - mel[0]))[:, None]
    triangles = np.maximum(0, 1 - np.abs(mel[0][:, None] - points[None, 1:-1]) / half)
    return torch.from_numpy(triangles * (width / width[0])[:, None]).float()


def spectral_losses(logs: Tensor, target: Tensor, config: CodecConfig) -> dict[str, Tensor]:
    """Distances between log magnitudes [B, 4 T, Q], all in nats, blind below 80 dB under the crop's peak.

    `bins` weighs bins as the ear resolves them, frames with onsets up; `mel` compares band powers at 10 ms and 40 ms;
    `change` compares differences over time, `shape` differences over frequency.
    """
    floor = target.amax((1, 2), keepdim=True) - AUDIBLE_DB * NATS_PER_DB
    heard, wanted = _above(logs, floor), _above(target, floor)
    weights = feature_weights(config).to(logs.device)
    rise = F.relu(wanted[:, 1:] - wanted[:, :-1]).mean(2, keepdim=True)
    onset = F.pad(
        1 + 2 * (rise / (rise.mean((1, 2), keepdim=True) + 0.1)).clamp_max(3.0), (0, 0, 1, 0), value=1.0
    )
    level = 0.25 + 1.5 * (wanted - floor) / (AUDIBLE_DB * NATS_PER_DB)
    error = heard - wanted
    bins = (error.abs() * (weights * onset * level)).mean()
    change = ((error[:, 1:] - error[:, :-1]).abs() * weights * level[:, 1:]).mean()
    shape = ((error[..., 1:] - error[..., :-1]).abs() * weights[1:] * level[..., 1:]).mean()
    matrix = mel_matrix(config).to(logs.device)
    power, true = (2 * heard).exp() @ matrix, (2 * wanted).exp() @ matrix
    mel = _log_distance(power, true, onset) + _log_distance(_coarse(power), _coarse(true), None)
    return {"bins": bins, "mel": mel, "change": change, "shape": shape}


def _above(logs: Tensor, floor: Tensor) -> Tensor:
    """Magnitudes with the floor's added in: what lies far below it no longer matters."""
    return floor + F.softplus(logs - floor)


def _coarse(power: Tensor) -> Tensor:
    return power.unflatten(1, (-1, FRAMES)).mean(2)


def _log_distance(power: Tensor, true: Tensor, weight: Tensor | None) -> Tensor:
    error = 0.5 * (power.log() - true.log()).abs()
    return (error if weight is None else error * weight).mean()


def training_loss(
    codec: Codec, features: Features, noise: Tensor, kl: float
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of one batch and its parts; `noise` [B, T, C] is the draw of the posterior."""
    with torch.autocast(noise.device.type, torch.bfloat16):
        mean, log_var = codec.encoder(features)
        decoded = codec.features(mean + (0.5 * log_var).exp() * noise)
    parts = spectral_losses(decoded.logs, features.logs, codec.config)
    parts["stereo"] = F.smooth_l1_loss(decoded.stereo, features.stereo, beta=0.05)
    parts["kl"] = 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(2).mean()
    spectral = parts["bins"] + parts["mel"] + 0.5 * parts["change"] + 0.25 * parts["shape"]
    loss = spectral + 2.0 * parts["stereo"] + kl * parts["kl"]
    return loss, {name: part.detach() for name, part in parts.items()}


@torch.no_grad()
def latent_statistics(codec: Codec, store: FeatureStore, device: torch.device) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation [C] of the posterior's means over the training clips."""
    means = []
    for clip in range(0, len(store), max(1, len(store) // 256)):
        crop = store.crop(clip, 0, int(store.lengths[clip]))
        mean, _ = codec.encoder(Features(crop.logs[None].to(device), crop.stereo[None].to(device)))
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
        stop: when set, a checkpoint is written and None returned.

    Returns:
        The codec with averaged weights and latent statistics; None if stopped before the end.
    """
    run = _Run(config, corpus, Path(out), torch.device(device), minutes)
    with stop or StopFlag() as flag:
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
        self, config: Config, corpus: Corpus, out: Path, device: torch.device, minutes: float | None
    ) -> None:
        self.config, self.out, self.device = config, out, device
        self.settings = config.train_codec
        out.mkdir(parents=True, exist_ok=True)
        self.store = prepare_features(config.codec, corpus, out / "features", self.settings.frames)
        torch.manual_seed(config.seed)
        self.codec = Codec(config.codec).to(device)
        self.optimizer = adamw(self.codec, self.settings.optim)
        self.ema = Ema(self.codec.named_parameters(), self.settings.optim.ema)
        self.step = 0
        elapsed = self._resume()
        self.schedule = Schedule(self.settings.optim, minutes, elapsed)
        self.saved_at = self.began_at = self.schedule.elapsed
        self.began = self.step
        (out / "config.json").write_text(json.dumps(to_dict(config), indent=1))
        self.log = Log(out / "log.jsonl", self.step)

    def train_step(self) -> dict[str, float]:
        """One optimizer step; returns the figures for the log."""
        settings = self.settings
        rng = np.random.default_rng((self.config.seed, 11, self.step))
        batch = self._augment(self.store.batch(rng, settings.batch, settings.frames), rng)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        shape = (settings.batch, settings.frames, self.config.codec.latent_channels)
        noise = torch.randn(shape, generator=generator).to(self.device)
        lr = self.schedule.lr(self.step)
        set_lr(self.optimizer, lr)
        loss, parts = training_loss(self.codec, batch, noise, settings.kl)
        loss.backward()
        norm = optimizer_step(self.optimizer, self.codec.parameters(), settings.optim.clip)
        self.ema.update(self.codec.named_parameters(), self.step)
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
        tensors = with_prefix("model", dict(self.codec.named_parameters()))
        tensors |= with_prefix("ema", self.ema.tensors) | optimizer_tensors(self.optimizer)
        self.saved_at = self.schedule.elapsed
        meta = {"step": self.step, "elapsed": self.saved_at, "config": to_dict(self.config)}
        save_checkpoint(self.out / "checkpoint", tensors=tensors, meta=meta)

    def finish(self) -> Codec:
        """The averaged weights with latent statistics, saved as `model.safetensors`."""
        self.codec.load_state_dict(self.ema.tensors, strict=False)
        self.codec.eval()
        self.codec.set_statistics(*latent_statistics(self.codec, self.store, self.device))
        save_tensors(self.out / "model.safetensors", self.codec.state_dict())
        return self.codec

    def _augment(self, batch: Features, rng: np.random.Generator) -> Features:
        gains = rng.uniform(*self.settings.gain_db, size=(len(batch.logs), 1, 1)) * NATS_PER_DB
        logs = (batch.logs + torch.from_numpy(gains).float()).clamp_min(float(np.log(FLOOR)))
        return Features(logs.to(self.device), batch.stereo.to(self.device))

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
        self.step = meta["step"]
        return meta["elapsed"]
