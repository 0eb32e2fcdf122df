"""Every measure on signals whose answer is known."""

import numpy as np
import pytest

from legato.evaluation import control, drift, quality, rhythm, seams, spectra
from legato.evaluation.statistics import auc, bootstrap, rank_correlation

RATE = 48_000


def clicks(bpm: float, seconds: float, *, late: float = 0.0, seed: int = 0) -> np.ndarray:
    """Decaying noise bursts on the beat over a quiet floor."""
    rng = np.random.default_rng(seed)
    x = 1e-3 * rng.standard_normal(int(seconds * RATE)).astype(np.float32)
    burst = rng.standard_normal(2400).astype(np.float32) * np.exp(-np.arange(2400) / 400).astype(np.float32)
    for start in np.arange(late, seconds - 0.06, 60 / bpm):
        n = round(start * RATE)
        x[n : n + 2400] += 0.5 * burst
    return x


def tones(pitches: list[int], seconds: float, harmonics: int = 4) -> np.ndarray:
    """Sustained notes with falling harmonics."""
    t = np.arange(int(seconds * RATE)) / RATE
    hz = [440 * 2 ** ((p - 69) / 12) for p in pitches]
    wave = [np.sin(2 * np.pi * f * k * t) / k**2 for f in hz for k in range(1, harmonics + 1)]
    return (0.1 * np.sum(wave, 0)).astype(np.float32)


def music(seconds: float, seed: int = 1) -> np.ndarray:
    """Clicks over a chord: something with both transients and pitch."""
    return 0.5 * clicks(120, seconds, seed=seed) + tones([57, 60, 64], seconds)


# rhythm


@pytest.mark.parametrize("bpm", [72.0, 97.3, 128.0, 174.0])
def test_tempo_of_a_click_train_is_found_within_half_a_percent(bpm: float) -> None:
    measured = rhythm.tempo(rhythm.onset_strength(clicks(bpm, 16)))
    error, factor = rhythm.tempo_error(measured, bpm)
    assert error < 0.005
    assert factor in (0.5, 1.0, 2.0)


def test_tempo_error_forgives_octaves_only() -> None:
    assert rhythm.tempo_error(60, 120) == (0.0, 0.5)
    assert rhythm.tempo_error(240, 120) == (0.0, 2.0)
    assert rhythm.tempo_error(90, 120)[0] == pytest.approx(0.25)
    assert np.isnan(rhythm.tempo_error(float("nan"), 120)[0])


def test_silence_has_no_tempo() -> None:
    assert np.isnan(rhythm.tempo(rhythm.onset_strength(np.zeros(RATE * 8, np.float32))))


def test_beat_lock_sees_the_commanded_beat_and_how_late_onsets_fall() -> None:
    onset = rhythm.onset_strength(clicks(120, 16, late=0.04))
    beats = rhythm.beat_grid(120, len(onset))
    lock = rhythm.beat_lock(onset, beats, bpm=120, subdivisions=(1,))
    assert lock.lock > 0.9
    assert lock.late_ms == pytest.approx(40, abs=8)
    assert rhythm.mismatched_lock(onset, beats, bpm=120) < 0.4 * lock.lock


def test_beat_lock_of_eighth_notes_is_found_at_two_points_per_beat() -> None:
    onset = rhythm.onset_strength(clicks(200, 16))
    lock = rhythm.beat_lock(onset, rhythm.beat_grid(100, len(onset)), bpm=100)
    assert (lock.subdivision, round(lock.lock, 1)) in {(2, 1.0), (2, 0.9), (4, 0.9)}


def test_noise_does_not_lock() -> None:
    noise = np.random.default_rng(0).standard_normal(16 * RATE).astype(np.float32)
    onset = rhythm.onset_strength(noise)
    assert rhythm.beat_lock(onset, rhythm.beat_grid(120, len(onset)), bpm=120).lock < 0.15


def test_onset_strength_ignores_gain() -> None:
    x = music(6) + 0.02 * np.random.default_rng(0).standard_normal(6 * RATE).astype(np.float32)
    assert quality.onset_ratio(0.5 * x, x) == pytest.approx(1, abs=0.03)


# control


def test_chroma_of_a_chord_is_its_tones() -> None:
    total = control.chroma(tones([57, 60, 64], 4, harmonics=1)).sum(0)
    assert set(np.argsort(total)[-3:]) == {9, 0, 4}
    assert total[[9, 0, 4]].sum() > 0.95 * total.sum()


