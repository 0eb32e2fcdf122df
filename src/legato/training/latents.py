"""The corpus as latents: encoded once, kept as one safetensors file and an index, held in memory.

Shape legend: T frames (25 Hz), C latent channels, P prompt size.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file

from legato import conditioning
from legato.config import FRAME_RATE, FRAME_SAMPLES, CodecConfig, parse_config
from legato.models.codec import Codec
from legato.training.checkpoint import CheckpointError, save_tensors
from legato.training.loop import Progress
from legato.training.text import TextEncoder

if TYPE_CHECKING:  # distillation reads this file where no corpus is installed
    from legato.corpus.dataset import Clip
    from legato.corpus.labels import Labels

GROUPS = tuple(name for name in conditioning.GROUPS if name != "notes")
"""Groups stored per frame; notes are kept as events, so that a part of them can be shown."""

LATENTS = "latents.safetensors"
INDEX = "latents.json"


@dataclass
class LatentClip:
    """One clip, frame-aligned: frame t holds samples 1920 t … 1920 (t + 1).

    Attributes:
        latents: float32 [T, C], normalised per channel.
        groups: values of each group of GROUPS, float32 [T, size].
        notes: events [n, 5]: family index, pitch, start frame, end frame, velocity.
        captions: embeddings of its captions, float32 [n, P].
        change: frame from which `captions_after` hold instead; None where one prompt fits all of it.
        captions_after: float32 [n, P], or None.
    """

    name: str
    latents: np.ndarray
    groups: dict[str, np.ndarray]
    notes: np.ndarray
    captions: np.ndarray
    held_out: bool = False
    change: int | None = None
    captions_after: np.ndarray | None = None

    @property
    def frames(self) -> int:
        """T."""
        return len(self.latents)


@dataclass
class LatentSet:
    """Clips to train on and clips kept for validation."""

    train: list[LatentClip] = field(default_factory=list)
    held_out: list[LatentClip] = field(default_factory=list)

    @classmethod
    def of(cls, clips: Sequence[LatentClip]) -> LatentSet:
        """Sort clips by whether they are held out."""
        return cls([c for c in clips if not c.held_out], [c for c in clips if c.held_out])


def label_groups(labels: Labels, frames: int) -> dict[str, np.ndarray]:
    """Labels as the values of each conditioning group, float32 [frames, size]."""
    columns = {
        "beat": conditioning.beat_values(labels.beats, labels.beats_per_bar, labels.bpm),
        "harmony": labels.harmony,
        "scale": labels.scale,
        "density": labels.density,
        "brightness": labels.brightness,
        "loudness": labels.loudness,
        **{family: labels.gates[:, i] for i, family in enumerate(conditioning.FAMILIES)},
    }
    return {
        name: np.asarray(columns[name][:frames], np.float32).reshape(frames, conditioning.GROUPS[name].size)
        for name in GROUPS
    }


def load_codec(folder: Path) -> Codec:
    """The trained codec of a run folder (`config.json`, `model.safetensors`), frozen, on the CPU.

    Raises:
        CheckpointError: a file is missing.
    """
    for name in ("config.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise CheckpointError(f"no {name} in {folder}; train the codec first")
    tree = json.loads((folder / "config.json").read_text())
    codec = Codec(parse_config(CodecConfig, tree.get("codec", tree)))
    codec.load_state_dict(load_file(folder / "model.safetensors"))
    return codec.eval().requires_grad_(False)


@torch.no_grad()
def encode_clip(clip: Clip, codec: Codec, text: TextEncoder, device: str = "cpu") -> LatentClip:
    """One clip of the corpus through the codec and the text encoder."""
    audio = clip.audio()
    audio = audio[: len(audio) // FRAME_SAMPLES * FRAME_SAMPLES]
    audio_bn2 = torch.from_numpy(audio.astype(np.float32) / 32768.0)[None].to(device)
    latents = codec.encode(audio_bn2)[0].float().cpu().numpy()
    labels = clip.labels()
    frames = min(len(latents), len(labels.beats))
    change = clip.changes[0] if clip.changes else None
    return LatentClip(
        name=clip.name,
        latents=latents[:frames],
        groups=label_groups(labels, frames),
        notes=np.asarray(labels.notes, np.float32).reshape(-1, 5),
        captions=text.encode(clip.captions),
        held_out=bool(clip.held_out),
        change=None if change is None else round(change["second"] * FRAME_RATE),
        captions_after=None if change is None else text.encode(change["captions"]),
    )


def encode_corpus(
    clips: Sequence[Clip],
    codec_folder: Path,
    folder: Path,
    text: TextEncoder,
    device: str = "cpu",
    progress: Progress | None = None,
) -> LatentSet:
    """All clips as latents, from `folder` where this codec has encoded these clips before."""
    codec_hash = hashlib.sha256((codec_folder / "model.safetensors").read_bytes()).hexdigest()
    names = [clip.name for clip in clips]
    index_path = folder / INDEX
    if index_path.is_file():
        index = json.loads(index_path.read_text())
        if index["codec"] == codec_hash and [c["name"] for c in index["clips"]] == names:
            return load_latents(folder)
    codec = load_codec(codec_folder).to(device)
    encoded = []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # clips side by side: much of the work on one of them keeps to one core
    try:
        with ThreadPoolExecutor(threads) as pool:
            for clip in pool.map(lambda clip: encode_clip(clip, codec, text, device), clips):
                encoded.append(clip)
                if progress:
                    progress(len(encoded), len(clips), {})
    finally:
        torch.set_num_threads(threads)
    save_latents(folder, encoded, codec_hash)
    return load_latents(folder)


def save_latents(folder: Path, clips: Sequence[LatentClip], codec_hash: str) -> None:
    """Write the clips as one safetensors file (latents in half precision) and an index."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INDEX).unlink(missing_ok=True)  # the index stands only beside finished tensors
    parts = {"latents": [c.latents for c in clips], "notes": [c.notes for c in clips]}
    parts["captions"] = [
        c.captions if c.captions_after is None else np.concatenate([c.captions, c.captions_after])
        for c in clips
    ]
    parts |= {f"group.{name}": [c.groups[name] for c in clips] for name in GROUPS}
    tensors = {name: torch.from_numpy(np.concatenate(arrays)) for name, arrays in parts.items()}
    tensors["latents"] = tensors["latents"].half()
    save_tensors(folder / LATENTS, tensors)
    rows = [
        {
            "name": c.name,
            "held_out": c.held_out,
            "frames": c.frames,
            "notes": len(c.notes),
            "captions": len(c.captions),
            "captions_after": 0 if c.captions_after is None else len(c.captions_after),
            "change": c.change,
        }
        for c in clips
    ]
    (folder / INDEX).write_text(json.dumps({"codec": codec_hash, "clips": rows}))


def load_latents(folder: Path) -> LatentSet:
    """The clips that `save_latents` wrote."""
    index = json.loads((folder / INDEX).read_text())
    arrays = {name: tensor.float().numpy() for name, tensor in load_file(folder / LATENTS).items()}
    starts = {"frames": 0, "notes": 0, "captions": 0}
    clips = []
    for row in index["clips"]:
        sizes = row | {"captions": row["captions"] + row["captions_after"]}
        span = {kind: slice(start, start + sizes[kind]) for kind, start in starts.items()}
        starts = {kind: span[kind].stop for kind in starts}
        captions = arrays["captions"][span["captions"]]
        clips.append(
            LatentClip(
                name=row["name"],
                latents=arrays["latents"][span["frames"]],
                groups={name: arrays[f"group.{name}"][span["frames"]] for name in GROUPS},
                notes=arrays["notes"][span["notes"]],
                captions=captions[: row["captions"]],
                held_out=row["held_out"],
                change=row["change"],
                captions_after=captions[row["captions"] :] if row["captions_after"] else None,
            )
        )
    return LatentSet.of(clips)
