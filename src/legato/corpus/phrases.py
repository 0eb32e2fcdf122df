"""The words captions are made of: instruments, levels, moods."""

from __future__ import annotations

TEMPO_WORDS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (76, ("slow", "very slow", "unhurried")),
    (98, ("slow", "relaxed tempo", "steady")),
    (122, ("mid-tempo", "medium tempo", "walking pace")),
    (144, ("upbeat", "quick", "fast")),
    (1e9, ("fast", "very fast", "high tempo")),
)
ENERGY: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.36, ("calm", "quiet", "soft", "sparse", "gentle")),
    (0.52, ("relaxed", "easy", "moderate")),
    (0.66, ("lively", "spirited", "flowing")),
    (1e9, ("energetic", "powerful", "intense", "busy")),
)
MODE_MOODS = {
    "minor": ("dark", "moody", "melancholic", "sad", "serious"),
    "major": ("bright", "happy", "sunny", "hopeful", "warm"),
}
ABSENT = {
    "drums": ("no drums", "without drums", "drumless", "no percussion"),
    "bass": ("no bass", "without bass"),
    "chords": ("no chords", "without chords"),
    "lead": ("no melody", "without a lead", "no lead"),
}
FAMILY_WORDS = {
    "drums": ("drums", "a drum groove"),
    "bass": ("bass", "a bass line"),
    "chords": ("chords", "harmony"),
    "lead": ("a melody", "a lead line"),
}
KIT_WORDS: dict[int, tuple[str, ...]] = {
    0: ("drums", "acoustic drums", "drum kit"),
    8: ("drums", "room drums", "drum kit"),
    16: ("drums", "big drums", "power drums"),
    24: ("electronic drums", "drum machine"),
    25: ("808 drums", "drum machine"),
    32: ("jazz drums", "drums"),
    40: ("brushed drums", "brushes"),
    48: ("orchestral percussion", "cinematic percussion"),
}
FLAVOURS: dict[str, tuple[str, ...]] = {  # a style as an adjective of its instruments
    "lofi": ("lo-fi", "lofi", "chilled lo-fi"),
    "house": ("house", "deep house"),
    "techno": ("techno", "dark techno"),
    "ambient": ("ambient", "atmospheric"),
    "jazz": ("jazz", "jazzy"),
    "rock": ("rock", "indie"),
    "funk": ("funk", "funky"),
    "bossa": ("bossa nova", "bossa"),
    "synthwave": ("synthwave", "retro synth", "eighties"),
    "dnb": ("drum and bass", "jungle"),
    "quartet": ("classical", "chamber"),
    "piano": ("neoclassical", "ballad"),
    "reggae": ("reggae", "dub"),
    "orchestral": ("cinematic", "orchestral"),
    "trap": ("trap", "southern trap"),
    "folk": ("folk", "folky"),
    "disco": ("disco", "seventies dance"),
    "trance": ("trance", "uplifting trance"),
    "chiptune": ("chiptune", "8-bit", "video game"),
    "metal": ("metal", "heavy metal"),
    "blues": ("blues", "bluesy"),
    "celtic": ("celtic", "Irish"),
    "salsa": ("salsa", "latin"),
    "baroque": ("baroque", "early music"),
}
DRUM_WORDS: dict[str, tuple[str, ...]] = {
    "lofi": ("vinyl drums", "dusty drums", "boom bap drums"),
    "house": ("four-on-the-floor kick", "claps and hats"),
    "techno": ("pounding kick", "four-on-the-floor kick"),
    "jazz": ("swinging ride cymbal",),
    "rock": ("rock drums", "live drums"),
    "funk": ("funky drums", "tight drums"),
    "bossa": ("bossa percussion", "rim clicks"),
    "synthwave": ("gated drums", "eighties drums"),
    "dnb": ("breakbeats", "fast breaks"),
    "reggae": ("one-drop drums",),
    "orchestral": ("epic drums", "cinematic percussion"),
    "trap": ("trap hats", "rolling hi-hats", "808 kick"),
    "folk": ("light percussion",),
    "disco": ("disco beat", "four-on-the-floor drums"),
    "trance": ("pounding club drums",),
    "metal": ("heavy drums", "thundering drums"),
    "blues": ("shuffling drums", "laid-back drums"),
    "celtic": ("folk drum", "hand drum"),
    "salsa": ("latin percussion",),
}
SECTION_WORDS = {  # of clips that lie within one section
    "intro": "intro", "opening": "intro", "verse": "verse", "chorus": "chorus", "solo": "solo section",
    "break": "breakdown", "breakdown": "breakdown", "groove": "groove", "build": "build-up", "drop": "drop",
    "climax": "climax", "outro": "outro",
}  # fmt: skip
SOUND: tuple[tuple[float, tuple[str, ...]], ...] = (  # by brightness; the middle is not worth a word
    (0.32, ("dark-sounding", "mellow-toned", "muted", "rounded")),
    (0.62, ()),
    (1e9, ("bright-sounding", "crisp", "brilliant", "airy")),
)
SPACE: tuple[tuple[float, tuple[str, ...]], ...] = (  # by reverb
    (0.12, ("dry", "close-miked")),
    (0.45, ()),
    (1e9, ("reverb-drenched", "spacious", "washed-out", "echoing")),
)
ERAS = {  # a setting as a decade
    "fifties": "1950s", "sixties": "1960s", "seventies": "1970s", "eighties": "1980s", "nineties": "1990s",
}  # fmt: skip
EXCLUSIVE = frozenset({"happy", "sad", "loud", "fast", "slow", "quiet", "calm", "intense", "energetic"})
ENSEMBLES = {  # parts it takes at least to be called one
    "trio": 2, "quartet": 2, "orchestra": 3, "orchestral": 3, "symphonic": 3, "band": 3, "ensemble": 3,
}  # fmt: skip
# Not to be said in passing (as in "piano house") unless it plays.
NAMED = frozenset(
    "piano guitar guitars organ strings violin cello fiddle harp harpsichord accordion flute clarinet oboe "
    "trumpet horn horns brass saxophone sax banjo choir bells vibraphone marimba kalimba sitar koto 808 909 "
    "timpani congas whistle bagpipes conga".split()
)

