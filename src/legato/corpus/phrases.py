"""The words captions are made of: templates, instruments, moods."""

from __future__ import annotations

# Filled from `captions.vocabulary`; a number, as in `{genre2}`, asks for another word of the same slot.
TEMPLATES: tuple[str, ...] = (
    "{genre}",
    "{genre}",
    "{genre}",
    "{mood} {genre}",
    "{mood} {genre}",
    "{mood} {genre}",
    "{energy} {genre}",
    "{tempo} {genre}",
    "{genre} {bpm}",
    "{genre}, {bpm}",
    "{mood} {genre} {bpm}",
    "{genre} at {bpm}",
    "{genre} in {key}",
    "{mood} {genre} in {key}",
    "{genre} in {key} at {bpm}",
    "{genre}, {key}, {bpm}",
    "{genre} with {instrument}",
    "{genre} with {instrument} and {instrument2}",
    "{mood} {genre} with {instrument}",
    "{mood} {genre} with {instrument} and {instrument2}",
    "{tempo} {genre} with {instrument}",
    "{instrument}, {genre}",
    "{instrument} and {instrument2}",
    "{instrument} and {instrument2}, {mood} {genre}",
    "{mood} {instrument}",
    "{mood} {instrument} and {instrument2}",
    "{genre} {instrument} with {instrument2}",
    "{genre}, {instrument}, {instrument2}, {mood}",
    "{genre}, {mood}, {bpm}",
    "{mood}, {mood2}, {genre}",
    "{genre}, {absent}",
    "{mood} {genre}, {absent}",
    "{genre} {absent}",
    "{genre} with {instrument}, {absent}",
    "{tempo}, {mood} {genre}",
    "{energy} and {mood} {genre}",
    "a {mood} {genre} track",
    "a {mood} {genre} piece in {key}",
    "a {tempo} {genre} groove",
    "a {energy} {genre} piece",
    "a {energy}, {mood} {genre} track with {instrument}",
    "a {tempo} {genre} track with {instrument} and {instrument2} in {key}",
    "{mood} music with {instrument}",
    "{energy} {mood} music",
    "{tempo} {mood} music in {key}",
    "{instrument} playing {genre}",
    "{instrument} over {instrument2}, {genre}",
    "instrumental {genre}, {mood}",
    "instrumental {genre} with {family}",
    "{genre} in {meter}",
    "a {mood} {genre} in {meter}",
    "{genre} for a {mood} evening",
    "something {mood}, {genre}",
    "some {mood} {genre} with {instrument}",
    "{mood} and {mood2} {genre}, {instrument}, {bpm}",
    "{genre}; {tempo}; {instrument}",
    "play {mood} {genre}",
    "{genre} loop, {bpm}, {key}",
    "{genre} beat with {family}",
    "{flavour} {instrument}",
    "{mood} {flavour} {instrument}",
    "{flavour} {instrument} with {instrument2}",
    "{flavour} {instrument} with {instrument2}",
    "{flavour} {instrument} with {instrument2}, {mood}",
    "{flavour} {instrument} and {instrument2}, {bpm}",
    "{tempo} {flavour} {instrument}, {mood}",
    "a {energy} {flavour} track",
    "{flavour} with {instrument}, {absent}",
)

# Never seen in training: measurement prompts.
HELD_OUT_TEMPLATES: tuple[str, ...] = (
    "the sound of {mood} {genre}",
    "{genre} that feels {mood}",
    "I would like to hear {genre} with {instrument}",
    "{mood} tune, {genre} style, around {bpm}",
    "an instrumental built on {instrument} and {instrument2}, close to {genre}",
    "give me {energy} {genre}, {tempo}",
    "soundtrack of {genre}: {instrument}, {mood} feeling, key of {key}",
    "{genre} where {instrument} leads",
    "let's go {mood}: {genre}",
    "imagine {mood} {genre}, {absent}",
    "{instrument} in a {flavour} mood, backed by {instrument2}",
)

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
    (0.66, ("lively", "full", "moving")),
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
    48: ("orchestral percussion", "timpani"),
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
    "piano": ("solo", "neoclassical"),
    "reggae": ("reggae", "dub"),
    "orchestral": ("cinematic", "orchestral"),
    "trap": ("trap", "hip hop"),
    "folk": ("folk", "acoustic"),
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
}

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
