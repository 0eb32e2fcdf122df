"""What turns captions and prompts into embeddings during training."""

from __future__ import annotations

from importlib import resources
from typing import Protocol

import numpy as np

from legato.models.prompt import PromptEncoder


class TextEncoder(Protocol):
    """`models.prompt.PromptEncoder`, or a double of it."""

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit-length embeddings, float32 [len(texts), P]."""
        ...


def default_text_encoder() -> PromptEncoder:
    """The text encoder that ships in the package."""
    return PromptEncoder(str(resources.files("legato") / "weights" / "default" / "prompt"))
