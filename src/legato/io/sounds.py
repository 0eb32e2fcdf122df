"""Sound files that are listened to: read, brought to 48 kHz stereo and to the loudness of the model's music.

N samples; sound is float32 [N, 2] at 48 kHz. Torch-free, and scipy is imported by what needs it: a server
that is never sent a sound starts a second sooner.
"""

from __future__ import annotations

import math
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from legato.config import FRAME_SAMPLES, SAMPLE_RATE

LEVEL = 10 ** (-19 / 20)  # RMS of the corpus where it sounds; half of its clips are within 1 dB
MOST_GAIN, LEAST_GAIN = 10 ** (30 / 20), 10 ** (-20 / 20)
SILENT = 1e-4  # RMS, -80 dB
SHORTEST_S, LONGEST_S = 0.5, 600.0
RATES = range(8_000, 384_001)
ENDINGS = ("wav", "flac", "ogg", "opus", "mp3", "aif", "aiff")


class SoundError(ValueError):
    """A sound file cannot be listened to; one sentence says why."""


def is_sound_file(name: str) -> bool:
    """Whether a name is that of a sound file, there or not, rather than a device's."""
    return Path(name).suffix.lower().removeprefix(".") in ENDINGS or Path(name).is_file()


def read_sound(path: str | Path) -> np.ndarray:
    """A sound file at 48 kHz in stereo, as loud as the model's music; the same file, the same samples.

    WAV is read as it is; FLAC, Ogg, MP3 and AIFF need the package soundfile.

    Raises:
        SoundError: it cannot be read, is too short, too long or silent, or holds what is no number.
    """
    path = Path(path)
    if not path.is_file():
        raise SoundError(f"there is no sound file {path}")
    wav = path.suffix.lower() in (".wav", ".wave")
    rate, audio = _read_wav(path, str(path)) if wav else _read_other(path)
    return levelled(audio, rate, str(path))


def parse_wav(data: bytes, name: str) -> np.ndarray:
    """As `read_sound`, of the bytes of a WAV file; `name` is what a SoundError calls it."""
    rate, audio = _read_wav(BytesIO(data), name)
    return levelled(audio, rate, name)


def levelled(audio: np.ndarray, rate: int, name: str) -> np.ndarray:
    """Samples at 48 kHz in stereo, as loud as the model's music.

    Args:
        audio: within ±1, [N] or [N, channels].
        rate: of them, samples a second.
        name: what a SoundError calls them.

    Raises:
        SoundError: as of `read_sound`.
    """
    audio = audio if audio.ndim == 2 else audio[:, None]
    if not np.isfinite(audio).all():
        raise SoundError(f"{name} holds samples that are no numbers; write it anew")
    if rate not in RATES:
        raise SoundError(f"{name} has {rate} samples a second; from {RATES[0]} to {RATES[-1]} can be read")
    if not SHORTEST_S <= len(audio) / rate <= LONGEST_S:
        raise SoundError(
            f"{name} lasts {len(audio) / rate:.2f} s; it must be from {SHORTEST_S:g} to {LONGEST_S:g} s"
        )
    if rate != SAMPLE_RATE:
        from scipy.signal import resample_poly

        shared = math.gcd(rate, SAMPLE_RATE)
        audio = resample_poly(audio, SAMPLE_RATE // shared, rate // shared, axis=0)
    audio_n2 = stereo(audio)
    loudness = sounding_rms(audio_n2)
    if loudness < SILENT:
        raise SoundError(f"{name} is silent; there is nothing to listen to")
    return np.clip(audio_n2 * np.float32(gain_for(loudness)), -1.0, 1.0)


def stereo(audio: np.ndarray) -> np.ndarray:
    """Float32 [N, 2] of [N, channels]: one channel goes to both sides, of many the first two are taken."""
    return np.ascontiguousarray(np.broadcast_to(audio[:, :2], (len(audio), 2)), np.float32)


def sounding_rms(audio_n2: np.ndarray) -> float:
    """RMS of the 40 ms frames within 17 dB of the loudest; 0 in silence."""
    frames = audio_n2[: len(audio_n2) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, 2 * FRAME_SAMPLES)
    power = np.square(frames, dtype=np.float64).mean(1)
    loud = power[power > 0.02 * power.max(initial=0.0)]
    return float(np.sqrt(loud.mean())) if len(loud) else 0.0


def gain_for(rms: float) -> float:
    """What brings a sound of this RMS to `LEVEL`, within -20 to 30 dB."""
    return min(MOST_GAIN, max(LEAST_GAIN, LEVEL / rms))


class Clip:
    """Sound of a known length, on the time of a session: it begins with it. Implements `engine.ear.Sound`.

    Args:
        audio_n2: as `read_sound` gives it.
        name: shown.
        loop: whether it begins again at its end; else nothing comes in after it.
    """

    warning = None

    def __init__(self, audio_n2: np.ndarray, name: str = "clip", loop: bool = False) -> None:
        self._audio_n2 = audio_n2
        self._name = name
        self._loop = loop

    def read(self, sample: int, samples: int, beat: float | None = None) -> np.ndarray | None:
        """These samples of it; silence after its end, and None where there is nothing else."""
        length = len(self._audio_n2)
        if self._loop:
            return self._audio_n2[np.arange(sample, sample + samples) % length]
        if sample >= length:
            return None
        found_n2 = self._audio_n2[sample : sample + samples]
        return np.pad(found_n2, ((0, samples - len(found_n2)), (0, 0)))

    def status(self) -> dict[str, Any]:
        """JSON-ready: its name, and that it is there."""
        return {"name": self._name, "open": True}


def _read_wav(file: Path | BytesIO, name: str) -> tuple[int, np.ndarray]:
    """Rate and samples, float32 within ±1."""
    from scipy.io import wavfile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of chunks that are not sound
            rate, audio = wavfile.read(file)
    except OSError as error:
        raise SoundError(f"{name} cannot be read: {error.strerror}") from error
    except Exception as error:  # of a damaged file, scipy raises what its parser happens to meet
        raise SoundError(f"{name} is no WAV file that can be read") from error
    if audio.dtype == np.uint8:
        return rate, (audio.astype(np.float32) - 128.0) / 128.0
    scale = 2.0 ** (8 * audio.dtype.itemsize - 1) if np.issubdtype(audio.dtype, np.integer) else 1.0
    return rate, audio.astype(np.float32) / np.float32(scale)


def _read_other(path: Path) -> tuple[int, np.ndarray]:
    try:
        import soundfile
    except (ImportError, OSError) as error:  # OSError: the package is there and its library is not
        raise SoundError(
            f"{path} needs the package soundfile (pip install 'legato[flac]'); or listen to a WAV file"
        ) from error
    try:
        audio, rate = soundfile.read(path, dtype="float32")
    except (RuntimeError, OSError) as error:
        raise SoundError(f"{path} is no sound file that can be read") from error
    return int(rate), audio
