"""Scenes kept by the server: eight slots, each a whole state of the controls, in the file that pages export.

A scene is kept as a page wrote it, with its surface: prompts as pads on a plane and a cursor, of which the
nearer count the more. What it means for the controls is worked out here as the page does it.
"""

from __future__ import annotations

import json
import math
import os
import threading
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from legato.control.state import MAX_PROMPTS, ControlError, Controls

SLOTS = 8
KIND, VERSION = "legato scenes", 1
LARGEST = 1024 * 1024  # bytes of a file
REACH = 0.2  # distance on the plane at which a pad counts e^(-1/2) as much as one under the cursor
HEIGHT = 0.75  # of the plane, in its own width
HEARD = 0.005  # a smaller share is left out

_FIELDS = tuple(f.name for f in fields(Controls) if f.name not in ("prompts", "notes", "listen"))
Scene = Mapping[str, Any]


class Scenes:
    """Eight slots, in memory and in a file. Safe to use from any thread.

    Args:
        path: read if it is there, written whenever a slot changes; None: memory alone.

    Raises:
        ControlError: the file is there but cannot be read, or is not right; says what and where.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._slots: tuple[Scene | None, ...] = (None,) * SLOTS
        self.revision = 0  # grows with every change
        if path and path.exists():
            self._slots = _load(path)

    @property
    def slots(self) -> list[Scene | None]:
        """What is kept, JSON-ready."""
        return list(self._slots)

    @property
    def kept(self) -> bool:
        """Whether what is stored outlives the server."""
        return self._path is not None

    def recall(self, slot: int) -> dict[str, Any]:
        """The changes of controls that a scene asks for.

        Args:
            slot: 0–7.

        Raises:
            ControlError: there is no such slot, or it is empty.
        """
        if not 0 <= slot < SLOTS:
            raise ControlError(f"there is no scene {slot + 1}; choose 1 to {SLOTS}")
        scene = self._slots[slot]
        if scene is None:
            filled = ", ".join(str(i + 1) for i, one in enumerate(self._slots) if one) or "none"
            raise ControlError(f"scene {slot + 1} is empty; not empty: {filled}")
        return scene_changes(scene)

    def put(self, slot: int, scene: Scene | None) -> None:
        """Replace what a slot holds, None to empty it; waits for the disk.

        Raises:
            ControlError: the scene is not right, or the file cannot be written; nothing is changed.
        """
        if scene is not None:
            _check(scene, f"scene {slot + 1}")
        with self._lock:
            slots = (*self._slots[:slot], scene, *self._slots[slot + 1 :])
            if self._path:
                _save(self._path, slots)
            self._slots = slots
            self.revision += 1


def scene_changes(scene: Scene) -> dict[str, Any]:
    """What a checked scene asks of the controls: every field but the notes held."""
    changes = {name: scene[name] for name in _FIELDS}
    return {**changes, "prompts": shares(scene["surface"])}


def shares(surface: Mapping[str, Any]) -> dict[str, float]:
    """Each prompt's share in the mix, to three digits; without pads that have no words or are too far away.

    Args:
        surface: `{"pads": [{"text", "x", "y"}, …], "cursor": {"x", "y"}}`, at least one pad with a text.
    """
    cursor = surface["cursor"]
    away: list[tuple[str, float]] = []
    for pad in surface["pads"]:
        if text := pad["text"].strip():
            away.append((text, math.hypot(pad["x"] - cursor["x"], pad["y"] - cursor["y"])))
    nearest = min(distance for _, distance in away)
    weights: dict[str, float] = {}
    for text, distance in away:
        # Relative to the nearest, so that a cursor far from every pad still finds one.
        weight = math.exp((nearest**2 - distance**2) / (2 * REACH**2))
        weights[text] = weights.get(text, 0.0) + weight
    total = sum(weights.values())
    return {text: round(weight / total, 3) for text, weight in weights.items() if weight / total >= HEARD}


def _check(scene: Any, where: str) -> None:
    """Raises ControlError, naming the place, unless a page would take the scene."""
    scene = _record(scene, where, ("surface", *_FIELDS))
    surface = _record(scene["surface"], f"{where}: surface", ("pads", "cursor"))
    _point(surface["cursor"], f"{where}: cursor", ("x", "y"))
    pads = surface["pads"]
    if not isinstance(pads, list) or len(pads) > MAX_PROMPTS:
        raise ControlError(f"{where}: pads must be a list of at most {MAX_PROMPTS}")
    for number, pad in enumerate(pads, 1):
        _point(pad, f"{where}: pad {number}", ("id", "text", "x", "y"))
        if not isinstance(pad["text"], str):
            raise ControlError(f"{where}: pad {number}: text must be words")
    if not any(pad["text"].strip() for pad in pads):
        raise ControlError(f"{where}: at least one pad must have a text")
    try:
        Controls(**scene_changes(scene))
    except ControlError as error:
        raise ControlError(f"{where}: {error}") from error


def _point(data: Any, where: str, names: tuple[str, ...]) -> None:
    record = _record(data, where, names)
    for name, most in (("x", 1.0), ("y", HEIGHT)):
        value = record[name]
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not 0 <= value <= most:
            raise ControlError(f"{where}: {name} must be a number from 0 to {most:g}")


def _record(data: Any, where: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise ControlError(f"{where} must be a JSON object")
    if unknown := [name for name in data if name not in names]:
        raise ControlError(
            f"{where} has an unknown field {str(unknown[0])[:40]!r}; known: {', '.join(names)}"
        )
    if missing := [name for name in names if name not in data]:
        raise ControlError(f"{where} lacks the field {missing[0]!r}")
    return data


def _load(path: Path) -> tuple[Scene | None, ...]:
    try:
        if path.stat().st_size > LARGEST:
            raise ControlError(f"scenes {path}: the file is larger than {LARGEST // 1024} KiB")
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ControlError(f"scenes {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, ControlError):
            raise
        raise ControlError(f"scenes {path}: not valid JSON; choose a file that the page exported") from error
    try:
        record = _record(data, "the file", ("kind", "version", "scenes"))
        if (record["kind"], record["version"]) != (KIND, VERSION):
            raise ControlError(f"it holds no scenes of version {VERSION}; choose one that the page exported")
        slots = record["scenes"]
        if not isinstance(slots, list) or len(slots) != SLOTS:
            raise ControlError(f"it must hold {SLOTS} scenes, null where one is empty")
        for number, scene in enumerate(slots, 1):
            if scene is not None:
                _check(scene, f"scene {number}")
    except ControlError as error:
        raise ControlError(f"scenes {path}: {error}") from error
    return tuple(slots)


def _save(path: Path, slots: tuple[Scene | None, ...]) -> None:
    """Write the file; it is whole or as it was."""
    text = json.dumps({"kind": KIND, "version": VERSION, "scenes": slots}, indent=2, ensure_ascii=False)
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text + "\n", encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise ControlError(f"scenes {path} cannot be written: {error.strerror}") from error
