"""The table of styles: tempo, harmony, form and words of each. Sounds and patterns live in `corpus.styles`."""

# A table: one kind of progression to a row reads better than wrapped tuples.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from legato.music.model import Section, StyleGrammar

S = Section

_BAND = {
    "intro": S(("c", "cl", "dc", "bc", "dbc"), 0.3, 0.4, 0.45, (4,)),
    "verse": S(("dbc", "dbc", "dbcl", "db"), 0.45, 0.45, 0.55, (8,)),
    "chorus": S(("dbcl", "dbcl", "dbc"), 0.7, 0.65, 0.8, (8,)),
    "solo": S(("dbcl", "dbl"), 0.65, 0.6, 0.75, (8,)),
    "break": S(("d", "db", "bc", "cl", "c"), 0.3, 0.4, 0.45, (2, 4)),
    "outro": S(("bc", "c", "dbc", "cl"), 0.25, 0.35, 0.4, (4,)),
}
_BAND_FORMS = (
    ("intro", "verse", "chorus", "verse", "chorus", "break", "chorus"),
    ("intro", "verse", "verse", "chorus", "solo", "verse", "chorus"),
    ("intro", "verse", "break", "chorus", "verse", "solo", "outro"),
)
_CLUB = {
    "intro": S(("d", "dc", "db"), 0.35, 0.35, 0.55, (4, 8)),
    "groove": S(("db", "dbc"), 0.5, 0.45, 0.7, (8,)),
    "build": S(("dc", "dcl", "dbc", "cl"), 0.6, 0.6, 0.65, (4, 8), 0.4),
    "drop": S(("dbcl", "dbcl", "dbl", "dbc"), 0.8, 0.7, 0.9, (8, 16)),
    "break": S(("c", "cl", "bc", "bcl"), 0.3, 0.4, 0.4, (4, 8)),
    "outro": S(("d", "db", "dc"), 0.35, 0.35, 0.55, (4,)),
}
_CLUB_FORMS = (
    ("intro", "groove", "build", "drop", "break", "build", "drop"),
    ("intro", "groove", "drop", "break", "groove", "drop"),
    ("groove", "break", "build", "drop", "groove", "outro"),
)
_CHAMBER = {
    "opening": S(("c", "cl", "l", "bc"), 0.3, 0.4, 0.4, (4,)),
    "theme": S(("bcl", "bcl", "cl"), 0.5, 0.5, 0.55, (8,)),
    "development": S(("bcl", "bcl", "bl", "bc"), 0.7, 0.6, 0.65, (8,), 0.3),
    "climax": S(("bcl",), 0.85, 0.7, 0.85, (4, 8)),
    "calm": S(("bc", "c", "cl", "l"), 0.2, 0.35, 0.3, (4,)),
}
_CHAMBER_FORMS = (
    ("opening", "theme", "development", "climax", "calm", "theme"),
    ("theme", "theme", "calm", "development", "climax"),
)
_DRIFT = {
    "haze": S(("c", "c", "bc"), 0.1, 0.3, 0.35, (8,)),
    "bloom": S(("bc", "bcl", "cl"), 0.3, 0.5, 0.5, (8,), 0.2),
    "light": S(("cl", "bcl", "l"), 0.4, 0.7, 0.5, (8,)),
    "pulse": S(("dbc", "dbcl", "dc"), 0.4, 0.5, 0.55, (8,)),
}
_DRIFT_FORMS = (
    ("haze", "bloom", "light", "haze", "pulse", "light"),
    ("bloom", "haze", "pulse", "bloom", "light"),
)

