"""The codec's decoder as a stream: any split gives the same audio, rows are independent, state is a value."""

from dataclasses import fields, is_dataclass

import pytest
import torch

from legato.config import FRAME_SAMPLES, CodecConfig
from legato.models.codec import Codec, CodecState
from legato.nn.conv import ConvBlock, DepthwiseConv

CONFIG = CodecConfig(latent_channels=8, width=32, depth=2, encoder_width=24, fine_width=16, fine_depth=2)


@pytest.fixture(scope="module")
def codec() -> Codec:
    torch.manual_seed(3)
    made = Codec(CONFIG).eval()
    made.set_statistics(torch.randn(8), torch.rand(8) + 0.5)
    return made


def latents(rows: int, frames: int, seed: int = 5) -> torch.Tensor:
    return torch.randn(rows, frames, 8, generator=torch.Generator().manual_seed(seed))


def stream(
    codec: Codec, z: torch.Tensor, splits: list[int], state: CodecState | None = None
) -> tuple[torch.Tensor, CodecState]:
    state = state or codec.init_state(len(z))
    audio = []
    for part in z.split(splits, dim=1):
        chunk, state = codec.decode_step(part, state)
        assert chunk.shape == (len(z), part.shape[1] * FRAME_SAMPLES, 2)
        audio.append(chunk)
    return torch.cat(audio, dim=1), state


def tensors(state: object) -> list[torch.Tensor]:
    if isinstance(state, torch.Tensor):
        return [state]
    if isinstance(state, list):
        return [t for item in state for t in tensors(item)]
    assert is_dataclass(state)
    return [t for f in fields(state) for t in tensors(getattr(state, f.name))]


