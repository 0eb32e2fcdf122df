"""The beat as it is heard now, and what follows from it: MIDI clock out, and events for OSC.

A player tells where the next chunk will begin; what is heard lies a ring, the codec's lag and the listener's
buffer behind, and moves in blocks. `BeatClock` makes a smooth clock of that. B, bars and beats count from 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from legato.control.midi import CLOCK, START, STOP
from legato.control.midi_clock import PPQ

SMOOTH_S = 0.5  # in which the clock goes over to what is measured
JUMP = 0.5  # beats beyond which it does so at once
HALT_S = 0.3  # without progress, after which the listener is taken to have paused
MOST_PULSES = PPQ  # sent at once to catch up; beyond them the clock is started anew

Message = tuple[str, list[Any]]


class BeatClock:
    """Beats since the stream began, as a function of time. Updated from one thread, read from any."""

    def __init__(self) -> None:
        self._line: tuple[float, float, float] | None = None  # (time, beat then, beats a second), replaced
        self._bar = (0, 0.0, 4)  # index, start beat and beats of the bar being made
        self._measured = (0.0, 0.0)  # beat as last measured, and when it last moved
        self.bpm = 0.0

    def update(self, now: float, status: Mapping[str, Any] | None) -> None:
        """Take in `Player.status()`, None while nothing plays, at a time in seconds."""
        if status is None or not status["generated"]:
            self._line = None
            return
        at = status["beat"]
        behind = (at["sample"] - status["generated"]) / status["sample_rate"]
        behind += (status["ring_ms"] + status["listener_ms"]) / 1000.0
        beat, pace = at["start_beat"] + at["beat"] - behind * at["bpm"] / 60.0, at["bpm"] / 60.0
        self.bpm = at["bpm"]
        self._bar = (at["bar"], at["start_beat"], at["beats_per_bar"])
        if abs(beat - self._measured[0]) > 1e-3:
            self._measured = (beat, now)
        if now - self._measured[1] > HALT_S:
            self._line = (now, beat, 0.0)
            return
        if self._line:
            since, expected = now - self._line[0], self._line[1] + (now - self._line[0]) * self._line[2]
            if abs(beat - expected) <= JUMP:
                beat = expected + (beat - expected) * min(1.0, since / SMOOTH_S)
        self._line = (now, beat, pace)

    def beat(self, now: float) -> float | None:
        """Beats heard since the stream began; None while nothing sounds."""
        line = self._line
        return line and line[1] + (now - line[0]) * line[2]

    def bar(self, beat: float) -> tuple[int, float, int]:
        """The bar in which a beat lies: (index, beat within it, beats of a bar)."""
        index, start, beats = self._bar
        away = math.floor((beat - start) / beats)
        return index + away, beat - start - away * beats, beats


class ClockOut:
    """MIDI clock from a beat: started on the first downbeat, 24 pulses a beat, stopped when the music is.

    Where the beat leaps (another stream) the clock stops and starts again on a downbeat.
    """

    def __init__(self, clock: BeatClock) -> None:
        self._clock = clock
        self._pulse: int | None = None  # the last pulse sent; None while stopped
        self._bar: int | None = None

    def due(self, now: float) -> list[int]:
        """Bytes to send now, each a message of its own."""
        beat = self._clock.beat(now)
        if beat is None:
            self._bar = None
            return self.stop()
        bar = self._clock.bar(beat)[0]
        before, self._bar = self._bar, bar
        pulse = math.floor(beat * PPQ)
        if self._pulse is None:
            if before is None or bar != before + 1:
                return []
            self._pulse = pulse
            return [START, CLOCK]
        count = pulse - self._pulse
        if not -2 <= count <= MOST_PULSES:
            return self.stop()
        self._pulse = max(pulse, self._pulse)
        return [CLOCK] * count

    def stop(self) -> list[int]:
        """What to send when the music ends."""
        was, self._pulse = self._pulse, None
        return [] if was is None else [STOP]


class Events:
    """What OSC listeners are told as they hear it: beat, bar, chord, level.

    Args:
        clock: the beat as heard.
    """

    LEVEL_S = 0.1  # between levels

    def __init__(self, clock: BeatClock) -> None:
        self._clock = clock
        self._beat: int | None = None
        self._bars: dict[int, Mapping[str, Any]] = {}  # planned ones by index, the last few
        self._chord: str | None = None
        self._level_at = -math.inf

    def due(self, now: float, status: Mapping[str, Any] | None) -> list[Message]:
        """Events since the last call, as OSC addresses with arguments."""
        beat = self._clock.beat(now)
        if beat is None or beat < 0 or status is None:
            self._beat, self._bars, self._chord = None, {}, None
            return []
        self._bars.update({bar["index"]: bar for bar in status["plan"]})
        for index in sorted(self._bars)[:-8]:
            del self._bars[index]
        told: list[Message] = []
        bar, within, beats = self._clock.bar(beat)
        whole = math.floor(beat)
        if self._beat is None or whole > self._beat or whole < self._beat - 1:  # a clock may falter a little
            self._beat = whole
            if within < 1.0:
                told.append(("/legato/bar", [bar + 1, beats]))
            told.append(("/legato/beat", [math.floor(within) + 1, bar + 1, round(self._clock.bpm, 2)]))
        chord = status["controls"]["chord"] or self._planned_chord(bar, within)
        if chord and chord != self._chord:
            self._chord = chord
            told.append(("/legato/chord", [chord]))
        if now - self._level_at >= self.LEVEL_S:
            self._level_at = now
            told.append(("/legato/level", [status["level"]]))
        return told

    def _planned_chord(self, bar: int, within: float) -> str | None:
        chords = self._bars[bar]["chords"] if bar in self._bars else []
        return next((name for start, name in reversed(chords) if start <= within + 1e-6), None)
