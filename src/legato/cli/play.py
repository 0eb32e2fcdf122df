"""`legato play`: the instrument in a browser."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from legato.cli.common import CommandError, Model


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
    fake: Annotated[bool, typer.Option("--fake", help="A test signal instead of a model.")] = False,
) -> None:
    """Open the instrument: a page with prompts, knobs and endless music."""
    require_free(host, port)
    from legato.serving.app import serve

    serve(host=host, port=port, model=model, chunk=chunk, open_browser=browser, fake=fake)


def require_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before a model is loaded.

    Raises:
        CommandError: the port is in use or reserved, or the address is not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        advice = f"; choose another with --port, for example --port {port + 1}" if port < 65535 else ""
        raise CommandError(f"cannot listen on {host}:{port}: {error.strerror}{advice}") from error
