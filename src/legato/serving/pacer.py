"""How much sound a listener may be sent by now.

A listener who reports where it is gets what brings it to the depth it wants, by its own sound card's clock:
nothing drifts, nothing is resampled, and latency never creeps. One who never reports is served by ours.

A report is old when it arrives, now less, now more. The one that was fastest lately says best where the
listener is: what the others lost on their way, or waiting for this machine, would else be missing there. What
is sent now arrives later still, so the way there and back is reckoned with, as the listener measured it.
"""

from __future__ import annotations

from collections import deque

FIRST_DEPTH_S = 0.12  # for listeners who have not said what depth they want
TRUST_S = 0.5  # how long a report is extrapolated; a listener silent for longer is sent nothing
REMEMBERED = 6  # reports, half a second of a page's: for so long one that stood still is overrated
LONGEST_WAY_S = 1.0  # there and back, at most reckoned with


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
        self._wanted = 0.0  # frames, with those on their way
        self._playing = False
        self._ahead: deque[float] = deque(maxlen=REMEMBERED)  # seconds: its place less our time

    def report(self, now: float, played: int, target: int, playing: bool, round_trip_s: float = 0.0) -> None:
        """The listener says where it is.

        Args:
            now: seconds, when that arrived.
            played: index of the next frame to be heard.
            target: frames it wants in hand.
            playing: whether it sounds; while it does not, it waits for its target.
            round_trip_s: seconds, there and back, without waits.
        """
        if not (playing and self._playing):
            self._ahead.clear()  # it stood still
        self._ahead.append(played / self._rate - now)
        self._reported, self._played, self._playing = now, played, playing
        self._wanted = target + self._rate * min(round_trip_s, LONGEST_WAY_S)

    def due(self, now: float, sent: int) -> int:
        """Frames to send now, `sent` having been sent already."""
        if self._reported is None:
            allowed = (now - self._started + FIRST_DEPTH_S) * self._rate
        elif self._playing:
            heard_s = min(now, self._reported + TRUST_S) + max(self._ahead)
            allowed = heard_s * self._rate + self._wanted
        else:
            allowed = self._played + self._wanted
        return max(0, round(allowed) - sent)
