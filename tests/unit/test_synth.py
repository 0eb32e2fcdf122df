"""Own synthesis: every patch and kit sounds, is in tune, repeats itself and does not alias."""

import json

import numpy as np
import pytest

from legato.config import SAMPLE_RATE
from legato.corpus.composer import compose
from legato.corpus.played import PlayedNote
from legato.corpus.render import render
from legato.corpus.score import UNPITCHED, Score
from legato.corpus.styles import drums
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.corpus.styles.instruments import name_of
from legato.corpus.synth import KITS, PATCHES, play, words
from legato.corpus.synth.analogue import Analogue, Filter, Osc
from legato.corpus.synth.tables import WAVES, table
from legato.corpus.voices import open_voices

GUARANTEED = """
saw bass,acid bass,sub bass,808 bass,reese bass,fm bass,pluck bass,square bass,supersaw,saw lead,
square lead,soft lead,fm bell,fm piano,analog pad,sweep pad,glass pad,string machine,choir pad,pluck,
trance pluck,analog brass,organ stab,house organ,chip square,chip pulse,chip triangle,karplus guitar,
karplus harp,koto pluck,talk box lead,noise riser,reverse swell,vinyl texture,rain texture,drone texture
"""
GUARANTEED_KITS = "808,909,linn,606,chip kit,lofi kit,trap kit,dnb break kit,industrial kit"
KEYS = sorted(
    value
    for name, value in vars(drums).items()
    if name.isupper() and not name.startswith("_") and isinstance(value, int)
)
SECOND = SAMPLE_RATE


def pitch_inside(name: str) -> int:
    patch = PATCHES[name]
    return min(max(57, patch.low), patch.high)


def cents_off(audio_n: np.ndarray, hz: float) -> float:
    """Distance from the strongest partial near `hz`, cents."""
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(audio_n * np.hanning(len(audio_n)), size))
    grid = np.arange(len(spectrum)) * SAMPLE_RATE / size
    near = (grid > hz * 0.95) & (grid < hz * 1.05)
    assert spectrum[near].max() > 0.02 * spectrum.max()
    return abs(1200 * np.log2(grid[near][spectrum[near].argmax()] / hz))


