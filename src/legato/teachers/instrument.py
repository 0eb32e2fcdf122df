"""An instrument on disk: what was distilled from an open model, without that model.

    instrument.json      which base it is for, how it streams, size and hash of the adapter
    adapter.safetensors  low-rank pairs and the tensors trained in full, as `models.adapters` describes them
    README.md            its card, with the head that model hubs read

The base is referred to by id, revision and the fingerprint of its weights, and refused if it is another: it
keeps its own licence and its own place. Nothing in the folder is executable.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic.dataclasses import dataclass as strict

from legato.config import STRICT, ConfigError, parse_config, to_dict
from legato.models import hub
from legato.models.card import Card
from legato.models.manifest import INSTRUMENT as RECORD
from legato.models.manifest import is_instrument, sha256
from legato.teachers.playable import TeacherError

if TYPE_CHECKING:
    import torch

    from legato.teachers.student import Student

__all__ = [
    "InstrumentRecord",
    "SavedInstrument",
    "is_instrument",
    "load_student",
    "read_record",
    "write_record",
]

ADAPTER = "adapter.safetensors"
CARD = "README.md"
FORMAT = 1

DESCRIPTION = (
    "Plays {base} as a live instrument: one generator step per chunk of music, steered as it sounds."
)
NOTES = """\
## What this is

Low-rank adapters for `{base}`, made by `legato distill` from that model and prompts alone. The base model is
not included and keeps its own licence: read it there before you use or share what you play.

    legato play --model {name}"""


@strict(frozen=True, config=STRICT)
class InstrumentRecord:
    """What `instrument.json` says.

    Attributes:
        family: of the base; see `legato.teachers.registry`.
        base: hub id or folder of the base.
        revision: commit of the hub's repository; empty for a folder.
        fingerprint: of the base's denoising network.
        rank, alpha: of the adapters.
        chunk: frames of a chunk in training.
        window: frames of context.
        guidance: range of the guidance weight in training.
        steps: updates it was trained for.
        lookahead: frames its decoder waits for; None: all that matter to it.
        lyrics: what is sung, where the base sings; empty: instrumental.
        seconds: length of the piece that the base is to believe in, where it takes one.
    """

    family: str
    base: str
    revision: str
    fingerprint: str
    rank: int
    alpha: float
    chunk: int
    window: int
    guidance: tuple[float, float]
    steps: int = 0
    lookahead: int | None = None
    lyrics: str = ""
    seconds: float | None = None


def write_record(folder: Path, record: InstrumentRecord, card: Card | None = None) -> None:
    """Make `folder`, where the adapter lies already, an instrument: `instrument.json` and the card.

    Args:
        folder: holds `adapter.safetensors`.
        record: what to write down.
        card: None: a plain one, named like the folder.

    Raises:
        TeacherError: there is no adapter, or the folder cannot be written to.
    """
    adapter = folder / ADAPTER
    if not adapter.is_file():
        raise TeacherError(f"{folder} cannot become an instrument: it has no {ADAPTER}")
    files = {ADAPTER: {"bytes": adapter.stat().st_size, "sha256": sha256(adapter)}}
    tree = {"format": FORMAT, **to_dict(record), "files": files}
    told = card or _plain_card(folder.resolve().name, record)
    try:
        base = record.base if record.revision else ""  # a folder's name says nothing to a hub
        (folder / CARD).write_text(replace(told, base=base).text())
        fresh = folder / f".{RECORD}.new"  # the record last and at once: with it the folder is an instrument
        fresh.write_text(json.dumps(tree, indent=1) + "\n")
        os.replace(fresh, folder / RECORD)
    except OSError as error:
        raise TeacherError(f"cannot write the instrument {folder}: {error.strerror or error}") from error


def read_record(folder: Path) -> InstrumentRecord:
    """What `instrument.json` says.

    Raises:
        TeacherError: there is none, or it is damaged or of another format.
    """
    tree = _tree(folder)
    try:
        return parse_config(InstrumentRecord, {k: v for k, v in tree.items() if k not in ("format", "files")})
    except ConfigError as error:
        raise TeacherError(f"{folder / RECORD} is damaged: {error}") from error


def read_card(folder: Path) -> Card:
    """The card; TeacherError if it is missing or damaged."""
    try:
        return Card.parse((folder / CARD).read_text())
    except (OSError, ValueError) as error:
        raise TeacherError(f"the instrument {folder} has no readable {CARD}: {error}") from error


def verify(folder: Path) -> None:
    """Refuse a folder that does not hold the adapter that was written.

    Raises:
        TeacherError: it is missing, truncated or altered.
    """
    entry, path = _tree(folder)["files"][ADAPTER], folder / ADAPTER
    if not path.is_file():
        raise TeacherError(f"the instrument {folder} lacks {ADAPTER}; fetch it or distil it again")
    if path.stat().st_size != entry["bytes"]:
        raise TeacherError(f"{path} is truncated or mixed up; fetch it or distil it again")
    if sha256(path) != entry["sha256"]:
        raise TeacherError(f"{path} was altered (its hash differs); fetch it or distil it again")


def instrument_bytes(folder: Path) -> int:
    """Size of the adapter."""
    return int(_tree(folder)["files"][ADAPTER]["bytes"])


@dataclass(frozen=True)
class SavedInstrument:
    """An instrument's folder, to copy and to share."""

    folder: Path

    def save(self, target: str | os.PathLike[str]) -> Path:
        """Copy the instrument, and nothing else that lies in its folder, to a new folder.

        Raises:
            TeacherError: it is damaged, or `target` is taken or cannot be written.
        """
        verify(self.folder)
        fresh = Path(target)
        if fresh.exists():
            raise TeacherError(f"{fresh} exists already; choose another folder or delete it first")
        try:
            fresh.mkdir(parents=True)
            for name in (ADAPTER, CARD, RECORD):
                shutil.copyfile(self.folder / name, fresh / name)
        except OSError as error:
            raise TeacherError(f"cannot write the instrument {fresh}: {error.strerror or error}") from error
        return fresh

    def push_to_hub(
        self, repo_id: str, *, private: bool = False, message: str = "Upload a Legato instrument"
    ) -> str:
        """Upload the instrument to a model hub as `org/name`; returns the commit's address.

        Raises:
            TeacherError: it is damaged, or its base is a folder of this machine.
            BundleError: the hub refuses, or its package is not installed.
        """
        verify(self.folder)
        if not read_record(self.folder).revision:
            raise TeacherError(
                f"the base of {self.folder} is a folder of this machine, which others do not have; write its "
                f"hub id and commit into {RECORD} first"
            )
        return hub.upload(self.folder, repo_id, private=private, message=message)


