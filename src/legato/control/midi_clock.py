"""Following MIDI clock, 24 pulses a beat.

Pulses come late by a few milliseconds, some by many: single intervals say little. Tempo is therefore the
slope of a line through the last 2.5 seconds of pulses, without those that lie far off it; when the newest
ones all leave the line, the tempo has changed and a new line is begun.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from legato.control.servo import Servo
from legato.control.state import RANGES

PPQ = 24
WINDOW_S = 2.5
LEAST = 24  # pulses that make a line
EVERY = 6  # pulses between looks at it
GAP_S = 0.5  # between pulses after which the clock begins anew
SPREAD = 3 * 1.4826  # times the median distance from the line: three standard deviations
LEAST_SPREAD_S = 0.004
STEP = 0.1  # bpm: the tempo is asked for in such steps, so that a steady clock is one steady tempo


class ClockIn:
    """Follows a clock's tempo and, once the clock was started, its beat, by way of a `Servo`.

    Args:
        heard_beat: the instrument's beat as it is heard at a time of the pulses' clock; None while unknown.
    """

    def __init__(self, heard_beat: Callable[[float], float | None] = lambda at: None) -> None:
        self.bpm: float | None = None  # of the clock; None until it is known
        self._heard_beat = heard_beat
        self._times: list[float] = []
        self._fresh = 0  # pulses since the last look
        self._line: _Line | None = None
        self._position = 0.0  # of the next pulse in the song, in pulses
        self._running = False
        self._servo = Servo()
        self._asked = 0.0

    def start(self) -> None:
        """The next pulse is the first of the song."""
        self._position, self._running = 0.0, True

    def resume(self) -> None:
        """The next pulse goes on where the song was."""
        self._running = True

    def stop(self) -> None:
        """The song halts; the instrument plays on in its tempo."""
        self._running = False
        self._servo.rest()

    def locate(self, beat: float) -> None:
        """The song will go on from a beat."""
        self._position = beat * PPQ

    def pulse(self, at: float) -> float | None:
        """Take a pulse at a time in seconds; gives the tempo to ask for, when it has changed."""
        if self._times and not 0 <= at - self._times[-1] <= GAP_S:
            self._times, self._fresh, self._line = [], 0, None
        self._times.append(at)
        self._fresh += 1
        position = self._position
        self._position += self._running
        if self._fresh < EVERY:
            return None
        self._look()
        if self.bpm is None:
            return None
        if self._running and self._line and position % PPQ < EVERY:  # once a beat
            self._servo.draw(position / PPQ + self._line.late(at), self._heard_beat(at))
        low, high = RANGES["bpm"]
        wanted = min(high, max(low, self.bpm * self._servo.factor))
        if abs(wanted - self._asked) < STEP:
            return None
        self._asked = round(wanted, 1)
        return self._asked

    def _look(self) -> None:
        self._fresh = 0
        newest = np.array(self._times[-EVERY:])
        if self._line and self._line.left_by(newest):
            self._times, self._line = self._times[-EVERY:], None
        self._times = [time for time in self._times if time >= newest[-1] - WINDOW_S]
        if len(self._times) >= LEAST:
            self._line = _Line(np.array(self._times))
            self.bpm = 60.0 / (PPQ * self._line.period)


class _Line:
    """Pulses as a line: pulse n of the window fell at `start + n * period`.

    Args:
        times: of consecutive pulses, seconds [N].
    """

    def __init__(self, times: np.ndarray) -> None:
        number = np.arange(len(times), dtype=float)
        period, start = np.polyfit(number, times, 1)
        off = np.abs(times - start - period * number)
        self.spread = max(LEAST_SPREAD_S, SPREAD * float(np.median(off)))
        close = off <= self.spread
        period, start = np.polyfit(number[close], times[close], 1)
        self.period = max(float(period), 1e-3)
        self.end = float(start) + self.period * (len(times) - 1)

    def left_by(self, times: np.ndarray) -> bool:
        """Whether the pulses that followed the window, as a whole, lie off the line."""
        expected = self.end + self.period * np.arange(1, len(times) + 1)
        return abs(float(np.median(times - expected))) > self.spread

    def late(self, at: float) -> float:
        """By how many beats the window's last pulse, which came at a time, came late."""
        return (at - self.end) / (PPQ * self.period)
