"""All bands, by style name."""

from __future__ import annotations

from legato.corpus.styles.acoustic import FOLK, ORCHESTRAL, PIANO, QUARTET
from legato.corpus.styles.baroque import BAROQUE
from legato.corpus.styles.craft import Arrangement
from legato.corpus.styles.dance import DISCO, TRANCE
from legato.corpus.styles.electronic import AMBIENT, DNB, HOUSE, SYNTHWAVE, TECHNO, TRAP
from legato.corpus.styles.groups import BOSSA, FUNK, JAZZ, LOFI, REGGAE, ROCK
from legato.corpus.styles.latin import SALSA
from legato.corpus.styles.metal import METAL
from legato.corpus.styles.pixels import CHIPTUNE
from legato.corpus.styles.roots import BLUES, CELTIC

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
    "disco": DISCO,
    "trance": TRANCE,
    "chiptune": CHIPTUNE,
    "metal": METAL,
    "blues": BLUES,
    "celtic": CELTIC,
    "salsa": SALSA,
    "baroque": BAROQUE,
}
