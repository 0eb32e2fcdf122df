"""`legato bench`: speed, first sound, and the time from a gesture to its sound, measured and not computed.

A live engine plays into a sink that reads blocks at the pace of the clock, as a sound card does, while
gestures are made at random moments. Afterwards the session's log is replayed off-line; at every gesture the
replay forks into a twin that was never steered, and the first sample in which they differ is looked up in
the sink's record: when did it leave? What a card adds behind the sink (driver, converter) is not in the
figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from legato.control.state import Controls
from legato.engine.clock import Clock, SystemClock
from legato.engine.engine import Engine
from legato.engine.instrument import Instrument
from legato.engine.log import SessionLog
from legato.engine.offline import Stream
from legato.evaluation.hardware import hardware
from legato.evaluation.sink import BLOCK_S, Sink
from legato.evaluation.table import verdicts
from legato.models.bundle import Bundle

GESTURE_EVERY = (0.8, 1.6)  # seconds, drawn evenly, so that gestures fall anywhere within a chunk
FIRST_GESTURE = 1.0
TWIN_CHUNKS = 4  # chunks after a gesture in which a difference is looked for
GESTURES: tuple[Mapping[str, Any], ...] = (
    {"prompts": {"driving techno with a heavy kick": 1.0}},
    {"bpm": 128.0},
    {"drums": False},
    {"prompts": {"gentle piano ballad": 1.0}},
    {"bpm": 84.0},
    {"drums": True},
)

Asked = tuple[float, Mapping[str, Any]]
"""When a gesture was made (seconds of the clock), and the changes it asked for."""

Progress = Callable[[float, float, str], None]
"""Told (seconds done, seconds in all, what is running)."""


def bench(
    source: Instrument | Bundle,
    *,
    seconds: float = 60.0,
    threads: int | None = None,
    chunk_frames: int | None = None,
    lead_s: float | None = None,
    steps: int = 1,
    seed: int = 0,
    gestures: Sequence[Mapping[str, Any]] = GESTURES,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Play `seconds` live and again off-line.

    Args:
        source: what to play.
        seconds: of streaming; figures for the record take 60 or more.
        threads: torch threads; None leaves them as they are.
        chunk_frames: latent frames per chunk; None: what the model usually has.
        lead_s: sound kept ahead of playback, seconds; None: as much as chunks turn out to need.
        steps: generator steps per chunk, 1, 2 or 4.
        seed: of the session and of the gestures' times.
        gestures: changes made in turn; each must be audible.
        clock: the system's by default.
        progress: told as it goes.

    Returns:
        rtf_total, rtf_generate, rtf_decode: median compute seconds per audio second over the off-line chunks
            (total includes conductor and output guard).
        chunk_ms_p50, chunk_ms_p99: compute per chunk, off-line.
        first_audio_ms: from a loaded model to the first sample out of the sink.
        gesture_to_sound_ms_p50, _p95, _p99; gestures; gestures_unheard (no difference within four chunks).
        underruns, missing_ms: of the live run; cuts: chunks that were cut to let a gesture be heard sooner.
        replay_exact: whether the replay equals, bit for bit, what the sink was given.
        seconds, chunk_ms, lead_ms (at the end), block_ms, steps, model; hardware (dict); targets (name to
            target, met).

    Raises:
        ValueError: `seconds` is too short for a gesture.
    """
    if seconds < FIRST_GESTURE + GESTURE_EVERY[1]:
        raise ValueError(
            f"bench needs at least {FIRST_GESTURE + GESTURE_EVERY[1]:g} seconds, not {seconds:g}"
        )
    instrument = Instrument.of(source) if isinstance(source, Bundle) else source
    with _torch_threads(threads) as used:
        live = _Live(
            instrument, Controls(seed=seed, steps=steps), chunk_frames, lead_s, clock or SystemClock()
        )
        live.run(seconds, gestures, np.random.default_rng(seed), progress)
        again = _Again(instrument, live.log, live.sink.samples, progress)
    # The session may end before the last gesture is played: nobody could have heard it.
    asked = first_asked(live.asked, live.log)[: len(again.differs)]
    heard = [when - then for then, when in zip(asked, live.sink.left(again.differs), strict=True)]
    figures = {
        **again.figures(),
        "first_audio_ms": 1000 * (live.sink.left([0])[0] - live.began),
        **_percentiles("gesture_to_sound_ms", [1000 * h for h in heard if np.isfinite(h)], (50, 95, 99)),
        "gestures": len(asked),
        "gestures_unheard": int(len(asked) - np.isfinite(heard).sum()),
        "underruns": live.underruns,
        "missing_ms": live.missing_ms,
        "cuts": live.cuts,
        "replay_exact": not live.underruns and live.sink.equals(again.audio_n2),
        "seconds": live.sink.samples / instrument.sample_rate,
        "chunk_ms": 1000 * again.chunk_s,
        "lead_ms": 1000 * live.lead_s,
        "block_ms": 1000 * BLOCK_S,
        "steps": steps,
        "model": instrument.name,
    }
    plain = {name: round(v, 4) if isinstance(v, float) else v for name, v in figures.items()}
    return {**plain, "hardware": hardware(used), "targets": verdicts(plain)}


