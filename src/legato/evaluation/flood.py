"""`legato bench --flood`: a live session in real time while controls arrive by the thousand.

A sink reads as a sound card does; knobs are turned and notes played all the while. What must not happen is
counted: samples that were not there in time, gestures lost, and anything that grows but the session's log.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from legato.control.state import Controls
from legato.engine.clock import Clock, SystemClock
from legato.engine.instrument import Instrument
from legato.engine.player import Player
from legato.evaluation.hardware import hardware, open_files
from legato.evaluation.sink import Sink
from legato.evaluation.table import verdicts

TICK_S = 0.01
KNOBS_PER_TICK = 10  # 1000 a second
NOTES_EVERY = 5  # ticks between sets of held notes: 20 a second
LOOK_S = 5.0  # between looks at memory, threads and files
LATE_S = 0.25
PAGE = 4096 if not hasattr(os, "sysconf") else os.sysconf("SC_PAGE_SIZE")

Progress = Callable[[float, float, str], None]


def flood(
    instrument: Instrument,
    minutes: float,
    *,
    chunk_frames: int | None = None,
    seed: int = 0,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Play for `minutes` while 1000 knobs are turned and 20 sets of notes held every second.

    Args:
        instrument: plays.
        minutes: above 0; 30 for the record.
        chunk_frames: latent frames per chunk; None: what the model usually has.
        seed: of the session.
        clock: the system's by default.
        progress: told as it goes.

    Returns:
        minutes, events_sent; underruns, missing_ms; gestures_late: chunks whose oldest gesture was heard
            later than 250 ms; gesture_to_sound_ms_p50, _p95, _p99 of that oldest one.
        events_lost: sets of notes that no event of the log holds, and knobs whose last value is not the
            music's.
        memory_mb_per_minute: slope of the resident memory after the first fifth; log_events: what of it is
            the session's own log; threads, files: growth since then.
        cuts; garbage_ms_max: longest look of the collector, when nothing was due; hardware; targets.

    Raises:
        ValueError: `minutes` is not above 0.
    """
    if not minutes > 0:
        raise ValueError(f"a flood lasts for more than 0 minutes, not {minutes:g}")
    clock = clock or SystemClock()
    with instrument.engine(1, chunk_frames, clock=clock) as engine:
        player = engine.open(Controls(seed=seed))
        sink = Sink(player, clock, keep=False)
        run = _Run(player, clock, engine.run_once)
        sink.start()
        try:
            run.play(60.0 * minutes, progress)
        finally:
            sink.stop()
        found = {**run.figures(), "garbage_ms_max": 1000 * engine.garbage.longest_s}
    plain = {name: round(v, 4) if isinstance(v, float) else v for name, v in found.items()}
    return {"minutes": minutes, **plain, "targets": verdicts(plain), "hardware": hardware()}


class _Run:
    def __init__(self, player: Player, clock: Clock, run_once: Callable[[], float]) -> None:
        self._player, self._clock, self._run_once = player, clock, run_once
        self._sent = self._notes = 0
        self._totals: list[float] = []
        self._heard_to = -1  # sample of the last gesture that was counted
        self._looks: list[tuple[float, float, int, int]] = []  # when, memory, threads, files

    def play(self, seconds: float, progress: Progress | None) -> None:
        began, clock = self._clock.now(), self._clock
        for tick in range(round(seconds / TICK_S)):
            for knob in range(KNOBS_PER_TICK):
                self._player.steer(bpm=60.0 + (self._sent + knob) % 120)
            self._sent += KNOBS_PER_TICK
            if tick % NOTES_EVERY == 0:
                self._player.steer(notes=[48 + self._notes % 24])
                self._notes += 1
            if tick % round(LOOK_S / TICK_S) == 0:
                self._look(clock.now() - began)
                if progress:
                    progress(clock.now() - began, seconds, "flooding")
            self._until(began + (tick + 1) * TICK_S)
        self._look(clock.now() - began)
        self._until(clock.now() + 1.0)  # what was asked for last is in the music

    def figures(self) -> dict[str, Any]:
        player = self._player
        log = player.log()
        heard = sum("notes" in event.changes for event in log.events)
        stale = sum(
            getattr(player.session.controls, name) != getattr(player.controls, name)
            for name in ("bpm", "notes")
        )
        totals = np.array(self._totals)
        when, memory, threads, files = np.array(self._looks).T
        settled = when >= 0.2 * when[-1]
        slope = np.polyfit(when[settled] / 60, memory[settled], 1)[0] if settled.sum() > 1 else np.nan
        p50, p95, p99 = np.percentile(1000 * totals, (50, 95, 99)) if len(totals) else (np.nan,) * 3
        return {
            "events_sent": self._sent + self._notes,
            "events_lost": self._notes - heard + stale,
            "underruns": player.ring.underruns,
            "missing_ms": 1000 * player.ring.missing / player.sample_rate,
            "gestures_late": int((totals > LATE_S).sum()),
            "gesture_to_sound_ms_p50": float(p50),
            "gesture_to_sound_ms_p95": float(p95),
            "gesture_to_sound_ms_p99": float(p99),
            "cuts": player.cuts,
            "memory_mb_per_minute": float(slope),
            "log_events": len(log.events) + len(log.notes),
            "threads": int(threads[-1] - threads[settled][0]),
            "files": int(files[-1] - files[settled][0]),
        }

    def _until(self, when: float) -> None:
        while (left := when - self._clock.now()) > 0:
            self._clock.sleep(left if self._clock.realtime else min(left, max(1e-3, self._run_once())))

    def _look(self, when: float) -> None:
        self._looks.append((when, _memory_mb(), threading.active_count(), open_files()))
        new = [gesture for gesture in self._player.gestures if gesture.sample > self._heard_to]
        self._totals += [gesture.total_s for gesture in new]
        if new:
            self._heard_to = new[-1].sample


def _memory_mb() -> float:
    """Resident memory; NaN where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20
    except OSError:
        return float("nan")
