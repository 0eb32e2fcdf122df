"""Scores a renderer and a labeller can trust: gates, harmony, tempo, determinism."""

import json
from collections import Counter
from dataclasses import replace
from itertools import islice, pairwise
from random import Random

import numpy as np
import pytest

from legato.conditioning import FAMILIES
from legato.config import FRAME_RATE
from legato.corpus.composer import compose
from legato.corpus.labels import onset_density
from legato.corpus.score import Note, Score
from legato.corpus.styles.answers import second_voice
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.corpus.styles.craft import Song
from legato.corpus.styles.density import at_density
from legato.corpus.styles.melody import melody
from legato.music.grammar import STYLES, Planner
from legato.music.model import Bar
from legato.music.theory import Key

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


def test_every_style_is_heard_sparse_and_dense():
    frames = int(8.0 * FRAME_RATE)
    for style in STYLES:
        clips = [compose(style, seed, 8.0) for seed in range(16)]
        levels = [onset_density(score, frames) for score in clips]
        low, high = np.quantile(np.concatenate(levels), (0.02, 0.98))
        assert low < 0.4 and high - low > 0.35, (style, low, high)
        assert max(np.ptp(level) for level in levels) > 0.2, style


def test_thin_bars_keep_the_strong_beats_and_busy_ones_fill_the_gaps():
    bars = list(islice(Planner(STYLES["rock"], Key(0, "major"), 1), 1))
    eighths = [Note(0.5 * step, 0.45, 60, 90) for step in range(8)]

    def starts(density: float) -> list[float]:
        song = Song(STYLES["rock"], [replace(bars[0], density=density, fill=False)], 120.0)
        return [note.start_beat for note in at_density(eighths, song, "chords", Random(1))]

    assert starts(0.05) == [0.0] and starts(0.3) == [0.0, 1.0, 2.0, 3.0]
    assert starts(0.5) == [note.start_beat for note in eighths]
    assert starts(0.95) == [0.25 * step for step in range(16)]


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


def test_metal_bass_doubles_the_riff_of_the_guitars():
    together = shared = 0
    for seed in range(6):
        score = compose("metal", seed, SECONDS, revise=lambda bars: [_with(bar, 0.5, "bc") for bar in bars])
        bass = {round(4 * n.start_beat): n.pitch for p in score.parts if p.family == "bass" for n in p.notes}
        riff: dict[int, list[int]] = {}
        for part in score.parts:
            if part.family == "chords" and part.program in (29, 30):
                for note in part.notes:
                    riff.setdefault(round(4 * note.start_beat), []).append(note.pitch)
        together += len(set(riff) & set(bass)) / len(set(riff) | set(bass))
        shared += sum(min(riff[at]) % 12 == bass[at] % 12 for at in riff if at in bass) / len(bass)
    assert together > 0.95 * 6 and shared > 0.9 * 6


@pytest.mark.parametrize("style", ["disco", "trance", "chiptune", "metal"])
def test_the_denser_the_more_onsets(style):
    def onsets(density: float) -> float:
        scores = [
            compose(style, seed, 8.0, revise=lambda bars: [_with(bar, density, "dbcl") for bar in bars])
            for seed in range(6)
        ]
        return sum(float(onset_density(score, 200).mean()) for score in scores) / len(scores)

    levels = [onsets(density) for density in (0.05, 0.25, 0.45, 0.65, 0.9)]
    assert all(busier > sparser + 0.01 for sparser, busier in pairwise(levels))


def _with(bar: Bar, density: float, letters: str) -> Bar:
    gates = {family: family[0] in letters for family in FAMILIES}
    return replace(bar, density=density, gates=gates, fill=False)


def test_a_tune_comes_back_bar_for_bar_in_its_rhythm():
    bars = list(islice(Planner(STYLES["rock"], Key(0, "major"), 3, lengths=(8,)), 32))
    bars = [replace(bar, gates=dict.fromkeys(FAMILIES, True), density=0.5) for bar in bars]
    rhythms: dict[str, list[tuple[float, ...]]] = {}
    notes = melody()(Song(STYLES["rock"], bars, 110.0), Random(4))
    for bar in bars:
        starts = [
            n.start_beat - bar.start_beat for n in notes if bar.start_beat <= n.start_beat < bar.end_beat
        ]
        rhythms.setdefault(bar.section, []).append(tuple(starts))
    for played in rhythms.values():
        assert len(set(played)) <= 0.7 * len(played)


def test_a_second_voice_answers_in_rests_or_moves_in_parallel():
    bars = list(islice(Planner(STYLES["rock"], Key(0, "major"), 3, lengths=(8,)), 8))
    bars = [replace(bar, gates=dict.fromkeys(FAMILIES, True), density=0.5) for bar in bars]
    song = Song(STYLES["rock"], bars, 110.0)
    lead = [Note(bar.start_beat + 0.5 * i, 0.45, 72 + i, 90) for bar in bars for i in range(3)]
    manners = set()
    for seed in range(12):
        added = second_voice(lead, song, Random(seed))
        together = [note for note in added if note.start_beat in {n.start_beat for n in lead}]
        manners.add("parallel" if len(together) == len(added) else "answers")
        for note in added:
            assert note in together or note.start_beat % 4 > 1.5
    assert manners == {"parallel", "answers"}
