"""Own synthesis: virtual analogue, FM, strings, textures and drum machines, by name.

`PATCHES` are played by pitch, `KITS` by General MIDI percussion key.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from legato.corpus.played import PlayedNote
from legato.corpus.synth.kits import KITS
from legato.corpus.synth.machine import Kit
from legato.corpus.synth.patch import Patch
from legato.corpus.synth.patches import PATCHES

__all__ = ["KITS", "PATCHES", "SYNTHESIS", "Kit", "Patch", "play", "words"]


class Synthesis:
    """Patches and kits as a source of parts."""

    name = "own synthesis"

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """See `Player.play`."""
        return play(str(program), notes, samples)


SYNTHESIS = Synthesis()


def play(name: str, notes: Sequence[PlayedNote], samples: int) -> np.ndarray:
    """Dry sound of a part, float32 [samples, 2]; the same notes give the same sound.

    Raises:
        KeyError: no patch or kit of that name.
    """
    return _named(name).play(notes, samples)


def words(name: str) -> tuple[str, ...]:
    """What a listener calls a patch or kit, the plainest name first."""
    return _named(name).words


def _named(name: str) -> Patch | Kit:
    found = PATCHES.get(name) or KITS.get(name)
    if found is None:
        raise KeyError(f"no patch or kit {name!r}; there are {', '.join((*PATCHES, *KITS))}")
    return found
