"""What each part of the distillation is worth, all else equal.

    python benchmarks/ablation.py train ARM --teacher RUN --codec RUN [--minutes 45]
    python benchmarks/ablation.py measure --teacher RUN --codec RUN [--arms ARM …] [--scripts 64 --seconds 20]
    python benchmarks/ablation.py listen --teacher RUN --codec RUN [--arms ARM …] [--scripts 4 --seconds 12]

`train` distils one arm and goes on where it was stopped. `measure` plays all finished arms from the same
noise, scripts and contexts, prints a Markdown table of ratios to the 16-step teacher and writes
`results.json`; fewer scripts and seconds give wider intervals sooner. `listen` writes a page of what they
play, `listen/index.html`. All keep what they make in `--out` (runs/ablation); the arms are in `arms.py`.
`--student RUN …` adds other students of the teacher, by their folders' names; `--against ARM` compares in
pairs with one of the rows.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from arms import ARMS, BASE, Arm
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from legato.config import SAMPLE_RATE, Config, ConfigError, load_config, parse_config
from legato.corpus.dataset import Corpus
from legato.corpus.errors import CorpusError
from legato.evaluation import guided, paired
from legato.evaluation.contrast import FIGURES, Outcome, Teachers, contrast
from legato.evaluation.distances import Distances
from legato.evaluation.pages import Card, write_page
from legato.evaluation.paired import Figures, Model, Stage, decode, measure, roll
from legato.evaluation.pictures import spectrogram_png
from legato.evaluation.reference import reference
from legato.evaluation.renders import base_commands
from legato.evaluation.tracks import command_track
from legato.io.recorder import write_wav
from legato.models import sampling, streaming
from legato.models.anchors import Hearing, style_embeddings
from legato.models.codec import Codec
from legato.models.prompt import PromptEncoder
from legato.teachers.native import fingerprint
from legato.training.checkpoint import CheckpointError
from legato.training.distill import distill, load_generator
from legato.training.latents import load_codec
from legato.training.text import default_hearing, default_text_encoder

TEACHER_STEPS = 16
HEARD = ("prompt_kp", "cond_td")  # of a script, by the generator
SOLVING: tuple[ModuleType, ...] = (sampling, streaming, guided, paired)  # figures last as long as these do
DIVERSE_SCRIPTS, DIVERSE_SECONDS = 8, 8.0  # played from every seed


# ---- training ------------------------------------------------------------------------------------


def train(arm: str, options: argparse.Namespace) -> None:
    """Distil one arm, or go on with it."""
    changes = [*options.set, *(f"distill.{change}" for change in ARMS[arm].changes.split())]
    plain = "distill.temperature=1"  # arms differ as training leaves them
    config = load_config(options.preset, [plain, *changes])
    folder = options.out / arm
    result = distill(
        config,
        options.teacher,
        options.codec,
        folder,
        options.device,
        options.minutes,
        _progress(arm),
        lively=False,
    )
    told = {"arm": arm, "changes": changes, "finished": result.finished, "steps": result.steps}
    (folder / "arm.json").write_text(json.dumps(told, indent=1))
    print(
        f"{arm}: {'finished' if result.finished else 'stopped'} after {result.steps} steps", file=sys.stderr
    )


def _progress(arm: str) -> Callable[[int, int, dict[str, float]], None]:
    def told(done: int, total: int, figures: dict[str, float]) -> None:
        if done % 30 == 0:
            text = "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
            print(f"{arm} {done}/{total}  {text}", file=sys.stderr, flush=True)

    return told


# ---- measuring -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """What laying out scripts needs beside a generator."""

    config: Config
    prompts: PromptEncoder
    styles: dict[str, np.ndarray]
    hearing: Hearing


class Bench:
    """Measures models on the same scripts and noise; raw figures are kept and not measured twice."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.out, self.arms = options, options.out, known_arms(options)
        self.teacher = load_generator(options.teacher).to(options.device)
        self.codec: Codec = load_codec(options.codec).to(options.device).eval()
        self.real = (
            Distances(reference(Corpus(options.corpus, partial=True)).all()) if options.corpus else None
        )
        self.marks = [fingerprint(part.state_dict()) for part in (self.teacher, self.codec)]
        self.marks.append(hashlib.sha256("".join(map(inspect.getsource, SOLVING)).encode()).hexdigest())
        prompts = default_text_encoder()
        config = Config(codec=self.codec.config, generator=self.teacher.config)
        words = Words(config, prompts, style_embeddings(prompts), default_hearing())
        self.commands = base_commands(options.scripts, options.seed)
        self.tracks = [command_track(words, command, options.seconds) for command in self.commands]
        laid_out = {
            f"{i}.{name}": getattr(track, name) for i, track in enumerate(self.tracks) for name in HEARD
        }
        self.marks.append(fingerprint({name: torch.from_numpy(array) for name, array in laid_out.items()}))

    def model(self, name: str) -> Model:
        """What plays an arm."""
        arm = self.arms[name]
        if arm.run == "teacher":
            return Model(self.teacher, teacher=True, steps=arm.steps)
        return self._student(self.out / (arm.run or name), arm)

    def teachers(self, chunk: int) -> Teachers:
        """The 16-step teacher in chunks of that length, from the stage's noise and from other noise."""
        model = Model(self.teacher, teacher=True, steps=TEACHER_STEPS, chunk=chunk)
        same = self._kept(f"teacher-{chunk}", model, None, 0)
        return Teachers(same, self._kept(f"teacher-{chunk}-other", model, None, 1), self.real)

    def arm(self, name: str) -> tuple[Figures, Teachers]:
        """Raw figures of an arm and of the teachers it is held against."""
        model = self.model(name)
        teachers = self.teachers(model.chunk)
        if name == "teacher-again":
            return self._kept(name, model, None, 2), teachers
        return self._kept(name, model, teachers.same["latents"], 0), teachers

    def _student(self, folder: Path, arm: Arm) -> Model:
        generator = load_generator(folder).eval().requires_grad_(False).to(self.options.device)
        settings = parse_config(Config, json.loads((folder / "config.json").read_text())).distill
        return Model(generator, False, arm.steps, settings.chunk, settings.audio_context, arm.apart)

    def _kept(self, name: str, model: Model, played: np.ndarray | None, noise: int) -> Figures:
        """Raw figures from the disk, or measured now and put there."""
        asked = [self.options.scripts, self.options.seconds, self.options.seeds, self.options.seed]
        how = [model.teacher, model.steps, model.chunk, model.hears, model.apart, noise]
        what = [fingerprint(model.generator.state_dict())]
        what += [] if model.teacher else [f"{model.generator.spread} {model.generator.temperature}"]
        key = json.dumps([asked, how, self.marks, *what])
        path = self.out / "figures" / f"{name}.safetensors"
        if path.is_file():
            with safe_open(path, "np") as file:
                if (file.metadata() or {}).get("key") == key:
                    return load_file(path)
        print(f"measuring {name}", file=sys.stderr, flush=True)
        found = self._measured(model, played, noise)
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(found, path, {"key": key})
        return found

    def _measured(self, model: Model, played: np.ndarray | None, noise: int) -> Figures:
        channels, seed = self.teacher.config.latent_channels, self.options.seed * 1000 + noise
        stage = Stage.of(self.tracks, channels, seed)
        few = [
            t.first(DIVERSE_SECONDS) for t in self.tracks[:DIVERSE_SCRIPTS] for _ in range(self.options.seeds)
        ]
        encore = Stage.of(few, channels, seed + 500)
        teacher = Model(self.teacher, teacher=True, steps=TEACHER_STEPS, chunk=model.chunk)
        reference = None if played is None else (teacher, played)
        return measure(model, self.codec, stage, encore, self.options.seeds, reference)


