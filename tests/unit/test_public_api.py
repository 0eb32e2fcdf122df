"""The names a user may rely on; a change here is a change of the public interface."""

import importlib.metadata
import inspect
import tomllib
from pathlib import Path

import legato

ROOT = Path(__file__).parents[2]

PUBLIC = {
    "ControlError",
    "Controls",
    "Engine",
    "EngineError",
    "Instrument",
    "Rendered",
    "SessionLog",
    "Stream",
    "load",
    "load_script",
    "prompts_of",
}


def test_public_names_are_locked() -> None:
    assert set(legato.__all__) == PUBLIC
    assert all(hasattr(legato, name) for name in PUBLIC)


def test_public_names_are_documented() -> None:
    for name in PUBLIC:
        thing = getattr(legato, name)
        assert inspect.getdoc(thing), name
        for method, member in inspect.getmembers(thing, inspect.isfunction):
            if inspect.isclass(thing) and not method.startswith("_"):
                assert inspect.getdoc(member), f"{name}.{method}"


def test_an_instrument_loads_renders_and_streams() -> None:
    assert next(iter(inspect.signature(legato.load).parameters)) == "source"
    render = inspect.signature(legato.Instrument.render).parameters
    assert list(render)[1:3] == ["prompts", "seconds"] and "script" in render and "controls" in render
    stream = inspect.signature(legato.Instrument.stream).parameters
    assert list(stream)[1] == "prompts" and "controls" in stream
    assert {"steer", "controls", "snapshot"} <= set(dir(legato.Stream))


def test_the_controls_are_the_ones_documented() -> None:
    fields = {
        *(
            "prompts",
            "bpm",
            "key",
            "chord",
            "density",
            "brightness",
            "loudness",
            "drums",
            "bass",
            "chords",
            "lead",
        ),
        *("notes", "guidance", "temperature", "seed", "conductor", "steps", "listen"),
    }
    assert set(inspect.signature(legato.Controls).parameters) == fields


def test_versions_agree() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert legato.__version__ == told == importlib.metadata.version("legato")
    assert f"version: {told}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {told}" in (ROOT / "CHANGELOG.md").read_text()
