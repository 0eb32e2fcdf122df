"""Figures with intervals and targets: what `legato eval` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from legato.evaluation.statistics import Interval, Statistic, bootstrap

TARGETS: dict[str, tuple[float | None, float | None]] = {
    "rtf_total": (None, 0.15),
    "first_audio_ms": (None, 500.0),
    "load_to_sound_ms": (None, 2000.0),
    "play_to_sound_ms": (None, 2000.0),
    "gesture_to_sound_ms_p95": (None, 200.0),
    "gesture_to_sound_ms_p99": (None, 250.0),
    "default_chunk_total_ms_p95": (None, 200.0),
    "default_chunk_total_ms_p99": (None, 250.0),
    "smallest_chunk_total_ms_p95": (None, 120.0),
    "page_adds_ms_p95": (None, 100.0),
    "underruns": (None, 0.0),
    "tempo_error_median": (None, 0.04),
    "tempo_within_2_percent": (0.95, None),
    "tempo_octave_share": (None, 0.1),
    "beat_lock_ratio": (0.9, None),
    "chroma_ratio": (0.9, None),
    "note_f1_ratio": (0.9, None),
    "loudness_over_corpus_db": (-1.0, 1.0),
    "style_named_share": (0.85, None),
    "fad_own_style_share": (0.9, None),
    "key_margin": (0.2, None),
    "chord_margin": (0.2, None),
    "drums_gate_auc": (0.95, None),
    "brightness_rank": (0.85, None),
    "density_rank": (0.85, None),
    "loudness_rank": (0.85, None),
    "seam_flux_ratio": (None, 1.1),
    "seam_click_ratio": (None, 1.5),
    "drift_loudness_db_per_minute": (-1.0, 1.0),
    "drift_minute_step_db": (None, 1.0),
    "drift_repetition": (None, 0.9),
    "drift_silence_share": (None, 0.02),
    "steer_lag_chunks": (None, 1.0),
    "map_fidelity_r2": (0.95, None),
    "delta_latent_ratio": (0.95, 1.05),
    "above_6khz_ratio": (0.95, 1.05),
    "onset_ratio": (0.95, 1.05),
}
"""Least and greatest acceptable value of the measures that have a target."""


@dataclass(frozen=True)
class Measure:
    """A figure with its 95 % interval; `met` is None where no target is set."""

    value: float
    low: float
    high: float
    n: int
    what: str
    target: str = ""
    met: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; NaN becomes None."""
        return {
            k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in asdict(self).items()
        }


@dataclass
class Sheet:
    """Figures in rows and columns, for comparing rather than judging; NaN where a figure does not apply."""

    title: str
    columns: Sequence[str]
    rows: dict[str, Sequence[float]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; NaN becomes None."""
        rows = {
            name: [float(v) if np.isfinite(v) else None for v in values] for name, values in self.rows.items()
        }
        return {"title": self.title, "columns": list(self.columns), "rows": rows}


class Table:
    """Collects measures under their names, sheets beside them, and what could not be measured and why."""

    def __init__(self) -> None:
        self.measures: dict[str, Measure] = {}
        self.sheets: list[Sheet] = []
        self.left_out: list[str] = []

    def add(
        self, name: str, values: Sequence[float] | np.ndarray, what: str, statistic: Statistic = np.nanmean
    ) -> None:
        """Summarise one value (or one row of paired values) per render."""
        rows = np.asarray(values, np.float64)
        rows = rows[np.isfinite(rows).any(axis=1) if rows.ndim == 2 else np.isfinite(rows)]
        interval = bootstrap(rows, statistic)
        self._put(name, interval, len(rows), what)

    def one(self, name: str, value: float, what: str) -> None:
        """A figure of a single rollout, without an interval."""
        self._put(name, Interval(float(value), np.nan, np.nan), 1, what)

    def _put(self, name: str, interval: Interval, n: int, what: str) -> None:
        target, met = judged(name, interval.value)
        self.measures[name] = Measure(*interval, n, what, target, met)


def judged(name: str, value: float) -> tuple[str, bool | None]:
    """The target of a measure in words, and whether `value` meets it (NaN never does)."""
    if name not in TARGETS:
        return "", None
    least, most = TARGETS[name]
    words = [f">= {least:g}" if least is not None else "", f"<= {most:g}" if most is not None else ""]
    met = (least is None or value >= least) and (most is None or value <= most)
    return " and ".join(w for w in words if w), bool(np.isfinite(value) and met)


def verdicts(figures: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Target and verdict of every figure that has a target."""
    judgements = {name: judged(name, float(value)) for name, value in figures.items() if name in TARGETS}
    return {name: {"target": target, "met": met} for name, (target, met) in judgements.items()}
