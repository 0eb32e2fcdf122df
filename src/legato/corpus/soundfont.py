"""Soundfonts, played by tinysoundfont without its own effects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus import synth
from legato.corpus.builtin import BUILTIN
from legato.corpus.errors import CorpusError
from legato.corpus.mixing import levels
from legato.corpus.played import PlayedNote, Player

SOUNDFONT_NAME = "FluidR3_GM.sf2"
SOUNDFONT_FOLDERS = ("/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/sounds/sf2")


def find_soundfont(soundfont: str = "") -> Path:
    """Path of the soundfont to use; raises CorpusError when there is none."""
    if soundfont:
        path = Path(soundfont).expanduser()
        if not path.is_file():
            raise CorpusError(
                f"no soundfont at {soundfont}: give a .sf2 or .sf3 path, {BUILTIN!r} or nothing"
            )
        return path
    for folder in SOUNDFONT_FOLDERS:
        path = Path(folder) / SOUNDFONT_NAME
        if path.is_file():
            return path
    raise CorpusError(
        f"no {SOUNDFONT_NAME} in {', '.join(SOUNDFONT_FOLDERS)}: install the apt package fluid-soundfont-gm, "
        f"or set corpus.soundfont to a .sf2 or .sf3 path or {BUILTIN!r}"
    )


class SoundFontVoices:
    """The presets of one soundfont."""

    def __init__(self, path: Path) -> None:
        try:
            import tinysoundfont
        except ImportError as error:
            raise CorpusError(
                "soundfonts need tinysoundfont: pip install --no-deps tinysoundfont, "
                f"or set corpus.soundfont to {BUILTIN!r}"
            ) from error
        self.name = path.name
        self._levels: dict[tuple[int, int, int], float] = {}
        self._player: Any = tinysoundfont.Synth(gain=-6, samplerate=SAMPLE_RATE)
        try:
            self._font = self._player.sfload(str(path))
        except Exception as error:  # the binding raises bare Exception
            raise CorpusError(f"{path} is not a readable soundfont") from error

    def band(self, seed: int) -> SoundFontVoices:
        """Itself, for every clip."""
        return self

    def player(self, notes: list[PlayedNote], program: int | str, bank: int) -> Player:
        """Itself, or own synthesis for a patch or kit."""
        return synth.SYNTHESIS if isinstance(program, str) else self

    def level_db(self, program: int, bank: int, pitch: int) -> float:
        """Level of one note of a preset at velocity 90, dBFS RMS while it sounds; -120 where it is silent."""
        key = (program, bank, pitch)
        if key not in self._levels:
            note = PlayedNote(0.0, 0.25, pitch, 90)
            try:
                rms = levels.sounding_rms(self.play([note], program, bank, round(0.3 * SAMPLE_RATE)))
            except CorpusError:  # the set lacks the preset
                rms = 0.0
            self._levels[key] = 20 * float(np.log10(rms + 1e-6))
        return self._levels[key]

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """See `Player.play`."""
        player = self._player
        try:
            player.program_select(0, self._font, bank, program)
        except Exception as error:
            raise CorpusError(f"{self.name} has no program {program} in bank {bank}") from error
        audio_n2 = np.zeros((samples, 2), np.float32)
        at = 0
        for time, starts, pitch, velocity in _events(notes, samples):
            if time > at:
                audio_n2[at:time] = self._generate(time - at)
                at = time
            if starts:
                player.noteon(0, pitch, velocity)
            else:
                player.noteoff(0, pitch)
        audio_n2[at:] = self._generate(samples - at)
        player.sounds_off(0)
        self._generate(SAMPLE_RATE // 10)  # let the voices die, so that parts do not depend on one another
        return audio_n2

    def _generate(self, samples: int) -> np.ndarray:
        if samples == 0:
            return np.zeros((0, 2), np.float32)
        return np.frombuffer(self._player.generate(samples), np.float32).reshape(-1, 2)


def _events(notes: list[PlayedNote], samples: int) -> list[tuple[int, bool, int, int]]:
    """(sample, starts, pitch, velocity) in order; at one sample, ends come before starts."""
    events = []
    for note in notes:
        start = max(0, round(note.start * SAMPLE_RATE))
        if start >= samples:
            continue
        end = max(start + 480, round(note.end * SAMPLE_RATE))
        events.append((start, True, note.pitch, note.velocity))
        if end < samples:
            events.append((end, False, note.pitch, 0))
    return sorted(events)
