"""`legato bench --latency` and `--flood`: from gestures to their sounds, by term and under load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legato.engine.instrument import Instrument
    from legato.evaluation.latency import Row

WIDE = 180  # columns of the table where no terminal says how many there are

Report = Callable[[float, float, str], None]


def measure_latency(instrument: Instrument, seconds: float, seed: int, report: Report) -> dict[str, Any]:
    """Every way at every chunk size, `seconds` each; what cannot be measured here is said in a sentence."""
    from legato.evaluation.latency import CHUNKS, engine_row, jack, jack_row, summary
    from legato.io.portaudio import DeviceError
    from legato.serving.latency import PageError, page_row

    rows: list[Row] = []
    left_out: list[str] = []

    def measure(way: Callable[[Instrument, int, float, int], Row], what: str) -> None:
        for number, chunk in enumerate(CHUNKS):
            report(number * seconds, len(CHUNKS) * seconds, what)
            rows.append(way(instrument, chunk, seconds, seed))
        report(len(CHUNKS) * seconds, len(CHUNKS) * seconds, what)

    measure(engine_row, "engine")
    try:
        measure(page_row, "page")
    except PageError as error:
        left_out.append(str(error))
    try:
        with ExitStack() as stack:
            stack.enter_context(jack())
            measure(jack_row, "JACK")
    except DeviceError as error:
        left_out.append(f"JACK: {error}")
    return summary(rows, left_out)


def print_latency(result: Mapping[str, Any]) -> None:
    """A line for each way and chunk size, a column for each term: its percentiles, in milliseconds."""
    from rich.console import Console
    from rich.table import Table

    percents = " / ".join(f"p{percent}" for percent in result["percents"])
    columns = ["wait", "generate", "decode", "ring", "codec", "beyond the ring", "in all"]
    table = Table("", *columns, "gestures", "underruns", title=f"milliseconds, {percents}", box=None)
    for key, row in result["rows"].items():
        *within, (beyond, last) = row["terms_ms"].items()
        shown = [_three(values) for _, values in within]
        counts = [f"{row['gestures'] - row['lost']}", f"{row['underruns']}"]
        table.add_row(
            key.replace("_", " "), *shown, f"{_three(last)} {beyond}", _three(row["total_ms"]), *counts
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table)
    for name, judged in result["targets"].items():
        verdict = "[green]met" if judged["met"] else "[red]missed"
        console.print(f"{name} {result[name]:.0f}, target {judged['target']}: {verdict}")
    for sentence in result["left_out"]:
        console.print(f"left out: {sentence}", soft_wrap=True)
    console.print("  ".join(f"{name} {value}" for name, value in result["hardware"].items()), soft_wrap=True)


def _three(values: list[float]) -> str:
    return " / ".join(f"{value:.0f}" for value in values)
