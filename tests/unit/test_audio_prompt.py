"""A sound becomes prompts: what the shipped classifier makes of sounds, and that saving it loses nothing."""

from pathlib import Path

import numpy as np
import pytest

import legato
from legato.evaluation.audio_prompt import LONGEST_S, middle, prompts_for
from legato.evaluation.classifier import StyleClassifier
from legato.io.recorder import write_wav
from legato.io.sounds import SoundError
from legato.music.grammar import STYLES

RATE = 48_000
CLEAR = ("piano", "techno", "quartet", "metal", "ambient", "dnb")  # styles that nobody takes for one another


def test_music_of_a_style_is_heard_as_that_style() -> None:
    instrument, found = legato.load(), 0
    for seed, style in enumerate(CLEAR):
        take = instrument.render(STYLES[style].genres[0], 8, seed=seed)
        found += STYLES[style].genres[0] in legato.prompts_of(take.audio)
    assert found >= len(CLEAR) - 1


def test_a_file_and_its_samples_are_the_same_prompts_whatever_their_level(tmp_path: Path) -> None:
    audio_n2 = 0.1 * np.random.default_rng(0).standard_normal((4 * RATE, 2)).astype(np.float32)
    write_wav(tmp_path / "x.wav", audio_n2, RATE)
    prompts = legato.prompts_of(tmp_path / "x.wav")
    assert sum(prompts.values()) == pytest.approx(1.0, abs=0.01)
    assert list(prompts.values()) == sorted(prompts.values(), reverse=True)
    assert legato.prompts_of(0.3 * audio_n2).keys() == prompts.keys()
    legato.Controls(prompts=prompts)  # are what a performer may ask for


def test_silence_is_like_nothing() -> None:
    with pytest.raises(SoundError, match="silent"):
        legato.prompts_of(np.zeros((RATE, 2), np.float32))


def test_of_a_long_sound_the_middle_is_heard() -> None:
    audio_n2 = np.arange(100 * RATE, dtype=np.float32)[:, None].repeat(2, 1)
    heard = middle(audio_n2)
    assert len(heard) == LONGEST_S * RATE and heard[0, 0] == 40 * RATE
    assert len(middle(audio_n2[:RATE])) == RATE


def test_a_classifier_is_the_same_after_it_was_saved() -> None:
    rng = np.random.default_rng(0)
    clips = {style: [rng.normal(i, 1, (6, 200)) for _ in range(4)] for i, style in enumerate(STYLES)}
    made = StyleClassifier.fit(clips)
    again = StyleClassifier.load(made.save())
    assert again.styles == made.styles
    for style in STYLES:
        shares, found = (one.probabilities(clips[style][0]) for one in (made, again))
        assert np.allclose(shares, found, atol=1e-4)
        assert prompts_for(clips[style][0], again).get(STYLES[style].genres[0], 0) > 0.3
