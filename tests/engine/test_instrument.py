"""The offline instrument on the counter model: exact lengths, exact moments, exact repetition."""

import json
import wave

import numpy as np
import pytest

from legato.control.state import ControlError
from legato.engine.chunk import chunk_noise
from legato.engine.fake import COUNT, CounterModel, counter, read_code
from legato.engine.instrument import Instrument
from legato.engine.log import SessionLog
from legato.io.recorder import RecorderError


@pytest.fixture
def instrument():
    return Instrument(CounterModel(latency_samples=720))


@pytest.mark.parametrize("seconds", [0.001, 0.145, 1.0, 3.7])
@pytest.mark.parametrize("chunk_frames", [2, 4, 7])
def test_render_has_exactly_the_length_asked_for_and_no_lag(instrument, seconds, chunk_frames):
    audio = instrument.render("house", seconds, chunk_frames=chunk_frames).audio
    assert audio.shape == (round(seconds * 48_000), 2) and audio.dtype == np.float32
    assert np.array_equal(audio[:, 0], counter(0, len(audio)))


def test_script_moves_are_heard_at_their_time(instrument, tmp_path):
    script = tmp_path / "moves.jsonl"
    script.write_text('{"at": 1.92, "bpm": 90, "drums": false}\n{"at": 2.9, "bpm": 150}\n')
    bpm, gates = read_code(instrument.render("techno", 4, bpm=128, drums=True, script=script).audio)
    first, second = (
        12 * 7680,
        19 * 7680,
    )  # 1.92 s begins a chunk; the first chunk after 2.9 s begins at 3.04 s
    assert set(bpm[:first]) == {128} and set(bpm[first:second]) == {90} and set(bpm[second:]) == {150}
    assert gates[:first, 0].all() and not gates[first:, 0].any()


def test_same_call_same_bits_and_another_seed_another_plan(instrument):
    first, again, other = (instrument.render("jazz", 20, seed=seed).audio for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_steer_changes_the_next_chunk_only(instrument):
    stream = instrument.stream("house", bpm=120)
    before = [next(stream) for _ in range(5)]
    stream.steer(bpm=100)
    assert stream.controls.bpm == 100
    after = next(stream)
    assert set(read_code(np.concatenate(before))[0]) == {120}
    assert set(read_code(after[720:])[0]) == {100}  # the lag of the decoder is still the chunk before
    assert [event.sample for event in stream.log().events] == [5 * 7680]
    assert stream.sample == sum(map(len, before)) + len(after)


def test_snapshot_goes_on_bit_for_bit_as_often_as_liked(instrument):
    stream = instrument.stream("funk", seed=3)
    for _ in range(17):
        next(stream)
    stream.steer(prompts="ambient", notes=[60])
    snapshot = stream.snapshot()

    def go_on(s):
        out = [next(s) for _ in range(10)]
        s.steer(bpm=70)
        return np.concatenate(out + [next(s) for _ in range(60)]), s.log().events

    expected, events = go_on(stream)
    for _ in range(2):
        audio, again = go_on(instrument.restore(snapshot))
        assert np.array_equal(expected, audio) and again == events


def test_replay_of_a_saved_log_is_bit_equal(instrument, tmp_path):
    stream, parts = instrument.stream("bossa:2", seed=11), []
    rng = np.random.default_rng(0)
    for i in range(40):
        if rng.random() < 0.3:
            stream.steer(
                bpm=float(rng.integers(60, 180)), key=["A minor", None][i % 2], density=float(rng.random())
            )
        if rng.random() < 0.3:
            stream.steer(notes=[int(n) for n in rng.integers(30, 90, 3)])
            stream.steer(notes=[])
        parts.append(next(stream))
    stream.log().save(tmp_path / "s.jsonl")
    log = SessionLog.load(tmp_path / "s.jsonl")
    assert np.array_equal(instrument.replay(log).audio, np.concatenate(parts))
    assert instrument.replay(log, seconds=1, steps=4).log.controls.steps == 4


def test_noise_follows_seed_chunk_and_temperature():
    heard = []
    instrument = Instrument(CounterModel(heard=lambda noise, *_: heard.append(noise[0])))
    instrument.render("house", 0.3, seed=9, temperature=0.5)
    assert np.array_equal(heard[1], np.float32(0.5) * chunk_noise(9, 1, 4, 4))
    assert not np.array_equal(heard[0], heard[1])


def test_noise_is_that_of_the_sampler():
    sampling = pytest.importorskip("legato.models.sampling")
    assert np.array_equal(chunk_noise(5, 8, 4, 32), sampling.chunk_noise(5, 8, 4, 32).numpy())


@pytest.mark.parametrize(
    "call",
    [
        {"prompts": ""},
        {"prompts": "a", "seconds": 0},
        {"prompts": "a", "seconds": float("nan")},
        {"prompts": "a", "bpm": 0},
        {"prompts": "a", "tempo": 90},
        {"prompts": "a", "script": ['{"at": 1, "nope": 2}']},
        {"prompts": "a", "chunk_frames": 1},
    ],
)
def test_bad_calls_are_refused(instrument, call):
    with pytest.raises(ControlError):
        instrument.render(**{"seconds": 1, **call})


def test_progress_and_figures(instrument):
    seen = []
    rendered = instrument.render("house", 1, progress=seen.append)
    assert seen[-1] == 1.0 and seen == sorted(seen)
    assert rendered.seconds == 1.0 and rendered.rtf >= 0 and rendered.first_audio_s > 0


def test_wav_is_whole_exact_or_not_there(instrument, tmp_path):
    rendered = instrument.render("house", 0.5)
    rendered.save(tmp_path / "x.wav")
    with wave.open(str(tmp_path / "x.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 48_000, 24_000)
        raw = np.frombuffer(file.readframes(24_000), np.uint8).reshape(-1, 2, 3)
    values = (raw[..., 0] | raw[..., 1].astype(int) << 8 | raw[..., 2].astype(np.int8).astype(int) << 16) / (
        2**23 - 1
    )
    assert np.abs(values - rendered.audio).max() < 2**-23
    with pytest.raises(RecorderError, match="does not exist"):
        rendered.save(tmp_path / "no" / "x.wav")
    with pytest.raises(RecorderError, match="folder"):
        rendered.save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["x.wav"]


def test_damaged_logs_are_refused(tmp_path):
    with pytest.raises(ControlError, match="cannot be read"):
        SessionLog.load(tmp_path / "none")
    for text in ("", "{}", "[]", json.dumps({"legato_session": 99})):
        (tmp_path / "log").write_text(text)
        with pytest.raises(ControlError):
            SessionLog.load(tmp_path / "log")


def test_public_names_are_locked_and_torch_free():
    import subprocess
    import sys

    code = "import legato, sys; print(sorted(legato.__all__), 'torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    names = [
        "ControlError",
        "Controls",
        "Engine",
        "EngineError",
        "Instrument",
        "Rendered",
        "SessionLog",
        "Stream",
    ]
    assert out.strip() == f"{[*names, 'load', 'load_script', 'prompts_of']} False"
    assert COUNT == 16384
