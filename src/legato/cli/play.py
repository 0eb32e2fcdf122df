"""`legato play`: the instrument in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from legato.cli.common import Fake, Model


def play(
    host: Annotated[
        str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine alone.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")] = 8321,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    chunk: Annotated[int, typer.Option(help="Frames a chunk (40 ms each), 2–8.")] = 4,
    model: Model = None,
    takes: Annotated[Path, typer.Option(help="The folder that recordings go to.")] = Path("takes"),
    record: Annotated[bool, typer.Option("--record", help="Record all that is played.")] = False,
    flac: Annotated[bool, typer.Option("--flac", help="Record FLAC instead of WAV.")] = False,
    fake: Fake = False,
) -> None:
    """Open the instrument: a page with prompts, knobs and endless music."""
    from legato.engine.takes import Takes
    from legato.serving.app import serve

    serve(
        host=host,
        port=port,
        model=model,
        chunk=chunk,
        open_browser=browser,
        fake=fake,
        takes=Takes(takes, "flac" if flac else "wav"),
        record=record,
        announce=typer.echo,
    )
