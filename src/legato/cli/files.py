"""Output files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from legato.cli.common import CommandError


def check_output(path: Path, suffix: str) -> None:
    """Refuse an output path before any work is done for it.

    Raises:
        CommandError: wrong ending, no such folder, or something other than a file in the way.
    """
    if path.suffix.lower() != suffix:
        raise CommandError(f"the output {str(path)!r} must end in {suffix}")
    if not path.parent.is_dir():
        raise CommandError(f"cannot write {str(path)!r}: there is no folder {str(path.parent)!r}")
    if path.exists() and not path.is_file():
        raise CommandError(f"cannot write {str(path)!r}: it exists and is no file")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"cannot write {str(path)!r}: the folder {str(path.parent)!r} is read-only")


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then rename it; nothing is left on failure.

    Raises:
        CommandError: the disk is full or the folder cannot be written.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=path.parent)
        temporary = Path(name)
        os.close(handle)
        write(temporary)
        temporary.chmod(0o644)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())  # a full disk may show only here
        os.replace(temporary, path)
    except OSError as error:
        raise CommandError(f"cannot write {str(path)!r}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
