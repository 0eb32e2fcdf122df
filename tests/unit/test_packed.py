"""Packed linear layers give what plain ones give on weights rounded to bfloat16, row by row."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from legato.nn.packed import MOST_ROWS, PackedLinear, pack


@pytest.mark.parametrize(("inputs", "outputs"), [(320, 960), (240, 368), (1280, 16)])
@torch.inference_mode()
def test_every_number_of_rows_gives_the_product(inputs: int, outputs: int) -> None:
    torch.manual_seed(1)
    plain = nn.Linear(inputs, outputs)
    packed = PackedLinear(plain)
    x = torch.randn(2, MOST_ROWS // 2, inputs)
    wanted = F.linear(x, plain.weight.bfloat16().float(), plain.bias)
    torch.testing.assert_close(packed(x), wanted, atol=1e-5, rtol=1e-5)
    alone = packed(x[:1, :1])
    for rows in range(1, 14):  # of any tiling
        assert torch.equal(packed(x[:1, :rows])[:, :1], alone)
    turned = torch.randn(inputs, 5).t()  # not contiguous
    torch.testing.assert_close(packed(turned), packed(turned.contiguous()))


@torch.inference_mode()
def test_many_rows_take_the_unrounded_weights() -> None:
    plain = nn.Linear(320, 960)
    x = torch.randn(MOST_ROWS + 1, 320)
    assert torch.equal(PackedLinear(plain)(x), plain(x))


def test_gradients_pass_and_the_parameters_stay_the_same() -> None:
    model = nn.Sequential(nn.Linear(320, 320), nn.SiLU(), nn.Linear(320, 7), nn.Linear(7, 16))
    before = model.state_dict()
    pack(model)
    assert [isinstance(layer, PackedLinear) for layer in model] == [True, False, False, False]
    assert model.state_dict().keys() == before.keys()
    model(torch.randn(3, 320)).sum().backward()
    assert model[0].weight.grad is not None
