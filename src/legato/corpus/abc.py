"""Reads plain traditional tunes from ABC notation and prints those fit for `tunes.txt`.

Only what can be kept exactly is read: one voice, no tuplets, chords, numbered endings or changes of key,
every letter sounding one pitch throughout, a last note on the tonic. Grace notes and bowing are left out.

    python -m legato.corpus.abc COLLECTION FOLDER_OF_ABC_FILES [COLLECTION FOLDER …] > tunes.txt
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from legato.corpus.tunes import LINE, Tune, write_notes
from legato.music.theory import MODES

# Notated metre -> (metre of `Tune`, sixteenths in a bar)
_METERS = {
    "C": ("4/4", 16), "C|": ("4/4", 16), "4/4": ("4/4", 16), "2/4": ("2/4", 8), "3/4": ("3/4", 12),
    "6/8": ("6/8", 12), "9/8": ("9/8", 18),
}  # fmt: skip
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_KEY = re.compile(r"([A-G])([#b]?)\s*(major|maj|minor|min|m|dorian|dor|mixolydian|mix|)$", re.IGNORECASE)
_KEY_MODES = {"": "major", "maj": "major", "m": "minor", "min": "minor", "dor": "dorian", "mix": "mixolydian"}
_KINDS = ("major", "mixolydian", "dorian", "minor")
_MARKS = re.compile(r'"[^"]*"|![^!]*!|\{[^}]*\}|%.*|[.~uvTHLMPS`\\]|\((?!\d)|\)')
_UNREADABLE = re.compile(r"\(\d|\[|[|:]\s*[12]|&|\]\S*[A-Ga-g]|x")
_NOTE = re.compile(r"(\^|_|=)?([A-Ga-gz])([,']*)(\d*)(/*)(\d*)(-?)\s*([<>]*)")

_KIND = re.compile(r"[\s,.-]*\b(reel|jig|hornpipe|slip jig|clog|strathspey|air|waltz)\b.*$", re.IGNORECASE)
_UNFIT = re.compile(
    r"nigg|dark|coon|negro|squaw|jew|gyps|slave|plantation|ethiop|minstrel|chin", re.IGNORECASE
)
_HEADER = """\
# Traditional melodies in the public domain, as printed in Ryan's Mammoth Collection (Boston, 1883), O'Neill's
# Music of Ireland (Chicago, 1903) and James Aird's Airs (Glasgow, 1782-1801). Format: see tunes.py."""


def read_tunes(text: str, source: str) -> Iterator[Tune]:
    """The tunes of an ABC file that can be kept exactly."""
    for block in re.split(r"(?m)^X:", text.replace("\r", ""))[1:]:
        fields = dict(reversed(re.findall(r"(?m)^([TMLK]):[ \t]*(.*?)[ \t]*(?:%.*)?$", block)))
        body = re.sub(r"(?m)^(?:[A-Za-z]:|%|\s*\d+\s*$).*$", "", block)
        tune = _tune(fields, " ".join(_MARKS.sub("", line) for line in body.splitlines()), source)
        if tune:
            yield tune


def _tune(fields: dict[str, str], body: str, source: str) -> Tune | None:
    key = _KEY.match(fields.get("K", ""))
    if fields.get("M") not in _METERS or not key or not fields.get("T") or _UNREADABLE.search(body):
        return None
    meter, bar = _METERS[fields["M"]]
    events = _events(body, _unit(fields.get("L", "1/8")), _signature(key))
    if not events:
        return None
    pickup, line = _without_pickup(events, body, bar)
    sounding = [event for event in line if event[0] is not None]
    if not sounding or sum(length for _, length in line + pickup) % bar:
        return None
    step, last = sounding[-1][0] or (0, 0)
    tonic = last % 12
    pitches = {event[0][0] % 7: event[0][1] % 12 for event in line + pickup if event[0]}
    scale = {(pitch - tonic) % 12 for pitch in pitches.values()}
    exact = all(event[0][1] % 12 == pitches[event[0][0] % 7] for event in line + pickup if event[0])
    stated = _KEY_MODES.get(key[3].lower()[:3] if key[3] != "m" else "m", "major")
    mode = next((m for m in (stated, *_KINDS) if scale <= set(MODES[m])), None)
    if not exact or mode is None or tonic != (_LETTERS[key[1].upper()] + _shift(key[2])) % 12:
        return None
    notes = [(None if event is None else event[0] - step, length) for event, length in line + pickup]
    title = _KIND.sub("", fields["T"]).strip(" .-") or fields["T"].strip()
    title = title.capitalize() if title.isupper() else title
    return Tune(title, source, meter, mode, tuple(notes))


