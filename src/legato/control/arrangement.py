"""What a performer has done to bars of the conductor's plan: edits by hand, locks and re-rolls.

Bars are named by their index. Nothing here draws anything by chance: what a bar becomes follows from the
planner's state and what was ordered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from legato.conditioning import FAMILIES
from legato.music.grammar import Bar, Planner
from legato.music.levels import LEVELS
from legato.music.theory import parse_chord, parse_key

TRIES = 4  # at another draw of a bar until it has other chords
_KEPT = ("section", *LEVELS, "fill", "build")


@dataclass(frozen=True)
class Arranged:
    """What was done to one bar.

    Args:
        edit: fields set by hand, as in `PlanOrder.edit`.
        kept: how the bar stood when it was locked; None while it is not.
        roll: number of its draw; 0 is the plan's own.
    """

    edit: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] | None = None
    roll: int = 0

    @property
    def edited(self) -> list[str]:
        """What differs from the plan's own by the performer's wish; `roll` for another draw."""
        return [*self.edit, *(["roll"] if self.roll else [])]

    @property
    def chords_given(self) -> bool:
        """Whether its chords are the performer's choice, by hand or by a lock."""
        return self.kept is not None or "chords" in self.edit

    @property
    def gates(self) -> Mapping[str, bool]:
        """Families of which was said whether they play."""
        kept = self.kept["gates"] if self.kept else {}
        return {**kept, **self.edit.get("gates", {})}

    def changed(self, edit: Mapping[str, Any]) -> Arranged:
        """With more fields set; None takes one back. Gates are added to those set before."""
        merged = {**self.edit, **edit}
        if edit.get("gates"):
            merged["gates"] = {**self.edit.get("gates", {}), **edit["gates"]}
        return replace(self, edit={name: value for name, value in merged.items() if value is not None})

    def plan(self, planner: Planner) -> Bar:
        """The planner's next bar, as arranged; the planner goes on as it would have."""
        section = self.edit.get("section")
        variant = planner.variant(section, self.roll) if section or self.roll else None
        bar = variant or planner.next()
        if variant:
            planner.next()
        if self.kept:
            bar = replace(
                bar,
                key=parse_key(self.kept["key"]),
                chords=_placed(bar, self.kept["chords"]),
                gates=dict(self.kept["gates"]),
                **{name: self.kept[name] for name in _KEPT},
            )
        if chords := self.edit.get("chords"):
            bar = replace(bar, chords=_placed(bar, chords))
        levels = {name: self.edit[name] for name in LEVELS if name in self.edit}
        return replace(bar, gates={**bar.gates, **self.gates}, **levels)

    def redrawn(self, planner: Planner) -> Arranged:
        """Drawn anew, without what was set by hand: the next draw whose chords are not the present ones."""
        now = self.plan(Planner.restore(planner.snapshot()))
        for roll in range(self.roll + 1, self.roll + 1 + TRIES):
            if planner.variant(roll=roll).chords != now.chords:
                return Arranged(roll=roll)
        return Arranged(roll=self.roll + TRIES)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `Arranged(**data)` is the inverse."""
        return {"edit": dict(self.edit), "kept": dict(self.kept) if self.kept else None, "roll": self.roll}


def kept(bar: Bar, gates: Mapping[str, bool]) -> dict[str, Any]:
    """A bar as `Arranged.kept` holds it, with the families that play in it."""
    return {
        "key": bar.key.name,
        "chords": [[start - bar.start_beat, chord.name] for start, chord in bar.chords],
        "gates": {family: gates[family] for family in FAMILIES},
        **{name: getattr(bar, name) for name in _KEPT},
    }


def rolled_seed(seed: int, rolls: int) -> int:
    """The seed of a plan that was drawn anew so many times."""
    return Random(f"{seed}:rolls:{rolls}").getrandbits(31) if rolls else seed


def _placed(bar: Bar, chords: Any) -> tuple[Any, ...]:
    """Chords at beats within the bar; those beyond its end, in another metre, are left out."""
    return tuple((bar.start_beat + beat, parse_chord(name)) for beat, name in chords if beat < bar.beats)
