"""The mix: every style has one, effects keep level, time and the mono sum, levels follow the bars."""

from dataclasses import fields, replace

import numpy as np
import pytest

from legato.config import SAMPLE_RATE
from legato.corpus.composer import compose
from legato.corpus.labels import make_labels
from legato.corpus.mixing import colour, dynamics, filters, levels, space
from legato.corpus.render import render
from legato.corpus.score import Score
from legato.corpus.styles.mixes import DEFAULT, MIXES, Mix, mix_of
from legato.corpus.voices import BuiltinVoices
from legato.music.grammar import STYLES

SECONDS = 4.0


def clicks() -> np.ndarray:
    """Decaying noise bursts twice a second, wide."""
    rng = np.random.default_rng(0)
    samples = int(SECONDS * SAMPLE_RATE)
    since = np.arange(samples) % (SAMPLE_RATE // 2) / SAMPLE_RATE
    return (0.2 * rng.standard_normal((samples, 2)) * np.exp(-since / 0.05)[:, None]).astype(np.float32)


def onset_shift(before_n2: np.ndarray, after_n2: np.ndarray) -> float:
    """Seconds by which the energy's rises moved, from the peak of their cross-correlation."""
    rises = [
        np.maximum(0.0, np.diff(np.log(levels.block_power(x) + 1e-6), prepend=0.0))
        for x in (before_n2, after_n2)
    ]
    lags = np.arange(-20, 21)
    match = [np.roll(rises[1], -lag) @ rises[0] for lag in lags]
    return abs(int(lags[int(np.argmax(match))])) * levels.BLOCK / SAMPLE_RATE


def mixed(score: Score, seed: int = 0) -> np.ndarray:
    return render(score, BuiltinVoices(), np.random.default_rng(seed), SECONDS).mix


@pytest.mark.parametrize("style", sorted({*STYLES, *MIXES}))
def test_a_style_has_a_mix_with_sane_ranges(style: str):
    mix = mix_of(style)
    assert mix is MIXES.get(style, DEFAULT)
    assert {*mix.rooms, *mix.drum_rooms} <= set(space.ROOMS)
    for field in fields(Mix):
        value = getattr(mix, field.name)
        if field.type == "Range":
            assert value[0] <= value[1], field.name
        elif field.type == "float":
            assert 0.0 <= value <= 1.0, field.name
    assert mix.duck[1] < 1 and mix.wow[1] <= 10 and all(echo.feedback[1] <= 0.8 for echo in mix.echoes)


def test_an_unknown_style_gets_the_default():
    assert mix_of("polka") is DEFAULT


@pytest.mark.parametrize("style", ["techno", "lofi", "quartet", "reggae"])
def test_mixes_are_loud_wide_and_clean_within_bounds(style: str):
    mix_n2 = mixed(compose(style, 4, SECONDS))
    rms = np.sqrt(np.mean(mix_n2**2))
    assert np.abs(mix_n2).max() < 0.95 and np.isfinite(mix_n2).all()
    assert 8 < 20 * np.log10(np.abs(mix_n2).max() / rms) < 20
    assert -22 < filters.side_ratio(mix_n2) < -5
    assert np.abs(mix_n2.mean(axis=0)).max() < 1e-3
    np.testing.assert_array_equal(mix_n2, mixed(compose(style, 4, SECONDS)))


def test_effects_do_not_move_onsets():
    audio_n2, rng = clicks(), np.random.default_rng(1)
    effects = {
        "wow": colour.wow(audio_n2, 10.0, 4.0),
        "chorus": colour.chorus(audio_n2, 1.0),
        "saturate": colour.saturate(audio_n2, 2.0, 0.3),
        "coarse": colour.coarse(audio_n2, 8.0),
        "dust": colour.dust(audio_n2, rng, 1.0, 1.0),
        "phaser": filters.phaser(audio_n2, 0.3, 1.0),
        "balance": filters.balance(audio_n2, 1.0),
        "widen": filters.widen(audio_n2, -6.0),
        "compress": dynamics.compress(audio_n2, -6.0, 4.0),
        "punch": dynamics.punch(audio_n2, 1.0),
        "parallel": dynamics.parallel(audio_n2, 0.5),
        "limit": dynamics.limit(audio_n2, 0.4),
    }
    for name, wet_n2 in effects.items():
        assert wet_n2.dtype == np.float32 and wet_n2.shape == audio_n2.shape, name
        assert onset_shift(audio_n2, wet_n2) <= 0.003, name
        assert abs(20 * np.log10(levels.sounding_rms(wet_n2) / levels.sounding_rms(audio_n2))) < 12, name


def test_saturation_keeps_the_level():
    audio_n2 = clicks()
    wet_n2 = colour.saturate(audio_n2, 1.5)
    assert levels.sounding_rms(wet_n2) == pytest.approx(levels.sounding_rms(audio_n2), rel=0.01)
    assert np.abs(wet_n2).max() < 0.9 * np.abs(audio_n2).max()


def test_widening_leaves_the_mono_sum_and_centres_the_bass():
    mono_n2 = np.repeat(clicks()[:, :1], 2, axis=1)
    wide_n2 = filters.widen(mono_n2, -10.0)
    np.testing.assert_allclose(wide_n2.mean(axis=1), mono_n2[:, 0], atol=1e-6)
    assert filters.side_ratio(wide_n2) == pytest.approx(-10.0, abs=1.0)
    low_n2 = filters.lowpass(clicks(), 50.0)
    assert filters.side_ratio(filters.widen(low_n2, -10.0)) < filters.side_ratio(low_n2) - 8


def test_echoes_come_in_time_and_swap_sides():
    send_n = np.zeros(SAMPLE_RATE, np.float32)
    send_n[100] = 1.0
    echoes_n2 = np.abs(space.echo(send_n, 0.25, 0.5, bounce=True))
    first, second = 100 + SAMPLE_RATE // 4, 100 + SAMPLE_RATE // 2
    assert echoes_n2[: first - 1].max() == 0.0
    assert echoes_n2[first - 5 : first + 50, 0].max() > 0.5 and echoes_n2[: second - 5, 1].max() == 0.0
    assert echoes_n2[second - 5 : second + 50, 1].max() > 0.05


@pytest.mark.parametrize("kind", space.ROOMS)
def test_rooms_die_away(kind: str):
    response_m2 = space.room(np.random.default_rng(0), kind, 1.0)
    np.testing.assert_allclose(np.square(response_m2).sum(axis=0), 1.0, rtol=1e-3)
    half = len(response_m2) // 2
    assert np.square(response_m2[half:]).sum() < 0.1 * np.square(response_m2[:half]).sum()


def test_pumping_returns_before_the_next_kick():
    gain_n = dynamics.pump([0.0, 0.5], SAMPLE_RATE, 0.6, 0.4)
    assert gain_n[int(0.01 * SAMPLE_RATE)] < 0.45
    assert gain_n[int(0.45 * SAMPLE_RATE)] == 1.0 and gain_n[int(0.51 * SAMPLE_RATE)] < 0.45


@pytest.mark.parametrize("level", ["brightness", "loudness"])
def test_labels_rise_with_the_bars_they_were_planned_for(level: str):
    score = compose("house", 2, SECONDS)
    means = []
    for value in (0.1, 0.5, 0.9):
        score.bars = [replace(bar, **{level: value}) for bar in score.bars]
        means.append(float(getattr(make_labels(score, mixed(score)), level).mean()))
    assert means[0] + 0.05 < means[1] < means[2] - 0.05
