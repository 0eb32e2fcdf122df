"""Where styles lie among prompts, learnt from captions: what lets the conductor tell which style is meant.

A style becomes a direction among embeddings, so that the style a prompt means is the one nearest by cosine,
whatever words it uses.

Legend: n prompts, P embedding size, S styles.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from legato.models.anchors import mean_direction, style_embeddings
from legato.models.prompt import PromptEncoder
from legato.music.grammar import STYLES
from legato.training.scripts import PromptBank

SHARPNESS = 20.0  # of the softmax over cosines
TETHER = 1e-3  # weight of the squared distance to where the styles' names lie


def learn_styles(text: PromptEncoder) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Direction of each style, and the centre of its prompts in the bank; float32 [P] of length 1.

    Directions are found by softmax regression on cosines, from what people call each style.
    """
    names, bank, start = list(STYLES), PromptBank.load(text), style_embeddings(text)
    meant = [index for index, style in enumerate(bank.styles) if style]
    labels_n = np.array([names.index(bank.styles[index]) for index in meant])
    x_np = np.stack([bank.embeddings[index] for index in meant])
    found_sp = fit_directions(x_np, labels_n, np.stack([start[name] for name in names]))
    centres_sp = [mean_direction(x_np[labels_n == index]) for index in range(len(names))]
    return dict(zip(names, found_sp, strict=True)), dict(zip(names, centres_sp, strict=True))


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
