"""What the grammar speaks of: bars, sections and styles. Plain symbols, positions in beats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from legato.music.theory import Chord, Key, parse_chord, parse_key


@dataclass(frozen=True)
class Bar:
    """One planned bar. Positions are in beats from the start of the piece."""

    index: int
    start_beat: float
    beats: int  # beats per bar
    section: str
    key: Key
    chords: tuple[tuple[float, Chord], ...]  # (start beat, chord); the first at `start_beat`
    gates: dict[str, bool]  # family -> plays
    density: float  # 0 sparse … 1 dense
    brightness: float  # 0 dark … 1 bright
    loudness: float  # 0 quiet … 1 loud
    fill: bool = False  # the drums lead over to the next section
    build: float = 0.0  # how far through a build-up: 0 none … 1 the bar before its goal

    @property
    def end_beat(self) -> float:
        """Where the next bar starts."""
        return self.start_beat + self.beats

    def spans(self) -> list[tuple[float, float, Chord]]:
        """Chord spans: (start beat, end beat, chord)."""
        ends = [start for start, _ in self.chords[1:]] + [self.end_beat]
        return [(start, end, chord) for (start, chord), end in zip(self.chords, ends, strict=True)]

    def chord_at(self, beat: float) -> Chord:
        """The chord sounding at a beat of this bar."""
        current = self.chords[0][1]
        for start, chord in self.chords:
            if start <= beat + 1e-6:
                current = chord
        return current

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "index": self.index,
            "start_beat": self.start_beat,
            "beats": self.beats,
            "section": self.section,
            "key": self.key.name,
            "chords": [[start, chord.name] for start, chord in self.chords],
            "gates": dict(self.gates),
            "density": self.density,
            "brightness": self.brightness,
            "loudness": self.loudness,
            "fill": self.fill,
            "build": self.build,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Bar:
        """The inverse of `to_dict`."""
        chords = tuple((float(start), parse_chord(name)) for start, name in data["chords"])
        return cls(**{**data, "key": parse_key(data["key"]), "chords": chords})


@dataclass(frozen=True)
class Section:
    """A kind of section. Families are letters: d(rums), b(ass), c(hords), l(ead)."""

    families: tuple[str, ...]  # equally likely line-ups, for example ("dbc", "dbcl")
    density: float  # 0–1
    brightness: float
    loudness: float
    bars: tuple[int, ...] = (4, 8)  # lengths when played live
    rise: float = 0.0  # change of density and loudness from the first bar to the last


@dataclass(frozen=True)
class StyleGrammar:
    """What a style may do: tempo, harmony, form and tendencies. Symbols only; sounds live in the corpus."""

    name: str
    title: str
    tempo: tuple[float, float]  # bpm, the usual range
    modes: tuple[str, ...]  # repeated for weight
    progressions: dict[str, tuple[str, ...]]  # by mode, or "minor" / "major" for all of that kind
    forms: tuple[tuple[str, ...], ...]  # section names, one cycle each
    sections: dict[str, Section]
    genres: tuple[str, ...]  # how a listener names it
    moods: tuple[str, ...]
    meters: tuple[int, ...] = (4,)  # beats per bar, repeated for weight
    families: str = "dbcl"  # which families the style has at all
    density: float = 0.0  # added to every section's
    brightness: float = 0.0
    loudness: float = 0.0
