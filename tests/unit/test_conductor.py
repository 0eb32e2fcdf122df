import numpy as np
import pytest

from legato.conditioning import FAMILIES, GROUPS, given
from legato.control.conductor import GLIDE, Conductor
from legato.control.hints import Hints
from legato.control.mapping import SLEW, Mapper
from legato.control.state import Controls
from legato.engine.fake import CounterModel
from legato.music.grammar import STYLES
from legato.music.levels import asked_level, part_level
from legato.music.theory import parse_key

MODEL = CounterModel()
STYLE_VECTORS = MODEL.styles


def mapper(**controls):
    asked = Controls(**{"prompts": "techno", **controls})
    return Mapper(STYLE_VECTORS, asked, MODEL.embed(asked.prompts)), asked


def group(cond, name):
    return cond[:, GROUPS[name].slice]


def beats(cond):
    """Beat phase and tempo of each frame."""
    values = group(cond, "beat")
    return np.arctan2(values[:, 0], values[:, 1]) / (2 * np.pi) % 1.0, 120.0 * 2.0 ** values[:, 4]


@pytest.mark.parametrize("style", sorted(STYLES))
def test_plan_fits_the_nearest_style(style):
    conductor = Conductor(STYLE_VECTORS, 3, MODEL.embed({style: 1.0}))
    low, high = STYLES[style].tempo
    assert conductor.style == style
    assert low <= conductor.tempo <= high
    for bar in conductor.plan_ahead(8):
        assert bar.key.mode in STYLES[style].modes
        assert bar.section in STYLES[style].sections
        assert not any(bar.gates[family] for family in FAMILIES if family[0] not in STYLES[style].families)


def test_plan_ahead_is_what_comes_and_depends_on_the_seed_alone():
    prompt = MODEL.embed({"house": 1.0})
    conductor, twin, other = (Conductor(STYLE_VECTORS, seed, prompt) for seed in (5, 5, 6))
    plan = conductor.plan_ahead(12)
    assert [twin.bar, *(twin.advance() for _ in range(11))] == plan
    assert other.plan_ahead(12) != plan
    assert [bar.index for bar in plan] == list(range(12))


def test_snapshot_of_the_conductor_goes_on_exactly():
    conductor = Conductor(STYLE_VECTORS, 5, MODEL.embed({"jazz": 1.0}))
    conductor.advance()
    state = conductor.snapshot()
    expected = [conductor.advance() for _ in range(20)]
    twin = Conductor.restore(STYLE_VECTORS, state)
    assert [twin.advance() for _ in range(20)] == expected


def test_new_prompt_is_followed_at_the_next_bar():
    m, asked = mapper(prompts="ambient")
    m.frames(asked, 30)
    before = m.conductor.bar
    m.follow(asked.steer(prompts="dnb"), MODEL.embed({"dnb": 1.0}))
    assert m.conductor.bar == before
    while m.conductor.bar == before:
        m.frames(asked, 1)
    assert m.conductor.style == "dnb"
    assert m.conductor.bar.index == before.index + 1
    low, high = STYLES["dnb"].tempo
    assert low <= m.conductor.tempo <= high


def test_key_stays_as_near_as_the_new_style_allows():
    conductor = Conductor(STYLE_VECTORS, 1, MODEL.embed({"techno": 1.0}))
    conductor.set_key(parse_key("D dorian"))
    conductor.follow(MODEL.embed({"piano": 1.0}), 1, Hints())
    key = conductor.advance().key
    assert len(set(key.scale) & set(parse_key("D dorian").scale)) >= 6


def test_tempo_glides_to_another_style_and_jumps_when_commanded():
    m, asked = mapper(prompts="ambient")
    m.frames(asked, 1)
    slow = m.bpm
    m.follow(asked.steer(prompts="techno"), MODEL.embed({"techno": 1.0}))
    _, tempi = beats(m.frames(asked, 25 * 12))
    steps = np.abs(np.diff(np.log2([slow, *tempi])))
    assert steps.max() <= GLIDE + 1e-5
    assert tempi[-1] == pytest.approx(m.conductor.tempo, rel=1e-4)
    _, tempi = beats(m.frames(asked.steer(bpm=77), 1))
    assert tempi[0] == pytest.approx(77, rel=1e-4)


def test_tempo_change_keeps_the_beat_phase():
    m, asked = mapper(bpm=120)
    phases, _ = beats(np.concatenate([m.frames(asked, 7), m.frames(asked.steer(bpm=90), 7)]))
    steps = np.diff(phases) % 1.0
    assert np.allclose(steps[:7], 120 / 60 / 25, atol=1e-5)  # the last frame at 120 still runs its length
    assert np.allclose(steps[7:], 90 / 60 / 25, atol=1e-5)


def test_everything_open_is_planned_and_free_leaves_it_to_the_model():
    m, asked = mapper()
    cond = m.frames(asked, 4)
    names = ("beat", "harmony", "scale", "density", "brightness", "loudness", *FAMILIES)
    assert all(given(cond, name).all() for name in names)
    assert not given(cond, "notes").any()
    free = m.frames(asked.steer(conductor="free"), 4)
    assert not free.any()
    led = m.frames(asked.steer(conductor="free", bpm=100, chord="Am", lead=False), 4)
    assert {name for name in GROUPS if given(led, name).all()} == {"beat", "harmony", "scale", "lead"}


