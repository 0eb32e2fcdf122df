"""Where styles lie among prompts: what the conductor and the generator know of words.

P embedding size, S styles.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from legato.models.prompt import PromptEncoder
from legato.music.grammar import STYLES

SHARPNESS = 60.0  # of the softmax over cosines with the directions of styles
PULL = 1.0  # how far a prompt is moved to where captions of its style lie; the prompt itself counts 1


def style_embeddings(prompts: PromptEncoder) -> dict[str, np.ndarray]:
    """Mean embedding of what people call each style, unit length [384]."""
    return {name: mean_direction(prompts.encode(_phrases(name))) for name in STYLES}


def heard(
    encoder: PromptEncoder,
    prompts: Mapping[str, float],
    styles: Mapping[str, np.ndarray],
    centres: Mapping[str, np.ndarray],
) -> np.ndarray:
    """Weighted prompts as the generator hears them, float32 [384] of length 1.

    Each is moved by `toward_styles` before they are blended: a blend of two styles lies between both.
    """
    return encoder.blend(dict(prompts), lambda prompt_p: toward_styles(prompt_p, styles, centres))


def toward_styles(
    prompt_p: np.ndarray, styles: Mapping[str, np.ndarray], centres: Mapping[str, np.ndarray]
) -> np.ndarray:
    """A prompt as the generator hears it: nearer to captions it was taught with, whatever the words.

    Odd phrasings lie far from all captions, and a generator makes little of them. The prompt is moved towards
    the styles it may mean, each as far as it is likely.

    Args:
        prompt_p: unit vector.
        styles: unit vectors by name, of which the one nearest by cosine is meant.
        centres: the mean direction of each style's captions; empty: the prompt stays as it is.

    Returns:
        Unit vector, float32 [P].
    """
    known = [name for name in styles if name in centres]
    if not known:
        return prompt_p
    logits_s = SHARPNESS * np.stack([styles[name] for name in known]) @ prompt_p
    share_s = np.exp(logits_s - logits_s.max())
    meant_p = share_s / share_s.sum() @ np.stack([centres[name] for name in known])
    return _unit(prompt_p + PULL * _unit(meant_p))


def mean_direction(x_np: np.ndarray) -> np.ndarray:
    """Unit vector [P] along the mean of vectors [n, P]."""
    return _unit(x_np.mean(axis=0))


def _phrases(name: str) -> list[str]:
    style = STYLES[name]
    genres = list(dict.fromkeys([style.title, *style.genres]))
    return [*genres, *(f"{mood} {genre}" for mood in style.moods for genre in genres)]


def _unit(x_p: np.ndarray) -> np.ndarray:
    return (x_p / max(float(np.linalg.norm(x_p)), 1e-9)).astype(np.float32)
