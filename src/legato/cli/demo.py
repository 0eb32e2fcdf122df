"""`legato demo`: a page of examples to listen on and look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from legato.cli.common import Base, CommandError, Model, progress_bars


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The page's folder; files there are replaced.")
    ] = Path("demo"),
    styles: Annotated[str, typer.Option(help="Styles, parted by commas; default: all.")] = "",
    gestures: Annotated[
        bool, typer.Option("--gestures/--no-gestures", help="Whether ways to steer are shown too.")
    ] = True,
    seconds: Annotated[float, typer.Option(min=1.0, max=120.0, help="Length of a render.")] = 12.0,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same music.")] = 1,
    model: Model = None,
    base: Base = None,
) -> None:
    """Render examples of every style and of every way to steer, onto a page."""
    import legato
    from legato.evaluation.demo import demo as write_demo
    from legato.evaluation.demo import gestures as all_gestures
    from legato.evaluation.demo import styles as of_styles
    from legato.music.grammar import STYLES

    chosen = [name.strip() for name in styles.split(",") if name.strip()] or list(STYLES)
    if unknown := [name for name in chosen if name not in STYLES]:
        raise CommandError(f"unknown style {unknown[0]!r}; there are {', '.join(STYLES)}")
    pieces = {"Styles": of_styles(chosen), **({"Steering": all_gestures()} if gestures else {})}
    instrument = legato.load(model, base=base)
    with progress_bars() as bars:
        bar = bars("demo", "piece")
        page = write_demo(
            instrument, out, pieces, seconds=seconds, seed=seed, told=lambda done, all_: bar(done, all_, {})
        )
    typer.echo(f"open {page}")
