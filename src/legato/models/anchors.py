"""Where styles lie among prompts: what the conductor and the generator know of words.

P embedding size, S styles.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from legato.models.prompt import PromptEncoder
from legato.music.grammar import STYLES

SHARPNESS = 60.0  # of the choice between styles, a softmax over cosines: nearly one of them
PULL = 1.0  # how far a prompt is moved to where captions of its style lie; the prompt itself counts 1


def style_embeddings(prompts: PromptEncoder) -> dict[str, np.ndarray]:
    """Mean embedding of what people call each style, unit length [384]."""
    return {name: mean_direction(prompts.encode(_phrases(name))) for name in STYLES}


class Hearing:
    """A prompt's vector as the generator hears it: nearer to captions it was taught with, whatever the words.

    Odd phrasings lie far from all captions, and a generator makes little of them. A prompt is moved towards
    the styles it may mean, each as far as it is likely. Prompts are to be moved before they are blended, so
    that a blend of two styles lies between both.

    Args:
        styles: unit vectors [P] by name, of which the one nearest by cosine is meant.
        centres: the mean direction of each style's captions; empty: prompts stay as they are.
    """

    def __init__(self, styles: Mapping[str, np.ndarray], centres: Mapping[str, np.ndarray]) -> None:
        known = [name for name in styles if name in centres]
        self._styles_sp = np.array([styles[name] for name in known])
        self._centres_sp = np.array([centres[name] for name in known])

    def __call__(self, prompt_p: np.ndarray) -> np.ndarray:
        """Unit vector to unit vector, float32 [P]."""
        if not len(self._styles_sp):
            return prompt_p
        logits_s = SHARPNESS * (self._styles_sp @ prompt_p)
        share_s = np.exp(logits_s - logits_s.max())
        return _unit(prompt_p + PULL * _unit(share_s @ self._centres_sp))


def mean_direction(x_np: np.ndarray) -> np.ndarray:
    """Unit vector [P] along the mean of vectors [n, P]."""
    return _unit(x_np.mean(axis=0))


def _phrases(name: str) -> list[str]:
    style = STYLES[name]
    genres = list(dict.fromkeys([style.title, *style.genres]))
    return [*genres, *(f"{mood} {genre}" for mood in style.moods for genre in genres)]


def _unit(x_p: np.ndarray) -> np.ndarray:
    return (x_p / max(float(np.linalg.norm(x_p)), 1e-9)).astype(np.float32)
