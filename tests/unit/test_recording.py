"""Sound files and journals that grow: what is on disk at any moment, and when the disk refuses."""

import errno
import json
import os
import struct
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from legato.io.journal import Journal
from legato.io.recorder import (
    RecorderError,
    WavFile,
    check_kind,
    open_sound,
    pcm24,
    wav_header,
    whole24,
    write_sound,
)


def noise(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype(np.float32)


def read_wav(path: Path) -> bytes:
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 3, 48_000)
        return sound.readframes(sound.getnframes())


def test_a_growing_wav_is_playable_after_every_sync(tmp_path: Path) -> None:
    path, audio = tmp_path / "x.wav", noise(1000)
    sound = WavFile(path, 48_000)
    assert read_wav(path) == b""
    for end in (1, 65, 1000):
        sound.write(audio[sound.frames : end])
        sound.sync()
        assert read_wav(path) == pcm24(audio[:end])
    sound.write(audio)
    sound.close()
    sound.close()
    assert read_wav(path) == pcm24(np.concatenate([audio, audio]))


def test_a_wav_cut_short_by_a_full_disk_ends_with_its_last_whole_frame(tmp_path: Path) -> None:
    class Full:
        """A file with room for so many bytes more."""

        def __init__(self, file, room: int) -> None:
            self.file, self.room = file, room

        def __getattr__(self, name: str):
            return getattr(self.file, name)

        def __enter__(self):
            return self.file

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data) -> int:
            if not self.room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            count = self.file.write(data[: self.room])
            self.room -= count
            return count

    path, audio = tmp_path / "x.wav", noise(100)
    sound = WavFile(path, 48_000)
    sound.write(audio)
    sound._file, disk = Full(sound._file, 6 * 40 + 4), sound._file
    with pytest.raises(OSError, match="No space"):
        sound.write(audio)
    assert sound.frames == 140
    sound._file = disk  # the header takes no room that was not taken already
    sound.close()
    assert read_wav(path) == pcm24(np.concatenate([audio, audio[:40]]))


def test_beyond_four_gigabytes_the_header_is_that_of_rf64() -> None:
    frames = 5 * 3600 * 48_000
    plain, large = wav_header(48_000, 1000), wav_header(48_000, frames)
    assert len(plain) == len(large) == 80
    assert plain[:4] == b"RIFF" and struct.unpack("<I", plain[4:8])[0] == 72 + 6000
    assert large[:4] == b"RF64" and large[12:16] == b"ds64"
    assert struct.unpack("<QQQ", large[20:44]) == (72 + 6 * frames, 6 * frames, frames)
    assert large[48:76] == plain[48:76] and large[76:] == b"\xff" * 4


def test_flac_holds_the_same_numbers_as_wav(tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    audio = noise(30_000)
    write_sound(tmp_path / "x.wav", [audio[:7], audio[7:]], 48_000)
    with_flac = open_sound(tmp_path / "x.flac", 48_000, "flac")
    with_flac.write(audio)
    assert with_flac.frames == 30_000
    with_flac.sync()
    with_flac.close()
    held, rate = soundfile.read(tmp_path / "x.flac", dtype="int32")
    assert rate == 48_000
    assert np.array_equal(held, soundfile.read(tmp_path / "x.wav", dtype="int32")[0])


def test_a_flac_is_whole_after_every_sync_and_after_a_full_disk(tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    path, audio = tmp_path / "x.flac", noise(50_000)

    def held() -> np.ndarray:
        return soundfile.read(path, dtype="int32")[0]

    sound = open_sound(path, 48_000, "flac")
    sound.write(audio)
    sound.sync()
    crashed = held()
    assert 45_000 < len(crashed) <= 50_000  # the rest is in the encoder
    assert np.array_equal(crashed >> 8, whole24(audio[: len(crashed)]))
    raw = sound._disk._file

    class Full:
        """The file, without room for another byte at its end."""

        def __getattr__(self, name: str):
            return getattr(raw, name)

        def __enter__(self):
            return raw

        def __exit__(self, *_: object) -> None:
            raw.close()

        def write(self, data) -> int:
            if raw.tell() < 100:
                return raw.write(data)
            raw.write(data[:7])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sound._disk._file = Full()
    with pytest.raises(OSError, match="No space"):
        sound.write(audio)
    sound.close()
    assert sound.frames == len(crashed) and np.array_equal(held(), crashed)


def test_flac_without_its_package_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    monkeypatch.delitem(sys.modules, "legato.io.flac", raising=False)
    with pytest.raises(RecorderError, match=r"legato\[flac\]"):
        check_kind("flac")
    with pytest.raises(RecorderError, match="wav or flac"):
        check_kind("mp3")


def test_an_interrupted_file_is_not_there(tmp_path: Path) -> None:
    def blocks():
        yield noise(10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sound(tmp_path / "x.wav", blocks(), 48_000)
    assert not list(tmp_path.iterdir())


def test_a_journal_is_complete_after_every_write(tmp_path: Path) -> None:
    def held() -> list[dict]:
        return [json.loads(line) for line in (tmp_path / "x").read_text().splitlines()]

    journal = Journal(tmp_path / "x", {"a": 1}, {"end": 0})
    assert held() == [{"a": 1}, {"end": 0}]
    journal.write([{"b": 2}, {"c": 3}], {"end": 100})
    journal.write([], {"end": 99})
    assert held() == [{"a": 1}, {"b": 2}, {"c": 3}, {"end": 99}]
    put = journal._put

    def half(data: bytes) -> None:
        put(data[:5])
        if len(data) > 20:
            raise OSError(errno.ENOSPC, "the disk is full")
        put(data[5:])

    journal._put = half
    with pytest.raises(OSError, match="full"):
        journal.write([{"d": "too long for the disk"}], {"end": 200})
    journal._put = put
    journal.write([{"e": 5}], {"end": 300})
    journal.close()
    assert held() == [{"a": 1}, {"b": 2}, {"c": 3}, {"end": 99}]
