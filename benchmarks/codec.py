"""Reconstruction by the codec: `python benchmarks/codec.py CODEC_RUN MUSIC [CLIPS] [SECONDS]`.

MUSIC is a corpus, whose held-out clips are taken, or a folder of 48 kHz audio files, searched through. Prints
one line a figure: the codec, and the floor of the analysis (true features, same synthesis); then the targets.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

from legato.config import SAMPLE_RATE
from legato.corpus.dataset import Corpus
from legato.evaluation.codec import evaluate_codec, verdicts
from legato.training.latents import load_codec

SOUNDS = {".flac", ".mp3", ".ogg", ".opus", ".wav"}
OVER_FLOOR = {"held-out clips": 0.6, "recordings": 1.5}  # dB of log-mel error allowed above the floor


def main(codec_run: str, music: str, clips: str = "16", seconds: str = "8") -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    length = float(seconds)
    if (Path(music) / "corpus.json").is_file():
        kind, held_out = "held-out clips", Corpus(music, partial=True).held_out
        recordings = [clip.audio() for clip in spread(held_out, int(clips))]
    else:
        files = sorted(path for path in Path(music).rglob("*") if path.suffix in SOUNDS)
        kind, recordings = "recordings", [read(path, length) for path in spread(files, int(clips))]
    found = evaluate_codec(load_codec(Path(codec_run)), recordings, length)
    print(f"{len(recordings)} {kind}, {length:g} s each")
    print(f"{'figure':24}{'codec':>8}{'floor':>8}")
    for name in found:
        if not name.startswith("floor_"):
            print(f"{name:24}{found[name]:8.3f}{found['floor_' + name]:8.3f}")
    for name, (value, target, met) in verdicts(found, OVER_FLOOR[kind]).items():
        print(f"{name:44}{value:8.3f}  {target}: {'met' if met else 'missed'}")


def spread(items: list, count: int) -> list:
    """`count` of the items, evenly spaced; all of them if there are fewer."""
    return items[:: max(1, len(items) // count)][:count]


def read(path: Path, seconds: float) -> np.ndarray:
    """The first seconds of a file, float32 [N, 2]."""
    try:
        import soundfile
    except ImportError:
        sys.exit("audio files need soundfile: pip install --no-deps -r constraints/standalone.txt")
    audio, rate = soundfile.read(path, frames=int(seconds * SAMPLE_RATE), dtype="float32", always_2d=True)
    if rate != SAMPLE_RATE:
        sys.exit(f"{path} has {rate} samples a second; convert it to {SAMPLE_RATE}")
    return np.repeat(audio, 2, 1) if audio.shape[1] == 1 else audio[:, :2]


if __name__ == "__main__":
    main(*sys.argv[1:])