_TWELVE = {
    "intro": S(("dbc", "bc", "cl", "dbcl"), 0.35, 0.45, 0.45, (4,)),
    "verse": S(("dbcl", "dbc", "dbcl"), 0.45, 0.45, 0.55, (12,)),
    "chorus": S(("dbcl",), 0.6, 0.55, 0.7, (12,)),
    "solo": S(("dbcl", "dbcl", "dbl"), 0.7, 0.6, 0.75, (12,), 0.2),
    "break": S(("bl", "dl", "cl", "bc", "db"), 0.3, 0.45, 0.5, (4,)),
}
_TWELVE_FORMS = (
    ("intro", "verse", "verse", "solo", "verse", "chorus"),
    ("intro", "verse", "solo", "break", "chorus"),
    ("verse", "chorus", "solo", "solo", "break", "chorus"),
)
_SESSION = {
    "air": S(("cl", "l", "c", "bcl"), 0.25, 0.4, 0.4, (8,)),
    "first": S(("cl", "bcl", "dcl"), 0.45, 0.5, 0.5, (8,)),
    "second": S(("dbcl", "dcl", "dbcl"), 0.6, 0.6, 0.65, (8, 16)),
    "lift": S(("dbcl",), 0.75, 0.65, 0.8, (8,), 0.2),
    "break": S(("dc", "dl", "bc", "db"), 0.4, 0.5, 0.5, (4,)),
    "outro": S(("cl", "bcl", "c"), 0.3, 0.45, 0.4, (4,)),
}
_SESSION_FORMS = (
    ("air", "first", "second", "lift", "break", "second", "lift"),
    ("first", "second", "break", "first", "lift"),
    ("first", "second", "second", "lift", "outro"),
)
_LATIN = {
    "intro": S(("bc", "dbc", "dbcl", "c"), 0.45, 0.5, 0.55, (4,)),
    "verse": S(("dbc", "dbcl"), 0.5, 0.5, 0.55, (8,)),
    "chorus": S(("dbcl", "dbcl", "dbc"), 0.65, 0.6, 0.75, (8,)),
    "solo": S(("dbcl", "dbc"), 0.7, 0.6, 0.75, (8,), 0.2),
    "mambo": S(("dbcl", "dbl"), 0.8, 0.7, 0.85, (4, 8)),
    "break": S(("d", "dc", "db", "bc"), 0.4, 0.5, 0.5, (2, 4)),
}
_LATIN_FORMS = (
    ("intro", "verse", "chorus", "mambo", "solo", "chorus", "mambo"),
    ("intro", "verse", "verse", "chorus", "break", "mambo", "chorus"),
)
_COURT = {
    "ritornello": S(("bcl", "bcl", "dbcl"), 0.6, 0.55, 0.65, (4, 8)),
    "episode": S(("bl", "cl", "bcl"), 0.45, 0.5, 0.45, (4, 8)),
    "sequence": S(("bcl",), 0.7, 0.6, 0.6, (8,), 0.2),
    "adagio": S(("bc", "bcl", "cl", "c"), 0.2, 0.4, 0.35, (4,)),
    "fugato": S(("l", "bl", "bcl"), 0.6, 0.5, 0.5, (8,), 0.4),
    "finale": S(("dbcl", "bcl"), 0.8, 0.65, 0.8, (4, 8)),
}
_COURT_FORMS = (
    ("ritornello", "episode", "sequence", "ritornello", "adagio", "finale"),
    ("fugato", "sequence", "episode", "finale"),
    ("adagio", "fugato", "episode", "ritornello", "finale"),
)

