"""Chiptune: pulses, a triangle and noise."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.bass import bass
from legato.corpus.styles.chips import echo, fast_arpeggio, harmony_voice, jumping_tune
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import HAT, KICK, OPEN, SNARE, Groove, drums

_BACK = "....X.......X..."
_TUNE = jumping_tune()

CHIPTUNE = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("chip kit",), drums((
            Groove({KICK: "X.......X.......", SNARE: _BACK}, ((0.2, HAT, "x.x.x.x.x.x.x.x."), (0.6, HAT, "xoxoxoxoxoxoxoxo"), (0.65, KICK, "X.x...x.X.x....."))),
            Groove({KICK: "X..x..x.X..x....", SNARE: _BACK}, ((0.2, HAT, "..x...x...x...x."), (0.5, HAT, "x.xxx.xxx.xxx.xx"))),
            Groove({KICK: "X...X...X...X...", SNARE: _BACK}, ((0.25, OPEN, "..x...x...x...x."), (0.6, HAT, "xx.xxx.xxx.xxx.x"))),
            Groove({KICK: "X.x...x...x.x...", SNARE: "....X..o.o..X..o"}, ((0.25, HAT, "x.x.x.x.x.x.x.x."), (0.7, SNARE, "....X..x.x..X.xx"))),
            Groove({KICK: "X.......X.......", SNARE: "....x.......x.xx"}, ((0.3, HAT, "x.o.x.o.x.o.x.o."), (0.6, SNARE, "..x.x.x...x.x.xx"))),
        ), ("snare", "snare", "stop", "toms"), crash=0.6, ghosts=0.02), gain=0.8, reverb=0.03),
        PartPlan("bass", "bass", ("chip triangle", "chip triangle", "chip triangle", "square bass"), bass((
            (0.0, "R-------........"), (0.0, "R-------5-------"), (0.2, "R---5---R---5---"), (0.2, "R-..R-..5-..R-.."), (0.2, "R-----R-8---5---"),
            (0.4, "R.8.R.8.R.8.R.8."), (0.4, "R-5-8-5-R-5-8-5-"), (0.4, "R..R..8.R..R..8."), (0.4, "R-3-5-8-5-3-R-a-"),
            (0.6, "R.R8R.R8R.R8R.R8"), (0.6, "R8R8R8R85858R8R8"), (0.6, "RR.8RR.8RR.8R58a"), (0.6, "R358R358R3588535"),
        ), low=33, high=46, length=0.85), gain=0.9, reverb=0.02),
        PartPlan("arp", "chords", ("chip pulse", "chip square", "chip pulse"), fast_arpeggio(), gain=0.65, pan=0.25, reverb=0.06),
        PartPlan("lead", "lead", ("chip square", "chip pulse"), _TUNE, gain=0.9, pan=0.05, reverb=0.08),
        PartPlan("second", "lead", ("chip pulse", "chip square"), either(echo(_TUNE), echo(_TUNE, 0.5, 0.5), echo(_TUNE, 0.375, 0.45), harmony_voice(_TUNE)), gain=0.6, pan=-0.4, reverb=0.08, chance=0.75),
    ),
    human=0.0, dynamics=0.3,
)  # fmt: skip
