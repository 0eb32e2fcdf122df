"""Blues and Celtic session."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.bass import bass, walking
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import HAT, KICK, OPEN, PEDAL, RIDE, RIM, SNARE, TAMB, Groove, drums
from legato.corpus.styles.harmony import comp
from legato.corpus.styles.licks import licks, shuffle
from legato.corpus.styles.session import bodhran, drone, ground, strum
from legato.corpus.styles.tunes import tune

_BACK = "....X.......X..."
_SHUFFLE = "X.x.X.x.X.x.X.x."
_BOOGIE = (
    (0.0, "R-------5-------"), (0.25, "R---3---5---7---"), (0.25, "R---R---5---5---"), (0.5, "R-R-3-3-5-5-7-7-"),
    (0.5, "R-R-5-5-7-7-5-5-"), (0.7, "R-R-3-3-5-5-8-a-"), (0.7, "R-R-3-5-8-7-5-a-"),
)  # fmt: skip

BLUES = Arrangement(
    parts=(
        PartPlan("drums", "drums", (0, 32, 8, 40), drums((
            Groove({KICK: "X.......X.......", SNARE: _BACK}, ((0.2, RIDE, "x...x.x.x...x.x."), (0.6, RIDE, _SHUFFLE), (0.7, KICK, "X.....x.X.....x."))),
            Groove({KICK: "X.......X.x.....", SNARE: _BACK}, ((0.2, HAT, "x.x.x.x.x.x.x.x."), (0.65, OPEN, "..............x."), (0.6, SNARE, "..o.X.o...o.X.o."))),
            Groove({KICK: "X...x...X...x...", RIM: _BACK}, ((0.25, HAT, "x...x.x.x...x.x."), (0.45, PEDAL, "....x.......x..."), (0.6, SNARE, "o.o.X.o.o.o.X.o."))),
            Groove({KICK: "X.......x.......", TAMB: _BACK}, ((0.25, SNARE, _BACK), (0.4, HAT, _SHUFFLE), (0.7, KICK, "X.x...x.X.x...x."))),
        ), ("snare", "toms", "stop"), crash=0.4, ghosts=0.03), gain=0.9, reverb=0.18),
        PartPlan("bass", "bass", (32, 33, 32, 34), either(walking(), bass(_BOOGIE), bass(_BOOGIE)), gain=0.9),
        PartPlan("rhythm guitar", "chords", (26, 27, 25, 29), shuffle(), gain=0.8, pan=0.4, reverb=0.15, chance=0.8),
        PartPlan("keys", "chords", (0, 16, 18, 3, 17), comp((
            (0.0, "x---------------"), (0.25, "x-----x---------"), (0.25, "......x-......x-"), (0.45, "x-..x-x-..x-...."),
            (0.45, "..x---x-..x---x-"), (0.7, "x-x-x-x-x-x-x-x-"), (0.7, "x-..x-x-x-..x-x-"),
        ), 61, 4, 0.75, wander=0.35), gain=0.8, pan=-0.4, reverb=0.2),
        PartPlan("lead", "lead", (29, 27, 22, 26, 30, 65, 66), licks(72), gain=1.0, pan=0.1, reverb=0.25),
        PartPlan("answer", "lead", (22, 26, 29, 66, 16), licks(69, answer=True, double=1), gain=0.7, pan=-0.3, reverb=0.25, chance=0.4, sections=("solo", "chorus")),
    ),
    swing=(0.6, 0.68), swing_unit=0.5, human=0.011, late=0.012, dynamics=0.55,
)  # fmt: skip

CELTIC = Arrangement(
    parts=(
        PartPlan("bodhrán", "drums", (0, 8, 40), bodhran(), gain=0.75, pan=0.1, reverb=0.2),
        PartPlan("bass", "bass", (32, 42, 35, 43), ground(), gain=0.75, reverb=0.15),
        PartPlan("guitar", "chords", (25, 25, 24, "karplus guitar"), strum(52), gain=0.9, pan=0.4, reverb=0.2),
        PartPlan("bouzouki", "chords", (105, 15, 25), strum(59, 3, 0.012), gain=0.55, pan=-0.45, reverb=0.2, chance=0.35),
        PartPlan("harp", "chords", (46, "karplus harp"), strum(62, 4, 0.07), gain=0.7, pan=-0.3, reverb=0.35, chance=0.3, sections=("air", "first", "outro")),
        PartPlan("drone", "chords", (21, 20, 21), drone(), gain=0.5, pan=0.2, reverb=0.3, chance=0.5),
        PartPlan("fiddle", "lead", (110, 40, 110, 78), tune(76, dancing=True, graces=0.3), gain=1.0, pan=-0.1, reverb=0.3),
        PartPlan("whistle", "lead", (78, 73, 74), tune(76, dancing=True, graces=0.15, octave=0), gain=0.75, pan=0.35, reverb=0.35, chance=0.45),
        PartPlan("squeezebox", "lead", (21,), tune(76, dancing=True, octave=-1), gain=0.6, pan=-0.4, reverb=0.25, chance=0.3),
    ),
    human=0.009, dynamics=0.5,
)  # fmt: skip
