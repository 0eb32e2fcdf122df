"""From a command to its first sound: fresh processes, timed from outside.

Two ways in: a program that loads the model and asks for a chunk, and `legato play` with a client that
connects as soon as it is told where. First starts may also read files that later ones find in memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from websockets.sync.client import connect

from legato.evaluation.table import verdicts

PATIENCE_S = 120.0  # for one start

_PROGRAM = """
import sys, legato
next(legato.load(sys.argv[1] or None, base=sys.argv[2] or None).stream("warm lo-fi beat"))
print("sound", flush=True)
"""


class StartError(RuntimeError):
    """A fresh process came to its end without a sound; the message holds its last line."""


def startup(
    model: str | None = None,
    base: str | None = None,
    runs: int = 5,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Start `runs` times each way.

    Args:
        model: a bundle's folder or hub id; None: the embedded one.
        base: as of `legato.load`.
        runs: of each kind, in turn.
        progress: told (starts done, starts in all).

    Returns:
        load_to_sound_ms, play_to_sound_ms: medians, from the process's start to its first samples (of `play`:
            at a connected client); each with `_first`, the first run's, and `_all`.
        runs; targets.

    Raises:
        StartError: a process ended without a sound.
    """
    ways = {"load_to_sound_ms": _load, "play_to_sound_ms": _play}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs):
        for index, (name, way) in enumerate(ways.items()):
            taken[name].append(round(1000 * way(model, base), 1))
            if progress:
                progress(len(ways) * run + index + 1, len(ways) * runs)
    figures: dict[str, Any] = {"runs": runs}
    for name, values in taken.items():
        figures |= {name: float(np.median(values)), f"{name}_first": values[0], f"{name}_all": values}
    return {**figures, "targets": verdicts(figures)}


def _load(model: str | None, base: str | None) -> float:
    began = time.perf_counter()
    with _process("-c", _PROGRAM, model or "", base or "") as process:
        _line(process)
        return time.perf_counter() - began


def _play(model: str | None, base: str | None) -> float:
    chosen = [*(["--model", model] if model else []), *(["--base", base] if base else [])]
    began = time.perf_counter()
    with _process("-m", "legato", "play", "--no-browser", "--port", "0", *chosen) as process:
        try:
            address = next(word for word in _line(process).split() if word.startswith("http://"))
            with connect(address.replace("http", "ws", 1) + "ws", open_timeout=PATIENCE_S) as server:
                server.send(json.dumps({"type": "start"}))
                while not isinstance(server.recv(PATIENCE_S), bytes):
                    pass
                return time.perf_counter() - began
        finally:
            process.terminate()


def _process(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _line(process: subprocess.Popen[str]) -> str:
    """The first line the process prints."""
    assert process.stdout is not None and process.stderr is not None
    line = process.stdout.readline()
    if not line:
        said = process.stderr.read().strip().splitlines()
        raise StartError(f"a fresh start gave no sound: {said[-1] if said else 'it said nothing'}")
    return line
