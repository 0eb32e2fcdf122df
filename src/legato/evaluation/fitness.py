"""Whether this machine can play in real time, at which chunk, and how soon a gesture would sound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from legato.engine.instrument import Instrument
from legato.engine.pace import Pace

CHUNKS = (2, 4, 8)  # frames of 40 ms
EASY = 0.6  # of a chunk's length that its computing may take at most, for there to be headroom
LIMIT = 0.9  # beyond it, sound breaks off
BLOCK_S = 0.01  # of a sound card
SLOW = 95  # percentile of chunks that must be in time


@dataclass(frozen=True)
class Fitness:
    """What one chunk size costs here.

    Attributes:
        chunk_frames: latent frames, of 40 ms where the model is embedded.
        chunk_ms: its length.
        share: of one core that playing takes, usually.
        slow_share: of a chunk's length that the slow ones among its chunks take.
        gesture_ms: from a gesture to its sound, usually, the sound card aside.
    """

    chunk_frames: int
    chunk_ms: float
    share: float
    slow_share: float
    gesture_ms: float

    @property
    def plays(self) -> bool:
        """Whether sound does not break off."""
        return self.slow_share <= LIMIT

    @property
    def easily(self) -> bool:
        """Whether there is time left for other work."""
        return self.slow_share <= EASY


def fitness(
    instrument: Instrument,
    seconds: float = 4.0,
    now: Callable[[], float] = time.perf_counter,
) -> list[Fitness]:
    """Play `seconds` of music in chunks of each size, as fast as they can be made; two more are not timed.

    The sizes are those of `CHUNKS` that the model makes, or else its own.
    """
    model = instrument.model
    sizes = [frames for frames in CHUNKS if frames in model.chunk_sizes] or [model.chunk_frames]
    return [_one(instrument, frames, seconds, now) for frames in sizes]


def _one(instrument: Instrument, frames: int, seconds: float, now: Callable[[], float]) -> Fitness:
    model = instrument.model
    chunk_s = frames * model.frame_samples / model.sample_rate
    stream = instrument.stream("warm lo-fi beat", chunk_frames=frames)
    for _ in range(2):  # the first chunks are made on a short context
        next(stream)
    pace, took = Pace(chunk_s), []
    for _ in range(max(4, round(seconds / chunk_s))):
        began = now()
        next(stream)
        took.append(now() - began)
        pace.took(took[-1])
    usual_s = float(np.median(took))
    slow_s = float(np.percentile(took, SLOW))
    lag_s, frame_s = model.latency_samples / model.sample_rate, model.frame_samples / model.sample_rate
    # What waits for a cut, made of a chunk and a half frame; where there are none or no time for them, half a
    # chunk.
    waits_s = chunk_s / 2 + pace.lead_s(BLOCK_S)
    if model.cuts:
        waits_s = min(pace.cut_s + frame_s / 2, waits_s)
    return Fitness(
        frames, 1000 * chunk_s, usual_s / chunk_s, slow_s / chunk_s, 1000 * (waits_s + lag_s + BLOCK_S)
    )
