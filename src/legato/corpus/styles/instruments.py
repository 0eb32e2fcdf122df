"""Names of the instruments the bands use, as a listener would say them, and what they reach."""

from __future__ import annotations

from legato.corpus import synth

MELODIC: dict[int, str] = {
    0: "grand piano", 1: "bright piano", 2: "electric grand piano", 3: "honky-tonk piano",
    4: "Rhodes electric piano", 5: "FM electric piano", 6: "harpsichord", 7: "clavinet", 8: "celesta",
    9: "glockenspiel", 10: "music box", 11: "vibraphone", 12: "marimba", 13: "xylophone", 14: "tubular bells",
    15: "dulcimer", 16: "drawbar organ", 17: "percussive organ", 18: "rock organ", 19: "church organ",
    20: "reed organ", 21: "accordion", 22: "harmonica", 24: "nylon guitar", 25: "steel-string guitar",
    26: "jazz guitar", 27: "clean electric guitar", 28: "muted guitar", 29: "overdriven guitar",
    30: "distorted guitar", 32: "upright bass", 33: "fingered bass", 34: "picked bass", 35: "fretless bass",
    36: "slap bass", 37: "slap bass", 38: "synth bass", 39: "synth bass", 40: "violin", 41: "viola",
    42: "cello", 43: "double bass", 44: "tremolo strings", 45: "pizzicato strings", 46: "harp",
    48: "string section",
    49: "slow strings", 50: "synth strings", 51: "synth strings", 52: "choir", 53: "voices",
    54: "synth voice", 56: "trumpet", 57: "trombone", 59: "muted trumpet", 60: "french horn",
    61: "brass section",
    62: "synth brass", 63: "synth brass", 64: "soprano sax", 65: "alto sax", 66: "tenor sax", 68: "oboe",
    69: "english horn", 71: "clarinet", 73: "flute", 74: "recorder", 75: "pan flute", 78: "whistle",
    79: "ocarina", 80: "square lead", 81: "saw lead", 82: "calliope lead", 84: "charang lead",
    85: "voice lead", 86: "fifths lead", 87: "bass lead", 88: "new age pad", 89: "warm pad", 90: "polysynth",
    91: "choir pad",
    92: "bowed pad", 93: "metallic pad", 94: "halo pad", 95: "sweep pad", 98: "crystal synth",
    99: "atmosphere synth", 100: "brightness synth", 104: "sitar", 105: "banjo", 106: "shamisen",
    107: "koto", 108: "kalimba", 110: "fiddle", 114: "steel drums",
}  # fmt: skip

KITS: dict[int, str] = {
    0: "acoustic drums", 8: "room drums", 16: "power drums", 24: "electronic drums",
    25: "808 drum machine", 32: "jazz drums", 40: "brush drums", 48: "orchestral percussion",
}  # fmt: skip

# What the real instruments reach, MIDI; others play anything.
RANGES: dict[int | str, tuple[int, int]] = {
    11: (53, 89), 22: (60, 91), 24: (40, 83), 25: (40, 84), 26: (40, 84), 27: (40, 86), 29: (40, 86),
    30: (40, 86), 40: (55, 96), 41: (48, 84), 42: (36, 76), 56: (54, 82), 57: (40, 70), 59: (54, 82),
    60: (41, 77), 61: (46, 82), 64: (56, 87), 65: (50, 80), 66: (45, 76), 68: (58, 88), 69: (52, 80),
    71: (50, 89), 73: (60, 95), 74: (60, 93), 110: (55, 93),
    **{name: (patch.low, patch.high) for name, patch in synth.PATCHES.items() if patch.pitched},
}  # fmt: skip

# Above these the soundfonts have no samples: what a performer could ask for, and would not hear.
TOPS: dict[int | str, int] = {28: 84, 33: 84, 34: 84, 35: 84, 36: 84, 37: 84, 43: 57, 65: 84}


def name_of(family: str, program: int | str) -> str:
    """What to call a program of a family, or a patch or kit."""
    if isinstance(program, str):
        return synth.words(program)[0]
    return (KITS if family == "drums" else MELODIC)[program]
