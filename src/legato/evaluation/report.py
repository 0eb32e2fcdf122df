"""`legato eval`: how well a model follows, how well it sounds, how near it is to its teacher.

Every figure is a `Measure` with a bootstrap interval over renders (the independent unit) and, where a target
is set, whether it is met. Adherence stands beside its chance level: the same sound against other commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from legato.conditioning import FAMILIES
from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.control.mapping import Mapper
from legato.control.state import Controls
from legato.engine.instrument import Instrument
from legato.evaluation import adherence, quality
from legato.evaluation.drift import drift
from legato.evaluation.fidelity import delta_ratios, map_fidelity, rollouts
from legato.evaluation.renders import (
    LEVELS,
    SCALARS,
    WARM_UP,
    Command,
    Renders,
    Take,
    base_commands,
    chord_command,
    held_out_prompts,
    play,
    varied,
)
from legato.evaluation.seams import seams
from legato.evaluation.table import Table
from legato.models.bundle import Bundle

Progress = Callable[[int, int, str], None]
"""Told (done, total, what is being measured)."""

SHORT = 8.0  # seconds of the renders compared with one another
SWITCH_AT = (
    4.8  # seconds until the prompt is switched: a whole number of chunks of 2, 3, 4, 5, 6 and 8 frames
)
TEACHER_STEPS = 16
CHUNK = 4  # frames: the default of the instrument
CHUNK_SAMPLES = CHUNK * FRAME_SAMPLES
SCRIPTS = 8  # rolled out by student and teacher


@dataclass(frozen=True)
class Settings:
    """How much is measured.

    Attributes:
        seconds: length of the renders for tempo and key.
        renders: how many of them; gates, levels and chords use half as many prompts; 0 leaves all these out.
        drift_seconds: length of the one long render; 0 leaves it out.
        fidelity_seconds: length of student and teacher rollouts; 0 leaves them out.
        steps: generator steps per chunk, 1, 2 or 4.
        seed: of commands and noise.
    """

    seconds: float = 20.0
    renders: int = 16
    drift_seconds: float = 120.0
    fidelity_seconds: float = 8.0
    steps: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        if self.seconds < 8:
            raise ValueError(f"evaluation needs renders of at least 8 seconds, not {self.seconds:g}")
        if self.renders and self.renders < 2:
            raise ValueError(f"renders must be 0 (left out) or at least 2, not {self.renders}")
        if 0 < self.drift_seconds < 30:
            raise ValueError(f"drift_seconds must be 0 (left out) or at least 30, not {self.drift_seconds:g}")


def evaluate(bundle: Bundle, *, progress: Progress | None = None, **settings: Any) -> dict[str, Any]:
    """Measure a bundle on held-out prompts.

    Args:
        bundle: the model.
        progress: told of every render.
        settings: fields of `Settings`.

    Returns:
        `model`, `settings`, `measures` (name to value, low, high, n, what, target, met; JSON types) and
        `targets_met`, `targets_missed` (names).
    """
    chosen = Settings(**settings)
    table = Table()
    instrument = Instrument.of(bundle)
    if chosen.renders:
        measure_renders(table, instrument, chosen, instrument.model.latency_samples, progress)
    if chosen.drift_seconds:
        _measure_drift(table, instrument, chosen)
    if chosen.fidelity_seconds:
        _measure_fidelity(table, bundle, chosen)
    measures = table.measures
    return {
        "model": bundle.name,
        "settings": vars(chosen),
        "measures": {name: measure.to_dict() for name, measure in measures.items()},
        "targets_met": [name for name, measure in measures.items() if measure.met],
        "targets_missed": [name for name, measure in measures.items() if measure.met is False],
    }


def measure_renders(
    table: Table,
    instrument: Renders,
    settings: Settings,
    latency: int = 0,
    progress: Progress | None = None,
) -> None:
    """Adherence, seams, steering and diversity of whatever renders audio from controls.

    Args:
        table: gets the figures.
        instrument: what renders.
        settings: how much is measured.
        latency: samples by which decoded blocks lag their frames.
        progress: told of every render.
    """
    base = base_commands(settings.renders, settings.seed)
    half = base[: max(2, settings.renders // 2)]
    gates = [c for family in FAMILIES for c in varied(half, family, (True, False))]
    levels = [c for name in SCALARS for c in varied(half, name, LEVELS)]
    chords = [chord_command(command, settings.seconds) for command in half]
    switched = [_switch(command) for command in half]
    held = [replace(command, script=()) for command in switched]
    jobs: list[tuple[str, list[Command], float]] = [
        ("tempo and key", base, settings.seconds),
        ("chords", chords, settings.seconds),
        ("gates", gates, SHORT),
        ("levels", levels, SHORT),
        ("steering", switched + held, SHORT),
    ]
    total, done = sum(len(commands) for _, commands, _ in jobs), 0
    takes: dict[str, list[Take]] = {}
    for what, commands, seconds in jobs:
        takes[what] = []
        for take in play(instrument, commands, seconds, steps=settings.steps):
            takes[what].append(take)
            done += 1
            if progress:
                progress(done, total, what)
    adherence.measure_tempo(table, takes["tempo and key"])
    adherence.measure_key(table, takes["tempo and key"])
    adherence.measure_chords(table, takes["chords"])
    adherence.measure_gates(table, takes["gates"])
    adherence.measure_scalars(table, takes["levels"])
    _measure_seams(table, takes["tempo and key"], latency)
    _measure_steering(table, takes["steering"], latency)
    sounds = [take.settled[: int(SHORT * SAMPLE_RATE)] for take in takes["tempo and key"][:8]]
    table.one(
        "diversity_db",
        quality.diversity(sounds),
        "log-mel distance between renders of different commands, dB",
    )


def _switch(command: Command) -> Command:
    prompts = held_out_prompts(pulse_only=True)
    other = prompts[(prompts.index(command.prompt) + len(prompts) // 2) % len(prompts)]
    return replace(command, script=({"at": SWITCH_AT, "prompts": {other: 1.0}},))


def _measure_seams(table: Table, takes: list[Take], latency: int) -> None:
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


def _measure_steering(table: Table, takes: list[Take], latency: int) -> None:
    """Renders with a prompt switch against the same ones without."""
    switched = {take.command.group: take.audio for take in takes if take.command.script}
    held = {take.command.group: take.audio for take in takes if not take.command.script}
    start = round(SWITCH_AT * SAMPLE_RATE)
    lags, reach = [], []
    for group, audio in switched.items():
        differs = np.flatnonzero((audio != held[group]).any(1))
        first = differs[0] if len(differs) else len(audio)
        lags.append(max(0, -(-(int(first) - start) // CHUNK_SAMPLES)) if first >= start - latency else np.inf)
        reach.append(reach_chunks(audio[start:], held[group][start:], CHUNK_SAMPLES))
    table.add("steer_lag_chunks", lags, "whole chunks from a prompt switch to the first other sample", np.max)
    table.add(
        "steer_reach_chunks", reach, "chunks until 90 % of the change of the log-mel spectrum", np.median
    )


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


def _measure_drift(table: Table, instrument: Renders, settings: Settings) -> None:
    prompt = held_out_prompts()[0]
    rendered = instrument.render(
        prompt,
        settings.drift_seconds,
        bpm=100.0,
        loudness=0.7,
        density=0.5,
        seed=settings.seed,
        steps=settings.steps,
    )
    figures = drift(np.asarray(rendered.audio))
    minutes = f"over {settings.drift_seconds / 60:g} min"
    words = {
        "loudness_db_per_minute": f"slope of loudness {minutes}, LU per minute",
        "loudness_range_db": "largest difference between minutes (or thirds), LU",
        "centroid_octaves_per_minute": "slope of the spectral centroid, octaves per minute",
        "silence_share": "share of 0.1 s blocks below -60 dBFS",
        "repetition": "likeness of the last ten seconds to those before: 1 is a frozen loop",
    }
    for name, what in words.items():
        table.one(f"drift_{name}", figures[name], what)


def _measure_fidelity(table: Table, bundle: Bundle, settings: Settings) -> None:
    commands = base_commands(SCRIPTS, settings.seed + 1)
    frames = int(settings.fidelity_seconds * SAMPLE_RATE / FRAME_SAMPLES) // CHUNK * CHUNK
    prompts = bundle.prompts.encode([command.prompt for command in commands])
    conds = [
        _conditions(bundle, command, prompt, frames)
        for command, prompt in zip(commands, prompts, strict=True)
    ]
    rolled = rollouts(
        bundle.generator,
        bundle.teacher(),
        prompts,
        np.stack(conds),
        chunk=CHUNK,
        student_steps=settings.steps,
        teacher_steps=TEACHER_STEPS,
        seed=settings.seed,
    )
    table.add(
        "map_fidelity_r2",
        map_fidelity(rolled),
        "R² of the student to its teacher's endpoint, same noise and context",
    )
    table.add("delta_latent_ratio", delta_ratios(rolled), "energy of change of latents, student over teacher")
    student, teacher = (decode(bundle, z) for z in (rolled.student, rolled.teacher))
    pairs = list(zip(student, teacher, strict=True))
    above = [quality.high_band_ratio(a, b) for a, b in pairs]
    table.add("above_6khz_ratio", above, "power above 6 kHz, student over teacher", _geometric)
    table.add(
        "onset_ratio",
        [quality.onset_ratio(a, b) for a, b in pairs],
        "onset strength, student over teacher",
        _geometric,
    )


def _geometric(ratios: np.ndarray) -> float:
    return float(np.exp(np.mean(np.log(np.maximum(ratios, 1e-9)))))


def _conditions(bundle: Bundle, command: Command, prompt_p: np.ndarray, frames: int) -> np.ndarray:
    controls = Controls(prompts={command.prompt: 1.0}, **command.controls)
    return Mapper(bundle.styles, controls, prompt_p).frames(controls, frames)


def decode(bundle: Bundle, latents_btc: np.ndarray) -> np.ndarray:
    """Audio [B, N, 2] of latents through the bundle's codec."""
    return bundle.codec.decode(torch.from_numpy(latents_btc)).numpy()
