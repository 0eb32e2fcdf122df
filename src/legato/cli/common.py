"""What several verbs share: their error, their bars, how they print results."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

Progress = Callable[[float, float, dict[str, float]], None]
"""Called with (units done, units in all, figures)."""

_LINE_SECONDS = 30.0  # between lines where the output is no terminal

Model = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Folder or hub id (org/name) of a model; default: the embedded one."),
]
Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="PLACE",
        help="Where the open model under an instrument lies now: a folder or hub id; default: where it says.",
    ),
]
Chunk = Annotated[
    int | None,
    typer.Option(help="Latent frames a chunk; default: the model's own, 4 of 2–8 (40 ms each) if embedded."),
]
Fake = Annotated[bool, typer.Option("--fake", help="A test signal instead of a model.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


class Bars(Protocol):
    """Makes bars, see `progress_bars`."""

    def __call__(self, title: str, unit: str = "step") -> Progress:
        """The callback of a new bar; `unit` is a singular noun."""
        ...


class CommandError(ValueError):
    """The command cannot do what was asked; one sentence says why."""


def print_json(result: Mapping[str, Any]) -> None:
    """One JSON object on one line of stdout; numbers rounded to six significant digits."""
    typer.echo(json.dumps(_rounded(result)))


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if hasattr(value, "item"):  # a numpy or torch scalar
        value = value.item()
    return float(f"{value:.6g}") if isinstance(value, float) else value


def figures_text(figures: Mapping[str, float]) -> str:
    """`loss 0.512  lr 0.0003`, for the end of a bar."""
    return "  ".join(f"{name} {value:.4g}" for name, value in figures.items())


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Bars with rate and time left on stderr; plain lines now and then where that is no terminal.

    Yields `bar(title, unit)`, which gives the callback of one bar; it shows from its first report on.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda title, unit="step": _lines(console, title, unit)
        return
    with _display(console) as display:
        yield lambda title, unit="step": _bar(display, title, unit)


def _display(console: Console) -> RichProgress:
    from rich import progress

    return progress.Progress(
        progress.TextColumn("[bold]{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}"),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("[dim]{task.fields[figures]}"),
        console=console,
    )


def _bar(display: RichProgress, title: str, unit: str) -> Progress:
    task: TaskID | None = None

    def report(done: float, total: float, figures: dict[str, float]) -> None:
        nonlocal task
        if task is None:  # a resumed run's rate counts from where it resumed
            task = display.add_task(title, total=total, completed=int(done), rate="", figures="")
        speed = next(t.speed for t in display.tasks if t.id == task)
        rate = f"{speed:.2f} {unit}s/s" if speed else ""
        display.update(task, completed=done, total=total, rate=rate, figures=figures_text(figures))

    return report


def _lines(console: Console, title: str, unit: str) -> Progress:
    start = last = time.monotonic()
    first: float | None = None

    def report(done: float, total: float, figures: dict[str, float]) -> None:
        nonlocal first, last, start
        now = time.monotonic()
        if first is None:
            first, start = done, now
        if now - last < _LINE_SECONDS and done < total:
            return
        last = now
        rate = (done - first) / max(now - start, 1e-9)
        left = f", {(total - done) / rate / 60:.0f} min left" if rate > 0 else ""
        text = f"{title}: {done:g}/{total:g} {unit}s, {rate:.2f} a second{left}  {figures_text(figures)}"
        console.print(text, highlight=False, soft_wrap=True)

    return report
