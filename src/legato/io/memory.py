"""The last minute of sound, remembered without waiting. N samples; audio is float32 [N, 2]."""

from __future__ import annotations

import numpy as np

SLACK = 5  # one over this of the capacity is held besides: what may be written while a copy is being taken


class Memory:
    """The last samples written. One thread writes and never waits; any thread may copy the end out.

    Args:
        capacity: samples remembered; 0 remembers none.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._buffer = np.zeros((capacity + capacity // SLACK, 2), np.float32)
        self.written = 0  # samples in all; published after they are in place

    def write(self, audio_n2: np.ndarray) -> None:
        """Append; what is older than the capacity is forgotten."""
        size = len(self._buffer)
        kept_n2 = audio_n2[max(0, len(audio_n2) - size) :] if size else audio_n2[:0]
        start = (self.written + len(audio_n2) - len(kept_n2)) % max(1, size)
        first = min(len(kept_n2), size - start)
        self._buffer[start : start + first] = kept_n2[:first]
        self._buffer[: len(kept_n2) - first] = kept_n2[first:]
        self.written += len(audio_n2)

    def span(self, start: int, samples: int) -> np.ndarray:
        """The samples from number `start` on; silence for those forgotten, or not written yet."""
        found_n2 = np.zeros((samples, 2), np.float32)
        end = self.written
        first, last = max(start, end - self.capacity, 0), min(start + samples, end)
        if first < last:
            places = np.arange(first, last) % len(self._buffer)
            found_n2[first - start : last - start] = self._buffer[places]
        return found_n2

    def last(self, samples: int) -> tuple[np.ndarray, int]:
        """The last `samples`, or as many as are remembered, and the number of the sample after them."""
        end = self.written
        count = min(samples, self.capacity, end)
        start = (end - count) % max(1, len(self._buffer))
        first = min(count, len(self._buffer) - start)
        return np.concatenate([self._buffer[start : start + first], self._buffer[: count - first]]), end