_DISCO = {
    "intro": S(("dc", "c", "db", "bc", "dcl"), 0.25, 0.45, 0.5, (4, 8)),
    "verse": S(("dbc", "dbc", "dbcl"), 0.38, 0.5, 0.6, (8,)),
    "chorus": S(("dbcl", "dbcl", "dbc"), 0.6, 0.65, 0.8, (8,)),
    "strings": S(("bcl", "dcl", "cl"), 0.28, 0.65, 0.6, (4, 8), 0.3),
    "break": S(("d", "db", "c", "bc", "cl"), 0.15, 0.4, 0.45, (2, 4)),
    "outro": S(("dbc", "db", "dbcl"), 0.35, 0.5, 0.6, (4,)),
}
_DISCO_FORMS = (
    ("intro", "verse", "chorus", "verse", "chorus", "break", "strings", "chorus"),
    ("intro", "verse", "break", "strings", "chorus", "break", "chorus", "outro"),
    ("intro", "break", "verse", "chorus", "strings", "break", "chorus"),
)
_TRANCE = {
    "intro": S(("d", "db", "dc"), 0.4, 0.4, 0.55, (8,)),
    "groove": S(("db", "dbc", "dbc"), 0.55, 0.5, 0.7, (8,)),
    "breakdown": S(("c", "cl", "cl", "bcl"), 0.25, 0.4, 0.4, (8, 16), 0.15),
    "build": S(("dcl", "dc", "dcl"), 0.6, 0.65, 0.65, (4, 8), 0.5),
    "drop": S(("dbcl", "dbcl", "dbc"), 0.8, 0.75, 0.9, (8, 16)),
    "outro": S(("d", "db", "dbc"), 0.4, 0.4, 0.55, (4,)),
}
_TRANCE_FORMS = (
    ("intro", "groove", "breakdown", "build", "drop", "groove", "breakdown", "build", "drop"),
    ("groove", "breakdown", "breakdown", "build", "drop", "drop"),
    ("intro", "groove", "drop", "breakdown", "build", "drop", "outro"),
)
_GAME = {
    "title": S(("dbcl", "bcl", "cl"), 0.38, 0.55, 0.6, (4, 8)),
    "stage": S(("dbcl", "dbcl", "dbl"), 0.5, 0.55, 0.7, (8,)),
    "bonus": S(("dbcl", "dcl", "bcl"), 0.62, 0.7, 0.75, (4, 8)),
    "cave": S(("bc", "bcl", "bl", "dbc"), 0.25, 0.3, 0.5, (4, 8)),
    "boss": S(("dbcl", "dbc", "dbcl"), 0.75, 0.6, 0.85, (8,)),
    "rest": S(("c", "l", "cl", "b", "d"), 0.15, 0.5, 0.4, (2, 4)),
}
_GAME_FORMS = (
    ("title", "stage", "bonus", "stage", "boss", "rest"),
    ("title", "stage", "cave", "stage", "bonus"),
    ("stage", "cave", "boss", "rest", "bonus", "stage"),
)
_HEAVY = {
    "intro": S(("c", "cl", "dc", "bc", "dbc"), 0.22, 0.4, 0.55, (4,)),
    "riff": S(("dbc", "dbc", "dbcl"), 0.5, 0.5, 0.75, (4, 8)),
    "verse": S(("dbc", "db", "dbc"), 0.42, 0.45, 0.65, (8,)),
    "chorus": S(("dbcl", "dbcl", "dbc"), 0.5, 0.6, 0.85, (8,)),
    "blast": S(("dbc", "dbcl"), 0.8, 0.65, 0.9, (4, 8)),
    "breakdown": S(("dbc", "dbc", "bc", "dc"), 0.25, 0.35, 0.8, (4, 8)),
    "solo": S(("dbcl", "dbl"), 0.7, 0.65, 0.85, (8,)),
    "calm": S(("c", "cl", "bc", "l"), 0.1, 0.35, 0.4, (4,)),
}
_HEAVY_FORMS = (
    ("intro", "riff", "verse", "chorus", "riff", "solo", "breakdown", "chorus"),
    ("riff", "blast", "verse", "chorus", "calm", "breakdown", "solo", "blast"),
    ("intro", "riff", "verse", "breakdown", "chorus", "solo", "riff"),
)

_POP_MAJOR = ("I V vi IV", "vi IV I V", "I IV vi V", "IV I V vi", "I iii IV V", "I IV I V")
_POP_MINOR = ("i bVI bIII bVII", "i bVII bVI bVII", "i iv bVI bVII", "bVI bVII i i", "i bIII bVII iv")
_CLUB_MINOR = ("i i bVI bVII", "i bIII iv bVI", "i7 i7 iv7 v7", "i v bVI iv", "i9 bVImaj7 i9 bVII")


def _style(
    name: str,
    title: str,
    tempo: tuple[float, float],
    modes: str,
    harmony: dict[str, tuple[str, ...]],
    **rest: Any,
) -> StyleGrammar:
    kind = rest.pop("kind", "band")
    forms, sections = {
        "band": (_BAND_FORMS, _BAND),
        "disco": (_DISCO_FORMS, _DISCO),
        "trance": (_TRANCE_FORMS, _TRANCE),
        "game": (_GAME_FORMS, _GAME),
        "heavy": (_HEAVY_FORMS, _HEAVY),
        "club": (_CLUB_FORMS, _CLUB),
        "chamber": (_CHAMBER_FORMS, _CHAMBER),
        "drift": (_DRIFT_FORMS, _DRIFT),
        "twelve bars": (_TWELVE_FORMS, _TWELVE),
        "session": (_SESSION_FORMS, _SESSION),
        "latin": (_LATIN_FORMS, _LATIN),
        "court": (_COURT_FORMS, _COURT),
    }[kind]
    return StyleGrammar(
        name, title, tempo, tuple(modes.split(", ")), harmony, forms=forms, sections=sections, **rest
    )


