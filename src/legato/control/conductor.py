"""The conductor: plans, bar by bar, whatever the performer leaves open.

It hears the prompt as an embedding, takes the style whose captions lie nearest, and lets that style's grammar
plan key, chords, sections, gates and levels from a seed; tempo it draws itself. A new prompt is followed at
the next bar. Its whole state is a few plain values, so snapshots, restores and replays are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np

from legato.control.hints import Hints
from legato.music.grammar import STYLES, Bar, Planner, StyleGrammar, draw_key, draw_tempo
from legato.music.levels import planned_level
from legato.music.theory import Key

HYSTERESIS = 0.02  # cosine by which another style must be nearer before the conductor moves
GLIDE = 0.012  # octaves of tempo per frame: half an octave takes about 1.7 s
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
        self._planner = Planner(style, key, seed, section=FIRST_SECTION)
        self._before = self._planner.snapshot()
        self.bar: Bar = self._planner.next()
        self.tempo = self._draw_tempo(style)

    @property
    def style(self) -> str:
        """Name of the style of the bar in play."""
        return self._before["style"]

    def follow(self, prompt_p: np.ndarray, seed: int, hints: Hints) -> None:
        """Hear a new prompt or seed; the plan follows from the next bar on."""
        self._target = nearest_style(self._styles, prompt_p, self._target)
        self._planner.seed = seed
        if hints != self._hints:
            self._hints = hints
            if self._target == self._planner.style.name:
                self._retune(hints)

    def set_key(self, key: Key) -> None:
        """Take a key from the performer: the bar in play is planned again in it, at once."""
        if key == self._planner.key:
            return
        self._planner = Planner.restore({**self._before, "key": key.name})
        self._before = self._planner.snapshot()
        self.bar = self._planner.next()

    def advance(self) -> Bar:
        """Go to the next bar, in a new style if the prompt asks for one."""
        if self._target != self._planner.style.name:
            self._move(STYLES[self._target])
        self._before = self._planner.snapshot()
        self.bar = self._planner.next()
        return self.bar

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
            "bar": self.bar.to_dict(),
            "planner": self._planner.snapshot(),
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
        self.bar = Bar.from_dict(state["bar"])
        self.tempo = state["tempo"]
        return self

    def level(self, name: str) -> float:
        """Density, brightness or loudness planned for the bar in play, as labels measure it, 0–1."""
        planned = planned_level(self.style, name, getattr(self.bar, name))
        value = planned + self._hints.levels.get(name, 0.0)
        return min(1.0, max(0.0, value))

    def gate(self, family: str) -> bool:
        """Whether the family is planned to play in this bar."""
        return self._hints.gates.get(family, self.bar.gates[family])

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
            self._planner.key = hints.key

    def _move(self, style: StyleGrammar) -> None:
        """Go over to another style, keeping tempo, key and metre where they suit it."""
        old = self._planner
        low, high = style.tempo
        if self._hints.bpm or not low <= self.tempo <= high:
            self.tempo = self._draw_tempo(style)
        key = self._hints.key or nearest_key(old.key, style, Random(f"{old.seed}:move:{old.index}"))
        meter = old.meter if old.meter in style.meters else None
        self._planner = Planner(style, key, old.seed, meter=meter, section=FIRST_SECTION)
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


def nearest_key(key: Key, style: StyleGrammar, rng: Random) -> Key:
    """The key itself if the style uses its mode, else the style's key with most tones in common."""
    if key.mode in style.modes:
        return key
    choices = [Key(root, mode) for root in range(12) for mode in dict.fromkeys(style.modes)]
    rng.shuffle(choices)
    return max(choices, key=lambda k: (len(set(k.scale) & set(key.scale)), k.root == key.root))


def glide(current: float, target: float) -> float:
    """One frame of a tempo gliding to its target, bpm."""
    ratio = float(np.log2(target / current))
    if abs(ratio) <= GLIDE:
        return target
    return current * 2.0 ** (GLIDE if ratio > 0 else -GLIDE)
