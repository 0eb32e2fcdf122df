"""A session written down: how it began and every event with its sample time: enough to replay it exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from legato.control.state import ControlError, Controls

VERSION = 1


@dataclass(frozen=True)
class Event:
    """Controls that changed at a sample of the session; a multiple of the frame length."""

    sample: int
    changes: Mapping[str, Any]


@dataclass
class SessionLog:
    """What happened in a session.

    Args:
        controls: as it began, seed included.
        chunk_frames: frames per chunk.
        model: name of the model that played.
        events: in order of time.
        samples: how long it has been so far.
    """

    controls: Controls
    chunk_frames: int
    model: str = ""
    events: list[Event] = field(default_factory=list)
    samples: int = 0

    def copy(self) -> SessionLog:
        """An independent log with the same content."""
        return SessionLog(self.controls, self.chunk_frames, self.model, list(self.events), self.samples)

    def save(self, path: str | Path) -> None:
        """Write as JSON lines: a header, then one event a line."""
        header = {
            "legato_session": VERSION,
            "model": self.model,
            "chunk_frames": self.chunk_frames,
            "samples": self.samples,
            "controls": self.controls.to_dict(),
        }
        lines = [header, *({"sample": event.sample, **_plain(event.changes)} for event in self.events)]
        Path(path).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> SessionLog:
        """Read what `save` wrote.

        Raises:
            ControlError: the file cannot be read, or is no session log.
        """
        try:
            header, *rest = (json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines())
            if header["legato_session"] != VERSION:
                raise ControlError(
                    f"session log {path} has version {header['legato_session']}, not {VERSION}"
                )
            events = [Event(int(line.pop("sample")), line) for line in rest]
            controls = Controls(**header["controls"])
            for event in events:
                controls.steer(**event.changes)
            return cls(
                controls, int(header["chunk_frames"]), str(header["model"]), events, int(header["samples"])
            )
        except OSError as error:
            raise ControlError(f"session log {path} cannot be read: {error.strerror}") from error
        except ControlError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ControlError(f"{path} is no session log ({error})") from error


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return dict(value)
        return list(value) if isinstance(value, tuple) else value

    return {name: plain(value) for name, value in changes.items()}
