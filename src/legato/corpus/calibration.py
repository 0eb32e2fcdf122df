"""Measures what intended levels come to in sound: `python -m legato.corpus.calibration FOLDER`."""

from __future__ import annotations

import json
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from legato.conditioning import FAMILIES
from legato.corpus.clips import ClipKind
from legato.corpus.dataset import Clip, Corpus
from legato.music.levels import LEVELS

SHORTEST_BAR = 8  # frames of a bar inside the clip that make it count
EDGES = (0.02, 0.98)  # quantiles of the labels that a knob's ends stand for


def measure_levels(clips: list[Clip]) -> dict[str, Any]:
    """The table of `music.levels`.

    A slope per level within styles, offsets per style, the labels' range, and what each family adds to the
    levels where it plays.
    """
    styles, planned, labelled = _bars(clips)
    names = sorted(set(styles))
    planned_mean = {s: planned[styles == s].mean(0) for s in names}
    labelled_mean = {s: labelled[styles == s].mean(0) for s in names}
    x = planned - np.stack([planned_mean[s] for s in styles])
    y = labelled - np.stack([labelled_mean[s] for s in styles])
    slope = np.clip((x * y).sum(0) / (x * x).sum(0), 0.0, 1.0)
    offset = {s: labelled_mean[s] - slope * planned_mean[s] for s in names}
    low, high = np.quantile(labelled, EDGES, axis=0)

    def rounded(values: np.ndarray) -> dict[str, float]:
        return {name: round(float(v), 4) for name, v in zip(LEVELS, values, strict=True)}

    return {
        "slope": rounded(slope),
        "range": {name: [round(float(low[i]), 4), round(float(high[i]), 4)] for i, name in enumerate(LEVELS)},
        "offset": {s: rounded(offset[s]) for s in names},
        "part": dict(zip(FAMILIES, map(rounded, _parts(clips)), strict=True)),
    }


def _bars(clips: list[Clip]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Style [n], intended [n, 3] and mean labelled levels [n, 3] of every bar that the whole band plays."""
    styles, planned, labelled = [], [], []
    for clip in clips:
        if clip.kind != ClipKind.FULL:
            continue
        labels = clip.labels()
        for bar in clip.bars:
            start = bar["start_beat"]
            inside = (labels.beats >= start) & (labels.beats < start + bar["beats"])
            if inside.sum() >= SHORTEST_BAR:
                styles.append(clip.style)
                planned.append([bar[name] for name in LEVELS])
                labelled.append([getattr(labels, name)[inside].mean() for name in LEVELS])
    return np.array(styles), np.array(planned), np.array(labelled)


def _parts(clips: list[Clip]) -> np.ndarray:
    """What a family adds to each labelled level [4, 3]: least squares over the frames of whole bands."""
    gates, levels = [], []
    for clip in clips:
        if clip.kind == ClipKind.FULL:
            labels = clip.labels()
            plays = (labels.gates > 0).astype(np.float64)
            heard = np.stack(
                [np.asarray(getattr(labels, name), np.float64).reshape(-1) for name in LEVELS], 1
            )
            gates.append(plays - plays.mean(0))  # within a clip: its style does not count
            levels.append(heard - heard.mean(0))
    return np.linalg.lstsq(np.concatenate(gates), np.concatenate(levels), rcond=None)[0]


if __name__ == "__main__":
    found = measure_levels(Corpus(sys.argv[1]).train)
    Path(str(resources.files("legato") / "music" / "levels.json")).write_text(
        json.dumps(found, indent=1) + "\n"
    )
    print(json.dumps(found["slope"]), json.dumps(found["range"]))
