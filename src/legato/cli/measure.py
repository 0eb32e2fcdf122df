"""`legato eval` and `legato bench`: quality and speed, measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legato.cli.common import AsJson, Bars, Base, Chunk, CommandError, Model, print_json, progress_bars

if TYPE_CHECKING:
    from legato.engine.instrument import Instrument

ROW_SECONDS = 40.0  # of each way and chunk size that latency is measured on

Steps = Annotated[int, typer.Option(help="Generator steps a chunk: 1, 2 or 4.")]
Seed = Annotated[int, typer.Option(help="Seed of commands and noise.")]


def evaluate(
    model: Model = None,
    base: Base = None,
    seconds: Annotated[
        float, typer.Option(help="Length of the renders for tempo and key, at least 8.")
    ] = 20.0,
    renders: Annotated[int, typer.Option(help="How many of them, at least 2; 0: none.")] = 16,
    of: Annotated[
        str, typer.Option(help="student, or teacher: the model it was distilled from.")
    ] = "student",
    corpus: Annotated[
        str | None,
        typer.Option(help="Folder of real clips: style, distances to real music, the measuring stick."),
    ] = None,
    codec: Annotated[
        str | None, typer.Option(help="Run folder of the codec, where the bundle lacks its encoder.")
    ] = None,
    drift_seconds: Annotated[
        float, typer.Option("--drift", help="Seconds of each long render; 0: none.")
    ] = 120.0,
    drift_renders: Annotated[
        int, typer.Option("--drift-renders", help="How many of them, of a prompt each.")
    ] = 12,
    fidelity_seconds: Annotated[
        float, typer.Option("--fidelity", help="Seconds of rollouts against the teacher; 0: none.")
    ] = 8.0,
    steps: Annotated[
        int | None, typer.Option(help="Generator steps a chunk; default 1, of a teacher 16.")
    ] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure quality and adherence on prompts never used in training."""
    from legato.models.manifest import is_instrument
    from legato.models.opening import find

    folder = find(model)
    asked: dict[str, Any] = {
        "corpus": corpus,
        "seconds": seconds,
        "renders": renders,
        "drift_seconds": drift_seconds,
        "drift_renders": drift_renders,
        "fidelity_seconds": fidelity_seconds,
        "seed": seed,
    }
    with progress_bars() as bars:
        progress = _stages(bars, "second")
        if is_instrument(folder):
            if of != "student" or codec:
                raise CommandError(
                    f"{folder} is an instrument on an open model, a student with an autoencoder of its own: "
                    "leave --of and --codec out"
                )
            result = _evaluate_instrument(folder, base, steps=steps or 1, progress=progress, **asked)
        else:
            if base is not None:
                raise CommandError(f"{folder} is a bundle and stands on no other model; leave --base out")
            steps = steps or (16 if of == "teacher" else 1)
            result = _evaluate_bundle(folder, codec, of=of, steps=steps, progress=progress, **asked)
    if as_json:
        print_json(result)
    else:
        _print_measures(result)


def _evaluate_bundle(folder: Path, codec: str | None, **asked: Any) -> dict[str, Any]:
    from legato.evaluation.report import evaluate as measure
    from legato.models.bundle import Bundle

    bundle = Bundle.load(folder)
    encoder = None
    if codec:
        from legato.training.latents import load_codec

        encoder = load_codec(Path(codec))
    return measure(bundle, codec=encoder, **asked)


def _evaluate_instrument(folder: Path, base: str | None, **asked: Any) -> dict[str, Any]:
    import legato
    from legato.evaluation.open_report import evaluate_instrument

    return evaluate_instrument(legato.load(folder, base=base), **asked)


