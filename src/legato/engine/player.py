"""A player: one session, its ring, and what the outside may do with them.

Threading: `steer` and `status` from any thread; `read` from one audio thread or task; `record`, `mark`,
`stop_recording` and `keep` from any other, as they may wait for the disk; everything with an underscore from
the engine thread alone.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from legato.control.mailbox import check_quantise
from legato.control.plan_order import PlanOrder
from legato.control.state import Controls
from legato.engine.batcher import Made
from legato.engine.clock import Clock
from legato.engine.log import SessionLog
from legato.engine.pace import Pace
from legato.engine.picture import Gesture, Picture
from legato.engine.ring import Ring
from legato.engine.session import Session
from legato.engine.takes import Take, Takes
from legato.engine.tape import Tape
from legato.io.device import Device
from legato.io.recorder import RecorderError

LONGEST_BLOCK = 0.1  # seconds that a reader is taken to read at once, at most
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
        lead_s: float | None,
        leave: Callable[[Player], None],
        takes: Takes | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.session = session
        self.clock = clock
        self.sample_rate = session.model.sample_rate
        self.pace = Pace(session.chunk_samples / self.sample_rate, lead_s)
        self.ring = Ring(round(self.pace.longest_s * self.sample_rate) + 3 * session.chunk_samples)
        self.closed = False
        self.listener_s = 0.0  # of sound read but not yet heard, as the listener last reported
        self.device: Device | None = None  # of this machine, where one plays what is read
        self.cuts = 0  # chunks cut so that a gesture is heard sooner
        self._leave, self._wake = leave, wake
        self._due_at = clock.now()  # when the next chunk is due, if the ring is read steadily
        self._picture = Picture(session, self.sample_rate)
        self._log = session.log.copy()
        self._tape = Tape(takes, self.log, self.sample_rate) if takes else None

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

    @property
    def quantise(self) -> str:
        """When changes take effect that do not say so: now, beat or bar."""
        return self.session.mailbox.quantise

    @quantise.setter
    def quantise(self, value: str) -> None:
        self.session.mailbox.quantise = check_quantise(value)

    def steer(self, /, quantise: str | None = None, **changes: Any) -> Controls:
        """Change any controls; heard in the very next chunk, or from a beat on.

        Args:
            quantise: "now", or with the next "beat" or "bar" that is not made yet; None: as `Player.quantise`
                says, and at once for `notes`.
            **changes: fields of `Controls`.

        Raises:
            ControlError: refused; nothing is changed and the sound goes on.
        """
        mailbox = self.session.mailbox
        first = not mailbox.arrived  # of a flood, the engine need not be told every drop
        controls = mailbox.post(quantise, **changes)
        if first and mailbox.arrived:
            self._wake()
        return controls

    def cancel(self, *fields: str) -> Controls:
        """Withdraw what waits for a beat or bar: some fields, or all; see `pending` of `status`.

        Raises:
            ControlError: one is no field of `Controls`.
        """
        return self.session.mailbox.cancel(fields or None)

    def arrange(self, action: str, bars: Sequence[int] = (), **edit: Any) -> None:
        """Change bars of the conductor's plan that are still to come.

        Args:
            action: "set" (with `edit`), "lock", "unlock", "roll" (plan anew), "reset", "undo" or "redo".
            bars: their indices, as in `plan` of `status`; none with "roll": every bar that is not locked.
            **edit: any of chords, section, gates, density, brightness, loudness; None takes one back.

        Raises:
            ControlError: refused; nothing is changed and the sound goes on.
        """
        self.order({"action": action, "bars": list(bars) or None, **edit})

    def order(self, order: Mapping[str, Any]) -> None:
        """As `arrange`, from plain values; ControlError as of `PlanOrder.of` too."""
        shown = self._picture.published
        self.session.mailbox.order(PlanOrder.of(order), shown["beat"]["bar"], shown["plan"])

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
        shown = self._picture.published
        warnings = [
            shown["warning"],
            tape and tape.warning,
            device and device.warning,
            ear and ear.sound.warning,
        ]
        return {
            **shown,
            "lead_ms": round(1000.0 * self.lead_s, 2),
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
            "quantise": self.quantise,
            "pending": self._pending(),
        }

    def log(self) -> SessionLog:
        """The session so far: starting controls and events. It grows; take a `copy` to keep."""
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

    def _pending(self) -> list[dict[str, Any]]:
        """What waits for a beat or bar, JSON-ready: which, the beat at which it begins, and the changes."""
        shown = self._picture.published
        at = shown["beat"]
        first = math.floor(at["beat"] + 1e-6)
        beat = at["start_beat"] + first + (0 if at["begins"] else 1)
        bar = at["start_beat"] + (0 if at["begins"] == "bar" else at["beats_per_bar"])
        begin = {"beat": min(beat, bar), "bar": bar} if shown["beat_known"] else {}
        waiting = self.session.mailbox.waiting()
        units = (unit for unit in ("beat", "bar") if unit in waiting)
        return [{"quantise": unit, "beat": begin.get(unit), "changes": waiting[unit]} for unit in units]

    @property
    def gestures(self) -> tuple[Gesture, ...]:
        """The last gestures that chunks were made for, and their way to be heard."""
        return tuple(self._picture.gestures)

    @property
    def _device_s(self) -> float:
        """From `read` to the loudspeaker, where a device of this machine plays."""
        return self.device.latency_s if self.device else 0.0

    @property
    def lead_s(self) -> float:
        """Seconds of sound in the ring at which the next chunk is begun."""
        return self.pace.lead_s(min(LONGEST_BLOCK, self.ring.block / self.sample_rate))

    def _due_in(self) -> float:
        """Seconds until the ring is down to its lead, as it is being read now; 0 or less: due."""
        return len(self.ring) / self.sample_rate - self.lead_s

    def _cut_to(self) -> int | None:
        """Frames that the last chunk can be cut to for what waits to be heard; None if there is no point."""
        session = self.session
        if not session.mailbox.arrived or not (cuttable := session.cuttable):
            return None
        soonest = self.ring.taken + self.ring.block + self.pace.cut_s * self.sample_rate
        began = session.log.samples - self.chunk_samples
        frames = max(cuttable.start, math.ceil((soonest - began) / session.model.frame_samples))
        return frames if frames in cuttable else None

    def _receive(self, made: Made) -> None:
        ahead = len(self.ring)
        self._publish_log(made.session)
        self.ring.write(made.audio_n2)
        now = self.clock.now()
        self._picture.add(made, now, ahead, self._device_s)
        self.pace.took(now - min(made.started, self._due_at))
        self._due_at = now + max(0.0, self._due_in())

    def _receive_cut(self, made: Made, at: int, began: float) -> bool:
        """As `_receive`, of a chunk that takes the place of what is in the ring from sample `at` on.

        Returns:
            Whether it came in time; if not, everything is as before, but what it would have let be heard
            waits again.
        """
        now = self.clock.now()
        self.pace.cut_took(now - began)
        if made.failed or not self.ring.replaceable(at):
            self.session.recall(made.session)
            return False
        ahead = at - self.ring.taken
        self._publish_log(made.session)
        self.ring.replace(at, made.audio_n2)
        self.session = made.session
        self.cuts += 1
        self._picture.add(made, now, ahead, self._device_s)
        self._due_at = now + max(0.0, self._due_in())
        return True

    def _publish_log(self, session: Session) -> None:
        """Show the log's news, before their sound can be heard."""
        shown, log = self._log, session.log
        shown.events.extend(log.events[len(shown.events) :])
        shown.notes.extend(log.notes[len(shown.notes) :])
        shown.samples = log.samples
