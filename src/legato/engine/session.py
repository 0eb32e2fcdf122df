"""One player's music, without threads or clocks: controls in, model inputs out, guarded audio back.

A session is its starting controls plus its event log, and replays bit for bit. Time is counted in samples of
the session: chunk k covers samples [k·N, (k+1)·N). The model's audio lags its frames by `latency_samples`;
that many are cut from the start, so that sample n of the output is sample n of the session.

F frames of a chunk, C latent channels, D control width, P prompt size, N samples of a chunk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from legato.control.mailbox import Letter, Mailbox
from legato.control.mapping import Mapper
from legato.control.state import ControlError, Controls
from legato.engine.log import Event, Note, SessionLog
from legato.engine.model import LiveModel
from legato.engine.output import Output

PATIENCE = 2  # bad chunks in a row after which the musical context is given up
TO_CONDUCTOR = frozenset({"prompts", "seed"})


class Inputs(NamedTuple):
    """What the model needs for one chunk of one player."""

    noise_fc: np.ndarray
    cond_fd: np.ndarray
    steering: Any
    guidance: float
    steps: int


@dataclass(frozen=True)
class Snapshot:
    """A session at a chunk boundary; `Session.restore` goes on from it, as often as you like."""

    log: SessionLog
    controls: Controls
    letter: Letter
    mapper: dict[str, Any]
    scheduled: tuple[Event, ...]
    chunk: int
    state: Any  # of the model; a value that nobody changes
    output: Output
    failures: int
    resets: int


class Session:
    """One player.

    Args:
        model: what makes the sound.
        controls: as the session begins.
        chunk_frames: one of the model's `chunk_sizes`; None: what it usually has.
        events: to come, with sample times; each takes effect at its frame (prompts, guidance, temperature and
            steps at the next chunk).
        now: the clock that live changes are stamped with, seconds.
        failures: samples at which chunks begin that are taken for failed whatever the model makes of them:
            a session in which it failed is played again.

    Raises:
        ControlError: the model has no chunks of `chunk_frames`.
    """

    def __init__(
        self,
        model: LiveModel,
        controls: Controls,
        chunk_frames: int | None = None,
        events: Iterable[Event] = (),
        now: Callable[[], float] = time.perf_counter,
        failures: Iterable[int] = (),
    ) -> None:
        chunk_frames = chunk_size(model, chunk_frames)
        self.model = model
        self.chunk_frames = chunk_frames
        self.chunk_samples = chunk_frames * model.frame_samples
        self.controls = controls
        self.mailbox = Mailbox(controls, now)
        self.log = SessionLog(
            controls,
            chunk_frames,
            model.name,
            fingerprint=model.fingerprint,
            sample_rate=model.sample_rate,
        )
        self.state = model.init_state(chunk_frames)
        self.output = Output(self.chunk_samples)
        self.chunk = 0
        self.resets = 0
        self._failures = 0
        self._to_fail = frozenset(failures)
        self._scheduled = sorted(events, key=lambda event: event.sample)
        frame_rate = model.sample_rate / model.frame_samples
        self._mapper = Mapper(model.styles, controls, model.embed(controls.prompts), frame_rate)

    @property
    def sample(self) -> int:
        """Where the next chunk begins, in samples of the session."""
        return self.chunk * self.chunk_samples

    def prepare(self) -> tuple[Inputs, float | None]:
        """Apply what has arrived and lay out the next chunk.

        Returns:
            The model's inputs, and when the oldest live change among them was posted (None if there is none).
        """
        letter = self.mailbox.collect()
        by_frame = self._due(letter)
        self._apply(by_frame.pop(0, []))
        controls = self.controls  # the chunk's prompt, guidance, temperature and steps
        steering = self.model.steering(controls, self._mapper.heading(controls))
        inputs = Inputs(
            chunk_noise(controls.seed, self.chunk, self.chunk_frames, self.model.latent_channels)
            * np.float32(controls.temperature),
            self._conditions(by_frame),
            steering,
            controls.guidance,
            controls.steps,
        )
        return inputs, letter.posted

    def finish(self, pcm_n2: np.ndarray | None, state: Any) -> np.ndarray:
        """Take the model's chunk and go on to the next.

        Args:
            pcm_n2: float32 [N, 2]; None if the model failed.
            state: the model's state after it; ignored if the chunk is not finite.

        Returns:
            Audio to play, float32 [N or fewer, 2]: shorter at the start, where the model's lag is cut off.
        """
        if pcm_n2 is not None and self.sample not in self._to_fail and np.isfinite(pcm_n2).all():
            self.state, self._failures = state, 0
        else:
            pcm_n2 = None
            self._failures += 1
            self.log.notes.append(Note(self.sample, "failed", self.chunk_samples))
            if self._failures % PATIENCE == 0:
                self.state = self.model.init_state(self.chunk_frames)
                self.resets += 1
        audio_n2 = self.output.process(pcm_n2)
        lag = max(0, self.model.latency_samples - self.sample)
        self.chunk += 1
        self.log.samples = max(0, self.sample - self.model.latency_samples)
        return audio_n2[lag:]

    def position(self) -> dict[str, Any]:
        """Where the music is at the next chunk's start: sample, bar, beat within it, tempo, metre, key."""
        key = self._mapper.heading(self.controls).key if "key" in self.model.honours else None
        return {"sample": self.sample, **self._mapper.position(), "key": key.name if key else None}

    def plan(self, bars: int = 4) -> list[dict[str, Any]]:
        """The bar in play and those after it; empty when the conductor is off, or the model deaf to it."""
        planned = self.controls.conductor == "on" and "chord" in self.model.honours
        return self._mapper.plan(self.controls, bars) if planned else []

    def snapshot(self) -> Snapshot:
        """The whole session as a value; take it between `finish` and the next `prepare`."""
        return Snapshot(
            self.log.copy(),
            self.controls,
            self.mailbox.peek(),
            self._mapper.snapshot(),
            tuple(self._scheduled),
            self.chunk,
            self.state,
            self.output.copy(),
            self._failures,
            self.resets,
        )

    @classmethod
    def restore(cls, model: LiveModel, snapshot: Snapshot) -> Session:
        """A session that goes on exactly where the snapshot was taken."""
        self = cls(model, snapshot.log.controls, snapshot.log.chunk_frames, snapshot.scheduled)
        self.log = snapshot.log.copy()
        self.controls = snapshot.controls
        self.mailbox = Mailbox(snapshot.controls)
        self.mailbox.post(**snapshot.letter.knobs)
        for notes in snapshot.letter.notes:
            self.mailbox.post(notes=notes)
        self._mapper = Mapper.restore(model.styles, snapshot.mapper)
        self.chunk, self.state = snapshot.chunk, snapshot.state
        self.output = snapshot.output.copy()
        self._failures, self.resets = snapshot.failures, snapshot.resets
        return self

    def _due(self, letter: Letter) -> dict[int, list[Event]]:
        """Events of this chunk by frame: knobs at its start, held notes a frame each, scripted ones."""
        moves: list[tuple[int, Mapping[str, Any]]] = []
        while self._scheduled and self._frame(self._scheduled[0]) < self.chunk_frames:
            event = self._scheduled.pop(0)
            moves.append((max(0, self._frame(event)), event.changes))
            self.mailbox.adopt(**event.changes)
        if letter.knobs:
            moves.append((0, letter.knobs))
        moves += [(min(i, self.chunk_frames - 1), {"notes": notes}) for i, notes in enumerate(letter.notes)]
        due: dict[int, list[Event]] = {}
        for frame, changes in moves:
            due.setdefault(frame, []).append(Event(self.sample + frame * self.model.frame_samples, changes))
        return due

    def _frame(self, event: Event) -> int:
        """The frame of this chunk at or after the event; beyond the chunk if it lies later."""
        return -(-(event.sample - self.sample) // self.model.frame_samples)

    def _apply(self, events: list[Event]) -> None:
        for event in events:
            self.controls = self.controls.steer(**event.changes)
            self.log.events.append(event)
        if any(TO_CONDUCTOR & event.changes.keys() for event in events):
            self._mapper.follow(self.controls, self.model.embed(self.controls.prompts))

    def _conditions(self, later: dict[int, list[Event]]) -> np.ndarray:
        """Control vectors of the chunk [F, D]; `later` holds the events after its first frame."""
        parts, start = [], 0
        for frame in sorted(later):
            parts.append(self._mapper.frames(self.controls, frame - start))
            self._apply(later[frame])
            start = frame
        parts.append(self._mapper.frames(self.controls, self.chunk_frames - start))
        return np.concatenate(parts)


def chunk_size(model: LiveModel, frames: int | None) -> int:
    """Frames per chunk: as asked for, or (None) the model's own.

    Raises:
        ControlError: the model has no such chunks.
    """
    if frames is None:
        return model.chunk_frames
    if frames not in model.chunk_sizes:
        first, last = model.chunk_sizes[0], model.chunk_sizes[-1]
        choice = f"a whole number from {first} to {last}" if first < last else f"{first} for this model"
        raise ControlError(f"chunk_frames is {frames!r:.40}; it must be {choice}")
    return frames


def chunk_noise(seed: int, index: int, frames: int, channels: int) -> np.ndarray:
    """Standard normal noise of chunk `index`, float32 [F, C]; the same as `models.sampling.chunk_noise`."""
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, index]))
    return rng.standard_normal((frames, channels), dtype=np.float32)
