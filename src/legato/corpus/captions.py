"""What a listener might type for a clip: many paraphrases, each true of its score."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from legato.conditioning import FAMILIES
from legato.corpus.phrases import (
    ABSENT,
    DRUM_WORDS,
    ENERGY,
    FAMILY_WORDS,
    FLAVOURS,
    HELD_OUT_TEMPLATES,
    INSTRUMENTS,
    KIT_WORDS,
    MODE_MOODS,
    TEMPLATES,
    TEMPO_WORDS,
)
from legato.corpus.score import Part, Score
from legato.music.grammar import STYLES
from legato.music.theory import PITCH_CLASSES, Key

Words = dict[str, list[str]]
_SLOT = re.compile(r"{(\w+)}")
_TRIES = 40  # draws per caption wanted, before a clip is given fewer


def captions(score: Score, rng: np.random.Generator, n: int, seconds: float | None = None) -> list[str]:
    """`n` different training captions of a score, 1 to 20 words each.

    Args:
        score: the composition.
        rng: draws templates and words.
        n: how many; fewer come back only when the words run out.
        seconds: length of the clip; parts that first play later are not named. Default: all of the score.
    """
    return _draw(TEMPLATES, vocabulary(score, seconds), rng, n)


def held_out_captions(
    score: Score, rng: np.random.Generator, n: int, seconds: float | None = None
) -> list[str]:
    """Like `captions`, in phrasings that no training caption uses."""
    return _draw(HELD_OUT_TEMPLATES, vocabulary(score, seconds), rng, n)


def vocabulary(score: Score, seconds: float | None = None) -> Words:
    """The words that are true of a score, by slot of the templates; slots with nothing to say are absent."""
    end = score.beats if seconds is None else min(score.beats, score.beat(seconds))
    parts = [part for part in score.parts if any(note.start_beat < end for note in part.notes)]
    bars = [bar for bar in score.bars if bar.start_beat < end]
    style = STYLES.get(score.style)
    families = {part.family for part in parts}
    key = Key(PITCH_CLASSES.index(score.key), score.mode)
    bpm = round(float(np.mean([score.bpm(bar.start_beat) for bar in bars])))
    loudness = float(np.mean([bar.loudness + bar.density for bar in bars])) / 2
    tempo = _band(TEMPO_WORDS, bpm)
    words: Words = {
        "genre": [style.title, *style.genres] if style else [score.style],
        "flavour": list(FLAVOURS.get(score.style, ())),
        "mood": [*(style.moods if style else ()), *MODE_MOODS["minor" if key.minor else "major"]],
        "energy": _band(ENERGY, loudness),
        "tempo": tempo,
        "bpm": [f"{bpm} bpm", f"{bpm} BPM", f"{5 * round(bpm / 5)} bpm"],
        "key": _key_names(key),
        "instrument": _unique(word for part in parts for word in _instrument_words(part, score.style)),
        "absent": [word for family in FAMILIES if family not in families for word in ABSENT[family]],
        "family": [word for family in sorted(families) for word in FAMILY_WORDS[family]],
    }
    if score.beats_per_bar == 3:
        words["meter"] = ["waltz time", "3/4", "three-four time"]
    return {slot: choices for slot, choices in words.items() if choices}


def _draw(templates: tuple[str, ...], words: Words, rng: np.random.Generator, n: int) -> list[str]:
    usable = [template for template in templates if _fits(template, words)]
    found: dict[str, None] = {}
    for _ in range(_TRIES * n):
        if len(found) >= n:
            break
        text = _fill(usable[rng.integers(len(usable))], words, rng)
        if text:
            found[text] = None
    return list(found)


def _fits(template: str, words: Words) -> bool:
    slots = [slot.rstrip("23") for slot in _SLOT.findall(template)]
    return all(slot in words and len(words[slot]) >= slots.count(slot) for slot in slots)


def _fill(template: str, words: Words, rng: np.random.Generator) -> str:
    """The template with words drawn; no word appears twice, or "" where that fails."""
    used: set[str] = set()

    def choose(match: re.Match[str]) -> str:
        choices = [word for word in words[match[1].rstrip("23")] if word not in used]
        word = choices[rng.integers(len(choices))]
        used.add(word)
        return word

    text = _SLOT.sub(choose, template)
    text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
    content = [word for word in re.findall(r"[a-z0-9-]+", text.lower()) if len(word) > 3]
    return text if len(content) == len(set(content)) else ""


def _instrument_words(part: Part, style: str) -> tuple[str, ...]:
    if part.family == "drums":
        return KIT_WORDS.get(part.program, ("drums",)) + DRUM_WORDS.get(style, ())
    return (part.name, *INSTRUMENTS[part.program])


def _key_names(key: Key) -> list[str]:
    tonic, mode = key.name.split(" ", 1)
    names = [f"{tonic} {mode}"]
    if mode in ("major", "minor"):
        names += [f"{tonic}m" if key.minor else f"{tonic} maj", f"a {mode} key"]
    elif mode not in ("dorian", "phrygian", "lydian", "mixolydian", "locrian"):
        names.append(f"{tonic} {'minor' if key.minor else 'major'}")
    return names


def _band(table: tuple[tuple[float, tuple[str, ...]], ...], value: float) -> list[str]:
    return list(next(words for limit, words in table if value < limit))


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
