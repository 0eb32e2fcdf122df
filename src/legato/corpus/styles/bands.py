"""All bands, by style name."""

from __future__ import annotations

from legato.corpus.styles.acoustic import FOLK, ORCHESTRAL, PIANO, QUARTET
from legato.corpus.styles.craft import Arrangement
from legato.corpus.styles.electronic import AMBIENT, DNB, HOUSE, SYNTHWAVE, TECHNO, TRAP
from legato.corpus.styles.groups import BOSSA, FUNK, JAZZ, LOFI, REGGAE, ROCK

ARRANGEMENTS: dict[str, Arrangement] = {
    "lofi": LOFI,
    "house": HOUSE,
    "techno": TECHNO,
    "ambient": AMBIENT,
    "jazz": JAZZ,
    "rock": ROCK,
    "funk": FUNK,
    "bossa": BOSSA,
    "synthwave": SYNTHWAVE,
    "dnb": DNB,
    "quartet": QUARTET,
    "piano": PIANO,
    "reggae": REGGAE,
    "orchestral": ORCHESTRAL,
    "trap": TRAP,
    "folk": FOLK,
}
