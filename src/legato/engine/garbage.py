"""Garbage is collected between chunks, never within one.

Python's collector stops every thread for as long as it looks, and looks whenever enough was allocated, which
in a chunk it may well be. While an engine plays, it is switched off and asked by the engine's thread instead,
when nothing is due for longer than it takes. What is there when an engine begins – a model, libraries – is
never looked at: that would take longer than a listener has in hand.
"""

from __future__ import annotations

import gc
import threading
import time

YOUNG_EVERY = 2000  # objects made since the last look, after which the young ones are looked at
OLD_EVERY_S = 10.0  # between looks at all objects made since the engine began
CAUTION = 3.0  # times as long as a look took, there must be time for it

_lock = threading.Lock()
_playing = 0  # engines that keep the collector off
_was_on = True


class Garbage:
    """The collector in the hands of one engine thread: `with` it off, and `tidy` when there is time.

    Attributes:
        longest_s: of its looks so far, seconds; nothing was due in any of them.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._took = [0.001, 0.001, 0.005]  # seconds, the last look at each generation
        self._old_at = time.perf_counter()

    def __enter__(self) -> Garbage:
        global _playing, _was_on
        with _lock:
            if not _playing:
                _was_on = gc.isenabled()
                gc.disable()
                gc.freeze()
            _playing += 1
        return self

    def __exit__(self, *_: object) -> None:
        global _playing
        with _lock:
            _playing -= 1
            if not _playing:
                gc.unfreeze()
                if _was_on:
                    gc.enable()

    def tidy(self, spare_s: float) -> None:
        """Collect, if there is something to and `spare_s` seconds are enough."""
        now = time.perf_counter()
        generation = 2 if now - self._old_at > OLD_EVERY_S else 1
        if generation == 1 and gc.get_count()[0] < YOUNG_EVERY:
            return
        if self._took[generation] * CAUTION > spare_s:
            return
        gc.collect(generation)
        done = time.perf_counter()
        self._took[generation] = done - now
        self.longest_s = max(self.longest_s, done - now)
        if generation == 2:
            self._old_at = done
