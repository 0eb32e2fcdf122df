"""What a player shows of itself: timings of the last chunks, the way of the last gestures, JSON-ready.

The engine's thread adds; any thread reads what was published last, the old picture or the new one whole.
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

import numpy as np

from legato.engine.batcher import Made
from legato.engine.session import Session

PLAN_BARS = 8
HISTORY = 256  # chunks and gestures remembered for percentiles


class Gesture(NamedTuple):
    """The way of a gesture to its sound, as the engine accounts for it: seconds of each term.

    Attributes:
        sample: of the session, from which on it is heard.
        wait_s: until a chunk was begun that heard it, and its controls were laid out.
        generate_s, decode_s: for latents, and for samples made of them.
        ring_s: until the first sample it could alter was read from the ring, and
        codec_s: from there to `sample`: the decoder's windows overlap by as much.
        device_s: of this machine's device, if one plays; otherwise 0.
    """

    sample: int
    wait_s: float
    generate_s: float
    decode_s: float
    ring_s: float
    codec_s: float
    device_s: float

    @property
    def total_s(self) -> float:
        """Their sum."""
        return sum(self[1:])

    def to_dict(self) -> dict[str, float]:
        """Milliseconds, by `wait_ms` and so on."""
        terms = self._asdict() | {"total_s": self.total_s}
        del terms["sample"]
        return {name[:-2] + "_ms": round(1000.0 * value, 2) for name, value in terms.items()}


class Picture:
    """Collects what `Player.status` shows.

    Args:
        session: of the player.
        sample_rate: samples per second.
    """

    def __init__(self, session: Session, sample_rate: int) -> None:
        self.gestures: deque[Gesture] = deque(maxlen=HISTORY)
        self.published: dict[str, Any] = {}
        self._totals: deque[float] = deque(maxlen=HISTORY)  # of the gestures, milliseconds
        self._rate = sample_rate
        self._level = self._peak = 0.0  # of the last chunk
        self._chunk_s: deque[tuple[float, float]] = deque(maxlen=HISTORY)
        self._failures = 0
        self._planned: tuple[Any, ...] = ()
        self._plan: list[dict[str, Any]] = []
        self._publish(session)

    def add(self, made: Made, now: float, ahead: int, device_s: float) -> None:
        """A chunk is in the ring since `now`, its first sample `ahead` samples from being read."""
        audio_n2 = made.audio_n2
        self._level = float(np.sqrt(np.mean(np.square(audio_n2)))) if len(audio_n2) else 0.0
        self._peak = float(np.abs(audio_n2).max(initial=0.0))
        self._chunk_s.append((made.generate_s, made.decode_s))
        self._failures = self._failures + 1 if made.failed else 0
        if made.posted is not None:
            session = made.session
            model_s = made.generate_s + made.decode_s
            gesture = Gesture(
                session.sample - session.chunk_samples,
                max(0.0, now - made.posted - model_s),
                made.generate_s,
                made.decode_s,
                ahead / self._rate,
                session.model.latency_samples / self._rate,
                device_s,
            )
            self.gestures.append(gesture)
            self._totals.append(1000.0 * gesture.total_s)
        self._publish(made.session)

    def _publish(self, session: Session) -> None:
        generate, decode = (np.array(self._chunk_s).T if self._chunk_s else np.zeros((2, 1))) * 1000.0
        total = generate + decode
        chunk_ms = 1000.0 * session.chunk_samples / self._rate
        position = session.position()
        planned = (position["bar"], session.controls, session.orders)
        if planned != self._planned:
            self._planned, self._plan = planned, session.plan(PLAN_BARS)
        self.published = {
            "model": session.model.name,
            "sample_rate": self._rate,
            "chunk_ms": chunk_ms,
            "generate_ms": round(float(generate[-1]), 2),
            "decode_ms": round(float(decode[-1]), 2),
            "chunk_ms_p50": round(float(np.percentile(total, 50)), 2),
            "chunk_ms_p99": round(float(np.percentile(total, 99)), 2),
            "rtf": round(float(total.mean()) / chunk_ms, 4),
            "latency": self._latency(),
            **session.output.counts.to_dict(),
            "resets": session.resets,
            "warning": "the model gives no sound; trying again" if self._failures else session.warning,
            "beat_known": session.beat_known,
            "level": round(self._level, 4),
            "peak": round(self._peak, 4),
            "beat": position,
            "plan": self._plan,
        }

    def _latency(self) -> dict[str, float]:
        """The terms of the last gesture, and percentiles of the sum over the last ones; empty at first."""
        if not self.gestures:
            return {}
        p50, p95 = np.percentile(self._totals, (50, 95))
        return {
            **self.gestures[-1].to_dict(),
            "p50_ms": round(float(p50), 2),
            "p95_ms": round(float(p95), 2),
        }
