"""24-bit FLAC that grows, by the package soundfile, which is optional.

The encoder writes one whole FLAC frame (some thousand samples) at a time. Its writes pass through here, so
that a full disk, or a crash, leaves a file that ends with a whole frame and whose header knows its length.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import soundfile

from legato.io.recorder import whole24

_FRAME_MARK = 0xFF  # first byte of a FLAC frame
_BLOCK_SIZE = 8  # where the header holds samples per frame, two bytes
_LENGTH = 18  # where it holds eight bytes, the lower 36 bits of which are the length in samples


class FlacFile:
    """24-bit stereo FLAC that grows; OSError if the file cannot be opened."""

    def __init__(self, path: str | Path, sample_rate: int) -> None:
        self._given = 0
        self._disk = _Disk(path)
        try:
            self._encoder = soundfile.SoundFile(
                self._disk,  # type: ignore[arg-type]  # a file as far as soundfile needs one
                "w",
                samplerate=sample_rate,
                channels=2,
                format="FLAC",
                subtype="PCM_24",
            )
        except RuntimeError as error:
            self._disk.close()
            raise self._why(error) from error

    @property
    def frames(self) -> int:
        """Samples given so far, some of which the encoder still holds; after a failure, those in the file."""
        return self._disk.samples if self._disk.error else self._given

    def write(self, audio_n2: np.ndarray) -> None:
        """Append float audio [N, 2]; OSError if the disk will not have it."""
        try:
            self._encoder.write(whole24(audio_n2) << 8)  # the upper 24 of 32 bits are taken
        except (RuntimeError, AssertionError) as error:  # the latter where fewer were taken than given
            raise self._why(error) from error
        self._given += len(audio_n2)

    def sync(self) -> None:
        """Bring the header up to date."""
        self._disk.sync()

    def close(self) -> None:
        """Finish the file. May be called more than once."""
        failed = self._disk.error
        try:
            self._encoder.close()
        except RuntimeError as error:
            if not failed:
                raise self._why(error) from error
        finally:
            self._disk.close()
        if self._disk.error and not failed:
            raise self._disk.error

    def _why(self, error: Exception) -> OSError:
        return self._disk.error or OSError(str(error) or "the encoder failed")


class _Disk:
    """The file that the encoder writes to. After the first error it takes no more, and says so to nobody."""

    def __init__(self, path: str | Path) -> None:
        self.error: OSError | None = None
        self._file = open(path, "w+b", buffering=0)
        self._end = 0  # of the last whole frame
        self.samples = 0  # in whole frames

    def write(self, data: bytes) -> int:
        """Take one frame, or a part of the header; 0 if the disk will not have it."""
        if self.error:
            return 0
        appended = self._file.tell() == self._end
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            self.error = error
            return 0
        if appended:
            self._end = self._file.tell()
            if data[0] == _FRAME_MARK:
                self.samples += self._number(_BLOCK_SIZE, 2)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of any file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As of any file."""
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """As of any file."""
        return self._file.read(size)

    def sync(self) -> None:
        """Write the length into the header."""
        here = self._file.tell()
        other_bits = self._number(_LENGTH, 8) >> 36 << 36
        self._file.seek(_LENGTH)
        self._file.write((other_bits | self.samples).to_bytes(8, "big"))
        self._file.seek(here)

    def close(self) -> None:
        """Close, after an error without half a frame."""
        if self._file.closed:
            return
        with self._file:
            if self.error and self.samples:
                self._file.truncate(self._end)
                self.sync()

    def _number(self, offset: int, size: int) -> int:
        here = self._file.tell()
        self._file.seek(offset)
        value = int.from_bytes(self._file.read(size), "big")
        self._file.seek(here)
        return value
