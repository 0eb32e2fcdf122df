"""Control scripts: JSON lines such as `{"at": 8.0, "prompts": {"dark techno": 1.0}, "bpm": 128}`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legato.control.state import FIELDS, ControlError, Controls


@dataclass(frozen=True)
class Move:
    """A change of controls at a time in seconds from the start."""

    at: float
    changes: Mapping[str, Any]


def load_script(path: str | Path) -> list[Move]:
    """Read a script file.

    Raises:
        ControlError: the file cannot be read, or a line is no valid move.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ControlError(f"script {path} cannot be read: {reason}") from error
    return parse_script(text.splitlines())


def parse_script(lines: Iterable[str | Mapping[str, Any] | Move]) -> list[Move]:
    """Moves from JSON lines (or ready mappings), in order of time; blank lines and `#` lines are skipped.

    Raises:
        ControlError: naming the line and the valid fields.
    """
    moves = []
    for number, line in enumerate(lines, 1):
        if isinstance(line, str) and (not line.strip() or line.lstrip().startswith("#")):
            continue
        try:
            moves.append(line if isinstance(line, Move) else _move(line))
        except ControlError as error:
            raise ControlError(f"script line {number}: {error}") from error
    return sorted(moves, key=lambda move: move.at)


def _move(line: str | Mapping[str, Any]) -> Move:
    if isinstance(line, str):
        try:
            line = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ControlError(f"not valid JSON ({getattr(error, 'msg', 'nested too deeply')})") from error
    if not isinstance(line, Mapping):
        raise ControlError('not an object; write for example {"at": 8.0, "bpm": 128}')
    changes = dict(line)
    at = changes.pop("at", None)
    if isinstance(at, bool) or not isinstance(at, (int, float)) or not math.isfinite(at) or at < 0:
        raise ControlError(f'"at" is {at!r:.40}; it must be seconds from the start, 0 or more')
    unknown = [name for name in changes if name not in FIELDS]
    if unknown:
        raise ControlError(f"unknown control {unknown[0][:40]!r}; valid: at, {', '.join(FIELDS)}")
    Controls().steer(**changes)  # values are checked now, so that a bad line stops nothing half-way
    return Move(float(at), changes)
