"""`legato corpus`: the music a model learns from, made, heard, told apart; prompts for a distillation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legato.cli.common import AsJson, CommandError, print_json, progress_bars

if TYPE_CHECKING:
    from legato.corpus.dataset import Clip

app = typer.Typer(help="Compose the music that models learn from, and the prompts.", no_args_is_help=True)

Soundfont = Annotated[
    str,
    typer.Option(help="A .sf2 or .sf3 file, or 'builtin' for plain voices; default: the system's FluidR3."),
]


@app.command("build")
def build(
    out: Annotated[Path, typer.Option(help="The corpus folder; an unfinished one is continued.")],
    preset: Annotated[
        str, typer.Option(help="A preset's name (test, small, gpu) or a .yaml file.")
    ] = "small",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: one per core.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="A.B=C", help="Change one setting; repeatable.")
    ] = None,
) -> None:
    """Compose, render and label all clips of a preset's corpus."""
    from legato.config import load_config
    from legato.corpus.dataset import build as build_corpus

    config = load_config(preset, settings).corpus
    with progress_bars() as bars:
        bar = bars("corpus", "clip")
        corpus = build_corpus(
            out,
            config,
            workers,
            lambda done, total, seconds: bar(done, total, {"minutes of music": seconds / 60}),
            told=lambda sentence: typer.echo(sentence, err=True),
        )
    typer.echo(f"{len(corpus)} clips in {out}, played by {', '.join(_sources(corpus.clips))}")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _sources(clips: list[Clip]) -> list[str]:
    """The sound sets that play in them, those of most parts first."""
    parts = Counter(part.get("source", clip.renderer) for clip in clips for part in clip.parts)
    return [name for name, _ in parts.most_common()]


@app.command("confusion")
def confusion(
    corpus: Annotated[Path, typer.Option(help="The corpus folder.")] = Path("runs/small/corpus"),
    per_style: Annotated[int, typer.Option(min=4, help="Whole-band clips of each style.")] = 32,
    as_json: AsJson = False,
) -> None:
    """Show which styles a classifier of real clips takes for which others."""
    from legato.corpus.dataset import Corpus
    from legato.evaluation.confusion import confusion as measure
    from legato.evaluation.reference import reference

    with progress_bars() as bars:
        embedding, fitting = bars("corpus clips", "clip"), bars("classifiers", "fit")
        real = reference(
            Corpus(corpus, partial=True), per_style, lambda done, total: embedding(done, total, {})
        )
        clips = {style: [*real.fit[style], *real.test[style]] for style in real.styles}
        found = measure(clips, lambda done, total: fitting(done, total, {}))
    rows = {style: found.of(style) for style in found.styles}
    if as_json:
        styles = {s: {"named_right": right, "taken_for": dict(wrong)} for s, (right, wrong) in rows.items()}
        print_json({"clips": int(found.counts.sum()), "accuracy": found.accuracy, "styles": styles})
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("style", "named right", "taken for", box=None)
    for style, (right, wrong) in sorted(rows.items(), key=lambda item: item[1][0]):
        table.add_row(style, f"{right:.2f}", ", ".join(f"{name} {n}" for name, n in wrong))
    Console().print(table)
    typer.echo(f"{found.accuracy:.2f} of {found.counts.sum()} clips named right")


@app.command("preview")
def preview(
    out: Annotated[
        Path, typer.Option(help="Folder of the page; files of the same name are replaced.")
    ] = Path("preview"),
    styles: Annotated[str, typer.Option(help="Styles, parted by commas; default: all.")] = "",
    per_style: Annotated[int, typer.Option(min=1, max=100, help="Clips of each style.")] = 3,
    seconds: Annotated[float, typer.Option(min=2.0, max=120.0, help="Length of a clip.")] = 12.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other clips.")] = 1,
    soundfont: Soundfont = "",
    sets: Annotated[
        str | None, typer.Option(help="Further sound sets, parted by commas; default: the preset small's.")
    ] = None,
) -> None:
    """Render examples of every style onto a page to listen on and look at."""
    from legato.config import CorpusConfig, load_config
    from legato.evaluation.preview import preview as write_preview
    from legato.music.grammar import STYLES

    chosen = _names(styles) or tuple(STYLES)
    if unknown := [name for name in chosen if name not in STYLES]:
        raise CommandError(f"unknown style {unknown[0]!r}; there are {', '.join(STYLES)}")
    config = CorpusConfig(
        clips=per_style * len(chosen),
        clip_seconds=seconds,
        held_out=0,
        seed=seed,
        styles=chosen,
        soundfont=soundfont,
        sets=load_config("small").corpus.sets if sets is None else _names(sets),
    )
    with progress_bars() as bars:
        bar = bars("preview", "clip")
        page = write_preview(
            out,
            config,
            lambda done, total: bar(done, total, {}),
            lambda sentence: typer.echo(sentence, err=True),
        )
    typer.echo(f"open {page}")


@app.command("prompts")
def prompts(
    out: Annotated[Path, typer.Option("--out", "-o", help="The text file to write, a prompt a line.")],
    count: Annotated[int, typer.Option(min=1, max=100_000, help="How many different ones.")] = 6000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other prompts.")] = 1,
) -> None:
    """Write the prompts that open models are distilled with, to read, to cut or to add to."""
    from legato.training.bank import prompt_bank

    out.write_text("\n".join(prompt_bank(count, seed)) + "\n", encoding="utf-8")
    typer.echo(f"{count} prompts in {out}")
