"""Metal: guitars and bass on one riff, twin leads, double kick."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import BELL, CRASH, HAT, KICK, OPEN, RIDE, SNARE, Groove, drums
from legato.corpus.styles.harmony import arpeggio, pad
from legato.corpus.styles.melody import SINGING, melody
from legato.corpus.styles.riffs import bass_riff, guitar_riff, tremolo, twin

_BACK = "....X.......X..."
_QUARTERS = "x...x...x...x..."
_EIGHTHS = "x.x.x.x.x.x.x.x."
_ALL = "xxxxxxxxxxxxxxxx"

_GROOVES = (
    Groove(
        {KICK: "X.......X.x.....", SNARE: _BACK},
        (
            (0.15, HAT, _QUARTERS),
            (0.35, HAT, _EIGHTHS),
            (0.5, KICK, "X.xx..xxX.xx..xx"),
            (0.7, KICK, _ALL),
            (0.7, RIDE, _EIGHTHS),
        ),
    ),
    Groove(
        {KICK: "X.....x.X...x...", SNARE: _BACK},
        (
            (0.15, OPEN, _QUARTERS),
            (0.5, KICK, "X.xxX.xxX.xxX.xx"),
            (0.6, CRASH, _QUARTERS),
            (0.8, KICK, _ALL),
        ),
    ),
    Groove(
        {KICK: "X.x.X.x.X.x.X.x.", SNARE: "..X...X...X...X."},
        ((0.3, HAT, _QUARTERS), (0.5, HAT, _EIGHTHS), (0.75, RIDE, _EIGHTHS), (0.8, KICK, _ALL)),
    ),  # thrash beat
    Groove(
        {KICK: "X..x..x.X..x..x.", SNARE: _BACK},
        ((0.2, BELL, _QUARTERS), (0.5, KICK, "X..xxx..X..xxx.x"), (0.65, RIDE, _EIGHTHS), (0.8, KICK, _ALL)),
    ),
)
_SECTIONS = {
    "breakdown": (
        Groove(
            {KICK: "X.....x.........", SNARE: "........X......."},
            ((0.1, CRASH, _QUARTERS), (0.4, KICK, "X.xx..x.....xx.."), (0.7, KICK, "xxx.xxx..xx.xxxx")),
        ),
        Groove(
            {KICK: "X..x......x.....", SNARE: "........X......."},
            ((0.2, OPEN, _QUARTERS), (0.45, KICK, "X..xx..x..x.xx.."), (0.75, KICK, "xx.xxx.x..xxxx.x")),
        ),
    ),
    "blast": (
        Groove(
            {KICK: "X...X...X...X...", SNARE: "..X...X...X...X."},
            (
                (0.4, KICK, _EIGHTHS),
                (0.4, SNARE, ".x.x.x.x.x.x.x.x"),
                (0.4, RIDE, _EIGHTHS),
                (0.85, KICK, _ALL),
            ),
        ),
        Groove(
            {KICK: "X...X...X...X...", SNARE: "..X...X...X...X."},
            (
                (0.4, KICK, _EIGHTHS),
                (0.55, SNARE, "X.X.X.X.X.X.X.X."),
                (0.4, HAT, _EIGHTHS),
                (0.8, KICK, _ALL),
            ),
        ),
    ),
}
_ANTHEM = either(melody(SINGING, 74, 11, 0.2, 0.96, 0.05), tremolo(melody(SINGING, 74, 11, 0.2, 0.98, 0.05)))
_SOLO = either(
    tremolo(melody(SINGING, 76, 12, 0.25, 0.98, 0.1)),
    arpeggio((0.5, 0.25), 76, "lead", ("up", "down", "wave", "skip")),
    melody(SINGING, 76, 12, 0.3),
)

METAL = Arrangement(
    parts=(
        PartPlan("drums", "drums", (16, 0, 16, 8), drums(_GROOVES, ("toms", "snare", "toms"), crash=1.0, ghosts=0.0, wander=0.04, sections=_SECTIONS), gain=1.0, reverb=0.12),
        PartPlan("bass", "bass", (34, 34, 33), bass_riff(), gain=0.85, reverb=0.03),
        PartPlan("left guitar", "chords", (30, 30, 29), guitar_riff(), gain=0.75, pan=0.75, reverb=0.08),
        PartPlan("right guitar", "chords", (30, 29, 30), guitar_riff(), gain=0.75, pan=-0.75, reverb=0.08, chance=0.9),
        PartPlan("clean guitar", "chords", (27, 25), arpeggio((1.0, 0.5), 62, length=1.6, gaps=0.1), gain=0.6, pan=0.3, reverb=0.45, chance=0.6, sections=("intro", "calm")),
        PartPlan("choir", "chords", (52, 48, "choir pad"), pad(62, 3), gain=0.4, pan=0.2, reverb=0.5, chance=0.25),
        PartPlan("lead guitar", "lead", (30, 29), twin(either(_ANTHEM, _SOLO)), gain=0.85, pan=0.3, reverb=0.3),
        PartPlan("second lead", "lead", (30, 29), twin(either(_ANTHEM, _SOLO), above=True), gain=0.75, pan=-0.4, reverb=0.3, chance=0.5),
    ),
    human=0.004, dynamics=0.4,
)  # fmt: skip
