"""What one player was heard to play, on tape: takes while it sounds, named moments, the last minute.

Threading: `hear` from the audio thread alone; it neither waits nor touches the disk. Everything else from any
other thread; `record`, `stop` and `keep` wait for the disk.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from legato.engine.log import Event, Note, SessionLog
from legato.engine.takes import Take, Takes, check_name
from legato.engine.timeline import Timeline
from legato.io.journal import Journal, Line
from legato.io.memory import Memory
from legato.io.recorder import RecorderError, write_sound
from legato.io.recording import Recording

PATIENCE_S = 20.0  # how long `stop` waits for a slow disk
MOST_MARKS = 10_000


class Tape:
    """The tape of one player.

    Args:
        takes: where takes go.
        log: the player's session so far, with every event of what was heard.
        sample_rate: samples per second.
    """

    def __init__(self, takes: Takes, log: Callable[[], SessionLog], sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self._takes = takes
        self._log = log
        self._memory = Memory(round(takes.keep_s * sample_rate))
        self._timeline = Timeline()
        self._marks: list[tuple[int, str]] = []  # heard time, name
        self._lock = threading.Lock()
        self._recording: Recording | None = None  # kept when it ended by itself, so that its warning is seen
        self._name, self._paths = "", (Path(), Path())
        self._closed = False

    def hear(self, audio_n2: np.ndarray, made_up: int) -> None:
        """The next samples that were heard, the last `made_up` of them because the engine was late."""
        number = self._memory.written
        self._timeline.add(number + len(audio_n2) - made_up, made_up)
        self._memory.write(audio_n2)
        if (recording := self._recording) is not None:
            recording.put(audio_n2, number)

    def record(self, name: str = "take") -> Path:
        """Begin a take with the next sample that is heard; returns its sound file.

        Raises:
            RecorderError: one is running, the name is not allowed, or the files cannot be opened.
        """
        with self._lock:
            if self._closed:
                raise RecorderError("the player is closed, and nothing plays that could be recorded")
            if self._recording and not self._recording.ended:
                raise RecorderError(f"the take {self._paths[0].name} is being recorded; stop it first")
            sound_path, log_path = self._takes.reserve(name)
            with _whole_or_not(sound_path, log_path):
                journal = Journal(log_path, self._log().header(), {"start": 0, "end": 0})
                try:
                    sound = self._takes.opener(sound_path, self.sample_rate, self._takes.kind)
                except OSError:
                    journal.close()
                    raise
            lines = _Scribe(self._timeline, self._log, self._marks)
            first = self._memory.written
            recording = Recording(sound, journal, lines, first, self.sample_rate, self._takes.queue_s)
            self._takes.watch(recording)
            self._name, self._paths, self._recording = name, (sound_path, log_path), recording
            if self._closed:  # meanwhile
                self.close()
            return sound_path

    def mark(self, name: str) -> int:
        """Name this moment, in the running take and in what is remembered; returns its sample of the session.

        Raises:
            RecorderError: the name is not allowed, or there are too many.
        """
        if len(self._marks) >= MOST_MARKS:
            raise RecorderError(f"there are {MOST_MARKS} marks already; start again to set more")
        heard = self._memory.written
        self._marks.append((heard, check_name(name)))
        return self._timeline.session(heard)

    def stop(self) -> Take:
        """End the take and wait for its files.

        Raises:
            RecorderError: none was begun.
        """
        with self._lock:
            recording = self._recording
            if recording is None:
                raise RecorderError("no take is being recorded; begin one first")
            self._recording = None
            recording.finish()
            closed = recording.wait(PATIENCE_S)
            late = None if closed else "the disk is slow: the take is still being written"
            return self._take(recording, late)

    def keep(self, name: str = "kept", seconds: float | None = None) -> Take:
        """Write what was heard last to a take of its own; a running take is not disturbed.

        Args:
            name: its label.
            seconds: how much; by default, and at most, what the tape remembers.

        Raises:
            RecorderError: nothing was heard yet, the name or the length is not allowed, or the disk refuses.
        """
        longest = self._takes.keep_s
        if seconds is not None and not 0 < seconds <= longest:
            raise RecorderError(f"{seconds:g} s cannot be kept; it must be above 0 and at most {longest:g} s")
        audio_n2, end = self._memory.last(round((seconds or longest) * self.sample_rate))
        if not len(audio_n2):
            raise RecorderError("nothing was heard yet that could be kept")
        start = end - len(audio_n2)
        log, time = self._log(), self._timeline
        notes = log.notes[:]
        notes.extend((*_mark_notes(time, self._marks, start, end), *_gap_notes(time, start, end)))
        log = replace(log, start=time.session(start), samples=time.session(end), notes=notes)
        sound_path, log_path = self._takes.reserve(name)
        with _whole_or_not(sound_path, log_path):
            write_sound(sound_path, [audio_n2], self.sample_rate, self._takes.kind)
            log.save(log_path)
        return Take(name, sound_path, log_path, len(audio_n2) / self.sample_rate)

    def close(self) -> Callable[[], Take] | None:
        """End the running take without waiting; the function that waits for it, None if none was running."""
        self._closed = True
        recording, self._recording = self._recording, None
        if recording is None:
            return None
        recording.finish()

        def ended() -> Take:
            recording.wait(PATIENCE_S)
            return self._take(recording)

        return ended

    @property
    def warning(self) -> str | None:
        """What is wrong with the take, one sentence."""
        return self._recording.warning if self._recording else None

    def status(self) -> dict[str, Any] | None:
        """The take that is being recorded, JSON-ready; None if there is none."""
        recording = self._recording
        if recording is None or recording.ended:
            return None
        return {
            "name": self._name,
            "file": self._paths[0].name,
            "seconds": round(recording.seconds, 2),
            "lost_seconds": round(recording.lost / self.sample_rate, 2),
        }

    def _take(self, recording: Recording, late: str | None = None) -> Take:
        lost_s = recording.lost / self.sample_rate
        return Take(self._name, *self._paths, recording.seconds, lost_s, recording.warning or late)


class _Scribe:
    """Gives the lines of a take's log that are new since it was last asked."""

    def __init__(
        self, timeline: Timeline, log: Callable[[], SessionLog], marks: list[tuple[int, str]]
    ) -> None:
        self._timeline = timeline
        self._log = log
        self._marks = marks
        self._given: Counter[str] = Counter()

    def __call__(self, recording: Recording, last: bool) -> tuple[list[Line], Line]:
        """New lines and the closing one, of what is in the sound file so far."""
        first, end, time = recording.first, recording.first + recording.frames, self._timeline
        log = self._log()
        found: dict[str, Sequence[Event | Note]] = {
            "events": log.events,
            "failures": log.notes,
            "marks": _mark_notes(time, self._marks, first, end),
            # A gap that reaches the end may still grow.
            "gaps": _gap_notes(time, first, end, whole=not last),
            "lost": [Note(time.session(first + at), "lost", samples) for at, samples in recording.losses],
        }
        fresh: list[Line] = []
        for kind, all_ in found.items():
            fresh += [each.line() for each in all_[self._given[kind] :]]
            self._given[kind] = len(all_)
        return fresh, {"start": time.session(first), "end": time.session(end)}


def _mark_notes(time: Timeline, marks: list[tuple[int, str]], start: int, end: int) -> list[Note]:
    """The marks in a stretch of heard time."""
    return [Note(time.session(at), "mark", name) for at, name in tuple(marks) if start <= at <= end]


def _gap_notes(time: Timeline, start: int, end: int, whole: bool = False) -> list[Note]:
    """The gaps in a stretch of heard time; with `whole`, without one that reaches its end."""
    gaps = time.gaps(start, end)
    return [Note(gap.sample, "gap", gap.samples) for gap in gaps if gap.end < end or not whole]


@contextmanager
def _whole_or_not(*paths: Path) -> Iterator[None]:
    """Leaves none of the files behind if the disk refuses one, and says so as a RecorderError."""
    try:
        yield
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)
        if isinstance(error, RecorderError):
            raise
        raise RecorderError(f"cannot write {paths[0]}: {error.strerror or error}") from error
