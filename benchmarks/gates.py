"""What the measure of gates gives on real music: `python benchmarks/gates.py CODEC_RUN CORPUS [CLIPS]`.

The corpus's held-out whole bands are rendered anew, and again without each family: the same score, the same
mix but for what is left out, through the codec. `legato eval` asks of the model what this asks of the corpus,
so its `gate_auc` can be held against a model that obeyed without fail. Needs the sound sets of the corpus.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from legato.conditioning import FAMILIES
from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.corpus.clips import ClipKind, compose_clip
from legato.corpus.dataset import Corpus
from legato.corpus.render import render
from legato.corpus.score import Score
from legato.corpus.voices import Voices, open_voices
from legato.evaluation.control import gate_signal
from legato.evaluation.renders import WARM_UP
from legato.evaluation.statistics import auc
from legato.models.codec import Codec
from legato.training.latents import load_codec


def main(codec_run: str, corpus: str, clips: str = "24") -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    codec, music = load_codec(Path(codec_run)), Corpus(corpus)
    voices = open_voices(music.config["soundfont"], music.config["sets"])
    pairs: dict[str, list[tuple[float, float]]] = {family: [] for family in FAMILIES}
    bands = [clip for clip in music.held_out if clip.kind == ClipKind.FULL]
    for clip in bands[: int(clips)]:
        score = compose_clip(clip.style, clip.seed, clip.seconds).score
        everyone = sound(score, clip.seconds, voices, codec)
        for family in FAMILIES:
            others = [part for part in score.parts if part.family != family]
            if len(others) in (0, len(score.parts)):
                continue  # it has no such family, or no other
            silent = sound(replace(score, parts=others), clip.seconds, voices, codec)
            pairs[family].append((gate_signal(everyone, family), gate_signal(silent, family)))
    print(f"{'family':8}{'clips':>6}{'auc':>6}{'on above off':>14}{'contrast, dB':>14}")
    for family, found in pairs.items():
        on, off = np.array(found).T
        print(
            f"{family:8}{len(found):6}{auc(on, off):6.2f}{np.mean(on > off):14.2f}{np.median(on - off):14.2f}"
        )


@torch.inference_mode()
def sound(score: Score, seconds: float, voices: Voices, codec: Codec) -> np.ndarray:
    """A score through the codec, without what `legato eval` takes for warm-up: float32 [N, 2]."""
    mix_n2 = render(score, voices, np.random.default_rng(score.seed), seconds).mix
    whole = len(mix_n2) // FRAME_SAMPLES * FRAME_SAMPLES
    decoded = codec.decode(codec.encode(torch.from_numpy(mix_n2[:whole])[None]))[0].numpy()
    return decoded[int(WARM_UP * SAMPLE_RATE) :]


if __name__ == "__main__":
    main(*sys.argv[1:])
