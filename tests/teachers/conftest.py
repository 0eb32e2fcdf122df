"""Small random models of every family, written once and opened once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import open_models
import pytest
import torch

from legato.teachers.family import TextSide
from legato.teachers.loading import Source, open_source
from legato.teachers.outpainting import OpenTeacher
from legato.teachers.prompts import Prompts, PromptSteering
from legato.teachers.registry import FAMILIES, family_of
from legato.teachers.streaming import StreamingDiT
from legato.teachers.tiny import write_tiny

CHUNK, WINDOW = 4, 8  # frames


@dataclass(frozen=True)
class Opened:
    """A small model, its parts, and a few prompts encoded."""

    source: Source
    network: StreamingDiT
    text: TextSide
    prompts: list[Prompts]

    def teacher(self, ahead: int = 4) -> OpenTeacher:
        return OpenTeacher(self.source, self.network, WINDOW, ahead)

    def steering(
        self, batch: int, frames: int, guidance: float = 2.0, given: bool = True, prompts: int = 2
    ) -> PromptSteering:
        """Every player on the prompts in turn, a switch half-way; they differ in length where they can."""
        rows = [
            Prompts.stack([self.prompts[(row + s) % len(self.prompts)] for s in range(prompts)], axis=1)
            for row in range(batch)
        ]
        half = frames // CHUNK // 2 * CHUNK
        return PromptSteering(
            prompts=Prompts.stack(rows),
            given_bs=torch.full((batch, prompts), given),
            segment_bt=(torch.arange(frames) >= half).long().clamp(max=prompts - 1).expand(batch, -1),
            guidance_b=torch.full((batch,), guidance),
        )


@pytest.fixture(scope="session", params=list(FAMILIES))
def family(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def tiny_folder(family: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(family, tmp_path_factory.mktemp("tiny") / family)


@pytest.fixture(scope="session")
def opened(family: str, tiny_folder: Path) -> Opened:
    from legato.teachers.playable import Fields

    source = open_source(family_of(family), str(tiny_folder))
    transformer = source.family.transformer(source)
    text = source.family.text_side(source, transformer, "cpu")
    network = source.family.network(source, transformer, text).eval()
    prompts = text.encode(
        ["slow piano", "fast rock drums and bass", "jazz"], [Fields(bpm=90), Fields(), Fields()]
    )
    return Opened(source, network, text, prompts)


@pytest.fixture(scope="session")
def moved(opened: Opened, tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instrument whose base is no longer where it says."""
    made, gone = tmp_path_factory.mktemp("moved") / "toy", tiny_folder.parent / "gone"
    family = opened.source.family
    open_models.write_instrument(made, family, opened.network, str(gone), chunk=CHUNK, window=WINDOW)
    return made


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
