"""Clips of every kind: labels as exact as a whole band's, changes at a bar line, two scores in one."""

import numpy as np
import pytest

from legato.conditioning import FAMILIES
from legato.config import FRAME_RATE, SAMPLE_RATE
from legato.corpus.clips import SHARES, ClipKind, compose_clip, draw_kind
from legato.corpus.composer import compose
from legato.corpus.labels import make_labels
from legato.corpus.mixing import loud_rms
from legato.corpus.score import Score, after, before, join
from legato.corpus.styles.instruments import TOPS
from legato.corpus.transitions import render_composition
from legato.corpus.voices import BuiltinVoices
from legato.music.grammar import STYLES

SECONDS = 8.0


def silent_labels(score: Score):
    return make_labels(score, np.zeros((int(SECONDS * SAMPLE_RATE), 2), np.float32))


def test_kinds_come_in_their_shares():
    drawn = [draw_kind(seed) for seed in range(3000)]
    assert sum(SHARES.values()) == pytest.approx(1.0)
    for kind, share in SHARES.items():
        assert drawn.count(kind) / len(drawn) == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("kind", ClipKind)
def test_labels_of_every_kind_say_what_is_played(kind: ClipKind):
    for seed, style in enumerate(STYLES):
        score = compose_clip(style, seed, SECONDS, kind).score
        labels = silent_labels(score)
        played = sorted(
            (FAMILIES.index(part.family), note.pitch, round(score.seconds(note.start_beat) * FRAME_RATE, 2))
            for part in score.parts
            for note in part.notes
            if not part.texture and score.seconds(note.start_beat) < SECONDS
        )
        labelled = sorted((int(row[0]), int(row[1]), round(float(row[2]), 2)) for row in labels.notes)
        assert [row[:2] for row in played] == [row[:2] for row in labelled], (style, seed)
        np.testing.assert_allclose([row[2] for row in played], [row[2] for row in labelled], atol=0.02)
        sounding = {FAMILIES.index(part.family) for part in score.parts}
        assert not labels.gates[:, [i for i in range(4) if i not in sounding]].any()
        for bar in score.bars:
            frame = int(np.ceil(score.seconds(bar.start_beat) * FRAME_RATE)) + 1
            if frame < labels.frames:
                assert set(np.flatnonzero(labels.scale[frame])) == set(bar.key.scale)
                assert set(np.flatnonzero(labels.harmony[frame, :12])) == set(bar.chords[0][1].tones)


def test_partial_clips_leave_families_out_and_are_never_silent():
    counts = set()
    for seed in range(40):
        score = compose_clip("funk", seed, SECONDS, ClipKind.PARTIAL).score
        counts.add(len({part.family for part in score.parts}))
        assert silent_labels(score).gates.any(axis=1).mean() > 0.9
    assert counts == {1, 2, 3}


def test_played_clips_are_one_timbre_in_human_hands():
    pitches, families, velocities, rests = [], set(), [], 0
    for seed in range(40):
        (part,) = compose_clip("jazz", seed, SECONDS, ClipKind.PLAYED).score.parts
        families.add(part.family)
        pitches += [note.pitch for note in part.notes]
        velocities += [note.velocity for note in part.notes]
        ends = np.maximum.accumulate([note.start_beat + note.beats for note in part.notes])
        rests += np.sum(np.array([n.start_beat for n in part.notes])[1:] - ends[:-1] > 0.4)
    assert families == {"bass", "chords", "lead"} and rests > 20
    assert min(pitches) >= 36 and max(pitches) <= 96 and max(pitches) - min(pitches) > 45
    assert np.std(velocities) > 10


def test_a_player_s_notes_stay_where_the_instrument_has_sounds():
    bounded = 0
    for seed in range(60):
        (part,) = compose_clip("funk", seed, SECONDS, ClipKind.PLAYED).score.parts
        if part.program in TOPS:
            bounded += 1
            assert max(note.pitch for note in part.notes) <= TOPS[part.program]
    assert bounded > 5


def test_drums_enter_and_leave_while_the_rest_goes_on():
    entered, left = 0, 0
    for seed in range(60):
        clip = compose_clip("house", seed, SECONDS, ClipKind.CHANGE)
        early, late = (
            [{family for family, plays in bar.gates.items() if plays} for bar in score.bars]
            for score in clip.described
        )
        if early[-1] ^ late[0] == {"drums"} and clip.described[0].style == clip.described[1].style:
            with_drums = [{"drums" in gates for gates in side} for side in (early, late)]
            entered += with_drums == [{False}, {True}]
            left += with_drums == [{True}, {False}]
    assert entered >= 2 and left >= 2


def test_two_scores_join_at_a_bar_line():
    first = compose("rock", 1, SECONDS, tempo=120.0, meter=4)
    second = compose("jazz", 2, SECONDS, tempo=90.0, meter=4)
    joined = join(first, second, 8.0)
    assert joined.seconds(12.0) == pytest.approx(8 * 60 / 120 + 4 * 60 / 90)
    assert [bar.start_beat for bar in joined.bars] == [4.0 * i for i in range(len(joined.bars))]
    assert [bar.index for bar in joined.bars] == list(range(len(joined.bars)))
    assert all(
        note.start_beat + note.beats <= 8.0 for part in before(joined, 8.0).parts for note in part.notes
    )
    moved = [n.start_beat - 8.0 for part in after(joined, 8.0).parts for n in part.notes]
    assert moved == pytest.approx([n.start_beat for part in second.parts for n in part.notes])
    with pytest.raises(ValueError, match="not the start of a bar"):
        join(first, second, 6.0)
    with pytest.raises(ValueError, match="beats per bar"):
        join(first, compose("jazz", 2, SECONDS, meter=3), 8.0)


def test_changes_lie_in_the_middle_and_are_described_on_both_sides():
    kinds = set()
    for seed in range(24):
        clip = compose_clip("house", seed, SECONDS, ClipKind.CHANGE)
        assert clip.change is not None and clip.change % clip.score.beats_per_bar == 0
        assert 0.25 * SECONDS < clip.score.seconds(clip.change) < 0.75 * SECONDS
        early, late = clip.described
        old, new = early.bars[-1], late.bars[0]
        kinds.add((early.style != late.style, old.key != new.key, old.gates != new.gates))
        assert late.parts and all(n.start_beat > clip.change - 0.06 for p in late.parts for n in p.notes)
    assert len(kinds) >= 4


def test_both_sides_of_a_change_of_style_are_heard_at_their_level():
    clips = (compose_clip("funk", seed, SECONDS, ClipKind.CHANGE) for seed in range(40))
    clip = next(clip for clip in clips if len(clip.played) == 2)
    assert clip.change is not None
    rendered = render_composition(clip, BuiltinVoices(), np.random.default_rng(1), SECONDS)
    assert np.abs(rendered.mix).max() < 0.95 and len(rendered.part_db) == len(clip.score.parts)
    cut = round(clip.score.seconds(clip.change) * SAMPLE_RATE)
    difference = 20 * np.log10(loud_rms(rendered.mix[cut:]) / loud_rms(rendered.mix[:cut]))
    quiet, loud = (np.mean([bar.loudness for bar in score.bars]) for score in clip.played)
    assert difference == pytest.approx(11.0 * (loud - quiet), abs=3.0)
