"""`legato models show`: what one model is, and which controls it honours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from legato.cli.common import AsJson, print_json


def show(
    source: Annotated[
        str | None, typer.Argument(help="A model's folder or hub id; default: the embedded one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a model is: name, licence, what it stands on, and which controls it honours."""
    from legato.models.opening import find

    told = describe(find(source))
    if as_json:
        print_json(told)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None)
    for name, value in told.items():
        table.add_row(name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
    Console().print(table, soft_wrap=True)


def describe(folder: Path) -> dict[str, Any]:
    """Name, kind, licence, size and honoured controls of the bundle or instrument at a folder.

    Raises:
        BundleError: there is no bundle.
        ValueError: its card is damaged.
        TeacherError: an instrument is damaged, or of a family that there is not.
    """
    from legato.models.manifest import is_instrument

    return _instrument(folder) if is_instrument(folder) else _bundle(folder)


def _bundle(folder: Path) -> dict[str, Any]:
    from legato.config import CHUNK_SIZES
    from legato.control.state import FIELDS
    from legato.models.card import Card
    from legato.models.manifest import bundle_bytes

    card = Card.parse((folder / "README.md").read_text())
    return {
        "name": card.name,
        "kind": "bundle",
        "license": card.license,
        "bytes": bundle_bytes(folder),
        "controls": list(FIELDS),
        "chunk_frames": f"{CHUNK_SIZES[0]}–{CHUNK_SIZES[-1]}",
        "figures": dict(card.figures),
        "folder": str(folder),
    }


def _instrument(folder: Path) -> dict[str, Any]:
    from legato.control.state import FIELDS
    from legato.engine.honours import honoured
    from legato.teachers.instrument import instrument_bytes, read_card, read_record
    from legato.teachers.registry import family_of

    record, card = read_record(folder), read_card(folder)
    fields = family_of(record.family).honours
    follows = honoured(fields, record.guidance)
    fixed = {"lyrics": record.lyrics or "none: instrumental", "seconds": record.seconds or "its own choice"}
    return {
        "name": card.name,
        "kind": "instrument",
        "family": record.family,
        "base": record.base,
        "revision": record.revision or "a folder, or not known",
        "license": card.license,
        "bytes": instrument_bytes(folder),
        "controls": [name for name in FIELDS if name in follows],
        **{name: value for name, value in fixed.items() if name in fields},
        "chunk_frames": str(record.chunk),
        "window_frames": record.window,
        "figures": dict(card.figures),
        "folder": str(folder),
    }
