"""A sound is posted, and prompts for music like it come back."""

import io

import httpx
import numpy as np
import pytest
from scipy.io import wavfile
from server.client import Listener
from server.conftest import Running
from websockets.sync.client import connect

from legato.music.grammar import STYLES
from legato.serving.audio_prompt import MOST_BYTES

RATE = 48_000


def wav(audio: np.ndarray, rate: int = RATE) -> bytes:
    file = io.BytesIO()
    wavfile.write(file, rate, audio)
    return file.getvalue()


def noise(seconds: float = 4.0) -> np.ndarray:
    return (3000 * np.random.default_rng(0).standard_normal(round(seconds * RATE))).astype(np.int16)


def test_a_sound_becomes_prompts_that_a_player_can_be_steered_by(server: Running) -> None:
    with connect(server.ws) as connection:
        listener = Listener(connection)
        listener.wait("hello")
        listener.send(type="start")
        answer = httpx.post(server.page + "prompts", content=wav(noise()), timeout=60)
        assert answer.status_code == 200
        prompts = answer.json()["prompts"]
        assert 1 <= len(prompts) <= 3 and sum(prompts.values()) == pytest.approx(1.0, abs=0.01)
        assert prompts.keys() <= {style.genres[0] for style in STYLES.values()}
        listener.send(type="steer", prompts=prompts)
        shown = (listener.wait("status")["controls"]["prompts"] for _ in range(50))
        assert any(controls == prompts for controls in shown)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "no WAV file"),
        (b"RIFF" + bytes(100), 400, "no WAV file"),
        (wav(np.zeros(RATE, np.int16)), 400, "silent"),
        (wav(noise(0.1)), 400, "0.10 s"),
        (wav(np.full(RATE, np.nan, np.float32)), 400, "no numbers"),
        (bytes(MOST_BYTES + 1), 413, "16 MB"),
    ],
)
def test_what_is_no_sound_is_refused_in_one_sentence(
    server: Running, body: bytes, status: int, words: str
) -> None:
    answer = httpx.post(server.page + "prompts", content=body, timeout=60)
    assert answer.status_code == status
    assert words in answer.json()["error"] and ". " not in answer.json()["error"]


def test_other_pages_may_not_post(server: Running) -> None:
    own = server.page.rstrip("/")
    for origin, status in (("http://elsewhere.example", 403), ("null", 403), (own, 400)):
        assert httpx.post(server.page + "prompts", headers={"Origin": origin}).status_code == status
