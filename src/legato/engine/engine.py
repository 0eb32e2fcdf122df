"""The engine: one thread that keeps every player's ring filled, a bounded lead ahead of playback.

Threading: the engine thread alone runs the model and writes the rings. It starts a player's next chunk just
in time (`pace.py`), so that controls are bound as late as is safe; a player who does not read costs nothing.
A gesture that comes when most of a chunk is still to be heard does not wait for its end: the chunk is cut at
the next frame that leaves time enough, and the ring goes on with another from there. Should that come too
late after all, what was in the ring plays on. On a clock that is not real time no thread is started and
`run_once` is called by hand.
"""

from __future__ import annotations

import logging
import math
import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from legato.control.state import ControlError, Controls
from legato.engine.batcher import make_chunks
from legato.engine.chunk import chunk_size
from legato.engine.clock import Clock, SystemClock
from legato.engine.ear import Ear, Sound, context_of
from legato.engine.garbage import Garbage
from legato.engine.log import Event
from legato.engine.model import LiveModel
from legato.engine.player import Player
from legato.engine.session import Session
from legato.engine.takes import Takes

logger = logging.getLogger(__name__)

LONGEST_WAIT = 0.02  # seconds between looks at the rings
SWITCH_S = 0.0005
CUT_SHARE = 0.3  # of the engine's time that cuts may take; what they throw away comes on top
LEAD_RANGE = (0.02, 10.0)


class EngineError(RuntimeError):
    """The engine cannot take another player, or is closed."""


class Engine:
    """Shared model, many players.

    Args:
        model: what makes the sound.
        max_players: how many may be open at once.
        chunk_frames: latent frames per chunk, one of the model's `chunk_sizes`; None: its usual one.
        lead_s: seconds of sound in a ring when its next chunk is started; None: what chunks turn out to need.
        clock: time; the system's by default.
        takes: folder for what players record, or `Takes`; None: they record nothing.
        sound: makes what each player listens to; None: nothing comes in.
        before: sound [N, 2] that each player goes on from; None: they begin anew.

    Raises:
        ControlError: a setting is out of range.
        ValueError: the model has no encoder, and is to listen.
        RecorderError: `takes` is no folder.
    """

    def __init__(
        self,
        model: LiveModel,
        max_players: int = 2,
        chunk_frames: int | None = None,
        lead_s: float | None = None,
        clock: Clock | None = None,
        takes: Takes | str | os.PathLike[str] | None = None,
        sound: Callable[[Player], Sound] | None = None,
        before: np.ndarray | None = None,
    ) -> None:
        if lead_s is not None and not LEAD_RANGE[0] <= lead_s <= LEAD_RANGE[1]:
            low, high = LEAD_RANGE
            raise ControlError(f"lead_s is {lead_s:g}; it must be from {low:g} to {high:g} seconds")
        if max_players < 1:
            raise ControlError(f"max_players is {max_players}; it must be 1 or more")
        self.model = model
        self.max_players = max_players
        self.chunk_frames = chunk_size(model, chunk_frames)
        self.lead_s = lead_s
        self.clock: Clock = clock or SystemClock()
        self.takes = takes if isinstance(takes, Takes) or takes is None else Takes(takes)
        self._sound = sound
        self._heard = {} if before is None else {0: context_of(model, before, self.chunk_frames)}
        self._players: tuple[Player, ...] = ()  # replaced, never changed in place
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._cut_again = 0.0  # when the next chunk may be cut
        self.garbage = Garbage()
        self._thread: threading.Thread | None = None

    @property
    def players(self) -> tuple[Player, ...]:
        """Those open now."""
        return self._players

    def open(self, controls: Controls | None = None, events: Iterable[Event] = ()) -> Player:
        """A new player, sounding as soon as its first chunk is made.

        Raises:
            EngineError: every place is taken, or the engine is closed.
        """
        self._check_room()
        session = Session(
            self.model, controls or Controls(), self.chunk_frames, events, self.clock.now, heard=self._heard
        )
        player = Player(session, self.clock, self.lead_s, self._leave, self.takes, self._wake.set)
        session.ear = Ear(self.model, self._sound(player)) if self._sound else None
        with self._lock:
            self._check_room()
            self._players = (*self._players, player)
            if self.clock.realtime and self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="legato-engine", daemon=True)
                self._thread.start()
        self._wake.set()
        return player

    def close(self) -> None:
        """Close every player, finish their takes and stop the thread. May be called more than once."""
        self._closed = True
        for player in self._players:
            player.close()
        self._wake.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout=5.0)
        if self.takes:
            self.takes.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run_once(self) -> float:
        """Make a chunk for every player that is due; returns the seconds until another is."""
        players = sorted(self._players, key=lambda player: player._due_in())
        # Where rows share a step, a player almost due may as well come along.
        early = 0.25 * self.chunk_frames * self.model.frame_samples / self.model.sample_rate
        slack = early if self.model.max_rows > 1 and players and players[0]._due_in() <= 0 else 0.0
        due = {player.session: player for player in players if player._due_in() <= slack}
        if due:
            for made in make_chunks(self.model, list(due), self.clock.now):
                due[made.session]._receive(made)
        else:
            self._cut(players)
        return max(0.0, min((player._due_in() for player in self._players), default=LONGEST_WAIT))

    def _cut(self, players: Sequence[Player]) -> None:
        """Let what waits be heard sooner, in the first player whose chunk can be cut; nobody is due yet."""
        now = self.clock.now()
        if now < self._cut_again:
            return
        for player in players:
            frames = player._cut_to()
            others = (other._due_in() for other in players if other is not player)
            if frames is None or player.pace.cut_s > min(others, default=math.inf):
                continue
            try:
                session = player.session.cut(frames)
                at = session.log.samples
                (made,) = make_chunks(self.model, [session], self.clock.now)
                player._receive_cut(made, at, now)
            finally:
                done = self.clock.now()
                self._cut_again = done + (done - now) * (1.0 / CUT_SHARE - 1.0)
            return

    def _loop(self) -> None:
        # Between any two operations of the model, this thread may have to wait so long for another's Python.
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_S))
        with self.garbage:
            while not self._closed:
                self._wake.clear()
                try:
                    wait = self.run_once()
                except Exception:  # a defect in one look must not end the sound of every player
                    logger.exception("the engine thread met an unexpected error and goes on")
                    wait = LONGEST_WAIT
                if wait > 0:
                    self.garbage.tidy(wait)
                    self._wake.wait(min(wait, LONGEST_WAIT))

    def _check_room(self) -> None:
        if self._closed:
            raise EngineError("the engine is closed")
        if len(self._players) >= self.max_players:
            taken = len(self._players)
            raise EngineError(f"every place is taken: {taken} of {self.max_players} players are open")

    def _leave(self, player: Player) -> None:
        with self._lock:
            self._players = tuple(other for other in self._players if other is not player)
