"""Disco and trance."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.bass import bass
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import (
    CLAP,
    CONGA,
    CONGA_LOW,
    COWBELL,
    HAT,
    KICK,
    OPEN,
    RIDE,
    SHAKER,
    SNARE,
    TAMB,
    Groove,
    drums,
)
from legato.corpus.styles.harmony import comp, pad
from legato.corpus.styles.melody import SINGING, SYNCOPATED, melody
from legato.corpus.styles.pulses import gated, riser, rolling, sequence, string_runs

_FOUR = "X...X...X...X..."
_BACK = "....X.......X..."
_OFF = "..x...x...x...x."
_AROUND = "xo.oxo.oxo.oxo.o"  # closed hats around the open ones
_CONGAS = ((CONGA, "..x...xx..x...xx"), (CONGA, "x..x..x...x.x..."), (CONGA, "..x..x....x..x.x"))

DISCO = Arrangement(
    parts=(
        PartPlan("drums", "drums", (0, 8, 0, "linn", 16), drums((
            Groove({KICK: _FOUR, SNARE: _BACK}, ((0.15, OPEN, _OFF), (0.4, HAT, _AROUND), (0.6, *_CONGAS[0]), (0.75, TAMB, "xoxoxoxoxoxoxoxo"))),
            Groove({KICK: _FOUR, SNARE: _BACK}, ((0.15, HAT, "x.x.x.x.x.x.x.x."), (0.35, OPEN, _OFF), (0.5, TAMB, _BACK), (0.65, CONGA, _CONGAS[1][1]), (0.65, CONGA_LOW, "....x......x...."))),
            Groove({KICK: "X...x...X...x...", SNARE: "....X..o....X..."}, ((0.2, HAT, "xxoxxxoxxxoxxxox"), (0.45, OPEN, _OFF), (0.6, COWBELL, "x.x.x.xxx.x.x.xx"))),
            Groove({KICK: _FOUR, CLAP: _BACK, SNARE: "....X.......X..o"}, ((0.15, OPEN, _OFF), (0.5, SHAKER, "xoxoxoxoxoxoxoxo"), (0.6, CONGA, _CONGAS[2][1]))),
        ), ("toms", "snare", "snare"), ghosts=0.06, wander=0.03), gain=0.95, reverb=0.1),
        PartPlan("bass", "bass", (33, 34, 33, "fm bass", 36), bass((
            (0.0, "R---....8-......"), (0.0, "R-------8-------"), (0.2, "R-8-R-8-R-8-R-8-"), (0.2, "R-..8-R-R-..8-5-"), (0.2, "R---8-R---R-8-a-"),
            (0.45, "R.8.R.8.R.8.R.8."), (0.45, "R-8-R-8-5-8-7-a-"), (0.45, "R..R8.R.R..R8.a."), (0.45, "R-.R-.8-R-.5-.8-"),
            (0.65, "R.R8R.R8R.R8R.R8"), (0.65, "RR8.RR8.RR8.R58a"), (0.65, "R.8R.R8.R.8R.578"), (0.65, "R8R8R8R8R8R85878"),
        ), low=28, high=41, length=0.72), gain=0.9, reverb=0.04),
        PartPlan("guitar", "chords", (28, 27, 28), comp((
            (0.0, "....x.......x..."), (0.2, "..x...x...x..xx."), (0.2, "...x..x....x..x."), (0.45, "o.xo.oxoo.xo.xox"), (0.45, "oxo.oxo.oxo.oxox"),
            (0.45, "x.ox.xo.x.ox.xo."), (0.7, "oxxooxxooxxooxxo"), (0.7, "xoxxoxoxxoxxoxox"),
        ), 67, 3, 0.5, strum=0.01, wander=0.15), gain=0.75, pan=0.5, reverb=0.12),
        PartPlan("keys", "chords", (4, 7, 0, 1, "fm piano"), comp((
            (0.0, "x-------........"), (0.25, "x--x--x---......"), (0.25, "x-----..x--x----"), (0.5, "x..x..x.x..x..x."), (0.5, "..x-.x-...x-.x.x"),
            (0.7, "x.xx.xx.x.xx.xx."),
        ), 61, 4, 0.75), gain=0.75, pan=-0.4, reverb=0.18, chance=0.8),
        PartPlan("strings", "chords", (48, "string machine", 50), either(
            pad(67, 3),
            comp(((0.0, "x---------------"), (0.4, "x-----..x-x-...."), (0.4, "x--x--x---------"), (0.65, "X.xX.xX---X.X.X-")), 70, 3, 0.85),
        ), gain=0.6, pan=0.3, reverb=0.35, chance=0.85),
        PartPlan("horns", "chords", (61, 61, "analog brass"), comp((
            (0.0, "............X..."), (0.35, "..X...........X."), (0.35, "X..X......X-...."), (0.65, "X..X..X...X.X..."), (0.65, "..X.X.....XX..X-"),
        ), 65, 3, 0.5, wander=0.3), gain=0.65, pan=-0.2, reverb=0.2, chance=0.45),
        PartPlan("violins", "lead", (48, 48, "string machine"), string_runs(), gain=0.8, pan=0.2, reverb=0.35, chance=0.6),
        PartPlan("lead", "lead", (65, 73, 56, "talk box lead", 11, "saw lead", 61), melody(SINGING + SYNCOPATED, 73, 9, 0.2, 0.85), gain=0.9, pan=0.1, reverb=0.25),
    ),
    human=0.005, dynamics=0.45,
)  # fmt: skip

_ANTHEM = (
    "x---------------", "x-------x-------", "x-----x---x-----", "x-----x-----x---", "x--x--x-----x---", "x--x--x--x--x-x-",
    "x-x-x--x--x-x---", "..x-x-x-x--x--x-", "x-xxx-x-xx-x-xx-", "x-x-xxx-x-x-xxx-",
)  # fmt: skip

TRANCE = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("909", "909", 24, "909"), rolling(drums((
            Groove({KICK: _FOUR}, ((0.2, OPEN, _OFF), (0.4, CLAP, _BACK), (0.55, HAT, "xoxoxoxoxoxoxoxo"), (0.75, RIDE, _OFF))),
            Groove({KICK: _FOUR, CLAP: _BACK}, ((0.25, OPEN, _OFF), (0.45, SHAKER, "xoxoxoxoxoxoxoxo"), (0.7, RIDE, "x.x.x.x.x.x.x.x."))),
            Groove({KICK: _FOUR, SNARE: _BACK}, ((0.2, HAT, _OFF), (0.5, OPEN, _OFF), (0.5, HAT, "xxoxxxoxxxoxxxox"), (0.7, TAMB, _OFF))),
        ), ("snare", "stop", "clap"), ghosts=0.0, wander=0.0)), gain=1.0, reverb=0.1),
        PartPlan("bass", "bass", ("saw bass", "pluck bass", "acid bass", "saw bass"), bass((
            (0.0, "R---------------"), (0.0, "R-------........"), (0.2, "..R-..R-..R-..R-"), (0.45, "..RR..RR..RR..RR"), (0.45, "..R...R8..R...R8"),
            (0.65, ".RRR.RRR.RRR.RRR"), (0.65, ".RR8.RR8.RR8.R58"), (0.65, "..R8.RR8..R8.RR8"),
        ), low=28, high=40, length=0.7, wander=0.02), gain=0.9),
        PartPlan("supersaw", "chords", ("supersaw",), gated(66, 4, ("breakdown", "intro")), gain=0.85, pan=0.1, reverb=0.4),
        PartPlan("pluck", "chords", ("trance pluck", "pluck", "trance pluck", "fm bell"), sequence(72), gain=0.7, pan=0.4, reverb=0.4, chance=0.85),
        PartPlan("pad", "chords", ("sweep pad", "choir pad", "analog pad", "glass pad"), pad(62, 4), gain=0.6, pan=0.3, reverb=0.55, chance=0.8),
        PartPlan("riser", "chords", ("noise riser",), riser(), gain=0.4, reverb=0.3, sections=("build",)),
        PartPlan("lead", "lead", ("saw lead", "supersaw", "saw lead", "square lead"), either(melody(_ANTHEM, 76, 9, 0.22, 0.9, 0.04), melody(_ANTHEM, 76, 10, 0.3, 0.8, 0.04), sequence(77, "lead", 0.75)), gain=0.95, pan=0.1, reverb=0.45),
    ),
    human=0.001, dynamics=0.35,
)  # fmt: skip
