"""The benchmark of swings knows how fast planted ones are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_energies_lie_in_the_band_of_what_was_planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import swings

    seconds = np.arange(swings.SKIP * 25 + 1000) / 25
    slow, fast = np.sin(2 * np.pi * 0.1 * seconds), 2 * np.sin(2 * np.pi * 3 * seconds)
    latents = np.tile((0.5 + slow + fast)[None, :, None], (2, 1, 4))
    found = swings.energies(latents)
    expected = np.zeros(1 + len(swings.BANDS))
    expected[[0, 2, 6]] = 0.25, 0.5, 2.0
    np.testing.assert_allclose(found, np.tile(expected[:, None], (1, 2)), atol=1e-9)
