"""Guidance on signals whose answer is known."""

import pytest
import torch

from legato.models.sampling import guide

CHUNK = 4


def branches(chunks: int) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(3)
    draw = [torch.randn(2, chunks * CHUNK, 8, generator=generator) for _ in range(3)]
    return draw[0], draw[1], draw[1] + 0.7 * draw[2]


def spread(z: torch.Tensor) -> torch.Tensor:
    return z.unflatten(1, (-1, CHUNK)).std((2, 3))


def test_weight_one_is_plain_conditioning() -> None:
    x, given, dropped = branches(3)
    assert torch.allclose(guide(x, given, dropped, 0.6, torch.tensor(1.0), CHUNK), given, atol=1e-5)


@pytest.mark.parametrize("weight", [1.5, 3.0])
def test_guidance_turns_the_clean_estimate_and_leaves_its_level(weight: float) -> None:
    """Louder with every unit of weight is what a listener would otherwise hear."""
    x, given, dropped = branches(3)
    t = 0.6
    clean = x - t * guide(x, given, dropped, t, torch.tensor(weight), CHUNK)
    z_c, z_0 = x - t * given, x - t * dropped
    assert torch.allclose(spread(clean), spread(z_c), rtol=1e-4)
    plain = z_0 + weight * (z_c - z_0)
    assert not torch.allclose(spread(plain), spread(z_c), rtol=0.05)
    by_chunk = torch.nn.functional.cosine_similarity(
        clean.unflatten(1, (-1, CHUNK)).flatten(2), plain.unflatten(1, (-1, CHUNK)).flatten(2), dim=-1
    )
    assert torch.allclose(by_chunk, torch.ones_like(by_chunk), atol=1e-5)


def test_chunks_end_to_end_are_guided_as_each_alone() -> None:
    x, given, dropped = branches(3)
    weight = torch.tensor([1.5, 3.0])[:, None, None]
    whole = guide(x, given, dropped, 0.4, weight, CHUNK)
    alone = [
        guide(*(part[:, i : i + CHUNK] for part in (x, given, dropped)), 0.4, weight, CHUNK)
        for i in range(0, 3 * CHUNK, CHUNK)
    ]
    assert torch.allclose(whole, torch.cat(alone, 1), atol=1e-6)
