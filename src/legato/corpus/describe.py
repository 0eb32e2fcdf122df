"""What listeners call each style, by the thousand: `python -m legato.corpus.describe > captions.txt`.

The file lies in `training`. Scores are composed and put into words, not rendered; words and phrasings are
those of training captions.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from legato.corpus.captions import captions
from legato.corpus.clips import ClipKind, compose_clip
from legato.music.grammar import STYLES

COMPOSITIONS = 20  # of each style
CAPTIONS = 12  # of each composition
SECONDS = 16.0
SEED = 24  # of compositions that no corpus holds


def described(compositions: int = COMPOSITIONS) -> Iterator[tuple[str, str]]:
    """Style and caption of whole bands; the same every time, whatever number is asked for.

    Args:
        compositions: of each style.
    """
    for index in range(compositions * len(STYLES)):
        style = list(STYLES)[index % len(STYLES)]
        seed = int(np.random.SeedSequence([SEED, index]).generate_state(1)[0] >> 1)
        score = compose_clip(style, seed, SECONDS, ClipKind.FULL).score
        for caption in captions(score, np.random.default_rng([SEED, index]), CAPTIONS, SECONDS):
            yield style, caption


if __name__ == "__main__":
    print("# Captions of composed scores, by `python -m legato.corpus.describe`: `style: prompt`.\n")
    for named in dict.fromkeys(described()):
        print(*named, sep=": ")
