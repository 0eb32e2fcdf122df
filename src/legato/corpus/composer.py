"""From a style and a seed to a score: the grammar plans, the band plays, a performer's hands finish."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from legato.corpus.score import Note, Part, Score
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.corpus.styles.craft import Arrangement, PartPlan, Song, into_range
from legato.corpus.styles.instruments import RANGES, name_of
from legato.music.grammar import STYLES, Planner, draw_key, draw_tempo
from legato.music.model import Bar, StyleGrammar
from legato.music.theory import PITCH_CLASSES, Key

TEMPO_SPREAD = 0.3  # share of clips outside a style's usual tempo: a player may ask for any
TEMPO_CHANGES = 0.1  # share of clips whose tempo changes on the way
VARIED = 0.25  # share of sections with a free line-up: every combination of families is heard


def compose(style: str, seed: int, seconds: float) -> Score:
    """Compose one clip, starting at a random place of the form.

    Args:
        style: a key of `STYLES`.
        seed: any integer; the same style, seed and length give the same score.
        seconds: least length, > 0; the score ends with the bar that reaches it.

    Raises:
        ValueError: unknown style or a length that is not positive.
    """
    if style not in STYLES:
        raise ValueError(f"unknown style {style!r}: choose one of {', '.join(STYLES)}")
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, not {seconds}")
    grammar, arrangement = STYLES[style], ARRANGEMENTS[style]
    rng = Random(f"{style}:{seed}")
    key, tempo = draw_key(grammar, rng), draw_tempo(grammar, rng, TEMPO_SPREAD)
    tempo_map = [(0.0, tempo)]
    planner = _planner(grammar, key, tempo, seed, rng)
    if rng.random() < TEMPO_CHANGES:
        tempo_map += _tempo_change(tempo, planner.meter, seconds, rng)
    score = Score(seed, style, PITCH_CLASSES[key.root], key.mode, planner.meter, tempo_map, [], [], 0.0)
    while score.seconds(score.beats) < seconds:
        score.bars.append(planner.next())
        score.beats += planner.meter
    song = Song(grammar, score.bars, tempo)
    score.parts = _parts(song, arrangement, rng)
    return score


def _planner(grammar: StyleGrammar, key: Key, tempo: float, seed: int, rng: Random) -> Planner:
    # Sections of about four to nine seconds, so that gates change within a short clip.
    seconds_per_bar = 4 * 60.0 / tempo
    lengths = tuple(bars for bars in (1, 2, 2, 4, 4, 8) if 3.5 <= bars * seconds_per_bar <= 9.5) or (2,)
    first = rng.randrange(8)
    return Planner(
        grammar,
        key,
        rng.getrandbits(31),
        lengths=lengths,
        vary=VARIED,
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
    parts = []
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
        if plan.family != "drums" and program in RANGES:
            notes = [replace(note, pitch=into_range(note.pitch, *RANGES[program])) for note in notes]
        notes = _perform(notes, song, plan, arrangement, swing, own)
        gain = plan.gain * 10 ** (own.uniform(-1.5, 1.5) / 20)
        parts.append(
            Part(
                name=name_of(plan.family, program),
                family=plan.family,
                program=program,
                bank=128 if plan.family == "drums" else 0,
                notes=notes,
                gain=round(gain, 3),
                pan=round(max(-0.9, min(0.9, side * plan.pan + own.uniform(-0.08, 0.08))), 3),
                reverb=round(max(0.0, min(1.0, plan.reverb + own.uniform(-0.06, 0.08))), 3),
            )
        )
    return parts


def _perform(
    notes: list[Note], song: Song, plan: PartPlan, arrangement: Arrangement, swing: float, rng: Random
) -> list[Note]:
    """Swing, dynamics, human hands; ends cut where the family leaves."""
    beats_per_second = song.tempo / 60.0
    first, meter = song.bars[0], song.bars[0].beats
    played: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.start_beat, n.pitch)):
        position = note.start_beat - first.start_beat
        bar = song.bars[min(len(song.bars) - 1, int((position + 1e-6) // meter))]
        start = _swung(position, swing, arrangement.swing_unit)
        limit = _gate_end(song.bars, bar, plan.family) - first.start_beat
        end = min(_swung(position + note.beats, swing, arrangement.swing_unit), limit)
        push = rng.gauss(0.0, arrangement.human) * beats_per_second
        if plan.family == "drums" and note.pitch in (38, 39, 40) and note.velocity > 70:
            push += arrangement.late * beats_per_second
        start = max(0.0 if _plays_before(song.bars, bar, plan.family) else bar.start_beat, start + push)
        accent = 1.0 + arrangement.dynamics * (bar.loudness - 0.65)
        velocity = round(note.velocity * accent + rng.gauss(0.0, 4.0))
        pitch = max(0, min(127, note.pitch))
        played.append(
            Note(round(start, 5), round(max(0.06, end - start), 5), pitch, max(12, min(127, velocity)))
        )
    return _without_overlaps(played)


def _swung(beat: float, share: float, unit: float) -> float:
    """Bend time within each pair of `unit`s so that the first takes `share` of it."""
    pair, within = divmod(beat / (2 * unit), 1.0)
    bent = within * 2 * share if within < 0.5 else share + (within - 0.5) * 2 * (1 - share)
    return (pair + bent) * 2 * unit


def _plays_before(bars: list[Bar], bar: Bar, family: str) -> bool:
    number = bar.index - bars[0].index
    return number > 0 and bars[number - 1].gates[family]


def _gate_end(bars: list[Bar], bar: Bar, family: str) -> float:
    """Where the run of bars in which the family plays ends; a note in the last run may ring on."""
    number = bar.index - bars[0].index
    while number < len(bars) and bars[number].gates[family]:
        number += 1
    return bars[number - 1].end_beat if number < len(bars) else bars[-1].end_beat + 2.0


def _without_overlaps(notes: list[Note]) -> list[Note]:
    """A key must be let go before it is struck again: shorten, and merge double strikes."""
    last: dict[int, int] = {}
    kept: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.start_beat, n.pitch)):
        before = last.get(note.pitch)
        if before is not None:
            earlier = kept[before]
            gap = note.start_beat - earlier.start_beat
            if gap < 0.04:
                continue
            if earlier.beats > gap - 0.01:
                kept[before] = Note(earlier.start_beat, round(gap - 0.01, 5), earlier.pitch, earlier.velocity)
        last[note.pitch] = len(kept)
        kept.append(note)
    return kept
