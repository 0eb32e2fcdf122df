"""Models measured on one stage, compared: ratios to the teacher, and each against one of them, in pairs.

Scripts are the independent unit. A resample draws scripts, the same ones for all models, teacher included; so
what scripts have in common cancels, and small differences show.

Legend: R resamples, W windows, E embedding size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from legato.evaluation.distances import Distances, fad, kad
from legato.evaluation.paired import Figures
from legato.evaluation.statistics import Interval

DRAWS = 1000
FEW_DRAWS = 200  # where every draw takes tens of milliseconds


class Teachers(NamedTuple):
    """The teacher on the same stage, and what distances are measured to.

    Attributes:
        same: the teacher's figures, from the same noise.
        other: the same from other noise.
        real: distances to real music, if there is any to compare with.
    """

    same: Figures
    other: Figures
    real: Distances | None = None


Estimate = Callable[[Figures, Teachers, np.ndarray], float]
"""A number for a model from the scripts with these indices."""


@dataclass(frozen=True)
class Figure:
    """A column of the table.

    Attributes:
        what: it says.
        rows: the raw figure whose rows are drawn.
        estimate: from drawn rows.
        beside: how it stands beside the same of the teacher, if it does.
        slow: whether few draws must do.
        real: whether it takes real music, and is left out without.
    """

    what: str
    rows: str
    estimate: Estimate
    beside: Literal["ratio", "difference", ""] = "ratio"
    slow: bool = False
    real: bool = False


class Outcome(NamedTuple):
    """A figure with its interval, and its difference to another model's (NaN without one)."""

    value: Interval
    difference: Interval

    @property
    def differs(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return bool(self.difference.low > 0 or self.difference.high < 0)


def contrast(
    models: Mapping[str, tuple[Figures, Teachers]], against: str = ""
) -> dict[str, dict[str, Outcome]]:
    """Every figure of every model.

    Args:
        models: raw figures by name, with the teachers each is held against.
        against: the model others are compared with; it may be missing.
    """
    found: dict[str, dict[str, Outcome]] = {name: {} for name in models}
    known = all(teachers.real is not None for _, teachers in models.values())
    for title, figure in FIGURES.items():
        if figure.real and not known:
            continue
        for name, outcome in _column(figure, models, against).items():
            found[name][title] = outcome
    return found


def _column(
    figure: Figure, models: Mapping[str, tuple[Figures, Teachers]], against: str
) -> dict[str, Outcome]:
    drawn: dict[str, np.ndarray] = {}
    own: dict[int, np.ndarray] = {}  # draws of each teacher, which models share
    for name, (figures, teachers) in models.items():
        draws = _draws(figure, figures, teachers)
        if figure.beside:
            if id(teachers.same) not in own:
                own[id(teachers.same)] = _draws(figure, teachers.same, teachers)
            draws = _beside(figure, draws, own[id(teachers.same)])
        drawn[name] = draws
    nothing = Interval(np.nan, np.nan, np.nan)
    base = drawn.get(against)
    return {
        name: Outcome(
            _interval(draws), nothing if base is None or name == against else _interval(draws - base)
        )
        for name, draws in drawn.items()
    }


def _draws(figure: Figure, figures: Figures, teachers: Teachers) -> np.ndarray:
    """The estimate from all scripts, then from each resample, [1 + R]; same counts are drawn alike."""
    count = len(figures[figure.rows])
    resamples = FEW_DRAWS if figure.slow else DRAWS
    picks = np.random.default_rng(0).integers(0, count, (resamples, count))
    return np.array([figure.estimate(figures, teachers, pick) for pick in [np.arange(count), *picks]])


def _beside(figure: Figure, draws: np.ndarray, teacher: np.ndarray) -> np.ndarray:
    if figure.beside == "difference":
        return draws - teacher
    return np.divide(draws, teacher, out=np.full_like(draws, np.nan), where=teacher != 0)


def _interval(draws: np.ndarray) -> Interval:
    finite = draws[1:][np.isfinite(draws[1:])]
    low, high = np.percentile(finite, [2.5, 97.5]) if len(finite) else (np.nan, np.nan)
    return Interval(float(draws[0]), float(low), float(high))


def _mean(name: str) -> Estimate:
    return lambda one, teachers, pick: float(one[name][pick].mean())


def _geometric(name: str) -> Estimate:
    """Geometric mean: of energies, which differ by decades from script to script."""
    return lambda one, teachers, pick: float(np.exp(np.log(np.maximum(one[name][pick], 1e-12)).mean()))


def _fad(one: Figures, teachers: Teachers, pick: np.ndarray) -> float:
    return fad(_flat(one["windows"][pick]), _flat(teachers.other["windows"]))


def _kad(one: Figures, teachers: Teachers, pick: np.ndarray) -> float:
    return kad(_flat(one["windows"][pick]), _flat(teachers.other["windows"]))


def _real_fad(one: Figures, teachers: Teachers, pick: np.ndarray) -> float:
    assert teachers.real is not None
    return teachers.real.fad(_flat(one["windows"][pick]))


def _real_kad(one: Figures, teachers: Teachers, pick: np.ndarray) -> float:
    assert teachers.real is not None
    return teachers.real.kad(_flat(one["windows"][pick]))


def _flat(windows_bwe: np.ndarray) -> np.ndarray:
    return windows_bwe.reshape(-1, windows_bwe.shape[-1])


FIGURES: dict[str, Figure] = {
    "map R²": Figure("R² to the teacher's endpoints, from its contexts and noise", "map", _mean("map"), ""),
    "own map R²": Figure("the same on the model's own history", "own_map", _mean("own_map"), ""),
    "Δ latent": Figure("energy of frame-to-frame change of latents", "delta", _geometric("delta")),
    "> 6 kHz": Figure("power above 6 kHz", "high", _geometric("high")),
    "onsets": Figure("onset strength", "onset", _geometric("onset")),
    "seam flux": Figure("spectral change across chunk boundaries over interiors", "seam", _geometric("seam")),
    "FAD": Figure("musicnn FAD to the teacher's music from other noise", "windows", _fad, slow=True),
    "KAD": Figure("musicnn KAD to the same, less the teacher's own", "windows", _kad, "difference", True),
    "FAD to real": Figure("musicnn FAD to real music", "windows", _real_fad, slow=True, real=True),
    "KAD to real": Figure("musicnn KAD to real music", "windows", _real_kad, slow=True, real=True),
    "diversity": Figure("log-mel distance between seeds of a script", "diversity", _mean("diversity")),
    "beat lock": Figure("onsets at one phase of the commanded beat", "beat_lock", _mean("beat_lock")),
    "chroma": Figure("correlation of chroma with the commanded chords", "chroma", _mean("chroma")),
}
"""All but the R² and KAD are ratios to the teacher on the same scripts and noise: 1 is the teacher itself."""
