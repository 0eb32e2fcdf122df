"""Playing without a clock: chunks as fast as they can be made, the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from legato.control.plan_order import MOST_AHEAD, PlanOrder
from legato.control.state import Controls
from legato.engine.batcher import make_chunks
from legato.engine.ear import Ear, Sound
from legato.engine.log import Event, SessionLog
from legato.engine.model import LiveModel
from legato.engine.session import Session
from legato.engine.snapshot import Snapshot
from legato.io.recorder import write_wav


@dataclass(frozen=True)
class Rendered:
    """Finished audio and how it was made.

    Attributes:
        audio: float32 [N, 2] within ±1.
        sample_rate: samples per second.
        log: starting controls and events; `Instrument.replay` plays it again.
        chunk_ms: length of a chunk.
        generate_s, decode_s: seconds spent on latents, and from latents to samples.
        first_audio_s: seconds until the first samples were there.
        counts: what the output guard had to do.
    """

    audio: np.ndarray
    sample_rate: int
    log: SessionLog
    chunk_ms: float
    generate_s: float
    decode_s: float
    first_audio_s: float
    counts: dict[str, int]

    @property
    def seconds(self) -> float:
        """Length of the audio."""
        return len(self.audio) / self.sample_rate

    @property
    def rtf(self) -> float:
        """Compute seconds per second of audio."""
        return (self.generate_s + self.decode_s) / self.seconds

    def save(self, path: str | Path) -> None:
        """Write a 24-bit WAV file; RecorderError if it cannot be written."""
        write_wav(path, self.audio, self.sample_rate)


class Stream(Iterator[np.ndarray]):
    """Endless music, chunk by chunk: iterate for float32 [N, 2], `steer` at any time.

    The first chunk is shorter by the decoder's lag, so that the music starts at sample 0.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.sample = session.log.samples
        self.generate_s = 0.0
        self.decode_s = 0.0

    @classmethod
    def start(
        cls,
        model: LiveModel,
        controls: Controls,
        chunk_frames: int | None = None,
        events: Iterable[Event] = (),
        failures: Iterable[int] = (),
        cuts: Mapping[int, Sequence[int]] | None = None,
        heard: Mapping[int, np.ndarray] | None = None,
        sound: Sound | None = None,
    ) -> Stream:
        """A stream from its beginning, see `Session`; it listens to `sound`, if that is given."""
        session = Session(model, controls, chunk_frames, events, failures=failures, cuts=cuts, heard=heard)
        session.ear = Ear(model, sound) if sound else None
        return cls(session)

    def __next__(self) -> np.ndarray:
        (made,) = make_chunks(self._session.model, [self._session])
        self.sample += len(made.audio_n2)
        self.generate_s += made.generate_s
        self.decode_s += made.decode_s
        return made.audio_n2

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        return self._session.model.sample_rate

    @property
    def chunk_ms(self) -> float:
        """Length of a chunk."""
        return 1000.0 * self._session.chunk_samples / self.sample_rate

    @property
    def controls(self) -> Controls:
        """What was last asked for."""
        return self._session.mailbox.controls

    @property
    def counts(self) -> dict[str, int]:
        """What the output guard had to do so far."""
        return self._session.output.counts.to_dict()

    def steer(self, /, quantise: str | None = None, **changes: Any) -> Controls:
        """Change any controls; heard in the very next chunk, and what came before stays as it is.

        Args:
            quantise: "beat" or "bar" waits for the next one; else at once.
            **changes: fields of `Controls`.

        Raises:
            ControlError: refused; nothing is changed.
        """
        return self._session.mailbox.post(quantise, **changes)

    def arrange(self, action: str, bars: Sequence[int] = (), **edit: Any) -> None:
        """Change bars of the plan that are still to come, see `Player.arrange`.

        Raises:
            ControlError: refused; nothing is changed.
        """
        order = PlanOrder.of({"action": action, "bars": list(bars) or None, **edit})
        plan = self.plan(MOST_AHEAD + 1) if bars else []
        self._session.mailbox.order(order, self.position()["bar"], plan)

    def plan(self, bars: int = 4) -> list[dict[str, Any]]:
        """What the conductor intends: the bar in play and those after it."""
        return self._session.plan(bars)

    def position(self) -> dict[str, Any]:
        """Sample, bar, beat, tempo and metre at the next chunk's start."""
        return self._session.position()

    def log(self) -> SessionLog:
        """The session so far: starting controls and events."""
        return self._session.log.copy()

    def snapshot(self) -> Snapshot:
        """The whole state as a value; `Instrument.restore` goes on from it."""
        return self._session.snapshot()
