"""Sound to disk: 24-bit WAV or FLAC, written whole or not at all, or grown while it is heard.

N samples; audio is float32 [N, 2] within ±1. WAV and FLAC hold the same 24-bit numbers.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np

KINDS = ("wav", "flac")
FRAME_BYTES = 6  # two channels of three bytes
_HEADER_BYTES = 80
_LARGEST = 2**32 - 1  # what a size in a plain WAV header can say
_NO_FLAC = "FLAC needs the package soundfile (pip install 'legato[flac]'); or record WAV"


class RecorderError(OSError):
    """Sound cannot be written or recorded; one sentence says why."""


class SoundFile(Protocol):
    """A sound file that grows."""

    def __init__(self, path: str | Path, sample_rate: int) -> None: ...

    @property
    def frames(self) -> int:
        """In the file by now; exact after a failed `write` too."""
        ...

    def write(self, audio_n2: np.ndarray) -> None:
        """Append; OSError if the disk will not have it."""
        ...

    def sync(self) -> None:
        """Make what was written so far playable, should the program end here."""
        ...

    def close(self) -> None:
        """Finish the file. May be called more than once."""
        ...


class WavFile:
    """24-bit stereo WAV that grows; beyond 4 GiB (four hours) its header becomes that of RF64.

    Nothing is held back in the program, so that a full disk leaves a file that is good up to there.
    """

    def __init__(self, path: str | Path, sample_rate: int) -> None:
        self._rate = sample_rate
        self._bytes = 0
        self._file = open(path, "wb", buffering=0)
        try:
            self.sync()
        except OSError:
            self._file.close()
            raise

    @property
    def frames(self) -> int:
        """Whole frames in the file."""
        return self._bytes // FRAME_BYTES

    def write(self, audio_n2: np.ndarray) -> None:
        """Append; OSError if the disk will not have it."""
        left = memoryview(pcm24(audio_n2))
        while left:
            count = self._file.write(left)
            self._bytes += count
            left = left[count:]

    def sync(self) -> None:
        """Bring the header up to date."""
        self._file.seek(0)
        self._file.write(wav_header(self._rate, self.frames))
        self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        """Finish the file. May be called more than once."""
        if self._file.closed:
            return
        with self._file:
            self._file.truncate(_HEADER_BYTES + self.frames * FRAME_BYTES)  # without half a frame
            self.sync()


def open_sound(path: str | Path, sample_rate: int, kind: str = "wav") -> SoundFile:
    """A new sound file of a kind in `KINDS`, replacing what is there; OSError if it cannot be opened."""
    return _flac_file()(path, sample_rate) if kind == "flac" else WavFile(path, sample_rate)


def check_kind(kind: str) -> str:
    """`kind`, if this installation can write it.

    Raises:
        RecorderError: it is not in `KINDS`, or needs a package that is not installed.
    """
    if kind not in KINDS:
        raise RecorderError(f"sound files of kind {kind!r:.40} are not written; choose {' or '.join(KINDS)}")
    if kind == "flac":
        _flac_file()
    return kind


def write_wav(path: str | Path, audio_n2: np.ndarray, sample_rate: int) -> None:
    """Write float audio [N, 2] within ±1 as 24-bit PCM; the same samples give the same bytes.

    Raises:
        RecorderError: the folder is missing, the disk is full, or writing is not allowed.
    """
    write_sound(path, [audio_n2], sample_rate)


def write_sound(path: str | Path, blocks: Iterable[np.ndarray], sample_rate: int, kind: str = "wav") -> None:
    """Write consecutive blocks as one file of a kind in `KINDS`, which appears whole or not at all.

    Raises:
        RecorderError: the folder is missing, the disk is full, or writing is not allowed.
    """
    path = Path(path)
    if path.is_dir():
        raise RecorderError(f"cannot write {path}: it is a folder, name a .{kind} file")
    if not path.parent.is_dir():
        raise RecorderError(f"cannot write {path}: the folder {path.parent} does not exist")
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        with closing(open_sound(temporary, sample_rate, kind)) as sound:
            for block in blocks:
                sound.write(block)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True) if temporary else None
        if isinstance(error, OSError) and not isinstance(error, RecorderError):
            raise RecorderError(f"cannot write {path}: {error.strerror or error}") from error
        raise


def wav_header(sample_rate: int, frames: int) -> bytes:
    """The 80 bytes before the samples: WAV, or RF64 (EBU Tech 3306) for sizes beyond 32 bits."""
    data = frames * FRAME_BYTES
    riff = data + _HEADER_BYTES - 8
    if riff <= _LARGEST:
        # A chunk to be ignored keeps the room that RF64 would need.
        head = struct.pack("<4sI4s4sI28x", b"RIFF", riff, b"WAVE", b"JUNK", 28)
    else:
        sizes = (riff, data, frames, 0)
        head = struct.pack("<4sI4s4sIQQQI", b"RF64", _LARGEST, b"WAVE", b"ds64", 28, *sizes)
    form = (16, 1, 2, sample_rate, sample_rate * FRAME_BYTES, FRAME_BYTES, 24)
    return head + struct.pack("<4sIHHIIHH4sI", b"fmt ", *form, b"data", min(data, _LARGEST))


def pcm24(audio_n2: np.ndarray) -> bytes:
    """Interleaved little-endian 24-bit PCM of float audio within ±1."""
    whole = whole24(audio_n2)
    return np.ascontiguousarray(whole.reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, :3]).tobytes()


def whole24(audio_n2: np.ndarray) -> np.ndarray:
    """24-bit whole numbers in int32 of float audio within ±1."""
    return np.rint(np.clip(audio_n2, -1.0, 1.0) * (2**23 - 1)).astype("<i4")


def _flac_file() -> type[SoundFile]:
    try:
        from legato.io.flac import FlacFile
    except (ImportError, OSError) as error:  # OSError: the package is there and its library is not
        raise RecorderError(_NO_FLAC) from error
    return FlacFile


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
