"""The renders that show whether a model obeys: tempo, key, chords, gates, levels, steering, seams."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from legato.conditioning import FAMILIES
from legato.config import SAMPLE_RATE
from legato.control.state import FIELDS
from legato.evaluation import adherence, quality
from legato.evaluation.renders import (
    LEVELS,
    SCALARS,
    WARM_UP,
    Command,
    Grain,
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

SHORT = 6.0  # seconds of the renders compared with one another
SWITCHED = 8.0  # seconds of the renders whose prompt is switched
SWITCH_AT = 4.8  # until then; a whole number of an embedded model's chunks of 2, 3, 4, 5, 6 and 8 frames
CHUNKS_AFTER = 5  # of long chunks, at least so many after the switch, and in renders judged for seams

Told = Callable[[float, str], None]
"""Hears the seconds of audio made and what for."""


Measures = Callable[[Table, Sequence[Take]], None]

NEEDS: Mapping[str, Sequence[str]] = {
    "tempo and beat": ("bpm",),
    "key": ("key",),
    "chords": ("bpm", "key", "chord"),
    "gates": FAMILIES,
    "levels": SCALARS,
}
"""Controls without which a measure of adherence means nothing."""


class Job(NamedTuple):
    """A group of renders: what they show, what is asked, seconds of each, and who measures them."""

    what: str
    commands: list[Command]
    seconds: float
    measures: Sequence[Measures] = ()


@dataclass(frozen=True)
class Battery:
    """What is rendered: the full-length commands, short variations of half of them, long ones of a fifth.

    Attributes:
        base: commands with a tempo and a key.
        seconds: their length.
        honours: controls that the model follows; it is told no others, nor measured by them.
    """

    base: Sequence[Command]
    seconds: float
    honours: Collection[str] = FIELDS

    @property
    def few(self) -> list[Command]:
        """The commands that chords and steering vary."""
        return self._first(len(self.base) // 5)

    def jobs(self) -> list[Job]:
        """The groups of renders, the full-length ones first; steering apart."""
        adherence_of = {"tempo and beat": adherence.measure_tempo, "key": adherence.measure_key}
        told = [what for what in adherence_of if self._follows(what)]
        base = [command.only(self.honours) for command in self.base]
        half = self._first(len(base) // 2)
        title = "tempo and key" if told else "renders"
        jobs = [Job(title, base, self.seconds, [adherence_of[what] for what in told])]
        if self._follows("chords"):
            chords = [chord_command(command, self.seconds) for command in self.few]
            jobs.append(Job("chords", chords, self.seconds, [adherence.measure_chords]))
        if self._follows("gates"):
            jobs.append(Job("gates", gate_commands(half), SHORT, [adherence.measure_gates]))
        if self._follows("levels"):
            levels = [c for name in SCALARS for c in varied(half, name, LEVELS)]
            jobs.append(Job("levels", levels, SHORT, [adherence.measure_scalars]))
        return jobs

    def left_out(self) -> list[str]:
        """What cannot be measured, and which controls it would take."""
        return [
            f"{what}: this model does not follow {', '.join(n for n in needed if n not in self.honours)}"
            for what, needed in NEEDS.items()
            if not self._follows(what)
        ]

    def _first(self, count: int) -> list[Command]:
        return [command.only(self.honours) for command in self.base[: max(2, count)]]

    def _follows(self, what: str) -> bool:
        return set(NEEDS[what]) <= set(self.honours)


def measure_battery(
    table: Table, player: RendersMany, battery: Battery, told: Told | None = None
) -> list[Take]:
    """Adherence, seams and diversity of whatever renders audio from commands.

    Args:
        table: gets the figures, and what is left out.
        player: what renders.
        battery: what.
        told: hears of every chunk.

    Returns:
        The full-length renders.
    """
    table.left_out += battery.left_out()
    first, *others = battery.jobs()
    base = _takes(player, first, told)
    for job in others:
        _measure(table, job, _takes(player, job, told))
    _measure(table, first, base)
    _measure_seams(table, base, player.grain)
    sounds = [take.settled[: int(SHORT * SAMPLE_RATE)] for take in base[:8]]
    what = "log-mel distance between renders of different commands, dB"
    table.one("diversity_db", quality.diversity(sounds), what)
    return base


def _takes(player: RendersMany, job: Job, told: Told | None) -> list[Take]:
    return list(play(player, job.commands, job.seconds, about(told, job.what)))


def _measure(table: Table, job: Job, takes: Sequence[Take]) -> None:
    for measure in job.measures:
        measure(table, takes)


def measure_steering(
    table: Table, player: RendersMany, commands: Sequence[Command], told: Told | None = None
) -> None:
    """Renders with a prompt switch against the same ones without; both must be made alike to the last bit."""
    switched = [_switch(command) for command in commands]
    held = [replace(command, script=()) for command in switched]
    grain, seconds = player.grain, switched_seconds(player.grain)
    start = _switch_sample(grain)
    lags, reach = [], []
    pairs = zip(*(play(player, c, seconds, about(told, "steering")) for c in (switched, held)), strict=True)
    for take, twin in pairs:
        sound, other = take.sound, twin.sound
        differs = np.flatnonzero((sound != other).any(1))
        first = int(differs[0]) if len(differs) else len(sound)
        lags.append(max(0, -(-(first - start) // grain.chunk)) if first >= start - grain.latency else np.inf)
        reach.append(reach_chunks(sound[start:], other[start:], grain.chunk))
    table.add("steer_lag_chunks", lags, "whole chunks from a prompt switch to the first other sample", np.max)
    table.add(
        "steer_reach_chunks", reach, "chunks until 90 % of the change of the log-mel spectrum", np.median
    )


def switched_seconds(grain: Grain) -> float:
    """Length of the renders whose prompt is switched: some chunks at least come after it."""
    return max(SWITCHED, (_switch_sample(grain) + CHUNKS_AFTER * grain.chunk) / grain.rate)


def _switch_sample(grain: Grain) -> int:
    """Where the switch is heard: at the beginning of a chunk."""
    return -(-round(SWITCH_AT * grain.rate) // grain.chunk) * grain.chunk


def about(told: Told | None, what: str) -> Callable[[float], None] | None:
    """`told` with its subject filled in."""
    return None if told is None else lambda seconds: told(seconds, what)


def _switch(command: Command) -> Command:
    prompts = held_out_prompts(pulse_only=True)
    at = prompts.index(command.prompt) if command.prompt in prompts else command.group
    other = prompts[(at + len(prompts) // 2) % len(prompts)]
    return replace(command, script=({"at": SWITCH_AT, "prompts": {other: 1.0}},))


def _measure_seams(table: Table, takes: Sequence[Take], grain: Grain) -> None:
    """Worse of two places: where chunks of latents meet, and where decoded blocks do."""
    skip = int(WARM_UP * grain.rate)
    settled = [take.sound[skip:] for take in takes]
    if min(map(len, settled)) < CHUNKS_AFTER * grain.chunk:
        table.left_out.append(
            f"seams: renders of this length hold too few chunks of {grain.chunk / grain.rate:.2g} s"
        )
        return
    found = [
        [seams(sound, grain.chunk, offset=offset - skip) for offset in (0, -grain.latency)]
        for sound in settled
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
    Of another rate than 48 kHz, both are off by the same factor.
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
