"""A recording while it runs: sound and its log to disk, on a thread that the audio never waits for.

Threading: `put` from the audio thread alone, which neither waits nor touches the disk; `finish` and `wait`
from any other; the files belong to the recording's own thread. Between them is a queue of bounded length.
When a slow disk lets it fill up, samples are left out, counted, and become silence in the file, so that every
other sample stays in its place. When the disk refuses, the recording ends there, with what it has.

N samples; audio is float32 [N, 2].
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import numpy as np

from legato.io.journal import Journal, Line
from legato.io.recorder import SoundFile

logger = logging.getLogger(__name__)

QUEUE_S = 20.0  # of sound that may wait for the disk: 8 MB
SYNC_S = 1.0  # of sound between moments at which the files are made complete


class Recording:
    """Begins at once, and runs until `finish` or until the disk refuses.

    Args:
        sound: where the samples go; closed at the end.
        journal: where the lines go; closed at the end.
        lines: asked now and then, on the recording's thread, for new lines and the closing line of the
            journal; told whether it is asked for the last time.
        first: number of the sample that is expected first, as the caller counts.
        sample_rate: samples per second.
        queue_s: seconds of sound that may wait for the disk.
    """

    def __init__(
        self,
        sound: SoundFile,
        journal: Journal,
        lines: Callable[[Recording, bool], tuple[list[Line], Line]],
        first: int,
        sample_rate: int,
        queue_s: float = QUEUE_S,
    ) -> None:
        self.sample_rate = sample_rate
        self.first = first
        self.losses: list[tuple[int, int]] = []  # silence for what was left out: first frame, frames
        self.trouble: str | None = None  # why it ended by itself, one sentence
        self._sound = sound
        self._journal = journal
        self._lines = lines
        self._limit = round(queue_s * sample_rate)
        self._queue: SimpleQueue[np.ndarray | int | None] = SimpleQueue()  # sound, samples left out, the end
        self._put = 0  # samples put into the queue; written by the audio thread alone
        self._done = 0  # samples taken out of it; written by the recording's thread alone
        self._skipped = 0  # samples left out since the last that found room
        self._begun = False
        self.lost = 0  # samples left out in all
        self._thread = threading.Thread(target=self._run, name="legato-recording", daemon=True)
        self._thread.start()

    @property
    def frames(self) -> int:
        """Samples in the file so far."""
        return self._sound.frames

    @property
    def seconds(self) -> float:
        """Sound in the file so far."""
        return self.frames / self.sample_rate

    @property
    def ended(self) -> bool:
        """Whether the files are closed."""
        return not self._thread.is_alive()

    @property
    def warning(self) -> str | None:
        """What a performer should know, one sentence."""
        if self.trouble or not self.lost:
            return self.trouble
        seconds = self.lost / self.sample_rate
        return f"the disk is too slow for the recording: {seconds:.1f} s of it are silence so far"

    def put(self, audio_n2: np.ndarray, number: int) -> None:
        """The next samples, the first of them numbered `number`; never waits. Audio thread only."""
        if self.trouble:
            return
        if not self._begun:
            self.first, self._begun = number, True
        if self._put - self._done + len(audio_n2) > self._limit:
            self._skipped += len(audio_n2)
            self.lost += len(audio_n2)
            return
        if self._skipped:
            self._queue.put(self._skipped)
            self._skipped = 0
        self._put += len(audio_n2)
        self._queue.put(audio_n2.copy())

    def finish(self) -> None:
        """End after what was put so far; does not wait. The audio thread must put no more."""
        self._queue.put(None)

    def wait(self, seconds: float) -> bool:
        """Wait for the files to be closed; whether they are."""
        self._thread.join(seconds)
        return self.ended

    def _run(self) -> None:
        try:
            self._write()
        except Exception as error:
            self._fail(error)
        for last in (self._sound.close, self._close_log):
            try:
                last()
            except Exception as error:
                self._fail(error)

    def _write(self) -> None:
        unsynced = 0
        for audio_n2 in self._arriving():
            self._sound.write(audio_n2)
            unsynced += len(audio_n2)
            if unsynced >= SYNC_S * self.sample_rate:
                unsynced = 0
                self._sound.sync()
                self._journal.write(*self._lines(self, False))

    def _arriving(self) -> Iterator[np.ndarray]:
        """What is to be written, silence for what was left out included, until the end."""
        while (item := self._queue.get()) is not None:
            if isinstance(item, int):
                yield from self._silence(item)
            else:
                yield item
                self._done += len(item)
        yield from self._silence(self._skipped)

    def _silence(self, samples: int) -> Iterator[np.ndarray]:
        if samples:
            self.losses.append((self.frames, samples))
        while samples > 0:
            count = min(samples, self.sample_rate)
            yield np.zeros((count, 2), np.float32)
            samples -= count

    def _close_log(self) -> None:
        try:
            self._journal.write(*self._lines(self, True))
        finally:
            self._journal.close()

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            logger.error("a recording ended by a defect", exc_info=error)
        if self.trouble is None:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error) or "unknown reason"
            self.trouble = f"the recording ended after {self.seconds:.1f} s, which are kept: {why}"
