"""One player's music, without threads or clocks: controls in, model inputs out, guarded audio back.

A session is its starting controls plus its event log, and replays bit for bit. Time is counted in samples of
the session: a chunk covers N of them, or fewer where it was cut. The model's audio lags its frames by
`latency_samples`; that many are left out at the start, so that sample n of the output is sample n of the
session.

A chunk that is not yet heard can be cut at any of its frames, and the next one begins there with newer
controls: everything is causal from frame to frame but the model's own look within the chunk, so the sound
goes on without a seam.

C latent channels, T frames, N samples of a chunk. Controls are the business of `helm`.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from legato.control.mailbox import Letter, Mailbox
from legato.control.state import Controls
from legato.engine.chunk import Begun, Inputs, chunk_noise, chunk_size
from legato.engine.ear import Ear
from legato.engine.helm import Helm
from legato.engine.log import Event, Note, SessionLog, pack
from legato.engine.model import LiveModel
from legato.engine.output import Output
from legato.engine.snapshot import Snapshot

logger = logging.getLogger(__name__)

PATIENCE = 2  # bad chunks in a row after which the musical context is given up


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
        cuts: samples at which chunks begin to the samples they are cut to, for the same reason; one cut to
            none is followed by another that begins there.
        heard: latents [T, C] by the sample before which the model takes them for its past: at 0 what it goes
            on from, whole chunks of any number; later a chunk each, for a session that listened.

    Attributes:
        mailbox: where live changes arrive.
        behind: frames of the last chunk.
        ear: hears what comes in, if anything does.

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
        cuts: Mapping[int, Sequence[int]] | None = None,
        heard: Mapping[int, np.ndarray] | None = None,
    ) -> None:
        chunk_frames = chunk_size(model, chunk_frames)
        self.model = model
        self.chunk_frames = chunk_frames
        self.chunk_samples = chunk_frames * model.frame_samples
        self.mailbox = Mailbox(controls, now)
        self.log = SessionLog(
            controls,
            chunk_frames,
            model.name,
            fingerprint=model.fingerprint,
            sample_rate=model.sample_rate,
        )
        self.ear: Ear | None = None
        self._heard = dict(heard or {})
        if (before := self._heard.pop(0, None)) is None:
            self.state = model.init_state(chunk_frames)
        else:
            self.state = model.after(before.astype(np.float32), chunk_frames)
            self.log.notes.append(Note(0, "heard", pack(before)))
        self.output = Output(self.chunk_samples)
        self.chunk = 0
        self.sample = 0  # where the next chunk begins
        self.behind = chunk_frames
        self.resets = 0
        self._failures = 0
        self._to_fail = frozenset(failures)
        self._cuts = {sample: list(lengths) for sample, lengths in (cuts or {}).items()}
        self._begun: Begun | None = None
        self._logged = 0, 0  # events and notes when a fork was cut
        self._helm = Helm(model, controls, self.mailbox, chunk_frames, events)

    @property
    def controls(self) -> Controls:
        """In force where the next chunk begins, but for what arrives until then."""
        return self._helm.controls

    @property
    def letter(self) -> Letter:
        """What arrived for the last chunk."""
        return self._helm.letter

    @property
    def orders(self) -> int:
        """How many orders the conductor was given."""
        return self._helm.orders

    @property
    def warning(self) -> str | None:
        """What was not done as it was asked, one sentence; None a few seconds later."""
        return self._helm.warning(self.sample)

    @property
    def beat_known(self) -> bool:
        """Whether there is a beat that changes can wait for."""
        return self._helm.beat_known

    def prepare(self) -> tuple[Inputs, float | None]:
        """Apply what has arrived and lay out the next chunk.

        Returns:
            The model's inputs, and when the oldest live change among them was posted (None if there is none).
        """
        self._begun = None
        lengths = self._cuts.get(self.sample)
        heard = lengths[0] // self.model.frame_samples if lengths else self.chunk_frames
        due = self._helm.collect(self.sample, heard)
        begun = Begun(
            self.sample,
            self.controls,
            self._helm.mapper.snapshot(),
            due,
            self.behind,
            self.state,
            self.output.copy(),
        )
        controls, heading, cond_fd = self._helm.follow(due, self.sample, self.chunk_frames, self.log.events)
        self._listen(controls)
        inputs = Inputs(
            chunk_noise(controls.seed, self.chunk, self.chunk_frames, self.model.latent_channels)
            * np.float32(controls.temperature),
            cond_fd,
            self.model.steering(controls, heading),
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
        if self.ear:
            self.ear.keep(pcm_n2)
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

        Cut to none, it is made anew: all that is left where the model cannot cut. A session that listens is
        not cut.
        """
        if self._begun is None or self.ear:  # whose past is made of whole chunks
            return range(0)
        last = max((frame for frame, changes in enumerate(self._begun.due) if changes), default=-1)
        return range(last + 1, self.chunk_frames if self.model.cuts else 1)

    def cut(self, frames: int) -> Session:
        """A session as if the last chunk of this one had been one of `cuttable` long.

        The two share mailbox and log: only one may go on, this one after `recall`.
        """
        self._logged = len(self.log.events), len(self.log.notes)
        fork = copy.copy(self)
        fork.log = replace(self.log)
        fork._helm = self._helm.copy()
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
        self._helm.go_to(begun.controls, begun.mapper)
        self.sample, self.output = begun.sample, begun.output.copy()
        samples = frames * self.model.frame_samples
        self.log.notes.append(Note(begun.sample, "cut", samples))
        if frames == 0:
            self.state = begun.state
            self._move_on(0)
            self.behind = begun.behind
            return
        self._helm.follow(begun.due, begun.sample, frames)
        self.state = self.model.cut(begun.state, self.state, frames)
        self.output.process(begun.pcm_n2[:samples])
        self._move_on(frames)

    def _move_on(self, frames: int) -> None:
        self.behind = frames
        self.sample += frames * self.model.frame_samples
        self.log.samples = max(0, self.sample - self.model.latency_samples)

    def position(self) -> dict[str, Any]:
        """Where the music is at the next chunk's start: sample, bar, beat within it, tempo, metre, key."""
        return {"sample": self.sample, **self._helm.position()}

    def plan(self, bars: int = 4) -> list[dict[str, Any]]:
        """The bar in play and those after it; empty when the conductor is off, or the model deaf to it."""
        return self._helm.plan(bars)

    def snapshot(self) -> Snapshot:
        """The whole session as a value; take it between `finish` and the next `prepare`."""
        return Snapshot(
            self.log.copy(),
            self.controls,
            self.mailbox.copy(),
            self._helm.mapper.snapshot(),
            self._helm.scheduled,
            {sample: tuple(lengths) for sample, lengths in self._cuts.items()},
            self.chunk,
            self.sample,
            self.behind,
            self.state,
            self.output.copy(),
            self._failures,
            self.resets,
            self.ear.copy() if self.ear else None,
            self._heard,
        )

    @classmethod
    def restore(cls, model: LiveModel, snapshot: Snapshot) -> Session:
        """A session that goes on exactly where the snapshot was taken."""
        log = snapshot.log
        self = cls(model, log.controls, log.chunk_frames, snapshot.scheduled, cuts=snapshot.cuts)
        self.log = log.copy()
        self.mailbox = self._helm.mailbox = snapshot.mailbox.copy()
        self._helm.go_to(snapshot.controls, snapshot.mapper)
        self.chunk, self.sample, self.state = snapshot.chunk, snapshot.sample, snapshot.state
        self.behind, self.output = snapshot.behind, snapshot.output.copy()
        self._failures, self.resets = snapshot.failures, snapshot.resets
        self.ear, self._heard = snapshot.ear.copy() if snapshot.ear else None, dict(snapshot.heard)
        return self

    def _listen(self, controls: Controls) -> None:
        """Have the model take what was heard for its last chunk."""
        latents_fc = self._heard.get(self.sample)
        if latents_fc is None and self.ear and self.chunk:
            beat = None
            if controls.bpm or controls.conductor == "on":
                beat = 60.0 * self.model.sample_rate / self._helm.mapper.bpm
            before = self.sample - self.chunk_samples
            try:
                latents_fc = self.ear.hear(before, self.chunk_samples, controls.listen, beat)
            except Exception:  # whatever comes in, the music goes on
                logger.exception("a chunk goes on from its own past, as what came in could not be heard")
        if latents_fc is not None:
            self.state = self.model.remember(latents_fc.astype(np.float32), self.state)
            self.log.notes.append(Note(self.sample, "heard", pack(latents_fc)))
