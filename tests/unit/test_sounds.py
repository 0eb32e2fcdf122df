"""Sound files that are listened to, and the level they are brought to."""

import wave
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from legato.io.microphone import Leveller
from legato.io.recorder import write_wav
from legato.io.sounds import LEVEL, Clip, SoundError, is_sound_file, read_sound, sounding_rms

RATE = 48_000


def tone(seconds: float = 1.0, rate: int = RATE, size: float = 0.05) -> np.ndarray:
    return (size * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def test_a_take_of_our_own_is_read_at_the_loudness_of_the_music(tmp_path: Path) -> None:
    audio_n2 = np.stack([tone(), 0.5 * tone()], axis=1)
    write_wav(tmp_path / "take.wav", audio_n2, RATE)
    found_n2 = read_sound(tmp_path / "take.wav")
    assert found_n2.shape == audio_n2.shape and found_n2.dtype == np.float32
    assert sounding_rms(found_n2) == pytest.approx(LEVEL, rel=1e-3)
    assert np.allclose(found_n2[:, 1], 0.5 * found_n2[:, 0], atol=1e-5)
    assert np.array_equal(found_n2, read_sound(tmp_path / "take.wav"))


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.float32, np.float64])
def test_every_kind_of_wav_is_the_same_sound(tmp_path: Path, kind: type) -> None:
    wave_n = tone(size=0.5)
    if np.issubdtype(kind, np.integer):
        top = np.iinfo(kind).max
        wave_n = 128 + wave_n * 127 if kind is np.uint8 else wave_n * top
    wavfile.write(tmp_path / "x.wav", RATE, wave_n.astype(kind))
    expected = tone(size=LEVEL * np.sqrt(2))
    assert np.allclose(read_sound(tmp_path / "x.wav")[:, 0], expected, atol=4e-3)


def test_another_rate_and_one_channel_become_48_khz_stereo(tmp_path: Path) -> None:
    wavfile.write(tmp_path / "x.wav", 44_100, tone(rate=44_100))
    found_n2 = read_sound(tmp_path / "x.wav")
    assert found_n2.shape == (RATE, 2) and np.array_equal(found_n2[:, 0], found_n2[:, 1])
    middle = slice(4_800, -4_800)
    assert np.allclose(found_n2[middle, 0], tone(size=LEVEL * np.sqrt(2))[middle], atol=2e-3)


def test_flac_is_read_where_soundfile_is(tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    soundfile.write(tmp_path / "x.flac", tone(), RATE)
    assert read_sound(tmp_path / "x.flac").shape == (RATE, 2)


def test_what_cannot_be_listened_to_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "short": (tone(0.4), "lasts 0.40 s; it must be from 0.5 to 600 s"),
        "silent": (np.zeros(RATE, np.float32), "is silent"),
        "nan": (np.full(RATE, np.nan, np.float32), "no numbers"),
        "empty": (np.zeros(0, np.float32), "lasts 0.00 s"),
    }
    for name, (audio, words) in files.items():
        wavfile.write(tmp_path / f"{name}.wav", RATE, audio)
        with pytest.raises(SoundError, match=words):
            read_sound(tmp_path / f"{name}.wav")
    (tmp_path / "text.wav").write_text("no sound at all")
    (tmp_path / "text.flac").write_text("no sound at all")
    whole = wave.open(str(tmp_path / "cut.wav"), "wb")
    whole.setparams((2, 2, RATE, 0, "NONE", ""))
    whole.close()
    (tmp_path / "cut.wav").write_bytes((tmp_path / "cut.wav").read_bytes()[:20])
    for name, words in (
        ("text.wav", "no WAV file"),
        ("cut.wav", "no WAV file"),
        ("none.wav", "no sound file"),
    ):
        with pytest.raises(SoundError, match=words):
            read_sound(tmp_path / name)
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    with pytest.raises(SoundError, match=r"legato\[flac\]"):
        read_sound(tmp_path / "text.flac")


def test_a_name_is_told_from_a_device(tmp_path: Path) -> None:
    (tmp_path / "loop").touch()
    assert is_sound_file("riff.wav") and is_sound_file("a/b.FLAC") and is_sound_file(str(tmp_path / "loop"))
    assert not is_sound_file("mic") and not is_sound_file("Guitar Link 2.0")


def test_a_clip_is_read_at_any_place() -> None:
    audio_n2 = np.arange(2000, dtype=np.float32).reshape(1000, 2)
    once, round_and_round = Clip(audio_n2), Clip(audio_n2, loop=True)
    found_n2 = once.read(900, 200)
    assert (
        found_n2 is not None and np.array_equal(found_n2[:100], audio_n2[900:]) and not found_n2[100:].any()
    )
    assert once.read(1000, 10) is None
    expected = np.concatenate([audio_n2[900:], audio_n2, audio_n2[:100]])
    assert np.array_equal(round_and_round.read(5900, 1200), expected)


def test_the_gain_waits_in_rests_and_does_not_jump() -> None:
    leveller, quiet = Leveller(), np.full((480, 2), 0.02, np.float32)
    gains = []
    for block in range(300):
        rest = 150 <= block < 250
        leveller.level(np.zeros_like(quiet) if rest else quiet)
        gains.append(leveller.gain)
    assert gains[149] == pytest.approx(LEVEL / 0.02, rel=0.05)
    assert gains[249] == gains[149] and np.abs(np.diff(np.log(gains))).max() < 0.3
