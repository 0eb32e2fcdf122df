"""Lo-fi, jazz trio, rock, funk, bossa nova, reggae."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.bass import bass, walking
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import (
    CABASA,
    CLAVES,
    CONGA,
    CONGA_LOW,
    COWBELL,
    HAT,
    KICK,
    OPEN,
    PEDAL,
    RIDE,
    RIM,
    SHAKER,
    SNARE,
    TAMB,
    Groove,
    drums,
)
from legato.corpus.styles.harmony import arpeggio, comp, pad
from legato.corpus.styles.melody import SINGING, SPARSE, SWUNG, SYNCOPATED, melody
from legato.corpus.styles.textures import bed
from legato.corpus.styles.tunes import tune

BACK = "....X.......X..."
EIGHTHS = "x.o.x.o.x.o.x.o."

LOFI = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("lofi kit", "lofi kit", "lofi kit", 0, 8, 32, "808"), drums((
            Groove({KICK: "X......x..x.....", SNARE: BACK}, ((0.15, HAT, EIGHTHS), (0.55, HAT, "xoxoxoxoxoxoxxxo"), (0.6, OPEN, "..............x."))),
            Groove({KICK: "X..x......x....x", RIM: BACK}, ((0.15, HAT, EIGHTHS), (0.5, SHAKER, "..o...o...o...o."))),
            Groove({KICK: "X.......x.x.....", SNARE: "....X..o.o..X..."}, ((0.2, HAT, "x.x.x.xxx.x.x.x."), (0.6, RIDE, "x...x...x...x..."))),
        ), ("stop", "snare"), crash=0.2, ghosts=0.12), gain=0.85, reverb=0.12),
        PartPlan("bass", "bass", (33, 32, 35, "sub bass"), bass((
            (0.0, "R-------5-------"), (0.25, "R-----.R--5---a-"), (0.25, "R--.....R-5-..a."), (0.55, "R--R..5-R---8-a-"),
        ), length=0.92), gain=0.80),
        PartPlan("keys", "chords", (4, 4, 0, 11, "lofi keys", "lofi keys", "fm piano"), comp((
            (0.0, "x---------------"), (0.3, "x------x--------"), (0.3, "x-----x---x-----"), (0.6, "x--x--x---x--x--"),
        ), 61, 4, 0.97, strum=0.03), gain=0.95, pan=0.2, reverb=0.3),
        PartPlan("guitar", "chords", (26, 24, 27), arpeggio((1.0, 0.5), 62, length=1.3, gaps=0.25), gain=0.7, pan=0.5, reverb=0.35, chance=0.4),
        PartPlan("bed", "chords", ("vinyl texture", "vinyl texture", "rain texture"), bed(), gain=0.2, reverb=0.05, chance=0.3),
        PartPlan("lead", "lead", (11, 26, 65, 0, 73, 10, 59, "soft lead", "karplus guitar"), either(melody(SPARSE + SYNCOPATED, 73, 9, 0.2, ornament=0.15), melody(SPARSE + SYNCOPATED, 73, 9, 0.2, ornament=0.15), tune(73)), gain=0.85, pan=0.25, reverb=0.4),
    ),
    swing=(0.54, 0.64), human=0.012, late=0.02, dynamics=0.4,
)  # fmt: skip

_RIDE = "x...x.x.x...x.x."  # swung by the feel: spang-a-lang

JAZZ = Arrangement(
    parts=(
        PartPlan("drums", "drums", (32, 40, 0, 40), drums((
            Groove({RIDE: _RIDE, PEDAL: "....x.......x..."}, ((0.3, KICK, "o.......o......."), (0.5, SNARE, "......o.......o."), (0.7, SNARE, "..o...o.x..o..o."))),
            Groove({RIDE: "x...x...x...x...", PEDAL: "....x.......x..."}, ((0.35, RIDE, _RIDE), (0.55, SNARE, "o.....o...x....."), (0.65, KICK, "......x.......x."))),
            Groove({SNARE: "x...x.x.x...x.x.", PEDAL: "....x.......x..."}, ((0.4, KICK, "o...o...o...o..."),)),
        ), ("toms", "snare", "stop"), crash=0.3, ghosts=0.06), gain=0.75, pan=0.1, reverb=0.2),
        PartPlan("bass", "bass", (32, 32, 35), walking(), gain=0.95, reverb=0.12),
        PartPlan("comp", "chords", (0, 1, 26, 4), comp((
            (0.0, "x---------------"), (0.25, "x-----x-........"), (0.25, "..x-........x---"), (0.45, "x---..x-....x-.."),
            (0.45, "......x---....x-"), (0.7, "x-..x...x-x...x-"), (0.7, "..x-..x-..x---x-"),
        ), 60, 4, 0.8, wander=0.5), gain=0.9, pan=0.3, reverb=0.2),
        PartPlan("lead", "lead", (0, 66, 65, 59, 11, 26, 56, 71), either(melody(SWUNG, 72, 11, 0.22, 0.92, 0.25), melody(SWUNG, 72, 11, 0.22, 0.92, 0.25), tune(72, graces=0.1)), gain=1.0, pan=0.2, reverb=0.25),
    ),
    swing=(0.6, 0.67), swing_unit=0.5, human=0.01, dynamics=0.5,
)  # fmt: skip

ROCK = Arrangement(
    parts=(
        PartPlan("drums", "drums", (0, 16, 8), drums((
            Groove({KICK: "X.......X.x.....", SNARE: BACK}, ((0.15, HAT, EIGHTHS), (0.65, RIDE, "x.x.x.x.x.x.x.x."))),
            Groove({KICK: "X.x...x.X.......", SNARE: BACK}, ((0.15, HAT, "x.x.x.x.x.x.x.x."), (0.65, OPEN, "x...x...x...x..."))),
            Groove({KICK: "X..x..x.X..x....", SNARE: BACK}, ((0.2, HAT, "x.x.x.x.x.x.x.x."), (0.6, TAMB, "....x.......x..."))),
        ), ("toms", "snare", "toms"), ghosts=0.08), gain=1.0, reverb=0.2),
        PartPlan("bass", "bass", (34, 33, 34), bass((
            (0.0, "R-------R-------"), (0.25, "R-R-R-R-R-R-R-R-"), (0.25, "R---R-R-R---R-a-"), (0.6, "R-R-R-5-R-R-8-a-"),
            (0.6, "R-RRR-RRR-RRR-a-"),
        ), length=0.88), gain=0.80),
        PartPlan("rhythm", "chords", (29, 30, 27), comp((
            (0.0, "x---------------"), (0.25, "x---x---x---x---"), (0.25, "x-----x-x-----x-"), (0.5, "x-x-x-x-x-x-x-x-"),
            (0.5, "x--x--x-x--x--x-"), (0.75, "xxx-xxx-xxx-xxx-"),
        ), 55, 3, 0.9, strum=0.015), gain=0.8, pan=0.55, reverb=0.2),
        PartPlan("second", "chords", (25, 27, 18, 1), comp((
            (0.0, "x-------........"), (0.3, "x-------x-------"), (0.6, "..x-..x-..x-..x-"),
        ), 63, 4, 0.9, strum=0.02), gain=0.7, pan=-0.55, reverb=0.25, chance=0.7),
        PartPlan("lead", "lead", (30, 29, 27, 18, 22), melody(SINGING, 72, 10, 0.25, ornament=0.15), gain=0.9, pan=0.1, reverb=0.35),
    ),
    human=0.008, dynamics=0.55,
)  # fmt: skip

FUNK = Arrangement(
    parts=(
        PartPlan("drums", "drums", (0, 8, 16), drums((
            Groove({KICK: "X.x....x..x..x..", SNARE: "....X..o.o..X..o"}, ((0.15, HAT, "xoxoxoxoxoxoxoxo"), (0.6, OPEN, "......x........."))),
            Groove({KICK: "X..x..x...x..x..", SNARE: "....X..o.o.oX..."}, ((0.15, HAT, "x.x.x.x.x.x.x.x."), (0.55, COWBELL, "x...x...x...x..."))),
            Groove({KICK: "X.....xx..x.....", SNARE: "....X.o..o..X.o."}, ((0.2, HAT, "x.xxx.xxx.xxx.xx"), (0.6, CONGA, "..x...xx..x...xx"), (0.6, CONGA_LOW, "x.......x......."))),
        ), ("snare", "toms"), crash=0.5, ghosts=0.2), gain=0.95, reverb=0.1),
        PartPlan("bass", "bass", (36, 33, 37), bass((
            (0.0, "R...........5.7."), (0.25, "R..R....R.5.7..."), (0.25, "R.....8.R....7.a"), (0.5, "R..r8.r.R..r.78a"),
            (0.5, "RR..r8..R.r57.8."), (0.75, "R.r8.rR.r.57r8.a"),
        ), length=0.6), gain=0.85),
        PartPlan("guitar", "chords", (28, 27, 28), comp((
            (0.0, "....x.......x..."), (0.25, "..x..x....x..x.."), (0.25, "....x..x....x..."), (0.5, "o.xo.oxoo.xo.oxo"),
            (0.7, "oxoxxoxooxoxxoxo"),
        ), 66, 3, 0.5, strum=0.012), gain=0.8, pan=0.45, reverb=0.12),
        PartPlan("keys", "chords", (7, 16, 4, 18), comp((
            (0.0, "x-------........"), (0.3, "x-....x.....x-.."), (0.55, "x..x..x.x..x..x."),
        ), 60, 4, 0.7), gain=0.7, pan=-0.4, reverb=0.15, chance=0.75),
        PartPlan("lead", "lead", (61, 65, 66, 56, 62, 7), melody(SYNCOPATED, 71, 9, 0.2, 0.7, harmony=1), gain=0.9, pan=0.15, reverb=0.2),
    ),
    swing=(0.5, 0.57), human=0.006, dynamics=0.45,
)  # fmt: skip

BOSSA = Arrangement(
    parts=(
        PartPlan("drums", "drums", (40, 0, 32), drums((
            Groove({KICK: "x..xx..xx..xx..x", RIM: "x..x..x...x..x.."}, ((0.25, HAT, EIGHTHS), (0.6, SHAKER, "xoxoxoxoxoxoxoxo"))),
            Groove({KICK: "x..xx..xx..xx..x", CABASA: "xooxxooxxooxxoox"}, ((0.35, CLAVES, "x..x..x...x..x.."), (0.55, CONGA, "..x...xx..x...xx"))),
        ), ("stop", "snare"), crash=0.1, ghosts=0.0, wander=0.0), gain=0.7, reverb=0.2),
        PartPlan("bass", "bass", (32, 33, 35), bass((
            (0.0, "R-------5-------"), (0.2, "R--RR--.5--55--."), (0.5, "R--R5--.5--5R-a-"),
        ), length=0.9), gain=0.75),
        PartPlan("guitar", "chords", (24, 24, 25), comp((
            (0.0, "x---x-----x-----"), (0.25, "x--x--x---x--x--"), (0.25, "x-..x-.x..x-..x-"), (0.55, "x-xx--x-.xx-.x--"),
        ), 60, 4, 0.85, strum=0.01), gain=0.95, pan=0.25, reverb=0.2),
        PartPlan("strings", "chords", (49, 4, 89), pad(64, 3), gain=0.45, pan=0.4, reverb=0.45, chance=0.35),
        PartPlan("lead", "lead", (73, 66, 11, 0, 24, 71, 53), melody(SINGING + SYNCOPATED, 74, 10, 0.2), gain=1.0, pan=0.2, reverb=0.35),
    ),
    human=0.008, dynamics=0.45,
)  # fmt: skip

REGGAE = Arrangement(
    parts=(
        PartPlan("drums", "drums", (0, 8), drums((
            Groove({KICK: "........X.......", RIM: "........X......."}, ((0.15, HAT, "x.x.x.x.x.x.x.x."), (0.6, OPEN, "......x........."), (0.5, CONGA, "...x..x....x..x."))),
            Groove({KICK: "X...x...X...x...", SNARE: "........X......."}, ((0.15, HAT, "xox.xox.xox.xox."), (0.6, TAMB, "....x.......x..."))),
            Groove({KICK: "X.......X.......", RIM: "....x.......x..x"}, ((0.2, HAT, "x.x.x.x.x.x.x.x."),)),
        ), ("toms", "snare"), crash=0.6, ghosts=0.03), gain=0.9, reverb=0.25),
        PartPlan("bass", "bass", (33, 35, 32), bass((
            (0.0, "R-------........"), (0.2, "R--.R-5-....8-5-"), (0.2, "..R-R---..5-3-R-"), (0.5, "R-RR..3-5-..3-R-"), (0.5, "R---R-3-5---8-5-"),
        ), low=26, high=40), gain=0.85),
        PartPlan("skank", "chords", (27, 0, 28, 1), comp((
            (0.0, "....x.......x..."), (0.2, "..x...x...x...x."), (0.6, "..xx..xx..xx..xx"),
        ), 64, 3, 0.45, strum=0.01), gain=0.9, pan=0.35, reverb=0.2),
        PartPlan("organ", "chords", (16, 17, 18), comp((
            (0.0, "x-------........"), (0.3, "..xx..xx..xx..xx"), (0.6, ".xx..xx..xx..xx."),
        ), 60, 3, 0.7), gain=0.6, pan=-0.35, reverb=0.25, chance=0.7),
        PartPlan("lead", "lead", (56, 22, 66, 73, 61, 16), melody(SINGING, 72, 9, 0.2, harmony=1), gain=0.9, pan=0.15, reverb=0.4),
    ),
    swing=(0.5, 0.58), human=0.008, late=0.01, dynamics=0.45,
)  # fmt: skip
