"""A player: one session, its ring, and what the outside may do with them.

Threading: `steer` and `status` from any thread; `read` from one audio thread or task; `record`, `mark`,
`stop_recording` and `keep` from any other, as they may wait for the disk; everything with an underscore from
the engine thread alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from legato.control.state import Controls
from legato.engine.batcher import Made
from legato.engine.clock import Clock
from legato.engine.log import SessionLog
from legato.engine.ring import Ring
from legato.engine.session import Session
from legato.engine.takes import Take, Takes
from legato.engine.tape import Tape
from legato.io.device import Device
from legato.io.recorder import RecorderError

PLAN_BARS = 4
HISTORY = 256  # chunks and steers remembered for percentiles
LATE = 0.25  # seconds behind its schedule after which a paced reader starts a new one


class Block(NamedTuple):
    """Consecutive samples as they leave the ring."""

    sample: int  # number of the first, counted from the start of playback, made-up samples included
    audio_n2: np.ndarray
    underruns: int  # so far


class Player:
    """One player's stream. Made by `Engine.open`."""

    def __init__(
        self,
        session: Session,
        clock: Clock,
        lead_s: float,
        leave: Callable[[Player], None],
        takes: Takes | None = None,
    ) -> None:
        self.session = session
        self.clock = clock
        self.sample_rate = session.model.sample_rate
        self.lead_samples = round(lead_s * self.sample_rate)
        self.ring = Ring(self.lead_samples + 3 * session.chunk_samples)
        self.closed = False
        self.listener_s = 0.0  # of sound read but not yet heard, as the listener last reported
        self.device: Device | None = None  # of this machine, where one plays what is read
        self._level = self._peak = 0.0  # of the last chunk
        self._leave = leave
        self._chunk_s: deque[tuple[float, float]] = deque(maxlen=HISTORY)
        self._latency: deque[dict[str, float]] = deque(maxlen=HISTORY)
        self._failures = 0
        self._published: dict[str, Any] = {}
        self._planned: tuple[Any, ...] = ()
        self._plan: list[dict[str, Any]] = []
        self._log = session.log.copy()
        self._tape = Tape(takes, self.log, self.sample_rate) if takes else None
        self._publish()

    @property
    def tape(self) -> Tape:
        """What was heard, on tape.

        Raises:
            RecorderError: the engine was given no folder for takes.
        """
        if self._tape is None:
            raise RecorderError("this engine has no folder for takes; open it with takes='a/folder'")
        return self._tape

    @property
    def controls(self) -> Controls:
        """What was last asked for, heard or not yet."""
        return self.session.mailbox.controls

    @property
    def chunk_samples(self) -> int:
        """Samples per chunk."""
        return self.session.chunk_samples

    @property
    def heard(self) -> int:
        """Sample of the session that is at the loudspeaker now; 0 before the first."""
        return max(0, self.ring.taken - round((self.listener_s + self._device_s) * self.sample_rate))

    def steer(self, **changes: Any) -> Controls:
        """Change any controls; heard in the very next chunk.

        Raises:
            ControlError: refused; nothing is changed and the sound goes on.
        """
        return self.session.mailbox.post(**changes)

    def read(self, samples: int) -> np.ndarray:
        """The next samples, float32 [samples, 2]; never waits. Short reads fade out and are counted."""
        audio_n2 = np.empty((samples, 2), np.float32)
        self.read_into(audio_n2)
        return audio_n2

    def read_into(self, out_n2: np.ndarray) -> None:
        """As `read`, into memory of the reader's: float32 [N, 2]."""
        before = self.ring.taken
        self.ring.read_into(out_n2)
        if self._tape:
            self._tape.hear(out_n2, len(out_n2) - (self.ring.taken - before))

    async def chunks(self, block_s: float = 0.04) -> AsyncIterator[Block]:
        """Blocks of `block_s` seconds at the pace of the clock, until the player is closed."""
        samples = max(1, round(block_s * self.sample_rate))
        while not self.closed and len(self.ring) < min(samples, self.chunk_samples):
            await self.clock.asleep(0.005)
        due = self.clock.now()
        while not self.closed:
            yield Block(self.ring.played, self.read(samples), self.ring.underruns)
            due += samples / self.sample_rate
            wait = due - self.clock.now()
            if wait < -LATE:
                due = self.clock.now()  # a reader that was held up goes on from now, it does not race
            await self.clock.asleep(max(0.0, wait))

    def status(self) -> dict[str, Any]:
        """A JSON-ready picture: counters, timings in ms, latency terms, level, beat, plan, controls."""
        ring, tape = self.ring, self._tape
        per_ms = 1000.0 / self.sample_rate
        device, ear = self.device, self.session.ear
        warnings = [
            self._published["warning"],
            tape and tape.warning,
            device and device.warning,
            ear and ear.sound.warning,
        ]
        return {
            **self._published,
            "warning": "; ".join(filter(None, warnings)) or None,
            "recording": tape.status() if tape else None,
            "played": ring.played,
            "generated": ring.written,
            "ring_ms": round(len(ring) * per_ms, 2),
            "underruns": ring.underruns,
            "missing_ms": round(ring.missing * per_ms, 2),
            "listener_ms": round(1000.0 * (self.listener_s + self._device_s), 2),
            "device": device.status() if device else None,
            "heard": self.heard,
            "listen": ear.status() if ear else None,
            "controls": self.controls.to_dict(),
        }

    def log(self) -> SessionLog:
        """The session so far: starting controls and events."""
        return self._log

    def record(self, name: str = "take") -> Path:
        """Begin a take with the next sample read; returns its sound file, see `Tape.record`."""
        return self.tape.record(name)

    def mark(self, name: str) -> int:
        """Name this moment in the log of the take; returns its sample of the session, see `Tape.mark`."""
        return self.tape.mark(name)

    def stop_recording(self) -> Take:
        """End the take and wait for its files, see `Tape.stop`."""
        return self.tape.stop()

    def keep(self, name: str = "kept", seconds: float | None = None) -> Take:
        """Write the last minute that was heard to a take of its own, see `Tape.keep`."""
        return self.tape.keep(name, seconds)

    def close(self) -> Callable[[], Take] | None:
        """Leave the engine; the slot is free at once. May be called more than once.

        Returns:
            If a take was being recorded, what waits for its files; they are finished without that too.
        """
        if self.closed:
            return None
        self.closed = True
        self._leave(self)
        return self._tape.close() if self._tape else None

    @property
    def _device_s(self) -> float:
        """From `read` to the loudspeaker, where a device of this machine plays."""
        return self.device.latency_s if self.device else 0.0

    def _due_in(self) -> float:
        """Seconds until the ring is down to its lead, as it is being read now; 0 or less: due."""
        return (len(self.ring) - self.lead_samples) / self.sample_rate

    def _receive(self, made: Made) -> None:
        ahead = len(self.ring)
        log = self.session.log
        if (len(self._log.events), len(self._log.notes)) != (len(log.events), len(log.notes)):
            self._log = log.copy()  # before its sound can be heard
        self.ring.write(made.audio_n2)
        self._level = float(np.sqrt(np.mean(np.square(made.audio_n2)))) if len(made.audio_n2) else 0.0
        self._peak = float(np.abs(made.audio_n2).max(initial=0.0))
        now = self.clock.now()
        self._chunk_s.append((made.generate_s, made.decode_s))
        if made.posted is not None:
            self._latency.append(self._terms(made, ahead, now))
        self._failures = self._failures + 1 if made.failed else 0
        self._publish()

    def _terms(self, made: Made, ahead: int, now: float) -> dict[str, float]:
        """From gesture to sound: each term and their sum, milliseconds."""
        assert made.posted is not None
        terms = {
            "wait_ms": 1000.0 * max(0.0, made.started - made.posted),
            "compute_ms": 1000.0 * (now - made.started),
            "ring_ms": 1000.0 * ahead / self.sample_rate,
            "codec_ms": 1000.0 * self.session.model.latency_samples / self.sample_rate,
            "device_ms": 1000.0 * self._device_s,
        }
        return {**terms, "total_ms": sum(terms.values())}

    def _publish(self) -> None:
        """Replace what `status` shows; readers see the old picture or the new one, never a mixture."""
        session = self.session
        generate, decode = (np.array(self._chunk_s).T if self._chunk_s else np.zeros((2, 1))) * 1000.0
        total = generate + decode
        chunk_ms = 1000.0 * session.chunk_samples / self.sample_rate
        position = session.position()
        planned = (position["bar"], session.controls)
        if planned != self._planned:
            self._planned, self._plan = planned, session.plan(PLAN_BARS)
        self._log.samples = session.log.samples
        self._published = {
            "model": session.model.name,
            "sample_rate": self.sample_rate,
            "chunk_ms": chunk_ms,
            "lead_ms": 1000.0 * self.lead_samples / self.sample_rate,
            "generate_ms": round(float(generate[-1]), 2),
            "decode_ms": round(float(decode[-1]), 2),
            "chunk_ms_p50": round(float(np.percentile(total, 50)), 2),
            "chunk_ms_p99": round(float(np.percentile(total, 99)), 2),
            "rtf": round(float(total.mean()) / chunk_ms, 4),
            "latency": _latency(self._latency),
            **session.output.counts.to_dict(),
            "resets": session.resets,
            "warning": "the model gives no sound; trying again" if self._failures else None,
            "level": round(self._level, 4),
            "peak": round(self._peak, 4),
            "beat": position,
            "plan": self._plan,
        }


def _latency(history: deque[dict[str, float]]) -> dict[str, float]:
    """The terms of the last steer, and percentiles of the sum over the last ones; empty before the first."""
    if not history:
        return {}
    totals = [terms["total_ms"] for terms in history]
    last = {name: round(value, 2) for name, value in history[-1].items()}
    return {
        **last,
        "p50_ms": round(float(np.percentile(totals, 50)), 2),
        "p95_ms": round(float(np.percentile(totals, 95)), 2),
    }
