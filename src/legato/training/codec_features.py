"""Features of a corpus, computed once: what the codec is trained on.

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
    """Float16 features of all training clips end to end.

    Args:
        folder: where `prepare_features` put them.
        device: a CPU reads them from the disk as they are needed; another device holds all of them, about
            4 MB a minute.
    """

    def __init__(self, folder: Path, device: torch.device | str = "cpu") -> None:
        self.meta = json.loads((folder / "features.json").read_text())
        # Copy on write, as torch wants memory that it might write to.
        logs, stereo = (np.load(folder / f"{name}.npy", mmap_mode="c") for name in ("logs", "stereo"))
        self.logs, self.stereo = (torch.from_numpy(array).to(device) for array in (logs, stereo))
        self.lengths = np.asarray(self.meta["lengths"])  # latent frames of each clip
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])

    def __len__(self) -> int:
        return len(self.lengths)

    def crop(self, clip: int, start: int, frames: int) -> Features:
        """`frames` latent frames' worth of one clip, [4 T, Q] and [T, S] float32."""
        logs, stereo = self._crops(np.asarray([self.starts[clip] + start]), frames)
        return Features(logs[0], stereo[0])

    def batch(self, rng: np.random.Generator, rows: int, frames: int) -> Features:
        """Random crops [B, 4 T, Q] and [B, T, S], clips drawn in proportion to their length."""
        usable = np.flatnonzero(self.lengths >= frames)
        share = self.lengths[usable] / self.lengths[usable].sum()
        clips = rng.choice(usable, size=rows, p=share)
        starts = [self.starts[c] + rng.integers(self.lengths[c] - frames + 1) for c in clips]
        return self._crops(np.asarray(starts), frames)

    def _crops(self, starts_b: np.ndarray, frames: int) -> Features:
        """From those latent frames of the whole on."""

        def taken(tensor: torch.Tensor, rate: int) -> torch.Tensor:
            at = torch.from_numpy(rate * starts_b).to(tensor.device)
            return tensor[at[:, None] + torch.arange(rate * frames, device=tensor.device)].float()

        return Features(taken(self.logs, FRAMES), taken(self.stereo, 1))


def prepare_features(
    config: CodecConfig, corpus: Corpus, folder: Path, frames: int, device: torch.device | str = "cpu"
) -> FeatureStore:
    """Analyse every training clip once, on `device`; a store that fits corpus and settings is used again.

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
        return FeatureStore(folder, device)
    index.unlink(missing_ok=True)
    total = sum(lengths)
    shape = (FRAMES * total, feature_width(config))
    logs = np.lib.format.open_memmap(folder / "logs.npy", "w+", np.float16, shape)
    stereo = np.lib.format.open_memmap(folder / "stereo.npy", "w+", np.float16, (total, stereo_width(config)))
    at = 0
    for clip, length in zip(clips, lengths, strict=True):
        pcm = torch.from_numpy(clip.audio()[: length * FRAME_SAMPLES]).to(device)
        features = analyse(pcm.float()[None] / 32768.0, config)
        logs[FRAMES * at : FRAMES * (at + length)] = features.logs[0].cpu().numpy()
        stereo[at : at + length] = features.stereo[0].cpu().numpy()
        at += length
    logs.flush()
    stereo.flush()
    index.write_text(json.dumps(meta))
    return FeatureStore(folder, device)
