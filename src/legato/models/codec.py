"""The codec: 48 kHz stereo ⇄ 32 latents at 25 Hz, with a streaming decoder.

Latents describe log magnitudes of the mid signal at 100 Hz and parametric stereo at 25 Hz (a variational
autoencoder); decoding integrates the phase (`phase.py`), derives the side signal (`stereo.py`), overlap-adds.
The decoder's network is strictly causal; its audio lags by `latency_samples`, the reach of the last window.

Legend: B rows, T or F latent frames (25 Hz), N samples, C latent channels, W channels, Q magnitude features
(100 Hz), S stereo parameters, K STFT bins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from legato.config import FRAME_SAMPLES, CodecConfig
from legato.models import phase
from legato.models.stereo import FRAMES, carrier_power, side_filter, stereo_parameters, stereo_width
from legato.models.stft import bin_magnitudes, feature_width, log_features, overlap_add, spectrum, time_frames
from legato.models.transients import attack_gains, initial_energies
from legato.nn.conv import ConvBlock
from legato.nn.streaming import where_rows

CENTRE, SPREAD = -6.0, 3.0  # brings log magnitudes to about zero mean, unit variance
# Bands whose attacks are sharpened, each on its own: 0.1, 0.4, 1.5, 4, 8, 12 kHz and up.
ATTACK_BINS = (4, 16, 60, 160, 320, 480, 961)
LOG_RANGE = (-23.0, 6.0)  # log magnitudes are kept in for synthesis
BLOCK = 4  # latent frames the streaming network computes at a time
SMALLEST_STD = 0.02  # of a latent channel before normalisation; quieter channels are dead, not blown up


class Features(NamedTuple):
    """What the latents describe.

    Attributes:
        logs: [B, 4 T, Q] natural log magnitudes.
        stereo: [B, T, S] squashed side predictions and residual levels.
    """

    logs: Tensor
    stereo: Tensor


@dataclass(frozen=True)
class CodecState:
    """The decoder between two chunks, one row per stream.

    Attributes:
        trunk, fine: carries [B, kernel-1, W] of the 25 Hz and 100 Hz blocks.
        phase: the phase integrator's memory.
        energies: band powers of the last frames, from which attacks are placed.
        overlap: [B, 2, n_fft - hop] audio begun but not finished, left and right.
    """

    trunk: list[Tensor]
    fine: list[Tensor]
    phase: phase.PhaseState
    energies: Tensor
    overlap: Tensor


def analyse(audio_bn2: Tensor, config: CodecConfig) -> Features:
    """Features of stereo audio [B, N, 2] in ±1; N is a multiple of 1920."""
    if audio_bn2.ndim != 3 or audio_bn2.shape[2] != 2 or audio_bn2.shape[1] % FRAME_SAMPLES:
        raise ValueError(f"audio is {tuple(audio_bn2.shape)}; it must be [batch, N, 2], N a multiple of 1920")
    left, right = audio_bn2.unbind(2)
    pair = torch.cat([(left + right) / 2, (left - right) / 2])
    mid, side = spectrum(pair, config.n_fft, config.hop).chunk(2)
    return Features(log_features(carrier_power(mid, side), config), stereo_parameters(mid, side, config))


class Encoder(nn.Module):
    """Features -> mean and log variance of the latents; sees a few frames ahead."""

    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        fine, wide = config.fine_width, config.encoder_width
        self.stem = nn.Linear(feature_width(config), fine)
        self.fine = ConvBlock(fine, config.kernel, config.mult, centred=True)
        self.fold = nn.Linear(FRAMES * fine, wide)
        self.stereo = nn.Linear(stereo_width(config), wide)
        self.trunk = nn.ModuleList(
            ConvBlock(wide, config.kernel, config.mult, centred=True) for _ in range(config.encoder_depth)
        )
        self.norm = nn.LayerNorm(wide)
        self.head = nn.Linear(wide, 2 * config.latent_channels)
        # A narrow posterior at the start lets channels carry sound before the prior can silence them.
        nn.init.constant_(self.head.bias[config.latent_channels :], -4.0)

    def forward(self, features: Features) -> tuple[Tensor, Tensor]:
        """Mean and log variance [B, T, C] of the posterior."""
        x, _ = self.fine(self.stem((features.logs - CENTRE) / SPREAD))
        x = self.fold(x.unflatten(1, (-1, FRAMES)).flatten(2)) + self.stereo(features.stereo)
        for block in self.trunk:
            x, _ = block(x)
        mean, log_var = self.head(self.norm(x)).float().chunk(2, dim=-1)
        return mean, log_var.clamp(-12.0, 2.0)


class Decoder(nn.Module):
    """Latents -> features, strictly causal: frame t sees latents up to t alone."""

    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        fine, wide = config.fine_width, config.width
        self.fine_width = fine
        self.stem = nn.Linear(config.latent_channels, wide)
        self.trunk = nn.ModuleList(ConvBlock(wide, config.kernel, config.mult) for _ in range(config.depth))
        self.norm = nn.LayerNorm(wide)
        self.unfold = nn.Linear(wide, FRAMES * fine)
        self.fine = nn.ModuleList(
            ConvBlock(fine, config.kernel, config.mult) for _ in range(config.fine_depth)
        )
        self.fine_norm = nn.LayerNorm(fine)
        self.head = nn.Linear(fine, feature_width(config))
        self.stereo = nn.Linear(wide, stereo_width(config))

    def init_state(self, batch: int, device: torch.device | None) -> tuple[list[Tensor], list[Tensor]]:
        """Carries of the 25 Hz and the 100 Hz blocks."""

        def empty(blocks: nn.ModuleList) -> list[Tensor]:
            return [cast(ConvBlock, block).conv.init_state(batch, device) for block in blocks]

        return empty(self.trunk), empty(self.fine)

    def forward(
        self, z_btc: Tensor, trunk: list[Tensor], fine: list[Tensor], steps: int | None = None
    ) -> tuple[Features, list[Tensor], list[Tensor]]:
        """Features of `z_btc` (not normalised), and the carries after `steps` of its frames (None: all)."""
        fine_steps = None if steps is None else FRAMES * steps
        x = self.stem(z_btc)
        carries, fine_carries = [], []
        for block, state in zip(self.trunk, trunk, strict=True):
            x, state = block(x, state, steps)
            carries.append(state)
        x = self.norm(x)
        stereo = torch.tanh(self.stereo(x).float())
        x = self.unfold(x).unflatten(-1, (FRAMES, self.fine_width)).flatten(1, 2)
        for block, state in zip(self.fine, fine, strict=True):
            x, state = block(x, state, fine_steps)
            fine_carries.append(state)
        logs = self.head(self.fine_norm(x)).float() * SPREAD + CENTRE
        return Features(logs, stereo), carries, fine_carries


class Codec(nn.Module):
    """Encoder and streaming decoder; buffers measured after training normalise the latents per channel."""

    latent_mean: Tensor
    latent_std: Tensor

    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.register_buffer("latent_mean", torch.zeros(config.latent_channels))
        self.register_buffer("latent_std", torch.ones(config.latent_channels))

    @property
    def latency_samples(self) -> int:
        """Samples by which `decode_step`'s audio lags its latents."""
        return (self.config.n_fft - self.config.hop) // 2

    @property
    def encoder_reach(self) -> int:
        """Frames before and after a frame that its latent depends on: every filter of the encoder is centred.

        Whoever encodes a stream piece by piece gives this many frames more on either side, and leaves their
        latents away: the rest is what encoding it whole gives.
        """
        config = self.config
        half = config.kernel // 2
        samples = half * config.hop + (config.n_fft - config.hop) // 2
        return config.encoder_depth * half - (-samples // FRAME_SAMPLES)

    def encode(self, audio_bn2: Tensor) -> Tensor:
        """Latents [B, N/1920, C] of stereo audio [B, N, 2] in ±1: the posterior's mean, normalised.

        Raises:
            ValueError: N is not a multiple of 1920, or the audio is not stereo.
        """
        mean, _ = self.encoder(analyse(audio_bn2, self.config))
        return (mean - self.latent_mean) / self.latent_std

    def set_statistics(self, mean_c: Tensor, std_c: Tensor) -> None:
        """Set the normalisation from the corpus's mean and standard deviation of each channel."""
        self.latent_mean.copy_(mean_c)
        self.latent_std.copy_(std_c.clamp_min(SMALLEST_STD))

    def init_state(self, batch: int) -> CodecState:
        """The state before the first frame of `batch` streams."""
        device = self.latent_mean.device
        trunk, fine = self.decoder.init_state(batch, device)
        reach = self.config.n_fft - self.config.hop
        memory = phase.PhaseState.initial(batch, self.config.linear_bins)
        energies = initial_energies(batch, len(ATTACK_BINS) - 1, device)
        return CodecState(trunk, fine, memory, energies, torch.zeros(batch, 2, reach, device=device))

    @torch.no_grad()
    def decode_step(
        self, latents_bfc: Tensor, state: CodecState, active: Tensor | None = None
    ) -> tuple[Tensor, CodecState]:
        """Audio [B, F·1920, 2] float32 of the next F frames, `latency_samples` late, and the next state.

        The network runs on blocks of one fixed shape, so that its features are bit-equal for every split into
        chunks: phase integration follows the order of magnitudes, and would turn the last bit of a
        differently blocked product into other sound.

        Args:
            latents_bfc: normalised latents.
            state: what `init_state` or the last call returned; it is not changed.
            active: bool [B]; rows that are not active keep their state and give silence.
        """
        if latents_bfc.shape[1] == 0:
            return latents_bfc.new_zeros(latents_bfc.shape[0], 0, 2), state
        after = state
        audio = []
        for block in latents_bfc.float().split(BLOCK, dim=1):
            chunk, after = self._decode_block(block, after)
            audio.append(chunk)
        audio_bn2 = torch.cat(audio, dim=1)
        if active is not None:
            audio_bn2 = torch.where(active[:, None, None], audio_bn2, 0.0)
        return audio_bn2, where_rows(active, after, state)

    @torch.no_grad()
    def decode(self, latents_btc: Tensor) -> Tensor:
        """Audio [B, T·1920, 2] of whole latents, the lag removed; the last frame is repeated to flush."""
        flushed = torch.cat([latents_btc, latents_btc[:, -1:]], dim=1)
        audio_bn2, _ = self.decode_step(flushed, self.init_state(latents_btc.shape[0]))
        return audio_bn2[:, self.latency_samples :][:, : latents_btc.shape[1] * FRAME_SAMPLES]

    def decode_features(self, latents_btc: Tensor) -> dict[str, Tensor]:
        """Features of normalised latents from a fresh start: differentiable and causal, no phase.

        Returns:
            `logs` [B, 4 T, Q] natural log magnitudes and `stereo` [B, T, S].
        """
        return self.features(latents_btc * self.latent_std + self.latent_mean)._asdict()

    def features(self, z_btc: Tensor) -> Features:
        """Features of latents that are not normalised, from a fresh start."""
        trunk, fine = self.decoder.init_state(z_btc.shape[0], z_btc.device)
        return self.decoder(z_btc, trunk, fine)[0]

    def synthesise(self, features: Features, state: CodecState) -> tuple[Tensor, CodecState]:
        """Audio [B, T·1920, 2] of features, `latency_samples` late; the network's carries are left alone."""
        config = self.config
        n_fft, hop, linear = config.n_fft, config.hop, config.linear_bins
        logs = features.logs.clamp(*LOG_RANGE)
        phases, memory = phase.integrate(logs[..., :linear], state.phase, n_fft=n_fft, hop=hop)
        carrier = phase.noise_carrier(state.phase.frame, logs.shape[1], linear, n_fft, hop)
        tones = torch.polar(torch.ones_like(phases), phases)
        magnitudes = bin_magnitudes(logs, config)
        mid = magnitudes * torch.cat([tones, carrier], dim=-1).to(logs.device)
        side = mid * side_filter(features.stereo, config)
        gains, energies = self._attacks(magnitudes, state.energies)
        channels = torch.stack([mid + side, mid - side], dim=1)
        frames = _shaped_frames(channels, gains, n_fft).flatten(0, 1)
        audio, overlap = overlap_add(frames, state.overlap.flatten(0, 1), n_fft, hop)
        audio_bn2 = audio.unflatten(0, (-1, 2)).mT
        overlap = overlap.unflatten(0, (-1, 2))
        return audio_bn2, replace(state, phase=memory, energies=energies, overlap=overlap)

    def _attacks(self, magnitudes_btk: Tensor, energies: Tensor) -> tuple[Tensor, Tensor]:
        bands = [magnitudes_btk[..., low:high].square().sum(-1) for low, high in pairwise(ATTACK_BINS)]
        return attack_gains(torch.stack(bands, dim=-1), energies, self.config.n_fft, self.config.hop)

    def _decode_block(self, latents_bfc: Tensor, state: CodecState) -> tuple[Tensor, CodecState]:
        count = latents_bfc.shape[1]
        padded = F.pad(latents_bfc, (0, 0, 0, BLOCK - count))
        z = padded * self.latent_std + self.latent_mean
        features, trunk, fine = self.decoder(z, state.trunk, state.fine, count)
        heard = Features(features.logs[:, : FRAMES * count], features.stereo[:, :count])
        return self.synthesise(heard, replace(state, trunk=trunk, fine=fine))


def _shaped_frames(channels_b2tk: Tensor, gains_btgn: Tensor, n_fft: int) -> Tensor:
    """Time frames [B, 2, T, N] of the spectra, the bands of `ATTACK_BINS` shaped by their gains."""
    edges = (0, *ATTACK_BINS)
    spectra = channels_b2tk.new_zeros(len(edges) - 1, *channels_b2tk.shape)
    for band, (low, high) in enumerate(pairwise(edges)):
        spectra[band, ..., low:high] = channels_b2tk[..., low:high]
    frames = time_frames(spectra, n_fft)
    return frames[0] + (frames[1:] * gains_btgn.permute(2, 0, 1, 3)[:, :, None]).sum(0)


def reconstruct_analysis(audio_bn2: Tensor, config: CodecConfig) -> Tensor:
    """The floor of the analysis: [B, N, 2] through features, phase and stereo synthesis, no latents."""
    codec = Codec(replace(config, width=8, encoder_width=8, depth=0, fine_width=8, fine_depth=0))
    padded = F.pad(audio_bn2, (0, 0, 0, FRAME_SAMPLES))
    audio, _ = codec.synthesise(analyse(padded, config), codec.init_state(len(audio_bn2)))
    return audio[:, codec.latency_samples :][:, : audio_bn2.shape[1]]
