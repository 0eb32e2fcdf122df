"""`legato eval`: how well a model follows, how well it sounds, how near it is to its teacher.

Every figure is a `Measure` with a bootstrap interval over renders (the independent unit) and, where a target
is set, whether it is met. Adherence stands beside its chance level (the same sound against other commands)
and, with a corpus, beside the measuring stick (real clips through the codec).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from legato.corpus.dataset import Corpus
from legato.engine.instrument import Instrument
from legato.evaluation import notes
from legato.evaluation.battery import (
    Battery,
    about,
    measure_battery,
    measure_steering,
    switched_seconds,
)
from legato.evaluation.blends import SHARES, measure_blends
from legato.evaluation.classifier import StyleClassifier
from legato.evaluation.endurance import measure_drift
from legato.evaluation.fidelity import measure_fidelity
from legato.evaluation.likeness import (
    blend_commands,
    measure_likeness,
    measure_meant,
    measure_named,
    named_commands,
    styled_commands,
)
from legato.evaluation.player import Player
from legato.evaluation.reference import reference
from legato.evaluation.regimes import measure_regimes
from legato.evaluation.renders import Command, OneByOne, RendersMany, base_commands, held_out_prompts, play
from legato.evaluation.table import Table
from legato.evaluation.tracks import REGIMES
from legato.models.bundle import Bundle
from legato.models.codec import Codec

Progress = Callable[[float, float, str], None]
"""Told (done, total, what is being measured): seconds of audio, and clips of the corpus."""

BLENDS, BLEND_SECONDS = 4, 6.0
NAMED_SECONDS = 12.0


@dataclass(frozen=True)
class Settings:
    """How much is measured.

    Attributes:
        of: "student" or "teacher".
        seconds: length of the longer renders.
        renders: how many; variations use half or a fifth as many prompts; 0 leaves all these out.
        drift_seconds: length of the long renders; 0 leaves them out.
        drift_renders: how many of them, of a prompt each.
        fidelity_seconds: length of student and teacher rollouts; 0, or a teacher, leaves them out.
        steps: generator steps per chunk: 1, 2 or 4 for a student, any number for a teacher.
        corpus: folder of real clips, for style, distances and the measuring stick; None leaves these out.
        seed: of commands and noise.
    """

    of: str = "student"
    seconds: float = 20.0
    renders: int = 16
    drift_seconds: float = 120.0
    drift_renders: int = 12
    fidelity_seconds: float = 8.0
    steps: int = 1
    corpus: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.of not in ("student", "teacher"):
            raise ValueError(f"there is a student and a teacher to measure, not {self.of!r}")
        if self.seconds < 8:
            raise ValueError(f"evaluation needs renders of at least 8 seconds, not {self.seconds:g}")
        if self.renders and self.renders < 2:
            raise ValueError(f"renders must be 0 (left out) or at least 2, not {self.renders}")
        if 0 < self.drift_seconds < 30:
            raise ValueError(f"drift_seconds must be 0 (left out) or at least 30, not {self.drift_seconds:g}")
        most = len(held_out_prompts())
        if not 1 <= self.drift_renders <= most:
            raise ValueError(f"drift_renders must be at least 1 and at most {most}, not {self.drift_renders}")


def evaluate(
    bundle: Bundle, *, codec: Codec | None = None, progress: Progress | None = None, **settings: Any
) -> dict[str, Any]:
    """Measure a bundle on held-out prompts.

    Args:
        bundle: the model.
        codec: with an encoder, for the measuring stick; by default the bundle's own.
        progress: told of every chunk.
        settings: fields of `Settings`.

    Returns:
        `model`, `settings`, `measures` (name to value, low, high, n, what, target, met; JSON types), `sheets`
        (title, columns, rows), `left_out` (sentences), `targets_met`, `targets_missed` (names).

    Raises:
        ValueError: a setting is out of range.
        CorpusError: there is no corpus in that folder, or too few whole-band clips in it.
    """
    chosen = Settings(**settings)
    threads = torch.get_num_threads()
    instrument = Instrument.of(bundle)  # a performer's, on one thread
    torch.set_num_threads(threads)
    player = Player(bundle, chosen.of, chosen.steps)
    corpus = Corpus(Path(chosen.corpus), partial=True) if chosen.corpus else None
    table = Table()
    told = Progressing(progress)
    if chosen.renders:
        _measure_renders(table, player, instrument, corpus, codec or bundle.codec, chosen, told)
    if chosen.drift_seconds:
        long = chosen.drift_seconds, chosen.drift_renders
        told.expect("drift", math.prod(long))
        measure_drift(table, player, *long, chosen.seed, about(told, "drift"))
    if chosen.fidelity_seconds and chosen.of == "student":
        measure_fidelity(table, bundle, chosen.fidelity_seconds, chosen.steps, chosen.seed)
    return summary(bundle.name, chosen, table)


def summary(name: str, chosen: Settings, table: Table) -> dict[str, Any]:
    """What `evaluate` returns of a table."""
    measures = table.measures
    return {
        "model": name,
        "settings": vars(chosen),
        "measures": {name: measure.to_dict() for name, measure in measures.items()},
        "sheets": [sheet.to_dict() for sheet in table.sheets],
        "left_out": table.left_out,
        "targets_met": [name for name, measure in measures.items() if measure.met],
        "targets_missed": [name for name, measure in measures.items() if measure.met is False],
    }


def _measure_renders(
    table: Table,
    player: Player,
    instrument: Instrument,
    corpus: Corpus | None,
    codec: Codec,
    chosen: Settings,
    told: Progressing,
) -> None:
    real = reference(corpus, progress=told.clips) if corpus else None
    base = base_commands(chosen.renders, chosen.seed)
    if corpus:
        base = styled_commands(corpus.held_out, chosen.renders, chosen.seed)
    battery = Battery(base, chosen.seconds)
    told.expect_jobs(battery)
    takes = measure_battery(table, player, battery, told)
    if chosen.of == "student":
        told.expect("steering", 2 * len(battery.few) * switched_seconds(player.grain))
        measure_steering(table, OneByOne(instrument, chosen.steps, player.grain), battery.few, told)
    classifier = None
    if corpus and real:
        others = max(2, chosen.renders // 5)
        played = chosen.renders + others * len(REGIMES)  # every regime but the dense one, and played notes
        told.expect("regimes", played * min(chosen.seconds, corpus.config["clip_seconds"]))
        found = measure_regimes(
            table,
            player,
            corpus.held_out,
            codec,
            renders=chosen.renders,
            others=others,
            seconds=chosen.seconds,
            seed=chosen.seed,
            told=about(told, "regimes"),
        )
        if not found.encoded:
            table.left_out.append(
                "the bundle has no encoder, so the measuring stick is the clips as they are"
            )
        if not notes.available():
            table.left_out.append("note F1 needs basic-pitch (constraints/standalone.txt)")
        classifier = StyleClassifier.fit(real.fit)
        measure_likeness(table, takes, real, classifier, found.real if found.encoded else [])
        told.expect("names", len(base) * NAMED_SECONDS)
        named = play(player, named_commands(base), NAMED_SECONDS, about(told, "names"))
        measure_named(table, list(named), real, classifier)
        measure_meant(table, player.bundle.prompts, player.bundle.styles, corpus.held_out)
    else:
        table.left_out.append("style, distances, note F1 and the measuring stick need a corpus of real clips")
    measure_mixed(table, player, base, classifier, told)


def measure_mixed(
    table: Table,
    player: RendersMany,
    base: list[Command],
    classifier: StyleClassifier | None,
    told: Progressing,
) -> None:
    """Blends of the prompts of neighbouring commands."""
    mixed = blend_commands(base[: 2 * BLENDS], SHARES)
    told.expect("blends", len(mixed) * BLEND_SECONDS)
    measure_blends(table, list(play(player, mixed, BLEND_SECONDS, about(told, "blends"))), classifier)


class Progressing:
    """Sums up seconds of audio per subject and passes them on."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._total: dict[str, float] = {}
        self._done: dict[str, float] = {}

    def expect_jobs(self, battery: Battery) -> None:
        """Of a battery's groups of renders."""
        for job in battery.jobs():
            self.expect(job.what, len(job.commands) * job.seconds)

    def expect(self, what: str, seconds: float) -> None:
        """So much audio about a subject is still to come."""
        self._total[what] = self._total.get(what, 0.0) + seconds

    def __call__(self, seconds: float, what: str) -> None:
        """So much audio about a subject was made."""
        self._done[what] = self._done.get(what, 0.0) + seconds
        if self._progress:
            total = self._total.get(what, 0.0)
            self._progress(min(self._done[what], total), total, what)

    def clips(self, done: int, total: int) -> None:
        """Of a corpus that is read."""
        if self._progress:
            self._progress(done, total, "corpus clips")
