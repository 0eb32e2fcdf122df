"""Adherence of renders to their commands, each figure beside its chance level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from legato.conditioning import FAMILIES
from legato.config import FRAME_RATE
from legato.evaluation import control, rhythm
from legato.evaluation.renders import SCALARS, WARM_UP, Take, chord_targets, scale_target
from legato.evaluation.statistics import auc, rank_correlation
from legato.evaluation.table import Table

_GATE_SIGNALS = {
    "drums": "rise above 5 kHz",
    "bass": "level of 35 to 150 Hz",
    "chords": "level of partials, 200 to 2100 Hz",
    "lead": "level of partials, 200 to 2100 Hz",
}


def measure_tempo(table: Table, takes: Sequence[Take]) -> None:
    """Tempo, octave errors apart, and beat lock on renders of a steady commanded tempo."""
    errors, folded, locks, chance, late = [], [], [], [], []
    for take in takes:
        bpm = take.command.controls["bpm"]
        onset = rhythm.onset_strength(take.audio)
        skip = int(WARM_UP * rhythm.ONSET_RATE)
        beats = rhythm.beat_grid(bpm, len(onset))[skip:]
        error, factor = rhythm.tempo_error(rhythm.tempo(onset[skip:]), bpm)
        lock = rhythm.beat_lock(onset[skip:], beats, bpm=bpm)
        errors.append(1.0 if np.isnan(error) else error)  # no tempo found is a wrong tempo
        folded.append(factor != 1.0)
        locks.append(lock.lock)
        late.append(abs(lock.late_ms))
        chance.append(rhythm.mismatched_lock(onset[skip:], beats, bpm=bpm))
    table.add("tempo_error_median", errors, "relative tempo error, octaves folded", np.median)
    within = [error <= 0.02 for error in errors]
    table.add("tempo_within_2_percent", within, "share of renders within 2 % of the command, octaves folded")
    table.add("tempo_octave_share", folded, "share of renders measured at half or double the commanded tempo")
    table.add("beat_lock", locks, "concentration of onsets at one phase of the commanded beat, 0 to 1")
    table.add("beat_lock_chance", chance, "the same onsets against wrong tempi")
    table.add("beat_late_ms", late, "distance of the mean onset from the commanded grid, ms", np.nanmedian)


def measure_key(table: Table, takes: Sequence[Take]) -> None:
    """Chroma of whole renders against the commanded key and its transpositions."""
    rows = []
    for take in takes:
        chroma = control.chroma(take.settled)
        target = scale_target(take.command.controls["key"])
        rows.append(control.transposed(lambda t, c=chroma: control.key_cosine(c, t), target))
    _following(table, "key", rows, "chroma against the commanded scale")


def measure_chords(table: Table, takes: Sequence[Take]) -> None:
    """Chroma, frame by frame, against the chords of the script."""
    rows = []
    skip = int(WARM_UP * FRAME_RATE)
    for take in takes:
        chroma = control.chroma(take.audio)
        target = chord_targets(take.command, len(chroma), FRAME_RATE)
        rows.append(control.transposed(lambda t, c=chroma[skip:]: control.following(c, t), target[skip:]))
    _following(table, "chord", rows, "chroma against the commanded chords")


def _following(table: Table, name: str, rows: list[tuple[float, float, int]], what: str) -> None:
    own, chance, rank = np.array(rows, np.float64).reshape(-1, 3).T
    table.add(f"{name}_cosine", own, f"{what}: correlation over pitch classes, -1 to 1")
    table.add(f"{name}_cosine_chance", chance, "the same sound against the 11 transpositions")
    table.add(f"{name}_margin", own - chance, f"{name}_cosine above its chance level")
    table.add(f"{name}_rank", rank, "rank of the commanded among the 12 transpositions: 1 best, 6.5 chance")


def measure_gates(table: Table, takes: Sequence[Take]) -> None:
    """Renders of the same seed with every family playing, and with each of them silent."""
    on = {take.command.group: take.settled for take in takes if take.command.varies == "gates"}
    for family in FAMILIES:
        silent = [take for take in takes if take.command.varies == family and take.command.group in on]
        if not silent:
            continue
        pairs = np.array(
            [[control.gate_signal(x, family) for x in (on[t.command.group], t.settled)] for t in silent]
        )
        what = _GATE_SIGNALS[family]
        table.add(f"{family}_gate_auc", pairs, f"{family} on against off by {what}: 0.5 blind, 1 sure", _auc)
        table.add(
            f"{family}_gate_contrast",
            pairs[:, 0] - pairs[:, 1],
            f"{family} on minus off: {what}, dB",
            np.median,
        )


def _auc(pairs_k2: np.ndarray) -> float:
    return auc(pairs_k2[:, 0], pairs_k2[:, 1])


def measure_scalars(table: Table, takes: Sequence[Take]) -> None:
    """Renders of the same seed with one control at several levels."""
    meters = {"brightness": control.brightness, "density": control.density, "loudness": control.loudness}
    units = {"brightness": "spectral centroid", "density": "onsets per second", "loudness": "RMS level"}
    for name in SCALARS:
        groups: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for take in takes:
            if take.command.varies == name:
                groups[take.command.group].append((take.command.controls[name], meters[name](take.settled)))
        if not groups:
            continue
        ranks = [rank_correlation(*np.array(pairs).T) for pairs in groups.values()]
        what = f"rank correlation of {name} with {units[name]}, per prompt and seed, averaged"
        table.add(f"{name}_rank", np.nan_to_num(ranks), what)
