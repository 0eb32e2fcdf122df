"""A player's ring buffer between the engine thread (writes) and the audio side (reads).

Threading: exactly one writer and one reader. Neither waits and neither takes a lock: `_written` belongs to
the writer, `_taken` to the reader, each is published by one assignment after the samples are in place.
`_claimed` is where the read in hand ends: what lies a block or more beyond it may be written anew. A read
always gives as many samples as asked for: when the ring runs dry, what was last played is faded away (played
backwards, so that nothing jumps), silence follows, and the gap is counted; the first samples after it fade
in. Torch-free. N samples; audio is float32 [N, 2].
"""

from __future__ import annotations

import numpy as np

from legato.engine.fade import mirrored_tail, rise

FADE_OUT = 1920  # samples of the fade when the ring runs dry: 40 ms at 48 kHz
FADE_IN = 480  # samples of the fade when sound returns


class Ring:
    """Single-producer, single-consumer ring of stereo samples.

    Args:
        capacity: samples held at most.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._buffer = np.zeros((capacity, 2), np.float32)
        self._written = 0
        self._taken = 0
        self._claimed = 0
        self.block = FADE_IN  # samples of the last read
        self._last = np.zeros((FADE_OUT + 1, 2), np.float32)  # reader's own copy of what was played
        self._tail: np.ndarray | None = None  # fade still to be played; None while sound flows
        self._under = self._last[:0]  # what still fades underneath the returning sound
        self._rise = FADE_IN  # samples of the returning fade already played
        self.underruns = 0
        self.missing = 0  # samples made up in all
        self.played = 0  # samples read in all, made-up ones included

    @property
    def written(self) -> int:
        """Samples written in all."""
        return self._written

    @property
    def taken(self) -> int:
        """Samples of the written stream that were read."""
        return self._taken

    def __len__(self) -> int:
        """Samples waiting to be read."""
        return self._written - self._taken

    def write(self, audio_n2: np.ndarray) -> int:
        """Append as much as fits; returns how many samples did. Writer only."""
        count = min(len(audio_n2), self.capacity - len(self))
        start = self._written % self.capacity
        first = min(count, self.capacity - start)
        self._buffer[start : start + first] = audio_n2[:first]
        self._buffer[: count - first] = audio_n2[first:count]
        self._written += count
        return count

    def replaceable(self, at: int) -> bool:
        """Whether sample `at` of what was written is safe from the reader's next read. Writer only."""
        return self._claimed + self.block <= at <= self._written

    def replace(self, at: int, audio_n2: np.ndarray) -> None:
        """Write from sample `at` on, instead of what was there; `replaceable` was asked. Writer only.

        Raises:
            ValueError: `audio_n2` ends before what was there, or beyond the ring's capacity.
        """
        end = at + len(audio_n2)
        if not self._written <= end <= self._taken + self.capacity:
            raise ValueError(f"samples {at} to {end} cannot replace those up to {self._written}")
        index = np.arange(at, end) % self.capacity
        self._buffer[index] = audio_n2
        self._written = end

    def read(self, samples: int) -> np.ndarray:
        """Exactly `samples` samples, float32 [samples, 2]. Reader only; before the first write, silence."""
        out = np.empty((samples, 2), np.float32)
        self.read_into(out)
        return out

    def read_into(self, out_n2: np.ndarray) -> None:
        """As `read`, into memory of the reader's: float32 [N, 2]."""
        samples = len(out_n2)
        self.block = samples
        count = min(samples, len(self))
        if count:
            self._take(out_n2[:count])
            self._remember(out_n2[:count])
        if count < samples:
            out_n2[count:] = 0.0
            self._make_up(out_n2[count:])
        self.played += samples

    def _take(self, out_n2: np.ndarray) -> None:
        self._claimed = self._taken + len(out_n2)
        start = self._taken % self.capacity
        first = min(len(out_n2), self.capacity - start)
        out_n2[:first] = self._buffer[start : start + first]
        out_n2[first:] = self._buffer[: len(out_n2) - first]
        self._taken = self._claimed
        if self._tail is not None:
            self._rise, self._under, self._tail = 0, self._tail, None
        if self._rise < FADE_IN:
            count = min(FADE_IN - self._rise, len(out_n2))
            out_n2[:count] *= rise(FADE_IN)[self._rise : self._rise + count]
            tail = self._under[:count]
            out_n2[: len(tail)] += tail  # what was still fading goes on fading underneath
            self._under = self._under[count:]
            self._rise += count

    def _remember(self, played_n2: np.ndarray) -> None:
        keep = len(self._last)
        if len(played_n2) >= keep:
            self._last = played_n2[-keep:].copy()
        else:
            self._last = np.concatenate([self._last[len(played_n2) :], played_n2])

    def _make_up(self, out_n2: np.ndarray) -> None:
        if not self._written:
            return  # nothing has started yet, so nothing is missing
        if self._tail is None:
            self.underruns += 1
            self._tail = mirrored_tail(self._last, FADE_OUT)
        count = min(len(out_n2), len(self._tail))
        out_n2[:count] = self._tail[:count]
        self._tail = self._tail[count:]
        self.missing += len(out_n2)
