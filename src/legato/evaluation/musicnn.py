"""Music embeddings and tags from musicnn, ported to torch, with its weights of the Million Song Dataset.

Pons & Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging", ISMIR 2019 (late
breaking). The front end is the original's: 16 kHz mono, 96 mel bands of a 512-point power spectrogram every
256 samples, log10(10000 x + 1); its rounding to half precision, which overflows on loud sound, is left out.

Legend: N samples, W windows of 3 s, T frames of a window, M mel bands, E = 200 embedding size, G = 50 tags.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load
from scipy.signal import resample_poly

from legato.config import SAMPLE_RATE
from legato.evaluation.spectra import mono

RATE, N_FFT, HOP, MELS = 16_000, 512, 256, 96
WINDOW_FRAMES = 187  # 3 s
SECOND = 62  # frames: 0.992 s
SIZE = 200
BATCH = 16

TAGS = tuple(
    "rock|pop|alternative|indie|electronic|female vocalists|dance|00s|alternative rock|jazz|beautiful|metal|"
    "chillout|male vocalists|classic rock|soul|indie rock|mellow|electronica|80s|folk|90s|chill|instrumental|"
    "punk|oldies|blues|hard rock|ambient|acoustic|experimental|female vocalist|guitar|hip-hop|70s|party|"
    "country|easy listening|sexy|catchy|funk|electro|heavy metal|progressive rock|60s|rnb|indie pop|sad|"
    "house|happy".split("|")
)
_TEMPORAL = (128, 64, 32)


def embed(audio: np.ndarray, hop: int = 1) -> np.ndarray:
    """Penultimate activations of 3 s windows.

    Args:
        audio: 48 kHz, [N] or [N, 2], float or int16; shorter than 3 s is padded with silence.
        hop: seconds from one window to the next.

    Returns:
        float32 [W, 200].
    """
    return _forward(audio, hop)[0]


def tags(audio: np.ndarray) -> dict[str, float]:
    """Probability of each tag, averaged over windows; arguments as of `embed`."""
    return dict(zip(TAGS, _forward(audio, 1)[1].mean(0).tolist(), strict=True))


def log_mel(audio: np.ndarray) -> np.ndarray:
    """The network's input, float32 [frames, 96], of 48 kHz audio."""
    low = resample_poly(mono(audio), 1, SAMPLE_RATE // RATE).astype(np.float32)
    padded = F.pad(torch.from_numpy(low)[None], (N_FFT // 2, N_FFT // 2), mode="reflect")[0]
    window = torch.hann_window(N_FFT)
    spectrum = torch.stft(padded, N_FFT, HOP, window=window, center=False, return_complex=True)
    power = spectrum.abs().square().T @ torch.from_numpy(_mel_bank())
    return (10_000 * power + 1).log10().numpy()


@torch.inference_mode()
def _forward(audio: np.ndarray, hop: int) -> tuple[np.ndarray, np.ndarray]:
    mel = log_mel(audio) if len(audio) > SAMPLE_RATE // 10 else np.zeros((1, MELS), np.float32)
    short = WINDOW_FRAMES - len(mel)
    mel = np.pad(mel, ((0, max(0, short)), (0, 0)))
    starts = range(0, len(mel) - WINDOW_FRAMES + 1, hop * SECOND)
    windows = torch.from_numpy(np.stack([mel[s : s + WINDOW_FRAMES] for s in starts]))
    found = [_network(batch) for batch in windows.split(BATCH)]
    embedding, probability = (torch.cat(parts).numpy() for parts in zip(*found, strict=True))
    return embedding, probability


def _network(mel_wtm: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Embeddings [W, E] and tag probabilities [W, G]."""
    x = _norm("norm_in", mel_wtm[:, None], 1)
    parts = []
    for name in ("timbral_short", "timbral_tall"):
        parts.append(_pooled(name, F.pad(x, (0, 0, 3, 3))))
    for taps in _TEMPORAL:
        before = (taps - 1) // 2
        parts.append(_pooled(f"temporal_{taps}", F.pad(x, (0, 0, before, taps - 1 - before))))
    front = torch.cat(parts, 1)  # [W, 561, T]
    one = _middle("mid_1", front)
    two = _middle("mid_2", one) + one
    three = _middle("mid_3", two) + two
    features = torch.cat([front, one, two, three], 1)
    pooled = torch.stack([features.amax(2), features.mean(2)], 2).flatten(1)
    weights = _weights()
    hidden = F.linear(_norm("norm_pool", pooled, 1), weights["dense.weight"], weights["dense.bias"])
    embedding = _norm("norm_out", hidden.relu(), 1)
    return embedding, F.linear(embedding, weights["head.weight"], weights["head.bias"]).sigmoid()


def _pooled(name: str, x: torch.Tensor) -> torch.Tensor:
    """Convolution over time and frequency, ReLU, norm, largest over frequency: [W, filters, T]."""
    weights = _weights()
    y = F.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"]).relu()
    return _norm(name, y, 1).amax(3)


def _middle(name: str, x_wct: torch.Tensor) -> torch.Tensor:
    """Convolution of seven frames over all features."""
    weights = _weights()
    kernel = weights[f"{name}.weight"][:, 0].transpose(1, 2)  # [filters, features, 7]
    return _norm(name, F.conv1d(x_wct, kernel, weights[f"{name}.bias"], padding=3).relu(), 1)


def _norm(name: str, x: torch.Tensor, axis: int) -> torch.Tensor:
    weights = _weights()
    shape = [-1 if i == axis else 1 for i in range(x.ndim)]
    return x * weights[f"{name}.scale"].view(shape) + weights[f"{name}.shift"].view(shape)


@lru_cache(maxsize=1)
def _weights() -> dict[str, torch.Tensor]:
    path = resources.files("legato.evaluation") / "weights" / "musicnn.safetensors"
    return {name: tensor.float() for name, tensor in load(path.read_bytes()).items()}


@lru_cache(maxsize=1)
def _mel_bank() -> np.ndarray:
    """Slaney's mel filters of unit area, float32 [bins, M]: linear below 1 kHz, logarithmic to 8 kHz."""

    def hz(mel: np.ndarray) -> np.ndarray:
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))

    top = 15 + 27 * np.log(RATE / 2 / 1000) / np.log(6.4)
    edges = hz(np.linspace(0, top, MELS + 2))
    bins = np.arange(N_FFT // 2 + 1)[:, None] * (RATE / N_FFT)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return (np.maximum(np.minimum(rising, falling), 0) * 2 / (edges[2:] - edges[:-2])).astype(np.float32)
