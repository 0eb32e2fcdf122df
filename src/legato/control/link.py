"""Ableton Link: a tempo, a beat and a bar shared with other programs and machines on the network.

The link itself is a package of its own (`pip install 'legato[link]'`: aalink, under the GPL), asked for only
when `--link` is. What is done with it is here, and knows it by the few words of `LinkSession`.
"""

from __future__ import annotations

import asyncio
import math
from typing import Any, Protocol

from legato.control.beat_clock import BeatClock
from legato.control.desk import Desk
from legato.control.mailbox import QUANTISE
from legato.control.servo import Servo
from legato.control.state import RANGES

STEP = 0.1  # bpm: while beats are drawn together, the tempo is asked for in such steps
SAME = 0.005  # bpm: less is no other tempo
START_BPM = 120.0  # of a session nobody has given a tempo yet


class LinkError(ValueError):
    """Link cannot be joined; one sentence says why."""


class LinkSession(Protocol):
    """A session with peers, as seen by one of them."""

    @property
    def peers(self) -> int:
        """Others in it."""
        ...

    @property
    def bpm(self) -> float:
        """Its tempo; set, it is proposed to all."""
        ...

    @bpm.setter
    def bpm(self, value: float) -> None: ...

    @property
    def playing(self) -> bool:
        """Whether it plays, where start and stop are followed; may be set."""
        ...

    @playing.setter
    def playing(self, value: bool) -> None: ...

    def phase(self, beats: float) -> float:
        """Where the session is now in bars of so many beats."""
        ...

    def leave(self) -> None:
        """Be no peer any longer."""
        ...


class Transport(Protocol):
    """What is started and stopped with a session: `engine.speaker.Speaker`."""

    @property
    def player(self) -> object | None:
        """What sounds; None while nothing does."""
        ...

    def start(self) -> object:
        """Begin anew."""
        ...

    def stop(self) -> object:
        """Be silent."""
        ...


class Link:
    """Follows a session, and lets it know what is changed here. Call `look` often, from one thread.

    Alone, the session takes the instrument's tempo, so that who joins finds it. With peers it is the other
    way round: their tempo is taken over, and the beat drawn to theirs until bars begin together. A tempo that
    the performer sets after that is proposed to all; one that a stream starts with is not.

    Args:
        session: joined already.
        desk: where tempo is asked for.
        beats: the beat as it is heard.

    Attributes:
        transport: started and stopped with the session; None: that is not followed.
    """

    def __init__(self, session: LinkSession, desk: Desk, beats: BeatClock) -> None:
        self.transport: Transport | None = None
        self._session = session
        self._desk = desk
        self._beats = beats
        self._servo = Servo()
        self._asked: float | None = None  # tempo last asked for on the session's behalf; None before that
        self._generated = 0  # samples of the stream
        self._beat = 0  # whole beats of the session's bar when the servo last looked
        self._played: tuple[bool, bool] | None = None  # session, here

    def status(self) -> dict[str, Any]:
        """JSON-ready: peers besides this one, tempo, and whether the session plays (None: not followed)."""
        session = self._session
        playing = session.playing if self.transport else None
        return {"peers": session.peers, "bpm": round(session.bpm, 2), "playing": playing}

    def look(self, now: float, status: dict[str, Any] | None) -> None:
        """Take in where session and instrument are.

        Args:
            now: seconds of the beat clock.
            status: the player's; None while nothing plays.
        """
        if self.transport:
            self._start_or_stop(self.transport)
        if status is None or status["generated"] < self._generated:
            self._asked = None  # what a new stream starts with is no wish of the performer's
        self._generated = status["generated"] if status else 0
        if status is None or any("bpm" in waiting["changes"] for waiting in status["pending"]):
            return  # a tempo that waits for its beat is proposed when it is there
        if self._session.peers == 0:
            self._asked = None
            self._servo.rest()
            if abs(status["beat"]["bpm"] - self._session.bpm) > SAME:
                self._session.bpm = status["beat"]["bpm"]
            return
        self._propose()
        self._follow(now)

    def leave(self) -> None:
        """Be no peer any longer."""
        self._session.leave()

    def _propose(self) -> None:
        here = self._desk.controls.bpm
        if self._asked is None or here is None or abs(here - self._asked) <= SAME:
            return
        self._session.bpm = here / _octave(self._session.bpm)

    def _follow(self, now: float) -> None:
        session, beat = self._session, self._beats.beat(now)
        octave = _octave(session.bpm)
        if beat is None:
            self._servo.rest()
        else:
            _, within, beats = self._beats.bar(beat)
            there = session.phase(beats / octave) * octave
            if math.floor(there) != self._beat:  # once a beat, as what is asked for takes a while to be heard
                self._beat = math.floor(there)
                self._servo.draw(there, within, beats)
        low, high = RANGES["bpm"]
        wanted = min(high, max(low, round(session.bpm * octave * self._servo.factor, 2)))
        step = SAME if self._servo.factor == 1.0 else STEP
        if self._asked is None or self._desk.controls.bpm != self._asked or abs(wanted - self._asked) > step:
            self._asked = wanted
            self._desk.ask(bpm=wanted, quantise=QUANTISE[0])

    def _start_or_stop(self, transport: Transport) -> None:
        """Carry what changed, in the session or here, to the other; what was so before is left so."""
        there, here = self._session.playing, transport.player is not None
        was_there, was_here = self._played or (there, here)
        if there != was_there and there != here:
            (transport.start if there else transport.stop)()
        elif here != was_here and here != there:
            self._session.playing = here
        self._played = (self._session.playing, transport.player is not None)


class AaLink:
    """A session joined by way of aalink.

    Args:
        start_stop: whether peers start and stop together.
        bpm: tempo of a session in which nobody else is yet.

    Raises:
        LinkError: aalink is not installed.
    """

    def __init__(self, start_stop: bool = False, bpm: float = START_BPM) -> None:
        try:
            from aalink import Link as Joined  # pyright: ignore[reportMissingImports]
        except ImportError:
            raise LinkError("Ableton Link needs aalink: pip install 'legato[link]'") from None

        async def join() -> Any:
            return Joined(bpm)  # asks for a running loop, of which nothing here makes use

        # Made only now: Link holds the oldest peer's tempo for the session's, which must not be ours.
        self._link = asyncio.run(join())
        self._link.start_stop_sync_enabled = start_stop
        self._link.enabled = True

    @property
    def peers(self) -> int:
        """Others in the session."""
        return self._link.num_peers

    @property
    def bpm(self) -> float:
        """Tempo of the session."""
        return self._link.tempo

    @bpm.setter
    def bpm(self, value: float) -> None:
        self._link.tempo = value

    @property
    def playing(self) -> bool:
        """Whether the session plays, as far as start and stop are followed."""
        return self._link.playing

    @playing.setter
    def playing(self, value: bool) -> None:
        self._link.playing = value

    def phase(self, beats: float) -> float:
        """Where the session is now in bars of so many beats."""
        if self._link.quantum != beats:
            self._link.quantum = beats
        return self._link.phase

    def leave(self) -> None:
        """Be no peer any longer."""
        self._link.enabled = False


def _octave(bpm: float) -> float:
    """Powers of two by which a tempo is played faster, so that it lies within what the instrument plays."""
    low, high = RANGES["bpm"]
    octave = 1.0
    while bpm * octave > high:
        octave /= 2
    while bpm * octave < low:
        octave *= 2
    return octave
