"""A microphone on a player's time: what was played in the room, at the beat it was played to.

What comes in now answers what sounds now, and the chunk being made sounds later: by ring, output, input and
what the encoder looks ahead. A past put together from both would have the answer late, so it is taken later
still, by whole beats: the player's beats fall on the music's. Where there is no beat, it is as late as it is.

Both clocks drift, and either side may pause. The place where sound is read stays where it is until it is off
by `TOLERANCE_S` in the mean (drivers and pages report in steps); then it jumps, with a short crossfade, and
the jump is counted.

Read from the engine thread alone. Sound is float32 [N, 2].
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from legato.io.microphone import Microphone

TOLERANCE_S = 0.04
PAUSE_S = 0.3  # off by more than this, one side has paused, and it jumps at once
SMOOTHING = 0.1  # of a mean's way to what was last seen, a chunk
LATEST_S = 4.0  # behind which nothing is taken; memory is longer
SPLICE = 240  # samples of the crossfade at a jump: 5 ms


class Room:
    """Implements `engine.ear.Sound`.

    Args:
        microphone: what comes in.
        heard: sample of the session that is at the loudspeaker now; 0 before the first.
        sample_rate: of both, samples per second.

    Attributes:
        slips: jumps to make up for clocks that differ.
    """

    def __init__(self, microphone: Microphone, heard: Callable[[], int], sample_rate: int) -> None:
        self.slips = 0
        self._microphone = microphone
        self._heard = heard
        self._rate = sample_rate
        self._shift: int | None = None  # from the memory's samples to those of the session they answered
        self._seen = 0.0  # the same, as a running mean
        self._late = 0  # samples by which it is taken later than it was played
        self._read_at: int | None = None  # shift and lateness together, as of the last read

    @property
    def warning(self) -> str | None:
        """Of the microphone."""
        return self._microphone.warning

    def status(self) -> dict[str, Any]:
        """JSON-ready: as of the microphone; how late it is taken; jumps."""
        late_ms = round(1000.0 * self._late / self._rate, 1)
        return {**self._microphone.status(), "late_ms": late_ms, "slips": self.slips}

    def read(self, sample: int, samples: int, beat: float | None) -> np.ndarray | None:
        """What was played so many whole beats before these samples of the session; see `engine.ear.Sound`."""
        heard, memory = self._heard(), self._microphone.memory
        if not heard or not self._microphone.open:
            self._read_at = None
            return None
        written = memory.written
        self._anchor(heard - round(self._microphone.latency_s * self._rate) - written)
        assert self._shift is not None
        self._be_late(sample + samples - self._shift - written, beat)
        if self._late > LATEST_S * self._rate:
            self._read_at = None
            return None
        offset = self._shift + self._late
        found_n2 = memory.span(sample - offset, samples)
        if self._read_at not in (None, offset):
            count = min(SPLICE, samples)
            rise_n1 = np.linspace(0.0, 1.0, count, dtype=np.float32)[:, None]
            before_n2 = memory.span(sample - self._read_at, count)
            found_n2[:count] = rise_n1 * found_n2[:count] + (1.0 - rise_n1) * before_n2
        self._read_at = offset
        return found_n2

    def _anchor(self, shift: int) -> None:
        """Follow where the two clocks stand to one another."""
        if self._shift is None or abs(shift - self._shift) > PAUSE_S * self._rate:
            self._seen = shift
        else:
            self._seen += SMOOTHING * (shift - self._seen)
            if abs(self._seen - self._shift) <= TOLERANCE_S * self._rate:
                return
        self.slips += self._read_at is not None
        self._shift = round(self._seen)

    def _be_late(self, least: int, beat: float | None) -> None:
        """Choose how late: at least so many samples, for the rest has not come in yet."""
        if beat is None:
            slack = TOLERANCE_S * self._rate
            if not 0 <= self._late - least <= 2 * slack:
                self._late = round(least + slack)
            return
        off = abs(self._late - round(self._late / beat) * beat)
        # Half a beat more than it need be, lest it goes to and fro between two beats.
        if least <= self._late <= least + 1.5 * beat and off <= TOLERANCE_S * self._rate:
            return
        self._late = round(max(1, math.ceil(least / beat)) * beat)