def bench(
    model: Model = None,
    base: Base = None,
    seconds: Annotated[float, typer.Option(help="Seconds of streaming; 60 or more for the record.")] = 60.0,
    steps: Steps = 1,
    chunk: Chunk = None,
    lead_ms: Annotated[
        float | None,
        typer.Option(
            "--lead", help="Sound kept ahead of playback, ms; default: what chunks turn out to need."
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of torch; default: its own choice.")
    ] = None,
    load: Annotated[
        bool, typer.Option("--load", help="Instead: fresh starts, from a command to its first sound.")
    ] = False,
    latency: Annotated[
        bool,
        typer.Option(
            "--latency",
            help="Instead: from a gesture to its sound by term, over engine, page and JACK; 6 minutes.",
        ),
    ] = False,
    flood: Annotated[
        float | None,
        typer.Option(metavar="MINUTES", help="Instead: play so long while 1000 controls a second arrive."),
    ] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure speed and the time from a gesture to its sound, on a sink paced in real time."""
    if load:
        _bench_starts(model, base, as_json)
        return
    import legato

    instrument = legato.load(model, base=base)
    if latency:
        _bench_latency(instrument, seed, as_json)
        return
    if flood is not None:
        _bench_flood(instrument, flood, chunk, seed, as_json)
        return
    from legato.evaluation.realtime import bench as measure

    with progress_bars() as bars:
        result = measure(
            instrument,
            seconds=seconds,
            threads=threads,
            chunk_frames=chunk,
            lead_s=None if lead_ms is None else lead_ms / 1000,
            steps=steps,
            seed=seed,
            progress=_stages(bars, "second"),
        )
    if as_json:
        print_json(result)
    else:
        _print_figures(result)


def _bench_latency(instrument: Instrument, seed: int, as_json: bool) -> None:
    from legato.cli.latency import measure_latency, print_latency

    with progress_bars() as bars:
        result = measure_latency(instrument, ROW_SECONDS, seed, _stages(bars, "second"))
    if as_json:
        print_json(result)
    else:
        print_latency(result)


def _bench_flood(instrument: Instrument, minutes: float, chunk: int | None, seed: int, as_json: bool) -> None:
    from legato.evaluation.flood import flood

    with progress_bars() as bars:
        result = flood(instrument, minutes, chunk_frames=chunk, seed=seed, progress=_stages(bars, "second"))
    if as_json:
        print_json(result)
    else:
        _print_figures(result)


def _bench_starts(model: str | None, base: str | None, as_json: bool) -> None:
    from legato.evaluation.startup import startup

    with progress_bars() as bars:
        bar = bars("starting", "start")
        result = startup(model, base, progress=lambda done, total: bar(done, total, {}))
    if as_json:
        print_json(result)
    else:
        _print_figures(result)


def _stages(bars: Bars, unit: str) -> Callable[[float, float, str], None]:
    """One bar for each kind of work, as it comes."""
    shown: dict[str, Callable[[float, float, dict[str, float]], None]] = {}

    def report(done: float, total: float, what: str) -> None:
        if what not in shown:
            shown[what] = bars(what, unit)
        shown[what](round(done, 1), round(total, 1), {})

    return report


def _print_measures(result: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("measure", "value", "95 % interval", "target", "", "what", box=None)
    for name, m in result["measures"].items():
        interval = f"{_number(m['low'])} … {_number(m['high'])}" if m["low"] is not None else ""
        verdict = {True: "[green]met", False: "[red]missed", None: ""}[m["met"]]
        table.add_row(name, _number(m["value"]), interval, m["target"], verdict, m["what"])
    console = Console()
    console.print(table)
    for sheet in result["sheets"]:
        grid = Table("", *sheet["columns"], title=sheet["title"], title_justify="left", box=None)
        for name, values in sheet["rows"].items():
            grid.add_row(name, *map(_number, values))
        console.print(grid)
    for sentence in result["left_out"]:
        console.print(f"left out: {sentence}", soft_wrap=True)
    console.print(f"{len(result['targets_met'])} targets met, {len(result['targets_missed'])} missed")


def _print_figures(result: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", "target", "", box=None)
    targets: Mapping[str, Any] = result["targets"]
    for name, value in result.items():
        if isinstance(value, Mapping):
            continue
        judged = targets.get(name, {"target": "", "met": None})
        verdict = {True: "[green]met", False: "[red]missed", None: ""}[judged["met"]]
        table.add_row(name, _number(value), judged["target"], verdict)
    console = Console()
    console.print(table)
    if hardware := result.get("hardware"):
        console.print("  ".join(f"{name} {value}" for name, value in hardware.items()), soft_wrap=True)


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "–" if value is None else str(value)
