"""How well the codec reconstructs: spectral, transient and stereo distances between two recordings.

Legend: N samples, T frames, K STFT bins, M mel bands. Audio is float32 [N, 2] at 48 kHz.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.evaluation import musicnn
from legato.evaluation.distances import fad
from legato.models.codec import Codec, reconstruct_analysis

N_FFT, HOP, MEL_BANDS = 2048, 480, 96
RANGE_DB = 80.0  # below the reference's peak nothing is compared
RESOLUTIONS = (512, 1024, 2048, 4096)
OCTAVES = (62.5, 125, 250, 500, 1000, 2000, 4000, 8000, 16000)


def views(audio_n2: Tensor) -> dict[str, Tensor]:
    """Mid, side, left and right [N]."""
    left, right = audio_n2.unbind(1)
    return {"mid": (left + right) / 2, "side": (left - right) / 2, "left": left, "right": right}


def log_mel_error(reference_n: Tensor, output_n: Tensor, peak: float | None = None) -> float:
    """Mean absolute difference of log-mel spectra in dB; both are floored 80 dB below the peak.

    Args:
        reference_n: mono signal [N].
        output_n: the signal compared with it.
        peak: mel power that counts as the peak; the reference's own where None.
    """
    true, mel = mel_power(reference_n), mel_power(output_n)
    floor = (float(true.max()) if peak is None else peak) * 10 ** (-RANGE_DB / 10) + 1e-12
    error = 10 * ((mel.clamp_min(floor)).log10() - (true.clamp_min(floor)).log10())
    return float(error.abs().mean())


def mel_power(audio_n: Tensor) -> Tensor:
    """Mel band powers [T, M], 30 Hz to 18 kHz."""
    return _power(audio_n, N_FFT, HOP) @ _mel_matrix()


def multi_resolution_stft(reference_n: Tensor, output_n: Tensor) -> float:
    """Spectral convergence plus L1 of log magnitudes (floored at -80 dB), averaged over four resolutions."""
    total = 0.0
    for n_fft in RESOLUTIONS:
        true, other = (_power(x, n_fft, n_fft // 4).sqrt() for x in (reference_n, output_n))
        floor = float(true.max()) * 1e-4 + 1e-9
        convergence = (true - other).norm() / true.norm().clamp_min(1e-9)
        distance = (true.clamp_min(floor).log() - other.clamp_min(floor).log()).abs().mean()
        total += float(convergence + distance)
    return total / len(RESOLUTIONS)


def transient_ratio(reference_n: Tensor, output_n: Tensor) -> float:
    """Energy of onsets in the output over that in the reference: 1 is faithful, below 1 smeared."""
    return _onset_energy(output_n) / max(_onset_energy(reference_n), 1e-9)


def stereo_error(reference_n2: Tensor, output_n2: Tensor) -> dict[str, float]:
    """Absolute errors of side/mid level in dB and of inter-channel coherence (0–1), per octave and averaged.

    Returns:
        `side_level_db` and `coherence` over the octaves that are heard (not 60 dB below the loudest), and the
        same with `_62` … `_16000` (centre in Hz) of each octave, NaN where it is not heard.
    """
    true, other = (_octave_stereo(x) for x in (reference_n2, output_n2))
    heard = (true["power"] > true["power"].max() * 1e-6).numpy()
    result = {}
    for key, name in (("side_level_db", "level_db"), ("coherence", "coherence")):
        error = np.where(heard, (other[name] - true[name]).abs().numpy(), np.nan)
        result[key] = float(error[heard].mean()) if heard.any() else 0.0
        result |= {f"{key}_{int(hz)}": float(e) for hz, e in zip(OCTAVES, error, strict=True)}
    return result


def compare(reference_n2: Tensor, output_n2: Tensor) -> dict[str, float]:
    """All distances between two recordings of the same length."""
    count = min(len(reference_n2), len(output_n2))
    true, other = views(reference_n2[:count]), views(output_n2[:count])
    peak = float(mel_power(true["mid"]).max())
    result = {f"mel_{name}_db": log_mel_error(true[name], other[name], peak) for name in true}
    result["mel_db"] = (result["mel_mid_db"] + result["mel_left_db"] + result["mel_right_db"]) / 3
    result["stft"] = (
        multi_resolution_stft(true["left"], other["left"])
        + multi_resolution_stft(true["right"], other["right"])
    ) / 2
    result["transients"] = transient_ratio(true["mid"], other["mid"])
    return result | stereo_error(reference_n2[:count], output_n2[:count])


@torch.no_grad()
def evaluate_codec(codec: Codec, recordings: Iterable[np.ndarray], seconds: float = 16.0) -> dict[str, float]:
    """Mean distances of the codec's reconstructions, and of the analysis floor (keys `floor_…`).

    `fad` is the Fréchet distance of musicnn embeddings between all originals and all reconstructions.

    Args:
        codec: a trained codec on the CPU.
        recordings: int16 or float [N, 2] at 48 kHz; the first `seconds` of each are used.
        seconds: how much of each recording.

    Raises:
        ValueError: no recording is given.
    """
    rows: list[dict[str, float]] = []
    embeddings: dict[str, list[np.ndarray]] = {"": [], "decoded": [], "floor": []}
    for pcm in recordings:
        count = min(len(pcm), int(seconds * SAMPLE_RATE)) // FRAME_SAMPLES * FRAME_SAMPLES
        scale = 32768.0 if np.issubdtype(pcm.dtype, np.integer) else 1.0
        audio = torch.from_numpy(np.asarray(pcm[:count], np.float32) / np.float32(scale))
        decoded = codec.decode(codec.encode(audio[None]))[0]
        floor = reconstruct_analysis(audio[None], codec.config)[0]
        row = compare(audio, decoded)
        rows.append(row | {f"floor_{k}": v for k, v in compare(audio, floor).items()})
        for kept, sound in zip(embeddings.values(), (audio, decoded, floor), strict=True):
            kept.append(musicnn.embed(sound.numpy()))
    if not rows:
        raise ValueError("no recordings to evaluate the codec on")
    found = {key: _mean([row[key] for row in rows]) for key in rows[0]}
    true, other, floor = (np.concatenate(parts) for parts in embeddings.values())
    return found | {"fad": fad(other, true), "floor_fad": fad(floor, true)}


def verdicts(found: Mapping[str, float], over_floor_db: float) -> dict[str, tuple[float, str, bool]]:
    """The codec's targets: value, target in words, and whether it is met.

    Args:
        found: what `evaluate_codec` measured.
        over_floor_db: log-mel error above the analysis floor that is allowed on these recordings.
    """
    over = found["mel_db"] - found["floor_mel_db"]
    widest = max(v for k, v in found.items() if k.startswith("side_level_db_") and np.isfinite(v))
    return {
        "log-mel error over its floor (dB)": (over, f"<= {over_floor_db:g}", over <= over_floor_db),
        "floor of the analysis (dB)": (found["floor_mel_db"], "<= 2.4", found["floor_mel_db"] <= 2.4),
        "side/mid level error, worst octave (dB)": (widest, "<= 1.5", widest <= 1.5),
        "transient energy ratio": (found["transients"], "0.9 to 1.1", 0.9 <= found["transients"] <= 1.1),
    }


def _mean(values: list[float]) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _power(audio_n: Tensor, n_fft: int, hop: int) -> Tensor:
    window = torch.hann_window(n_fft)
    spectrum = torch.stft(audio_n, n_fft, hop, window=window, return_complex=True).T
    return spectrum.abs().square() / (n_fft / 4) ** 2


@lru_cache(maxsize=1)
def _mel_matrix() -> Tensor:
    low, high = 2595 * np.log10(1 + np.array([30.0, 18_000.0]) / 700)
    mel = np.linspace(low, high, MEL_BANDS + 2)
    points = 700 * (10 ** (mel / 2595) - 1)
    bins = np.arange(N_FFT // 2 + 1)[:, None] * SAMPLE_RATE / N_FFT
    spacing = SAMPLE_RATE / N_FFT
    # Triangles at least two bins wide, so that no low band falls between bins.
    low = np.maximum(points[1:-1] - points[:-2], spacing)
    high = np.maximum(points[2:] - points[1:-1], spacing)
    distance = bins - points[1:-1]
    weights = np.clip(1 - np.where(distance < 0, -distance / low, distance / high), 0, None)
    return torch.from_numpy(weights).float()


def _onset_energy(audio_n: Tensor) -> float:
    """Sum of positive changes of band amplitudes (5 ms frames, 10 ms windows)."""
    amplitude = _power(audio_n, 512, 240).sqrt()
    bands = torch.stack([part.square().sum(1).sqrt() for part in amplitude.tensor_split((4, 16, 64), dim=1)])
    rise = (bands[:, 2:] - bands[:, :-2]).clamp_min(0)
    return float(rise.square().sum())


def _octave_stereo(audio_n2: Tensor) -> dict[str, Tensor]:
    window = torch.hann_window(N_FFT)
    left, right = torch.stft(audio_n2.T, N_FFT, HOP, window=window, return_complex=True)
    edges = np.asarray(OCTAVES) * N_FFT / SAMPLE_RATE
    bounds = np.round(np.append(edges / 2**0.5, edges[-1] * 2**0.5)).astype(int)
    power, levels, coherences = [], [], []
    for low, high in pairwise(bounds):
        band_l, band_r = left[low:high], right[low:high]
        mid, side = (band_l + band_r).abs().square().sum(), (band_l - band_r).abs().square().sum()
        cross = (band_l * band_r.conj()).real.sum()
        energy = band_l.abs().square().sum() * band_r.abs().square().sum()
        power.append(mid + side)
        # 50 dB of side/mid range: beyond it no one hears the difference.
        levels.append(10 * ((side + 1e-5 * mid + 1e-12) / (mid + 1e-5 * side + 1e-12)).log10())
        coherences.append(cross / (energy.sqrt() + 1e-12))
    names = ("power", "level_db", "coherence")
    return dict(zip(names, map(torch.stack, (power, levels, coherences)), strict=True))
