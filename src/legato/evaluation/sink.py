"""A stand-in for a sound card: reads on time and remembers what left when."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence

import numpy as np

from legato.engine.clock import Clock, VirtualClock
from legato.engine.player import Player

BLOCK_S = 0.01  # 10 ms, a common block of sound cards


class Reads:
    """When a player's samples were read."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        # As tuples, those of an hour would take sixty megabytes.
        self._when, self._before, self._after = array("d"), array("q"), array("q")

    def add(self, when: float, before: int, after: int) -> None:
        """At `when`, samples `before` to `after` of the session were read; calls come in order."""
        self._when.append(when)
        self._before.append(before)
        self._after.append(after)

    @property
    def samples(self) -> int:
        """Samples of the session that have left."""
        return self._after[-1] if self._after else 0

    def left(self, samples: Sequence[float]) -> list[float]:
        """When each sample of the session left, seconds of the clock; NaN if it never did."""
        when, before, after = np.array(self._when), np.array(self._before), np.array(self._after)
        out = []
        for sample in samples:
            blocks = np.flatnonzero((before <= sample) & (sample < after))
            first = blocks[0] if len(blocks) else None
            within = 0.0 if first is None else (sample - before[first]) / self._rate
            out.append(float("nan") if first is None else float(when[first] + within))
        return out


class Sink(Reads):
    """Reads a block whenever one is due, and writes down when.

    Args:
        player: is read.
        clock: by which.
        keep: whether the sound is kept, for `equals`.
    """

    def __init__(self, player: Player, clock: Clock, keep: bool = True) -> None:
        super().__init__(player.sample_rate)
        self._player, self._clock, self._keep = player, clock, keep
        self._block = round(BLOCK_S * player.sample_rate)
        self._due = clock.now()
        self._audio: list[np.ndarray] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read: on a thread in real time, on a virtual clock by appointment."""
        if isinstance(self._clock, VirtualClock):
            self._clock.call_at(self._due, self._appointment)
        else:
            self._thread = threading.Thread(target=self._loop, name="bench-sink", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Read no more."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def equals(self, audio_n2: np.ndarray) -> bool:
        """Whether what left is `audio_n2`; the ring's own fade-in at the very start aside."""
        played = np.concatenate(self._audio)[: len(audio_n2)]
        skip = self._player.sample_rate // 100
        return len(played) == len(audio_n2) and bool(np.array_equal(played[skip:], audio_n2[skip:]))

    def _tick(self) -> None:
        ring, now = self._player.ring, self._clock.now()
        before = ring.taken
        audio = self._player.read(self._block)
        self.add(now, before, ring.taken)
        if self._keep:
            self._audio.append(audio[: ring.taken - before])
        self._due += BLOCK_S

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._tick()
            self._clock.sleep(self._due - self._clock.now())

    def _appointment(self) -> None:
        if not self._stop.is_set():
            self._tick()
            assert isinstance(self._clock, VirtualClock)
            self._clock.call_at(self._due, self._appointment)
