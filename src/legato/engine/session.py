"""One player's music, without threads or clocks: controls in, model inputs out, guarded audio back.

A session is its starting controls plus its event log, and replays bit for bit. Time is counted in samples of
the session: a chunk covers N of them, or fewer where it was cut. The model's audio lags its frames by
`latency_samples`; that many are left out at the start, so that sample n of the output is sample n of the
session.

A chunk that is not yet heard can be cut at any of its frames, and the next one begins there with newer
controls: everything is causal from frame to frame but the model's own look within the chunk, so the sound
goes on without a seam.

F frames of a chunk, C latent channels, D control width, P prompt size, N samples of a chunk.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from legato.control.mailbox import Letter, Mailbox
from legato.control.mapping import Mapper
from legato.control.state import ControlError, Controls
from legato.engine.log import Event, Note, SessionLog
from legato.engine.model import LiveModel
from legato.engine.output import Output

CHUNK_FRAMES = range(2, 9)
PATIENCE = 2  # bad chunks in a row after which the musical context is given up
TO_CONDUCTOR = frozenset({"prompts", "seed"})


class Inputs(NamedTuple):
    """What the model needs for one chunk of one player."""

    noise_fc: np.ndarray
    cond_fd: np.ndarray
    prompt_p: np.ndarray
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
    cuts: Mapping[int, Sequence[int]]
    chunk: int
    sample: int
    behind: int
    state: Any  # of the model; a value that nobody changes
    output: Output
    failures: int
    resets: int


@dataclass
class _Begun:
    """What the last chunk began with, and what the model made of it: enough to cut it short."""

    sample: int
    controls: Controls
    mapper: dict[str, Any]
    due: Mapping[int, list[Event]]  # by frame
    behind: int
    state: Any
    output: Output
    pcm_n2: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))


class Session:
    """One player.

    Args:
        model: what makes the sound.
        controls: as the session begins.
        chunk_frames: 2–8 frames of 40 ms.
        events: to come, with sample times; each takes effect at its frame (prompts, guidance, temperature and
            steps at the next chunk).
        now: the clock that live changes are stamped with, seconds.
        failures: samples at which chunks begin that are taken for failed whatever the model makes of them:
            a session in which it failed is played again.
        cuts: samples at which chunks begin to the samples they are cut to, for the same reason; one cut to
            none is followed by another that begins there.

    Attributes:
        letter: what arrived for the last chunk.
        behind: frames of the last chunk.

    Raises:
        ControlError: `chunk_frames` is out of range.
    """

    def __init__(
        self,
        model: LiveModel,
        controls: Controls,
        chunk_frames: int = 4,
        events: Iterable[Event] = (),
        now: Callable[[], float] = time.perf_counter,
        failures: Iterable[int] = (),
        cuts: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        if chunk_frames not in CHUNK_FRAMES:
            raise ControlError(f"chunk_frames is {chunk_frames!r:.40}; it must be a whole number from 2 to 8")
        self.model = model
        self.chunk_frames = chunk_frames
        self.chunk_samples = chunk_frames * model.frame_samples
        self.controls = controls
        self.mailbox = Mailbox(controls, now)
        self.log = SessionLog(controls, chunk_frames, model.name, fingerprint=model.fingerprint)
        self.state = model.init_state(chunk_frames)
        self.output = Output(self.chunk_samples)
        self.chunk = 0
        self.sample = 0  # where the next chunk begins
        self.behind = chunk_frames
        self.letter = self.mailbox.peek()
        self.resets = 0
        self._failures = 0
        self._to_fail = frozenset(failures)
        self._cuts = {sample: list(lengths) for sample, lengths in (cuts or {}).items()}
        self._begun: _Begun | None = None
        self._logged = 0, 0  # events and notes when a fork was cut
        self._scheduled = sorted(events, key=lambda event: event.sample)
        self._mapper = Mapper(model.styles, controls, model.embed(controls.prompts))

    def prepare(self) -> tuple[Inputs, float | None]:
        """Apply what has arrived and lay out the next chunk.

        Returns:
            The model's inputs, and when the oldest live change among them was posted (None if there is none).
        """
        self._begun = None
        self.letter = self.mailbox.collect()
        due = self._due(self.letter)
        begun = _Begun(
            self.sample,
            self.controls,
            self._mapper.snapshot(),
            due,
            self.behind,
            self.state,
            self.output.copy(),
        )
        self._apply(due.get(0, ()))
        controls = self.controls  # the chunk's prompt, guidance, temperature and steps
        inputs = Inputs(
            chunk_noise(controls.seed, self.chunk, self.chunk_frames, self.model.latent_channels)
            * np.float32(controls.temperature),
            self._conditions(due, self.chunk_frames),
            self.model.embed(controls.prompts),
            controls.guidance,
            controls.steps,
        )
        self._begun = begun
        return inputs, self.letter.posted

    def finish(self, pcm_n2: np.ndarray | None, state: Any) -> np.ndarray:
        """Take the model's chunk and go on to the next.

        Args:
            pcm_n2: float32 [N, 2]; None if the model failed.
            state: the model's state after it; ignored if the chunk is not finite.

        Returns:
            Audio to play, float32 [N or fewer, 2]: shorter at the start, where the model's lag is cut off.
        """
        to_fail = self.sample in self._to_fail and not self._cuts.get(self.sample)  # what failed was not cut
        if pcm_n2 is not None and not to_fail and np.isfinite(pcm_n2).all():
            self.state, self._failures = state, 0
            if self._begun:
                self._begun.pcm_n2 = pcm_n2
        else:
            pcm_n2 = self._begun = None
            self._failures += 1
            self.log.notes.append(Note(self.sample, "failed", self.chunk_samples))
            if self._failures % PATIENCE == 0:
                self.state = self.model.init_state(self.chunk_frames)
                self.resets += 1
        audio_n2 = self.output.process(pcm_n2)
        began = self.sample
        self.chunk += 1
        self._move_on(self.chunk_frames)
        if self._begun and (lengths := self._cuts.get(began)):
            self._cut(lengths.pop(0) // self.model.frame_samples)
        return audio_n2[: self.sample - began][max(0, self.model.latency_samples - began) :]

    @property
    def cuttable(self) -> range:
        """Lengths in frames that the last chunk may be cut to: not before the last event that it heard.

        Cut to none, it is made anew. A model without `cut` has chunks that are whole or nothing.
        """
        if self._begun is None or not hasattr(self.model, "cut"):
            return range(0)
        return range(max(self._begun.due, default=-1) + 1, self.chunk_frames)

    def cut(self, frames: int) -> Session:
        """A session as if the last chunk of this one had been one of `cuttable` long.

        The two share mailbox and log: only one may go on, this one after `recall`.
        """
        self._logged = len(self.log.events), len(self.log.notes)
        fork = copy.copy(self)
        fork.log = replace(self.log)
        fork._scheduled = list(self._scheduled)
        fork._cut(frames)
        return fork

    def recall(self, fork: Session) -> None:
        """Go on instead of `fork`, which came from `cut`: all it was told waits to be heard again."""
        events, notes = self._logged
        del self.log.events[events:], self.log.notes[notes:]
        self.mailbox.put_back(fork.letter)

    def _cut(self, frames: int) -> None:
        begun, self._begun = self._begun, None
        assert begun is not None
        self._mapper = Mapper.restore(self.model.styles, begun.mapper)
        self.sample, self.controls, self.output = begun.sample, begun.controls, begun.output.copy()
        samples = frames * self.model.frame_samples
        self.log.notes.append(Note(begun.sample, "cut", samples))
        if frames == 0:
            self.state = begun.state
            self._move_on(0)
            self.behind = begun.behind
            return
        self._apply(begun.due.get(0, ()), again=True)
        self._conditions(begun.due, frames, again=True)
        self.state = self.model.cut(begun.state, self.state, frames)
        self.output.process(begun.pcm_n2[:samples])
        self._move_on(frames)

    def _move_on(self, frames: int) -> None:
        self.behind = frames
        self.sample += frames * self.model.frame_samples
        self.log.samples = max(0, self.sample - self.model.latency_samples)

    def position(self) -> dict[str, Any]:
        """Where the music is at the next chunk's start: sample, bar, beat within it, tempo, metre."""
        return {"sample": self.sample, **self._mapper.position()}

    def plan(self, bars: int = 4) -> list[dict[str, Any]]:
        """The bar in play and those after it; empty when the conductor is off."""
        return self._mapper.plan(self.controls, bars) if self.controls.conductor == "on" else []

    def snapshot(self) -> Snapshot:
        """The whole session as a value; take it between `finish` and the next `prepare`."""
        return Snapshot(
            self.log.copy(),
            self.controls,
            self.mailbox.peek(),
            self._mapper.snapshot(),
            tuple(self._scheduled),
            {sample: tuple(lengths) for sample, lengths in self._cuts.items()},
            self.chunk,
            self.sample,
            self.behind,
            self.state,
            self.output.copy(),
            self._failures,
            self.resets,
        )

    @classmethod
    def restore(cls, model: LiveModel, snapshot: Snapshot) -> Session:
        """A session that goes on exactly where the snapshot was taken."""
        log = snapshot.log
        self = cls(model, log.controls, log.chunk_frames, snapshot.scheduled, cuts=snapshot.cuts)
        self.log = log.copy()
        self.controls = snapshot.controls
        self.mailbox = Mailbox(snapshot.controls)
        self.mailbox.post(**snapshot.letter.knobs)
        for notes in snapshot.letter.notes:
            self.mailbox.post(notes=notes)
        self._mapper = Mapper.restore(model.styles, snapshot.mapper)
        self.chunk, self.sample, self.state = snapshot.chunk, snapshot.sample, snapshot.state
        self.behind, self.output = snapshot.behind, snapshot.output.copy()
        self._failures, self.resets = snapshot.failures, snapshot.resets
        return self

    def _due(self, letter: Letter) -> dict[int, list[Event]]:
        """Events of this chunk by frame: knobs at its start, held notes a frame each, scripted ones."""
        moves: list[tuple[int, Mapping[str, Any]]] = []
        lengths = self._cuts.get(self.sample)
        heard = lengths[0] // self.model.frame_samples if lengths else self.chunk_frames
        while self._scheduled and self._frame(self._scheduled[0]) < heard:
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

    def _apply(self, events: Sequence[Event], again: bool = False) -> None:
        """Follow the events and log them, unless they were logged when they were applied before."""
        for event in events:
            self.controls = self.controls.steer(**event.changes)
            if not again:
                self.log.events.append(event)
        if any(TO_CONDUCTOR & event.changes.keys() for event in events):
            self._mapper.follow(self.controls, self.model.embed(self.controls.prompts))

    def _conditions(self, due: Mapping[int, list[Event]], frames: int, again: bool = False) -> np.ndarray:
        """Control vectors of the chunk's first frames [frames, D]; the first one's events are applied."""
        parts, start = [], 0
        for frame in sorted(due.keys() - {0}):
            parts.append(self._mapper.frames(self.controls, frame - start))
            self._apply(due[frame], again)
            start = frame
        parts.append(self._mapper.frames(self.controls, frames - start))
        return np.concatenate(parts)


def chunk_noise(seed: int, index: int, frames: int, channels: int) -> np.ndarray:
    """Standard normal noise of chunk `index`, float32 [F, C]; the same as `models.sampling.chunk_noise`."""
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, index]))
    return rng.standard_normal((frames, channels), dtype=np.float32)