# Of each General MIDI program, in order: names parted by commas, programs by bars.
_NAMES = """
piano,grand piano|bright piano,piano|electric grand piano|honky-tonk piano|electric piano,rhodes|
electric piano,fm piano|harpsichord|clavinet|
celesta|glockenspiel|music box|vibraphone|marimba|xylophone|tubular bells,bells|dulcimer|
organ,drawbar organ|percussive organ,organ|rock organ,organ|church organ|reed organ|accordion|
harmonica|bandoneon|
nylon guitar,acoustic guitar|steel guitar,acoustic guitar|jazz guitar|
clean electric guitar,electric guitar|muted guitar|overdriven guitar,electric guitar|
distorted guitar,electric guitar|guitar harmonics|
upright bass,double bass|electric bass,bass guitar|picked bass|fretless bass|slap bass|
slap bass,funk bass|synth bass|synth bass,deep bass|
violin|viola|cello|double bass|tremolo strings|pizzicato strings|harp|timpani|
strings,string section|slow strings,strings|synth strings|synth strings,warm strings|choir|
voices,choir|synth voices|orchestra hits|
trumpet|trombone|tuba|muted trumpet|french horn,horns|brass section,brass|synth brass|synth brass|
soprano saxophone,saxophone|alto saxophone,saxophone|tenor saxophone,saxophone|baritone saxophone|
oboe|english horn|bassoon|clarinet|
piccolo|flute|recorder|pan flute|blown bottle|shakuhachi|whistle|ocarina|
square lead,synth lead|saw lead,synth lead|calliope lead,synth lead|chiff lead,synth lead|
charang lead,synth lead|voice lead|fifths lead,synth lead|bass lead,synth lead|
new age pad,synth pad|warm pad,pads|polysynth,synth chords|choir pad|bowed pad,pads|metallic pad|
halo pad,pads|sweeping pad,pads|
rain pad|soundtrack pad|crystal bells|atmosphere pad|bright synth|goblin pad|echo pad|sci-fi synth|
sitar|banjo|shamisen|koto|kalimba|bagpipes|fiddle|shanai|
bells|agogo|steel drums|woodblock|taiko drums|melodic toms|synth drums|reverse cymbal|
guitar noise|breath noise|seashore|birds|telephone|helicopter|applause|gunshot|
"""
INSTRUMENTS: tuple[tuple[str, ...], ...] = tuple(
    tuple(names.split(",")) for names in _NAMES.replace("\n", "").strip("|").split("|")
)