def test_every_guaranteed_name_is_there() -> None:
    assert set(GUARANTEED.replace("\n", "").split(",")) <= set(PATCHES)
    assert set(GUARANTEED_KITS.split(",")) == set(KITS)
    assert {name for name, patch in PATCHES.items() if not patch.pitched} == UNPITCHED
    with pytest.raises(KeyError, match="no patch or kit 'kazoo'"):
        words("kazoo")


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_sounds_and_repeats_itself(name: str) -> None:
    pitch = pitch_inside(name)
    notes = [PlayedNote(0.0, 0.4, pitch, 90), PlayedNote(0.45, 0.7, pitch + 3, 110)]
    first, again = (play(name, notes, SECOND) for _ in range(2))
    assert first.shape == (SECOND, 2) and first.dtype == np.float32
    assert np.isfinite(first).all() and np.array_equal(first, again)
    assert np.sqrt(np.mean(first[: SECOND // 2] ** 2)) > 0.01


@pytest.mark.parametrize("name", [name for name, patch in PATCHES.items() if patch.pitched])
def test_a_patch_is_in_tune(name: str) -> None:
    pitch = pitch_inside(name)
    audio = play(name, [PlayedNote(0.0, 1.5, pitch, 100)], round(1.5 * SECOND))
    steady = audio[SECOND // 2 : round(1.2 * SECOND)].sum(axis=1)
    assert cents_off(steady, 440.0 * 2 ** ((pitch - 69) / 12)) < 20


@pytest.mark.parametrize("name", KITS)
def test_every_key_of_a_kit_sounds(name: str) -> None:
    hits = [PlayedNote(0.25 * index, 0.25 * index + 0.1, key, 100) for index, key in enumerate(KEYS)]
    audio = play(name, hits, round(0.25 * len(KEYS) * SECOND))
    assert np.isfinite(audio).all() and np.array_equal(audio, play(name, hits, len(audio)))
    for index, key in enumerate(KEYS):
        hit = audio[index * SECOND // 4 :][: SECOND // 20]
        assert np.sqrt(np.mean(hit**2)) > 0.003, f"key {key}"


def test_a_harder_stroke_is_louder_and_brighter() -> None:
    def centroid_and_level(name: str, pitch: int, velocity: int) -> tuple[float, float]:
        audio = play(name, [PlayedNote(0.0, 0.3, pitch, velocity)], SECOND // 2).sum(axis=1)
        spectrum = np.abs(np.fft.rfft(audio))
        return float((spectrum * np.arange(len(spectrum))).sum() / spectrum.sum()), float(np.abs(audio).max())

    for name, pitch in (("saw bass", 40), ("fm piano", 60), ("karplus guitar", 55), ("909", 38)):
        soft, hard = centroid_and_level(name, pitch, 40), centroid_and_level(name, pitch, 120)
        assert hard[0] > soft[0] and hard[1] > 1.5 * soft[1], name


@pytest.mark.parametrize("wave", WAVES)
def test_tables_hold_no_harmonic_that_would_alias(wave: str) -> None:
    spectrum = np.abs(np.fft.rfft(table(wave, 3000.0)[:-1]))
    assert spectrum[8:].max() < 1e-5 * spectrum.max()  # the eighth would lie at 24 kHz


def test_a_high_saw_does_not_alias() -> None:
    hz = 440.0 * 2 ** ((93 - 69) / 12)
    saw = Analogue(words=("bare saw",), oscs=(Osc("saw"),), filter=Filter(touch=0.0))
    audio = saw.play([PlayedNote(0.0, 2.0, 93, 100)], SECOND)[SECOND // 20 : SECOND // 4].sum(axis=1)
    power = np.abs(np.fft.rfft(audio * np.blackman(len(audio)))) ** 2
    grid = np.fft.rfftfreq(len(audio), 1 / SAMPLE_RATE)
    harmonic = np.abs(grid / hz - np.round(grid / hz)) * hz < 40.0
    assert power[~harmonic].sum() < 1e-5 * power.sum()


def test_a_bass_glides_and_chords_stay_whole() -> None:
    line = [PlayedNote(0.0, 0.5, 31, 100), PlayedNote(0.52, 1.5, 36, 100)]
    alone = play("808 bass", line[1:], 2 * SECOND)
    after = play("808 bass", line, 2 * SECOND)
    begin = round(0.53 * SECOND)
    assert np.abs(alone[begin : begin + 2000] - after[begin : begin + 2000]).max() > 0.1
    chord = [PlayedNote(0.0, 1.0, pitch, 100) for pitch in (60, 64, 67)]
    spectrum = np.abs(np.fft.rfft(play("saw lead", chord, SECOND).sum(axis=1)))
    for note in chord:
        hz = round(440.0 * 2 ** ((note.pitch - 69) / 12))
        assert spectrum[hz - 3 : hz + 4].max() > 0.1 * spectrum[:1000].max()


def test_a_closed_hat_stops_the_open_one() -> None:
    ringing = play("909", [PlayedNote(0.0, 0.1, 46, 110)], SECOND)
    choked = play("909", [PlayedNote(0.0, 0.1, 46, 110), PlayedNote(0.1, 0.2, 42, 10)], SECOND)
    tail = slice(round(0.15 * SECOND), round(0.3 * SECOND))
    assert np.sqrt(np.mean(choked[tail] ** 2)) < 0.3 * np.sqrt(np.mean(ringing[tail] ** 2))


@pytest.mark.parametrize("style", ARRANGEMENTS)
def test_every_band_names_what_it_plays(style: str) -> None:
    for plan in ARRANGEMENTS[style].parts:
        for program in plan.programs:
            assert name_of(plan.family, program)
            assert not isinstance(program, str) or (program in KITS) == (plan.family == "drums")


def test_a_style_plays_patches_with_any_source() -> None:
    score = next(
        score
        for score in (compose("techno", seed, 4.0) for seed in range(20))
        if sum(isinstance(part.program, str) for part in score.parts) > 1
    )
    assert Score.from_dict(json.loads(json.dumps(score.to_dict()))) == score
    rendered = render(score, open_voices("builtin"), np.random.default_rng(0), 4.0)
    assert np.isfinite(rendered.mix).all() and 0.01 < np.sqrt(np.mean(rendered.mix**2)) < 0.5
