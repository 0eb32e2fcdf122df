"""Salsa."""

# Bands are tables: one role, groove or pattern list to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.styles.clave import mona, montuno, percussion, tumbao
from legato.corpus.styles.craft import Arrangement, PartPlan, either
from legato.corpus.styles.harmony import pad
from legato.corpus.styles.melody import SINGING, SYNCOPATED, melody

SALSA = Arrangement(
    parts=(
        PartPlan("percussion", "drums", (0, 8, 32), percussion(), gain=0.95, reverb=0.15),
        PartPlan("bass", "bass", (32, 33, 35, 32), tumbao(), gain=0.9, reverb=0.1),
        PartPlan("piano", "chords", (0, 1, 0), montuno(), gain=1.0, pan=0.3, reverb=0.15),
        PartPlan("tres", "chords", (25, 11, 24), montuno(76), gain=0.6, pan=-0.4, reverb=0.2, chance=0.3),
        PartPlan("strings", "chords", (48, 49), pad(66, 3), gain=0.4, pan=-0.3, reverb=0.35, chance=0.15, sections=("verse", "intro")),
        PartPlan("lead", "lead", (56, 73, 57, 64, 56), either(melody(SYNCOPATED, 74, 10, 0.2, 0.8, 0.25), melody(SINGING + SYNCOPATED, 76, 10, 0.15, 0.85, 0.2), mona(76, 1)), gain=0.95, pan=0.1, reverb=0.25),
        PartPlan("horns", "lead", (61, 57, 56, 61), mona(68, 3, answers=True), gain=0.9, pan=-0.25, reverb=0.2, chance=0.75, sections=("chorus", "mambo", "intro", "outro")),
    ),
    human=0.006, dynamics=0.4,
)  # fmt: skip
