"""Features of a corpus, computed once and memory-mapped: what the codec is trained on.

Legend: B rows, T latent frames (25 Hz), Q magnitude features (100 Hz), S stereo parameters.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from legato.config import FRAME_SAMPLES, CodecConfig, to_dict
from legato.models.codec import Features, analyse
from legato.models.stereo import FRAMES, stereo_width
from legato.models.stft import feature_width

if TYPE_CHECKING:
    from legato.corpus.dataset import Corpus


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
