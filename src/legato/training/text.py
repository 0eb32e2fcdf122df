"""What turns captions and prompts into embeddings during training."""

from __future__ import annotations

from importlib import resources
from typing import Protocol

import numpy as np

from legato.models.anchors import Hearing
from legato.models.bundle import read_centres, read_styles
from legato.models.manifest import embedded_folder
from legato.models.prompt import PromptEncoder


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
    return Hearing(read_styles(folder), read_centres(folder)) if folder else Hearing({}, {})
