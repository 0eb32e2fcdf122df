"""A sound as a prompt: the styles it is like, in the words by which a model knows them.

Musicnn hears, and a classifier of clips of the corpus (`evaluation/classifier.py`) says how likely each style
is. Words rather than an embedding, so that a performer sees what was understood and can change it, and any
model can be told. `benchmarks/audio_prompts.py` made the weights and measures that it works.

N samples at 48 kHz.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from legato.config import SAMPLE_RATE
from legato.evaluation import musicnn
from legato.evaluation.classifier import StyleClassifier
from legato.io.sounds import levelled, read_sound
from legato.music.grammar import STYLES

MOST = 3  # styles
LEAST = 0.1  # of the likeliest one's share, below which a style is left out
LONGEST_S = 20.0  # of a longer sound its middle is heard
WEIGHTS = "styles.safetensors"


def prompts_of(sound: str | Path | np.ndarray) -> dict[str, float]:
    """Weighted prompts for music like a sound.

    Args:
        sound: a file that `io.sounds.read_sound` can read, or samples at 48 kHz within ±1, [N] or [N, 2].

    Returns:
        Weights of one to three prompts, in all 1, the strongest first.

    Raises:
        SoundError: it cannot be read, is too short, too long or silent, or holds what is no number.
    """
    given = isinstance(sound, np.ndarray)
    audio_n2 = levelled(sound, SAMPLE_RATE, "the sound") if given else read_sound(sound)
    return prompts_for(musicnn.embed(middle(audio_n2)))


def prompts_for(embeddings_we: np.ndarray, classifier: StyleClassifier | None = None) -> dict[str, float]:
    """As `prompts_of`, of what musicnn heard: [W, 200]; `classifier`: another than the shipped one."""
    classifier = classifier or _classifier()
    shares = classifier.probabilities(embeddings_we)
    order = np.argsort(-shares)[:MOST]
    kept = [index for index in order if shares[index] >= LEAST * shares[order[0]]]
    total = shares[kept].sum()
    return {STYLES[classifier.styles[i]].genres[0]: round(float(shares[i] / total), 3) for i in kept}


def middle(audio_n2: np.ndarray) -> np.ndarray:
    """What is heard of a sound."""
    longest = round(LONGEST_S * SAMPLE_RATE)
    begin = max(0, len(audio_n2) - longest) // 2
    return audio_n2[begin : begin + longest]


@lru_cache(maxsize=1)
def _classifier() -> StyleClassifier:
    return StyleClassifier.load((resources.files("legato.evaluation") / "weights" / WEIGHTS).read_bytes())
