"""Rendering, labels, captions and the corpus on disk, with the built-in sounds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from legato import conditioning
from legato.config import CorpusConfig
from legato.corpus.captions import captions, held_out_captions
from legato.corpus.dataset import Corpus, build, render_clip
from legato.corpus.labels import Labels, make_labels, onset_density
from legato.corpus.render import render
from legato.corpus.score import Note, Part, Score
from legato.corpus.soundfont import SOUNDFONT_FOLDERS
from legato.corpus.voices import BuiltinVoices, CorpusError, find_soundfont, open_voices
from legato.music.model import Bar
from legato.music.theory import parse_chord, parse_key

CONFIG = CorpusConfig(clips=3, clip_seconds=4.0, held_out=1, seed=7, soundfont="builtin")


def small_score() -> Score:
    """Four bars of 4/4 at 120 bpm: drums in bars 0 and 1, a triad in all, a high lead in bar 2."""
    key = parse_key("A minor")
    chords = [parse_chord(name) for name in ("Am", "F", "C", "G")]
    bars = [
        Bar(
            i,
            4.0 * i,
            4,
            "verse",
            key,
            ((4.0 * i, chord),),
            dict.fromkeys(conditioning.FAMILIES, True),
            0.5,
            0.5,
            0.5,
        )
        for i, chord in enumerate(chords)
    ]
    drums = [Note(float(beat), 0.1, 36 if beat % 2 == 0 else 38, 100) for beat in range(8)]
    triads = [Note(4.0 * i, 4.0, 60 + tone, 80) for i, chord in enumerate(chords) for tone in chord.tones]
    lead = [Note(8.0 + i, 0.9, 84, 90) for i in range(4)]
    parts = [
        Part("kit", "drums", 0, 128, drums),
        Part("grand piano", "chords", 0, 0, triads, pan=-0.5),
        Part("flute", "lead", 73, 0, lead, pan=0.5),
    ]
    return Score(3, "lofi", "A", "minor", 4, [(0.0, 120.0)], bars, parts, 16.0)


@pytest.fixture(scope="module")
def mix() -> np.ndarray:
    return render(small_score(), BuiltinVoices(), np.random.default_rng(0), 8.0).mix


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("corpus"), CONFIG, workers=1)


def test_mix_is_stereo_at_a_sound_level_without_clipping(mix: np.ndarray):
    assert mix.shape == (8 * 48_000, 2) and mix.dtype == np.float32
    assert np.abs(mix).max() < 10 ** (-0.5 / 20)
    assert -24 < 20 * np.log10(np.sqrt(np.mean(mix**2))) < -12
    assert np.abs(mix[:, 0] - mix[:, 1]).max() > 0.01


def test_envelopes_show_which_family_sounds():
    rendered = render(small_score(), BuiltinVoices(), np.random.default_rng(0), 8.0)
    drums, bass, chords, lead = rendered.envelopes
    assert drums[:90].max() > -30 and drums[125:].max() < -60
    assert bass.max() < -100 and chords.max() > -40
    assert lead[:99].max() < -100 and lead[100:150].max() > -40


def test_a_part_without_sound_is_named():
    class Mute(BuiltinVoices):
        def play(self, notes, program, bank, samples):
            sound = super().play(notes, program, bank, samples)
            return sound * 0 if program == 73 else sound

    with pytest.raises(CorpusError, match=r"lofi.*flute.*program 73"):
        render(small_score(), Mute(), np.random.default_rng(0), 8.0)
    quiet = small_score()
    quiet.parts[1].gain = 1e-4
    with pytest.raises(CorpusError, match=r"grand piano.*inaudible"):
        render(quiet, BuiltinVoices(), np.random.default_rng(0), 8.0)


def test_every_program_and_drum_of_the_builtin_voices_sounds():
    voices = BuiltinVoices()
    note = voices.play
    from legato.corpus.voices import PlayedNote

    for program in range(0, 128, 8):
        assert np.abs(note([PlayedNote(0.0, 0.2, 60, 100)], program, 0, 9600)).max() > 0.05
    for pitch in range(35, 82):
        assert np.abs(voices.play([PlayedNote(0.0, 0.2, pitch, 100)], 0, 128, 9600)).max() > 0.1


def test_labels_say_what_the_score_plays(mix: np.ndarray):
    labels = make_labels(small_score(), mix)
    assert labels.frames == 200
    np.testing.assert_allclose(labels.beats, np.arange(200) * 0.08, atol=1e-4)
    np.testing.assert_array_equal(labels.bpm, 120.0)
    a_minor, f_major = parse_chord("Am"), parse_chord("F")
    assert set(np.flatnonzero(labels.harmony[25, :12])) == set(a_minor.tones)
    assert set(np.flatnonzero(labels.harmony[75, :12])) == set(f_major.tones)
    assert labels.harmony[75, 12 + 5] == 1 and labels.harmony[75, 12:].sum() == 1
    assert set(np.flatnonzero(labels.scale[0])) == {9, 11, 0, 2, 4, 5, 7}
    assert set(np.flatnonzero(labels.chroma[25])) == set(a_minor.tones)
    np.testing.assert_array_equal(
        labels.gates[[25, 75, 125, 175]], [[1, 0, 1, 0], [1, 0, 1, 0], [0, 0, 1, 1], [0, 0, 1, 0]]
    )
    lead = labels.notes[labels.notes[:, 0] == conditioning.FAMILIES.index("lead")]
    np.testing.assert_allclose(lead[:, 2], [100, 112.5, 125, 137.5], atol=1e-3)
    for name in ("density", "brightness", "loudness"):
        values = getattr(labels, name)
        assert values.shape == (200,) and values.min() >= 0 and values.max() <= 1
    assert labels.density[40] > labels.density[190]


def test_density_is_the_logarithm_of_the_onset_rate():
    score = small_score()
    score.parts = [replace(score.parts[1], notes=[Note(0.5 * i, 0.4, 60, 90) for i in range(32)])]
    four_a_second = onset_density(score, 200)[100]
    assert four_a_second == pytest.approx(np.log(4 / 0.5) / np.log(16 / 0.5), abs=0.02)
    chords = [replace(note, pitch=pitch) for note in score.parts[0].notes for pitch in (60, 64, 67)]
    score.parts = [replace(score.parts[0], notes=chords)]
    assert onset_density(score, 200)[100] == pytest.approx(four_a_second)
    score.tempo_map = [(0.0, 60.0)]
    assert onset_density(score, 200)[100] == pytest.approx(four_a_second - np.log(2) / np.log(32), abs=0.02)


def test_labels_follow_a_tempo_change(mix: np.ndarray):
    score = small_score()
    score.tempo_map = [(0.0, 120.0), (4.0, 60.0)]
    labels = make_labels(score, mix)
    assert labels.beats[50] == pytest.approx(4.0) and labels.beats[75] == pytest.approx(5.0)
    assert labels.bpm[49] == 120 and labels.bpm[51] == 60
    assert labels.harmony[140, 12 + 5] == 1


def test_loudness_and_brightness_follow_the_sound(mix: np.ndarray):
    labels, quiet = make_labels(small_score(), mix), make_labels(small_score(), mix * 0.1)
    np.testing.assert_allclose((labels.loudness - quiet.loudness)[:150], 20 / 42, atol=0.01)
    noise = np.random.default_rng(0).standard_normal(mix.shape).astype(np.float32) * 0.1
    assert make_labels(small_score(), noise).brightness.mean() > labels.brightness.mean() + 0.1


def test_labels_survive_the_disk(mix: np.ndarray, tmp_path: Path):
    labels = make_labels(small_score(), mix)
    labels.save(tmp_path / "x.npz")
    again = Labels.load(tmp_path / "x.npz")
    assert again.beats_per_bar == 4
    np.testing.assert_array_equal(again.notes, labels.notes)
    np.testing.assert_array_equal(again.gates, labels.gates)


def test_captions_are_many_true_and_short():
    rng = np.random.default_rng(1)
    texts = captions(small_score(), rng, 150)
    assert len(set(texts)) == 150
    assert all(1 <= len(text.split()) <= 20 and "{" not in text for text in texts)
    joined = " | ".join(texts)
    assert "120 bpm" in joined and "A minor" in joined and "flute" in joined and "no bass" in joined
    assert "no drums" not in joined and "violin" not in joined


def test_held_out_phrasings_are_kept_from_training():
    score = small_score()
    train = set(captions(score, np.random.default_rng(1), 300))
    held_out = held_out_captions(score, np.random.default_rng(1), 20)
    assert len(held_out) == 20 and not train & set(held_out)


def test_captions_do_not_name_what_plays_after_the_clip():
    assert "flute" not in " ".join(captions(small_score(), np.random.default_rng(1), 100, seconds=3.0))


def test_corpus_holds_every_clip_with_audio_labels_and_captions(corpus: Corpus):
    assert len(corpus) == 3 and len(corpus.held_out) == 1 and len(corpus.train) == 2
    assert len({clip.style for clip in corpus.clips}) == 3
    for clip in corpus.clips:
        audio, labels = clip.audio(), clip.labels()
        assert audio.dtype == np.int16 and audio.shape == (4 * 48_000, 2)
        assert labels.frames == 100 and len(clip.captions) >= 8
        assert np.sqrt(np.mean(np.square(audio.astype(float)))) > 500
        assert all(part["peak_db"] > -60 for part in clip.parts)
        assert {part["source"] for part in clip.parts} <= {"builtin", "own synthesis"}


def test_a_clip_depends_on_seed_and_index_alone(corpus: Corpus):
    audio, labels, _, record = render_clip(CONFIG, 2, BuiltinVoices())
    np.testing.assert_array_equal(audio, corpus.clips[2].audio())
    np.testing.assert_array_equal(labels.notes, corpus.clips[2].labels().notes)
    assert record["captions"] == corpus.clips[2].captions
    other, *_ = render_clip(replace(CONFIG, seed=8), 2, BuiltinVoices())
    assert not np.array_equal(audio, other)


def test_an_interrupted_build_goes_on_where_it_stopped(corpus: Corpus, tmp_path: Path):
    class Stop(Exception):
        pass

    def stop(done: int, total: int, seconds: float) -> None:
        raise Stop

    with pytest.raises(Stop):
        build(tmp_path, CONFIG, workers=1, progress=stop)
    with (tmp_path / "manifest.jsonl").open("a") as manifest:
        manifest.write('{"index": 1, "na')  # the crash came in the middle of a line
    with pytest.raises(CorpusError, match="1 of 3"):
        Corpus(tmp_path)
    assert len(Corpus(tmp_path, partial=True)) == 1
    calls: list[tuple[int, int]] = []
    again = build(
        tmp_path, CONFIG, workers=2, progress=lambda done, total, seconds: calls.append((done, total))
    )
    assert calls == [(2, 3), (3, 3)]
    for clip, expected in zip(again.clips, corpus.clips, strict=True):
        np.testing.assert_array_equal(clip.audio(), expected.audio())


def test_folders_of_other_settings_are_left_alone(corpus: Corpus, tmp_path: Path):
    with pytest.raises(CorpusError, match="another seed"):
        build(corpus.folder, replace(CONFIG, seed=9), workers=1)
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(CorpusError, match="not empty"):
        build(tmp_path, CONFIG, workers=1)
    with pytest.raises(CorpusError, match="no corpus"):
        Corpus(tmp_path)


def test_unknown_styles_and_sounds_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(CorpusError, match=r"unknown style 'polka'; there are .*lofi"):
        build(tmp_path, replace(CONFIG, styles=("polka",)), workers=1)
    with pytest.raises(CorpusError, match=r"no soundfont at /nowhere\.sf2"):
        open_voices("/nowhere.sf2")
    monkeypatch.setattr("legato.corpus.soundfont.SOUNDFONT_FOLDERS", (str(tmp_path),))
    with pytest.raises(CorpusError, match="apt package fluid-soundfont-gm"):
        open_voices("")
    damaged = tmp_path / "broken.sf2"
    damaged.write_bytes(b"not a soundfont")
    pytest.importorskip("tinysoundfont")
    with pytest.raises(CorpusError, match="not a readable soundfont"):
        open_voices(str(damaged))


def test_a_soundfont_plays_parts_independently_of_one_another():
    pytest.importorskip("tinysoundfont")
    if not any((Path(folder) / "FluidR3_GM.sf2").is_file() for folder in SOUNDFONT_FOLDERS):
        pytest.skip("no system soundfont")
    from legato.corpus.voices import PlayedNote, SoundFontVoices

    voices = SoundFontVoices(find_soundfont())
    notes = [PlayedNote(0.0, 0.4, 60, 100), PlayedNote(0.3, 0.9, 64, 80)]
    first = voices.play(notes, 48, 0, 48_000)
    voices.play([PlayedNote(0.0, 9.0, 36, 127)], 19, 0, 24_000)
    np.testing.assert_array_equal(first, voices.play(notes, 48, 0, 48_000))
    assert np.abs(first).max() > 0.01
