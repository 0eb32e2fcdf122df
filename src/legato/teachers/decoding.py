"""Streaming decode through a model's own autoencoder: overlapping windows, cut where they are exact.

These decoders look both ways, so a frame's samples are final only once the frames after it are known. How
many of them matter is computed from the decoder's layers, not guessed: the window of each step is so many
frames before, the new ones, and so many after, and what is cut out of its middle is what decoding everything
at once gives. The price is a delay of the frames after, and decoding the overlap again.

AutoencoderSAME of Stable Audio 3 has attention, but within a band: with its depth that too is a finite reach.

Shape legend: B players, F new frames, R frames remembered, C latent channels, N = F · hop samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import nn

from legato.nn.graphs import Captured

STEREO = 2


class DecodingError(ValueError):
    """An autoencoder cannot be streamed; one sentence says why."""


class Reach(NamedTuple):
    """What the samples of one latent frame depend on.

    Attributes:
        before: frames before it.
        after: frames after it.
        hop: samples a frame gives.
    """

    before: int
    after: int
    hop: int


@dataclass(frozen=True)
class DecoderState:
    """The latents given last, of B players."""

    recent_brc: torch.Tensor  # [B, R, C], oldest first; unwritten ones are zero
    heard_b: torch.Tensor  # int64 [B], how many of them are real, on the CPU: reading it waits for no GPU


class StreamingDecoder:
    """Latents to stereo sound, chunk by chunk. Its state is a value.

    Args:
        vae: `AutoencoderOobleck` or `AutoencoderSAME` of diffusers.
        lookahead: frames awaited after each frame. None awaits all that matter and is exact; fewer sound
            earlier, and differ from decoding all at once near the end of each chunk (see `seam_error`).

    Raises:
        DecodingError: another kind of autoencoder, or `lookahead` is out of range.
    """

    def __init__(self, vae: nn.Module, lookahead: int | None = None) -> None:
        self._vae: Any = vae
        before, after, self.hop = reach(vae)
        if lookahead is not None and not 0 <= lookahead <= after:
            raise DecodingError(
                f"lookahead is {lookahead!r:.20}; this decoder's is a whole number from 0 to {after}"
            )
        self.before = before
        self.after = after if lookahead is None else lookahead
        self.channels: int = latent_channels(vae)
        self.sample_rate: int = int(self._vae.config.sampling_rate)
        self.latency_samples = self.after * self.hop
        self._decode: Callable[[torch.Tensor], torch.Tensor] = self.whole
        if hasattr(vae, "use_tiling"):  # its tiles overlap by a guess; a window is short enough without
            self._vae.use_tiling = self._vae.use_slicing = False

    @property
    def remembered(self) -> int:
        """R: frames of latents in the state."""
        return self.before + self.after

    def init_state(self, batch: int) -> DecoderState:
        """The state of B players before their first frame."""
        weight = next(self._vae.parameters())
        recent_brc = weight.new_zeros(batch, self.remembered, self.channels)
        return DecoderState(recent_brc, torch.zeros(batch, dtype=torch.int64))

    def step(self, latents_bfc: torch.Tensor, state: DecoderState) -> tuple[torch.Tensor, DecoderState]:
        """Audio float32 [B, N, 2], `latency_samples` late (silence at first), and the next state.

        Args:
            latents_bfc: as the autoencoder's `decode` takes them, but frames before channels.
            state: of `init_state` or the last step.
        """
        frames = latents_bfc.shape[1]
        window = torch.cat([state.recent_brc, latents_bfc.to(state.recent_brc)], 1)
        heard = state.heard_b.tolist()
        if all(count == self.remembered for count in heard):
            start = self.before * self.hop
            audio_bn2 = self._decode(window)[:, start : start + frames * self.hop]
        else:  # a beginning has no frames before it, which is not the same as silent ones
            rows = [self._middle(window[[i]], self.remembered - n, frames) for i, n in enumerate(heard)]
            audio_bn2 = torch.cat(rows)
        heard_b = (state.heard_b + frames).clamp_max(self.remembered)
        return audio_bn2, DecoderState(window[:, window.shape[1] - self.remembered :], heard_b)

    def record_graph(self, frames: int) -> None:
        """On a GPU: decode full windows of one player's chunks of `frames` as one CUDA graph."""
        graph = Captured(self.whole)
        graph.capture(self.init_state(1).recent_brc.new_zeros(1, self.remembered + frames, self.channels))
        self._decode = graph

    def whole(self, latents_btc: torch.Tensor) -> torch.Tensor:
        """Audio float32 [B, T · hop, 2] of everything at once."""
        decoded_bcn = self._vae.decode(latents_btc.transpose(1, 2), return_dict=False)[0]
        return decoded_bcn.float().transpose(1, 2).expand(-1, -1, STEREO)  # of mono, both sides are the same

    def _middle(self, window: torch.Tensor, absent: int, frames: int) -> torch.Tensor:
        """Samples of frames `before` to `before + frames` of a window whose first `absent` frames are not."""
        first = max(self.before, absent)  # of a beginning, which may hold none of them
        silent = min(first - self.before, frames)
        audio_bn2 = window.new_zeros(len(window), frames * self.hop, STEREO, dtype=torch.float32)
        if silent < frames:
            start = (first - absent) * self.hop
            made = self.whole(window[:, absent:])[:, start : start + (frames - silent) * self.hop]
            audio_bn2[:, silent * self.hop :] = made
        return audio_bn2