def known_arms(options: argparse.Namespace) -> dict[str, Arm]:
    """The arms, and the students that were named beside them.

    Raises:
        ConfigError: two students, or a student and an arm, share a name.
    """
    students = {path.absolute().name: path.absolute() for path in options.student}
    if taken := {*students} & {*ARMS}:
        raise ConfigError(f"an arm is called {', '.join(sorted(taken))} too: rename the student's folder")
    if len(students) < len(options.student):
        raise ConfigError("students are told apart by their folders' names: rename one")
    return ARMS | {name: Arm("a student that was named", run=str(path)) for name, path in students.items()}


def finished_arms(out: Path) -> list[str]:
    """Arms that can be measured: the teacher's, and those whose training came to its end."""

    def is_finished(run: str) -> bool:
        path = out / run / "arm.json"
        return path.is_file() and json.loads(path.read_text())["finished"]

    return [name for name, arm in ARMS.items() if arm.run == "teacher" or is_finished(arm.run or name)]


def _asked(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Finished arms, and those of them that are asked for."""
    ready = finished_arms(options.out)
    names = options.arms or ready
    if unready := [name for name in names if name not in ready]:
        raise ConfigError(f"not trained to the end: {', '.join(unready)}; finished are {', '.join(ready)}")
    return ready, names


def compare(options: argparse.Namespace) -> None:
    """Measure, print the table, write the results."""
    ready, names = _asked(options)
    bench = Bench(options)
    arms = bench.arms
    named = [name for name in arms if name not in ARMS]
    base = options.against
    if base not in {BASE, *ready, *named}:
        raise ConfigError(
            f"nothing is called {base} that could be compared with: {', '.join([*ready, *named])}"
        )
    pairs = [base] if base in {*ready, *named} else []
    measured = {name: bench.arm(name) for name in dict.fromkeys([*names, *pairs, *named])}
    outcomes = contrast(measured, base)
    rows = {name: _told(arms[name], name, options.out, outcomes[name]) for name in arms if name in outcomes}
    settings = {name: getattr(options, name) for name in ("scripts", "seconds", "seeds", "seed", "against")}
    told = next(iter(outcomes.values()))
    columns = {name: figure.what for name, figure in FIGURES.items() if name in told}
    results = {"settings": settings, "figures": columns, "arms": rows}
    (options.out / "results.json").write_text(json.dumps(results, indent=1, allow_nan=False))
    print(markdown(results))


def _told(arm: Arm, name: str, out: Path, outcome: dict[str, Outcome]) -> dict[str, Any]:
    """An arm's row as JSON types."""

    def plain(values: tuple[float, ...]) -> list[float | None]:
        return [float(f"{value:.5g}") if np.isfinite(value) else None for value in values]

    path = out / (arm.run or name) / "arm.json"
    figures = {
        title: {"value": plain(one.value), "paired": plain(one.difference), "differs": one.differs}
        for title, one in outcome.items()
    }
    trained = json.loads(path.read_text()) if path.is_file() else {"changes": [], "steps": 0}
    told = {"what": arm.what, "changes": trained["changes"], "trained": trained["steps"]}
    return told | {"steps": arm.steps, "apart": arm.apart, "figures": figures}


def markdown(results: dict[str, Any]) -> str:
    """The table: value and 95 % interval, starred where the paired difference leaves out 0."""
    titles = list(results["figures"])
    lines = [f"| arm | trained | {' | '.join(titles)} |", "|---" * (len(titles) + 2) + "|"]
    for name, row in results["arms"].items():
        cells = [_cell(row["figures"][title]) for title in titles]
        lines.append(f"| {name} | {row['trained'] or ''} | {' | '.join(cells)} |")
    asked = results["settings"]
    size = f"{asked['scripts']} scripts of {asked['seconds']:g} s, the same noise and contexts for all."
    notes = [f"- {title}: {what}." for title, what in results["figures"].items()]
    arms = [f"- {name}: {row['what']}." for name, row in results["arms"].items()]
    return "\n".join([*lines, "", f"{size} \\* differs from `{asked['against']}`.", "", *notes, "", *arms])


def _cell(figure: dict[str, Any]) -> str:
    value, low, high = figure["value"]
    if value is None:
        return "–"
    span = "" if low is None else f" [{low:.2f}, {high:.2f}]"
    return f"{value:.2f}{'*' if figure['differs'] else ''}{span}"


# ---- listening -----------------------------------------------------------------------------------


def listen(options: argparse.Namespace) -> None:
    """A page with every script as each model plays it, from the same noise."""
    _, names = _asked(options)
    bench, page = Bench(options), options.out / "listen" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    stage = Stage.of(bench.tracks, bench.teacher.config.latent_channels, 1000 * options.seed)
    models = {f"teacher, {TEACHER_STEPS} steps": Model(bench.teacher, teacher=True, steps=TEACHER_STEPS)}
    models |= {
        name: bench.model(name) for name in (*names, *(name for name in bench.arms if name not in ARMS))
    }
    cards: list[list[Card]] = [[] for _ in bench.commands]
    for number, (name, model) in enumerate(models.items()):
        print(f"playing {name}", file=sys.stderr, flush=True)
        sounds = decode(model, bench.codec, roll(model, stage))
        what = bench.arms[name].what if name in bench.arms else "what the others are distilled from"
        for script, (group, audio_n2) in enumerate(zip(cards, sounds, strict=True)):
            sound, picture = (f"{script}-{number}.{kind}" for kind in ("wav", "png"))
            write_wav(page.parent / sound, audio_n2, SAMPLE_RATE)
            spectrogram_png(audio_n2, page.parent / picture)
            group.append(Card(name, sound, picture, len(audio_n2) / SAMPLE_RATE, captions=[what]))
    lead = f"{options.scripts} scripts of {options.seconds:g} s; every model plays each from the same noise."
    groups = {
        f"{n}. {c.prompt}": group for n, (c, group) in enumerate(zip(bench.commands, cards, strict=True), 1)
    }
    write_page(page, "What each part of the method is worth", lead, groups)
    print(page)


# ---- command line --------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    trains, measures, listens = (verbs.add_parser(verb) for verb in ("train", "measure", "listen"))
    for verb in (trains, measures, listens):
        verb.add_argument("--teacher", type=Path, required=True, help="run folder of the teacher")
        verb.add_argument("--codec", type=Path, required=True, help="run folder of the codec")
        verb.add_argument("--out", type=Path, default=Path("runs/ablation"))
        verb.add_argument("--device", default="cpu")
    trains.add_argument("arm", choices=[name for name, arm in ARMS.items() if not arm.run])
    trains.add_argument("--preset", default="small", help="settings all arms share")
    trains.add_argument("--minutes", type=float, default=45.0, help="of training; 0: the preset's steps")
    trains.add_argument("--set", action="append", default=[], metavar="A.B=C", help="change a setting of all")
    for verb, scripts, seconds in ((measures, 64, 20.0), (listens, 4, 12.0)):
        verb.add_argument(
            "--arms", nargs="+", choices=list(ARMS), metavar="ARM", help="default: all finished"
        )
        verb.add_argument(
            "--student", type=Path, nargs="+", default=[], metavar="RUN", help="students beside"
        )
        verb.add_argument("--scripts", type=int, default=scripts)
        verb.add_argument("--seconds", type=float, default=seconds)
        verb.add_argument("--seed", type=int, default=0, help="of scripts and noise")
    listens.set_defaults(corpus=None)
    measures.add_argument("--corpus", type=Path, help="real music, for the distances to it")
    measures.add_argument("--against", default=BASE, metavar="ARM", help="the row others are compared with")
    measures.add_argument("--seeds", type=int, default=8, help="per script, for diversity")
    options = parser.parse_args(arguments)
    try:
        if options.verb == "train":
            options.minutes = options.minutes or None
            train(options.arm, options)
        elif options.verb == "listen":
            listen(options)
        else:
            compare(options)
    except (ConfigError, CheckpointError, CorpusError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
