"""The last guard before the ring: nothing but finite, bounded, unbroken sound leaves here.

N samples of a chunk; audio is float32 [N, 2].
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from legato.engine.fade import fade_in, mirrored_tail

KNEE = 0.8  # below it the limiter does nothing
CEILING = 0.99
FADE_IN = 480  # samples; 10 ms at 48 kHz, after a gap
SEAM_REACH = 480  # interior samples either side a chunk boundary is compared with
SEAM_FACTOR = 3.0  # a boundary jump this much larger than the interior's largest counts as a seam
SEAM_FLOOR = 0.02


@dataclass
class Counts:
    """What the guard had to do since the session began."""

    bad_chunks: int = 0  # replaced by a fade because they held NaN or infinity, or never came
    limited: int = 0  # samples bent by the limiter
    seams: int = 0  # chunk boundaries that jump more than the music around them

    def to_dict(self) -> dict[str, int]:
        """JSON-ready."""
        return asdict(self)


class Output:
    """Guard of one player: NaN guard, limiter, seam check. A value: `copy` is independent."""

    def __init__(self, chunk_samples: int) -> None:
        self.counts = Counts()
        self._last = np.zeros((chunk_samples, 2), np.float32)  # what was sent out last
        self._broken = False  # the last chunk was made up, so the next fades in

    def process(self, pcm_n2: np.ndarray | None) -> np.ndarray:
        """The chunk to play.

        Args:
            pcm_n2: what the model made; None, or anything not finite, is replaced by the last
                chunk fading away.
        """
        if pcm_n2 is None or not np.isfinite(pcm_n2).all():
            self.counts.bad_chunks += 1
            out = np.zeros_like(self._last) if self._broken else mirrored_tail(self._last, len(self._last))
            self._broken = True
        else:
            out = self._limit(pcm_n2)
            if self._broken:
                out = fade_in(out, FADE_IN)
            else:
                self.counts.seams += seam(self._last, out)
            self._broken = False
        self._last = np.concatenate([self._last[len(out) :], out])
        return out

    def copy(self) -> Output:
        """An independent guard in the same state."""
        twin = Output(0)
        twin.counts = Counts(**self.counts.to_dict())
        twin._last, twin._broken = self._last, self._broken
        return twin

    def _limit(self, pcm_n2: np.ndarray) -> np.ndarray:
        loud = np.abs(pcm_n2) > KNEE
        count = int(loud.sum())
        if not count:
            return pcm_n2.astype(np.float32)
        self.counts.limited += count
        return soft_limit(pcm_n2)


def soft_limit(audio: np.ndarray) -> np.ndarray:
    """Unchanged below `KNEE`, bent smoothly to stay within `CEILING` above; no memory, no look-ahead."""
    audio = audio.astype(np.float32)
    size = np.abs(audio)
    room = np.float32(CEILING - KNEE)
    bent = np.sign(audio) * (KNEE + room * np.tanh((size - KNEE) / room))
    return np.where(size > KNEE, bent, audio).astype(np.float32)


def seam(before_n2: np.ndarray, after_n2: np.ndarray) -> bool:
    """Whether the step from one chunk to the next is far larger than any step near it."""
    jump = float(np.abs(after_n2[0] - before_n2[-1]).max())
    if jump < SEAM_FLOOR:
        return False
    inside = max(
        float(np.abs(np.diff(before_n2[-SEAM_REACH:], axis=0)).max(initial=0.0)),
        float(np.abs(np.diff(after_n2[:SEAM_REACH], axis=0)).max(initial=0.0)),
    )
    return jump > SEAM_FACTOR * inside
