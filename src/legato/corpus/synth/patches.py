"""All pitched patches and textures, by name."""

from __future__ import annotations

from legato.corpus.synth.basses import BASSES
from legato.corpus.synth.leads import LEADS
from legato.corpus.synth.pads import PADS
from legato.corpus.synth.patch import Patch

PATCHES: dict[str, Patch] = {**BASSES, **LEADS, **PADS}