def test_following_changes_of_chord_frame_by_frame() -> None:
    sound = np.concatenate([tones([57, 60, 64], 4), tones([55, 59, 62], 4)])
    am, g = np.zeros(12), np.zeros(12)
    am[[9, 0, 4]] = g[[7, 11, 2]] = 1
    c = control.chroma(sound)
    right = np.repeat([am, g], len(c) // 2, axis=0)
    assert control.following(c, right) > 0.8
    assert control.following(c, right[::-1]) < 0.1
    assert np.isnan(control.following(c, np.zeros(12)))


def test_the_commanded_key_ranks_first_among_its_transpositions() -> None:
    a_minor = np.zeros(12)
    a_minor[[9, 11, 0, 2, 4, 5, 7]] = 1
    scale = np.concatenate([tones([p], 0.5) for p in (57, 59, 60, 62, 64, 65, 67, 69)])
    c = control.chroma(scale + 0.2 * clicks(120, len(scale) / RATE))
    own, chance, rank = control.transposed(lambda target: control.key_cosine(c, target), a_minor)
    assert rank == 1
    assert own > 0.7
    assert chance < 0.1


def test_brightness_density_and_loudness_order_known_signals() -> None:
    assert control.brightness(tones([81], 2)) > control.brightness(tones([45], 2))
    assert control.density(clicks(240, 8)) == pytest.approx(4, abs=0.3)
    assert control.density(clicks(60, 8)) == pytest.approx(1, abs=0.3)
    assert control.loudness(0.5 * music(2)) == pytest.approx(control.loudness(music(2)) - 6.02, abs=0.01)


def test_gate_signals_tell_their_family() -> None:
    chord, low = tones([57, 60, 64], 4), tones([33], 4)
    with_drums, with_bass = chord + clicks(120, 4), chord + low
    assert control.gate_signal(with_drums, "drums") > 3 * control.gate_signal(chord, "drums")
    assert control.gate_signal(with_bass, "bass") > control.gate_signal(chord, "bass") + 10
    assert control.gate_signal(with_bass, "chords") > control.gate_signal(low, "chords") + 10
    with pytest.raises(ValueError, match="drums, bass, chords, lead"):
        control.gate_signal(chord, "vocals")


# statistics


def test_auc_and_rank_correlation() -> None:
    assert auc(np.array([2, 3]), np.array([0, 1])) == 1
    assert auc(np.array([1, 1]), np.array([1, 1])) == 0.5
    assert rank_correlation(np.arange(5), np.arange(5) ** 3) == pytest.approx(1)
    assert np.isnan(rank_correlation(np.ones(5), np.arange(5)))


def test_bootstrap_covers_the_mean_and_repeats() -> None:
    values = np.random.default_rng(0).normal(3, 1, 200)
    first = bootstrap(values)
    assert first.low < 3 < first.high
    assert first.high - first.low == pytest.approx(4 / np.sqrt(200), rel=0.2)
    assert bootstrap(values) == first
    assert np.isnan(bootstrap([]).value)


# quality


def test_blur_ratios_see_what_was_taken_away() -> None:
    rng = np.random.default_rng(0)
    z = rng.standard_normal((2, 100, 8))
    smooth = (z + np.roll(z, 1, 1)) / 2
    assert quality.delta_energy_ratio(smooth, z) == pytest.approx(0.25, abs=0.03)
    noise = rng.standard_normal(4 * RATE).astype(np.float32)
    assert quality.high_band_ratio(0.5 * noise, noise) == pytest.approx(0.25, abs=0.01)
    assert quality.high_band_ratio(tones([57], 4), noise) < 1e-4


def test_map_fidelity() -> None:
    z = np.random.default_rng(0).standard_normal((4, 50, 8))
    assert quality.r2(z, z) == 1
    assert quality.r2(np.zeros_like(z), z) == pytest.approx(0, abs=0.01)
    loud = np.random.default_rng(0).standard_normal(2 * RATE).astype(np.float32)
    assert quality.log_mel_distance(loud, 0.5 * loud) == pytest.approx(6.02, abs=0.05)
    assert quality.diversity([music(2), music(2)]) == 0


# seams


def test_planted_seams_are_found_and_their_absence_too() -> None:
    chunk = 7680
    rng = np.random.default_rng(0)
    clean = music(12) + 0.01 * rng.standard_normal(12 * RATE).astype(np.float32)
    quiet = seams.seams(clean, chunk, offset=960)
    assert quiet.flux_ratio == pytest.approx(1, abs=0.15)
    assert quiet.click_ratio == pytest.approx(1, abs=0.3)
    jumped = clean.copy()
    for k, start in enumerate(range(960, len(clean), chunk)):
        jumped[start : start + chunk] += 0.1 * (-1) ** k
    assert seams.seams(jumped, chunk, offset=960).click_ratio > 2
    stitched = clean.copy()
    for start in range(960, len(clean), 2 * chunk):
        stitched[start : start + chunk] *= 0.25
    assert seams.seams(stitched, chunk, offset=960).flux_ratio > 1.3
    with pytest.raises(ValueError, match="at least 4"):
        seams.seams(clean[:chunk], chunk)


# drift and loudness


def test_loudness_of_the_standard_reference_tone() -> None:
    t = np.arange(5 * RATE) / RATE
    sine = np.sin(2 * np.pi * 997 * t)
    assert spectra.lufs(sine) == pytest.approx(-3.01, abs=0.1)  # as the standard defines it
    assert spectra.lufs(np.stack([sine, sine], 1)) == pytest.approx(0.0, abs=0.1)
    assert spectra.lufs(np.zeros(RATE)) == -100


def test_planted_drift_is_measured() -> None:
    seconds = 60
    rng = np.random.default_rng(0)
    steady = 0.1 * rng.standard_normal(seconds * RATE).astype(np.float32)
    figures = drift.drift(steady, rng.standard_normal((seconds * 25, 4)))
    assert abs(figures["loudness_db_per_minute"]) < 0.1
    assert figures["silence_share"] == 0
    assert figures["repetition"] < 0.3
    assert abs(figures["latent_std_per_minute"]) < 0.05
    fade = 10 ** (-12 * np.arange(len(steady)) / len(steady) / 20)
    fading = drift.drift((steady * fade).astype(np.float32))
    assert fading["loudness_db_per_minute"] == pytest.approx(-12, abs=0.3)
    assert fading["loudness_range_db"] > 6
    assert fading["minute_deviation_db"] == pytest.approx(4, abs=0.1)  # thirds: -2, -6 and -10 dB


def test_a_frozen_loop_and_silence_are_seen() -> None:
    phrase = 0.1 * np.random.default_rng(0).standard_normal(3 * RATE).astype(np.float32)
    figures = drift.drift(np.tile(phrase, 9), window=9)
    assert figures["repetition"] > 0.95
    assert drift.silence_share(np.concatenate([phrase, np.zeros_like(phrase)])) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="three windows"):
        drift.drift(phrase)
