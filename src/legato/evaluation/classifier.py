"""Which style is it? Multinomial logistic regression on musicnn embeddings of real clips.

Legend: W windows of a clip, E embedding size, X = 2 E features, S styles, n examples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load, save
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

PENALTY = 3e-2  # of squared weights; features have unit variance


@dataclass(frozen=True)
class StyleClassifier:
    """Names the style of a clip.

    Attributes:
        styles: the names, in the order of the probabilities.
        mean, scale: of the features, [X].
        weights: [X + 1, S], the last row the bias.
    """

    styles: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray

    @classmethod
    def fit(cls, clips: Mapping[str, Sequence[np.ndarray]]) -> StyleClassifier:
        """Learn from embeddings [W, E] of clips of each style.

        Every clip is shown whole and as its two halves, so that clips of other lengths are recognised.
        """
        styles = tuple(clips)
        shown = [
            (i, part) for i, style in enumerate(styles) for clip in clips[style] for part in _parts(clip)
        ]
        labels = np.array([i for i, _ in shown])
        x = np.stack([features(part) for _, part in shown])
        mean, scale = x.mean(0), x.std(0) + 1e-3
        x = np.pad((x - mean) / scale, ((0, 0), (0, 1)), constant_values=1.0)
        truth = np.eye(len(styles))[labels]

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            weights = flat.reshape(x.shape[1], len(styles))
            logits = x @ weights
            nats = float((logsumexp(logits, axis=1) - (logits * truth).sum(1)).mean())
            slope = x.T @ (softmax(logits, axis=1) - truth) / len(x)
            free = weights * (np.arange(len(weights)) < len(weights) - 1)[:, None]  # the bias is not punished
            return nats + PENALTY * float(np.square(free).sum()) / 2, (slope + PENALTY * free).ravel()

        start = np.zeros(x.shape[1] * len(styles))
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
        return cls(styles, mean, scale, found.x.reshape(x.shape[1], len(styles)))

    @classmethod
    def load(cls, saved: bytes) -> StyleClassifier:
        """What `save` gave."""
        tensors = load(saved)
        weights = tensors.pop("weights").astype(np.float64)
        styles = tuple(bytes(tensors.pop("styles")).decode().split())
        return cls(styles, tensors["mean"].astype(np.float64), tensors["scale"].astype(np.float64), weights)

    def save(self) -> bytes:
        """Safetensors of single precision; the names as bytes, parted by spaces."""
        names = np.frombuffer(" ".join(self.styles).encode(), np.uint8)
        arrays = {"mean": self.mean, "scale": self.scale, "weights": self.weights}
        return save({"styles": names, **{name: x.astype(np.float32) for name, x in arrays.items()}})

    def probabilities(self, embeddings_we: np.ndarray) -> np.ndarray:
        """Of each style for one clip, [S]."""
        x = (features(embeddings_we) - self.mean) / self.scale
        return softmax(np.append(x, 1.0) @ self.weights)

    def name(self, embeddings_we: np.ndarray) -> str:
        """The most probable style of a clip."""
        return self.styles[int(self.probabilities(embeddings_we).argmax())]

    def accuracy(self, clips: Mapping[str, Sequence[np.ndarray]]) -> float:
        """Share of clips named right."""
        hits = [self.name(clip) == style for style, group in clips.items() for clip in group]
        return float(np.mean(hits)) if hits else float("nan")


def features(embeddings_we: np.ndarray) -> np.ndarray:
    """Mean and standard deviation over the windows of a clip, [X]."""
    return np.concatenate([embeddings_we.mean(0), embeddings_we.std(0)]).astype(np.float64)


def _parts(clip: np.ndarray) -> list[np.ndarray]:
    middle = len(clip) // 2
    return [clip, clip[:middle], clip[middle:]] if middle > 1 else [clip]


def nearest_own(distances_ss: np.ndarray) -> float:
    """Share of rows (generated styles) whose smallest distance is to their own column (real style)."""
    return float((distances_ss.argmin(1) == np.arange(len(distances_ss))).mean())
