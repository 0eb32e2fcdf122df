"""Where takes go: one folder, names chosen here, a sound file and its session log under each.

Nothing that a client sends becomes a path: a take's name is a label of harmless characters, put between a
date and an ending.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from legato.io.recorder import RecorderError, SoundFile, check_kind, open_sound
from legato.io.recording import QUEUE_S, Recording

logger = logging.getLogger(__name__)

KEEP_S = 60.0
LONGEST_NAME = 40
CLOSING_S = 5.0  # how long the end of an engine waits for a disk

Opener = Callable[[Path, int, str], SoundFile]


@dataclass(frozen=True)
class Take:
    """What was written.

    Attributes:
        name: its label.
        sound: the sound file.
        log: the session log beside it; `SessionLog.load` and `legato replay` read it.
        seconds: length of the sound.
        lost_s: of it, silence for what a slow disk could not take.
        warning: what went wrong, one sentence; None if nothing did.
    """

    name: str
    sound: Path
    log: Path
    seconds: float
    lost_s: float = 0.0
    warning: str | None = None


class Takes:
    """The takes of an engine's players.

    Args:
        folder: made when the first take is.
        kind: "wav" or "flac".
        keep_s: seconds of sound each player remembers, for `Player.keep`; 0.4 MB a second.
        queue_s: seconds of sound that may wait for a slow disk.
        opener: opens a sound file for (path, sample rate, kind).

    Raises:
        RecorderError: `folder` is something else than a folder, or this installation cannot write `kind`.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        kind: str = "wav",
        keep_s: float = KEEP_S,
        queue_s: float = QUEUE_S,
        opener: Opener = open_sound,
    ) -> None:
        self.folder = Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise RecorderError(f"takes cannot go to {self.folder}: it is a file, name a folder")
        self.kind = check_kind(kind)
        self.keep_s = keep_s
        self.queue_s = queue_s
        self.opener = opener
        self._lock = threading.Lock()
        self._running: list[Recording] = []

    def reserve(self, name: str) -> tuple[Path, Path]:
        """Paths of a new take's sound (not there yet) and log (there, and empty).

        Args:
            name: as `check_name` allows.

        Raises:
            RecorderError: the folder cannot be made or written to.
        """
        stem = f"{time.strftime('%Y-%m-%d_%H-%M-%S')}_{check_name(name).replace(' ', '-')}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for number in range(1, 1000):
                log = self.folder / f"{stem}{f'_{number}' if number > 1 else ''}.jsonl"
                sound = log.with_suffix(f".{self.kind}")
                with suppress(FileExistsError):
                    if not sound.exists():
                        log.open("x").close()
                        return sound, log
        except OSError as error:
            raise RecorderError(f"cannot write a take to {self.folder}: {error.strerror}") from error
        raise RecorderError(f"cannot write a take to {self.folder}: it is full of files named {stem}")

    def watch(self, recording: Recording) -> None:
        """Have `close` wait for a recording."""
        with self._lock:
            self._running = [*(one for one in self._running if not one.ended), recording]

    def close(self) -> None:
        """Wait a few seconds for recordings that were told to end."""
        until = time.monotonic() + CLOSING_S
        with self._lock:
            for recording in self._running:
                if not recording.wait(max(0.0, until - time.monotonic())):
                    logger.warning("a recording is left to a disk that does not answer")


def check_name(name: str) -> str:
    """The label of a take or a mark, unchanged.

    Raises:
        RecorderError: it is not 1 to 40 letters, digits, spaces, hyphens or underscores, or begins or ends in
            a space.
    """
    harmless = all(letter.isalnum() or letter in " -_" for letter in name)
    if not harmless or not 1 <= len(name) <= LONGEST_NAME or name != name.strip():
        raise RecorderError(
            f"a name is 1 to {LONGEST_NAME} letters, digits, spaces, hyphens or underscores, not {name!r:.60}"
        )
    return name