def _unit(text: str) -> float:
    """The unit note length in sixteenths."""
    over, _, under = text.partition("/")
    return 16 * int(over) / int(under or 1)


def _shift(sign: str) -> int:
    return {"#": 1, "b": -1}.get(sign, 0)


def _signature(key: re.Match[str]) -> dict[str, int]:
    """Sharps and flats by letter."""
    tonic = (_LETTERS[key[1].upper()] + _shift(key[2])) % 12
    mode = _KEY_MODES.get(key[3].lower()[:3] if key[3] != "m" else "m", "major")
    letters = "CDEFGAB"
    first = letters.index(key[1].upper())
    signature = {}
    for degree, steps in enumerate(MODES[mode]):
        letter = letters[(first + degree) % 7]
        signature[letter] = ((tonic + steps - _LETTERS[letter] + 6) % 12) - 6
    return signature


Event = tuple[tuple[int, int] | None, int]
"""((step of the staff, MIDI pitch) or None for a rest, sixteenths)"""


def _events(body: str, unit: float, signature: dict[str, int]) -> list[Event]:
    """All notes in order; accidentals hold to the bar line. Empty when a length is no whole sixteenth."""
    events: list[tuple[tuple[int, int] | None, float]] = []
    skew, tied, held = 1.0, False, dict(signature)
    for token in re.finditer(rf"[|:\]]+|{_NOTE.pattern}", body):
        if token[0][0] in "|:]":
            held = dict(signature)
            continue
        accidental, letter, octaves, over, slashes, under, tie, broken = token.groups()
        length = unit * int(over or 1) / (int(under) if under else 2 ** len(slashes)) * skew
        skew = 1.0
        if broken:
            short = 0.5 ** len(broken)
            length, skew = (length * (2 - short), short) if broken[0] == ">" else (length * short, 2 - short)
        if letter == "z":
            events.append((None, length))
            continue
        name = letter.upper()
        if accidental:
            held[name] = {"^": 1, "_": -1, "=": 0}[accidental]
        octave = letter.islower() + octaves.count("'") - octaves.count(",")
        note = ("CDEFGAB".index(name) + 7 * octave, 60 + _LETTERS[name] + held[name] + 12 * octave)
        if tied and events and events[-1][0] == note:
            events[-1] = (note, events[-1][1] + length)
        else:
            events.append((note, length))
        tied = bool(tie)
    if any(length != round(length) or length < 1 for _, length in events):
        return []
    return [(note, round(length)) for note, length in events]


def _without_pickup(events: list[Event], body: str, bar: int) -> tuple[list[Event], list[Event]]:
    """(notes before the first full bar, the rest): a pickup leads back from the end to the start."""
    total = sum(length for _, length in events) % bar
    first = len(_NOTE.findall(re.split(r"[|:]+", body.lstrip(" |:"), maxsplit=1)[0]))
    length = sum(beats for _, beats in events[:first])
    if length < bar and (total == 0 or total == length):
        return events[:first], events[first:]
    return [], events


def fit(tune: Tune) -> bool:
    """Whether a melody is short, singable and within two octaves."""
    degrees = [degree for degree, _ in tune.notes if degree is not None]
    leaps = [abs(after - before) for before, after in pairwise(degrees)]
    return (
        tune.length // tune.bar_length in (8, 12, 16, 24, 32)
        and -7 <= min(degrees) <= max(degrees) <= 11
        and max(leaps) <= 7
        and sum(leaps) / len(leaps) < 2.6
        and (tune.meter == "2/4" or sum(length == 1 for _, length in tune.notes) < 0.3 * len(degrees))
        and tune.notes[0][0] is not None
        and not _UNFIT.search(tune.title)
    )


def choose(tunes: list[Tune], most: int) -> list[Tune]:
    """Of each metre at most `most` major and `most` minor melodies, evenly through the collections."""
    groups: dict[tuple[str, bool], dict[object, Tune]] = {}
    for tune in filter(fit, tunes):
        group = groups.setdefault((tune.meter, tune.mode in ("dorian", "minor")), {})
        group.setdefault(tune.notes[:8], tune)
    chosen = []
    for _, group in sorted(groups.items()):
        found = list(group.values())
        step = max(1.0, len(found) / most)
        chosen += [found[int(step * index)] for index in range(min(most, len(found)))]
    return chosen


def main() -> None:
    """Print the lines of `tunes.txt`."""
    found = []
    for source, folder in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        for path in sorted(Path(folder).glob("*.abc")):
            found += read_tunes(path.read_text(errors="replace"), source)
    print(_HEADER)
    for tune in choose(found, 48):
        print(LINE.join((tune.title, tune.source, tune.meter, tune.mode, write_notes(tune.notes))))


if __name__ == "__main__":
    main()
