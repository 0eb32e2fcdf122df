"""The table of `benchmarks/teachers.py` comes out whole, on a small model."""

import importlib.util
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.setattr(sys, "path", [*sys.path, str(BENCHMARKS)])  # for what it imports beside it
    spec = importlib.util.spec_from_file_location("benchmark_of_teachers", BENCHMARKS / "teachers.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("open_shapes")
    sys.modules.pop("open_originals")


def test_a_family_beside_its_original(
    table: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.modules["open_originals"], "CLIP_S", 0.4)
    live = {"gestures": 2, "gestures_unheard": 0, "underruns": 0, "replay_exact": True}
    monkeypatch.setattr(table, "bench", lambda *_, **__: {"gesture_to_sound_ms_p50": 500.0, **live})
    rows = dict(table.family_rows("stable-audio-3", "cpu", [0.4], table.Effort(0.02, 3.0)))
    live, clip = rows["stable-audio-3, streaming"], rows["stable-audio-3, original in 8 steps"]
    assert live["chunk s"] == pytest.approx(4 * 4096 / 44_100)
    assert live["total ms"] >= live["generate ms"] + live["decode ms"] > 0 and live["first ms"] > 0
    assert clip["first ms"] == clip["total ms"] and all(map(math.isfinite, clip.values()))
    assert ("players" in live) == (live["RTF"] < 1)
    table.show("a row", live)
    told = capsys.readouterr().out
    assert len(told.splitlines()[-1]) == table.NAMES + 12 * len(table.COLUMNS)
    errors = [float(line.split()[-3]) for line in told.splitlines() if "error up to" in line]
    assert errors[-1] < 1e-4 and errors[0] > errors[-1]


def test_the_table_ends_in_time(
    table: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []

    def figures(*_: object) -> dict[str, float]:
        made.append("row")
        return {"RTF": 0.5}

    monkeypatch.setattr(table, "live_figures", figures)
    monkeypatch.setattr(table, "let_go", lambda: None)
    loaded = SimpleNamespace(load=lambda: SimpleNamespace(model=None))
    monkeypatch.setattr(table, "Instrument", loaded)
    asked = "teachers.py --seconds-limit 0 --models embedded musicgen-small"
    monkeypatch.setattr(sys, "argv", asked.split())
    table.main()
    assert made == ["row"]
    assert capsys.readouterr().out.splitlines()[-1] == "stopped after 0 seconds"


def test_players_are_as_many_as_steps_of_a_group_fit_a_chunk(
    table: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from legato.engine.fake import CounterModel

    now = [0.0]
    model = CounterModel()
    took = model.step

    def step(*arguments: object) -> object:
        now[0] += 0.011 * len(arguments[0])  # type: ignore[arg-type]
        return took(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(model, "step", step)
    monkeypatch.setattr(model, "max_rows", 4)
    monkeypatch.setattr(table.time, "perf_counter", lambda: now[0])
    chunk_s = model.chunk_frames * model.frame_samples / model.sample_rate
    assert table.players(model, 0.1) == 4 * int(chunk_s / 0.044)
