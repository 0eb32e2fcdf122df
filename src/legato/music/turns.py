"""What leads from section to section: turnarounds in the harmony, modulations, the course of a build-up."""

from __future__ import annotations

from random import Random

from legato.music.model import StyleGrammar
from legato.music.theory import Chord, Key, roman

TURNING = frozenset({"verse", "chorus", "solo", "theme", "development", "climax", "head", "refrain"})
TURNED, RARELY_TURNED = 0.4, 0.08  # share of such sections, and of others, that end in a turnaround
_TURNAROUNDS: dict[str, tuple[str, ...]] = {
    "major": ("V7", "ii7,V7", "IV,V", "bVII", "V7sus4,V7", "IV"),
    "minor": ("V7", "ii7b5,V7", "bVII", "iv,V7", "bVI,bVII"),
    "mixolydian": ("bVII", "v7", "bVII,IV"),
    "dorian": ("bVII", "IV7", "ii7,bVII"),
    "lydian": ("II", "V", "vii"),
    "phrygian": ("bII", "bvii", "bIII,bII"),
}


def turnaround(key: Key, rng: Random) -> tuple[Chord, ...]:
    """One or two chords for the last bar of a section, leading home to the tonic."""
    choices = _TURNAROUNDS.get(key.mode) or _TURNAROUNDS["minor" if key.minor else "major"]
    return tuple(roman(numeral, key) for numeral in rng.choice(choices).split(","))


def relative(key: Key) -> Key:
    """The relative minor of a major key and the other way round; any other key itself."""
    if key.mode == "major":
        return Key((key.root + 9) % 12, "minor")
    return Key((key.root + 3) % 12, "major") if key.mode == "minor" else key


def modulated(
    style: StyleGrammar, form: tuple[str, ...], place: int, key: Key, share: float, rng: Random
) -> Key:
    """The key of a section: home, a step up for a form's last and loudest, relative in its softest.

    Args:
        style: names how loud its sections are, and its modes.
        form: section names.
        place: index into it.
        key: home.
        share: chance of a step up, 0–1; the relative key comes half as often.
        rng: of the section.
    """
    name = form[place]
    ranked = sorted(dict.fromkeys(form), key=lambda other: style.sections[other].loudness)
    drawn, step = rng.random(), rng.choice((1, 2, 2))
    if name == ranked[-1] and name in form[:place] and name not in form[place + 1 :] and drawn < share:
        return Key((key.root + step) % 12, key.mode)
    if name == ranked[0] and 0 < place and drawn < 0.5 * share and relative(key).mode in style.modes:
        return relative(key)
    return key


def build(position: int, bars: int, rise: float) -> float:
    """How far a bar is through its section's build-up: 0 none, 1 the bar before the goal."""
    if rise <= 0 or bars < 2:
        return 0.0
    length = min(4, bars)
    return max(0.0, (position - (bars - length) + 1) / length)
