"""Sound sources of the corpus: General MIDI soundfonts or plain built-in tones, samples, and our own patches.

N samples at 48 kHz. A source plays one part at a time, dry; `render.py` makes the mix. Programs by number
are General MIDI's; programs by name are patches and drum machines of `legato.corpus.synth`.
"""

from __future__ import annotations

from collections.abc import Sequence

from legato.corpus.blend import Blend
from legato.corpus.builtin import BUILTIN, BuiltinVoices
from legato.corpus.errors import CorpusError
from legato.corpus.played import PlayedNote, Voices
from legato.corpus.sets import Told, installed
from legato.corpus.soundfont import SoundFontVoices, find_soundfont

__all__ = [
    "BUILTIN",
    "BuiltinVoices",
    "CorpusError",
    "PlayedNote",
    "SoundFontVoices",
    "Voices",
    "find_soundfont",
    "open_voices",
]


def open_voices(
    soundfont: str = "", sets: Sequence[str] = (), *, strict: bool = False, told: Told | None = None
) -> Voices:
    """The sound sources that a configuration names.

    Args:
        soundfont: a .sf2 or .sf3 path, `"builtin"`, or empty for FluidR3 in the usual system folders.
        sets: keys of `sets.SETS` that vary it.
        strict: refuse when one of them is missing.
        told: hears a sentence for each that is left out.

    Raises:
        CorpusError: no such soundfont, it cannot be read, an unknown set, or a missing one and `strict`.
    """
    places = installed(sets, strict=strict, told=told)
    main = BuiltinVoices() if soundfont == BUILTIN else SoundFontVoices(find_soundfont(soundfont))
    if not places:
        return main
    return Blend(main, places)
