"""Playing thinner or busier than written: what makes a bar's density heard in every style.

Patterns offer what a style plays at ease. Below and above that, hands thin out towards the strong beats, or
fill the gaps with repeated strokes, whatever the part. Positions and lengths are in beats.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.craft import STEP, Song, steps_in
from legato.corpus.styles.drums import CYMBALS
from legato.music.model import Bar

# Below a density, only places of at least this weight are played: 4 downbeat, 3 half bar, 2 beat, 1 eighth.
_THINNING = ((0.12, 4), (0.24, 3), (0.35, 2), (0.42, 1))
_EIGHTHS, _SIXTEENTHS = 0.68, 0.84  # densities from which gaps are filled with eighths, with sixteenths
_FILLERS = 0.75  # share of parts that fill gaps; the others leave them room
_ECHO = 0.72  # velocity of a filling stroke against the one it repeats

Moments = dict[int, list[Note]]  # notes by the sixteenth of the bar nearest to their start


def at_density(notes: list[Note], song: Song, family: str, rng: Random) -> list[Note]:
    """A part as written, thinned or filled bar by bar; every bar keeps at least its strongest note.

    Args:
        notes: as a writer gives them, before they are humanised.
        song: the bars they lie in.
        family: one of `conditioning.FAMILIES`.
        rng: draws whether this part fills gaps, per section name.
    """
    fills: dict[str, bool] = {}
    shaped: list[Note] = []
    for bar in song.bars:
        fill = fills.setdefault(bar.section, rng.random() < _FILLERS)
        inside = [n for n in notes if bar.start_beat - 1e-6 <= n.start_beat < bar.end_beat - 1e-6]
        if inside and not bar.fill:
            moments = _thinned(_moments(inside, bar), bar)
            if fill and bar.density >= _EIGHTHS and _even(moments, bar):
                moments = (_more_cymbals if family == "drums" else _repeated)(moments, bar)
            inside = [note for step in sorted(moments) for note in moments[step]]
        shaped += inside
    return shaped


def _moments(notes: list[Note], bar: Bar) -> Moments:
    moments: Moments = {}
    for note in notes:
        step = min(steps_in(bar) - 1, int((note.start_beat - bar.start_beat) / STEP + 0.5))
        moments.setdefault(step, []).append(note)
    return moments


def _even(moments: Moments, bar: Bar) -> bool:
    """Whether all is played in sixteenths: fillings would trip over triplets."""
    starts = (min(note.start_beat for note in notes) - bar.start_beat for notes in moments.values())
    return all(abs(start / STEP - round(start / STEP)) < 0.3 for start in starts)


def _weight(step: int, bar: Bar) -> int:
    if step == 0:
        return 4
    half = 4 * (-(-bar.beats // 2))
    return 3 if step == half else 2 if step % 4 == 0 else 1 if step % 2 == 0 else 0


def _thinned(moments: Moments, bar: Bar) -> Moments:
    least = next((weight for density, weight in _THINNING if bar.density < density), 0)
    kept = {step: notes for step, notes in moments.items() if _weight(step, bar) >= least}
    return kept or {step: moments[step] for step in [max(moments, key=lambda s: (_weight(s, bar), -s))]}


def _rate(bar: Bar) -> int:
    """Sixteenths between filling strokes."""
    return 1 if bar.density >= _SIXTEENTHS else 2


def _repeated(moments: Moments, bar: Bar) -> Moments:
    """Strokes repeated into the gaps behind them; notes held through a whole bar stay held."""
    if len(moments) < 2:
        return moments
    filled: Moments = {}
    steps = sorted(moments)
    for step, after in zip(steps, [*steps[1:], steps_in(bar)], strict=True):
        sounding = max(round(note.beats / STEP) for note in moments[step])
        strokes = list(range(step, min(after, step + max(1, sounding)), _rate(bar)))
        for index, at in enumerate(strokes):
            shift = (at - step) * STEP
            filled[at] = [
                replace(
                    note,
                    start_beat=note.start_beat + shift,
                    beats=max(0.1, min(note.beats - shift, _rate(bar) * STEP * 0.92))
                    if len(strokes) > 1
                    else note.beats,
                    velocity=round(note.velocity * (_ECHO if index else 1.0)),
                )
                for note in moments[step]
            ]
    return filled


def _more_cymbals(moments: Moments, bar: Bar) -> Moments:
    """The cymbal or shaker that plays most goes through the whole bar."""
    played = Counter(n.pitch for notes in moments.values() for n in notes if n.pitch in CYMBALS)
    if not played:
        return moments
    pitch = played.most_common(1)[0][0]
    filled = dict(moments)
    for step in range(0, steps_in(bar), _rate(bar)):
        if not any(note.pitch == pitch for note in filled.get(step, ())):
            stroke = Note(bar.start_beat + step * STEP, 0.25, pitch, 58)
            filled[step] = [*filled.get(step, ()), stroke]
    return filled
