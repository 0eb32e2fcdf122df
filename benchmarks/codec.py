"""Reconstruction of held-out corpus clips: `python benchmarks/codec.py CODEC_RUN CORPUS [CLIPS] [SECONDS]`.

Prints one line a figure: the codec, and the floor of the analysis (true features, same synthesis).
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from legato.corpus.dataset import Corpus
from legato.evaluation.codec import evaluate_codec
from legato.training.latents import load_codec


def main(codec_run: str, corpus: str, clips: str = "16", seconds: str = "8") -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    held_out = Corpus(corpus).held_out
    chosen = held_out[:: max(1, len(held_out) // int(clips))][: int(clips)]
    found = evaluate_codec(load_codec(Path(codec_run)), [clip.audio() for clip in chosen], float(seconds))
    print(f"{len(chosen)} held-out clips, {float(seconds):g} s each")
    print(f"{'figure':24}{'codec':>8}{'floor':>8}")
    for name in found:
        if not name.startswith("floor_"):
            print(f"{name:24}{found[name]:8.3f}{found['floor_' + name]:8.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
