"""Scores a renderer and a labeller can trust: gates, harmony, tempo, determinism."""

import json
from collections import Counter

import pytest

from legato.conditioning import FAMILIES
from legato.corpus.composer import compose
from legato.corpus.score import Score
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.music.grammar import STYLES

SECONDS = 16.0
SEEDS = range(4)


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    return [compose(style, seed, SECONDS) for style in STYLES for seed in SEEDS]


def test_every_style_has_a_band():
    assert list(ARRANGEMENTS) == list(STYLES)


def test_the_same_seed_gives_the_same_score_and_another_does_not():
    assert compose("jazz", 7, SECONDS) == compose("jazz", 7, SECONDS)
    assert compose("jazz", 7, SECONDS).parts != compose("jazz", 8, SECONDS).parts


def test_a_family_sounds_in_exactly_the_bars_its_gate_says(scores):
    for score in scores:
        for bar in score.bars:
            for family in FAMILIES:
                starts = [n.start_beat for p in score.parts if p.family == family for n in p.notes]
                heard = any(bar.start_beat - 0.05 <= start < bar.end_beat - 0.15 for start in starts)
                assert heard == bar.gates[family], (score.style, score.seed, bar.index, family)


def test_notes_stop_where_their_family_leaves(scores):
    for score in scores:
        for bar in score.bars:
            for part in score.parts:
                if not bar.gates[part.family]:
                    held = [n for n in part.notes if n.start_beat < bar.start_beat - 0.1]
                    assert all(n.start_beat + n.beats <= bar.start_beat + 0.07 for n in held)


def test_notes_are_playable(scores):
    for score in scores:
        assert score.parts
        for part in score.parts:
            assert part.family in FAMILIES and part.bank == (128 if part.family == "drums" else 0)
            assert 0 < part.gain <= 1.5 and -1 <= part.pan <= 1 and 0 <= part.reverb <= 1
            ends: dict[int, float] = {}
            for note in part.notes:
                assert 0 <= note.start_beat < score.beats + 0.5 and note.beats > 0
                assert 0 <= note.pitch <= 127 and 1 <= note.velocity <= 127
                assert note.start_beat >= ends.get(note.pitch, 0.0) - 1e-3
                ends[note.pitch] = note.start_beat + note.beats


def test_chords_play_the_labelled_harmony_and_other_lines_mostly_do(scores):
    inside, total = Counter(), Counter()
    for score in scores:
        for part in score.parts:
            if part.family == "drums":
                continue
            for note in part.notes:
                beat = note.start_beat + min(0.12, note.beats / 2)
                bar = score.bars[min(len(score.bars) - 1, int(beat // score.beats_per_bar))]
                total[part.family] += note.beats
                inside[part.family] += note.beats * (note.pitch % 12 in bar.chord_at(beat).tones)
    assert inside["chords"] > 0.99 * total["chords"]
    assert inside["bass"] > 0.9 * total["bass"]
    assert inside["lead"] > 0.8 * total["lead"]


def test_density_and_line_up_move_within_and_between_clips(scores):
    changing = sum(len({tuple(bar.gates.values()) for bar in score.bars}) > 1 for score in scores)
    assert changing > 0.8 * len(scores)
    busy = Counter()
    for score in scores:
        for bar in score.bars:
            level = "dense" if bar.density > 0.7 else "sparse" if bar.density < 0.35 else "middle"
            busy[f"{level} bars"] += 1
            busy[level] += sum(
                bar.start_beat <= n.start_beat < bar.end_beat for p in score.parts for n in p.notes
            )
    assert busy["dense"] / busy["dense bars"] > 1.5 * busy["sparse"] / busy["sparse bars"]


def test_beats_and_seconds_are_inverse_through_tempo_changes():
    changed = [s for s in (compose("rock", seed, SECONDS) for seed in range(40)) if len(s.tempo_map) > 1]
    assert 1 <= len(changed) <= 12
    for score in changed:
        assert score.seconds(score.beats) >= SECONDS
        for beat in (0.0, 1.3, score.tempo_map[1][0], score.beats - 0.5, score.beats + 3):
            assert score.beat(score.seconds(beat)) == pytest.approx(beat)
        assert score.bpm(score.tempo_map[-1][0] + 0.1) == score.tempo_map[-1][1]


def test_scores_survive_json():
    score = compose("quartet", 3, SECONDS)
    assert Score.from_dict(json.loads(json.dumps(score.to_dict()))) == score


def test_bad_requests_name_the_choices():
    with pytest.raises(ValueError, match="lofi"):
        compose("polka", 1, SECONDS)
    with pytest.raises(ValueError, match="above 0"):
        compose("jazz", 1, float("nan"))
