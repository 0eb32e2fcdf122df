"""Kinds of clips: whole bands, parts of them, one instrument in a player's hands, and changes on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from legato.conditioning import FAMILIES
from legato.corpus.composer import compose
from legato.corpus.score import Score, after, before, join
from legato.corpus.styles.hands import played_alone
from legato.music.grammar import STYLES, nearest_key, transposed
from legato.music.model import Bar


class ClipKind(StrEnum):
    """What a clip is for the model to learn from."""

    FULL = "full"  # the band as the form has it
    PARTIAL = "partial"  # some families, or one instrument of the band
    PLAYED = "played"  # one timbre, played freely: what a performer's notes are to sound like
    CHANGE = "change"  # style, key or line-up change in the middle, at a bar line


SHARES = {ClipKind.FULL: 0.52, ClipKind.PARTIAL: 0.14, ClipKind.PLAYED: 0.2, ClipKind.CHANGE: 0.14}
SOLO = 0.4  # share of partial clips with a single instrument
STYLE_CHANGES, KEY_CHANGES, DRUM_CHANGES = 0.4, 0.2, 0.25  # shares of changes; the rest change the line-up
SAME_TEMPO = SAME_KEY = 0.6  # shares of style changes that keep tempo, key
_MODULATIONS = (1, 2, 2, 3, 5, 7, -2, -3)  # semitones


@dataclass(frozen=True)
class Composition:
    """A clip on paper.

    Attributes:
        score: all of it; labels are made from it.
        played: what is rendered and summed: `score`, or the two scores that it joins.
        described: what captions speak of: `score`, or what lies before and behind the change.
        change: beat of the change, None where nothing changes.
    """

    kind: ClipKind
    score: Score
    played: tuple[Score, ...]
    described: tuple[Score, ...]
    change: float | None = None


def draw_kind(seed: int) -> ClipKind:
    """The kind of a clip, by `SHARES`."""
    return Random(f"kind:{seed}").choices(list(SHARES), list(SHARES.values()))[0]


def compose_clip(style: str, seed: int, seconds: float, kind: ClipKind | None = None) -> Composition:
    """Compose a clip of a kind; a change for which the clip is too short is left out.

    Args:
        style: a key of `STYLES`; what the clip begins in.
        seed: any integer.
        seconds: least length, > 0.
        kind: default: drawn from the seed.

    Raises:
        ValueError: unknown style or a length that is not positive.
    """
    kind = kind or draw_kind(seed)
    rng = Random(f"clip:{style}:{seed}")
    if kind is ClipKind.CHANGE:
        changed = _changed(style, seed, seconds, rng)
        if changed:
            return changed
        kind = ClipKind.FULL
    if kind is ClipKind.PARTIAL:
        score = _partial(style, seed, seconds, rng)
    elif kind is ClipKind.PLAYED:
        score = played_alone(compose(style, seed, seconds), rng)
    else:
        score = compose(style, seed, seconds)
    return Composition(kind, score, (score,), (score,))


def _partial(style: str, seed: int, seconds: float, rng: Random) -> Score:
    families = [family for family in FAMILIES if family[0] in STYLES[style].families]
    solo = rng.random() < SOLO
    count = 1 if solo else rng.randint(1, max(1, len(families) - 1))
    chosen = rng.sample(families, count)

    def revise(bars: list[Bar]) -> list[Bar]:
        return [replace(bar, gates=_within(bar.gates, chosen)) for bar in bars]

    score = compose(style, seed, seconds, revise=revise)
    if solo:
        parts = [part for part in score.parts if not part.texture]
        most = max(len(part.notes) for part in parts)
        score.parts = [rng.choice([part for part in parts if len(part.notes) >= 0.5 * most])]
    return score


def _within(gates: dict[str, bool], families: list[str]) -> dict[str, bool]:
    """The gates of some families; all of these where none would play."""
    planned = {family: gates[family] and family in families for family in FAMILIES}
    return planned if any(planned.values()) else {family: family in families for family in FAMILIES}


def _changed(style: str, seed: int, seconds: float, rng: Random) -> Composition | None:
    first = compose(style, seed, seconds)
    lines = [bar.start_beat for bar in first.bars[1:]]
    lines = [beat for beat in lines if 0.3 * seconds <= first.seconds(beat) <= 0.7 * seconds]
    if not lines:
        return None
    beat, drawn = rng.choice(lines), rng.random()
    if drawn < STYLE_CHANGES:
        return _into_style(first, beat, seconds, rng)

    def modulate(bars: list[Bar]) -> list[Bar]:
        return [transposed(bar, semitones) if bar.start_beat >= beat else bar for bar in bars]

    def rearrange(bars: list[Bar]) -> list[Bar]:
        return [
            replace(bar, gates=line_up, density=density) if bar.start_beat >= beat else bar for bar in bars
        ]

    if drawn < STYLE_CHANGES + KEY_CHANGES:
        semitones = rng.choice(_MODULATIONS)
        score = compose(style, seed, seconds, revise=modulate)
    elif drawn < STYLE_CHANGES + KEY_CHANGES + DRUM_CHANGES and "d" in STYLES[style].families:
        enter = rng.random() < 0.5

        def switch(bars: list[Bar]) -> list[Bar]:
            return [_with_drums(bar, (bar.start_beat >= beat) == enter, style) for bar in bars]

        score = compose(style, seed, seconds, revise=switch)
    else:
        last = next(bar for bar in reversed(first.bars) if bar.start_beat < beat)
        line_up = _other_line_up(last.gates, STYLES[style].families, rng)
        density = (last.density + rng.uniform(0.3, 0.7)) % 1.0
        score = compose(style, seed, seconds, revise=rearrange)
    return Composition(ClipKind.CHANGE, score, (score,), (before(score, beat), after(score, beat)), beat)


def _with_drums(bar: Bar, drums: bool, style: str) -> Bar:
    """The bar with drums or without; the rest of the band goes on, or joins where drums were alone."""
    rest = {family: bar.gates[family] for family in FAMILIES if family != "drums"}
    if not any(rest.values()):
        rest = {family: family[0] in STYLES[style].families for family in rest}
    return replace(bar, gates={"drums": drums, **rest})


def _other_line_up(gates: dict[str, bool], letters: str, rng: Random) -> dict[str, bool]:
    while True:
        drawn = {family: family[0] in letters and rng.random() < 0.6 for family in FAMILIES}
        if any(drawn.values()) and drawn != gates:
            return drawn


def _into_style(first: Score, beat: float, seconds: float, rng: Random) -> Composition:
    """The same pulse or another, the same key or another: a second band takes over at a bar line."""
    style = rng.choice([name for name in STYLES if name != first.style])
    tempo, last = first.bpm(beat), next(bar for bar in reversed(first.bars) if bar.start_beat < beat)
    keep = rng.random() < SAME_TEMPO
    low, high = STYLES[style].tempo
    tempo = tempo if keep and 0.8 * low <= tempo <= 1.25 * high else round(rng.uniform(low, high), 1)
    key = nearest_key(last.key, STYLES[style], rng) if rng.random() < SAME_KEY else None
    second = compose(
        style,
        rng.getrandbits(31),
        seconds - first.seconds(beat),
        key=key,
        tempo=tempo,
        meter=first.beats_per_bar,
    )
    score = join(first, second, beat)
    count = len(before(first, beat).parts)
    start = replace(before(first, beat), tempo_map=score.tempo_map)
    end = replace(after(replace(score, parts=score.parts[count:]), beat), style=style, seed=second.seed)
    return Composition(ClipKind.CHANGE, score, (start, end), (start, end), beat)