def first_asked(asked: Sequence[Asked], log: SessionLog) -> list[float]:
    """When each event of the log was asked for: gestures that waited together became one event."""
    waiting, times = list(asked), []
    for event in log.events:
        merged: dict[str, Any] = {}
        times.append(waiting[0][0] if waiting else float("nan"))
        while waiting and merged != dict(event.changes):
            merged |= waiting.pop(0)[1]
    return times


class _Live:
    """A session played in real time, with gestures."""

    def __init__(
        self,
        instrument: Instrument,
        controls: Controls,
        chunk_frames: int | None,
        lead_s: float | None,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._engine: Engine = instrument.engine(1, chunk_frames, lead_s, clock)
        self.began = clock.now()
        self._player = self._engine.open(controls)
        self.sink = Sink(self._player, clock)
        self.asked: list[Asked] = []

    def run(
        self,
        seconds: float,
        gestures: Sequence[Mapping[str, Any]],
        rng: np.random.Generator,
        progress: Progress | None,
    ) -> None:
        self.sink.start()
        try:
            self._until(self.began + FIRST_GESTURE)
            while self._clock.now() < self.began + seconds - GESTURE_EVERY[0]:
                changes = gestures[len(self.asked) % len(gestures)]
                self.asked.append((self._clock.now(), changes))
                self._player.steer(**changes)
                self._until(self.asked[-1][0] + rng.uniform(*GESTURE_EVERY))
                if progress:
                    progress(self._clock.now() - self.began, seconds, "playing live")
            self._until(self.began + seconds)
        finally:
            self.sink.stop()
            ring = self._player.ring
            self.underruns, self.missing_ms = ring.underruns, 1000 * ring.missing / self._player.sample_rate
            self.cuts, self.lead_s = self._player.cuts, self._player.lead_s
            self.log: SessionLog = self._player.log().copy()
            self._engine.close()

    def _until(self, when: float) -> None:
        while (left := when - self._clock.now()) > 0:
            if self._clock.realtime:
                self._clock.sleep(left)
            else:
                self._clock.sleep(min(left, max(1e-4, self._engine.run_once())))


class _Again:
    """The same session off-line: timings, and where every gesture is first heard.

    Attributes:
        audio_n2: what was played.
        differs: first sample of the session that each event changed; NaN if none was found.
        chunk_s: length of a chunk in seconds.
    """

    def __init__(
        self, instrument: Instrument, log: SessionLog, samples: int, progress: Progress | None
    ) -> None:
        stream = instrument.again(log)
        chunk_samples = log.chunk_frames * instrument.model.frame_samples
        self.chunk_s = chunk_samples / instrument.sample_rate
        waiting = [event.sample for event in log.events]
        self.differs: list[float] = []
        self._seconds: list[tuple[float, float, float]] = []
        parts: list[np.ndarray] = []
        done = 0
        while done < samples:
            begins = stream.position()["sample"]
            forked = bool(waiting) and begins <= waiting[0] < begins + chunk_samples
            twin = _never_steered(instrument, stream) if forked else None
            parts.append(self._timed(stream))
            if twin:
                waiting.pop(0)
                steered = instrument.restore(stream.snapshot())
                self.differs.append(_first_difference(parts[-1], steered, twin, done))
            done += len(parts[-1])
            if progress and len(parts) % 25 == 0:
                progress(done / instrument.sample_rate, samples / instrument.sample_rate, "replaying")
        self.audio_n2 = np.concatenate(parts)[:samples]

    def figures(self) -> dict[str, float]:
        total, generate, decode = np.array(self._seconds).T
        return {
            "rtf_total": float(np.median(total)) / self.chunk_s,
            "rtf_generate": float(np.median(generate)) / self.chunk_s,
            "rtf_decode": float(np.median(decode)) / self.chunk_s,
            **_percentiles("chunk_ms", list(1000 * total), (50, 99)),
        }

    def _timed(self, stream: Stream) -> np.ndarray:
        generate, decode, start = stream.generate_s, stream.decode_s, time.perf_counter()
        audio_n2 = next(stream)
        total = time.perf_counter() - start
        self._seconds.append((total, stream.generate_s - generate, stream.decode_s - decode))
        return audio_n2


def _never_steered(instrument: Instrument, stream: Stream) -> Stream:
    """A fork of the stream that nothing more happens to."""
    return instrument.restore(replace(stream.snapshot(), scheduled=()))


def _first_difference(chunk_n2: np.ndarray, steered: Stream, twin: Stream, start: int) -> float:
    """First sample of the session where the twins part; NaN if they do not within `TWIN_CHUNKS` chunks."""
    for _ in range(TWIN_CHUNKS):
        other_n2 = next(twin)
        differs = np.flatnonzero((chunk_n2 != other_n2).any(axis=1))
        if len(differs):
            return float(start + differs[0])
        start += len(chunk_n2)
        chunk_n2 = next(steered)
    return float("nan")


def _percentiles(name: str, values: Sequence[float], percents: Sequence[int]) -> dict[str, float]:
    return {f"{name}_p{p}": float(np.percentile(values, p)) if values else float("nan") for p in percents}


@contextmanager
def _torch_threads(threads: int | None):
    import torch

    before = torch.get_num_threads()
    if threads is not None:
        torch.set_num_threads(threads)
    try:
        yield torch.get_num_threads()
    finally:
        torch.set_num_threads(before)
