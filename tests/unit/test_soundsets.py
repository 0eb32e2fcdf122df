"""Further sound sets: drawn by seed, level with the first, passed over where silent, told when missing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from legato.config import SAMPLE_RATE, CorpusConfig, load_config
from legato.corpus import synth
from legato.corpus.blend import GOAL_DB, Blend
from legato.corpus.dataset import build
from legato.corpus.played import PlayedNote
from legato.corpus.sampled import BASSES, HITS, TEXTURES, Samples
from legato.corpus.sets import SETS, SoundSet, installed
from legato.corpus.soundfont import SoundFontVoices
from legato.corpus.synth.machine import VOICES
from legato.corpus.voices import BuiltinVoices, CorpusError, open_voices

LINE = [PlayedNote(0.5 * i, 0.5 * i + 0.4, pitch, 90) for i, pitch in enumerate((48, 55, 62))]


class Font(SoundFontVoices):
    """A soundfont of sines: of a level, silent above a pitch."""

    def __init__(self, name: str, level_db: float, top: int = 127) -> None:
        self.name, self._level, self._top, self._levels = name, 10 ** (level_db / 20), top, {}

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        out = np.zeros((samples, 2), np.float32)
        for note in notes:
            if note.pitch <= self._top:
                at, end = round(note.start * SAMPLE_RATE), min(samples, round(note.end * SAMPLE_RATE))
                hz = 440 * 2 ** ((note.pitch - 69) / 12)
                wave = np.sqrt(2) * self._level * np.sin(2 * np.pi * hz * np.arange(end - at) / SAMPLE_RATE)
                out[at:end] += wave[:, None].astype(np.float32)
        return out


def blend(main: Font, other: Font) -> Blend:
    made = Blend(main, {})
    made.further = [other]
    return made


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file the tables name: decaying tones and noises, silence before them."""
    soundfile = pytest.importorskip("soundfile")
    folder = tmp_path_factory.mktemp("samples")
    files = {spec.partition(":")[0] for hits in HITS.values() for spec in " ".join(hits.values()).split()}
    rng = np.random.default_rng(1)
    seconds = np.arange(44_100) / 44_100
    for file in files:
        hit = (np.sin(900 * seconds) + 0.2 * rng.standard_normal(44_100)) * np.exp(-seconds / 0.12) * 0.4
        if file.startswith("loop"):
            hit = np.tile(hit[: 44_100 // 16], 16)
        soundfile.write(folder / f"{file}.flac", np.concatenate([np.zeros(400), hit]), 44_100)
    for basses in BASSES.values():
        for file, root in basses:
            tone = 0.5 * np.sin(2 * np.pi * root * np.arange(3 * 44_100) / 44_100)
            soundfile.write(folder / f"{file}.flac", np.stack([tone, tone], 1), 44_100)
    for file in TEXTURES.values():
        soundfile.write(folder / f"{file}.flac", 0.01 * rng.standard_normal((44_100, 2)), 44_100)
    return folder


def test_a_missing_set_is_told_with_its_package_or_refused(monkeypatch: pytest.MonkeyPatch):
    gone = SoundSet(("/nowhere/at.sf3",), "musescore-general-soundfont-small", "MIT")
    monkeypatch.setitem(SETS, "musescore", gone)
    told: list[str] = []
    assert installed(["musescore"], told=told.append) == {}
    assert len(told) == 1 and "install the apt package musescore-general-soundfont-small" in told[0]
    assert isinstance(open_voices("builtin", ["musescore"]), BuiltinVoices)
    with pytest.raises(CorpusError, match=r"'musescore' is missing.*apt package.*corpus\.sets"):
        open_voices("builtin", ["musescore"], strict=True)
    with pytest.raises(CorpusError, match=r"unknown sound set 'kazoo'; there are musescore, sonic-pi"):
        installed(["kazoo"])


def test_the_small_preset_names_known_sets_and_the_test_preset_none():
    assert set(load_config("small").corpus.sets) == set(SETS)
    assert load_config("test").corpus.sets == ()


def test_parts_are_shared_among_the_sets_by_seed_alone():
    voices = blend(Font("first", -20.0), Font("second", -40.0))

    def cast(seed: int) -> list[str]:
        band = voices.band(seed)
        return [band.player(LINE, 0, 0).name for _ in range(4)]

    drawn = [cast(seed) for seed in range(200)]
    assert drawn == [cast(seed) for seed in range(200)]
    assert {name for names in drawn for name in names} == {"first", "second"}
    assert 0.2 < np.mean([name == "second" for names in drawn for name in names]) < 0.4
    assert 0.3 < np.mean([set(names) == {"first"} for names in drawn]) < 0.55
    assert any(len(set(names)) == 2 for names in drawn)


def test_every_set_plays_at_one_level():
    voices = blend(Font("first", -18.0), Font("second", -41.0))
    heard = {}
    for seed in range(40):
        player = voices.band(seed).player(LINE, 0, 0)
        audio = player.play(LINE, 0, 0, SAMPLE_RATE // 4)
        heard[player.name] = 20 * np.log10(np.sqrt(np.mean(audio**2)))
    assert set(heard) == {"first", "second"}
    assert list(heard.values()) == pytest.approx([GOAL_DB, GOAL_DB], abs=0.5)


def test_a_near_silent_preset_is_passed_over_and_one_that_ends_too_low_is_replaced():
    def cast(main: Font, other: Font) -> set[str]:
        voices = blend(main, other)
        return {voices.band(seed).player(LINE, 0, 0).name for seed in range(30)}

    assert cast(Font("first", -20.0), Font("mute", -60.0)) == {"first"}
    assert cast(Font("first", -20.0), Font("short", -20.0, top=60)) == {"first"}
    assert cast(Font("short", -20.0, top=60), Font("second", -20.0)) == {"second"}
    assert cast(Font("short", -20.0, top=60), Font("shorter", -20.0, top=50)) == {"short"}


def test_a_sampled_machine_keeps_balance_and_time_of_the_machine_it_stands_for(recordings: Path):
    samples = Samples(recordings)
    kick, snare = (PlayedNote(0.25, 0.3, VOICES[voice][0], 110) for voice in ("kick", "snare"))
    for name in HITS:
        player = samples.player(name, [kick, snare], 0.4)
        assert player is not None and player.name == "sonic-pi-samples"
        for note in (kick, snare):
            audio = player.play([note], name, 128, SAMPLE_RATE * 2 // 3)
            assert np.array_equal(audio, player.play([note], name, 128, len(audio)))
            machine = synth.play(name, [note], len(audio))
            assert not np.array_equal(audio, machine)
            energy, wanted = (np.square(sound).sum() for sound in (audio, machine))
            assert abs(10 * np.log10(energy / wanted)) < 3.0, (name, note)
            loud = np.flatnonzero(np.abs(audio).max(1) > 0.05 * np.abs(audio).max())
            assert abs(loud[0] - 0.25 * SAMPLE_RATE) < 0.004 * SAMPLE_RATE
    drawn = [samples.player("909", [kick, snare], draw) for draw in (0.0, 0.3, 0.6, 0.9)]
    sounds = [one.play([kick, snare], "909", 128, SAMPLE_RATE // 2).tobytes() for one in drawn if one]
    assert len(set(sounds)) > 1


def test_a_bass_recording_is_in_tune_and_leaves_notes_beyond_it_to_synthesis(recordings: Path):
    samples = Samples(recordings)
    for name, choices in BASSES.items():
        for index, _ in enumerate(choices):
            notes = [PlayedNote(0.0, 0.9, 40, 100)]
            player = samples.player(name, notes, (index + 0.5) / len(choices))
            assert player is not None
            mono = player.play(notes, name, 0, SAMPLE_RATE)[:, 0]
            spectrum = np.abs(np.fft.rfft(mono[4800:38_400] * np.hanning(33_600), 1 << 18))
            hz = spectrum.argmax() * SAMPLE_RATE / (1 << 18)
            assert abs(1200 * np.log2(hz / 82.407)) < 15
        assert samples.player(name, [PlayedNote(0.0, 0.5, 72, 100)], 0.0) is None
        assert samples.player(name, [PlayedNote(0.0, 9.0, 48, 100)], 0.0) is None
    bed = [PlayedNote(0.0, 2.0, 60, 90)]
    noise = samples.player("vinyl texture", bed, 0.0)
    assert noise is not None
    assert np.abs(noise.play(bed, "vinyl texture", 0, 2 * SAMPLE_RATE)[-9600:]).max() > 0.01
    assert samples.player("fm bell", bed, 0.0) is None


def test_the_tables_name_real_machines_patches_and_voices():
    assert set(HITS) <= set(synth.KITS) and set(BASSES) | set(TEXTURES) <= set(synth.PATCHES)
    assert all(set(hits) <= set(VOICES) and {"kick", "snare"} <= set(hits) for hits in HITS.values())


def test_samples_join_the_blend_for_machines_alone(recordings: Path, monkeypatch: pytest.MonkeyPatch):
    here = SoundSet((str(recordings),), "sonic-pi-samples", "CC0", samples=True)
    monkeypatch.setitem(SETS, "sonic-pi", here)
    voices = open_voices("builtin", ["sonic-pi"])
    assert voices.name == "builtin + sonic-pi-samples"
    machines = {voices.band(seed).player(LINE, "909", 128).name for seed in range(20)}
    assert machines == {"sonic-pi-samples", "own synthesis"}
    assert {voices.band(seed).player(LINE, 0, 0).name for seed in range(20)} == {"builtin"}


def test_a_corpus_begun_with_other_sounds_is_not_gone_on_with(tmp_path: Path):
    config = CorpusConfig(clips=2, clip_seconds=2.0, held_out=0, styles=("folk",), soundfont="builtin")
    settings = {"format": 1, **json.loads(json.dumps(asdict(config)))}
    del settings["sets"], settings["strict_sets"]  # as a folder from before there were any
    (tmp_path / "corpus.json").write_text(json.dumps(settings))
    record = {"index": 0, "renderer": "builtin + sonic-pi-samples"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(record) + "\n")
    with pytest.raises(CorpusError, match=r"begun with the sounds builtin \+ sonic-pi-samples, now"):
        build(tmp_path, config, workers=1)
