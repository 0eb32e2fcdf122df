"""`legato eval` of an instrument on an open model: the battery as far as its controls reach.

Renders are those a performer gets, one after another. What needs control frame by frame is left out and
named, as is what needs a corpus where there is none.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from legato.corpus.dataset import Corpus
from legato.engine.instrument import Instrument
from legato.engine.model import LiveModel
from legato.engine.open_model import OpenModel
from legato.evaluation.battery import Battery, about, measure_battery, measure_steering, switched_seconds
from legato.evaluation.classifier import StyleClassifier
from legato.evaluation.endurance import measure_drift
from legato.evaluation.likeness import measure_likeness, styled_commands
from legato.evaluation.open_fidelity import measure_open_fidelity
from legato.evaluation.reference import reference
from legato.evaluation.renders import Grain, OneByOne, base_commands
from legato.evaluation.report import Progress, Progressing, Settings, measure_mixed, summary
from legato.evaluation.table import Table
from legato.teachers.student import Student


def evaluate_instrument(
    instrument: Instrument, *, progress: Progress | None = None, **settings: Any
) -> dict[str, Any]:
    """Measure an instrument on held-out prompts, by the controls that its model follows.

    Args:
        instrument: as `legato.load` gives it.
        progress: told of every chunk.
        settings: fields of `report.Settings`; there is only a student to measure.

    Returns:
        As of `report.evaluate`.

    Raises:
        ValueError: a setting is out of range.
        CorpusError: there is no corpus in that folder, or too few whole-band clips in it.
    """
    model, chosen = instrument.model, Settings(**settings)
    if chosen.of != "student":
        raise ValueError(
            f"{instrument.name} is a student alone; its base is measured beside it, and not by itself"
        )
    corpus = Corpus(Path(chosen.corpus), partial=True) if chosen.corpus else None
    chunk = model.chunk_frames * model.frame_samples
    player = OneByOne(instrument, chosen.steps, Grain(model.sample_rate, chunk, model.latency_samples))
    table, told = Table(), Progressing(progress)
    if chosen.renders:
        _measure_renders(table, player, model, corpus, chosen, told)
    if chosen.drift_seconds:
        long = chosen.drift_seconds, chosen.drift_renders
        told.expect("drift", math.prod(long))
        measure_drift(table, player, *long, chosen.seed, about(told, "drift"), model.honours)
    if chosen.fidelity_seconds:
        if isinstance(model, OpenModel) and isinstance(model.playable, Student):
            measure_open_fidelity(
                table, model, model.playable, chosen.fidelity_seconds, chosen.steps, chosen.seed
            )
        else:
            table.left_out.append("fidelity: this model stands on no base that it could be held against")
    return summary(instrument.name, chosen, table)


def _measure_renders(
    table: Table,
    player: OneByOne,
    model: LiveModel,
    corpus: Corpus | None,
    chosen: Settings,
    told: Progressing,
) -> None:
    real = reference(corpus, progress=told.clips) if corpus else None
    base = base_commands(chosen.renders, chosen.seed)
    if corpus:
        base = styled_commands(corpus.held_out, chosen.renders, chosen.seed)
    battery = Battery(base, chosen.seconds, model.honours)
    told.expect_jobs(battery)
    takes = measure_battery(table, player, battery, told)
    told.expect("steering", 2 * len(battery.few) * switched_seconds(player.grain))
    measure_steering(table, player, battery.few, told)
    classifier = None
    if real:
        classifier = StyleClassifier.fit(real.fit)
        measure_likeness(table, takes, real, classifier, [])
    else:
        table.left_out.append("style and distances to real music need a corpus of real clips")
    table.left_out.append(
        "control regimes, their measuring stick and note F1: this model is not told labels frame by frame"
    )
    measure_mixed(table, player, [command.only(model.honours) for command in base], classifier, told)
