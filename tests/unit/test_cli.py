"""The command line: what it prints, and how it refuses."""

import errno
import json
import os
import socket
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from commands import Run
from untrained import untrained_bundle

from legato.io.portaudio import Output


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the test preset, untrained."""
    return untrained_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


def assert_refused(result: tuple[int, str, str], *words: str) -> None:
    """Exit code 2, nothing on stdout, one line on stderr that holds the words."""
    code, out, err = result
    assert code == 2 and not out
    assert err.startswith("legato: ") and err.count("\n") == 1, err
    for word in words:
        assert word in err, err


def test_help_names_every_verb_and_loads_no_torch() -> None:
    script = "import sys, legato.cli as c\ntry: c.main(['-h'])\nfinally: assert 'torch' not in sys.modules"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    for verb in ("play", "render", "train", "distill", "eval", "bench", "models", "doctor"):
        assert f" {verb} " in told.stdout


def test_render_writes_the_same_file_twice(run: Run, tiny: Path, tmp_path: Path) -> None:
    moves = tmp_path / "moves.jsonl"
    moves.write_text('{"at": 0.5, "prompts": {"dark techno": 1.0}, "bpm": 128, "drums": true}\n')
    files = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for file in files:
        code, out, err = run(
            *(
                "render",
                "lo-fi piano:0.7",
                "vinyl drums:0.3",
                "--bpm",
                84,
                "--key",
                "A minor",
                "--seconds",
                1.2,
            ),
            *("--seed", 1, "--script", moves, "--no-lead", "--out", file, "--json", "--model", tiny),
        )
        assert code == 0, err
        told = json.loads(out)
    assert files[0].read_bytes() == files[1].read_bytes()
    wanted = {
        "seconds": 1.2,
        "sample_rate": 48000,
        "channels": 2,
        "chunk_ms": 160,
        "steps": 1,
        "seed": 1,
        "model": "untrained",
    }
    assert told.items() >= wanted.items()
    assert told["rtf"] > 0 and told["first_audio_ms"] > 0
    with wave.open(str(files[0])) as sound:
        assert (sound.getnframes(), sound.getframerate(), sound.getnchannels()) == (57600, 48000, 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bpm", "0"], ["bpm", "40 to 240"]),
        (["--bpm", "1e9"], ["bpm", "40 to 240"]),
        (["--bpm", "nan"], ["bpm"]),
        (["--key", "H flat"], ["H flat"]),
        (["--chord", "Xyz"], ["Xyz"]),
        (["--steps", "3"], ["steps", "1, 2, 4"]),
        (["--seconds", "-1"], ["seconds"]),
        (["--chunk", "9"], ["chunk", "2"]),
        (["--script", "nowhere.jsonl"], ["nowhere.jsonl"]),
        (["--model", "./nowhere"], ["no bundle at"]),
        (["--out", "no/such/folder/x.wav"], ["no folder"]),
        (["--out", "x.mp3"], [".wav"]),
        (["--bpm", "fast"], ["--bpm"]),
        (["--tempo", "120"], ["--tempo"]),
    ],
)
def test_render_refuses_in_one_sentence_and_leaves_no_file(
    run: Run,
    tiny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    model = [] if "--model" in arguments else ["--model", str(tiny)]
    assert_refused(run("render", "piano", "--out", "x.wav", "--seconds", 1, *model, *arguments), *words)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("prompt", ["", "x" * 10_000, "piano:0", "piano:-1", "piano:nan"])
def test_render_refuses_bad_prompts(run: Run, tmp_path: Path, prompt: str) -> None:
    assert_refused(run("render", "--out", tmp_path / "x.wav", "--", prompt), "prompt")


def test_a_full_disk_leaves_no_file(
    run: Run, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("legato.io.recorder.WavFile.write", full)
    result = run("render", "piano", "--seconds", 0.5, "--model", tiny, "--out", tmp_path / "x.wav")
    code, _, err = result
    assert code == 2 and "No space left" in err and "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_a_port_in_use_is_refused(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert_refused(
            run("play", "--fake", "--no-browser", "--port", taken.getsockname()[1]), "cannot listen on"
        )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "codec", "--preset", "huge"], ["huge", "small"]),
        (["train", "codec", "--set", "codec.depht=3"], ["codec.depht", "depth"]),
        (["train", "codec", "--device", "abacus"], ["abacus", "cpu"]),
        (["train", "codec", "--minutes", "-3"], ["--minutes"]),
        (["train", "codec", "--preset", "test", "--set", "corpus.soundfont=no.sf2"], ["no.sf2"]),
        (["train", "teacher"], ["legato train codec"]),
        (["distill"], ["legato train"]),
        (["models", "pack", "--out", "x"], ["config.json"]),
        (["bench", "--model", "./nowhere"], ["no bundle at"]),
        (["eval", "--model", "./nowhere"], ["no bundle at"]),
    ],
)
def test_long_work_is_refused_before_it_begins(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*arguments), *words)


def test_models_lists_what_is_here(run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legato.models.manifest.embedded_folder", lambda: tiny)
    monkeypatch.setattr("legato.models.hub.cached", dict)
    code, out, _ = run("models", "--json")
    (row,) = json.loads(out)["models"]
    assert code == 0
    assert (row["source"], row["name"], row["license"]) == ("embedded", "untrained", "apache-2.0")
    assert row["figures"] == {"rtf_total": 0.2} and row["bytes"] > 20e6
    assert "untrained" in run("models")[1]


def test_doctor_advises(run: Run, tiny: Path) -> None:
    code, out, _ = run("doctor", "--json", "--model", tiny, "--port", 0)
    findings = {finding["name"]: finding for finding in json.loads(out)["findings"]}
    assert set(findings) >= {
        "python",
        "torch",
        "threads",
        "denormals",
        "port",
        "audio",
        "soundfont",
        "bundle",
        "speed",
    }
    assert findings["bundle"]["verdict"] == "ok" and "real time" in findings["speed"]["found"]
    assert code == int(any(finding["verdict"] == "fail" for finding in findings.values()))
    code, out, _ = run("doctor", "--model", tiny.parent)
    assert code == 1 and "train one" in out


def test_bench_prints_its_figures(run: Run, tiny: Path) -> None:
    code, out, err = run("bench", "--seconds", 3, "--model", tiny, "--json")
    assert code == 0, err
    wanted = {
        "rtf_total",
        "rtf_generate",
        "rtf_decode",
        "chunk_ms_p50",
        "chunk_ms_p99",
        "first_audio_ms",
        "underruns",
    }
    assert wanted <= set(json.loads(out))


def test_eval_prints_measures_and_targets(run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = {
        "value": 0.031,
        "low": 0.02,
        "high": None,
        "n": 3,
        "what": "error",
        "target": "<= 0.04",
        "met": True,
    }
    result = {
        "model": "untrained",
        "measures": {"tempo_error": measure},
        "sheets": [
            {"title": "regimes", "columns": ["beat lock"], "rows": {"free": [0.4321], "dense": [None]}}
        ],
        "left_out": ["style needs a corpus"],
        "targets_met": ["tempo_error"],
        "targets_missed": [],
    }
    monkeypatch.setattr("legato.evaluation.report.evaluate", lambda bundle, **settings: result)
    assert json.loads(run("eval", "--model", tiny, "--json")[1]) == result
    shown = run("eval", "--model", tiny)[1]
    assert "0.031" in shown and "0.4321" in shown and "style needs a corpus" in shown


def test_stopped_training_says_how_to_go_on(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["train", "codec", "--preset", "test", "--out", "my run"]
    monkeypatch.setattr(sys, "argv", ["legato", *arguments])
    monkeypatch.setattr("legato.corpus.dataset.build", lambda folder, config, **_: None)
    monkeypatch.setattr("legato.training.codec.train_codec", lambda *_, **__: None)  # as after Ctrl-C
    code, out, _ = run(*arguments)
    assert code == 0
    assert "stopped" in out and "legato train codec --preset test --out 'my run'" in out


class TwoPorts:
    """A machine with two MIDI inputs and no output."""

    def names(self, inputs: bool) -> list[str]:
        return ["Keystation 49 MIDI 1", "nanoKONTROL2"] if inputs else []


def test_midi_ports_are_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legato.control.midi_ports.MidoBackend", TwoPorts)
    assert run("play", "--midi", "list") == (0, "Keystation 49 MIDI 1\nnanoKONTROL2\n", "")
    assert run("play", "--midi-out", "list") == (0, "no MIDI output is connected\n", "")


def test_what_cannot_be_plugged_in_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legato.control.rig.MidoBackend", TwoPorts)
    assert_refused(run("play", "--midi", "moog"), "'moog'", "'Keystation 49 MIDI 1', 'nanoKONTROL2'")
    assert_refused(run("play", "--midi-learn", "bpm"), "--midi")
    assert_refused(run("play", "--osc", "nine"), "'nine'", "HOST:PORT")
    assert_refused(run("play", "--link", "--link-start-stop"), "--device")
    assert_refused(run("play", "--scenes", __file__), __file__, "not valid JSON")


class TwoOutputs:
    """A machine with two sound outputs that nothing opens."""

    def outputs(self) -> list[Output]:
        return [Output(0, "Headphones (ALSA)", 48_000, False), Output(2, "Studio 24 (ALSA)", 48_000, True)]


def test_sound_outputs_are_listed_and_a_wrong_name_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("legato.io.device.PortAudio", TwoOutputs)
    monkeypatch.setattr("legato.io.portaudio.PortAudio", TwoOutputs)
    assert run("play", "--device", "list") == (0, "Headphones (ALSA)\nStudio 24 (ALSA) [default]\n", "")
    names = "'default' or one of 'Headphones (ALSA)', 'Studio 24 (ALSA)'"
    assert_refused(run("play", "--device", "organ"), "'organ'", names)


def test_a_machine_without_the_audio_library_is_told_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert_refused(run("play", "--device", "default"), "libportaudio2")


@pytest.mark.parametrize(
    ("package", "arguments", "extra"),
    [
        ("mido", ["--midi", "list"], "legato[midi]"),
        ("pythonosc", ["--osc", "0"], "legato[osc]"),
        ("aalink", ["--link"], "legato[link]"),
        ("sounddevice", ["--device", "list"], "legato[device]"),
    ],
)
def test_absent_packages_are_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, package: str, arguments: list[str], extra: str
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    assert_refused(
        run("play", *arguments), package.replace("pythonosc", "python-osc"), f"pip install '{extra}'"
    )
