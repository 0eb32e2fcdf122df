"""When to begin a chunk: as late as is safe, by how long the last ones took. Pure arithmetic; torch-free."""

from __future__ import annotations

FIRST_SHARE = 0.25  # of a chunk's length that the first is taken to need
SINK = 0.02  # share of its excess that the worst time loses with every chunk: half of it in 35
CUT_SINK = 0.005  # the same of cuts, with every chunk that none was cut into …
FLOOD_SINK = 0.0005  # … and with the others: where there are many, the slowest is soon met again
STALL = 3.0  # times as long as expected: a cut slower than that says nothing about the next
LEARN = 0.1  # weight of the newest chunk in the usual time
CAUTION = 0.5  # the same for cuts, where it took longer than expected
FIRST_MORE_S = 0.01
FLOOR_S = 0.03  # beyond the worst time, however fast chunks are made: for what else a machine does
SPARE_S = 0.1  # beyond a chunk's length, the longest lead


class Pace:
    """How long a chunk takes from when it is due until it can be heard.

    The lead is the worst time and, on top, what a cut takes at worst: then a chunk that a gesture just missed
    can still be made anew, and one that takes twice as long as usual is in time. A slower one raises the lead
    at once; it sinks slowly, and a stall does not raise it beyond a bound.

    Args:
        chunk_s: length of a chunk, seconds.
        fixed_s: a lead to keep instead, seconds.

    Attributes:
        worst_s, usual_s: seconds a chunk takes at worst, lately, and on average.
    """

    def __init__(self, chunk_s: float, fixed_s: float | None = None) -> None:
        self._longest_s = chunk_s + SPARE_S
        self._fixed_s = fixed_s
        self.worst_s = self.usual_s = FIRST_SHARE * chunk_s
        self._new = True
        self._more_s = FIRST_MORE_S  # that cutting the chunk before takes
        self._worst_cut_s = 0.0
        self._cut = False  # since the last chunk

    def took(self, seconds: float) -> None:
        """A chunk was due, and could be heard so much later."""
        seconds = min(seconds, self._longest_s)
        self.worst_s = max(seconds, self.worst_s - SINK * (self.worst_s - seconds))
        self.usual_s += (1.0 if self._new else LEARN) * (seconds - self.usual_s)
        self._new = False
        sink = FLOOD_SINK if self._cut else CUT_SINK
        self._worst_cut_s -= sink * max(0.0, self._worst_cut_s - self.cut_s)
        self._cut = False

    def cut_took(self, seconds: float) -> None:
        """As `took`, of a chunk in the place of what was in the ring already."""
        self._cut = True
        self._worst_cut_s = max(min(seconds, STALL * self.cut_s), self._worst_cut_s)
        error = min(seconds, self._longest_s) - self.cut_s
        self._more_s += (CAUTION if error > 0 else LEARN) * error

    @property
    def cut_s(self) -> float:
        """Seconds such a chunk may be expected to take."""
        return self.usual_s + self._more_s

    def lead_s(self, block_s: float) -> float:
        """Seconds of sound in the ring at which the next chunk is due, read `block_s` seconds at once."""
        if self._fixed_s is not None:
            return self._fixed_s
        return min(self._longest_s, self.worst_s + max(FLOOR_S, self.cut_s, self._worst_cut_s) + block_s)

    @property
    def longest_s(self) -> float:
        """The longest lead, seconds."""
        return self._longest_s if self._fixed_s is None else self._fixed_s
