"""JSON lines that grow while something goes on, with a closing line that is always the last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]


class Journal:
    """A file of JSON lines that is complete after every `write`.

    The closing line is written over by the next lines and written again after them. If that fails (a full
    disk), the file goes back to what it was, and further writes are ignored.

    Args:
        path: replaced if it exists.
        header: the first line.
        closing: the last line.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: str | Path, header: Line, closing: Line) -> None:
        self.failed = False
        self._file = open(path, "wb", buffering=0)
        self._last = to_line(closing)
        try:
            self._put(to_line(header))
            self._end = self._file.tell()  # where the closing line begins
            self._put(self._last)
        except OSError:
            self._file.close()
            raise

    def write(self, lines: Iterable[Line], closing: Line) -> None:
        """Append lines, and end with another closing line; OSError if the disk will not have them."""
        if self.failed:
            return
        fresh, last = b"".join(map(to_line, lines)), to_line(closing)
        try:
            self._file.seek(self._end)
            self._put(fresh + last)
            self._file.truncate()
        except OSError:
            self.failed = True
            self._file.seek(self._end)
            self._put(self._last)  # fits: it was there before
            self._file.truncate()
            raise
        self._end, self._last = self._end + len(fresh), last

    def close(self) -> None:
        """May be called more than once."""
        self._file.close()

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]


def to_line(value: Line) -> bytes:
    """One line of JSON."""
    return json.dumps(value).encode() + b"\n"
