"""Which styles of a corpus are taken for which others: a classifier's mistakes on clips it has not seen.

Legend: W windows of a clip, E embedding size, S styles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from legato.evaluation.classifier import StyleClassifier

FOLDS = 4


@dataclass(frozen=True)
class Confusion:
    """How often clips of a style were named as each style.

    Attributes:
        styles: the names.
        counts: int [S, S], true style by row, name given by column.
    """

    styles: tuple[str, ...]
    counts: np.ndarray

    @property
    def accuracy(self) -> float:
        """Share of clips named right."""
        return float(np.trace(self.counts) / self.counts.sum())

    def of(self, style: str) -> tuple[float, list[tuple[str, int]]]:
        """Share of a style's clips named right, and the names its others got, most frequent first."""
        row = self.styles.index(style)
        wrong = [
            (name, int(n))
            for name, n in zip(self.styles, self.counts[row], strict=True)
            if n and name != style
        ]
        return float(self.counts[row, row] / self.counts[row].sum()), sorted(wrong, key=lambda pair: -pair[1])


def confusion(
    clips: Mapping[str, Sequence[np.ndarray]], told: Callable[[int, int], None] | None = None
) -> Confusion:
    """Name every clip by a classifier of three quarters of the others.

    Args:
        clips: embeddings [W, E] of clips of each style, at least `FOLDS` of each.
        told: called with (classifiers fitted, classifiers in all).

    Raises:
        ValueError: a style has fewer clips than folds.
    """
    for style, group in clips.items():
        if len(group) < FOLDS:
            raise ValueError(f"style {style!r} has {len(group)} clips; at least {FOLDS} are needed")
    styles = tuple(clips)
    counts = np.zeros((len(styles), len(styles)), int)
    for fold in range(FOLDS):
        kept = {
            style: [one for i, one in enumerate(group) if i % FOLDS != fold] for style, group in clips.items()
        }
        classifier = StyleClassifier.fit(kept)
        for row, style in enumerate(styles):
            for clip in clips[style][fold::FOLDS]:
                counts[row, styles.index(classifier.name(clip))] += 1
        if told:
            told(fold + 1, FOLDS)
    return Confusion(styles, counts)
