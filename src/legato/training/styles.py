"""Where styles lie among prompts, learnt from captions: what lets the conductor tell which style is meant.

No audio: scores are composed and described, not rendered. A style becomes a direction among embeddings, so
that the style a prompt means is the one nearest by cosine, whatever words it uses.

Legend: n captions, P embedding size, S styles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from legato.corpus.captions import captions
from legato.corpus.clips import ClipKind, compose_clip
from legato.models.anchors import style_embeddings
from legato.models.prompt import PromptEncoder
from legato.music.grammar import STYLES
from legato.training.scripts import PromptBank

CAPTIONS = 12  # of each composition
SECONDS = 16.0  # length of a composition
SEED = 24
SHARPNESS = 20.0  # of the softmax over cosines
TETHER = 1e-3  # weight of the squared distance to where the styles' names lie

Progress = Callable[[int, int], None]


def learn_styles(
    text: PromptEncoder, compositions: int, progress: Progress | None = None
) -> dict[str, np.ndarray]:
    """Direction of each style, float32 [P] of length 1, which softmax regression on cosines finds.

    It learns from training captions of whole bands and from the prompts that distillation listens for; it
    starts from what people call each style.

    Args:
        text: encoder of the prompts.
        compositions: of each style, whose captions are learnt from; 0: the prompts alone.
        progress: told (compositions described, in all).
    """
    names = list(STYLES)
    bank = PromptBank.load(text)
    meant = [(style, x) for style, x in zip(bank.styles, bank.embeddings, strict=True) if style]
    total = compositions * len(names)
    for done, (style, texts) in enumerate(_described(compositions), 1):
        meant += [(style, x) for x in text.encode(texts)]
        if progress:
            progress(done, total)
    start = style_embeddings(text)
    start_sp = np.stack([start[name] for name in names])
    labels_n = np.array([names.index(style) for style, _ in meant])
    found_sp = fit_directions(np.stack([x for _, x in meant]), labels_n, start_sp)
    return dict(zip(names, found_sp, strict=True))


def fit_directions(x_np: np.ndarray, labels_n: np.ndarray, start_sp: np.ndarray) -> np.ndarray:
    """Unit vectors [S, P] of which the labelled one lies nearest to each x; they start and stay near others.

    Args:
        x_np: unit vectors.
        labels_n: which of the S each belongs to.
        start_sp: unit vectors.
    """
    x, start = x_np.astype(np.float64), start_sp.astype(np.float64)
    truth_ns = np.eye(len(start))[labels_n]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(start.shape)
        length = np.linalg.norm(weights, axis=1, keepdims=True)
        unit = weights / length
        logp_ns = log_softmax(SHARPNESS * x @ unit.T, axis=1)
        value = -(truth_ns * logp_ns).sum() / len(x) + TETHER * np.square(unit - start).sum()
        slope = SHARPNESS * (np.exp(logp_ns) - truth_ns).T @ x / len(x) + 2 * TETHER * (unit - start)
        slope -= (slope * unit).sum(1, keepdims=True) * unit  # only its direction counts
        return value, (slope / length).ravel()

    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    weights = found.x.reshape(start.shape)
    return (weights / np.linalg.norm(weights, axis=1, keepdims=True)).astype(np.float32)


def _described(compositions: int) -> Iterator[tuple[str, list[str]]]:
    """Style and captions of composition after composition, style by style in turn."""
    for index in range(compositions * len(STYLES)):
        style = list(STYLES)[index % len(STYLES)]
        seed = int(np.random.SeedSequence([SEED, index]).generate_state(1)[0] >> 1)
        score = compose_clip(style, seed, SECONDS, ClipKind.FULL).score
        yield style, captions(score, np.random.default_rng([SEED, index]), CAPTIONS, SECONDS)
