"""Latents and labels without audio, for tests: harmony and beat show in them, so they can be learnt."""

from __future__ import annotations

import numpy as np

from legato import conditioning
from legato.training.latents import GROUPS, LatentClip, LatentSet


def synthetic_latents(
    clips: int = 6, frames: int = 64, channels: int = 8, prompt_dim: int = 384, seed: int = 0
) -> LatentSet:
    """Clips whose latents are a fixed linear map of harmony and beat plus noise; the last one is held out."""
    rng = np.random.default_rng(seed)
    mapping = rng.standard_normal((24 + 5, channels)).astype(np.float32) / 3
    return LatentSet.of([_clip(i, frames, mapping, prompt_dim, i == clips - 1, rng) for i in range(clips)])


def _clip(
    index: int, frames: int, mapping: np.ndarray, prompt_dim: int, held_out: bool, rng: np.random.Generator
) -> LatentClip:
    groups = {name: rng.random((frames, conditioning.GROUPS[name].size), np.float32) for name in GROUPS}
    bpm = float(rng.uniform(60, 180))
    groups["beat"] = conditioning.beat_values(np.arange(frames) * bpm / 60 / 25, 4, bpm)
    chords = (rng.random((frames // 16 + 1, 24)) < 0.25).astype(np.float32)
    groups["harmony"] = chords.repeat(16, axis=0)[:frames]
    for family in conditioning.FAMILIES:
        groups[family] = groups[family].round()
    latents = np.concatenate([groups["harmony"], groups["beat"]], 1) @ mapping
    starts = rng.integers(0, frames - 4, 20)
    families, pitches = rng.integers(0, 4, 20), rng.integers(30, 90, 20)
    notes = np.stack([families, pitches, starts, starts + 3.5, np.full(20, 90)], 1).astype(np.float32)
    captions = rng.standard_normal((3, prompt_dim)).astype(np.float32)
    captions /= np.linalg.norm(captions, axis=1, keepdims=True)
    latents += 0.1 * rng.standard_normal(latents.shape)
    return LatentClip(f"clip{index}", latents.astype(np.float32), groups, notes, captions, held_out)
