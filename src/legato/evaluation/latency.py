"""`legato bench --latency`: from a gesture to its sound, by term, through everything on the way.

A gesture is asked for at a random moment and its sound leaves when the first sample of the session that its
chunk covers does: both by a clock on the wall, and their difference is the total. The engine accounts for its
own terms (`engine.picture.Gesture`); what it does not know of, after its ring, is the rest of the total. So
the terms of every gesture add up, and none is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from legato.control.state import Controls
from legato.engine.clock import Clock, SystemClock
from legato.engine.instrument import Instrument
from legato.engine.picture import Gesture
from legato.engine.player import Player
from legato.evaluation.hardware import hardware
from legato.evaluation.realtime import first_asked
from legato.evaluation.sink import Reads, Sink
from legato.evaluation.table import verdicts
from legato.io.device import Device
from legato.io.portaudio import DeviceError, PortAudio

CHUNKS = (2, 4, 8)  # frames of 40 ms
DEFAULT_CHUNK = 4
EVERY = (0.3, 0.6)  # seconds between gestures, drawn evenly
SETTLE_S = 3.0  # before the first, in which the engine learns how long its chunks take
TERMS = ("wait", "generate", "decode", "ring", "codec")
PERCENTS = (50, 95, 99)
JACK_NAME = "legato-bench"
JACK_PERIOD = 256  # frames
JACK_START_S = 10.0

Percentiles = tuple[float, float, float]
Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Row:
    """One way for a gesture to go.

    Attributes:
        way: `engine`, `page` or `jack`.
        chunk_frames: of 40 ms.
        gestures: how many were timed; `lost` were never heard.
        terms: milliseconds at the percentiles of `PERCENTS`, by name; the last is what lies beyond the ring.
        total: of their sum, gesture by gesture.
        underruns: while they were made, of the engine's ring and, where the page plays, of its own buffer.
        cuts: chunks that were cut for them.
    """

    way: str
    chunk_frames: int
    gestures: int
    lost: int
    terms: Mapping[str, Percentiles]
    total: Percentiles
    underruns: int
    cuts: int

    @property
    def key(self) -> str:
        """Under which the figures of the row go."""
        return f"{self.way}_{40 * self.chunk_frames}ms"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "gestures": self.gestures,
            "lost": self.lost,
            "terms_ms": {name: list(values) for name, values in self.terms.items()},
            "total_ms": list(self.total),
            "underruns": self.underruns,
            "cuts": self.cuts,
        }


def row(
    way: str,
    player: Player,
    asked: Sequence[float],
    heard: Sequence[float],
    gestures: Sequence[Gesture],
    beyond: str,
    underruns_beyond: int = 0,
) -> Row:
    """A row of gestures, of which each was asked for and heard at these times (seconds; NaN: never)."""
    total = np.array(heard) - np.array(asked)
    within = np.array([gesture[1 : 1 + len(TERMS)] for gesture in gestures]).reshape(-1, len(TERMS))
    known = np.isfinite(total)
    terms = {name: _percentiles(within[known, index]) for index, name in enumerate(TERMS)}
    terms[beyond] = _percentiles((total - within.sum(1))[known])
    frames = player.chunk_samples // player.session.model.frame_samples
    lost = int((~known).sum())
    underruns = player.ring.underruns + underruns_beyond
    return Row(way, frames, len(total), lost, terms, _percentiles(total[known]), underruns, player.cuts)


def engine_row(
    instrument: Instrument,
    chunk_frames: int,
    seconds: float,
    seed: int = 0,
    clock: Clock | None = None,
) -> Row:
    """Gestures made to a player that a sink reads in blocks of 10 ms; beyond its ring lies that block.

    Args:
        instrument: plays.
        chunk_frames: of 40 ms.
        seconds: how long.
        seed: of the session and of the gestures' times.
        clock: the system's by default.
    """
    clock = clock or SystemClock()
    with instrument.engine(1, chunk_frames, clock=clock) as engine:
        player = engine.open(Controls(seed=seed))
        sink = Sink(player, clock, keep=False)
        sink.start()
        try:
            asked = _gesticulate(player, clock, seconds, seed, engine.run_once)
        finally:
            sink.stop()
        return _closed("engine", player, asked, sink, "device", 0.0)


def jack_row(instrument: Instrument, chunk_frames: int, seconds: float, seed: int = 0) -> Row:
    """As `engine_row`, but over the JACK server that runs (see `jack`), and all that lies between.

    Raises:
        DeviceError: there is no JACK server, or what speaks to it is not installed.
    """
    clock = SystemClock()
    backend = PortAudio()
    backend.rescan()  # the server may be younger than PortAudio
    with instrument.engine(1, chunk_frames) as engine:
        device = Device("JACK Audio", backend=backend, now=clock.now)
        tap = _Tap(engine.open(Controls(seed=seed)), clock)
        with device.watching():
            device.play(tap)
            asked = _gesticulate(tap.player, clock, seconds, seed)
            latency_s = device.latency_s
        backend.abandon()  # PortAudio ends the program if it is let go of after its server
        return _closed("jack", tap.player, asked, tap, "device", latency_s)


@contextmanager
def jack() -> Iterator[None]:
    """A JACK server of its own on its dummy driver, while the block runs.

    Raises:
        DeviceError: it is not installed, or does not start.
    """
    if not shutil.which("jackd") or not shutil.which("jack_wait"):
        raise DeviceError("jackd and jack_wait are not installed")
    before = os.environ.get("JACK_DEFAULT_SERVER")
    os.environ["JACK_DEFAULT_SERVER"] = JACK_NAME
    command = [
        "jackd",
        "-n",
        JACK_NAME,
        "--no-realtime",
        "-d",
        "dummy",
        "-r",
        "48000",
        "-p",
        f"{JACK_PERIOD}",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ready = ["jack_wait", "-s", JACK_NAME, "-w", "-t", f"{JACK_START_S:g}"]
        if subprocess.run(ready, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            raise DeviceError("the JACK server does not start")
        yield
    finally:
        server.terminate()
        server.wait()
        if before is None:
            del os.environ["JACK_DEFAULT_SERVER"]
        else:
            os.environ["JACK_DEFAULT_SERVER"] = before


def summary(rows: Sequence[Row], left_out: Sequence[str]) -> dict[str, Any]:
    """The rows and what they are held to, JSON-ready.

    Returns:
        rows (by `Row.key`), percents, left_out (sentences), figures that have a target, targets, hardware.
    """
    by_key = {one.key: one for one in rows}
    figures: dict[str, float] = {}
    for frames, name in ((DEFAULT_CHUNK, "default"), (min(CHUNKS), "smallest")):
        if one := by_key.get(f"engine_{40 * frames}ms"):
            for percent, value in zip(PERCENTS, one.total, strict=True):
                figures[f"{name}_chunk_total_ms_p{percent}"] = value
    if one := by_key.get(f"page_{40 * DEFAULT_CHUNK}ms"):
        figures["page_adds_ms_p95"] = list(one.terms.values())[-1][1]
    return {
        "rows": {key: one.to_dict() for key, one in by_key.items()},
        "percents": list(PERCENTS),
        "left_out": list(left_out),
        **figures,
        "targets": verdicts(figures),
        "hardware": hardware(),
    }


class _Tap(Reads):
    """Stands between a player and a device, and writes down when what was read."""

    def __init__(self, player: Player, clock: Clock) -> None:
        super().__init__(player.sample_rate)
        self.player, self._clock = player, clock

    def read_into(self, out_n2: np.ndarray) -> None:
        before = self.player.ring.taken
        self.player.read_into(out_n2)
        self.add(self._clock.now(), before, self.player.ring.taken)


Asked = list[tuple[float, Mapping[str, Any]]]


def _gesticulate(
    player: Player,
    clock: Clock,
    seconds: float,
    seed: int,
    run_once: Callable[[], float] = lambda: 0.0,
) -> Asked:
    """Ask for another tempo now and then; where time is not real, `run_once` is called meanwhile."""
    rng = np.random.default_rng(seed)
    asked: Asked = []

    def until(when: float) -> None:
        while (left := when - clock.now()) > 0:
            clock.sleep(left if clock.realtime else min(left, max(1e-3, run_once())))

    end = clock.now() + seconds
    until(clock.now() + min(SETTLE_S, 0.3 * seconds))
    while clock.now() < end - 1.0:
        changes: dict[str, Any] = {"bpm": 60.0 + len(asked) % 120}
        asked.append((clock.now(), changes))
        player.steer(**changes)
        until(clock.now() + rng.uniform(*EVERY))
    until(end)
    return asked


def _closed(way: str, player: Player, asked: Asked, reads: Reads, beyond: str, later_s: float) -> Row:
    """The row of what was asked for and read; a sample is heard `later_s` after it was read."""
    gestures, when = player.gestures, first_asked(asked, player.log())
    left = [heard + later_s for heard in reads.left([gesture.sample for gesture in gestures])]
    return row(way, player, when[: len(gestures)], left, gestures, beyond)


def _percentiles(seconds: np.ndarray) -> Percentiles:
    if not len(seconds):
        return float("nan"), float("nan"), float("nan")
    one, two, three = np.percentile(1000.0 * seconds, PERCENTS)
    return float(one), float(two), float(three)
