"""CUDA graphs give what the functions give. Needs a GPU."""

from dataclasses import dataclass
from pathlib import Path

import open_models
import pytest
import torch

from legato.engine.open_model import OpenModel
from legato.nn.graphs import Captured
from legato.teachers.instrument import load_student, read_record
from legato.teachers.loading import open_source
from legato.teachers.registry import FAMILIES, family_of
from legato.teachers.tiny import write_tiny

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


@dataclass(frozen=True)
class Pair:
    a: torch.Tensor
    b: torch.Tensor


def test_a_replay_is_the_function_and_its_results_are_values() -> None:
    calls: list[int] = []

    def mixed(pair: Pair, scale: int) -> tuple[torch.Tensor, Pair]:
        calls.append(scale)
        return pair.a @ pair.b * scale, Pair(pair.b, pair.a)

    captured = Captured(mixed)
    with torch.inference_mode():
        some = Pair(torch.randn(8, 8, device="cuda"), torch.randn(8, 8, device="cuda"))
        captured.capture(some, 3)
        made = len(calls)
        other = Pair(torch.randn(8, 8, device="cuda"), torch.randn(8, 8, device="cuda"))
        first, _ = captured(some, 3)
        second, turned = captured(other, 3)
        assert len(calls) == made  # replayed, not called
        torch.testing.assert_close(first, some.a @ some.b * 3)
        torch.testing.assert_close(second, other.a @ other.b * 3)
        assert torch.equal(turned.a, other.b)
        captured(other, 4)
        assert len(calls) == made + 1  # no graph for this scale


@pytest.mark.parametrize("family", FAMILIES)
def test_an_open_model_plays_the_same_with_graphs_and_without(family: str, tmp_path: Path) -> None:
    base = write_tiny(family, tmp_path / "base")
    source = open_source(family_of(family), str(base), torch.bfloat16)
    transformer = source.family.transformer(source)
    network = source.family.network(source, transformer, source.family.text_side(source, transformer, "cpu"))
    folder = tmp_path / "toy"
    open_models.write_instrument(folder, source.family, network, str(base), chunk=4, window=8)
    sounds = []
    for graphs in (False, True):
        model = OpenModel.of(load_student(folder, "cuda"), read_record(folder), "toy")
        if graphs:
            model.warm_up()
        sounds.append(open_models.stepped(model, chunks=12))
    torch.testing.assert_close(sounds[0], sounds[1], atol=1e-2, rtol=1e-2)
