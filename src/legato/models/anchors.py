"""Where each style lies among prompts: the conductor's knowledge, as a bundle carries it."""

from __future__ import annotations

import numpy as np

from legato.models.prompt import PromptEncoder
from legato.music.grammar import STYLES


def style_embeddings(prompts: PromptEncoder) -> dict[str, np.ndarray]:
    """Mean embedding of what people call each style, unit length [384]."""
    return {name: _mean(prompts, _phrases(name)) for name in STYLES}


def _phrases(name: str) -> list[str]:
    style = STYLES[name]
    genres = list(dict.fromkeys([style.title, *style.genres]))
    return [*genres, *(f"{mood} {genre}" for mood in style.moods for genre in genres)]


def _mean(prompts: PromptEncoder, phrases: list[str]) -> np.ndarray:
    mean = prompts.encode(phrases).mean(axis=0)
    return (mean / np.linalg.norm(mean)).astype(np.float32)
