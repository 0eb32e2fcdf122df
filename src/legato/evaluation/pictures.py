"""Pictures of sound for pages and reports: mel spectrograms as PNG files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from legato.config import SAMPLE_RATE
from legato.evaluation.spectra import log_mel

# Equal steps of a ramp whose lightness grows evenly (after matplotlib's "magma"), quiet to loud.
_RAMP = ("000004", "1d1147", "51127c", "822681", "b63679", "e65164", "fb8861", "fec287", "fcfdbf")
_RANGE_DB = 66.0  # shown below the loudest point
_BANDS = 160
_N_FFT = 4096


class PictureError(RuntimeError):
    """A picture cannot be made; one sentence says why."""


def spectrogram_png(
    audio: np.ndarray, path: str | Path, *, width: int = 960, height: int = 2 * _BANDS
) -> None:
    """Write a mel spectrogram (40 Hz to 18 kHz, time to the right, low notes below) as a PNG file.

    Args:
        audio: 48 kHz sound [N] or [N, channels], float within ±1 or int16; channels are averaged.
        path: the file; its folder must exist.
        width: pixels, all of the sound spread over them.
        height: pixels.

    Raises:
        PictureError: Pillow is not installed, or the sound is empty.
        OSError: the file cannot be written.
    """
    try:
        from PIL import Image
    except ModuleNotFoundError as error:
        raise PictureError("pictures need Pillow; install it with: pip install 'legato[pages]'") from error
    if len(audio) == 0:
        raise PictureError("there is no sound to draw a picture of")
    image = Image.fromarray(_levels(audio, width))
    image.putpalette(_palette())
    image.resize((width, height), Image.Resampling.NEAREST).save(path, format="PNG", optimize=True)


def _levels(audio: np.ndarray, width: int) -> np.ndarray:
    """Loudness of each mel band over time, 0 to 255, uint8 [bands, frames], the highest band first."""
    hop = max(240, -(-len(audio) // width))
    mel = log_mel(audio, rate=SAMPLE_RATE, bands=_BANDS, n_fft=_N_FFT, hop=hop, high=18_000.0)
    shown = np.clip((mel - mel.max()) / _RANGE_DB + 1.0, 0.0, 1.0)
    shown[mel <= -79.5] = 0.0  # silence stays dark
    return np.ascontiguousarray((shown * 255.0).round().astype(np.uint8).T[::-1])


def _palette() -> bytes:
    """256 colours, red green blue."""
    points = np.array([list(bytes.fromhex(colour)) for colour in _RAMP], float)
    place = np.linspace(0, len(points) - 1, 256)
    channels = [np.interp(place, np.arange(len(points)), points[:, c]) for c in range(3)]
    return np.stack(channels, 1).round().astype(np.uint8).tobytes()
