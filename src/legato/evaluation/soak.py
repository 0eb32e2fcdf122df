"""Hours, stalls and failures on virtual time: an engine, a counting model, and a speaker that keeps account.

The model counts samples instead of playing (`engine/fake.py`), so that every sample heard can be checked; the
clock is virtual, so that a day passes within an hour. Nothing here depends on weights or the machine's speed.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from legato.config import SAMPLE_RATE
from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import COUNT, CounterModel, read_counter
from legato.engine.player import Player
from legato.evaluation.hardware import open_files

CHUNK = 7680  # samples, 0.16 s
CHUNK_S = CHUNK / SAMPLE_RATE
BLOCK = 480  # samples that the speaker reads at a time
LEAD_S = 0.2
COMPUTE_S = 0.05  # that a chunk takes
CHANGES: tuple[dict[str, Any], ...] = (
    {"bpm": 90},
    {"drums": False},
    {"prompts": "dub techno"},
    {"bpm": None, "drums": None, "key": "D minor"},
)
PARTS = 6  # of a soak; growth is counted from the fourth on, when what is made once has been made
STALL_EVERY, BAD_EVERY = 200, 200  # chunks of a soak
REMEMBERED = 2000  # reads whose depth is kept


class Speaker:
    """Reads a block at a time at the pace of the clock, and keeps account instead of the sound.

    Args:
        clock: virtual.
        player: whose model is a `CounterModel` on that clock.
        block: samples of a read.

    Attributes:
        heard: samples read.
        wrong: samples of the model's that are not the next of the count.
        gaps: when sound stopped, and when it was whole again (None: not yet), seconds.
    """

    def __init__(self, clock: VirtualClock, player: Player, block: int = BLOCK) -> None:
        self.heard = self.wrong = 0
        self.gaps: list[tuple[float, float | None]] = []
        self._clock, self._player, self._block = clock, player, block
        self._depths: list[tuple[float, int]] = []  # when, samples waiting after a read
        clock.call_at(clock.now(), self._read)

    def deepest(self, since: float, until: float) -> int:
        """The most that waited to be heard: the ring's part of the latency, samples."""
        return max(depth for when, depth in self._depths if since <= when < until)

    def _read(self) -> None:
        ring, now = self._player.ring, self._clock.now()
        self._clock.call_at(now + self._block / SAMPLE_RATE, self._read)
        if not ring.written:
            return
        start, missing = ring.taken, ring.missing
        audio_n2 = self._player.read(self._block)
        self.heard += self._block
        self._depths.append((now, len(ring)))
        del self._depths[:-REMEMBERED]
        whole = ring.missing == missing
        if not whole and (not self.gaps or self.gaps[-1][1] is not None):
            self.gaps.append((now, None))
        elif whole and self.gaps and self.gaps[-1][1] is None:
            self.gaps[-1] = (self.gaps[-1][0], now)  # this block fades in: its numbers are bent
        elif whole:
            behind = CHUNK * self._player.status()["bad_chunks"]  # a failed chunk is made again
            expected = (start - behind + np.arange(self._block)) % COUNT
            self.wrong += int((read_counter(audio_n2) != expected).sum())


class Stage:
    """An engine with one player and a speaker.

    Args:
        model: on the clock it is given; None: a `CounterModel` with `settings`.
        block: samples that the speaker reads at a time.
        **settings: of the `CounterModel`.
    """

    def __init__(
        self, model: Callable[[VirtualClock], CounterModel] | None = None, block: int = BLOCK, **settings: Any
    ) -> None:
        self.clock = VirtualClock()
        made = model(self.clock) if model else CounterModel(self.clock, **settings)
        self.engine = Engine(made, lead_s=LEAD_S, clock=self.clock)
        self.player = self.engine.open(Controls(bpm=120))
        self.speaker = Speaker(self.clock, self.player, block)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            step = min(self.engine.run_once(), end - self.clock.now())
            self.clock.advance(max(BLOCK / SAMPLE_RATE / 2, step))


