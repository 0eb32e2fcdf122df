"""MIDI messages in, changes of controls out. Knows nothing of ports, threads or time of day.

Bytes as they come off the wire, complete messages without running status. Channels count from 1 outside this
file's bit-twiddling, as on every front panel.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from legato.control.bindings import MODE_MESSAGES, SUSTAIN, Binding, Bindings, require_target
from legato.control.keys import Keys, Notes
from legato.control.midi_clock import ClockIn
from legato.music.grammar import STYLES

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM = 0x80, 0x90, 0xB0, 0xC0
SONG_POSITION, CLOCK, START, CONTINUE, STOP, RESET = 0xF2, 0xF8, 0xFA, 0xFB, 0xFC, 0xFF
LENGTHS = {NOTE_OFF: 3, NOTE_ON: 3, 0xA0: 3, CONTROL: 3, PROGRAM: 2, 0xD0: 2, 0xE0: 3, SONG_POSITION: 3}
ALL_SOUND_OFF, RESET_CONTROLLERS, ALL_NOTES_OFF = 120, 121, 123
DRUM_CHANNEL = 10  # where keys and pads mean drums, not pitches
PEDAL_DOWN = 64
SIXTEENTHS = 4  # per beat: what song positions count

PROGRAMS = tuple(style.genres[0] for style in STYLES.values())
"""Prompts that program changes choose: the styles, in the order in which pages show them."""

Changes = dict[str, Any]


class MidiTranslator:
    """What one MIDI input means for the instrument.

    Args:
        bindings: which controller turns what.
        channel: 1–16, heard alone; None: every channel, but for notes on channel 10.
        clock: follows MIDI clock; None ignores it.
        programs: prompt of each program change, from program 0.
        scenes: whether the first programs recall scenes instead.
        learned: told of each binding learned.

    Attributes:
        bindings: as they are now.
        malformed: messages that were no valid MIDI and were passed over.
    """

    def __init__(
        self,
        bindings: Bindings | None = None,
        *,
        channel: int | None = None,
        clock: ClockIn | None = None,
        programs: Sequence[str] = PROGRAMS,
        scenes: bool = False,
        learned: Callable[[Binding], None] = lambda binding: None,
    ) -> None:
        self.bindings = bindings or Bindings.default()
        self.malformed = 0
        self._channel = channel
        self._clock = clock
        self._programs = programs
        self._scenes = scenes
        self._learned = learned
        self._keys = Keys()
        self._wanted: deque[str] = deque()
        self._last_learned: tuple[int, int] | None = None

    @property
    def learning(self) -> str | None:
        """The control that the next controller moved will turn."""
        return self._wanted[0] if self._wanted else None

    def learn(self, controls: Iterable[str]) -> None:
        """Bind the next controllers moved to these controls, one after the other.

        Raises:
            ControlError: no knob can turn one of them.
        """
        controls = tuple(controls)
        for control in controls:
            require_target(control)
        self._wanted = deque(controls)
        self._last_learned = None

    def hear(self, message: Sequence[int], at: float) -> list[Changes]:
        """Take one message.

        Args:
            message: its bytes; anything that is no valid message is counted and passed over.
            at: when it came, in seconds of any steady clock.

        Returns:
            Changes of controls, in order. `notes` holds all that this input holds, as pressed; `scene` is no
            control but the number, from 0, of one to recall; `quantise` says when the others take effect.
        """
        status = message[0] if message else 0
        if status >= 0xF0:
            return self._system(status, message, at)
        length = LENGTHS.get(status & 0xF0, 0)
        if len(message) != length or not length or any(not 0 <= byte < 128 for byte in message[1:]):
            self.malformed += 1
            return []
        channel = (status & 0x0F) + 1
        if self._channel not in (None, channel):
            return []
        kind, first, last = status & 0xF0, message[1], message[-1]
        if kind in (NOTE_ON, NOTE_OFF):
            if channel == DRUM_CHANNEL != self._channel:
                return []
            down = kind == NOTE_ON and last > 0
            return _notes(self._keys.press(channel, first) if down else self._keys.release(channel, first))
        if kind == CONTROL:
            return self._control(channel, first, last)
        if kind == PROGRAM and self._scenes:
            return [{"scene": first}]
        if kind == PROGRAM and first < len(self._programs):
            return [{"prompts": {self._programs[first]: 1.0}}]
        return []

    def release_all(self) -> list[Changes]:
        """Let go of every key and pedal: the device is gone."""
        return _notes(self._keys.silence())

    def _control(self, channel: int, cc: int, data: int) -> list[Changes]:
        if cc == SUSTAIN:
            return _notes(self._keys.pedal(channel, data >= PEDAL_DOWN))
        if cc == ALL_SOUND_OFF:
            return _notes(self._keys.silence(channel))
        if cc == RESET_CONTROLLERS:
            return _notes(self._keys.pedal(channel, False))
        if cc >= ALL_NOTES_OFF:  # the mode messages above it imply it
            return _notes(self._keys.release_all(channel))
        if cc in MODE_MESSAGES:
            return []
        if self._wanted and (cc, channel) != self._last_learned:
            self._bind(cc, channel)
        binding = self.bindings.find(cc, channel)
        return [{binding.control: binding.value(data)}] if binding else []

    def _bind(self, cc: int, channel: int) -> None:
        binding = Binding(cc, self._wanted.popleft(), channel)
        self.bindings = self.bindings.bound(binding)
        self._last_learned = (cc, channel)  # the knob still moves: it is not meant for the next control too
        self._learned(binding)

    def _system(self, status: int, message: Sequence[int], at: float) -> list[Changes]:
        if status == RESET:
            return self.release_all()
        if self._clock is None:
            return []
        if status == CLOCK:
            bpm = self._clock.pulse(at)
            return [{"bpm": bpm, "quantise": "now"}] if bpm is not None else []
        if status == START:
            self._clock.start()
        elif status == CONTINUE:
            self._clock.resume()
        elif status == STOP:
            self._clock.stop()
        elif status == SONG_POSITION and len(message) == LENGTHS[SONG_POSITION]:
            self._clock.locate((message[1] + 128 * message[2]) / SIXTEENTHS)
        return []


def _notes(sets: list[Notes]) -> list[Changes]:
    return [{"notes": notes} for notes in sets]
