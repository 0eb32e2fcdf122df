import numpy as np

from legato.engine.output import CEILING, KNEE, Output, soft_limit


def tone(start, samples, level=0.5):
    t = np.arange(start, start + samples) / 48_000
    return (level * np.sin(2 * np.pi * 220 * t)).astype(np.float32)[:, None].repeat(2, 1)


def test_quiet_sound_passes_untouched_and_loud_sound_stays_bounded():
    assert np.array_equal(soft_limit(tone(0, 4800, KNEE)), tone(0, 4800, KNEE))
    loud = soft_limit(np.linspace(-5, 5, 10_001, dtype=np.float32)[:, None].repeat(2, 1))
    assert np.abs(loud).max() <= CEILING
    assert (np.diff(loud[:, 0]) >= 0).all()  # bent, never folded


def test_limited_samples_are_counted():
    output = Output(100)
    output.process(np.full((100, 2), 2.0, np.float32))
    assert output.counts.limited == 200


def test_nan_becomes_a_fade_and_sound_returns():
    output = Output(7680)
    first = output.process(tone(0, 7680))
    bad = tone(7680, 7680)
    bad[3000, 1] = np.nan
    faded = output.process(bad)
    silent = output.process(None)
    back = output.process(tone(3 * 7680, 7680))
    audio = np.concatenate([first, faded, silent, back])
    assert np.isfinite(audio).all()
    assert not silent.any() and faded[:2000].any()
    inside = np.abs(np.diff(tone(0, 4800)[:, 0])).max()
    assert np.abs(np.diff(audio[:, 0])).max() <= 1.5 * inside
    assert np.array_equal(back[480:], tone(3 * 7680, 7680)[480:])
    assert output.counts.bad_chunks == 2


def test_seams_are_seen_and_smooth_joins_are_not():
    output = Output(4800)
    output.process(tone(0, 4800))
    output.process(tone(4800, 4800))
    seams = output.counts.seams
    output.process(tone(9600 + 55, 4800))
    assert (seams, output.counts.seams) == (0, 1)
