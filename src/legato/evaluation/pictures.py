"""Pictures for pages and reports, as PNG files: mel spectrograms and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np

from legato.config import SAMPLE_RATE
from legato.evaluation.spectra import log_mel

# Equal steps of a ramp whose lightness grows evenly (after matplotlib's "magma"), quiet to loud.
_RAMP = ("000004", "1d1147", "51127c", "822681", "b63679", "e65164", "fb8861", "fec287", "fcfdbf")
_RANGE_DB = 66.0  # shown below the loudest point
_BANDS = 160
_N_FFT = 4096
_LINE = 14  # pixels of a line of text
_INKS = ("#b63679", "#2a6fb0", "#3a8a3a", "#c77d14", "#555555")


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
    image_of = _pillow("Image")
    if len(audio) == 0:
        raise PictureError("there is no sound to draw a picture of")
    image = image_of.fromarray(_levels(audio, width))
    image.putpalette(_palette())
    resampling = image_of.Resampling.NEAREST
    image.resize((width, height), resampling).save(path, format="PNG", optimize=True)


def spectrograms_png(
    sounds: Mapping[str, np.ndarray],
    path: str | Path,
    *,
    width: int = 640,
    height: int = 110,
    shades: int = 24,
) -> None:
    """Write spectrograms of equally long sounds below one another, each under its name.

    All are drawn on the scale of the loudest. Few shades keep the file small.

    Args:
        sounds: as of `spectrogram_png`, by name.
        path: the file.
        width: pixels.
        height: of each spectrogram, pixels.
        shades: of loudness.

    Raises:
        PictureError: Pillow is not installed, or there is no sound.
    """
    image_of, draw_on = _pillow("Image"), _pillow("ImageDraw")
    if not sounds or any(len(audio) == 0 for audio in sounds.values()):
        raise PictureError("there is no sound to draw a picture of")
    loudest = max(float(_mel(audio, width).max()) for audio in sounds.values())
    sheet = image_of.new("P", (width, len(sounds) * (height + _LINE)))
    sheet.putpalette(_palette())
    draw = draw_on.Draw(sheet)
    for row, (name, audio) in enumerate(sounds.items()):
        top = row * (height + _LINE)
        levels = _levels(audio, width, loudest)
        coarse = (levels // (256 / shades) * (256 / shades)).astype(np.uint8)
        strip = image_of.fromarray(coarse).resize((width, height), image_of.Resampling.BOX)
        sheet.paste(strip, (0, top + _LINE))
        draw.text((2, top + 1), name, fill=255)
    sheet.save(path, format="PNG", optimize=True)


def curves_png(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    path: str | Path,
    *,
    across: str,
    up: str,
    width: int = 640,
    height: int = 260,
) -> None:
    """Write curves over a common axis, with a grid of round numbers.

    Args:
        curves: the points of each, x and y, by name.
        path: the file.
        across: what x is.
        up: what y is.
        width: pixels.
        height: pixels.

    Raises:
        PictureError: Pillow is not installed, or there is nothing to draw.
    """
    image_of, draw_on = _pillow("Image"), _pillow("ImageDraw")
    if not any(len(xs) for xs, _ in curves.values()):
        raise PictureError("there are no points to draw a picture of")
    left, right, top, bottom = 44, width - 12, 2 * _LINE, height - 2 * _LINE
    sheet = image_of.new("RGB", (width, height), "white")
    draw = draw_on.Draw(sheet)
    spans, marks = [], []
    for axis in (0, 1):
        values = np.concatenate([np.asarray(points[axis], float) for points in curves.values()])
        found = _round_numbers(float(values.min()), float(values.max()))
        marks.append(found)
        spans.append((found[0], found[-1]))

    def place(x: float, y: float) -> tuple[float, float]:
        (x0, x1), (y0, y1) = spans
        return left + (x - x0) / (x1 - x0) * (right - left), bottom - (y - y0) / (y1 - y0) * (bottom - top)

    for x in marks[0]:
        column = place(x, spans[1][0])[0]
        draw.line((column, top, column, bottom), fill="#dddddd")
        draw.text((column, bottom + 2), f"{x:g}", fill="black", anchor="ma")
    for y in marks[1]:
        row = place(spans[0][0], y)[1]
        draw.line((left, row, right, row), fill="#dddddd")
        draw.text((left - 4, row), f"{y:g}", fill="black", anchor="rm")
    draw.text((right, height - _LINE), across, fill="black", anchor="ra")
    draw.text((2, 1), up, fill="black")
    end = width - 12
    for ink, (name, points) in reversed(list(zip(_INKS, curves.items(), strict=False))):
        draw.text((end, 1), name, fill=ink, anchor="ra")
        end -= int(draw.textlength(name)) + _LINE
        for one, other in pairwise(place(x, y) for x, y in zip(*points, strict=True)):
            draw.line((*one, *other), fill=ink, width=2)
    sheet.quantize(32).save(path, format="PNG", optimize=True)


def _pillow(module: str) -> ModuleType:
    try:
        return import_module(f"PIL.{module}")
    except ModuleNotFoundError as error:
        raise PictureError("pictures need Pillow; install it with: pip install 'legato[pages]'") from error


def _round_numbers(low: float, high: float) -> list[float]:
    """Four to nine evenly spaced round numbers around the span."""
    raw = max(high - low, 1e-9) / 5
    unit = 10.0 ** np.floor(np.log10(raw))
    step = next(unit * size for size in (1, 2, 5, 10) if unit * size >= raw)
    first, last = np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9)
    return [float(step * n) for n in range(int(first), int(max(last, first + 1)) + 1)]


def _mel(audio: np.ndarray, width: int) -> np.ndarray:
    """Levels in dB, [frames, bands]."""
    hop = max(240, -(-len(audio) // width))
    return log_mel(audio, rate=SAMPLE_RATE, bands=_BANDS, n_fft=_N_FFT, hop=hop, high=18_000.0)


def _levels(audio: np.ndarray, width: int, loudest: float | None = None) -> np.ndarray:
    """Loudness of each mel band over time, 0 to 255, uint8 [bands, frames], the highest band first."""
    mel = _mel(audio, width)
    shown = np.clip((mel - (mel.max() if loudest is None else loudest)) / _RANGE_DB + 1.0, 0.0, 1.0)
    shown[mel <= -79.5] = 0.0  # silence stays dark
    return np.ascontiguousarray((shown * 255.0).round().astype(np.uint8).T[::-1])


def _palette() -> bytes:
    """256 colours, red green blue."""
    points = np.array([list(bytes.fromhex(colour)) for colour in _RAMP], float)
    place = np.linspace(0, len(points) - 1, 256)
    channels = [np.interp(place, np.arange(len(points)), points[:, c]) for c in range(3)]
    return np.stack(channels, 1).round().astype(np.uint8).tobytes()