def stalls(chunks: float, times: int = 5) -> dict[str, Any]:
    """What stalls of the generator do: sound that is missing, and latency that stays.

    Args:
        chunks: that each stall lasts longer than a chunk takes, in lengths of a chunk.
        times: how many, 30 chunks apart.

    Returns:
        chunks, stalls; gaps, underruns; missing_ms: of each gap; expected_ms: what no lead of this
        length could have bridged; wrong: samples lost or heard twice; depth_before, depth_after: the most
        samples that waited to be heard; latency_before_ms, latency_after_ms: of a gesture.
    """
    stall = chunks * CHUNK_S
    stage = Stage(compute_s=COMPUTE_S, stalls={30 * (n + 1): stall for n in range(times)})
    speaker, player = stage.speaker, stage.player
    stage.run(4)
    player.steer(bpm=90)
    stage.run(0.5)
    before, latency = speaker.deepest(2, 4), player.status()["latency"]["total_ms"]
    stage.run(30 * times * CHUNK_S + 4)
    end = stage.clock.now()
    after = speaker.deepest(end - 2, end)
    player.steer(bpm=150)
    stage.run(0.5)
    lengths = [back - began if back else np.inf for began, back in speaker.gaps]
    return {
        "chunks": chunks,
        "stalls": times,
        "gaps": len(speaker.gaps),
        "underruns": player.ring.underruns,
        "missing_ms": [1000 * length for length in lengths],
        "expected_ms": 1000 * max(0.0, stall + COMPUTE_S - LEAD_S),
        "wrong": speaker.wrong,
        "depth_before": before,
        "depth_after": after,
        "latency_before_ms": latency,
        "latency_after_ms": player.status()["latency"]["total_ms"],
    }


def soak(hours: float, progress: Callable[[float, float], None] | None = None) -> dict[str, Any]:
    """A session of hours with stalls, failed chunks and gestures, every sample accounted for.

    Args:
        hours: of music.
        progress: told (hours done, hours in all).

    Returns:
        hours, seconds (of the clock), heard (samples), and played, the engine's word for it; unaccounted:
        samples neither of the ring nor made up; not_generated: samples heard or waiting that the model did
        not make; wrong: samples that were not the next of the count, and wrong_allowed: what failures
        may bend; stalls, gaps, underruns; failures, bad_chunks, logged_failures; log_lines; and from halfway
        on growth of blocks (Python's allocations), lines (of the log), threads, files.
    """
    chunks = round(hours * 3600 / CHUNK_S)
    late = {n: 0.3 for n in range(STALL_EVERY, chunks, STALL_EVERY)}
    bad = range(BAD_EVERY // 2, chunks, BAD_EVERY)
    stage = Stage(block=CHUNK // 4, compute_s=COMPUTE_S, stalls=late, bad=bad)
    player, speaker = stage.player, stage.speaker
    counts: list[tuple[int, int, int, int]] = []
    for part in range(PARTS):
        for _ in range(10):
            stage.run(hours * 3600 / (10 * PARTS))
            player.steer(**CHANGES[len(player.log().events) % len(CHANGES)])
        if progress:
            progress(hours * (part + 1) / PARTS, hours)
        if part >= PARTS // 2:
            gc.collect()
            lines = len(player.log().events) + len(player.log().notes)
            counts.append((sys.getallocatedblocks(), lines, threading.active_count(), open_files()))
    status, ring = player.status(), player.ring
    growth = np.subtract(counts[-1], counts[0]).tolist()
    return {
        "hours": hours,
        "seconds": stage.clock.now(),
        "heard": speaker.heard,
        "played": status["played"],
        "unaccounted": speaker.heard - ring.taken - ring.missing,
        "not_generated": ring.taken + len(ring) - status["generated"],
        "wrong": speaker.wrong,
        "wrong_allowed": len(bad) * 4 * CHUNK,
        "stalls": len(late),
        "gaps": len(speaker.gaps),
        "underruns": status["underruns"],
        "failures": len(bad),
        "bad_chunks": status["bad_chunks"],
        "logged_failures": len(player.log().of_kind("failed")),
        "log_lines": counts[-1][1],
        **dict(zip(("blocks", "lines", "threads", "files"), growth, strict=True)),
    }