def test_overrides_reach_frames_and_plan():
    m, asked = mapper(key="E minor", drums=False, density=0.25)
    cond = m.frames(asked, 4)
    assert set(np.flatnonzero(group(cond, "scale")[0])) == set(parse_key("E minor").scale)
    assert not group(cond, "drums").any() and given(cond, "drums").all()
    for bar in m.plan(asked, 6):
        assert bar["key"] == "E minor" and bar["gates"]["drums"] is False and bar["density"] == 0.25
    chord = m.frames(asked.steer(chord="F#maj7"), 1)
    assert set(np.flatnonzero(group(chord, "harmony")[0, :12])) == {6, 10, 1, 5}
    assert m.plan(asked.steer(chord="F#maj7"), 1)[0]["chords"] == [[0.0, "F#maj7"]]


def test_a_chord_from_outside_brings_its_own_scale():
    m, asked = mapper()
    cond = m.frames(asked.steer(chord="C#m"), 1)
    assert {1, 4, 8} <= set(np.flatnonzero(group(cond, "scale")[0]))


def test_levels_ramp_and_first_values_do_not():
    m, asked = mapper(density=0.0)
    low, high = asked_level("density", 0.0), asked_level("density", 1.0)
    assert m.frames(asked, 1)[0, GROUPS["density"].start] == pytest.approx(low)
    levels = group(m.frames(asked.steer(density=1.0), 12), "density")[:, 0]
    assert levels[0] == pytest.approx(low + SLEW) and np.diff(levels).max() <= SLEW + 1e-6
    assert levels[-1] == pytest.approx(high)


def test_what_a_muted_family_would_add_is_left_out_of_the_planned_levels():
    m, asked = mapper()
    playing = m.frames(asked, 1)[0]
    assert playing[GROUPS["drums"].start] == 1.0
    silent = m.frames(asked.steer(drums=False), 20)[-1]
    for name in ("density", "brightness", "loudness"):
        less = playing[GROUPS[name].start] - silent[GROUPS[name].start]
        assert less == pytest.approx(part_level("drums", name), abs=1e-6) and less > 0.04
    chosen = m.frames(asked.steer(drums=False, density=0.5), 20)[-1]
    assert chosen[GROUPS["density"].start] == pytest.approx(asked_level("density", 0.5))


def test_notes_are_held_with_one_onset():
    m, asked = mapper(notes=(60, 67))
    values = group(m.frames(asked, 3), "notes").reshape(3, 2, 88)
    assert np.array_equal(np.flatnonzero(values[2, 0]), [60 - 21, 67 - 21])
    assert values[:, 1].sum(axis=1).tolist() == [2, 0, 0]
    values = group(m.frames(asked.steer(notes=(60, 64, 67)), 1), "notes").reshape(1, 2, 88)
    assert np.array_equal(np.flatnonzero(values[0, 1]), [64 - 21])


def test_mapper_snapshot_goes_on_exactly():
    m, asked = mapper(bpm=133)
    m.frames(asked, 55)
    state = m.snapshot()
    expected = m.frames(asked.steer(bpm=None, density=0.9), 100)
    again = Mapper.restore(STYLE_VECTORS, state).frames(asked.steer(bpm=None, density=0.9), 100)
    assert np.array_equal(expected, again)


def test_planned_chords_follow_held_notes_until_a_bar_after_their_release():
    m, asked = mapper(prompts="rock", key="C major", bpm=120)
    m.frames(asked, 1)

    def chord(cond):
        return set(np.flatnonzero(group(cond, "harmony")[-1, :12]))

    for note in (60, 62, 64, 65, 67, 69, 71):
        conductor = m.conductor.copy()
        conductor.hear((note,), 0.0)
        for bar in conductor.plan_ahead(4):
            assert all(note % 12 in c.tones and set(c.tones) <= set(bar.key.scale) for _, c in bar.chords)
    held = asked.steer(notes=(61, 65, 68))
    assert chord(m.frames(held, 1)) == {1, 5, 8}  # a chord from outside the key
    assert chord(m.frames(held, 120)) == {1, 5, 8}
    number = m.conductor.bar.index
    while m.conductor.bar.index < number + 2:
        assert chord(m.frames(asked, 1)) == {1, 5, 8}
    assert chord(m.frames(asked, 1)) <= set(parse_key("C major").scale) | {10}  # as planned


def test_a_line_of_single_notes_moves_the_chord_by_half_bars():
    conductor = Conductor(STYLE_VECTORS, 5, MODEL.embed({"rock": 1.0}), Hints(key=parse_key("C major")))
    bars = set()
    for beat, note in ((0.0, 72), (0.5, 74), (1.0, 76), (1.5, 77)):
        conductor.hear((note,), beat)
        bars.add(conductor.bar.chords)
    assert len(bars) == 1
    twin = Conductor.restore(STYLE_VECTORS, conductor.snapshot())
    for each in (conductor, twin):
        each.hear((77,), 2.0)
    assert 5 in conductor.bar.chord_at(conductor.bar.start_beat + 2).tones
    conductor.hear((), 3.0)
    twin.hear((), 3.0)
    assert [conductor.advance() for _ in range(12)] == [twin.advance() for _ in range(12)]


def test_when_all_that_was_planned_is_muted_the_others_play_on():
    conductor = Conductor(STYLE_VECTORS, 5, MODEL.embed({"techno": 1.0}))
    while [family for family in FAMILIES if conductor.bar.gates[family]] != ["drums"]:
        conductor.advance()
    assert conductor.gate("drums") and not conductor.gate("bass")
    assert conductor.gate("bass", ["drums"]) and conductor.gate("chords", ["drums"])


def test_a_named_key_stays_where_a_free_one_modulates():
    prompt = MODEL.embed({"rock": 1.0})
    free = [Conductor(STYLE_VECTORS, seed, prompt) for seed in range(4)]
    assert any(len({bar.key for bar in conductor.plan_ahead(200)}) > 1 for conductor in free)
    for conductor in free:
        conductor.set_key(parse_key("E minor"))
        assert {bar.key for bar in conductor.plan_ahead(200)} == {parse_key("E minor")}
