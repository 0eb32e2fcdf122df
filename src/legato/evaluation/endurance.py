"""Long renders under controls that stand still: whatever changes over the minutes is drift."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from legato.conditioning import FAMILIES
from legato.control.state import FIELDS
from legato.evaluation.drift import drift, minutes
from legato.evaluation.renders import Command, RendersMany, held_out_prompts, play
from legato.evaluation.table import Sheet, Table

WORDS = {
    "minute_deviation_db": "standard deviation of loudness between minutes (or thirds), LU",
    "loudness_db_per_minute": "slope of loudness, LU per minute",
    "loudness_range_db": "largest difference between minutes (or thirds), LU",
    "minute_step_db": "largest difference between neighbouring minutes (or thirds), LU",
    "centroid_octaves_per_minute": "slope of the spectral centroid, octaves per minute",
    "silence_share": "share of 0.1 s blocks below -60 dBFS",
    "repetition": "likeness of the last ten seconds to those before: 1 is a frozen loop",
}
MEANS = ("minute_deviation_db", "minute_step_db")  # told as the mean of renders too, beside the worst


def drift_commands(renders: int, seed: int = 0, honours: Collection[str] = FIELDS) -> list[Command]:
    """Held-out prompts with tempo, levels and all families commanded, as far as a model follows them.

    Args:
        renders: how many, of prompts taken evenly from all of them.
        seed: of every render.
        honours: controls that the model follows.
    """
    steady = {"bpm": 100.0, "loudness": 0.7, "density": 0.5, "brightness": 0.5}
    controls = {**steady, **dict.fromkeys(FAMILIES, True), "seed": seed}
    prompts = held_out_prompts()
    places = np.linspace(0, len(prompts) - 1, renders).round().astype(int)
    return [Command(prompts[place], controls).only(honours) for place in places]


def measure_drift(
    table: Table,
    player: RendersMany,
    seconds: float,
    renders: int,
    seed: int = 0,
    told: Callable[[float], None] | None = None,
    honours: Collection[str] = FIELDS,
) -> None:
    """Trends over one long render of each of so many prompts: their mean, the worst, and minute by minute."""
    found: list[dict[str, float]] = []
    sheet = Sheet("loudness minute by minute (LUFS)", [f"{n + 1}" for n in range(int(seconds // 60))])
    for number, take in enumerate(play(player, drift_commands(renders, seed, honours), seconds, told), 1):
        found.append(drift(take.audio))
        sheet.rows[f"{number}: {take.command.prompt}"] = minutes(take.audio)
    these = f"{len(found)} × {seconds / 60:g} min"
    for name, what in WORDS.items():
        values = np.array([figures[name] for figures in found])
        if name in MEANS:
            table.add(f"drift_mean_{name}", values, f"{what}; the mean of {these}")
        worst = values[np.nanargmax(np.abs(values))] if np.isfinite(values).any() else np.nan
        table.one(f"drift_{name}", float(worst), f"{what}; the worst of {these}")
    if sheet.columns:
        table.sheets.append(sheet)
