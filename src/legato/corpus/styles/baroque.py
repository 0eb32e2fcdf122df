"""Baroque ensemble."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.bass import bass
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import FLOOR, SNARE, TAMB, TOM_LOW, Groove, drums
from legato.corpus.styles.harmony import arpeggio, comp, pad
from legato.corpus.styles.imitation import running, voice_in
from legato.corpus.styles.tunes import tune

_CONTINUO = (
    (0.0, "R---------------"), (0.2, "R-------5-------"), (0.35, "R---3---5---a---"), (0.35, "R---5---8---5---"),
    (0.55, "R-3-5-8-5-3-5-a-"), (0.55, "R-R-8-8-5-5-3-a-"), (0.75, "R-8-7-5-R-3-5-a-"), (0.75, "RR8-5R3-R-8-53a-"),
)  # fmt: skip
_CHORDS = (
    (0.0, "x---------------"), (0.2, "x-------x-------"), (0.4, "x---x---x---x---"), (0.4, "x---x-x-x---x---"),
    (0.65, "x-x-x-x-x-x-x-x-"), (0.65, "x-xxx-x-x-xxx-x-"),
)  # fmt: skip

BAROQUE = Arrangement(
    parts=(
        PartPlan("timpani and tabor", "drums", (0, 40, 8), drums((
            Groove({FLOOR: "X.......x......."}, ((0.35, TOM_LOW, "....x.x.....x.x."), (0.6, TAMB, "x.x.x.x.x.x.x.x."))),
            Groove({TOM_LOW: "X...x...X...x..."}, ((0.35, SNARE, "..o...o...o.o.o."), (0.65, FLOOR, "x.xxx.x.x.xxx.x."))),
        ), ("stop", "toms"), crash=0.0, ghosts=0.0, wander=0.0), gain=0.55, pan=0.3, reverb=0.45),
        PartPlan("basso continuo", "bass", (42, 43, 42), either(bass(_CONTINUO, low=36, high=50, length=0.85), running()), gain=0.8, pan=0.25, reverb=0.35),
        PartPlan("harpsichord", "chords", (6,), comp(_CHORDS, 62, 4, 0.9, strum=0.03, wander=0.2), gain=0.95, pan=-0.2, reverb=0.3),
        PartPlan("broken continuo", "chords", (6, 46, 24, "karplus harp", 6), arpeggio((1.0, 0.5, 0.25), 66, orders=("wave", "alberti", "up", "pedal"), gaps=0.0), gain=0.7, pan=0.35, reverb=0.3, chance=0.45),
        PartPlan("organ", "chords", (19, 20), pad(58, 4), gain=0.5, pan=0.0, reverb=0.5, chance=0.3),
        PartPlan("first voice", "lead", (40, 68, 73, 40, 74, 56), either(voice_in(0, 77), voice_in(0, 77), voice_in(0, 76, trills=0.8), tune(76, graces=0.2)), gain=1.0, pan=-0.3, reverb=0.4),
        PartPlan("second voice", "lead", (40, 68, 71, 41, 73), voice_in(1, 70), gain=0.85, pan=0.35, reverb=0.4, chance=0.8),
    ),
    human=0.01, dynamics=0.55,
)  # fmt: skip
