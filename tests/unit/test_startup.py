"""Fresh starts are timed to the first sound, or the reason is told."""

from pathlib import Path

import pytest
from untrained import untrained_bundle

from legato.evaluation.startup import StartError, startup


def test_both_ways_in_give_a_time(tmp_path: Path) -> None:
    told = []
    figures = startup(
        str(untrained_bundle(tmp_path / "tiny")), runs=1, progress=lambda *step: told.append(step)
    )
    assert told == [(1, 2), (2, 2)]
    for name in ("load_to_sound_ms", "play_to_sound_ms"):
        assert 0 < figures[name] == figures[f"{name}_first"] < 120_000


def test_a_start_without_sound_says_why() -> None:
    with pytest.raises(StartError, match="no bundle at"):
        startup("./nowhere", runs=1)
