"""The grammar at work: bars planned one after another, endlessly, from a style, a key and a seed.

Every choice is drawn from a generator seeded with what it is for (seed, section number, …), so a
planner's whole state is a handful of plain values: snapshot, restore and replay are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from legato.conditioning import FAMILIES
from legato.music.model import Bar, Section, StyleGrammar
from legato.music.styles import STYLES
from legato.music.theory import Chord, Key, diatonic, parse_key, roman
from legato.music.turns import RARELY_TURNED, TURNED, TURNING, build, modulated, turnaround

__all__ = ["STYLES", "Bar", "Planner", "Section", "StyleGrammar", "draw_key", "draw_tempo", "plan_bars"]

_BREATH = 0.3  # share of build-ups whose last bar leaves drums and bass out

_DIATONIC = ((0, 3, 4, 0), (0, 5, 3, 4), (0, 6, 5, 6), (0, 1, 0, 6), (0, 2, 3, 3))
MODAL: dict[str, tuple[str, ...]] = {
    "dorian": ("i7 IV7 i7 IV7", "i7 ii7 bIII bVII", "i9 IV9 i9 bVIImaj7"),
    "mixolydian": ("I bVII IV I", "I7 v7 IV I", "I bVII I v"),
    "lydian": ("Imaj7 II Imaj7 II", "Imaj7 iii7 II vi7", "I II vii iii"),
    "phrygian": ("i bII i bII", "i bII bIII bII", "i7 bvii bIImaj7 i7"),
    "harmonic minor": ("i iv V7 i", "i bVI V7 i", "i iio V7 bVI"),
    "melodic minor": ("i6 IV7 i6 V7", "imaj7 ii7 V7 i6"),
}


def draw_tempo(style: StyleGrammar, rng: Random, spread: float = 0.0) -> float:
    """A tempo of the style, bpm; a share `spread` (0–1) of draws comes from a wider range within 60–180."""
    low, high = style.tempo
    if rng.random() < spread:
        low, high = max(60.0, low * 0.75), min(180.0, high * 1.33)
    return round(rng.uniform(low, high), 1)


def draw_key(style: StyleGrammar, rng: Random) -> Key:
    """A key of the style, all tonics equally likely."""
    return Key(rng.randrange(12), rng.choice(style.modes))


def nearest_key(key: Key, style: StyleGrammar, rng: Random) -> Key:
    """The key itself if the style uses its mode, else the style's key with most tones in common."""
    if key.mode in style.modes:
        return key
    choices = [Key(root, mode) for root in range(12) for mode in dict.fromkeys(style.modes)]
    rng.shuffle(choices)
    return max(choices, key=lambda k: (len(set(k.scale) & set(key.scale)), k.root == key.root))


@dataclass(frozen=True)
class _Plan:
    """One section, as laid out before its first bar."""

    name: str
    bars: int
    key: Key
    gates: dict[str, bool]
    late: str  # letter of a family that joins half-way, or ""
    density: float  # of the section's middle, before it wanders
    progression: tuple[tuple[Chord, ...], ...]  # per bar


