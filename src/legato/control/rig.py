"""The rig: MIDI, OSC and Ableton Link plugged into one desk, and the thread that keeps them going.

Threading: the drivers' and the socket's threads only lay changes on the desk; one of the rig's own hands them
to the player and sends clock and events, another watches the ports. None is the engine's or holds it up.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legato.control.beat_clock import BeatClock, ClockOut, Events
from legato.control.bindings import Binding, Bindings
from legato.control.desk import Desk, Playable
from legato.control.link import AaLink, Link, LinkSession, Transport
from legato.control.midi import Changes, MidiTranslator
from legato.control.midi_clock import ClockIn
from legato.control.midi_ports import Backend, MidoBackend, Port
from legato.control.osc import OscSpace
from legato.control.osc_server import OscServer, parse_place
from legato.control.scenes import Scenes
from legato.control.state import ControlError, Controls

logger = logging.getLogger(__name__)

GATHER_S = 0.002  # for which a first event waits for others: the keys of a chord, the messages of a bundle
TICK_S = 0.01  # between looks when nothing arrives
CLOCK_TICK_S = 0.002  # where clock is sent, which is as steady as the looks are
WATCH_S = 1.0  # between looks for devices that came or went
LOOK_S = 0.02  # between looks at where the player is
MIDI = "midi"


@dataclass(frozen=True)
class RigSettings:
    """What to plug in.

    Args:
        midi: part of an input's name; None: no MIDI in.
        midi_out: part of the name of an output that is sent MIDI clock; None: none.
        channel: 1–16, heard alone; None: all.
        learn: controls that the next controllers moved will turn, one after the other.
        bindings: file in which what was learned is kept; None keeps it nowhere.
        osc: `PORT` or `HOST:PORT`; None: no OSC.
        link: whether to join the Ableton Link session of the network; MIDI clock is then not followed.
        link_start_stop: whether to start and stop with it.
    """

    midi: str | None = None
    midi_out: str | None = None
    channel: int | None = None
    learn: tuple[str, ...] = ()
    bindings: Path | None = None
    osc: str | None = None
    link: bool = False
    link_start_stop: bool = False


class Rig:
    """Everything plugged in, ready to play. Use `playing`, or at least `close`.

    Args:
        settings: what to plug in.
        announce: told in sentences what is open, learned, gone and back.
        backend: of MIDI; by default mido, loaded when needed.
        now: seconds of a steady clock.
        scenes: that program changes and OSC recall; None: there are none.
        join: joins the Link session; told whether to start and stop with it.

    Raises:
        LinkError: Link cannot be joined.
        PortError: a MIDI port is not there, or the packages are not.
        OscError: the OSC port cannot be had, or the package is not there.
        ControlError: the file of bindings or a control to learn is refused.
    """

    def __init__(
        self,
        settings: RigSettings,
        announce: Callable[[str], None] = logger.info,
        backend: Backend | None = None,
        now: Callable[[], float] = time.monotonic,
        scenes: Scenes | None = None,
        join: Callable[[bool], LinkSession] = AaLink,
    ) -> None:
        self.desk = Desk()
        self.beats = BeatClock()
        self._announce = announce
        self._now = now
        self._file = settings.bindings
        self._scenes = scenes
        self._clock_out = ClockOut(self.beats)
        self._events = Events(self.beats)
        self._status: dict[str, Any] | None = None
        self._looked = -math.inf
        self._midi_lock = threading.Lock()
        self._closing = threading.Event()
        self._translator = MidiTranslator(
            Bindings.load(self._file) if self._file and self._file.exists() else None,
            channel=settings.channel,
            scenes=scenes is not None,
            clock=None if settings.link else ClockIn(self.beats.beat),
            learned=self._learned,
        )
        self._space = OscSpace(
            self.desk, self.learn if settings.midi else None, self.release_midi, scenes and self.recall
        )
        self._follow_playing = settings.link_start_stop
        self.link: Link | None = None
        self._osc: OscServer | None = None
        self._input: Port | None = None
        self._output: Port | None = None
        try:
            self._plug_in(settings, backend)
            if settings.link:
                self.link = Link(join(settings.link_start_stop), self.desk, self.beats)
                self._announce("Ableton Link is joined: tempo and bars follow the session")
        except ValueError:
            self.close()
            raise

    @contextmanager
    def playing(
        self,
        find: Callable[[], Playable | None],
        controls: Controls | None = None,
        transport: Transport | None = None,
    ) -> Iterator[Rig]:
        """Play while the block runs; closes the rig.

        Args:
            find: the player to play; None while there is none.
            controls: what a player will start with.
            transport: what starts and stops with a Link session, if that is wanted.
        """
        self.desk.connect(find, controls)
        if self.link and self._follow_playing:
            self.link.transport = transport
        threads = [threading.Thread(target=self._run, name="legato-rig", daemon=True)]
        if self._input or self._output:
            threads.append(threading.Thread(target=self._watch, name="legato-ports", daemon=True))
        for thread in threads:
            thread.start()
        if self._osc:
            self._osc.start(self._space)
        try:
            yield self
        finally:
            self._closing.set()
            for thread in threads:
                thread.join()
            self.close()

    def learn(self, controls: Sequence[str]) -> None:
        """Bind the next MIDI controllers moved.

        Raises:
            ControlError: no knob can turn one of the controls.
        """
        with self._midi_lock:
            self._translator.learn(controls)
        self._say_what_to_move()

    def recall(self, number: int) -> None:
        """Ask for a scene, from 0.

        Raises:
            ControlError: there is none of that number, or it is empty.
        """
        if self._scenes is None:
            raise ControlError("no scenes are kept; start Legato with --scenes FILE")
        self.desk.ask(**self._scenes.recall(number))

    def release_midi(self) -> None:
        """Let go of every note held by MIDI."""
        with self._midi_lock:
            self._lay(self._translator.release_all())

    def tick(self) -> None:
        """One look at what arrived, and at the beat for those who want to hear of it."""
        now = self._now()
        self.desk.flush()
        listeners = self._space.subscribers
        if not (self._input or self._output or self.link or listeners):
            return
        if now - self._looked >= LOOK_S:
            self._looked, self._status = now, self.desk.status()
            self.beats.update(now, self._status)
            if self.link:
                self.link.look(now, self._status)
        if self._output and self._output.is_open:
            self._output.send(self._clock_out.due(now))
        else:
            self._clock_out.stop()  # a device that comes back is started anew
        if self._osc and listeners:
            self._osc.tell(self._events.due(now, self._status), listeners)

    def watch(self) -> None:
        """One look at the MIDI ports: has a device gone, or come back?"""
        for port in (self._input, self._output):
            if port:
                port.watch()

    def close(self) -> None:
        """Let go of ports and socket. May be called more than once."""
        if self._output:
            self._output.send(self._clock_out.stop())
        for plugged in (self._input, self._output, self._osc):
            if plugged:
                plugged.close()
        if self.link:
            self.link.leave()

    def _plug_in(self, settings: RigSettings, backend: Backend | None) -> None:
        if settings.osc is not None:
            self._osc = OscServer(*parse_place(settings.osc))
            host, port = self._osc.address
            whom = "" if self._osc.is_local else ", open to every machine that can reach this one"
            self._announce(f"OSC listens on {host}:{port}{whom}; send /legato/help")
        if settings.midi is None and settings.midi_out is None:
            if settings.learn:
                raise ControlError("MIDI-learn needs a MIDI input; give --midi as well")
            return
        backend = backend or MidoBackend()
        if settings.midi is not None:
            self._input = Port(backend, settings.midi, self._announce, self._hear, self.release_midi)
            self._announce(f"MIDI input {self._input.name!r} plays")
            if settings.learn:
                self.learn(settings.learn)
        if settings.midi_out is not None:
            self._output = Port(backend, settings.midi_out, self._announce)
            self._announce(f"MIDI clock goes to {self._output.name!r}")

    def _run(self) -> None:
        pause = CLOCK_TICK_S if self._output else TICK_S
        while not self._closing.is_set():
            try:
                self.tick()
            except Exception:  # a defect in one look must not end the others
                logger.exception("the rig met an unexpected error and goes on")
            if self.desk.arrived.wait(pause):
                self.desk.arrived.clear()
                time.sleep(GATHER_S)

    def _watch(self) -> None:
        while not self._closing.wait(WATCH_S):
            try:
                self.watch()
            except Exception:
                logger.exception("the MIDI ports could not be looked at")

    def _hear(self, message: Sequence[int]) -> None:
        at = self._now()
        with self._midi_lock:
            self._lay(self._translator.hear(message, at))

    def _lay(self, changes: Sequence[Changes]) -> None:
        for change in changes:
            if "notes" in change:
                self.desk.hold(MIDI, change["notes"])
            elif "scene" in change:
                try:
                    self.recall(change["scene"])
                except ControlError as error:
                    self._announce(str(error))
            else:
                self.desk.ask(**change)

    def _learned(self, binding: Binding) -> None:
        kept = ""
        if self._file:
            try:
                self._translator.bindings.save(self._file)
                kept = f" (kept in {self._file})"
            except ControlError as error:
                kept = f"; {error}"
        self._announce(f"controller {binding.cc} on channel {binding.channel} turns {binding.control}{kept}")
        self._say_what_to_move()

    def _say_what_to_move(self) -> None:
        if control := self._translator.learning:
            self._announce(f"move the controller that is to turn {control}")
