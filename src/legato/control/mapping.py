"""From what was asked and what is planned to the control vector of each frame.

Keeps the continuous beat clock: tempo may change at any frame and the beat goes on from where it is. Levels
move by ramps, so that a knob turned at once does not jump. F frames at 25 Hz; plain Python and numpy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from legato import conditioning
from legato.conditioning import FAMILIES, LOWEST_NOTE, NOTES
from legato.config import FRAME_RATE
from legato.control.conductor import Conductor, glide
from legato.control.hints import read_hints
from legato.control.plan_order import PlanOrder
from legato.control.state import Controls
from legato.music.levels import LEVELS, asked_level
from legato.music.theory import Chord, Key, parse_chord, parse_key

SLEW = 0.125  # of a level per frame: the whole range takes 0.32 s
FREE_METER = 4  # beats per bar where nobody planned a metre
NEARLY = 1e-9  # beats by which sums of frames may miss a whole beat


class Heading(NamedTuple):
    """Where the music is bound for, in words: what is asked for or planned; None is left open."""

    bpm: float | None
    key: Key | None
    beats_per_bar: int | None


class Mapper:
    """Beat clock, ramps and conductor of one player. A value: `snapshot` and `restore` are exact.

    Args:
        styles: style embeddings for the conductor.
        controls: as the session starts.
        prompt_p: embedding of its prompts [384].
        frame_rate: frames per second.
    """

    def __init__(
        self,
        styles: Mapping[str, np.ndarray],
        controls: Controls,
        prompt_p: np.ndarray,
        frame_rate: float = FRAME_RATE,
    ) -> None:
        self._styles = styles
        self._frame_rate = frame_rate
        self.conductor = Conductor(styles, controls.seed, prompt_p, read_hints(controls.prompts))
        self.beat = 0.0  # within the bar
        self.begins: str | None = "bar"  # or "beat": what begins with the next frame
        self.bpm = controls.bpm or self.conductor.tempo
        self._levels: dict[str, float] = {}
        self._held: tuple[int, ...] = ()

    def follow(self, controls: Controls, prompt_p: np.ndarray) -> None:
        """Take changed prompts, seed or key to the conductor."""
        self.conductor.follow(prompt_p, controls.seed, read_hints(controls.prompts))

    def frames(self, controls: Controls, count: int) -> np.ndarray:
        """Control vectors of the next `count` frames, float32 [count, WIDTH]; the clock moves on."""
        cond = conditioning.empty(count)
        for frame in range(count):
            if controls.key:
                self.conductor.set_key(parse_key(controls.key))
            self.conductor.hear(controls.notes, self.beat)
            self._write(cond[frame : frame + 1], controls)
            self._tick()
        return cond

    def arrange(self, order: PlanOrder) -> list[int]:
        """An order about bars to come, see `Conductor.arrange`."""
        return self.conductor.arrange(order)

    def heading(self, controls: Controls) -> Heading:
        """Tempo, key and metre from now on, without the glides on the way there."""
        planned = self.conductor if controls.conductor == "on" else None
        key = parse_key(controls.key) if controls.key else planned.bar.key if planned else None
        return Heading(
            controls.bpm or (planned.tempo if planned else None), key, planned.bar.beats if planned else None
        )

    def position(self) -> dict[str, Any]:
        """Where the music is: bar number, the beat at which it starts, beat within it, tempo, metre.

        `begins` is "beat" or "bar" where one begins with the next frame, else None.
        """
        bar = self.conductor.bar
        return {
            "bar": bar.index,
            "start_beat": bar.start_beat,
            "beat": self.beat,
            "bpm": self.bpm,
            "beats_per_bar": bar.beats,
            "begins": self.begins,
        }

    def plan(self, controls: Controls, bars: int) -> list[dict[str, Any]]:
        """The bar in play and those after it, with the performer's overrides, JSON-ready."""
        scout = self.conductor.copy()
        described = []
        for index in range(bars):
            bar = scout.advance() if index else scout.bar
            described.append(
                {
                    **bar.to_dict(),
                    "locked": scout.arrangement().kept is not None,
                    "edited": scout.arrangement().edited,
                    "style": scout.style,
                    "bpm": controls.bpm or scout.tempo,
                    "chords": [[0.0, controls.chord]] if controls.chord else _chords(bar),
                    "gates": _gates(controls, scout),
                    **{name: _chosen(controls, name, getattr(bar, name)) for name in LEVELS},
                }
            )
        return described

    def snapshot(self) -> dict[str, Any]:
        """The whole state, JSON-ready."""
        return {
            "conductor": self.conductor.snapshot(),
            "beat": self.beat,
            "begins": self.begins,
            "bpm": self.bpm,
            "levels": dict(self._levels),
            "held": list(self._held),
            "frame_rate": self._frame_rate,
        }

    @classmethod
    def restore(cls, styles: Mapping[str, np.ndarray], state: Mapping[str, Any]) -> Mapper:
        """A mapper that goes on exactly where the snapshot was taken."""
        self = cls.__new__(cls)
        self._styles = styles
        self.conductor = Conductor.restore(styles, state["conductor"])
        self.beat, self.begins, self.bpm = state["beat"], state["begins"], state["bpm"]
        self._levels, self._held = dict(state["levels"]), tuple(state["held"])
        self._frame_rate = state["frame_rate"]
        return self

    def _tick(self) -> None:
        before = math.floor(self.beat + NEARLY)
        self.beat += self.bpm / (60.0 * self._frame_rate)
        self.begins = "beat" if math.floor(self.beat + NEARLY) > before else None
        while self.beat + NEARLY >= self.conductor.bar.beats:
            self.beat = max(0.0, self.beat - self.conductor.bar.beats)
            self.begins = "bar"
            self.conductor.advance()

    def _write(self, cond_1d: np.ndarray, controls: Controls) -> None:
        planned = controls.conductor == "on"
        self.bpm = controls.bpm or glide(self.bpm, self.conductor.tempo)
        if beat_is_known(controls):
            beats = self.conductor.bar.beats if planned else FREE_METER
            values = conditioning.beat_values(np.array([self.beat]), beats, self.bpm)
            conditioning.give(cond_1d, "beat", values)
        self._write_harmony(cond_1d, controls, planned)
        self._write_notes(cond_1d, controls.notes)
        gates = _gates(controls, self.conductor if planned else None)
        for name in LEVELS:
            asked = getattr(controls, name)
            level = self.conductor.level(name, gates) if planned and asked is None else None
            if asked is not None:
                level = asked_level(name, asked)
            if level is None:
                self._levels.pop(name, None)
            else:
                conditioning.give(cond_1d, name, self._ramp(name, level))
        for family, plays in gates.items():
            if plays is not None:
                conditioning.give(cond_1d, family, float(plays))

    def _write_harmony(self, cond_1d: np.ndarray, controls: Controls, planned: bool) -> None:
        bar = self.conductor.bar
        key = parse_key(controls.key) if controls.key else bar.key if planned else None
        chord = bar.chord_at(bar.start_beat + self.beat) if planned else None
        if controls.chord:
            chord = parse_chord(controls.chord)
            if not controls.key and not (key and set(chord.tones) <= set(key.scale)):
                key = _home(chord)
        if chord:
            values = np.concatenate([_classes(chord.tones), _classes((chord.root,))])
            conditioning.give(cond_1d, "harmony", values)
        if key:
            conditioning.give(cond_1d, "scale", _classes(key.scale))

    def _write_notes(self, cond_1d: np.ndarray, notes: tuple[int, ...]) -> None:
        if notes:
            values = np.zeros((2, NOTES), np.float32)
            values[0, [note - LOWEST_NOTE for note in notes]] = 1.0
            values[1, [note - LOWEST_NOTE for note in notes if note not in self._held]] = 1.0
            conditioning.give(cond_1d, "notes", values.reshape(-1))
        self._held = notes

    def _ramp(self, name: str, target: float) -> float:
        current = self._levels.get(name, target)
        self._levels[name] = current + min(SLEW, max(-SLEW, target - current))
        return self._levels[name]


