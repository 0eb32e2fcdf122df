"""Sound to disk: 24-bit WAV, whole or not at all."""

from __future__ import annotations

import os
import tempfile
import wave
from pathlib import Path

import numpy as np


class RecorderError(OSError):
    """The file cannot be written; one sentence says why."""


def write_wav(path: str | Path, audio_n2: np.ndarray, sample_rate: int) -> None:
    """Write float audio [N, 2] within ±1 as 24-bit PCM; the same samples give the same bytes.

    Raises:
        RecorderError: the folder is missing, the disk is full, or writing is not allowed.
    """
    path = Path(path)
    if path.is_dir():
        raise RecorderError(f"cannot write {path}: it is a folder, name a .wav file")
    if not path.parent.is_dir():
        raise RecorderError(f"cannot write {path}: the folder {path.parent} does not exist")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            with wave.open(file, "wb") as out:
                out.setnchannels(audio_n2.shape[1])
                out.setsampwidth(3)
                out.setframerate(sample_rate)
                out.writeframes(pcm24(audio_n2))
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True) if temporary else None
        raise RecorderError(f"cannot write {path}: {error.strerror or error}") from error


def pcm24(audio_n2: np.ndarray) -> bytes:
    """Interleaved little-endian 24-bit PCM of float audio within ±1."""
    whole = np.rint(np.clip(audio_n2, -1.0, 1.0) * (2**23 - 1)).astype("<i4")
    return np.ascontiguousarray(whole.reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, :3]).tobytes()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
