"""Prompt blends: do styles pass through in-betweens, or jump?

Each pair of prompts is rendered at five shares, all else equal. The position of a render is where its mean
embedding falls on the line from the first end to the second, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from legato.evaluation import musicnn
from legato.evaluation.classifier import StyleClassifier
from legato.evaluation.renders import Take
from legato.evaluation.statistics import rank_correlation
from legato.evaluation.table import Sheet, Table

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def measure_blends(table: Table, takes: Sequence[Take], classifier: StyleClassifier | None = None) -> None:
    """Positions along each blend, and with a classifier the second style's share of both probabilities.

    Args:
        table: gets the figures.
        takes: for each pair of prompts in turn a render at each of `SHARES`; the command's style is "A → B".
        classifier: of styles; pairs of which it does not know a style are measured by embeddings alone.
    """
    sheet = Sheet("prompt blends (position; share of the second style)", [f"{share:g}" for share in SHARES])
    ranks, middles = [], []
    for start in range(0, len(takes), len(SHARES)):
        pair = takes[start : start + len(SHARES)]
        windows = [musicnn.embed(take.settled) for take in pair]
        place = positions(np.stack([w.mean(0) for w in windows]))
        ranks.append(rank_correlation(np.array(SHARES), place))
        middles.append(place[len(SHARES) // 2])
        name = pair[0].command.style
        sheet.rows[name] = place.tolist()
        if classifier is not None:
            first, second = (part.strip() for part in name.split("→"))
            if first != second and {first, second} <= set(classifier.styles):
                sheet.rows[f"{name}: named"] = _shares(classifier, windows, first, second)
    table.add("blend_rank", np.nan_to_num(ranks), "rank correlation of the blend's share with its position")
    table.add(
        "blend_middle", middles, "position of an even blend between its ends, 0.5 half-way", np.nanmedian
    )
    table.sheets.append(sheet)


def positions(means_ke: np.ndarray) -> np.ndarray:
    """Where embeddings fall on the line from the first to the last, 0 to 1 at its ends, [k]."""
    means = np.asarray(means_ke, np.float64)
    line = means[-1] - means[0]
    length = float(line @ line)
    return (means - means[0]) @ line / length if length > 0 else np.full(len(means), np.nan)


def _shares(
    classifier: StyleClassifier, windows: Sequence[np.ndarray], first: str, second: str
) -> list[float]:
    index = [classifier.styles.index(first), classifier.styles.index(second)]
    found = [classifier.probabilities(one)[index] for one in windows]
    return [float(p[1] / max(p.sum(), 1e-12)) for p in found]
