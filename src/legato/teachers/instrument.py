"""An instrument on disk: what was distilled from an open model, without that model.

The folder holds `instrument.json` and `adapter.safetensors`; the base is referred to by id, revision and the
fingerprint of its weights, and refused if it is another.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from legato.teachers.playable import TeacherError

if TYPE_CHECKING:
    import torch

    from legato.teachers.playable import Playable

RECORD = "instrument.json"
ADAPTER = "adapter.safetensors"
FORMAT = 1


@dataclass(frozen=True)
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
    format: int = FORMAT


def is_instrument(folder: Path) -> bool:
    """Whether `folder` claims to be an instrument of an open model."""
    return (folder / RECORD).is_file()


def write_record(folder: Path, record: InstrumentRecord) -> None:
    """Write `instrument.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD).write_text(json.dumps(asdict(record), indent=1) + "\n")


def read_record(folder: Path) -> InstrumentRecord:
    """What `instrument.json` says.

    Raises:
        TeacherError: there is none, or it is damaged or of another format.
    """
    path = folder / RECORD
    if not path.is_file():
        raise TeacherError(f"no instrument at {folder}: it has no {RECORD}")
    try:
        found = json.loads(path.read_text())
        if found.get("format") != FORMAT:
            raise TeacherError(
                f"the instrument {folder} has format {found.get('format')!r}; this Legato reads {FORMAT}"
            )
        return InstrumentRecord(**{**found, "guidance": tuple(found["guidance"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, TeacherError):
            raise
        raise TeacherError(f"{path} is damaged: {error}") from error


def load_student(
    folder: Path, device: str = "cpu", dtype: torch.dtype | None = None, base: str | None = None
) -> Playable:
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

    return open_student(read_record(folder), folder / ADAPTER, device, dtype, base)
