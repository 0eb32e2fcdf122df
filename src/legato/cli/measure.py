"""`legato eval` and `legato bench`: quality and speed, measured."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from legato.cli.common import AsJson, Model, print_json, progress_bars


def evaluate(
    model: Model = None,
    seconds: Annotated[float, typer.Option(help="Length of each rendered piece.")] = 20.0,
    prompts: Annotated[int, typer.Option(help="How many held-out prompts to render.")] = 16,
    seed: Annotated[int, typer.Option(help="Seed of prompts, controls and noise.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Measure quality and adherence on prompts never used in training."""
    from legato.evaluation.report import evaluate as measure
    from legato.models.bundle import Bundle

    bundle = Bundle.load(model)
    with progress_bars() as bar:
        figures = measure(bundle, seconds=seconds, prompts=prompts, seed=seed, progress=bar("eval", "piece"))
    _show(f"{bundle.name}, measured", figures, as_json)


def bench(
    model: Model = None,
    seconds: Annotated[float, typer.Option(help="Seconds of streaming to measure.")] = 60.0,
    steps: Annotated[int, typer.Option(help="Generator steps a chunk: 1, 2 or 4.")] = 1,
    chunk: Annotated[int, typer.Option(help="Frames a chunk (40 ms each), 2–8.")] = 4,
    as_json: AsJson = False,
) -> None:
    """Measure speed and latency on a sink paced in real time."""
    import legato
    from legato.evaluation.realtime import bench as measure

    instrument = legato.load(model, chunk=chunk)
    figures = measure(instrument, seconds=seconds, steps=steps)
    _show(f"{instrument.name}, {seconds:g} s of streaming", figures, as_json)


def _show(title: str, figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(figures)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", title=title, box=None, title_justify="left")
    for name, value in figures.items():
        table.add_row(name, f"{value:.4g}" if isinstance(value, float) else str(value))
    Console().print(table)
