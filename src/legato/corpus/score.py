"""A composition on paper: parts of notes in beats, the bars they follow, the map from beats to seconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from legato.music.model import Bar
from legato.music.theory import PITCH_CLASSES

UNPITCHED = frozenset({"noise riser", "reverse swell", "vinyl texture", "rain texture"})  # patches
_ANTICIPATION = 0.05  # beats before a bar line from which a note belongs to the next bar


@dataclass(frozen=True)
class Note:
    """One note; on drum parts `pitch` is a General MIDI percussion key and `beats` a short nominal length."""

    start_beat: float  # ≥ 0, humanised
    beats: float  # > 0
    pitch: int  # MIDI, 0–127
    velocity: int  # 1–127


@dataclass
class Part:
    """One instrument of the band."""

    name: str
    family: str  # one of conditioning.FAMILIES
    program: int | str  # General MIDI, 0–127, or the name of a patch of `synth`
    bank: int  # 0; 128 for drums
    notes: list[Note] = field(default_factory=list)
    gain: float = 1.0  # linear, 0–1.5
    pan: float = 0.0  # -1 left … 1 right
    reverb: float = 0.2  # send, 0–1

    @property
    def texture(self) -> bool:
        """Whether it is noise around the music: no pitches, onsets or gate of its family to label."""
        return self.program in UNPITCHED


@dataclass
class Score:
    """A whole clip. `bars` cover [0, beats); notes may ring past the end."""

    seed: int
    style: str
    key: str  # name of the tonic, as in theory.PITCH_CLASSES
    mode: str
    beats_per_bar: int
    tempo_map: list[tuple[float, float]]  # (beat, bpm), the first at beat 0
    bars: list[Bar]
    parts: list[Part]
    beats: float

    def seconds(self, beat: float) -> float:
        """The time of a beat (piecewise-constant tempo)."""
        total = 0.0
        for index, (start, bpm) in enumerate(self.tempo_map):
            last = index + 1 == len(self.tempo_map)
            end = beat if last else min(beat, self.tempo_map[index + 1][0])
            total += (end - start) * 60.0 / bpm
            if last or beat <= self.tempo_map[index + 1][0]:
                break
        return total

    def beat(self, second: float) -> float:
        """The beat position at a time: the inverse of `seconds`."""
        clock = 0.0
        for index, (start, bpm) in enumerate(self.tempo_map):
            if index + 1 == len(self.tempo_map):
                return start + (second - clock) * bpm / 60.0
            length = (self.tempo_map[index + 1][0] - start) * 60.0 / bpm
            if second <= clock + length:
                return start + (second - clock) * bpm / 60.0
            clock += length
        raise ValueError("the tempo map is empty: give at least one (beat, bpm)")

    def bpm(self, beat: float) -> float:
        """The tempo at a beat."""
        return [bpm for start, bpm in self.tempo_map if start <= beat + 1e-9 or start == 0][-1]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "bars": [bar.to_dict() for bar in self.bars]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Score:
        """The inverse of `to_dict`."""
        parts = [
            Part(**{**part, "notes": [Note(**note) for note in part["notes"]]}) for part in data["parts"]
        ]
        tempo_map = [(float(beat), float(bpm)) for beat, bpm in data["tempo_map"]]
        bars = [Bar.from_dict(bar) for bar in data["bars"]]
        return cls(**{**data, "bars": bars, "parts": parts, "tempo_map": tempo_map})


def without_overlaps(notes: list[Note]) -> list[Note]:
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


def before(score: Score, beat: float) -> Score:
    """What is played until a bar line; notes held over it are let go there."""
    parts = [
        replace(
            part,
            notes=[
                replace(note, beats=min(note.beats, beat - note.start_beat))
                for note in part.notes
                if note.start_beat < beat - _ANTICIPATION
            ],
        )
        for part in score.parts
    ]
    bars = [bar for bar in score.bars if bar.start_beat < beat - 1e-6]
    tempo_map = [(start, bpm) for start, bpm in score.tempo_map if not start or start < beat - 1e-6]
    return _of_bars(score, bars, parts, tempo_map, beat)


def after(score: Score, beat: float) -> Score:
    """What is struck from a bar line on, at its place in the clip: time before it stays, silent."""
    parts = [
        replace(part, notes=[note for note in part.notes if note.start_beat >= beat - _ANTICIPATION])
        for part in score.parts
    ]
    bars = [bar for bar in score.bars if bar.start_beat >= beat - 1e-6]
    return _of_bars(score, bars, parts, score.tempo_map, score.beats)


def join(first: Score, second: Score, beat: float) -> Score:
    """One score after another: `first` until a beat, from there `second` from its beginning.

    Style and key are the first one's; every bar carries its own key. `after(joined, beat)` is the second
    score where it lies in the joined one, save its style.

    Args:
        first: ends at `beat`, held notes included.
        second: its beat 0 comes to lie on `beat`.
        beat: a bar line of `first`, > 0.

    Raises:
        ValueError: `beat` is no bar line of `first`, or the metres differ.
    """
    if not any(abs(bar.start_beat - beat) < 1e-6 for bar in first.bars[1:]):
        raise ValueError(f"beat {beat} is not the start of a bar of the first score after its first")
    if first.beats_per_bar != second.beats_per_bar:
        raise ValueError(f"cannot join {first.beats_per_bar} beats per bar to {second.beats_per_bar}")
    start = before(first, beat)
    index = start.bars[-1].index + 1 - second.bars[0].index
    bars = [_moved(bar, beat, index) for bar in second.bars]
    parts = [
        replace(part, notes=[replace(note, start_beat=note.start_beat + beat) for note in part.notes])
        for part in second.parts
    ]
    tempo_map = start.tempo_map + [(moment + beat, bpm) for moment, bpm in second.tempo_map]
    return replace(
        start,
        bars=start.bars + bars,
        parts=[part for part in start.parts if part.notes] + parts,
        tempo_map=tempo_map,
        beats=beat + second.beats,
    )


def _moved(bar: Bar, beats: float, index: int) -> Bar:
    chords = tuple((start + beats, chord) for start, chord in bar.chords)
    return replace(bar, index=bar.index + index, start_beat=bar.start_beat + beats, chords=chords)


def _of_bars(
    score: Score, bars: list[Bar], parts: list[Part], tempo_map: list[tuple[float, float]], beats: float
) -> Score:
    key = bars[0].key
    return replace(
        score,
        key=PITCH_CLASSES[key.root],
        mode=key.mode,
        bars=bars,
        parts=[part for part in parts if part.notes],
        tempo_map=list(tempo_map),
        beats=beats,
    )
