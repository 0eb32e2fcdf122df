"""Pictures of sound."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from legato.evaluation.pictures import PictureError, spectrogram_png


def test_a_spectrogram_shows_a_tone_where_it_sounds(tmp_path: Path):
    image_module = pytest.importorskip("PIL.Image")
    t = np.arange(48_000) / 48_000
    tone = np.where(t < 0.5, np.sin(2 * np.pi * 300 * t), np.sin(2 * np.pi * 6000 * t)).astype(np.float32)
    spectrogram_png(np.stack([tone, tone], 1), tmp_path / "a.png", width=100, height=80)
    picture = np.asarray(image_module.open(tmp_path / "a.png").convert("L"))
    assert picture.shape == (80, 100)
    low, high = picture[:, 20].argmax(), picture[:, 80].argmax()
    assert high < 30 < 60 < low  # row 0 is the top


def test_pictures_without_pillow_or_sound_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(PictureError, match=r"legato\[pages\]"):
        spectrogram_png(np.zeros((100, 2)), tmp_path / "a.png")
    monkeypatch.undo()
    pytest.importorskip("PIL")
    with pytest.raises(PictureError, match="no sound"):
        spectrogram_png(np.zeros((0, 2)), tmp_path / "a.png")
