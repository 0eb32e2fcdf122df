"""Streaming decode: exact for any split, with an overlap that the layers give."""

from itertools import cycle, islice

import open_models
import pytest
import torch

from legato.nn.streaming import take_rows
from legato.teachers.decoding import DecodingError, Reach, StreamingDecoder, reach, seam_error

T = 60


@pytest.fixture(scope="module", params=["oobleck", "same"])
def vae(request: pytest.FixtureRequest) -> torch.nn.Module:
    torch.manual_seed(0)
    return getattr(open_models, request.param)()


@pytest.fixture(scope="module")
def latents() -> torch.Tensor:
    return torch.randn(2, T, 6, generator=torch.Generator().manual_seed(1))


def streamed(decoder: StreamingDecoder, latents: torch.Tensor, sizes: list[int]) -> torch.Tensor:
    state, parts, done = decoder.init_state(len(latents)), [], 0
    for size in islice(cycle(sizes), T):
        if done >= T:
            break
        audio, state = decoder.step(latents[:, done : done + size], state)
        parts.append(audio)
        done += size
    return torch.cat(parts, 1)


@pytest.mark.parametrize("sizes", [[1], [12], [7, 1, 20], [T]])
def test_chunks_are_the_whole_delayed(vae: torch.nn.Module, latents: torch.Tensor, sizes: list[int]) -> None:
    decoder = StreamingDecoder(vae)
    audio = streamed(decoder, latents, sizes)
    assert audio.shape == (2, T * decoder.hop, 2) and audio.dtype == torch.float32
    assert not audio[:, : decoder.latency_samples].any()
    whole = decoder.whole(latents)[:, : T * decoder.hop - decoder.latency_samples]
    assert whole.std() > 1e-3
    torch.testing.assert_close(audio[:, decoder.latency_samples :], whole, atol=1e-4, rtol=1e-4)


def test_the_reach_is_what_gradients_say(vae: torch.nn.Module, latents: torch.Tensor) -> None:
    before, after, hop = reach(vae)
    x = latents[:1].clone().requires_grad_()
    middle = T // 2
    vae.decode(x.transpose(1, 2)).sample[..., middle * hop : (middle + 1) * hop].square().sum().backward()
    felt = x.grad.abs().sum((0, 2)).nonzero().flatten()
    assert felt.min() >= middle - before and felt.max() <= middle + after
    # Not wider than needed: at most a frame more than these weights show.
    assert felt.min() <= middle - before + 1 and felt.max() >= middle + after - 1


def test_published_shapes_reach_as_far_as_documented() -> None:
    from diffusers.models.autoencoders.autoencoder_oobleck import AutoencoderOobleck
    from diffusers.models.autoencoders.autoencoder_same import AutoencoderSAME

    with torch.device("meta"), pytest.warns(FutureWarning):
        assert reach(AutoencoderOobleck(downsampling_ratios=[2, 4, 4, 6, 10])) == Reach(9, 9, 1920)
        assert reach(AutoencoderOobleck()) == Reach(10, 10, 2048)
        assert reach(AutoencoderSAME()) == Reach(6, 6, 4096)
        assert reach(AutoencoderSAME(encoder_transformer_depths=(12,))) == Reach(12, 12, 4096)


def test_state_is_a_value_and_rows_are_apart(vae: torch.nn.Module, latents: torch.Tensor) -> None:
    decoder = StreamingDecoder(vae)
    _, state = decoder.step(latents[:, :20], decoder.init_state(2))
    first, again = (decoder.step(latents[:, 20:32], state)[0] for _ in range(2))
    assert torch.equal(first, again)
    alone, _ = decoder.step(latents[1:, 20:32], take_rows(state, [1]))
    torch.testing.assert_close(first[1:], alone, atol=1e-5, rtol=1e-5)


def test_less_lookahead_is_earlier_and_says_what_it_costs(
    vae: torch.nn.Module, latents: torch.Tensor
) -> None:
    exact = StreamingDecoder(vae)
    early = StreamingDecoder(vae, lookahead=1)
    assert early.latency_samples == exact.hop < exact.latency_samples
    assert seam_error(vae, latents, 12) < 1e-4 < seam_error(vae, latents, 12, lookahead=1)


def test_what_cannot_be_streamed_is_refused() -> None:
    with pytest.raises(DecodingError, match="lookahead is 99"):
        StreamingDecoder(open_models.same(), lookahead=99)
    with pytest.raises(DecodingError, match="strides must be even"):
        reach(open_models.oobleck(ratios=(2, 3)))
    with pytest.raises(DecodingError, match="Linear cannot be streamed"):
        reach(torch.nn.Linear(1, 1))
