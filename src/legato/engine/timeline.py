"""Two ways of counting what was heard: with, and without, the samples made up because the engine was late.

Heard time counts every sample that left a player's ring; session time counts the music alone, as events do.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Gap(NamedTuple):
    """Samples made up one after another."""

    heard: int  # of the first, in heard time
    sample: int  # of the music that follows, in session time
    samples: int

    @property
    def end(self) -> int:
        """Where the music goes on, in heard time."""
        return self.heard + self.samples


class Timeline:
    """Grows as a player is heard. One thread adds; any may ask, about what was added before."""

    def __init__(self) -> None:
        self._gaps: list[Gap] = []
        self._made_up = 0

    def add(self, heard: int, samples: int) -> None:
        """From `heard` on, `samples` samples were made up. Calls come in order of time."""
        if not samples:
            return
        if self._gaps and self._gaps[-1].end == heard:
            self._gaps[-1] = self._gaps[-1]._replace(samples=self._gaps[-1].samples + samples)
        else:
            self._gaps.append(Gap(heard, heard - self._made_up, samples))
        self._made_up += samples

    def session(self, heard: int) -> int:
        """Session time of a heard sample; of one made up, that of the music that follows."""
        index = bisect_right(self._gaps, heard, key=lambda gap: gap.heard) - 1
        if index < 0:
            return heard
        gap = self._gaps[index]
        return gap.sample + max(0, heard - gap.end)

    def gaps(self, start: int, end: int) -> list[Gap]:
        """The gaps of a stretch of heard time, cut to it."""
        found = []
        for gap in tuple(self._gaps):
            first, last = max(gap.heard, start), min(gap.end, end)
            if first < last:
                found.append(Gap(first, gap.sample, last - first))
        return found
