"""Drift: does endless music stay alive? Trends over minutes of one rollout, of sound and of latents."""

from __future__ import annotations

import numpy as np

from legato.config import FRAME_RATE, SAMPLE_RATE
from legato.evaluation.spectra import centroid, log_mel, lufs

_SILENT_DB = -60.0
_FRAME_HOP = SAMPLE_RATE // 50  # 20 ms: fine enough to line a loop up


def drift(
    audio: np.ndarray, latents_tc: np.ndarray | None = None, *, window: float = 10.0
) -> dict[str, float]:
    """Trends over windows of `window` seconds.

    Args:
        audio: 48 kHz, [N] or [N, 2]; at least three windows long.
        latents_tc: the same rollout's latents at 25 Hz, optional.
        window: seconds.

    Returns:
        loudness_db_per_minute: slope of LUFS (silent windows left out).
        loudness_range_db: largest difference between means of one minute (or of thirds, under three minutes).
        minute_step_db: largest difference between neighbouring such means.
        minute_deviation_db: standard deviation of them (n - 1).
        centroid_octaves_per_minute: slope of log2 of the spectral centroid.
        silence_share: share of 0.1 s blocks below -60 dBFS.
        repetition: see `repetition`; above about 0.9 the music has frozen into a loop.
        latent_std_first, latent_std_last, latent_std_per_minute: with latents.

    Raises:
        ValueError: the signal is shorter than three windows.
    """
    size = int(window * SAMPLE_RATE)
    count = len(audio) // size
    if count < 3:
        heard = len(audio) / SAMPLE_RATE
        raise ValueError(f"drift needs three windows of {window:g} s, not {heard:.1f} s of audio")
    parts = [audio[i * size : (i + 1) * size] for i in range(count)]
    minutes = (np.arange(count) + 0.5) * window / 60
    levels = np.array([lufs(part) for part in parts])
    alive = levels > -70
    tone = np.array([np.log2(max(centroid(part), 1.0)) for part in parts])
    groups = np.array_split(levels[alive], max(3, round(count * window / 60))) if alive.any() else []
    means = [g.mean() for g in groups if len(g)]
    figures = {
        "loudness_db_per_minute": _slope(minutes[alive], levels[alive]),
        "loudness_range_db": float(np.ptp(means)) if means else float("nan"),
        "minute_step_db": float(np.abs(np.diff(means)).max()) if len(means) > 1 else float("nan"),
        "minute_deviation_db": float(np.std(means, ddof=1)) if len(means) > 1 else float("nan"),
        "centroid_octaves_per_minute": _slope(minutes[alive], tone[alive]),
        "silence_share": silence_share(audio),
        "repetition": repetition(audio, window=window),
    }
    if latents_tc is not None:
        frames = int(window * FRAME_RATE)
        stds = np.array([latents_tc[i * frames : (i + 1) * frames].std() for i in range(count)], np.float64)
        figures |= {
            "latent_std_first": float(stds[0]),
            "latent_std_last": float(stds[-1]),
            "latent_std_per_minute": _slope(minutes, stds),
        }
    return figures


def minutes(audio: np.ndarray) -> list[float]:
    """Loudness of each whole minute, LUFS."""
    size = 60 * SAMPLE_RATE
    return [lufs(audio[start : start + size]) for start in range(0, len(audio) - size + 1, size)]


def silence_share(audio: np.ndarray) -> float:
    """Share of 0.1 s blocks below -60 dBFS, 0 to 1."""
    block = SAMPLE_RATE // 10
    x = np.asarray(audio, np.float64)
    x = x[: len(x) // block * block].reshape(len(x) // block, -1)
    return float((np.square(x).mean(1) < 10 ** (_SILENT_DB / 10)).mean()) if len(x) else 1.0


def repetition(audio: np.ndarray, *, window: float = 10.0, lag: float = 4.0) -> float:
    """Largest correlation between log-mel changes of the last window and the same length just before it.

    Compared at every start up to `lag` seconds earlier than one window ago; 1 is a bit-exact loop.
    """
    mel = log_mel(audio[-int((2 * window + lag) * SAMPLE_RATE) :], bands=32, hop=_FRAME_HOP)
    change = np.diff(mel, axis=0)
    n = int(window * SAMPLE_RATE / _FRAME_HOP)
    if len(change) <= n + 1:
        return float("nan")
    last = _unit(change[-n:])
    starts = range(max(0, len(change) - 2 * n - int(lag * SAMPLE_RATE / _FRAME_HOP)), len(change) - 2 * n + 1)
    return max((float((last * _unit(change[s : s + n])).sum()) for s in starts), default=float("nan"))


def _unit(x: np.ndarray) -> np.ndarray:
    x = x - x.mean()
    norm = np.linalg.norm(x)
    return x / norm if norm > 0 else x


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.polyfit(x, y, 1)[0]) if len(x) > 1 else float("nan")