class Planner:
    """Plans bars endlessly. Change `style`, `key` or `meter` at any time: the next bar follows.

    Args:
        style: the grammar.
        key: tonic and mode; harmony outside the style's own modes falls back to modal progressions.
        seed: any integer; the same seed plans the same bars.
        meter: beats per bar, 2–12; default: drawn from the style.
        lengths: bars per section to draw from; default: the sections' own.
        vary: share of sections (0–1) whose line-up is drawn freely from the style's families; twice that
            share has its density drawn freely, and levels wander.
        modulate: chance (0–1) that a form ends a step higher; relative keys come half as often.
        section: number of the first section of the endless form.
        position: first bar within it.
    """

    def __init__(
        self,
        style: StyleGrammar,
        key: Key,
        seed: int,
        *,
        meter: int | None = None,
        lengths: tuple[int, ...] | None = None,
        vary: float = 0.0,
        modulate: float = 0.0,
        section: int = 0,
        position: int = 0,
    ) -> None:
        self.style = style
        self.key = key
        self.seed = seed
        self.meter = meter or self._rng("meter").choice(style.meters)
        self.lengths = lengths
        self.vary = vary
        self.modulate = modulate
        self.section = section
        self.position = position
        self.index = 0
        self.beat = 0.0

    def snapshot(self) -> dict[str, Any]:
        """The whole state, JSON-ready."""
        return {
            "style": self.style.name,
            "key": self.key.name,
            "seed": self.seed,
            "meter": self.meter,
            "lengths": list(self.lengths) if self.lengths else None,
            "vary": self.vary,
            "modulate": self.modulate,
            "section": self.section,
            "position": self.position,
            "index": self.index,
            "beat": self.beat,
        }

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Planner:
        """A planner that goes on exactly where the snapshot was taken."""
        planner = cls(
            STYLES[state["style"]],
            parse_key(state["key"]),
            state["seed"],
            meter=state["meter"],
            lengths=tuple(state["lengths"]) if state["lengths"] else None,
            vary=state["vary"],
            modulate=state["modulate"],
            section=state["section"],
            position=state["position"],
        )
        planner.index, planner.beat = state["index"], state["beat"]
        return planner

    def __iter__(self) -> Iterator[Bar]:
        return self

    def __next__(self) -> Bar:
        return self.next()

    def next(self) -> Bar:
        """Plan the next bar."""
        bar = self._bar(self._arrive())
        self.index += 1
        self.position += 1
        self.beat += self.meter
        return bar

    def variant(self, section: str | None = None, roll: int = 0) -> Bar:
        """The bar that `next` would plan, but otherwise; nothing moves on.

        Args:
            section: of the style, to which the bar is to belong; one that the style lacks changes nothing.
            roll: 0 for the plan's own draw, any other number for another one.
        """
        twin = Planner.restore(self.snapshot())
        plan = twin._arrive()
        name = section if section in self.style.sections else plan.name
        if roll:
            twin.seed = Random(f"{self.seed}:roll:{self.index}:{roll}").getrandbits(31)
        if roll or name != plan.name:
            plan = replace(twin._section(name, plan.key), bars=plan.bars)
        return twin._bar(plan)

    def _arrive(self) -> _Plan:
        """The section of the next bar, gone to."""
        plan = self._plan()
        while self.position >= plan.bars:
            self.section, self.position = self.section + 1, self.position - plan.bars
            plan = self._plan()
        return plan

    def _rng(self, *purpose: object) -> Random:
        return Random(":".join(map(str, (self.seed, *purpose))))

    def _place(self, number: int) -> tuple[tuple[str, ...], int]:
        """The form a section belongs to, and its index in it.

        Forms follow one another, each drawn anew; an intro opens only the first.
        """
        cycle = 0
        while True:
            form = self._rng("form", cycle).choice(self.style.forms)
            if cycle and form[0] == "intro":
                form = form[1:]
            if number < len(form):
                return form, number
            number -= len(form)
            cycle += 1

    def _plan(self) -> _Plan:
        form, place = self._place(self.section)
        name = form[place]
        key = modulated(self.style, form, place, self.key, self.modulate, self._rng("key", self.section))
        return self._section(name, key)

    def _section(self, name: str, key: Key) -> _Plan:
        """A section of that name at this place of the form."""
        section = self.style.sections[name]
        rng = self._rng("section", self.section)
        bars = rng.choice(self.lengths or section.bars)
        letters = rng.choice(section.families)
        free = rng.random() < self.vary
        if free:
            letters = "".join(family for family in self.style.families if rng.random() < 0.6)
            letters = letters or rng.choice(self.style.families)
        gates = {family: family[0] in letters for family in FAMILIES}
        late = rng.choice(letters) if len(letters) > 1 and bars > 1 and rng.random() < 0.15 else ""
        density = section.density + self.style.density
        own = self._rng("density", self.section)
        if own.random() < 2 * self.vary:
            density = own.uniform(-0.1, 1.1)
        return _Plan(name, bars, key, gates, late, density, self._progression(name, key))

    def _progression(self, section: str, key: Key) -> tuple[tuple[Chord, ...], ...]:
        """The same for every section of that name in a piece; verses and choruses usually differ."""
        kind = "minor" if key.minor else "major"
        own = self.style.progressions
        choices = own.get(key.mode) or MODAL.get(key.mode)
        if not choices and key.mode in (kind, f"{kind} pentatonic", "blues"):
            choices = own.get(kind)
        rng = self._rng("progression", section if self._rng("contrast").random() < 0.7 else "")
        if not choices:
            sevenths = rng.random() < 0.5
            return tuple((diatonic(key, degree, sevenths),) for degree in rng.choice(_DIATONIC))
        return tuple(
            tuple(roman(numeral, key) for numeral in bar.split(",")) for bar in rng.choice(choices).split()
        )

    def _bar(self, plan: _Plan) -> Bar:
        section = self.style.sections[plan.name]
        rng = self._rng("bar", self.index)
        levels = self._rng("levels", self.section)
        last = self.position == plan.bars - 1
        chords = plan.progression[self.position % len(plan.progression)][: self.meter]
        turns = self._rng("turn", self.section)
        if last and plan.bars > 1 and turns.random() < (TURNED if plan.name in TURNING else RARELY_TURNED):
            chords = turnaround(plan.key, turns)[: self.meter]
        # Two chords share a bar on whole beats: 2 + 2, 2 + 1, 3 + 2.
        starts = [-(-self.meter * i // len(chords)) for i in range(len(chords))]
        rise = section.rise * (self.position / max(1, plan.bars - 1) - 0.5)
        gates = dict(plan.gates)
        for family in FAMILIES:
            if family[0] == plan.late and self.position < plan.bars // 2:
                gates[family] = False
        building = build(self.position, plan.bars, section.rise)
        if building == 1.0 and (gates["chords"] or gates["lead"]) and levels.random() < _BREATH:
            gates["drums"] = gates["bass"] = False

        spread = 0.12 + 0.5 * self.vary

        def level(base: float, offset: float, change: float) -> float:
            drift = levels.uniform(-spread, spread) + rng.uniform(-0.03, 0.03)
            return round(min(1.0, max(0.0, base + offset + change + drift)), 3)

        return Bar(
            index=self.index,
            start_beat=self.beat,
            beats=self.meter,
            section=plan.name,
            key=plan.key,
            chords=tuple((self.beat + start, chord) for start, chord in zip(starts, chords, strict=True)),
            gates=gates,
            density=level(plan.density, 0.0, rise),
            brightness=level(section.brightness, self.style.brightness, 0.7 * rise),
            loudness=level(section.loudness, self.style.loudness, rise),
            fill=last and gates["drums"] and plan.bars > 1 and not building and rng.random() < 0.8,
            build=round(building, 3),
        )


def plan_bars(style: StyleGrammar, key: Key, rng: Random, **options: Any) -> Iterator[Bar]:
    """Bars without end: a `Planner` seeded from `rng`; options as of `Planner`."""
    return iter(Planner(style, key, rng.getrandbits(31), **options))


def transposed(bar: Bar, semitones: int) -> Bar:
    """The bar in another key, chords and all."""
    key = Key((bar.key.root + semitones) % 12, bar.key.mode)
    chords = tuple(
        (start, Chord((chord.root + semitones) % 12, chord.quality)) for start, chord in bar.chords
    )
    return replace(bar, key=key, chords=chords)
