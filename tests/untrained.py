"""An untrained bundle of the test preset, for tests that need a model but no music."""

from pathlib import Path

import torch

from legato.config import load_config
from legato.models.anchors import style_embeddings
from legato.models.bundle import Bundle, Card
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.models.manifest import embedded_prompt_folder
from legato.models.prompt import PromptEncoder


def untrained_bundle(folder: Path) -> Path:
    """Pack one, named "untrained", the same every time."""
    config = load_config("test")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        codec, generator = Codec(config.codec), Generator(config.generator)
    bundle = Bundle.pack(
        folder,
        config=config,
        codec=codec.state_dict(),
        teacher=generator.state_dict(),
        adapter={},
        prompt_folder=embedded_prompt_folder(),
        styles=style_embeddings(PromptEncoder(embedded_prompt_folder())),
        card=Card("untrained", figures={"rtf_total": 0.2}),
    )
    return bundle.folder
