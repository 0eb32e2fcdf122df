"""`--listen`, `--continue` and `--like` on the command line, and a server that listens."""

import json
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from engine.soundcards import Cards
from server.client import Listener
from websockets.sync import client

import legato
from legato.cli.listening import Source
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.io.recorder import write_wav
from legato.io.sounds import Clip, read_sound
from legato.serving.app import allowed_hosts, background, create_app, listen

RATE = 48_000


@pytest.fixture
def riff(tmp_path: Path) -> Path:
    """A second of sound."""
    path = tmp_path / "riff.wav"
    write_wav(path, 0.1 * np.random.default_rng(0).standard_normal((RATE, 2)).astype(np.float32), RATE)
    return path


class Attentive(CounterModel):
    """Keeps what it was told to take for its past."""

    def __init__(self) -> None:
        super().__init__()
        self.pasts: list[np.ndarray] = []

    def after(self, latents_tc, chunk_frames):
        self.pasts.append(latents_tc)
        return super().after(latents_tc, chunk_frames)

    def remember(self, latents_fc, state):
        self.pasts.append(latents_fc)
        return super().remember(latents_fc, state)


def test_render_plays_with_a_file_and_goes_on_from_one(
    run, riff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, other, out = Attentive(), Attentive(), tmp_path / "out.wav"
    monkeypatch.setattr(legato, "load", lambda source, base=None: legato.Instrument(model))
    render = ("render", "house", "--seconds", 0.5, "--out", out)
    code, _, err = run(*render, "--listen", riff, "--mix", 0.7, "--continue", riff)
    assert code == 0, err
    riff_n2 = read_sound(riff)
    legato.Instrument(other).render("house", 0.5, sound=Clip(riff_n2), listen=0.7, after=riff_n2)
    assert [len(past) for past in model.pasts] == [24, 4, 4, 4]
    assert all(np.array_equal(*pair) for pair in zip(model.pasts, other.pasts, strict=True))
    code, _, err = run(*render, "--mix", 2)
    assert code == 2 and "listen is 2; it must be from 0 to 1" in err


def test_what_cannot_be_listened_to_is_refused_in_one_sentence(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("legato.io.microphone.PortAudio", Cards)
    monkeypatch.setattr("legato.io.portaudio.PortAudio", Cards)
    write_wav(tmp_path / "silent.wav", np.zeros((RATE, 2), np.float32), RATE)
    play = ("play", "--fake", "--no-browser", "--port", 0)
    for arguments, words in (
        (("--listen", "none.wav"), "there is no sound file none.wav"),
        (("--continue", tmp_path / "silent.wav"), "is silent"),
        (("--listen", "organ"), "no sound input has 'organ' in its name; choose 'mic' or one of"),
    ):
        code, out, err = run(*play, *arguments)
        assert code == 2 and not out and words in err and err.count("\n") == 1, err
    code, out, _ = run("play", "--listen", "list")
    assert (code, out) == (0, "Guitar Link (ALSA)\nStudio 24 (ALSA) [mic]\nLine 44 (ALSA)\n")


def test_a_page_sees_what_comes_in_and_turns_it(riff: Path) -> None:
    source = Source.open(str(riff), rescan=True, announce=print)
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        engine = stack.enter_context(Engine(CounterModel(), lead_s=0.1, sound=source.of))
        stack.enter_context(source.watching())
        app = create_app(engine, hosts=allowed_hosts("127.0.0.1"))
        address = stack.enter_context(background(app, listener))
        socket = stack.enter_context(partial(client.connect, max_queue=None)(f"ws{address[4:]}ws"))
        page = Listener(socket)
        assert page.wait("hello")["ranges"]["listen"] == [0, 1]
        page.send(type="steer", listen=1.0)
        page.send(type="start")
        status = page.wait("status", playing=True)
        while status["listen"]["mix"] != 1.0:
            status = page.wait("status", playing=True)
        assert status["listen"] == {"name": "riff.wav", "open": True, "mix": 1.0}
        page.send(type="steer", listen=1.5)
        assert "listen is 1.5; it must be from 0 to 1" in page.wait("error")["message"]
        json.dumps(status)


def test_a_sound_file_stands_for_prompts(
    run, riff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, float]] = []

    class Asked(CounterModel):
        def steering(self, controls, heading):
            asked.append(dict(controls.prompts))
            return super().steering(controls, heading)

    monkeypatch.setattr(legato, "load", lambda source, base=None: legato.Instrument(Asked()))
    render = ("render", "--seconds", 0.3, "--out", tmp_path / "out.wav")
    code, _, err = run(*render, "--like", riff)
    assert code == 0 and "riff.wav sounds like" in err
    assert asked[-1] == legato.prompts_of(riff)
    code, _, err = run(*render, "sleigh bells", "--like", riff)
    assert code == 0 and asked[-1] == {"sleigh bells": 1.0, **legato.prompts_of(riff)}
    code, _, err = run(*render)
    assert code != 0 and "--like" in err
    code, _, err = run(*render, "--like", tmp_path / "none.wav")
    assert code != 0 and "there is no sound file" in err
