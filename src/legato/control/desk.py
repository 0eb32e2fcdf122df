"""The desk: where hands on hardware meet the instrument.

MIDI and OSC lay down what they ask for; `flush` hands it to the player that sounds, through `Player.steer`
as every other client does. Thousands of events a second cost no more than a few: of a knob the last value
wins, held notes stay in order. Without a player, knobs wait for one.

Threading: `ask`, `hold` and `controls` from any thread, `flush` from one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from legato.control.state import HIGHEST_NOTE, LOWEST_NOTE, MAX_NOTES, ControlError, Controls, checked

MAX_SETS = 4  # of held notes between two flushes; a flood beyond them keeps the newest


class Playable(Protocol):
    """What is played: `engine.player.Player`."""

    @property
    def quantise(self) -> str:
        """When changes take effect that do not say so; may be set."""
        ...

    @quantise.setter
    def quantise(self, value: str) -> None: ...

    @property
    def controls(self) -> Controls:
        """What was last asked for."""
        ...

    def steer(self, /, quantise: str | None = None, **changes: Any) -> Controls:
        """Ask for changes, for whenever `quantise` says."""
        ...

    def cancel(self, *fields: str) -> Controls:
        """Withdraw what waits for a beat or bar."""
        ...

    def order(self, order: Mapping[str, Any]) -> None:
        """Ask something of the conductor."""
        ...

    def status(self) -> dict[str, Any]:
        """Counters, beat, plan."""
        ...


class Desk:
    """Gathers changes from several sources for one player. Until `connect` there is none."""

    def __init__(self) -> None:
        self.arrived = threading.Event()  # something waits to be flushed
        self._find: Callable[[], Playable | None] = lambda: None
        self._start = Controls()
        self._lock = threading.Lock()
        self._knobs: dict[str, tuple[Any, str | None]] = {}  # value, and when it is to take effect
        self._held: dict[str, tuple[int, ...]] = {}
        self._sets: list[frozenset[int]] = []
        self._sounding: frozenset[int] = frozenset()  # as last flushed
        self._player: Playable | None = None

    def connect(self, find: Callable[[], Playable | None], controls: Controls | None = None) -> None:
        """Play from now on what `find` gives; None while nobody listens.

        Args:
            find: called often, from any thread.
            controls: what a player will start with; shown while there is none.
        """
        self._start = controls or self._start
        self._find = find

    @property
    def controls(self) -> Controls:
        """What has been asked for, by anyone, heard or not yet."""
        player = self._find()
        with self._lock:
            asked = player.controls if player else self._start
            return asked.steer(**{name: value for name, (value, _) in self._knobs.items()})

    def status(self) -> dict[str, Any] | None:
        """The player's; None while there is none."""
        player = self._find()
        return player.status() if player else None

    @property
    def playing(self) -> Playable:
        """The player.

        Raises:
            ControlError: there is none.
        """
        player = self._find()
        if player is None:
            raise ControlError("nothing plays; start the music first")
        return player

    def ask(self, /, quantise: str | None = None, **changes: Any) -> None:
        """Ask for knobs: anything but `notes`, which are held (`hold`).

        Args:
            quantise: "now", "beat" or "bar"; None: as the player says.
            **changes: fields of `Controls`.

        Raises:
            ControlError: refused; nothing is changed.
        """
        kept = {name: (checked(name, value), quantise) for name, value in changes.items()}
        with self._lock:
            self._knobs.update(kept)
        self.arrived.set()

    def hold(self, source: str, notes: Iterable[int]) -> None:
        """The notes a source holds from now on, in the order they were pressed.

        What the keys of all sources hold sounds together: the newest 16 within the range of notes.
        """
        playable = tuple(note for note in notes if LOWEST_NOTE <= note <= HIGHEST_NOTE)
        with self._lock:
            self._held.pop(source, None)
            self._held[source] = playable
            together = dict.fromkeys(note for held in self._held.values() for note in held)
            self._lay(frozenset(list(together)[-MAX_NOTES:]))
        self.arrived.set()

    def flush(self) -> None:
        """Hand what has gathered to the player."""
        player = self._find()
        with self._lock:
            sets, self._sets = self._sets, []
            if sets:
                self._sounding = sets[-1]
            if player is None:
                self._player = None
                return
            if player is not self._player:
                self._player = player
                # A page may start where it stopped: with keys that were down then and are up by now.
                sets = [self._sounding] if self._held else []
            knobs, self._knobs = self._knobs, {}
        for when in dict.fromkeys(when for _, when in knobs.values()):
            player.steer(when, **{name: value for name, (value, unit) in knobs.items() if unit == when})
        for notes in sets:
            player.steer(notes=notes)

    def _lay(self, notes: frozenset[int]) -> None:
        """Append a set, merged with the last where both only add notes, or both only release them.

        So a chord whose keys go down together is one gesture, and a short note keeps its start and its end.
        """
        before = [self._sounding, *self._sets]
        if notes == before[-1]:
            return
        if self._sets and (before[-2] < before[-1] < notes or before[-2] > before[-1] > notes):
            self._sets[-1] = notes
        else:
            self._sets = [*self._sets, notes][-MAX_SETS:]
