"""What turns captions and prompts into embeddings during training."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Protocol

import numpy as np

from legato.models.anchors import toward_styles
from legato.models.bundle import CENTRE, read_styles
from legato.models.manifest import embedded_folder
from legato.models.prompt import PromptEncoder

Hearing = Callable[[np.ndarray], np.ndarray]
"""From a prompt's embedding [P] to what the generator hears of it [P]."""


class TextEncoder(Protocol):
    """`models.prompt.PromptEncoder`, or a double of it."""

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit-length embeddings, float32 [len(texts), P]."""
        ...


def default_text_encoder() -> PromptEncoder:
    """The text encoder that ships in the package."""
    return PromptEncoder(str(resources.files("legato") / "weights" / "default" / "prompt"))


def default_hearing() -> Hearing:
    """As the embedded model hears prompts; where none is embedded, as they are."""
    folder = embedded_folder()
    styles, centres = (read_styles(folder), read_styles(folder, CENTRE)) if folder else ({}, {})
    return lambda prompt_p: toward_styles(prompt_p, styles, centres)
