"""`legato replay`, and the options of `legato play` that concern takes."""

import json
import sys
import wave
from pathlib import Path

import pytest

from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.engine.takes import Take


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Half a second from the middle of a session, with a gesture in it and one before."""
    clock = VirtualClock()
    engine = Engine(CounterModel(clock), clock=clock, takes=tmp_path)
    player = engine.open(Controls(bpm=120, seed=5))

    def play(blocks: int) -> None:
        for _ in range(blocks):
            engine.run_once()
            player.read(2400)

    play(5)
    player.steer(bpm=90)
    play(5)
    player.record("riff")
    player.steer(drums=False)
    play(10)
    return player.stop_recording()


def test_a_take_is_rendered_again_bit_for_bit(run, take: Take, tmp_path: Path) -> None:
    out = tmp_path / "again.wav"
    code, said, err = run("replay", take.log, "--out", out, "--fake")
    assert code == 0, err
    assert out.read_bytes() == take.sound.read_bytes()
    assert "0.50 s" in said and "differ" not in said
    code, said, _ = run("replay", take.log, "--fake", "--steps", 4, "--json")
    told = json.loads(said)
    expected = take.log.with_name(f"{take.log.stem}-replay-4-steps.wav")
    assert (Path(told["out"]), told["seconds"], told["gap_seconds"]) == (expected, 0.5, 0)
    with wave.open(told["out"]) as sound:
        assert sound.getnframes() == 24_000


def test_what_differs_from_the_recording_is_said(run, take: Take) -> None:
    lines = take.log.read_text().splitlines()
    header = json.loads(lines[0])
    header["versions"]["numpy"] = "1.0"
    take.log.write_text("\n".join([json.dumps(header), '{"sample": 24000, "gap": 4800}', *lines[1:]]))
    code, said, _ = run("replay", take.log, "--fake")
    assert code == 0
    assert "0.10 s of gaps" in said and "numpy (1.0, now" in said


def test_replay_refuses_in_one_sentence_and_leaves_no_file(run, take: Take, tmp_path: Path) -> None:
    lines = take.log.read_text().splitlines()
    other = tmp_path / "other.jsonl"
    before = {*tmp_path.iterdir(), other}
    refused = {
        "played by the model 'small'": lines[0].replace('"model": "counter"', '"model": "small"'),
        "fingerprint 0a1b": lines[0].replace('"fingerprint": "counter"', '"fingerprint": "0a1b"'),
        "version 7; this Legato reads version 2 and 3": lines[0].replace(
            '"legato_session": 3', '"legato_session": 7'
        ),
        "no session log": "RIFF",
        "line 2 of session log": lines[0] + '\n{"sample": 1, "bp',
    }
    for words, header in refused.items():
        other.write_text("\n".join([header, *lines[1:]]))
        code, said, err = run("replay", other, "--fake")
        assert code == 2 and not said and words in err and err.count("\n") == 1, err
    for arguments, words in (
        (["--steps", 3], "1, 2, 4"),
        (["--out", tmp_path / "x.mp3"], ".wav or .flac"),
        (["--out", tmp_path / "no" / "x.wav"], "no folder"),
    ):
        code, _, err = run("replay", take.log, "--fake", *arguments)
        assert code == 2 and words in err, err
    assert run("replay", tmp_path / "none.jsonl", "--fake")[0] == 2
    assert set(tmp_path.iterdir()) == before


def test_play_refuses_takes_that_could_not_be_written(run, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "file").touch()
    code, _, err = run("play", "--fake", "--no-browser", "--port", 0, "--takes", tmp_path / "file")
    assert code == 2 and "it is a file" in err
    monkeypatch.setitem(sys.modules, "soundfile", None)
    monkeypatch.delitem(sys.modules, "legato.io.flac", raising=False)
    code, _, err = run("play", "--fake", "--no-browser", "--port", 0, "--flac")
    assert code == 2 and "legato[flac]" in err
