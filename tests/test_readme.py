"""Every example of the README runs as it stands, on the embedded model or else on an untrained one."""

import re
import shlex
import signal
import subprocess
import sys
import urllib.request
import wave
from pathlib import Path

import pytest
from untrained import untrained_bundle

from legato.cli import main
from legato.models import manifest, opening

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return manifest.embedded_folder() or untrained_bundle(tmp_path_factory.mktemp("bundle") / "untrained")


@pytest.fixture(autouse=True)
def embedded(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "embedded_folder", lambda: model)
    monkeypatch.chdir(tmp_path)


def test_the_python_example_runs() -> None:
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})
    with wave.open("piano.wav") as sound:
        assert sound.getnframes() == 5 * 48000


def test_the_render_example_runs() -> None:
    (example,) = (block for block in blocks("sh") if "legato render" in block)
    echo, render = example.splitlines()
    line, _, file = echo.removeprefix("echo ").rpartition(" > ")
    Path(file).write_text(shlex.split(line)[0])
    verb, *arguments = shlex.split(render)
    assert verb == "legato"
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert not left.value.code
    with wave.open("take.wav") as sound:
        assert (sound.getnframes(), sound.getnchannels()) == (8 * 48000, 2)


def test_the_play_example_opens_its_page(model: Path) -> None:
    (example,) = (block for block in blocks("sh") if block.startswith("legato play --port"))
    arguments = [*shlex.split(example)[1:], "--port", "0", "--no-browser", "--model", str(model)]
    command = [sys.executable, "-m", "legato", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address
            with urllib.request.urlopen(address[0], timeout=10) as page:
                assert b"<script" in page.read()
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(20) in (0, 130)


def test_commands_that_take_long_are_spelt_right(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("legato ")]
    assert len(lines) >= 6
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        verb = words[:2] if words[0] in ("train", "models", "corpus") else words[:1]
        with pytest.raises(SystemExit) as left:
            main([*verb, "--help"])
        told = capsys.readouterr().out
        assert not left.value.code
        for option in (word for word in words if word.startswith("--")):
            assert option in told, line


def test_every_make_target_named_exists() -> None:
    named = {word for block in blocks("sh") for word in re.findall(r"^make (\w+)", block, re.M)}
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert named and named <= targets


def test_links_inside_the_repository_lead_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for document in documents:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"
