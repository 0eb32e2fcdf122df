"""A session written down: how it began and every event with its sample time: enough to replay it exactly.

On disk it is JSON lines. The first is a header; then, in any order, one a line:

    {"sample": 7680, "bpm": 128.0}          an event: controls that changed
    {"sample": 7680, "plan": {"action": "lock", "bars": [12]}}    an order to the conductor
    {"sample": 9120, "mark": "chorus"}      a named moment
    {"sample": 9600, "gap": 480}            before it, the sound file holds samples made up by a late engine
    {"sample": 9700, "lost": 4800}          from it on, the sound file holds silence, for a slow disk
    {"sample": 7680, "failed": 7680}        the model failed on a chunk: it faded, and does in a replay
    {"sample": 7680, "cut": 3840}           a chunk was cut to this length, to let a gesture be heard sooner;
                                            if to 0, another was made in its place
    {"sample": 7680, "heard": "AAC4O…"}     latents taken for the past: base64 of float16 [T, C]
    {"start": 0, "end": 480000}             always last: samples that the sound file holds

Times count samples of the music, without what was made up.
"""

from __future__ import annotations

import json
import platform
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from legato.config import SAMPLE_RATE
from legato.control.plan_order import PlanOrder
from legato.control.state import ControlError, Controls
from legato.engine.ledger import Ledger
from legato.io.journal import Line, to_line

VERSION = 3
READABLE = (2, VERSION)  # version 2 knew neither orders to the conductor, nor cuts, nor sound that came in
PLAN = "plan"  # stands for such an order among the changes of an event
NOTES = ("mark", "gap", "lost", "failed", "cut", "heard")
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)  # a ControlError is a ValueError


@dataclass(frozen=True)
class Event:
    """Controls that changed at a sample of the session, a multiple of the frame length.

    Under `PLAN`, the changes may hold an order to the conductor, as of `PlanOrder.to_dict`.
    """

    sample: int
    changes: Mapping[str, Any]

    def __reduce__(self) -> tuple[type[Event], tuple[int, dict[str, Any]]]:
        # The views that protect controls cannot be pickled.
        return Event, (self.sample, _thawed(self.changes))

    def line(self) -> Line:
        """JSON-ready."""
        return {"sample": self.sample, **_plain(self.changes)}


@dataclass(frozen=True)
class Note:
    """Something about a sample of the session besides what its performer asked for.

    Attributes:
        sample: when.
        kind: one of `NOTES`.
        value: the mark's name; what was heard, as `pack` writes it; of the others, how many samples.
    """

    sample: int
    kind: str
    value: str | int

    def line(self) -> Line:
        """JSON-ready."""
        return {"sample": self.sample, self.kind: self.value}


