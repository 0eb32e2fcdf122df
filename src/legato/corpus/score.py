"""A composition on paper: parts of notes in beats, the bars they follow, the map from beats to seconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from legato.music.model import Bar


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
    program: int  # General MIDI, 0–127
    bank: int  # 0; 128 for drums
    notes: list[Note] = field(default_factory=list)
    gain: float = 1.0  # linear, 0–1.5
    pan: float = 0.0  # -1 left … 1 right
    reverb: float = 0.2  # send, 0–1


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
