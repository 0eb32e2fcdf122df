"""At the helm of a session: what is asked for, bound to frames, and the conductor who follows it.

Live changes, scripted ones and those that waited for a beat all end up at a frame of a chunk; frame by frame
they are followed, and the control vectors of the music laid out.

D control width.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from legato.control.mailbox import Letter, Mailbox, Notes
from legato.control.mapping import Heading, Mapper, beat_is_known
from legato.control.plan_order import PlanOrder
from legato.control.state import Controls
from legato.engine.chunk import Due
from legato.engine.ledger import Ledger
from legato.engine.log import PLAN, Event
from legato.engine.model import LiveModel

TO_CONDUCTOR = frozenset({"prompts", "seed"})
WARNING_S = 5.0  # for which it is said that something was not done as asked
NO_BEAT = (
    "no beat is known while the conductor is free and bpm is open: changes for a beat or bar are made at once"
)


class Helm:
    """Controls of one session.

    Args:
        model: what makes the sound.
        controls: as the session begins.
        mailbox: where live changes arrive.
        chunk_frames: frames of a whole chunk.
        events: to come, with sample times.

    Attributes:
        controls: in force at the next frame.
        mapper: the conductor, and the way from controls to vectors, at the next frame.
        letter: what arrived for the last chunk.
        orders: to the conductor, carried out.
    """

    def __init__(
        self,
        model: LiveModel,
        controls: Controls,
        mailbox: Mailbox,
        chunk_frames: int,
        events: Iterable[Event] = (),
    ) -> None:
        self.controls = controls
        self.mailbox = mailbox
        self.letter = Letter({}, (), (), None)
        self.orders = 0
        self._model = model
        self._chunk_frames = chunk_frames
        self._scheduled = sorted(events, key=lambda event: event.sample)
        self._warning: tuple[int, str] | None = None  # sample, sentence
        frame_rate = model.sample_rate / model.frame_samples
        self.mapper = Mapper(model.styles, controls, model.embed(controls.prompts), frame_rate)

    @property
    def scheduled(self) -> tuple[Event, ...]:
        """Events still to come."""
        return tuple(self._scheduled)

    @property
    def beat_known(self) -> bool:
        """Whether there is a beat that changes can wait for."""
        return beat_is_known(self.controls)

    def warning(self, sample: int) -> str | None:
        """What was not done as it was asked, one sentence; None a few seconds later."""
        since, sentence = self._warning or (0, None)
        return sentence if sample - since <= WARNING_S * self._model.sample_rate else None

    def position(self) -> dict[str, Any]:
        """Where the music is at the next frame: bar, beat within it, tempo, metre, key."""
        key = self.mapper.heading(self.controls).key if "key" in self._model.honours else None
        return {**self.mapper.position(), "key": key.name if key else None}

    def plan(self, bars: int) -> list[dict[str, Any]]:
        """The bar in play and those after it; empty when the conductor is off, or the model deaf to it."""
        planned = self.controls.conductor == "on" and "chord" in self._model.honours
        return self.mapper.plan(self.controls, bars) if planned else []

    def copy(self) -> Helm:
        """Another at the same place: both hear the same mailbox, and only one may go on."""
        twin = copy.copy(self)
        twin._scheduled = list(self._scheduled)
        return twin

    def go_to(self, controls: Controls, mapper: Mapping[str, Any]) -> None:
        """To another place: controls in force there, and what `Mapper.snapshot` gave."""
        self.controls = controls
        self.mapper = Mapper.restore(self._model.styles, mapper)

    def collect(self, sample: int, heard: int) -> Due:
        """Open the mailbox: changes by frame of the chunk that begins at a sample.

        Scripted ones are due at their frames, knobs at the first, held notes a frame each. Of the chunk
        `heard` frames will be heard; what is scripted beyond them is due later.
        """
        self.letter = letter = self.mailbox.collect()
        due: Due = [[] for _ in range(self._chunk_frames)]
        while self._scheduled and self._frame(self._scheduled[0], sample) < heard:
            event = self._scheduled.pop(0)
            due[max(0, self._frame(event, sample))].append(event.changes)
            self.mailbox.adopt(**{name: value for name, value in event.changes.items() if name != PLAN})
        due[0] += [{PLAN: order.to_dict()} for order in letter.orders]
        if letter.knobs:
            due[0].append(letter.knobs)
        self._spread(letter.notes, 0, due)
        return due

    def follow(
        self, due: Due, sample: int, frames: int, log: Ledger[Event] | None = None
    ) -> tuple[Controls, Heading, np.ndarray]:
        """Go through the first frames of the chunk that begins at a sample, following the changes of each.

        What waits for a beat joins `due` where it begins, and all that is followed joins `log`; without a log
        this was gone through before.

        Returns:
            The controls in force at the first frame (its prompt, guidance, temperature and steps are the
            chunk's), where the music is bound for there, and control vectors [frames, D].
        """
        first, heading, parts = self.controls, self.mapper.heading(self.controls), []
        for frame in range(frames):
            at = sample + frame * self._model.frame_samples
            if log is not None:
                self._release(frame, sample, due)
            self._apply([Event(at, changes) for changes in due[frame]], sample, log)
            if frame == 0:
                first, heading = self.controls, self.mapper.heading(self.controls)
            parts.append(self.mapper.frames(self.controls, 1))
        return first, heading, np.concatenate(parts)

    def _release(self, frame: int, sample: int, due: Due) -> None:
        """Add what waited for the beat or bar that begins with a frame; without a beat, whatever waits."""
        unit = self.mapper.begins if self.beat_known else "bar"
        if unit is None or not self.mailbox.waits:
            return
        if not self.beat_known:
            self._warning = (sample, NO_BEAT)
        knobs, notes = self.mailbox.release(unit)
        if knobs:
            due[frame].append(knobs)
        self._spread(notes, frame, due)

    def _spread(self, sets: tuple[Notes, ...], frame: int, due: Due) -> None:
        """Held notes a frame each, so that each is heard; those beyond the chunk in its last frame."""
        for number, notes in enumerate(sets):
            due[min(frame + number, self._chunk_frames - 1)].append({"notes": notes})

    def _frame(self, event: Event, sample: int) -> int:
        """The frame at or after the event, of a chunk that begins at `sample`; it may lie beyond its end."""
        return -(-(event.sample - sample) // self._model.frame_samples)

    def _apply(self, events: Sequence[Event], sample: int, log: Ledger[Event] | None) -> None:
        """Follow the changes of one frame."""
        for event in events:
            changes = dict(event.changes)
            if order := changes.pop(PLAN, None):
                self._arrange(PlanOrder.of(order), sample)
            self.controls = self.controls.steer(**changes)
            if log is not None:
                log.append(event)
        if any(TO_CONDUCTOR & event.changes.keys() for event in events):
            self.mapper.follow(self.controls, self._model.embed(self.controls.prompts))

    def _arrange(self, order: PlanOrder, sample: int) -> None:
        self.orders += 1
        if left := self.mapper.arrange(order):
            bars = f"bar{'s' * (len(left) > 1)} {', '.join(map(str, left))}"
            self._warning = (sample, f"the plan of {bars} stays as it was: begun already, or locked")