def beat_is_known(controls: Controls) -> bool:
    """Whether anything but the model keeps time: the conductor, or a tempo that was asked for."""
    return controls.conductor == "on" or controls.bpm is not None


def _gates(controls: Controls, conductor: Conductor | None) -> dict[str, bool | None]:
    """Which families play: as asked, else as planned around those held silent, else None."""
    muted = [family for family in FAMILIES if getattr(controls, family) is False]
    return {
        family: _chosen(controls, family, conductor.gate(family, muted) if conductor else None)
        for family in FAMILIES
    }


def _chosen(controls: Controls, name: str, planned: Any) -> Any:
    asked = getattr(controls, name)
    return planned if asked is None else asked


def _chords(bar: Any) -> list[list[Any]]:
    return [[start - bar.start_beat, chord.name] for start, chord in bar.chords]


def _classes(pitch_classes: tuple[int, ...]) -> np.ndarray:
    values = np.zeros(12, np.float32)
    values[list(pitch_classes)] = 1.0
    return values


def _home(chord: Chord) -> Key:
    """A key in which a chord from outside the plan is at home."""
    third_is_minor = (chord.root + 3) % 12 in chord.tones and (chord.root + 4) % 12 not in chord.tones
    seventh_is_minor = (chord.root + 10) % 12 in chord.tones
    return Key(chord.root, "minor" if third_is_minor else "mixolydian" if seventh_is_minor else "major")
