"""Sound sources of the corpus: a General MIDI soundfont or plain built-in tones, and our own patches.

N samples at 48 kHz. A source plays one part at a time, dry; `render.py` makes the mix. Programs by number
are General MIDI's; programs by name are patches and drum machines of `legato.corpus.synth`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus import synth
from legato.corpus.builtin import BUILTIN, BuiltinVoices
from legato.corpus.played import PlayedNote

SOUNDFONT_NAME = "FluidR3_GM.sf2"
SOUNDFONT_FOLDERS = ("/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/sounds/sf2")


class CorpusError(RuntimeError):
    """The corpus cannot be made or read; one sentence says why and what to do."""


class Voices(Protocol):
    """Plays the notes of one part."""

    name: str  # recorded in the manifest

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """Dry sound of one part, float32 [samples, 2]; notes may ring past the end and are cut.

        Args:
            notes: what to play.
            program: of General MIDI, or the name of a patch or kit of `synth`.
            bank: of the program: 0, or 128 for drums; names have none.
            samples: how much.
        """
        ...


def open_voices(soundfont: str = "") -> Voices:
    """The sound source `soundfont` names.

    Args:
        soundfont: a .sf2 path, `"builtin"`, or empty for FluidR3 in the usual system folders.

    Raises:
        CorpusError: no such soundfont, or it cannot be read.
    """
    if soundfont == BUILTIN:
        return BuiltinVoices()
    return SoundFontVoices(find_soundfont(soundfont))


def find_soundfont(soundfont: str = "") -> Path:
    """Path of the soundfont to use; raises CorpusError when there is none."""
    if soundfont:
        path = Path(soundfont).expanduser()
        if not path.is_file():
            raise CorpusError(f"no soundfont at {soundfont}: give a .sf2 path, {BUILTIN!r} or nothing")
        return path
    for folder in SOUNDFONT_FOLDERS:
        path = Path(folder) / SOUNDFONT_NAME
        if path.is_file():
            return path
    raise CorpusError(
        f"no {SOUNDFONT_NAME} in {', '.join(SOUNDFONT_FOLDERS)}: install the apt package fluid-soundfont-gm, "
        f"or set corpus.soundfont to a .sf2 path or {BUILTIN!r}"
    )


class SoundFontVoices:
    """A soundfont played by tinysoundfont, without its own effects."""

    def __init__(self, path: Path) -> None:
        try:
            import tinysoundfont
        except ImportError as error:
            raise CorpusError(
                "soundfonts need tinysoundfont: pip install --no-deps tinysoundfont, "
                f"or set corpus.soundfont to {BUILTIN!r}"
            ) from error
        self.name = path.name
        self._player: Any = tinysoundfont.Synth(gain=-6, samplerate=SAMPLE_RATE)
        try:
            self._font = self._player.sfload(str(path))
        except Exception as error:  # the binding raises bare Exception
            raise CorpusError(f"{path} is not a readable soundfont") from error

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """See `Voices.play`."""
        if isinstance(program, str):
            return synth.play(program, notes, samples)
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
