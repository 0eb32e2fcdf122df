"""Drum machines: hits by General MIDI percussion key, played with hands that vary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from zlib import crc32

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus.played import PlayedNote
from legato.corpus.synth import hits
from legato.corpus.synth.hits import Sound

Maker = Callable[[np.random.Generator, float], Sound]
"""A hit from a generator and how hard it is struck, 0-1."""

# Keys of one voice: the kit names a voice, General MIDI its keys.
VOICES: dict[str, tuple[int, ...]] = {
    "kick": (35, 36), "rim": (31, 33, 37), "snare": (38,), "clap": (39,), "snare 2": (40,),
    "tom low": (41, 43, 45), "tom mid": (47, 48), "tom high": (50,), "hat": (42, 44), "open": (46,),
    "crash": (49, 52, 55, 57), "ride": (51, 53, 59), "tamb": (54,), "cowbell": (56, 67, 68),
    "conga high": (60, 62), "conga": (61, 63, 65), "conga low": (64, 66), "shaker": (58, 69, 70, 73, 74, 82),
    "claves": (75, 76, 77), "bell": (34, 71, 72, 80, 81),
}  # fmt: skip
_OF_KEY = {key: voice for voice, keys in VOICES.items() for key in keys}
_PAN = {
    "hat": 0.2, "open": 0.2, "crash": -0.3, "ride": 0.35, "tom low": 0.35, "tom mid": 0.0, "tom high": -0.35,
    "shaker": -0.35, "tamb": 0.3, "cowbell": -0.25, "conga": 0.3, "conga high": 0.4, "conga low": 0.15,
    "claves": -0.4, "bell": -0.4, "rim": -0.15,
}  # fmt: skip
_LEVEL = {  # beside a kick of 1
    "kick": 1.0, "snare": 0.75, "snare 2": 0.7, "clap": 0.8, "rim": 0.45, "hat": 0.45, "open": 0.45,
    "crash": 0.6, "ride": 0.36, "tamb": 0.36, "shaker": 0.32, "cowbell": 0.3, "claves": 0.35, "bell": 0.22,
    "conga": 0.45, "conga high": 0.42, "conga low": 0.48, "tom low": 0.7, "tom mid": 0.65, "tom high": 0.62,
}  # fmt: skip
_PITCH = {
    41: 0.84,
    43: 0.92,
    48: 1.08,
    62: 1.05,
    65: 1.5,
    66: 1.1,
    68: 1.25,
    76: 1.15,
    77: 0.85,
}  # in a voice
_TAKES = 3  # variations of a hit
_CHOKED = (42, 44)  # keys that close the open hat
_OPEN = 46


@dataclass(frozen=True)
class Kit:
    """A drum machine.

    Attributes:
        words: what a listener calls it, the plainest name first.
        makers: of each of `VOICES`, its hit.
        colour: over every hit: the machine's own sound.
        levels: beside `_LEVEL`, factors.
        loose: how far hits differ from one another, 0-1.
        width: of the stereo field, 0-1.
    """

    words: tuple[str, ...]
    makers: dict[str, Maker] = field(hash=False)
    colour: Callable[[Sound], Sound] | None = None
    levels: dict[str, float] = field(default_factory=dict, hash=False)
    loose: float = 0.3
    width: float = 0.8

    def play(self, notes: Sequence[PlayedNote], samples: int) -> np.ndarray:
        """The part, dry, float32 [samples, 2]; keys outside General MIDI's are struck as claves."""
        out_n2 = np.zeros((samples, 2), np.float32)
        ordered = sorted(notes, key=lambda note: (note.start, note.pitch))
        rng = np.random.default_rng(crc32(self.words[0].encode()))
        for index, note in enumerate(ordered):
            at = max(0, round(note.start * SAMPLE_RATE))
            take, gain = int(rng.integers(_TAKES)), 10 ** (self.loose * rng.normal(0.0, 0.8) / 20)
            if at >= samples:
                continue
            sound = _hit(self, note.pitch, min(3, note.velocity // 32), take)
            if note.pitch == _OPEN:
                sound = _closed(sound, note, ordered[index + 1 :])
            sound = sound[: samples - at]
            voice = _OF_KEY.get(note.pitch, "claves")
            angle = np.pi / 4 * (1.0 + self.width * _PAN.get(voice, 0.0))
            level = gain * (note.velocity / 110.0) ** 1.5 * _LEVEL[voice] * self.levels.get(voice, 1.0)
            out_n2[at : at + len(sound), 0] += sound * np.float32(level * np.cos(angle))
            out_n2[at : at + len(sound), 1] += sound * np.float32(level * np.sin(angle))
        return out_n2

    def __hash__(self) -> int:
        return hash(self.words)


def struck(kit: Kit, voice: str) -> Sound:
    """A hard hit of a voice as the kit plays it, before the level of the voice, float32 [N], peak 1."""
    return _hit(kit, VOICES[voice][0], 3, 0)


@lru_cache(maxsize=1000)
def _hit(kit: Kit, key: int, band: int, take: int) -> Sound:
    """One hit, float32 [N], peak 1; soft bands are duller."""
    voice = _OF_KEY.get(key, "claves")
    rng = np.random.default_rng([crc32(kit.words[0].encode()), key, take])
    hard = (0.25, 0.5, 0.75, 1.0)[band]
    sound = kit.makers[voice](rng, hard)
    speed = _PITCH.get(key, 1.0) * 2 ** (kit.loose * rng.normal(0.0, 0.25) / 12)
    if abs(speed - 1.0) > 1e-4:
        place = np.arange(0, len(sound) - 1, speed)
        sound = np.interp(place, np.arange(len(sound)), sound)
    if band < 3:
        sound = hits.lowpass(sound, (4500.0, 7500.0, 13_000.0)[band])
    if kit.colour:
        sound = kit.colour(sound / (np.abs(sound).max() + 1e-9))
    sound = sound / (np.abs(sound).max() + 1e-9)
    sound[-240:] *= np.linspace(1.0, 0.0, 240)
    return sound.astype(np.float32)


def _closed(sound: Sound, note: PlayedNote, later: Sequence[PlayedNote]) -> Sound:
    """The open hat up to the next closed one."""
    for other in later:
        if other.pitch in _CHOKED and other.start > note.start:
            stop = round((other.start - note.start) * SAMPLE_RATE)
            if stop >= len(sound):
                return sound
            sound = sound[: stop + 480].copy()
            fade = sound[stop:]
            fade *= np.linspace(1.0, 0.0, len(fade))
            return sound
    return sound
