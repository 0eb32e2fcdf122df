"""House, techno, ambient, synthwave, drum and bass, trap."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.bass import bass
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.drums import (
    CABASA,
    CLAP,
    CONGA,
    CONGA_LOW,
    COWBELL,
    HAT,
    KICK,
    OPEN,
    RIDE,
    RIM,
    SHAKER,
    SNARE,
    SNARE2,
    TAMB,
    TOM_LOW,
    TRIANGLE,
    Groove,
    drums,
)
from legato.corpus.styles.harmony import arpeggio, comp, pad
from legato.corpus.styles.melody import HYPNOTIC, SINGING, SPARSE, SYNCOPATED, melody
from legato.corpus.styles.textures import bed

FOUR = "X...x...X...x..."
BACK = "....X.......X..."
OFF = "..x...x...x...x."
EIGHTHS = "x.x.x.x.x.x.x.x."
SIXTEENTHS = "xoxoxoxoxoxoxoxo"

HOUSE = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("909", "909", "909", "606", "linn", 24, 8), drums((
            Groove({KICK: FOUR, CLAP: BACK}, ((0.2, OPEN, OFF), (0.45, HAT, "xoxoxoxoxoxoxoxo"), (0.7, SHAKER, SIXTEENTHS))),
            Groove({KICK: FOUR, CLAP: BACK}, ((0.25, HAT, OFF), (0.5, CONGA, "...x..x....x..x."), (0.7, TAMB, OFF))),
            Groove({KICK: FOUR, SNARE: BACK}, ((0.2, OPEN, OFF), (0.5, CABASA, "xoxxxoxxxoxxxoxx"), (0.65, COWBELL, "......x...x....."))),
        ), ("clap", "stop", "snare"), ghosts=0.03), gain=0.95, reverb=0.08),
        PartPlan("bass", "bass", ("organ bass", "saw bass", "sub bass", "fm bass", "pluck bass", "square bass", 38, 33), bass((
            (0.0, "R-------........"), (0.2, "..R...R...R...R."), (0.2, "R-.....R..R....."), (0.45, "R..R..R-..R..8.."),
            (0.45, "..RR..RR..RR..R8"), (0.7, "R.R8..R.R.8R..5."), (0.7, "..R8..R8..R8..57"),
        ), length=0.75), gain=0.9),
        PartPlan("keys", "chords", (0, 1, 4, "house organ", "organ stab", "fm piano", "synth chords"), comp((
            (0.0, "x-------........"), (0.2, "x--x--x---......"), (0.2, "..x...x...x...x."), (0.5, "x..x..x...x..x.."),
            (0.5, "X--x--x--x--x-x."), (0.7, "x..xx..x..x.xx.."),
        ), 63, 4, 0.7), gain=0.95, pan=0.2, reverb=0.25),
        PartPlan("pad", "chords", ("analog pad", "string machine", "sweep pad", 89, 49), pad(60), gain=0.55, pan=0.3, reverb=0.45, chance=0.6),
        PartPlan("arp", "chords", ("pluck", "trance pluck", "fm bell"), arpeggio((0.5, 0.25), 69, length=0.6, gaps=0.1), gain=0.5, pan=-0.4, reverb=0.4, chance=0.3),
        PartPlan("lead", "lead", ("saw lead", "square lead", "pluck", "talk box lead", "soft lead", 11, 53, 65), melody(SYNCOPATED, 76, length=0.8), gain=0.9, pan=0.15, reverb=0.35),
    ),
    swing=(0.5, 0.57), human=0.003, dynamics=0.35,
)  # fmt: skip

TECHNO = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("909", "909", "808", "606", "industrial kit", "industrial kit", 24), drums((
            Groove({KICK: FOUR}, ((0.2, OPEN, OFF), (0.4, CLAP, BACK), (0.5, HAT, SIXTEENTHS), (0.75, RIDE, EIGHTHS))),
            Groove({KICK: FOUR}, ((0.2, HAT, OFF), (0.4, RIM, "...x..x....x..x."), (0.6, TOM_LOW, "..x....x..x....x"), (0.7, SHAKER, SIXTEENTHS))),
            Groove({KICK: "X...x...X...x..x"}, ((0.25, HAT, "xoXoxoXoxoXoxoXo"), (0.5, CLAP, "....X.......X..x"), (0.6, CONGA_LOW, "...x.x....x..x.."))),
            Groove({KICK: "X..x..x...X..x..", CLAP: BACK}, ((0.3, HAT, OFF), (0.6, COWBELL, "x..x..x..x..x..."))),
        ), ("stop", "clap", "snare"), crash=0.5, ghosts=0.0), gain=1.0, reverb=0.1),
        PartPlan("bass", "bass", ("acid bass", "acid bass", "saw bass", "reese bass", "sub bass", "pluck bass", 38), bass((
            (0.0, "..r...r...r...r."), (0.3, ".rRr.rRr.rRr.rRr"), (0.3, "..RR..RR..RR..RR"), (0.6, "RRRRRRRRRRRRRRRR"),
            (0.6, "R.RR.RR8R.RR.R8R"), (0.6, "R.R.8.R.R.5.R.8."),
        ), low=26, high=40, length=0.7, wander=0.04), gain=0.95),
        PartPlan("stab", "chords", ("dub stab", "dub stab", "organ stab", "supersaw", "synth chords", 90), comp((
            (0.0, "......x........."), (0.3, "..x.......x....."), (0.3, "...x.....x......"), (0.6, "..x..x....x..x.."),
            (0.6, "x..x..x..x..x..."),
        ), 62, 3, 0.6, wander=0.04), gain=0.8, pan=0.25, reverb=0.45),
        PartPlan("pad", "chords", ("sweep pad", "sweep pad", "analog pad", "glass pad", 95), pad(52, 3), gain=0.45, pan=0.35, reverb=0.55, chance=0.5),
        PartPlan("drone", "chords", ("drone texture",), pad(38, 2), gain=0.35, pan=0.2, reverb=0.4, chance=0.3),
        PartPlan("sequence", "lead", ("pluck", "square lead", "saw lead", "acid bass", "fm bell", "trance pluck", 98), either(melody(HYPNOTIC, 67, 8, 0.35, 0.6, 0.03), arpeggio((0.5, 0.25), 67, "lead", length=0.6)), gain=0.85, pan=0.3, reverb=0.35),
    ),
    human=0.0015, dynamics=0.3,
)  # fmt: skip

AMBIENT = Arrangement(
    parts=(
        PartPlan("percussion", "drums", (48, 40, "808", "lofi kit", "606"), drums((
            Groove({KICK: "x...............", TRIANGLE: "........x......."}, ((0.3, SHAKER, "..o...o...o...o."), (0.5, RIM, "......x.........")),),
            Groove({KICK: "x.......x......."}, ((0.3, HAT, "o.o.o.o.o.o.o.o."), (0.45, RIM, "....x.......x..."))),
        ), ("stop",), crash=0.2, ghosts=0.0), gain=0.55, reverb=0.6),
        PartPlan("bass", "bass", ("sub bass", "sub bass", "reese bass", 39, 35, 43, 32), bass((
            (0.0, "R---------------"), (0.3, "R-------R---5---"), (0.3, "R-----------5---"), (0.55, "R---8---5---R---"),
        ), length=1.0), gain=0.7, reverb=0.4),
        PartPlan("pad", "chords", ("sweep pad", "analog pad", "glass pad", "choir pad", "string machine", 89, 91, 88, 49, 95), pad(60, 4), gain=0.8, pan=0.25, reverb=0.75),
        PartPlan("glints", "chords", ("karplus harp", "fm bell", "fm piano", "koto pluck", 46, 10, 11, 99, 4), arpeggio((2.0, 1.0, 0.5), 67, length=1.8, gaps=0.2), gain=0.6, pan=0.5, reverb=0.75, chance=0.55),
        PartPlan("drone", "chords", ("drone texture",), pad(40, 2), gain=0.4, reverb=0.5, chance=0.3),
        PartPlan("bed", "chords", ("rain texture", "rain texture", "vinyl texture"), bed(), gain=0.2, reverb=0.05, chance=0.3),
        PartPlan("lead", "lead", ("soft lead", "fm bell", "glass pad", "karplus harp", "saw lead", 75, 73, 11, 0, 108), either(melody(SPARSE, 76, 12, 0.35), melody(SPARSE, 76, 12, 0.35), arpeggio((2.0, 1.0), 74, "lead", length=1.6, gaps=0.25)), gain=0.85, pan=0.2, reverb=0.8),
    ),
    human=0.015, dynamics=0.5,
)  # fmt: skip

SYNTHWAVE = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("linn", "linn", "linn", "909", "808", 24, 16), drums((
            Groove({KICK: FOUR, SNARE: BACK}, ((0.2, HAT, EIGHTHS), (0.55, OPEN, OFF), (0.7, TAMB, "....x.......x..."))),
            Groove({KICK: "X.....x.X.......", SNARE: BACK}, ((0.2, HAT, EIGHTHS), (0.55, HAT, SIXTEENTHS), (0.7, CLAP, BACK))),
        ), ("toms", "toms", "snare"), ghosts=0.0), gain=0.95, reverb=0.3),
        PartPlan("bass", "bass", ("saw bass", "saw bass", "fm bass", "square bass", "pluck bass", 38), bass((
            (0.0, "R---------------"), (0.2, "R.R.R.R.R.R.R.R."), (0.4, "R.8.R.8.R.8.R.8."), (0.6, "RR8RRR8RRR8RRR8R"),
            (0.6, "R.RRR.RRR.RRR.R8"),
        ), low=28, high=41, length=0.8, wander=0.03), gain=0.9),
        PartPlan("pad", "chords", ("analog pad", "string machine", "sweep pad", "analog brass", "choir pad", 50, 90), pad(60), gain=0.75, pan=0.3, reverb=0.5),
        PartPlan("arp", "chords", ("pluck", "trance pluck", "synth chords", "fm piano", "square lead", 81), arpeggio((0.5, 0.25), 68, length=0.7, gaps=0.02), gain=0.7, pan=0.45, reverb=0.4, chance=0.65),
        PartPlan("lead", "lead", ("saw lead", "saw lead", "square lead", "analog brass", "soft lead", "fm bell", "talk box lead", 62, 65), either(melody(SINGING, 77, 11, 0.25), melody(SINGING, 77, 11, 0.25), arpeggio((0.5, 0.25), 74, "lead")), gain=1.0, pan=0.1, reverb=0.5),
    ),
    human=0.002, dynamics=0.35,
)  # fmt: skip

DNB = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("dnb break kit", "dnb break kit", "dnb break kit", "909", 16, 8, 0), drums((
            Groove({KICK: "X.........X.....", SNARE: BACK}, ((0.25, HAT, EIGHTHS), (0.5, SNARE2, ".......o.o.....o"), (0.7, RIDE, EIGHTHS))),
            Groove({KICK: "X..x......x..x..", SNARE: "....X..o....X..o"}, ((0.25, HAT, "x.xxx.xxx.xxx.xx"), (0.7, SHAKER, SIXTEENTHS))),
            Groove({KICK: "X.x.......xx....X.x......x.x....", SNARE: "....X..o.o..X.......X..o.o....X."}, ((0.25, HAT, EIGHTHS), (0.6, OPEN, "......x.......x."))),
        ), ("snare", "toms", "stop"), ghosts=0.12), gain=1.0, reverb=0.12),
        PartPlan("bass", "bass", ("reese bass", "reese bass", "sub bass", "wobble bass", "acid bass", "fm bass", 39), bass((
            (0.0, "R---------------"), (0.3, "R-----R-----R---"), (0.3, "R-------..R-5---"), (0.6, "R--.R-.R--..8-7-"),
            (0.6, "R-..R-R-..5-R-8."),
        ), low=26, high=40), gain=0.95),
        PartPlan("pad", "chords", ("sweep pad", "analog pad", "glass pad", "choir pad", "string machine", 89, 50), pad(62), gain=0.7, pan=0.3, reverb=0.5),
        PartPlan("keys", "chords", ("fm piano", "organ stab", "synth chords", 4, 0, 11), comp((
            (0.0, "x---------------"), (0.35, "x-----x-----x---"), (0.6, "x--x--x--x--x---"),
        ), 64, 4, 0.8), gain=0.7, pan=0.35, reverb=0.4, chance=0.6),
        PartPlan("lead", "lead", ("saw lead", "square lead", "soft lead", "pluck", "talk box lead", "supersaw", 53, 11, 73), melody(SYNCOPATED, 75, 10, 0.25), gain=0.85, pan=0.15, reverb=0.5),
    ),
    human=0.002, dynamics=0.35,
)  # fmt: skip

TRAP = Arrangement(
    parts=(
        PartPlan("drums", "drums", ("trap kit", "trap kit", "trap kit", "808", "808", 25), drums((
            Groove({KICK: "X.....x...x.....", CLAP: "........X......."}, ((0.15, HAT, EIGHTHS), (0.5, HAT, "x.x.x.xxx.x.xxxx"), (0.65, OPEN, "..............x."))),
            Groove({KICK: "X..x......x..x..", SNARE: "........X......."}, ((0.15, HAT, EIGHTHS), (0.45, HAT, "xxx.x.xxxxx.x.x."), (0.6, RIM, "...x......x....."))),
            Groove({KICK: "X.........x.x...X......x..x.....", CLAP: "........X......."}, ((0.2, HAT, "x.x.x.x.xxxxx.x."), (0.6, SHAKER, OFF))),
        ), ("stop", "clap", "snare"), crash=0.5, ghosts=0.0), gain=0.95, reverb=0.1),
        PartPlan("bass", "bass", ("808 bass", "808 bass", "808 bass", "808 bass", "sub bass", "reese bass", 38), bass((
            (0.0, "R---------------"), (0.3, "R-----R---R-----"), (0.3, "R--R------R--..."), (0.6, "R--R--R---R-8-5-"),
            (0.3, "R---------R---8-"), (0.6, "R-----8-R---5-8-"),
        ), low=24, high=36, length=0.97), gain=1.0),
        PartPlan("bells", "chords", ("fm bell", "karplus guitar", "koto pluck", "fm piano", "pluck", 10, 0, 8), arpeggio((1.0, 0.5, 0.5), 70, length=0.95, gaps=0.15), gain=0.8, pan=0.2, reverb=0.45),
        PartPlan("pad", "chords", ("choir pad", "sweep pad", "analog pad", "string machine", 52, 48), pad(58, 3), gain=0.6, pan=0.3, reverb=0.5, chance=0.75),
        PartPlan("lead", "lead", ("square lead", "soft lead", "koto pluck", "talk box lead", "fm bell", 73, 56, 104, 11), melody(SYNCOPATED, 74, 9, 0.2), gain=0.9, pan=0.15, reverb=0.45),
    ),
    human=0.002, dynamics=0.35,
)  # fmt: skip
