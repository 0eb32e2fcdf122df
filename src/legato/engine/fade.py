"""Equal-power fades. N samples; audio is float32 [N, 2]."""

from __future__ import annotations

from functools import cache

import numpy as np


@cache
def _curve(samples: int) -> np.ndarray:
    rising = np.sin(0.5 * np.pi * (np.arange(samples) + 0.5) / max(samples, 1)).astype(np.float32)[:, None]
    rising.flags.writeable = False
    return rising


def fade_in(audio_n2: np.ndarray, samples: int) -> np.ndarray:
    """A copy whose first `samples` rise from silence."""
    out = audio_n2.astype(np.float32)
    count = min(samples, len(out))
    out[:count] *= _curve(samples)[:count]
    return out


def mirrored_tail(last_n2: np.ndarray, samples: int) -> np.ndarray:
    """What to play when nothing follows `last_n2`: its end played backwards, falling to silence.

    Backwards, because the first sample then continues the last one without a jump.

    Returns:
        float32 [samples, 2]; silence beyond the length of `last_n2`.
    """
    out = np.zeros((samples, 2), np.float32)
    mirror = last_n2[-2::-1][:samples]
    out[: len(mirror)] = mirror
    return out * fall(samples)


def fall(samples: int) -> np.ndarray:
    """The falling half of the equal-power pair, float32 [samples, 1]."""
    return _curve(samples)[::-1]


def rise(samples: int) -> np.ndarray:
    """The rising half of the equal-power pair, float32 [samples, 1]."""
    return _curve(samples)