_TABLE = (
    _style(
        "lofi", "lo-fi hip hop", (68, 92), "minor, major, dorian, minor",
        {
            "minor": ("i9 iv9 bVImaj7 v7", "iv9 bVII9 bIIImaj7 i9", "i9 bVImaj9 iv7 V7b9", "iim7b5,V7 i9 bVImaj7 i9"),
            "major": ("ii9 V13 Imaj9 vi7", "Imaj9 vi9 ii9 V9", "IVmaj7 iii7 ii7 Imaj9", "IVmaj7 iv6 iii7 VI7"),
            "dorian": ("i9 IV9 i9 IV9", "ii7 i9 ii7 bIIImaj7"),
        },
        genres=("lo-fi hip hop", "lofi beats", "chillhop", "study beats", "jazzy lo-fi"),
        moods=("mellow", "cosy", "dusty", "sleepy", "nostalgic", "laid-back"),
        density=-0.05, brightness=-0.15, loudness=-0.05,
    ),
    _style(
        "house", "house", (116, 130), "minor, dorian, minor, major",
        {
            "minor": (*_CLUB_MINOR, "i9 iv9 i9 bVII9", "bVImaj7 bVII i9 i9"),
            "major": ("ii9 V9 Imaj9 vi9", "Imaj7 iii7 vi7 IVmaj7", "IVmaj9 iii7 vi9 vi9"),
            "dorian": ("i9 IV9 i9 IV9", "i9 i9 bVIImaj7 IV9"),
        },
        kind="club", genres=("house", "deep house", "piano house", "club music", "classic house"),
        moods=("uplifting", "warm", "groovy", "dancing", "late-night", "soulful"),
    ),
    _style(
        "techno", "techno", (124, 148), "minor, phrygian, minor, dorian",
        {
            "minor": ("i i i i", "i i bVI bVI", "i i i bVII", "i i iv iv"),
            "phrygian": ("i i bII bII", "i i i bII"),
            "dorian": ("i7 i7 i7 IV7", "i7 i7 i7 i7"),
        },
        kind="club", genres=("techno", "dark techno", "warehouse techno", "minimal techno", "peak-time techno"),
        moods=("hypnotic", "dark", "driving", "industrial", "relentless", "raw"), density=0.05, brightness=-0.05,
    ),
    _style(
        "ambient", "ambient", (60, 96), "major, lydian, minor, dorian",
        {
            "major": ("Imaj9 Imaj9 IVmaj9 IVmaj9", "Iadd9 vi9 IVmaj9 Isus2", "Imaj7 iii7 IVmaj7 iv6", "I69 ii11 I69 ii11"),
            "minor": ("i9 i9 bVImaj9 bVImaj9", "imadd9 bVII bVImaj7 bIIImaj7", "i9 v7 bVImaj7 iv9"),
            "lydian": ("Imaj9 II9 Imaj9 II9", "Imaj7 Imaj7 iii7 iii7"),
            "dorian": ("i11 i11 IV9 IV9",),
        },
        kind="drift", genres=("ambient", "ambient soundscape", "drone music", "space music", "meditation music"),
        moods=("calm", "dreamy", "floating", "serene", "vast", "weightless"), loudness=-0.05, meters=(4, 4, 4, 3),
    ),
    _style(
        "jazz", "jazz trio", (92, 178), "major, minor, dorian, major",
        {
            "major": (
                "ii7 V7 Imaj7 VI7", "Imaj7 vi7 ii7 V7", "iii7 VI7 ii7 V7", "Imaj7,VI7 ii7,V7 iii7,VI7 ii7,V7",
                "Imaj7 I7 IVmaj7 iv6 iii7 VI7 ii7 V7", "I7 IV7 I7 I7 IV7 IV7 I7 VI7 ii7 V7 I7,VI7 ii7,V7",
            ),
            "minor": ("ii7b5 V7b9 i6 i6", "i6 iv7 ii7b5 V7b9", "i7 iv7 bVII7 bIIImaj7 bVImaj7 ii7b5 V7b9 i6"),
            "dorian": ("i7 i7 i7 IV7", "i7 i7 bii7 i7"),
        },
        genres=("jazz trio", "swing", "bebop", "piano jazz", "straight-ahead jazz"),
        moods=("swinging", "smoky", "playful", "cool", "elegant"), meters=(4, 4, 4, 4, 3), density=0.05,
    ),
    _style(
        "rock", "rock", (96, 156), "major, minor, mixolydian, minor",
        {
            "major": (*_POP_MAJOR, "I I IV V", "I5 V5 IV5 IV5"),
            "minor": (*_POP_MINOR, "i5 bIII5 bVII5 IV5", "i5 bVI5 bVII5 i5", "i5 i5 bVI5 bVII5"),
            "mixolydian": ("I bVII IV I", "I5 bVII5 IV5 IV5", "I IV bVII IV"),
        },
        genres=("rock", "indie rock", "classic rock", "alternative rock", "garage rock"),
        moods=("energetic", "anthemic", "gritty", "rebellious", "loud"), brightness=0.1, loudness=0.12,
    ),
    _style(
        "funk", "funk", (92, 122), "dorian, mixolydian, minor, dorian",
        {
            "dorian": ("i9 i9 IV9 IV9", "i7 IV9 i7 IV9", "i9 i9 i9 bVII,IV9"),
            "mixolydian": ("I9 I9 I9 I9", "I9 IV9 I9 IV9", "I9 I9 IV9 bVII9"),
            "minor": ("i9 i9 iv9 iv9", "i7 bIII bVII iv7"),
        },
        genres=("funk", "funk groove", "jazz-funk", "soul funk", "seventies funk"),
        moods=("tight", "groovy", "sassy", "punchy", "strutting"), density=0.1, brightness=0.05, loudness=0.05,
    ),
    _style(
        "bossa", "bossa nova", (110, 150), "major, minor, major",
        {
            "major": ("Imaj9 Imaj9 II9 II9 ii9 V9 Imaj9 V7b9", "Imaj7 io7 ii7 V9", "Imaj9 vi9 ii9 V13", "IVmaj7 iv6 iii7 VI7 ii9 V13 I69 I69"),
            "minor": ("i6 i6 ii7b5 V7b9", "i9 iv9 bVII9 bIIImaj7", "i6 bVImaj7 ii7b5 V7b9"),
        },
        genres=("bossa nova", "Brazilian jazz", "samba-jazz", "beach bossa", "latin lounge"),
        moods=("breezy", "gentle", "sunny", "romantic", "relaxed"), density=-0.05, loudness=-0.1,
    ),
    _style(
        "synthwave", "synthwave", (84, 122), "minor, minor, major, dorian",
        {
            "minor": (*_POP_MINOR, "bVI bVII i bIII", "i bVI iv v", "i i bVI bVI bIII bIII bVII bVII"),
            "major": ("I V vi IV", "IV V vi iii", "I iii vi IV"),
            "dorian": ("i7 IV i7 IV", "i bVII IV i"),
        },
        genres=("synthwave", "retrowave", "eighties synth music", "outrun", "neon synth pop"),
        moods=("nostalgic", "neon-lit", "cinematic", "cruising", "bittersweet"), brightness=0.1,
    ),
    _style(
        "dnb", "drum and bass", (160, 178), "minor, dorian, minor, phrygian",
        {
            "minor": (*_CLUB_MINOR, "i9 i9 bVImaj7 bVImaj7", "bVImaj7 v7 i9 i9"),
            "dorian": ("i9 i9 IV9 IV9", "i7 bIIImaj7 IV7 i7"),
            "phrygian": ("i i bII i",),
        },
        kind="club", genres=("drum and bass", "liquid drum and bass", "jungle", "breakbeat", "dnb"),
        moods=("fast", "rolling", "urgent", "liquid", "intense"), density=0.1, brightness=0.1,
    ),
    _style(
        "quartet", "string quartet", (60, 132), "major, minor, harmonic minor, minor",
        {
            "major": ("I vi IV V", "I V vi iii IV I IV V", "I IV V I", "I vi ii V7", "I ii V7 I", "IV I ii,V7 I"),
            "minor": ("i iv V i", "i bVI bIII bVII", "i V i iv i iio V i", "i bVII bVI V", "i iv bVII bIII bVI iio V i"),
        },
        kind="chamber", genres=("string quartet", "chamber music", "classical strings", "chamber strings"),
        moods=("graceful", "stately", "tender", "dramatic", "melancholic"), families="bcl", meters=(4, 4, 3),
        loudness=-0.05,
    ),
    _style(
        "piano", "solo piano", (60, 120), "major, minor, minor, lydian",
        {
            "major": (*_POP_MAJOR, "Iadd9 IVmaj7 vi7 V", "Imaj7 iii7 vi7 IVmaj7", "I V,V7 vi IV,iv"),
            "minor": (*_POP_MINOR, "i bVImaj7 bIII bVII", "imadd9 iv7 bVImaj7 V", "i V bVI,bVII i"),
        },
        kind="chamber", genres=("solo piano", "piano music", "neoclassical piano", "piano ballad", "piano solo"),
        moods=("intimate", "reflective", "wistful", "hopeful", "quiet"), families="bcl", meters=(4, 4, 3),
        loudness=-0.1,
    ),
    _style(
        "reggae", "reggae", (66, 92), "major, minor, mixolydian, minor",
        {
            "major": ("I IV I V", "I V vi IV", "I ii I ii", "I I IV IV"),
            "minor": ("i iv i iv", "i bVII i bVII", "i bVI bVII i", "i iv bVII i"),
        },
        genres=("reggae", "roots reggae", "dub reggae", "one-drop reggae", "Jamaican groove"),
        moods=("sunny", "laid-back", "warm", "swaying", "positive"), loudness=0.05,
    ),
    _style(
        "orchestral", "cinematic orchestra", (66, 140), "minor, harmonic minor, major, dorian",
        {
            "minor": (*_POP_MINOR, "i bVI iv V", "i i bVI bVI iv iv V V", "i bIII bVII IV"),
            "major": ("I bVI bVII I", "I V vi IV", "I iii IV iv"),
        },
        genres=("cinematic orchestra", "film score", "epic orchestral music", "symphonic music", "trailer music"),
        moods=("epic", "majestic", "tense", "heroic", "sweeping"), meters=(4, 4, 4, 3), loudness=0.08,
    ),
    _style(
        "trap", "trap", (126, 152), "minor, phrygian, harmonic minor, minor",
        {
            "minor": ("i i bVI bVI", "i i bVI V", "i bVI i bVII", "i iv i bVI"),
            "phrygian": ("i i bII i", "i bII i bII"),
        },
        genres=("trap", "trap beat", "hip hop beat", "808 beat", "dark hip hop"),
        moods=("moody", "menacing", "icy", "heavy", "confident"), brightness=-0.05, loudness=0.05,
    ),
    _style(
        "folk", "acoustic folk", (76, 126), "major, mixolydian, minor, dorian",
        {
            "major": (*_POP_MAJOR, "I I IV I V IV I V", "I IV I V", "I vi IV V"),
            "minor": ("i bVII i bVII", "i bVI bVII i", "i bIII bVII i"),
            "mixolydian": ("I bVII I bVII", "I I bVII IV"),
            "dorian": ("i bVII i IV", "i IV i bVII"),
        },
        genres=("acoustic folk", "folk", "singer-songwriter guitar", "country folk", "campfire music"),
        moods=("warm", "earthy", "heartfelt", "simple", "cheerful"), meters=(4, 4, 4, 3), loudness=-0.05,
    ),
    _style(
        "disco", "disco", (106, 128), "minor, dorian, major, minor",
        {
            "minor": (
                "i7 iv7 bVII7 bIIImaj7 bVImaj7 ii7b5 V7sus4 V7", "i7 i7 iv7 V7", "i9 bVII bVImaj7 V7sus4,V7", "bVImaj7 v7 i9 i9",
                "i7 i7 bVII bVI", "iv9 bVII9 i9 i9",
            ),
            "dorian": ("i9 IV9 i9 IV9", "i7 i7 bIII IV", "i9 i9 IV9 bVIImaj7,IV9", "i7 bVII IV9 IV9"),
            "major": ("Imaj7 vi7 ii9 V7sus4", "IVmaj7 iii7 ii7 Imaj7", "Imaj9 iii7 IVmaj7 ii7,V9", "ii9 V9 Imaj7 vi7", "I IV I,vi7 ii7,V7sus4"),
        },
        kind="disco", genres=("disco", "seventies disco", "Philly soul disco", "nu-disco", "glitterball dance music"),
        moods=("glamorous", "joyful", "glittering", "dancing", "sultry", "ecstatic"), density=-0.05, brightness=0.1, loudness=0.05,
    ),
    _style(
        "trance", "trance", (128, 142), "minor, minor, harmonic minor, major",
        {
            "minor": (
                "i bVI bIII bVII", "bVI bVII i i", "bVI iv i v", "i i bVI bVII", "i bVII bVI iv", "bVI bIII bVII i", "iv bVI i bVII",
                "i i bIII bIII bVI bVI bVII bVII", "imadd9 bVImaj7 bIII bVIIsus4,bVII",
            ),
            "major": ("vi IV I V", "IV V vi I", "I V vi IV", "IV I V vi"),
            "harmonic minor": ("i bVI iv V", "i iv bVI V", "i i bVI V"),
        },
        kind="trance", genres=("trance", "uplifting trance", "progressive trance", "anthem trance", "hands-up trance"),
        moods=("euphoric", "soaring", "hypnotic", "dreamy", "driving", "emotional"), density=0.05, brightness=0.1, loudness=0.05,
    ),
    _style(
        "chiptune", "chiptune", (112, 168), "major, minor, mixolydian, major, dorian, lydian",
        {
            "major": ("I V vi IV", "I bVII bVI bVII", "bVI bVII I I", "IV V iii vi ii V I I", "I I,V vi IV,V", "I vi,IV I V", "I IV I,vi ii,V"),
            "minor": ("i bVI bVII i", "i bVII bVI V", "i i bVI,bVII i", "i iv bVII bIII", "i bIII iv,bVI V", "bVI bVII i i", "i io i bII"),
            "mixolydian": ("I bVII IV I", "I I bVII IV", "I bVII,IV I bVII"),
            "dorian": ("i IV i IV", "i bVII IV i", "i ii bIII IV"),
            "lydian": ("I II I II", "I II iii II", "I I II,IV I"),
        },
        kind="game", genres=("chiptune", "8-bit music", "video game music", "Game Boy music", "retro arcade music"),
        moods=("playful", "quirky", "heroic", "bouncy", "frantic", "adventurous"), brightness=0.1, meters=(4, 4, 4, 3),
    ),
    _style(
        "metal", "heavy metal", (92, 178), "minor, phrygian, harmonic minor, phrygian, minor",
        {
            "minor": (
                "i5 i5 bVI5 bVII5", "i5,i5,bIII5,i5 i5,i5,bVI5,bVII5", "i5 bVI5 bIII5 bVII5", "i5 i5,bVII5 bVI5 bVI5,bVII5",
                "i5,bVI5,bVII5,i5", "i5 iv5 bVI5 v5", "i5 i5 i5,bIII5 iv5,bIII5",
            ),
            "phrygian": (
                "i5 i5 bII5 i5", "i5,i5,bII5,i5 i5,i5,bIII5,bII5", "i5 bII5 bVI5 bII5", "i5 i5 i5,bII5 bIII5,bII5", "i5,bII5 i5,bVII5",
                "i5 i5,bII5 i5 bVII5,bII5",
            ),
            "harmonic minor": ("i5 bVI5 iv5 V", "i i bVI V", "i5,i5,V5,i5 i5,bVI5,V5,V5", "i5 V5 bVI5 V5", "i iv V i", "i5 i5 bII5 V5"),
        },
        kind="heavy", genres=("heavy metal", "thrash metal", "melodic death metal", "power metal", "groove metal"),
        moods=("aggressive", "brutal", "epic", "furious", "dark", "relentless"), brightness=0.05, loudness=0.12,
    ),
    _style(
        "blues", "blues", (66, 138), "mixolydian, mixolydian, blues, minor",
        {
            "mixolydian": (
                "I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7", "I7 I7 I7 I7 IV7 IV7 I7 VI7 ii7 V7 I7,VI7 ii7,V7",
                "I9 IV9 I9 I9 IV9 IV9 I9 I9 V9 IV9 I9,IV9 I9,V9", "V7 IV7 I7,IV7 I7,V7", "I7 V7 IV7 IV7 I7 V7 I7,IV7 I7,V7",
                "I7,IV7 I7,V7 I7,IV7 I7,V7",
            ),
            "blues": (
                "I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7", "I7 I7 I7 I7 IV9 IV9 I7 I7 bVI7 V7 I7 V7",
                "i7 iv7 i7 i7 iv7 iv7 i7 i7 V7 iv7 i7 V7", "V7 IV7 I7,IV7 I7,V7",
            ),
            "minor": ("i7 i7 i7 i7 iv7 iv7 i7 i7 bVI7 V7 i7 V7", "i7 iv7 i7 i7 iv7 iv7 i7 i7 ii7b5 V7 i7,iv7 i7,V7", "bVI7 V7 i7,iv7 i7,V7"),
        },
        kind="twelve bars", genres=("blues", "Chicago blues", "twelve-bar blues", "shuffle blues", "slow blues"),
        moods=("gritty", "soulful", "weary", "swaggering", "smoky", "heartfelt"), density=0.02, loudness=0.03,
    ),
    _style(
        "celtic", "Celtic folk", (88, 126), "major, major, dorian, mixolydian, minor",
        {
            "major": ("I I IV V", "I,IV I,V I,IV V,I", "I V vi IV", "I,V vi,IV I,V I", "I I V V I IV,V I I", "vi IV I V"),
            "dorian": ("i i bVII bVII", "i bVII i bVII,i", "i,bVII i i,bVII i", "i bVII IV bVII", "i i bIII bVII"),
            "mixolydian": ("I I bVII bVII", "I bVII I,bVII I", "I IV bVII I", "I,bVII I I,bVII IV"),
            "minor": ("i bVII bVI bVII", "i,bVII bVI,bVII i i", "i bIII bVII i", "bVI bVII i i"),
        },
        kind="session", genres=("Celtic folk", "Irish traditional music", "jigs and reels", "Celtic session", "Scottish dance music"),
        moods=("spirited", "lilting", "rollicking", "misty", "jaunty", "wistful"), meters=(4, 4, 4, 3), brightness=0.05,
    ),
    _style(
        "salsa", "salsa", (84, 112), "minor, major, minor, dorian",
        {
            "minor": ("i,iv V7,iv", "i iv V7 i", "i,V7 i,V7", "i,bVII bVI,V7", "i7 i7 V7 V7", "iv,i V7,i", "i6 V7 i6 bVI7,V7"),
            "major": ("I,IV V7,IV", "I V7 V7 I", "I,VI7 ii7,V7", "I6 ii7,V7 I6 ii7,V7", "I,IV I,V7", "IV,I V7,I"),
            "dorian": ("i7,IV7 i7,IV7", "i7 IV9 i7 IV9", "i7,IV7 bVII,IV7"),
        },
        kind="latin", genres=("salsa", "salsa dura", "son montuno", "mambo", "Cuban dance music"),
        moods=("fiery", "festive", "sultry", "dancing", "exuberant", "tropical"), density=0.08, brightness=0.05, loudness=0.06,
    ),
    _style(
        "baroque", "baroque ensemble", (66, 126), "major, minor, harmonic minor, major",
        {
            "major": (
                "I IV viio iii vi ii V7 I", "I,V vi,iii IV,I ii,V7", "I V I,IV V,I", "I vi,ii V7 I", "I,IV viio,iii vi,ii V7,I",
                "I,V I,IV ii,V I",
            ),
            "minor": (
                "i iv bVII bIII bVI iio V7 i", "i V i bVII bIII bVII i V", "i,V7 i,bVII bIII,bVII i,V7", "i bVII bVI V",
                "i,iv bVII,bIII bVI,iio V7,i", "i V7 i iv,V",
            ),
            "harmonic minor": ("i iv V7 i", "i,V7 i,iv V i", "i iv bVI iio V7 i", "i,iv V7,i bVI,iio V7,i"),
        },
        kind="court", genres=("baroque", "baroque chamber music", "baroque concerto", "harpsichord and strings", "early music"),
        moods=("ornate", "courtly", "brisk", "solemn", "noble", "festive"), meters=(4, 4, 3), loudness=-0.03,
    ),
)  # fmt: skip

STYLES: dict[str, StyleGrammar] = {style.name: style for style in _TABLE}
