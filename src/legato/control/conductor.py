"""The conductor: plans, bar by bar, whatever the performer leaves open.

It hears the prompt as an embedding, takes the style whose captions lie nearest, and lets that style's grammar
plan key, chords, sections, gates and levels from a seed; tempo it draws itself. A new prompt is followed at
the next bar. While the performer holds notes, its chords follow them. Bars to come can be edited, locked and
drawn anew, and that be undone. Its whole state is a few plain values, so snapshots, restores and replays are
exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np

from legato.conditioning import FAMILIES
from legato.control.arrangement import Arranged, kept, rolled_seed
from legato.control.following import CHORD, chord_for, pitch_classes
from legato.control.hints import Hints
from legato.control.plan_history import PlanHistory
from legato.control.plan_order import TURNS, PlanOrder
from legato.music.grammar import STYLES, Bar, Planner, StyleGrammar, draw_key, draw_tempo, nearest_key
from legato.music.levels import asked_level, part_level, planned_level
from legato.music.theory import Key

HYSTERESIS = 0.02  # cosine by which another style must be nearer before the conductor moves
GLIDE = 0.012  # octaves of tempo per frame: half an octave takes about 1.7 s
MODULATE = 0.25  # chance that a form ends a step higher, as long as nobody names a key
LINGER = 1  # bars after the one of release in which the last held notes still rule the chords
_UNTOUCHED = Arranged()
FIRST_SECTION = 1  # of the form: an instrument that starts with an intro seems to be silent


class Conductor:
    """Endless plan for one player.

    Args:
        styles: embedding of each style's captions, unit length [384]; names the grammar lacks are skipped.
        seed: the same seed and the same history of prompts plan the same bars.
        prompt_p: embedding of the first prompt [384].
        hints: what the prompt says in plain words.
    """

    def __init__(
        self, styles: Mapping[str, np.ndarray], seed: int, prompt_p: np.ndarray, hints: Hints | None = None
    ) -> None:
        self._styles = {name: vector for name, vector in styles.items() if name in STYLES}
        self._hints = hints or Hints()
        self._target = nearest_style(self._styles, prompt_p, None)
        style = STYLES[self._target]
        key = self._hints.key or draw_key(style, Random(f"{seed}:key"))
        self._planner = Planner(style, key, seed, modulate=self._freedom(), section=FIRST_SECTION)
        self._heard: tuple[int, ...] = ()  # pitch classes that the chords follow
        self._holding = False
        self._linger = 0  # whole bars for which they do after a release
        self._half = 0  # half of the bar in which they were heard
        self._arranged: dict[int, Arranged] = {}  # by bar, from the one in play on
        self._history = PlanHistory()
        self._seed, self._rolls = seed, 0  # the performer's seed, and how often the plan was drawn anew
        self._plan_bar()
        self.tempo = self._draw_tempo(style)

    @property
    def style(self) -> str:
        """Name of the style of the bar in play."""
        return self._before["style"]

    def follow(self, prompt_p: np.ndarray, seed: int, hints: Hints) -> None:
        """Hear a new prompt or seed; the plan follows from the next bar on."""
        self._target = nearest_style(self._styles, prompt_p, self._target)
        self._seed = seed
        self._planner.seed = rolled_seed(seed, self._rolls)
        if hints != self._hints:
            self._hints = hints
            if self._target == self._planner.style.name:
                self._retune(hints)

    def set_key(self, key: Key) -> None:
        """Take a key from the performer: the bar in play is planned again in it, at once."""
        if key == self._planner.key and not self._planner.modulate:
            return
        self._planner = Planner.restore({**self._before, "key": key.name, "modulate": 0.0})
        self._plan_bar()

    def hear(self, notes: tuple[int, ...], beat: float) -> None:
        """Take the notes the performer holds, MIDI, at a beat within the bar in play.

        A chord (three pitch classes) is followed at once, a line of single notes by half bars; without
        notes the last ones are followed to the end of the next bar. Chords set or locked stay as they are.
        """
        self._holding = bool(notes)
        if not notes:
            return
        self._linger = LINGER
        classes, half = pitch_classes(notes), int(2 * beat / self.bar.beats)
        if classes == self._heard or (
            self._heard and len(classes) < CHORD and half == self._half and len(classes) <= len(self._heard)
        ):
            return
        self._heard, self._half = classes, half
        self.bar = self._following()

    def advance(self) -> Bar:
        """Go to the next bar, in a new style if the prompt asks for one."""
        if self._target != self._planner.style.name:
            self._move(STYLES[self._target])
        self._half = -1
        if not self._holding and self._heard:
            self._linger -= 1
            if self._linger < 0:
                self._heard = ()
        self._arranged.pop(self._planned.index, None)
        self._plan_bar()
        return self.bar

    def arrange(self, order: PlanOrder) -> list[int]:
        """Carry out an order about bars to come.

        Returns:
            Bars that it names and that were left as they are: they have begun, or it would roll locked ones.
        """
        if order.action in TURNS:
            return self._turn(order)
        ahead = [bar for bar in order.bars if bar > self.bar.index]
        if order.action == "roll":
            ahead = [bar for bar in ahead if not self._arrangement(bar).kept]
        if not order.bars:
            changes = [bar for bar in self._arranged if bar > self.bar.index]
            self._history.note(order.step, self._rolls, self._done(changes))
            self._roll_all()
        elif ahead:
            self._history.note(order.step, None, self._done(ahead))
        if order.action == "reset":
            for bar in ahead:
                self._arranged.pop(bar, None)
        elif order.action == "unlock":
            for bar in ahead:
                self._arranged[bar] = replace(self._arrangement(bar), kept=None)
        elif order.action == "set":
            self._edit(ahead, order.edit)
        elif ahead:
            self._keep_or_roll(ahead, order.action)
        return [bar for bar in order.bars if bar not in ahead]

    def arrangement(self) -> Arranged:
        """What was done to the bar in play."""
        return self._arrangement(self.bar.index)

    def plan_ahead(self, bars: int) -> list[Bar]:
        """The bar in play and those after it, `bars` in all, as they stand now."""
        scout = self.copy()
        return [self.bar, *(scout.advance() for _ in range(bars - 1))][:bars]

    def copy(self) -> Conductor:
        """An independent conductor in the same state."""
        return Conductor.restore(self._styles, self.snapshot())

    def snapshot(self) -> dict[str, Any]:
        """The whole state, JSON-ready."""
        return {
            "target": self._target,
            "tempo": self.tempo,
            "hints": self._hints.to_dict(),
            "before": dict(self._before),
            "planned": self._planned.to_dict(),
            "planner": self._planner.snapshot(),
            "heard": list(self._heard),
            "holding": self._holding,
            "linger": self._linger,
            "half": self._half,
            "seed": self._seed,
            "rolls": self._rolls,
            "arranged": self._done(self._arranged),
            "history": self._history.to_list(),
        }

    @classmethod
    def restore(cls, styles: Mapping[str, np.ndarray], state: Mapping[str, Any]) -> Conductor:
        """A conductor that goes on exactly where the snapshot was taken."""
        self = cls.__new__(cls)
        self._styles = {name: vector for name, vector in styles.items() if name in STYLES}
        self._hints = Hints.from_dict(state["hints"])
        self._target = state["target"]
        self._planner = Planner.restore(state["planner"])
        self._before = dict(state["before"])
        self._heard, self._holding = tuple(state["heard"]), state["holding"]
        self._linger, self._half = state["linger"], state["half"]
        self._seed, self._rolls = state["seed"], state["rolls"]
        self._arranged = {int(bar): Arranged(**done) for bar, done in state["arranged"].items()}
        self._history = PlanHistory(state["history"])
        self._planned = Bar.from_dict(state["planned"])
        self.bar = self._following()
        self.tempo = state["tempo"]
        return self

    def level(self, name: str, playing: Mapping[str, bool | None]) -> float:
        """Density, brightness or loudness planned for the bar in play, as labels measure it, 0–1.

        Args:
            name: one of `LEVELS`.
            playing: the families that are to play; None: the model decides. What one adds comes and goes with
                it where the performer has it otherwise than planned: else the model would make up for a
                silenced family, with that very family.
        """
        if name in self.arrangement().edit:  # set by hand, it means what the knob means
            return asked_level(name, getattr(self.bar, name))
        value = planned_level(self.style, name, getattr(self.bar, name)) + self._hints.levels.get(name, 0.0)
        for family, plays in playing.items():
            if plays is not None:
                value += (plays - self.gate(family)) * part_level(family, name)
        return min(1.0, max(0.0, value))

    def gate(self, family: str, muted: Collection[str] = ()) -> bool:
        """Whether the family is planned to play in this bar.

        Args:
            family: one of `FAMILIES`.
            muted: families that the performer holds silent. Where these are all that was planned, the
                style's other families play on.
        """
        said = self.arrangement().gates
        planned = {**self.bar.gates, **self._hints.gates, **said}
        if family not in said and muted and not any(planned[name] for name in FAMILIES if name not in muted):
            return family[0] in STYLES[self.style].families and self._hints.gates.get(family, True)
        return planned[family]

    def _plan_bar(self) -> None:
        self._before = self._planner.snapshot()
        self._planned = self._arrangement(self._planner.index).plan(self._planner)
        self.bar = self._following()

    def _arrangement(self, bar: int) -> Arranged:
        return self._arranged.get(bar, _UNTOUCHED)

    def _done(self, bars: Iterable[int]) -> dict[str, Any]:
        """What was done to bars, JSON-ready."""
        return {str(bar): self._arrangement(bar).to_dict() for bar in bars}

    def _turn(self, order: PlanOrder) -> list[int]:
        """Undo or redo a step: what it keeps takes the place of what there is, and the other way round."""
        if (step := self._history.find(order.action, order.step)) is None:
            return []
        bars = {int(bar): Arranged(**done) for bar, done in step.bars.items()}
        self._history.turn(step, None if step.rolls is None else self._rolls, self._done(bars))
        self._arranged |= {bar: done for bar, done in bars.items() if bar > self.bar.index}
        if step.rolls is not None:
            self._rolls = step.rolls
            self._planner.seed = rolled_seed(self._seed, self._rolls)
        return [bar for bar in bars if bar <= self.bar.index]

    def _edit(self, bars: list[int], edit: Mapping[str, Any]) -> None:
        locked = [bar for bar in bars if self._arrangement(bar).kept]
        for bar in bars:
            arranged = self._arrangement(bar).changed(edit)
            # Another section is another bar, which is then locked in its turn.
            self._arranged[bar] = replace(arranged, kept=None) if "section" in edit else arranged
        if "section" in edit and locked:
            self._keep_or_roll(locked, "lock")

    def _keep_or_roll(self, bars: list[int], action: str) -> None:
        """Lock bars as they stand, or draw them anew; both go by what is planned up to there."""
        scout = self.copy()
        for bar in bars:
            while scout.bar.index < bar:
                scout.advance()
            arranged = self._arrangement(bar)
            if action == "roll":
                self._arranged[bar] = arranged.redrawn(Planner.restore(scout._before))
            else:
                gates = {family: scout.gate(family) for family in FAMILIES}
                self._arranged[bar] = replace(arranged, kept=kept(scout._planned, gates))

    def _roll_all(self) -> None:
        self._rolls += 1
        self._planner.seed = rolled_seed(self._seed, self._rolls)
        playing = self.bar.index
        self._arranged = {bar: done for bar, done in self._arranged.items() if done.kept or bar == playing}

    def _following(self) -> Bar:
        """The planned bar, with chords that go with what was heard, unless the performer has set them."""
        if not self._heard or self._arrangement(self._planned.index).chords_given:
            return self._planned
        chords = tuple(
            (start, chord_for(self._heard, chord, self._planned.key)) for start, chord in self._planned.chords
        )
        return replace(self._planned, chords=chords)

    def _freedom(self) -> float:
        return 0.0 if self._hints.key else MODULATE

    def _draw_tempo(self, style: StyleGrammar) -> float:
        if self._hints.bpm:
            return self._hints.bpm
        low, high = style.tempo
        drawn = draw_tempo(style, Random(f"{self._planner.seed}:tempo:{style.name}"))
        if self._hints.pace:
            edge = low if self._hints.pace < 0 else high
            drawn = 0.5 * (drawn + edge)
        return round(drawn, 1)

    def _retune(self, hints: Hints) -> None:
        """The same style, but the words ask for another tempo or key."""
        if hints.bpm or hints.pace:
            self.tempo = self._draw_tempo(self._planner.style)
        if hints.key:
            self._planner.key, self._planner.modulate = hints.key, 0.0

    def _move(self, style: StyleGrammar) -> None:
        """Go over to another style, keeping tempo, key and metre where they suit it."""
        old = self._planner
        low, high = style.tempo
        if self._hints.bpm or not low <= self.tempo <= high:
            self.tempo = self._draw_tempo(style)
        key = self._hints.key or nearest_key(old.key, style, Random(f"{old.seed}:move:{old.index}"))
        meter = old.meter if old.meter in style.meters else None
        self._planner = Planner(
            style, key, old.seed, meter=meter, modulate=self._freedom(), section=FIRST_SECTION
        )
        self._planner.index, self._planner.beat = old.index, old.beat


def nearest_style(styles: Mapping[str, np.ndarray], prompt_p: np.ndarray, current: str | None) -> str:
    """Name of the style nearest by cosine; the current one wins a near tie."""
    if not styles:
        return current or next(iter(STYLES))
    scores = {name: float(vector @ prompt_p) for name, vector in styles.items()}
    best = max(scores, key=lambda name: scores[name])
    if current in scores and scores[best] - scores[current] < HYSTERESIS:
        return current
    return best


def glide(current: float, target: float) -> float:
    """One frame of a tempo gliding to its target, bpm."""
    ratio = float(np.log2(target / current))
    if abs(ratio) <= GLIDE:
        return target
    return current * 2.0 ** (GLIDE if ratio > 0 else -GLIDE)