def load_student(
    folder: Path, device: str = "cpu", dtype: torch.dtype | None = None, base: str | None = None
) -> Student:
    """The instrument in `folder` with its base, adapters merged, ready to play.

    Args:
        folder: holds `instrument.json` and `adapter.safetensors`.
        device: where it plays.
        dtype: of the weights; default bfloat16 on a GPU and float32 elsewhere.
        base: another place of the same base (a folder instead of the hub id).

    Raises:
        TeacherError: the base cannot be had or is another than the adapter was trained on; the adapter is
            damaged; an optional package is missing.
    """
    from legato.teachers.student import open_student

    record = read_record(folder)
    verify(folder)
    return open_student(record, folder / ADAPTER, device, dtype, base)


def _plain_card(name: str, record: InstrumentRecord) -> Card:
    return Card(
        name,
        license="other",  # that of the base, which the card names
        description=DESCRIPTION.format(base=record.base),
        notes=NOTES.format(base=record.base, name=name),
    )


def _tree(folder: Path) -> dict[str, Any]:
    path = folder / RECORD
    if not path.is_file():
        raise TeacherError(f"no instrument at {folder}: it has no {RECORD}")
    try:
        tree = dict(json.loads(path.read_text()))
        version, entry = tree["format"], tree["files"][ADAPTER]
        whole = {"bytes", "sha256"} <= set(entry)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TeacherError(f"{path} is damaged; fetch it or distil it again") from error
    if version != FORMAT:
        raise TeacherError(
            f"the instrument {folder} has format {version!r:.20}; this Legato reads format {FORMAT}: distil "
            "it again, or play it with the Legato that made it"
        )
    if not whole:
        raise TeacherError(f"{path} is damaged; fetch it or distil it again")
    return tree
