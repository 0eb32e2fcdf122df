"""How much sound a listener may be sent by now.

A listener who reports where it is gets what brings it to the depth it wants, by its own sound card's clock:
nothing drifts, nothing is resampled, and latency never creeps. One who never reports is served by ours.
"""

from __future__ import annotations

FIRST_DEPTH_S = 0.12  # for listeners who have not said what depth they want
TRUST_S = 0.5  # how long a report is extrapolated; a listener silent for longer is sent nothing


class Pacer:
    """Pure arithmetic on a clock that the caller reads. One per stream.

    Args:
        sample_rate: frames per second.
        now: seconds, when the first sound was ready.
    """

    def __init__(self, sample_rate: int, now: float) -> None:
        self._rate = sample_rate
        self._started = now
        self._reported: float | None = None
        self._played = 0
        self._target = 0
        self._playing = False

    def report(self, now: float, played: int, target: int, playing: bool) -> None:
        """The listener says how far it is, how many frames it wants in hand, and whether it sounds."""
        self._reported, self._played, self._target, self._playing = now, played, target, playing

    def due(self, now: float, sent: int) -> int:
        """Frames to send now, `sent` having been sent already."""
        if self._reported is None:
            allowed = (now - self._started + FIRST_DEPTH_S) * self._rate
        else:
            since = min(now - self._reported, TRUST_S) if self._playing else 0.0
            allowed = self._played + self._target + since * self._rate
        return max(0, int(allowed) - sent)
