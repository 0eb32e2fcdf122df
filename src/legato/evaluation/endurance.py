"""Long renders under controls that stand still: whatever changes over the minutes is drift."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from legato.conditioning import FAMILIES
from legato.control.state import FIELDS
from legato.evaluation.drift import drift, minutes
from legato.evaluation.renders import Command, RendersMany, held_out_prompts, play
from legato.evaluation.table import Sheet, Table

ROWS = 2  # prompts rendered side by side
WORDS = {
    "loudness_db_per_minute": "slope of loudness, LU per minute",
    "loudness_range_db": "largest difference between minutes (or thirds), LU",
    "minute_step_db": "largest difference between neighbouring minutes (or thirds), LU",
    "centroid_octaves_per_minute": "slope of the spectral centroid, octaves per minute",
    "silence_share": "share of 0.1 s blocks below -60 dBFS",
    "repetition": "likeness of the last ten seconds to those before: 1 is a frozen loop",
}


def drift_commands(seed: int = 0, honours: Collection[str] = FIELDS) -> list[Command]:
    """Held-out prompts with tempo, levels and all families commanded, as far as a model follows them."""
    steady = {"bpm": 100.0, "loudness": 0.7, "density": 0.5, "brightness": 0.5}
    controls = {**steady, **dict.fromkeys(FAMILIES, True), "seed": seed}
    return [Command(prompt, controls).only(honours) for prompt in held_out_prompts()[:ROWS]]


def measure_drift(
    table: Table,
    player: RendersMany,
    seconds: float,
    seed: int = 0,
    told: Callable[[float], None] | None = None,
    honours: Collection[str] = FIELDS,
) -> None:
    """Trends over one long render of each prompt: the worst of them, and minute by minute."""
    commands = drift_commands(seed, honours)
    sheet = Sheet("minute by minute", ["loudness (LUFS)", "centroid (Hz)", "repetition"])
    found = []
    for number, take in enumerate(play(player, commands, seconds, told), 1):
        found.append(drift(take.audio))
        for minute, row in enumerate(minutes(take.audio), 1):
            sheet.rows[f"render {number}, minute {minute}"] = row
    for name, what in WORDS.items():
        values = np.array([figures[name] for figures in found])
        worst = values[np.nanargmax(np.abs(values))] if np.isfinite(values).any() else np.nan
        table.one(f"drift_{name}", float(worst), f"{what}; the worst of {len(found)} × {seconds / 60:g} min")
    if sheet.rows:
        table.sheets.append(sheet)
