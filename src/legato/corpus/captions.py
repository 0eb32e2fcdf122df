"""What a listener might type for a clip: many paraphrases, each true of its score."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from legato.conditioning import FAMILIES
from legato.corpus import phrases, synth
from legato.corpus.scenes import HELD_OUT_SCENES, PRODUCTION, SCENES, SETTINGS
from legato.corpus.score import Part, Score
from legato.corpus.templates import HELD_OUT_TEMPLATES, TEMPLATES, WEIGHTS
from legato.music.grammar import STYLES
from legato.music.theory import Key

Words = dict[str, list[tuple[str, ...]]]
"""By slot: groups of words that say the same; two slots of a caption never take the same group."""
_SLOT = re.compile(r"{(\w+)}")
_TRIES = 40  # draws per caption wanted, before a clip is given fewer
_TOGETHER = 0.06  # beats within which notes are struck as one chord
_STEADY = 1.04  # highest tempo over lowest, while one number tells it
_HELD_OVER = 0.1  # beats a note of a single line may overlap the next
# Slots that tell what a single part is; the style's name alone would ask for the whole band.
_OF_ONE = frozenset({"solo", "kit", "line", "a_line", "chordal", "a_chordal", "instrument"})
_ALONE = {"drums": "drums", "bass": "bass", "chords": "chords", "lead": "melody"}


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
    """Like `captions`, in phrasings and of scenes that no training caption uses."""
    words = vocabulary(score, seconds, scenes=HELD_OUT_SCENES)
    return _draw(HELD_OUT_TEMPLATES, words, rng, n)


def vocabulary(
    score: Score, seconds: float | None = None, *, scenes: Mapping[str, tuple[str, ...]] = SCENES
) -> Words:
    """The words that are true of a score, by slot of the templates; slots with nothing to say are absent."""
    end = score.beats if seconds is None else min(score.beats, score.beat(seconds))
    parts = [part for part in score.parts if any(note.start_beat < end for note in part.notes)]
    bars = [bar for bar in score.bars if bar.start_beat < end]
    musical = [part for part in parts if not part.texture]
    families = {part.family for part in musical}
    keys = {bar.key for bar in bars}
    tempi = [score.bpm(bar.start_beat) for bar in bars]
    bpm = round(float(np.mean(tempi)))
    steady = max(tempi) <= _STEADY * min(tempi)
    energy = float(np.mean([bar.loudness + bar.density for bar in bars])) / 2
    brightness = float(np.mean([bar.brightness for bar in bars]))
    reverb = float(np.mean([part.reverb for part in parts]))
    words: Words = {
        "tempo": [_band(phrases.TEMPO_WORDS, bpm)],
        "energy": [_band(phrases.ENERGY, energy)],
        "sound": [_band(phrases.SOUND, brightness), _band(phrases.SPACE, reverb)],
        "bpm": [(f"{bpm} bpm", f"{5 * round(bpm / 5)} bpm")] if steady else [],
        "key": [_key_names(key) for key in keys] if len(keys) == 1 else [],
        "instrument": [_instrument_words(part, score.style) for part in parts],
        "absent": [phrases.ABSENT[family] for family in _silent(parts, families)],
        "family": [phrases.FAMILY_WORDS[family] for family in sorted(families)],
        "beat": [("beat", "groove")] if "drums" in families else [],
        "meter": [("waltz time", "3/4", "three-four time")] if score.beats_per_bar == 3 else [],
        "section": [_section_words({bar.section for bar in bars})],
    }
    words |= _style_words(score.style, keys, scenes)
    if len(parts) == len(musical):
        words |= _line_up(musical, families, score.style, end)
    return _true_of(words, len(parts))


def _silent(parts: list[Part], families: set[str]) -> list[str]:
    """Families that a listener misses; one instrument alone may be heard as chords or as melody."""
    missed = FAMILIES if len(parts) > 1 else ("drums", "bass")
    low = any("bass" in part.name for part in parts)
    return [family for family in missed if family not in families and not (family == "bass" and low)]


def _style_words(name: str, keys: set[Key], scenes: Mapping[str, tuple[str, ...]]) -> Words:
    style = STYLES.get(name)
    settings, here = SETTINGS.get(name, ()), scenes.get(name, ())
    modes = {"minor" if key.minor else "major" for key in keys}
    by_mode = phrases.MODE_MOODS[modes.pop()] if len(modes) == 1 else ()
    moods = (*(style.moods if style else ()), *by_mode)
    return {
        "genre": _each((style.title, *style.genres) if style else (name,)),
        "mood": _each(moods),
        "flavour": _each(phrases.FLAVOURS.get(name, ())),
        "production": _each(PRODUCTION.get(name, ())),
        "setting": _each(settings),
        "era": _each(phrases.ERAS[setting] for setting in settings if setting in phrases.ERAS),
        "scene": _each(re.sub(r"^an? ", "", scene) for scene in here),
        "a_scene": _each(here),
    }


def _line_up(parts: list[Part], families: set[str], style: str, end: float) -> Words:
    """What is true of few: all families there are, the only part and how it is played."""
    names = [_ALONE[family] for family in FAMILIES if family in families]
    if len(parts) != 1:
        both = " and ".join(reversed(names))
        spoken = (f"just {both}", f"{both} only", f"only {both}", f"nothing but {both}")
        return {"only": [spoken]} if len(names) <= 2 else {}
    part, called = parts[0], _instrument_words(parts[0], style)
    if part.family == "drums":
        return {"kit": [called]}
    words: Words = {"solo": [called]}
    with_article = tuple(_with_article(name) for name in called)
    notes = sorted((note for note in part.notes if note.start_beat < end), key=lambda note: note.start_beat)
    starts = np.array([note.start_beat for note in notes])
    ends = starts + [note.beats for note in notes]
    if len(notes) > 1 and np.all(ends[:-1] <= starts[1:] + _HELD_OVER):
        words |= {"line": [called], "a_line": [with_article]}
    elif np.median((np.abs(starts[:, None] - starts) < _TOGETHER).sum(1)) >= 3:
        words |= {"chordal": [called], "a_chordal": [with_article]}
    return words


def _true_of(words: Words, parts: int) -> Words:
    """Without what the clip belies: instruments that are silent, ensembles of more players, other levels."""
    playing = {token for names in words["instrument"] for name in names for token in _tokens(name)}
    told = {word for slot in ("tempo", "energy") for group in words[slot] for word in group}
    belied = (phrases.EXCLUSIVE | {word for _, band in phrases.ENERGY for word in band}) - told
    beats = set() if words.get("beat") else {"beat", "beats", "groove"}

    def holds(slot: str, text: str) -> bool:
        tokens = set(_tokens(text))
        silent = phrases.NAMED & tokens - playing
        crowd = any(phrases.ENSEMBLES.get(token, 0) > parts for token in tokens)
        level = slot in ("mood", "production") and text in belied
        level |= slot == "genre" and bool(tokens & phrases.EXCLUSIVE - told)
        return not (silent or crowd or level or (slot == "genre" and beats & tokens))

    true: Words = {}
    for slot, groups in words.items():
        kept = [tuple(text for text in group if holds(slot, text)) for group in groups]
        if any(kept):
            true[slot] = [group for group in kept if group]
    return true


def _draw(
    templates: Mapping[str, tuple[str, ...]], words: Words, rng: np.random.Generator, n: int
) -> list[str]:
    alone = bool({"solo", "kit"} & words.keys())
    usable = {
        subject: fitting
        for subject, choices in templates.items()
        if (
            fitting := [
                template
                for template in choices
                if _fits(template, words) and (not alone or _OF_ONE.intersection(_slots(template)))
            ]
        )
    }
    subjects = list(usable)
    share = np.array([WEIGHTS[subject] for subject in subjects])
    found: dict[str, None] = {}
    for _ in range(_TRIES * n):
        if len(found) >= n:
            break
        choices = usable[subjects[rng.choice(len(subjects), p=share / share.sum())]]
        text = _fill(choices[rng.integers(len(choices))], words, rng)
        if text:
            found[text] = None
    return list(found)


def _slots(template: str) -> list[str]:
    return [slot.rstrip("23") for slot in _SLOT.findall(template)]


def _fits(template: str, words: Words) -> bool:
    slots = _slots(template)
    return all(slot in words and len(words[slot]) >= slots.count(slot) for slot in slots)


def _fill(template: str, words: Words, rng: np.random.Generator) -> str:
    """The template with words drawn; no word appears twice, or "" where that fails."""
    used: set[tuple[str, ...]] = set()

    def choose(match: re.Match[str]) -> str:
        slot = match[1].rstrip("23")
        groups = [group for group in words[slot] if group not in used]
        if not groups:
            return "{}"
        group = groups[rng.integers(len(groups))]
        used.add(group)
        return group[rng.integers(len(group))]

    text = re.sub(r"\b([Aa]) (?=[aeio8]|u(?!ni))(?!eu|one-)", r"\1n ", _SLOT.sub(choose, template))
    content = [word for word in re.findall(r"[a-z0-9-]+", text.lower()) if len(word) > 3]
    whole = "{" not in text and len(content) == len(set(content)) and len(text.split()) <= 20
    return text if whole else ""


def _instrument_words(part: Part, style: str) -> tuple[str, ...]:
    program = part.program
    if part.family == "drums":
        words = synth.words(program) if isinstance(program, str) else phrases.KIT_WORDS[program]
        kit = set(_tokens(" ".join(words)))
        own = phrases.DRUM_WORDS.get(style, ())
        return words + tuple(word for word in own if not phrases.NAMED.intersection(_tokens(word)) - kit)
    known = synth.words(program) if isinstance(program, str) else phrases.INSTRUMENTS[program]
    return tuple(dict.fromkeys((part.name, *known)))


def _with_article(name: str) -> str:
    plural = name.endswith("s") and not name.endswith(("bass", "ss"))
    return name if plural or name in ("brass", "synth brass", "choir") else f"a {name}"


def _section_words(sections: set[str]) -> tuple[str, ...]:
    known = {phrases.SECTION_WORDS.get(section, "") for section in sections}
    return tuple(word for word in known if word) if len(known) == 1 else ()


def _key_names(key: Key) -> tuple[str, ...]:
    tonic, mode = key.name.split(" ", 1)
    names = [f"{tonic} {mode}"]
    if mode in ("major", "minor"):
        names += [f"{tonic}m" if key.minor else f"{tonic} maj", f"a {mode} key"]
    elif mode not in ("dorian", "phrygian", "lydian", "mixolydian", "locrian"):
        names.append(f"{tonic} {'minor' if key.minor else 'major'}")
    return tuple(names)


def _band(table: tuple[tuple[float, tuple[str, ...]], ...], value: float) -> tuple[str, ...]:
    return next(words for limit, words in table if value < limit)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _each(words: Iterable[str]) -> list[tuple[str, ...]]:
    """Every word a group of its own."""
    return [(word,) for word in dict.fromkeys(words)]
