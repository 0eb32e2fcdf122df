"""Pictures of sound."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from legato.evaluation.pictures import PictureError, curves_png, spectrogram_png, spectrograms_png


def test_a_spectrogram_shows_a_tone_where_it_sounds(tmp_path: Path):
    image_module = pytest.importorskip("PIL.Image")
    t = np.arange(48_000) / 48_000
    tone = np.where(t < 0.5, np.sin(2 * np.pi * 300 * t), np.sin(2 * np.pi * 6000 * t)).astype(np.float32)
    spectrogram_png(np.stack([tone, tone], 1), tmp_path / "a.png", width=100, height=80)
    picture = np.asarray(image_module.open(tmp_path / "a.png").convert("L"))
    assert picture.shape == (80, 100)
    low, high = picture[:, 20].argmax(), picture[:, 80].argmax()
    assert high < 30 < 60 < low  # row 0 is the top


def test_sounds_are_shown_below_one_another_on_one_scale(tmp_path: Path):
    image_module = pytest.importorskip("PIL.Image")
    t = np.arange(24_000) / 48_000
    loud = np.sin(2 * np.pi * 300 * t).astype(np.float32)
    spectrograms_png({"loud": loud, "soft": 0.01 * loud}, tmp_path / "a.png", width=100, height=50)
    picture = np.asarray(image_module.open(tmp_path / "a.png").convert("L"))
    assert picture.shape[1] == 100
    upper, lower = np.split(picture, 2)
    assert upper[20:].max() > lower[20:].max() + 50


def test_curves_are_drawn_where_their_points_are(tmp_path: Path):
    image_module = pytest.importorskip("PIL.Image")
    rising = ([0.0, 1.0, 2.0], [10.0, 20.0, 30.0])
    curves_png({"rising": rising}, tmp_path / "a.png", across="x", up="y", width=200, height=120)
    picture = np.asarray(image_module.open(tmp_path / "a.png").convert("RGB")).astype(int)
    assert picture.shape == (120, 200, 3)
    coloured = (picture.max(2) - picture.min(2) > 60)[30:90]  # below the name
    left, right = coloured[:, 60:80].nonzero()[0].mean(), coloured[:, 160:180].nonzero()[0].mean()
    assert right < left - 10  # row 0 is the top
    with pytest.raises(PictureError, match="no points"):
        curves_png({}, tmp_path / "b.png", across="x", up="y")


def test_pictures_without_pillow_or_sound_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(PictureError, match=r"legato\[pages\]"):
        spectrogram_png(np.zeros((100, 2)), tmp_path / "a.png")
    monkeypatch.undo()
    pytest.importorskip("PIL")
    with pytest.raises(PictureError, match="no sound"):
        spectrogram_png(np.zeros((0, 2)), tmp_path / "a.png")
