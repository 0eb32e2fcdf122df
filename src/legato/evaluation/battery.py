"""The renders that show whether a model obeys: tempo, key, chords, gates, levels, steering, seams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.evaluation import adherence, quality
from legato.evaluation.renders import (
    LEVELS,
    SCALARS,
    WARM_UP,
    Command,
    RendersMany,
    Take,
    chord_command,
    gate_commands,
    held_out_prompts,
    play,
    varied,
)
from legato.evaluation.seams import seams
from legato.evaluation.table import Table
from legato.evaluation.tracks import CHUNK

SHORT = 6.0  # seconds of the renders compared with one another
SWITCHED = 8.0  # seconds of the renders whose prompt is switched
SWITCH_AT = 4.8  # until then; a whole number of chunks of 2, 3, 4, 5, 6 and 8 frames
CHUNK_SAMPLES = CHUNK * FRAME_SAMPLES

Told = Callable[[float, str], None]
"""Hears the seconds of audio made and what for."""


@dataclass(frozen=True)
class Battery:
    """What is rendered: the full-length commands, and variations of a fifth of them.

    Attributes:
        base: commands with a tempo and a key.
        seconds: their length.
    """

    base: Sequence[Command]
    seconds: float

    @property
    def few(self) -> list[Command]:
        """The commands that gates, levels, chords and steering vary."""
        return list(self.base[: max(2, len(self.base) // 5)])

    def jobs(self) -> list[tuple[str, list[Command], float]]:
        """Name, commands and length of each group of renders; steering apart."""
        few = self.few
        chords = [chord_command(command, self.seconds) for command in few]
        levels = [c for name in SCALARS for c in varied(few, name, LEVELS)]
        return [
            ("tempo and key", list(self.base), self.seconds),
            ("chords", chords, self.seconds),
            ("gates", gate_commands(few), SHORT),
            ("levels", levels, SHORT),
        ]

    @property
    def rendered_seconds(self) -> float:
        """Audio of all jobs."""
        return sum(len(commands) * seconds for _, commands, seconds in self.jobs())


def measure_battery(
    table: Table, player: RendersMany, battery: Battery, latency: int = 0, told: Told | None = None
) -> list[Take]:
    """Adherence, seams and diversity of whatever renders audio from commands.

    Args:
        table: gets the figures.
        player: what renders.
        battery: what.
        latency: samples by which decoded blocks lag their frames.
        told: hears of every chunk.

    Returns:
        The full-length renders.
    """
    measures: dict[str, Callable[[Table, Sequence[Take]], Any]] = {
        "chords": adherence.measure_chords,
        "gates": adherence.measure_gates,
        "levels": adherence.measure_scalars,
    }
    base: list[Take] = []
    for what, commands, seconds in battery.jobs():
        takes = list(play(player, commands, seconds, about(told, what)))
        if what in measures:
            measures[what](table, takes)
        else:
            base = takes
    adherence.measure_tempo(table, base)
    adherence.measure_key(table, base)
    _measure_seams(table, base, latency)
    sounds = [take.settled[: int(SHORT * SAMPLE_RATE)] for take in base[:8]]
    what = "log-mel distance between renders of different commands, dB"
    table.one("diversity_db", quality.diversity(sounds), what)
    return base


def measure_steering(
    table: Table, player: RendersMany, commands: Sequence[Command], latency: int, told: Told | None = None
) -> None:
    """Renders with a prompt switch against the same ones without; both must be made alike to the last bit."""
    switched = [_switch(command) for command in commands]
    held = [replace(command, script=()) for command in switched]
    start = round(SWITCH_AT * SAMPLE_RATE)
    lags, reach = [], []
    pairs = zip(*(play(player, c, SWITCHED, about(told, "steering")) for c in (switched, held)), strict=True)
    for take, twin in pairs:
        audio, other = take.audio, twin.audio
        differs = np.flatnonzero((audio != other).any(1))
        first = differs[0] if len(differs) else len(audio)
        lags.append(max(0, -(-(int(first) - start) // CHUNK_SAMPLES)) if first >= start - latency else np.inf)
        reach.append(reach_chunks(audio[start:], other[start:], CHUNK_SAMPLES))
    table.add("steer_lag_chunks", lags, "whole chunks from a prompt switch to the first other sample", np.max)
    table.add(
        "steer_reach_chunks", reach, "chunks until 90 % of the change of the log-mel spectrum", np.median
    )


def about(told: Told | None, what: str) -> Callable[[float], None] | None:
    """`told` with its subject filled in."""
    return None if told is None else lambda seconds: told(seconds, what)


def _switch(command: Command) -> Command:
    prompts = held_out_prompts(pulse_only=True)
    at = prompts.index(command.prompt) if command.prompt in prompts else command.group
    other = prompts[(at + len(prompts) // 2) % len(prompts)]
    return replace(command, script=({"at": SWITCH_AT, "prompts": {other: 1.0}},))


def _measure_seams(table: Table, takes: Sequence[Take], latency: int) -> None:
    """Worse of two places: where chunks of latents meet, and where decoded blocks do."""
    skip = int(WARM_UP * SAMPLE_RATE)
    found = [
        [seams(take.settled, CHUNK_SAMPLES, offset=offset - skip) for offset in (0, -latency)]
        for take in takes
    ]
    flux = [max(one.flux_ratio for one in both) for both in found]
    clicks = [max(one.click_ratio for one in both) for both in found]
    table.add(
        "seam_flux_ratio", flux, "spectral change across chunk boundaries over that across interior points"
    )
    table.add("seam_click_ratio", clicks, "sample bend at chunk boundaries over that at interior points")


def reach_chunks(audio: np.ndarray, twin: np.ndarray, chunk_samples: int, share: float = 0.9) -> float:
    """Chunks until two takes that part at sample 0 differ by `share` of what they differ by in the end.

    The difference is the log-mel distance per chunk, averaged over three; the end is the later half's median.
    """
    count = min(len(audio), len(twin)) // chunk_samples
    distance = [
        quality.log_mel_distance(
            audio[i * chunk_samples : (i + 1) * chunk_samples],
            twin[i * chunk_samples : (i + 1) * chunk_samples],
        )
        for i in range(count)
    ]
    smooth = np.convolve(np.pad(distance, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    reached = np.flatnonzero(smooth >= share * np.median(smooth[count // 2 :]))
    return float(reached[0] + 1) if len(reached) else float("nan")