def reach(vae: nn.Module) -> Reach:
    """How far a frame's samples reach back and ahead, computed from the decoder's layers.

    Raises:
        DecodingError: a kind of autoencoder whose reach is not known, or one that does not give a whole
            number of samples a frame.
    """
    kind, decoder = type(vae).__name__, getattr(vae, "decoder", None)
    if isinstance(decoder, nn.Module) and kind == "AutoencoderOobleck":
        return _of_convolutions(decoder)
    if isinstance(decoder, nn.Module) and kind == "AutoencoderSAME":
        return _of_bands(decoder, int(vae.config.patch_size))  # type: ignore[union-attr, arg-type]
    raise DecodingError(f"{kind} cannot be streamed; there is AutoencoderOobleck and AutoencoderSAME")


def latent_channels(vae: nn.Module) -> int:
    """C of an autoencoder's latents."""
    config: Any = vae.config
    return int(getattr(config, "latent_dim", None) or config.decoder_input_channels)


@torch.inference_mode()
def seam_error(vae: nn.Module, latents_btc: torch.Tensor, chunk: int, lookahead: int | None = None) -> float:
    """Largest difference between streamed and whole sound, over the whole sound's RMS.

    Args:
        vae: as of `StreamingDecoder`.
        latents_btc: what to decode.
        chunk: frames a step.
        lookahead: as of `StreamingDecoder`.
    """
    decoder = StreamingDecoder(vae, lookahead)
    state = decoder.init_state(len(latents_btc))
    parts = []
    for latents_bfc in latents_btc.split(chunk, 1):
        audio_bn2, state = decoder.step(latents_bfc, state)
        parts.append(audio_bn2)
    streamed = torch.cat(parts, 1)[:, decoder.latency_samples :]
    whole = decoder.whole(latents_btc)[:, : streamed.shape[1]]
    return float((streamed - whole).abs().max() / whole.square().mean().sqrt().clamp_min(1e-9))


def _of_convolutions(decoder: nn.Module) -> Reach:
    """Of a plain sequence of convolutions and transposed convolutions, in the order of its modules.

    Residual branches and activations keep every sample in its place and add nothing.
    """
    layers = [layer for layer in decoder.modules() if isinstance(layer, nn.Conv1d | nn.ConvTranspose1d)]
    hop = 1
    for layer in layers:
        stride, pad, span = layer.stride[0], int(layer.padding[0]), _span(layer)
        if isinstance(layer, nn.ConvTranspose1d):
            hop *= stride
        if span + 1 - 2 * pad != stride:  # n frames in, n · stride samples out
            raise DecodingError(
                f"a decoder with stride {stride}, kernel {span + 1} and padding {pad} does not give a whole "
                "number of samples a frame; its strides must be even"
            )
    first, last = 0, hop - 1  # samples of frame 0, traced back to the latents they are made from
    for layer in reversed(layers):
        stride, pad, span = layer.stride[0], int(layer.padding[0]), _span(layer)
        if isinstance(layer, nn.ConvTranspose1d):
            first, last = -((span - pad - first) // stride), (last + pad) // stride
        else:
            first, last = first - pad, last - pad + span
    return Reach(-first, last, hop)


def _span(layer: nn.Conv1d | nn.ConvTranspose1d) -> int:
    """Samples between a layer's first and last tap."""
    return layer.dilation[0] * (layer.kernel_size[0] - 1)


def _of_bands(decoder: Any, patch: int) -> Reach:
    """Of a stack of blocks whose attention stays within a band of whole segments, layer after layer."""
    strides = [int(block.stride) for block in decoder.blocks]
    hop = 1
    for stride in strides:
        hop *= stride
    first, last = 0, hop - 1
    for block, stride in zip(reversed(decoder.blocks), reversed(strides), strict=True):
        band = len(block.transformers) * int(block.sliding_window)
        first, last = first // stride - band, last // stride + band
    return Reach(-first, last, hop * patch)
