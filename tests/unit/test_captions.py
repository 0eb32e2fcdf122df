"""What captions say: everything sayable is reached, nothing said is false, held-out words stay held out."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from itertools import islice

import numpy as np
import pytest

from legato.corpus import phrases, scenes, templates
from legato.corpus.captions import captions, held_out_captions, vocabulary
from legato.corpus.composer import compose
from legato.corpus.describe import described
from legato.corpus.score import Note, Part, Score
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.evaluation.renders import held_out_prompts
from legato.music.grammar import STYLES

SECONDS = 10.0


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    """Bands of every style, every third thinned to one part."""
    bands = [compose(style, seed, SECONDS) for style in ARRANGEMENTS for seed in range(6)]
    return [
        replace(score, parts=[score.parts[n % len(score.parts)]]) if n % 3 == 2 else score
        for n, score in enumerate(bands)
    ]


def alone(notes: list[Note], family: str = "lead", program: int = 42) -> Score:
    """One part on a plain bar or two."""
    score = compose("quartet", 1, 5.0)
    return replace(score, parts=[Part("cello", family, program, 0, notes)])


def test_every_style_has_its_words():
    for table in (scenes.SCENES, scenes.HELD_OUT_SCENES, scenes.SETTINGS, scenes.PRODUCTION):
        assert set(table) == set(STYLES)
    assert min(map(len, scenes.SCENES.values())) >= 12
    assert set(phrases.FLAVOURS) == set(STYLES)


def test_every_slot_is_reached_and_lengths_are_spread(scores: list[Score]):
    slots = {
        slot.rstrip("23")
        for group in (*templates.TEMPLATES.values(), *templates.HELD_OUT_TEMPLATES.values())
        for template in group
        for slot in re.findall(r"{(\w+)}", template)
    }
    assert slots - {"section"} <= {slot for score in scores for slot in vocabulary(score, SECONDS)}
    rng = np.random.default_rng(0)
    lengths = [len(text.split()) for score in scores for text in captions(score, rng, 12, SECONDS)]
    assert len(lengths) == 12 * len(scores)
    assert min(lengths) == 1 and max(lengths) <= 20
    counts = np.bincount(lengths, minlength=13) / len(lengths)
    assert counts[1:4].sum() > 0.2 and counts[9:].sum() > 0.06


def test_no_caption_names_an_instrument_that_is_silent(scores: list[Score]):
    rng = np.random.default_rng(1)
    for score in scores:
        words = vocabulary(score, SECONDS)
        playing = " ".join(name for names in words["instrument"] for name in names).lower()
        for text in captions(score, rng, 20, SECONDS) + held_out_captions(score, rng, 5, SECONDS):
            named = phrases.NAMED & set(re.findall(r"[a-z0-9]+", text.lower()))
            assert all(name in playing for name in named), (text, playing)


def test_parts_alone_are_told_as_such():
    line = alone([Note(float(beat), 0.9, 50 + beat, 80) for beat in range(8)])
    chords = alone([Note(2.0 * beat, 1.9, 48 + n, 80) for beat in range(4) for n in (0, 4, 7)])
    drums = alone([Note(float(beat), 0.1, 36, 80) for beat in range(8)], "drums", 0)
    said = [" | ".join(captions(score, np.random.default_rng(2), 120)) for score in (line, chords, drums)]
    assert "solo cello" in said[0] and "a lone cello line" in said[0] and "cello chords" not in said[0]
    assert "cello chords" in said[1] and "single notes" not in said[1]
    assert "no melody" not in said[0] + said[1] and "no chords" not in said[0] + said[1]
    assert "just drums" in said[2] and "cello" not in said[2]
    assert not any("quartet" in text for text in said)
    for score, name in ((line, "cello"), (chords, "cello"), (drums, "drum")):
        texts = captions(score, np.random.default_rng(3), 60)
        assert all(name in text for text in texts), "one instrument is named, not a band it could be of"


def test_held_out_phrasings_and_scenes_are_kept_from_training(scores: list[Score]):
    rng = np.random.default_rng(3)
    train = {text for score in scores for text in captions(score, rng, 20, SECONDS)}
    held_out = {text for score in scores for text in held_out_captions(score, rng, 6, SECONDS)}
    assert not train & held_out
    taught = " | ".join(train).lower()
    kept = [scene for group in scenes.HELD_OUT_SCENES.values() for scene in group]
    assert not [scene for scene in kept if re.search(rf"\b{re.escape(scene.lower())}\b", taught)]


def test_measurement_prompts_are_phrased_unlike_what_is_taught():
    lines = (resources.files("legato") / "training" / "prompts.txt").read_text().splitlines()
    taught = [line.partition(": ")[2] for line in lines if line and not line.startswith("#")]
    assert len(taught) == len(set(taught)) >= 690
    measured = held_out_prompts()
    assert len(measured) == len(set(measured)) >= 48
    phrases_taught = taught + [scene for group in scenes.SCENES.values() for scene in group]
    assert max(shared_words(a, b) for a in measured for b in phrases_taught) <= 0.5
    composed = (resources.files("legato") / "training" / "captions.txt").read_text().splitlines()
    taught += [line.partition(": ")[2] for line in composed if line and not line.startswith("#")]
    kept = [scene.removeprefix("a ") for group in scenes.HELD_OUT_SCENES.values() for scene in group]
    assert not [(scene, text) for scene in kept for text in taught if scene in text]


def test_the_packages_captions_are_what_the_composer_describes():
    lines = (resources.files("legato") / "training" / "captions.txt").read_text().splitlines()[2:]
    assert lines[:200] == [": ".join(named) for named in islice(dict.fromkeys(described(1)), 200)]


def shared_words(a: str, b: str) -> float:
    """Intersection over union of the words that carry meaning."""
    small = {"a", "an", "the", "and", "in", "with", "of", "for", "over"}
    first, second = (set(re.findall(r"[a-z0-9]+", text.lower())) - small for text in (a, b))
    return len(first & second) / len(first | second)