@dataclass
class SessionLog:
    """What happened in a session.

    Args:
        controls: as it began, seed included.
        chunk_frames: frames per chunk.
        model: name of the model that played.
        events: in order of time.
        samples: how long it has been so far.
        fingerprint: of the model; empty where it is not known.
        start: sample from which it is of interest: that at which a take begins.
        notes: marks, where the recording differs from the music, chunks the model failed on or that were cut.
        versions: of what played it, by name; empty: this installation.
        sample_rate: of the music, samples per second.
    """

    controls: Controls
    chunk_frames: int
    model: str = ""
    events: Ledger[Event] = field(default_factory=Ledger[Event])
    samples: int = 0
    fingerprint: str = ""
    start: int = 0
    notes: Ledger[Note] = field(default_factory=Ledger[Note])
    versions: Mapping[str, str] = field(default_factory=dict)
    sample_rate: int = SAMPLE_RATE

    def copy(self) -> SessionLog:
        """An independent log with the same content."""
        return replace(self, events=self.events[:], notes=self.notes[:])

    def of_kind(self, kind: str) -> list[Note]:
        """The notes of one kind."""
        return [note for note in self.notes if note.kind == kind]

    def header(self) -> Line:
        """The first line of its file."""
        return {
            "legato_session": VERSION,
            "model": self.model,
            "fingerprint": self.fingerprint,
            "versions": dict(self.versions) or installed(),
            "sample_rate": self.sample_rate,
            "chunk_frames": self.chunk_frames,
            "controls": self.controls.to_dict(),
        }

    def closing(self) -> Line:
        """The last line of its file."""
        return {"start": self.start, "end": self.samples}

    def save(self, path: str | Path) -> None:
        """Write as JSON lines."""
        lines = [self.header(), *(each.line() for each in (*self.events, *self.notes)), self.closing()]
        Path(path).write_bytes(b"".join(map(to_line, lines)))

    @classmethod
    def load(cls, path: str | Path) -> SessionLog:
        """Read what `save` or a recording wrote.

        Raises:
            ControlError: the file cannot be read, is no session log or another version's, or is damaged.
        """
        try:
            lines = Path(path).read_bytes().decode("utf-8").rstrip("\n").split("\n")
        except OSError as error:
            raise ControlError(f"session log {path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ControlError(f"{path} is no session log (it is not text)") from error
        log = _begin(path, lines[0])
        closed = False
        for number, line in enumerate(lines[1:], start=2):
            try:
                closed = log._take(json.loads(line)) or closed
            except _DAMAGE as error:
                raise ControlError(f"line {number} of session log {path} is damaged ({error})") from error
        if not closed:
            raise ControlError(f"session log {path} is cut off: its last line is missing")
        log.events = Ledger(sorted(log.events, key=lambda event: event.sample))
        log.notes = Ledger(sorted(log.notes, key=lambda note: note.sample))
        return log

    def heard(self, channels: int) -> dict[int, np.ndarray]:
        """What sound came in, as latents float32 [T, C] by the sample before which they are the past.

        Raises:
            ControlError: they are not of a model with so many channels.
        """
        found: dict[int, np.ndarray] = {}
        for note in self.of_kind("heard"):
            latents = np.frombuffer(b64decode(str(note.value)), "<f2").astype(np.float32)
            if len(latents) % (channels * self.chunk_frames) or not np.isfinite(latents).all():
                raise ControlError(f"what was heard before sample {note.sample} fits no chunk of this model")
            found[note.sample] = latents.reshape(-1, channels)
        return found

    def require_model(self, name: str, fingerprint: str) -> None:
        """Refuse to be replayed by another model than the one that played.

        Raises:
            ControlError: name or fingerprint differ (what the log does not know is not compared).
        """
        if (self.model and self.model != name) or (self.fingerprint and self.fingerprint != fingerprint):
            raise ControlError(
                f"the session was played by the model {self.model!r} (fingerprint "
                f"{self.fingerprint or 'unknown'}), not by {name!r} ({fingerprint}); replay it with that one"
            )

    def _take(self, line: dict[str, Any]) -> bool:
        """Take in one line after the first; whether it is the closing one."""
        if "end" in line:
            self.start, self.samples = _count(line.pop("start")), _count(line.pop("end"))
            if line or self.start > self.samples:
                raise ValueError("start and end do not fit")
            return True
        sample = _count(line.pop("sample"))
        if kind := next((kind for kind in NOTES if kind in line), None):
            value = line.pop(kind)
            if line:
                raise ValueError(f"a {kind} has no field {next(iter(line))[:40]!r}")
            self.notes.append(Note(sample, kind, _READ.get(kind, _count)(value)))
        else:
            self.controls.steer(**{name: value for name, value in line.items() if name != PLAN})
            if PLAN in line:
                PlanOrder.of(line[PLAN])
            self.events.append(Event(sample, line))
        return False


@cache
def installed() -> dict[str, str]:
    """Versions of what the sound depends on besides the model: Legato, Python, numpy, torch."""
    found = {"python": platform.python_version()}
    for name in ("legato", "numpy", "torch"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _begin(path: str | Path, line: str) -> SessionLog:
    """A log with nothing but its header."""
    try:
        header = json.loads(line)
        version = header["legato_session"]
        if version not in READABLE:
            raise ControlError(
                f"session log {path} has version {version!r:.20}; this Legato reads version "
                f"{' and '.join(map(str, READABLE))}: replay it with the one that wrote it"
            )
        return SessionLog(
            Controls(**header["controls"]),
            _count(header["chunk_frames"]),
            str(header["model"]),
            fingerprint=str(header["fingerprint"]),
            versions={str(name): str(found) for name, found in header["versions"].items()},
            sample_rate=_count(header["sample_rate"]),
        )
    except ControlError:
        raise
    except _DAMAGE as error:
        raise ControlError(f"{path} is no session log ({error})") from error


def pack(latents_tc: np.ndarray) -> str:
    """Latents as a note holds them; exact for float16."""
    return b64encode(latents_tc.astype("<f2").tobytes()).decode()


def _packed(value: Any) -> str:
    if len(b64decode(value, validate=True)) % 2 or not value:
        raise ValueError("what was heard is no row of numbers")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r:.40} is no number of samples")
    return value


_READ: Mapping[str, Callable[[Any], str | int]] = {"mark": str, "heard": _packed}


def _thawed(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _thawed(value) if isinstance(value, Mapping) else value for name, value in changes.items()}


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    thawed = _thawed(changes)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in thawed.items()}
