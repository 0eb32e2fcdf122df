"""String quartet, solo piano, orchestra, folk."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.bass import bass
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import (
    CRASH,
    FLOOR,
    HAT,
    KICK,
    RIM,
    SHAKER,
    SNARE,
    TAMB,
    TOM_LOW,
    TRIANGLE,
    Groove,
    drums,
)
from legato.corpus.styles.harmony import arpeggio, broken_bass, comp, inner, pad
from legato.corpus.styles.melody import SINGING, SPARSE, melody
from legato.corpus.styles.tunes import tune

_CELLO = (
    (0.0, "R---------------"), (0.25, "R-------5-------"), (0.25, "R-------3---5---"), (0.5, "R---3---5---3---"),
    (0.5, "R---5---8---5---"), (0.75, "R-3-5-3-8-5-3-a-"), (0.75, "R-R-R-R-5-5-3-a-"),
)  # fmt: skip

QUARTET = Arrangement(
    parts=(
        PartPlan("cello", "bass", (42,), bass(_CELLO, low=36, high=50, length=0.97), gain=0.75, pan=0.35, reverb=0.35),
        PartPlan("viola", "chords", (41,), inner(0, centre=58), gain=0.95, pan=0.15, reverb=0.35),
        PartPlan("second violin", "chords", (40, 40, 45), inner(2, centre=63), gain=0.9, pan=-0.15, reverb=0.35),
        PartPlan("first violin", "lead", (40,), either(melody(SINGING, 77, 11, 0.2, 0.98, 0.15), melody(SINGING, 77, 11, 0.2, 0.98, 0.15), tune(76, length=0.98)), gain=1.1, pan=-0.35, reverb=0.35),
    ),
    human=0.014, dynamics=0.8,
)  # fmt: skip

_PIANO_COMP = (
    (0.0, "x---------------"), (0.2, "x-------x-------"), (0.4, "x---x---x---x---"), (0.4, "..x-..x-..x-..x-"),
    (0.7, "x-x-x-x-x-x-x-x-"), (0.7, "x--x--x-x--x--x-"),
)  # fmt: skip

PIANO = Arrangement(
    parts=(
        PartPlan("left hand", "bass", (0,), broken_bass((2.0, 1.0, 0.5)), gain=0.70, reverb=0.3),
        PartPlan("chords", "chords", (0,), comp(_PIANO_COMP, 60, 3, 0.98, strum=0.01), gain=0.95, reverb=0.3),
        PartPlan("broken", "chords", (0,), arpeggio((1.0, 0.5, 0.25), 64, length=1.5, orders=("up", "wave", "alberti", "skip")), gain=0.8, reverb=0.3, chance=0.45, sections=("development", "climax", "opening")),
        PartPlan("right hand", "lead", (0,), either(melody(SINGING + SPARSE, 76, 12, 0.25, 1.0, 0.15, harmony=1), melody(SINGING + SPARSE, 76, 12, 0.25, 1.0, 0.15, harmony=1), tune(75, length=1.0)), gain=1.1, reverb=0.3),
    ),
    human=0.014, dynamics=0.9,
)  # fmt: skip

ORCHESTRAL = Arrangement(
    parts=(
        PartPlan("percussion", "drums", (48, 0, 16), drums((
            Groove({FLOOR: "X.......x......."}, ((0.4, SNARE, "....x.oo....x.oo"), (0.6, TOM_LOW, "..x...x...x...x."), (0.75, CRASH, "x..............."))),
            Groove({FLOOR: "X..x..x.X..x..x."}, ((0.4, TOM_LOW, "......x.......xx"), (0.6, SNARE, "o.oox.oooo.ox.oo"))),
            Groove({KICK: "X...........x...", TRIANGLE: "........x......."}, ((0.5, SNARE, "....x.......x..."), (0.7, FLOOR, "x.x...x.x.x...x."))),
        ), ("toms", "snare"), crash=0.9, ghosts=0.0), gain=0.85, reverb=0.5),
        PartPlan("low strings", "bass", (43, 42, 48, 57), bass((
            (0.0, "R---------------"), (0.25, "R-------R---5---"), (0.5, "R-R-R-R-R-R-R-R-"), (0.5, "R--R--R-R--R--5-"), (0.75, "RRRRRR8RRRRRRR5R"),
        ), low=31, high=45), gain=0.80, pan=0.4, reverb=0.5),
        PartPlan("strings", "chords", (48, 49, 44, 52), pad(60, 4), gain=0.9, pan=0.3, reverb=0.55),
        PartPlan("ostinato", "chords", (45, 48, 46, 0), arpeggio((1.0, 0.5, 0.25), 66, length=0.8, gaps=0.0), gain=0.7, pan=-0.4, reverb=0.5, chance=0.65),
        PartPlan("melody", "lead", (60, 56, 68, 40, 61, 73, 71, 48), either(melody(SINGING + SPARSE, 72, 10, 0.3), melody(SINGING + SPARSE, 72, 10, 0.3), tune(72)), gain=1.1, pan=-0.1, reverb=0.55),
    ),
    human=0.015, dynamics=0.8,
)  # fmt: skip

FOLK = Arrangement(
    parts=(
        PartPlan("percussion", "drums", (0, 40, 8), drums((
            Groove({KICK: "X.......X.......", TAMB: "....x.......x..."}, ((0.4, SHAKER, "xoxoxoxoxoxoxoxo"), (0.6, SNARE, "....x.......x..."))),
            Groove({KICK: "X...x...X...x..."}, ((0.25, SHAKER, "..x...x...x...x."), (0.5, RIM, "....x.......x..."))),
            Groove({KICK: "X.......X.x.....", SNARE: "....x.......x..."}, ((0.25, HAT, "x.x.x.x.x.x.x.x."),)),
        ), ("stop", "snare"), crash=0.2, ghosts=0.04), gain=0.7, reverb=0.2),
        PartPlan("bass", "bass", (32, 33, 43), bass((
            (0.0, "R---------------"), (0.2, "R-------5-------"), (0.5, "R---5---R---a---"), (0.5, "R-----R-5---a---"),
        )), gain=0.75),
        PartPlan("guitar", "chords", (25, 24, 25), comp((
            (0.0, "x-------x-------"), (0.25, "x---x-x-..x-x---"), (0.45, "x---x-x-x---x-x-"), (0.65, "x-xxx-xxx-xxx-xx"),
        ), 58, 5, 0.95, strum=0.025), gain=0.95, pan=0.35, reverb=0.2),
        PartPlan("picking", "chords", (24, 105, 25, 46, 15), arpeggio((1.0, 0.5, 0.25), 64, length=1.2, orders=("alberti", "skip", "wave", "pedal")), gain=0.75, pan=-0.4, reverb=0.25, chance=0.6),
        PartPlan("lead", "lead", (22, 110, 73, 21, 74, 78, 71), either(melody(SINGING, 74, 9, 0.15, ornament=0.15), tune(74, graces=0.1)), gain=0.9, pan=0.1, reverb=0.35),
    ),
    swing=(0.5, 0.56), swing_unit=0.5, human=0.01, dynamics=0.55,
)  # fmt: skip
