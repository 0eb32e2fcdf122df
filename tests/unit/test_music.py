"""Keys, chords and the endless planner."""

import json
from itertools import islice, pairwise
from random import Random

import pytest

from legato.conditioning import FAMILIES
from legato.music.grammar import STYLES, Planner, draw_key, draw_tempo, plan_bars
from legato.music.model import Bar
from legato.music.theory import (
    MODES,
    QUALITIES,
    Chord,
    Key,
    chord_scale,
    diatonic,
    parse_chord,
    parse_key,
    roman,
)


@pytest.mark.parametrize(
    ("text", "root", "mode"),
    [
        ("C", 0, "major"),
        ("Am", 9, "minor"),
        ("A minor", 9, "minor"),
        ("F# minor", 6, "minor"),
        ("Bb dorian", 10, "dorian"),
        ("e harmonic minor", 4, "harmonic minor"),
        (" G  Mixolydian ", 7, "mixolydian"),
        ("Cb major", 11, "major"),
    ],
)
def test_keys_are_read_as_players_write_them(text, root, mode):
    assert parse_key(text) == Key(root, mode)


@pytest.mark.parametrize("text", ["", "H minor", "A sad", "12", "A" * 500, "C#b#b# minor"])
def test_a_bad_key_is_refused_in_one_sentence(text):
    with pytest.raises(ValueError) as refused:
        parse_key(text)
    assert "key" in str(refused.value) and len(str(refused.value)) < 300


@pytest.mark.parametrize("text", ["Am13b5", "X", "", "C/E/G"])
def test_a_bad_chord_names_the_valid_choices(text):
    with pytest.raises(ValueError, match="chord"):
        parse_chord(text)


def test_names_and_symbols_round_trip():
    for root in range(12):
        for mode in MODES:
            assert parse_key(Key(root, mode).name) == Key(root, mode)
        for quality in QUALITIES:
            assert parse_chord(Chord(root, quality).name) == Chord(root, quality)


def test_tones_and_scales():
    assert parse_chord("Am7").tones == (9, 0, 4, 7)
    assert parse_key("D dorian").scale == (2, 4, 5, 7, 9, 11, 0)
    assert roman("V7", parse_key("A minor")) == parse_chord("E7")
    assert roman("bVImaj7", parse_key("C minor")) == parse_chord("Abmaj7")
    assert roman("ii7b5", parse_key("C")) == parse_chord("Dm7b5")
    assert diatonic(parse_key("C"), 4, seventh=True) == parse_chord("G7")
    over_e7 = chord_scale(parse_key("A minor"), parse_chord("E7"))
    assert 8 in over_e7 and 7 not in over_e7  # G sharp, not G


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_style_plans_in_every_mode_and_metre(style):
    for mode in MODES:
        for meter in (2, 3, 5, 7):
            for bar in islice(Planner(style, Key(3, mode), 1, meter=meter), 12):
                spans = bar.spans()
                assert spans[0][0] == bar.start_beat and spans[-1][1] == bar.end_beat
                assert all(end > start for start, end, _ in spans)
                assert set(bar.gates) == set(FAMILIES) and any(bar.gates.values())
                assert all(0 <= level <= 1 for level in (bar.density, bar.brightness, bar.loudness))
                assert Bar.from_dict(json.loads(json.dumps(bar.to_dict()))) == bar


def test_bars_follow_one_another_endlessly_and_change():
    style = STYLES["house"]
    bars = list(islice(plan_bars(style, Key(0, "minor"), Random(1)), 200))
    assert all(b.start_beat == a.end_beat and b.index == a.index + 1 for a, b in pairwise(bars))
    assert len({bar.section for bar in bars}) >= 4
    assert len({tuple(bar.gates.values()) for bar in bars}) >= 4


def test_the_same_seed_plans_the_same_and_another_does_not():
    style = STYLES["jazz"]
    first, again, other = (list(islice(Planner(style, Key(0, "major"), seed), 40)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("cut", [0, 1, 7, 23])
def test_a_planner_resumes_from_its_snapshot(cut):
    planner = Planner(STYLES["funk"], Key(2, "dorian"), 5, vary=0.3, lengths=(2, 3))
    list(islice(planner, cut))
    resumed = Planner.restore(json.loads(json.dumps(planner.snapshot())))
    assert list(islice(planner, 30)) == list(islice(resumed, 30))


def test_key_and_style_may_change_between_bars():
    planner = Planner(STYLES["rock"], Key(0, "major"), 3)
    before = planner.next()
    planner.key, planner.style = Key(9, "minor"), STYLES["techno"]
    after = [planner.next() for _ in range(4)]
    assert after[0].start_beat == before.end_beat
    assert all(bar.key == Key(9, "minor") and bar.section in STYLES["techno"].sections for bar in after)


def test_styles_cover_tempos_keys_and_line_ups():
    assert len(STYLES) >= 12
    assert min(style.tempo[0] for style in STYLES.values()) <= 62
    assert max(style.tempo[1] for style in STYLES.values()) >= 176
    rng = Random(0)
    tempos = [draw_tempo(style, rng, 0.5) for style in STYLES.values() for _ in range(50)]
    assert min(tempos) >= 60 and max(tempos) <= 180
    assert {draw_key(STYLES["house"], rng).root for _ in range(300)} == set(range(12))


def test_sections_turn_around_towards_the_tonic():
    bars = list(islice(Planner(STYLES["rock"], Key(9, "minor"), 4), 400))
    last = [a for a, b in pairwise(bars) if a.section != b.section]
    leading = [bar for bar in last if {"E7", "G"} & {chord.name for _, chord in bar.chords}]
    assert len(leading) > 0.25 * len(last)
    for bar in last:
        foreign = {tone for _, chord in bar.chords for tone in chord.tones} - set(bar.key.scale)
        assert foreign <= {8}  # the leading note


def test_modulations_move_scale_and_chords_together_and_come_home():
    home = Key(0, "major")
    bars = list(islice(Planner(STYLES["rock"], home, 2, modulate=1.0), 300))
    keys = {bar.key for bar in bars}
    assert home in keys and len(keys) > 1
    assert all(bar.section == "chorus" for bar in bars if bar.key.root in (1, 2))
    moved = next(bar for bar in bars if bar.key.root in (1, 2))
    shift = moved.key.root
    plain = list(islice(Planner(STYLES["rock"], home, 2), 300))[moved.index]
    assert [(c.root + shift) % 12 for _, c in plain.chords] == [c.root for _, c in moved.chords]
    assert {bar.key for bar in islice(Planner(STYLES["rock"], home, 2), 300)} == {home}


def test_build_ups_rise_to_their_goal_and_end():
    bars = list(islice(Planner(STYLES["techno"], Key(0, "minor"), 1), 400))
    for a, b in pairwise(bars):
        if a.build:
            assert b.build > a.build or ((a.build == 1.0 and not b.build) or b.section != a.section)
    assert any(bar.build == 1.0 and not bar.gates["drums"] for bar in bars)
    assert any(bar.build == 1.0 and bar.gates["drums"] for bar in bars)