@pytest.mark.parametrize("splits", [[1] * 24, [4] * 6, [1, 7, 2, 9, 5], [23, 1]])
def test_every_split_gives_the_same_audio(codec: Codec, splits: list[int]) -> None:
    z = latents(2, 24)
    whole, end = stream(codec, z, [24])
    parts, same_end = stream(codec, z, splits)
    torch.testing.assert_close(parts, whole, rtol=1e-5, atol=1e-5 * float(whole.abs().max()))
    for a, b in zip(tensors(end), tensors(same_end), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def test_decode_is_the_stream_with_its_lag_removed(codec: Codec) -> None:
    z = latents(2, 12)
    audio, _ = stream(codec, z, [5, 7])
    whole = codec.decode(z)
    assert whole.shape == (2, 12 * FRAME_SAMPLES, 2)
    kept = 12 * FRAME_SAMPLES - codec.latency_samples
    torch.testing.assert_close(whole[:, :kept], audio[:, codec.latency_samples :], rtol=1e-5, atol=1e-6)
    assert codec.latency_samples <= 0.020 * 48_000


def test_features_in_one_pass_match_the_stream(codec: Codec) -> None:
    z = latents(2, 10)
    whole = codec.features(z)
    trunk, fine = codec.decoder.init_state(2, None)
    logs = []
    for part in z.split([3, 1, 6], dim=1):
        features, trunk, fine = codec.decoder(part, trunk, fine)
        logs.append(features.logs)
    torch.testing.assert_close(torch.cat(logs, dim=1), whole.logs, rtol=1e-5, atol=1e-5)


def test_the_future_changes_nothing_and_the_past_does(codec: Codec) -> None:
    z = latents(1, 16)
    later = z.clone()
    later[:, 10:] += 1.0
    a, _ = stream(codec, z, [16])
    b, _ = stream(codec, later, [16])
    assert torch.equal(a[:, : 10 * FRAME_SAMPLES], b[:, : 10 * FRAME_SAMPLES])
    assert not torch.equal(a[:, 10 * FRAME_SAMPLES :], b[:, 10 * FRAME_SAMPLES :])
    earlier = z.clone()
    earlier[:, 6] += 1.0
    c, _ = stream(codec, earlier, [16])
    assert not torch.equal(a[:, 9 * FRAME_SAMPLES :], c[:, 9 * FRAME_SAMPLES :])


def test_bad_rows_do_not_leak(codec: Codec) -> None:
    z = latents(3, 8)
    good, _ = stream(codec, z, [4, 4])
    bad = z.clone()
    bad[1] = float("nan")
    audio, _ = stream(codec, bad, [4, 4])
    assert torch.equal(audio[[0, 2]], good[[0, 2]])


def test_inactive_rows_keep_their_state_and_are_silent(codec: Codec) -> None:
    z = latents(2, 4)
    _, before = stream(codec, z, [4])
    poisoned = latents(2, 4, seed=6)
    poisoned[1] = float("nan")
    audio, after = codec.decode_step(poisoned, before, torch.tensor([True, False]))
    assert not audio[1].any()
    assert torch.isfinite(audio).all()
    for old, new in zip(tensors(before), tensors(after), strict=True):
        assert torch.equal(old[1], new[1])
        assert not torch.equal(old[0], new[0])


def test_state_is_a_value_that_resumes_bit_for_bit(codec: Codec) -> None:
    z = latents(2, 12)
    _, snapshot = stream(codec, z[:, :5], [5])
    kept = [t.clone() for t in tensors(snapshot)]
    first, _ = stream(codec, z[:, 5:], [7], snapshot)
    assert all(torch.equal(a, b) for a, b in zip(kept, tensors(snapshot), strict=True))
    again, _ = stream(codec, z[:, 5:], [7], snapshot)
    assert torch.equal(first, again)


def test_chunk_borders_do_not_click(codec: Codec) -> None:
    audio, _ = stream(codec, latents(1, 40), [4] * 10)
    jumps = (audio[0, 1:] - audio[0, :-1]).abs().amax(1)
    borders = jumps[4 * FRAME_SAMPLES - 1 :: 4 * FRAME_SAMPLES]
    assert borders.median() < 3 * jumps.median() + 1e-6


@pytest.mark.parametrize("layer", [DepthwiseConv(6, 5), ConvBlock(6, 4, 2), DepthwiseConv(6, 1)])
def test_causal_layers_stream(layer: torch.nn.Module) -> None:
    x = torch.randn(2, 13, 6, generator=torch.Generator().manual_seed(1))
    whole, _ = layer(x)
    state = (layer.conv if isinstance(layer, ConvBlock) else layer).init_state(2)
    parts = []
    for part in x.split([1, 4, 2, 6], dim=1):
        y, state = layer(part, state)
        parts.append(y)
    torch.testing.assert_close(torch.cat(parts, dim=1), whole, rtol=1e-5, atol=1e-6)


def test_centred_layer_needs_an_odd_kernel() -> None:
    with pytest.raises(ValueError, match="odd"):
        DepthwiseConv(6, 4, centred=True)


def test_the_encoder_piece_by_piece_is_the_encoder_whole(codec: Codec) -> None:
    reach, frames = codec.encoder_reach, 32
    audio = 0.1 * torch.randn(2, frames * FRAME_SAMPLES, 2, generator=torch.Generator().manual_seed(8))

    def piece(start: int, end: int, before: int, after: int) -> torch.Tensor:
        first, last = max(0, start - before), min(frames, end + after)
        latents = codec.encode(audio[:, first * FRAME_SAMPLES : last * FRAME_SAMPLES])
        return latents[:, start - first : end - first]

    with torch.no_grad():
        whole = codec.encode(audio)
        for chunk in (1, 3, 4, 8):
            pieces = [piece(at, min(at + chunk, frames), reach, reach) for at in range(0, frames, chunk)]
            torch.testing.assert_close(torch.cat(pieces, dim=1), whole, rtol=1e-5, atol=1e-5)
        for before, after in ((reach - 1, reach), (reach, reach - 1)):
            short = piece(12, 16, before, after)
            assert not torch.allclose(short, whole[:, 12:16], rtol=1e-6, atol=1e-6)
