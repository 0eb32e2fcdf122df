"""Which controls an open model honours, by what it takes beside its prompt. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence

ALWAYS = frozenset({"prompts", "temperature", "seed", "steps"})
IN_WORDS = {"bpm": "bpm", "key": "key"}  # field of the model to control of the performer
PLANNED = ("bpm", "key", "time_signature")  # fields that the conductor fills where the performer does not


def honoured(fields: Sequence[str], guidance: tuple[float, float]) -> frozenset[str]:
    """Fields of `Controls` that change what a model plays.

    Args:
        fields: names of the `teachers.playable.Fields` that it reads.
        guidance: range it was distilled for; equal ends: guidance has no effect.
    """
    words = {control for field, control in IN_WORDS.items() if field in fields}
    planned = {"conductor"} if any(name in fields for name in PLANNED) else set()
    return ALWAYS | words | planned | ({"guidance"} if guidance[0] < guidance[1] else set())
