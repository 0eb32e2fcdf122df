"""From a style and a seed to a score: the grammar plans, the band plays, a performer's hands finish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from legato.corpus.performance import perform
from legato.corpus.score import UNPITCHED, Note, Part, Score
from legato.corpus.styles.answers import second_voice
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.corpus.styles.craft import Arrangement, PartPlan, Song, into_range
from legato.corpus.styles.density import at_density
from legato.corpus.styles.instruments import RANGES, name_of
from legato.music.grammar import STYLES, Planner, draw_key, draw_tempo
from legato.music.model import Bar, StyleGrammar
from legato.music.theory import PITCH_CLASSES, Key

TEMPO_SPREAD = 0.3  # share of clips outside a style's usual tempo: a player may ask for any
TEMPO_CHANGES = 0.1  # share of clips whose tempo changes on the way
SECOND_VOICES = 0.35  # share of leads that another player answers or doubles in thirds
MODULATED = 0.3  # share of forms that end a step higher
VARIED = 0.2  # share of sections with a free line-up: every combination of families is heard


Revise = Callable[[list[Bar]], list[Bar]]
"""Changes the planned bars of a clip before the band plays them."""


def compose(
    style: str,
    seed: int,
    seconds: float,
    *,
    key: Key | None = None,
    tempo: float | None = None,
    meter: int | None = None,
    revise: Revise | None = None,
) -> Score:
    """Compose one clip, starting at a random place of the form.

    Args:
        style: a key of `STYLES`.
        seed: any integer; the same arguments give the same score.
        seconds: least length, > 0; the score ends with the bar that reaches it.
        key: default: drawn from the style.
        tempo: bpm throughout; default: drawn, and in some clips changing on the way.
        meter: beats per bar; default: drawn from the style.
        revise: has the last word on the plan; keeps number, index and place of the bars.

    Raises:
        ValueError: unknown style or a length that is not positive.
    """
    if style not in STYLES:
        raise ValueError(f"unknown style {style!r}: choose one of {', '.join(STYLES)}")
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, not {seconds}")
    grammar, arrangement = STYLES[style], ARRANGEMENTS[style]
    rng = Random(f"{style}:{seed}")
    own_key, own_tempo = draw_key(grammar, rng), draw_tempo(grammar, rng, TEMPO_SPREAD)
    tempo_map = [(0.0, tempo or own_tempo)]
    planner = _planner(grammar, key or own_key, tempo_map[0][1], meter, rng)
    if rng.random() < TEMPO_CHANGES and not tempo:
        tempo_map += _tempo_change(own_tempo, planner.meter, seconds, rng)
    score = Score(seed, style, "C", "major", planner.meter, tempo_map, [], [], 0.0)
    while score.seconds(score.beats) < seconds:
        score.bars.append(planner.next())
        score.beats += planner.meter
    if revise:
        score.bars = revise(score.bars)
    first = score.bars[0].key
    score.key, score.mode = PITCH_CLASSES[first.root], first.mode
    score.parts = _parts(Song(grammar, score.bars, tempo_map[0][1]), arrangement, rng)
    return score


def _planner(grammar: StyleGrammar, key: Key, tempo: float, meter: int | None, rng: Random) -> Planner:
    # Sections of about four to nine seconds, so that gates change within a short clip.
    seconds_per_bar = 4 * 60.0 / tempo
    lengths = tuple(bars for bars in (1, 2, 2, 4, 4, 8) if 3.5 <= bars * seconds_per_bar <= 9.5) or (2,)
    first = rng.randrange(8)
    return Planner(
        grammar,
        key,
        rng.getrandbits(31),
        meter=meter,
        lengths=lengths,
        vary=VARIED,
        modulate=MODULATED,
        section=first,
        position=rng.randrange(2),
    )


def _tempo_change(tempo: float, meter: int, seconds: float, rng: Random) -> list[tuple[float, float]]:
    """One jump on a bar line, or a bar-long ramp beat by beat, somewhere in the middle."""
    bars = max(2, round(seconds * tempo / 60.0 / meter))
    start = float(meter * rng.randint(max(1, bars // 4), max(1, 3 * bars // 4)))
    goal = min(180.0, max(60.0, tempo * rng.choice((0.75, 0.85, 0.9, 1.12, 1.2, 1.33))))
    if rng.random() < 0.5:
        return [(start, round(goal, 1))]
    return [(start + step, round(tempo + (goal - tempo) * (step + 1) / meter, 1)) for step in range(meter)]


def _parts(song: Song, arrangement: Arrangement, rng: Random) -> list[Part]:
    side = rng.choice((-1.0, 1.0))
    swing = rng.uniform(*arrangement.swing)
    parts: list[Part] = []
    for plan in arrangement.parts:
        own = Random(f"{plan.role}:{rng.getrandbits(31)}")
        present = own.random() < plan.chance
        program = own.choice(plan.programs)
        notes = plan.write(song, own) if present else []
        if plan.sections:
            spans = [(bar.start_beat, bar.end_beat) for bar in song.bars if bar.section in plan.sections]
            notes = [n for n in notes if any(start <= n.start_beat < end for start, end in spans)]
        if not notes:
            continue
        if program not in UNPITCHED:
            notes = at_density(notes, song, plan.family, own)
        played = perform(_fitting(notes, plan, program), song, plan.family, arrangement, swing, own)
        parts.append(_part(plan, program, played, side, own))
        if plan.family == "lead" and own.random() < SECOND_VOICES:
            program = own.choice(plan.programs)
            notes = second_voice(notes, song, own)
            played = perform(_fitting(notes, plan, program), song, plan.family, arrangement, swing, own)
            if played:
                parts.append(_part(replace(plan, gain=0.7 * plan.gain), program, played, -side, own))
    return parts


def _fitting(notes: list[Note], plan: PartPlan, program: int | str) -> list[Note]:
    """The notes within the reach of a real instrument."""
    if plan.family == "drums" or program not in RANGES:
        return notes
    return [replace(note, pitch=into_range(note.pitch, *RANGES[program])) for note in notes]


def _part(plan: PartPlan, program: int | str, notes: list[Note], side: float, rng: Random) -> Part:
    gain = plan.gain * 10 ** (rng.uniform(-1.5, 1.5) / 20)
    return Part(
        name=name_of(plan.family, program),
        family=plan.family,
        program=program,
        bank=128 if plan.family == "drums" else 0,
        notes=notes,
        gain=round(gain, 3),
        pan=round(max(-0.9, min(0.9, side * plan.pan + rng.uniform(-0.08, 0.08))), 3),
        reverb=round(max(0.0, min(1.0, plan.reverb + rng.uniform(-0.06, 0.08))), 3),
    )
