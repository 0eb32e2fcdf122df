"""`legato corpus`: the music a model learns from, made and heard, and the prompts of a distillation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from legato.cli.common import CommandError, progress_bars

app = typer.Typer(help="Compose the music that models learn from, and the prompts.", no_args_is_help=True)

Soundfont = Annotated[
    str, typer.Option(help="A .sf2 file, or 'builtin' for plain voices; default: the system's FluidR3.")
]


@app.command("build")
def build(
    out: Annotated[Path, typer.Option(help="The corpus folder; an unfinished one is continued.")],
    preset: Annotated[str, typer.Option(help="A preset's name (test, small) or a .yaml file.")] = "small",
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
        )
    typer.echo(f"{len(corpus)} clips in {out}")


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
) -> None:
    """Render examples of every style onto a page to listen on and look at."""
    from legato.config import CorpusConfig
    from legato.evaluation.preview import preview as write_preview
    from legato.music.grammar import STYLES

    chosen = tuple(name.strip() for name in styles.split(",") if name.strip()) or tuple(STYLES)
    if unknown := [name for name in chosen if name not in STYLES]:
        raise CommandError(f"unknown style {unknown[0]!r}; there are {', '.join(STYLES)}")
    config = CorpusConfig(
        clips=per_style * len(chosen),
        clip_seconds=seconds,
        held_out=0,
        seed=seed,
        styles=chosen,
        soundfont=soundfont,
    )
    with progress_bars() as bars:
        bar = bars("preview", "clip")
        page = write_preview(out, config, lambda done, total: bar(done, total, {}))
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
