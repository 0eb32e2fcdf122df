"""The page's row of `legato bench --latency`: a real browser plays, and its own clock times its gestures.

The total runs from the call every widget of the page makes for a gesture to when its sound is due at the
loudspeaker: the page knows which frame its audio thread puts out at which time of the sound card's clock, and
the browser says how that clock, with the output's own latency, lies to the clock on the wall. So beyond the
engine's terms lie both ways of the WebSocket, the wait for the next packet, the page's jitter buffer, and
what the browser says of the output; a headless browser has no sound card, and says so little of it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from legato.engine.instrument import Instrument
from legato.evaluation.latency import EVERY, SETTLE_S, Row, row
from legato.evaluation.realtime import first_asked
from legato.serving.app import allowed_hosts, background, create_app, listen

QUANTUM_S = 128 / 48_000  # a report names the frame after the block that it is made in


class PageError(RuntimeError):
    """The page cannot be played here; one sentence says why."""


def page_row(instrument: Instrument, chunk_frames: int, seconds: float, seed: int = 0) -> Row:
    """Gestures made in the page of `legato play`, in headless Chromium on this machine.

    Raises:
        PageError: Node.js, Chromium or the page's tools are not there, or the page did not play.
    """
    chromium, node, web = _tools()
    with (
        listen("127.0.0.1", 0) as listener,
        instrument.engine(1, chunk_frames) as engine,
        background(create_app(engine, hosts=allowed_hosts("127.0.0.1")), listener) as address,
    ):
        driver = str(resources.files("legato.serving") / "latency.mjs")
        settings = {"seconds": seconds, "settle": SETTLE_S, "every": EVERY, "seed": seed}
        command = [node, driver, str(web), chromium, address, json.dumps(settings)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as driver:
            assert driver.stdin is not None and driver.stdout is not None and driver.stderr is not None
            line = driver.stdout.readline()  # the page still plays, so that its player is there
            if not line:
                said = driver.stderr.read().strip().splitlines()
                raise PageError(f"the page did not play: {said[0] if said else 'it said nothing'}")
            (player,) = engine.players
            gestures = player.gestures
            found = json.loads(line)
        asked = first_asked([(time / 1000.0, changes) for time, changes in found["asked"]], player.log())
        heard = [_due(gesture.sample, found["marks"]) for gesture in gestures]
        asked, underruns = asked[: len(gestures)], found["underruns"]
        return row("page", player, asked, heard, gestures, "network + page", underruns)


def _tools() -> tuple[str, str, Path]:
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    node = shutil.which("node")
    web = Path(str(resources.files("legato"))).parents[1] / "web"
    if not chromium:
        raise PageError("the page's row needs Chromium, which is not on this machine")
    if not node:
        raise PageError("the page's row needs Node.js, which is not on this machine")
    if not (web / "node_modules" / "playwright-core").is_dir():
        raise PageError(
            "the page's row needs the page's tools: run `make web` in a checkout of the repository"
        )
    return chromium, node, web


def _due(sample: int, marks: list[dict[str, Any]]) -> float:
    """When a sample of the session was at the loudspeaker, seconds of the page's clock; NaN: never."""
    indices = np.array([mark["index"] for mark in marks])
    after = int(np.searchsorted(indices, sample, side="right"))
    if not 0 < after < len(marks):
        return float("nan")
    mark = marks[after - 1]
    context = mark["contextTime"] + QUANTUM_S + (sample - mark["index"]) / 48_000
    return mark["wall"] / 1000.0 + context - mark["context"]
