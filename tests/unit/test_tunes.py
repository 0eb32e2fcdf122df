"""Traditional melodies: the file, its reader, and the lead that plays them over any harmony."""

from itertools import islice
from random import Random

import pytest

from legato.corpus.abc import read_tunes
from legato.corpus.styles.craft import Song
from legato.corpus.styles.tunes import tune
from legato.corpus.tunes import read_notes, tunes, write_notes
from legato.music.grammar import STYLES, Planner
from legato.music.theory import Key

_ABC = """
X:1
T:A Test -- Reel
M:2/4
L:1/8
K:Dmix
A|d2 c>B|A2 d2:|
|:"D"{e}fe d^c|d3||

X:2
T:Two Keys
M:2/4
L:1/8
K:D
d2f2|d2=fg|f2d2|
"""


def _song(style: str, key: Key, seed: int, meter: int, bars: int = 16) -> Song:
    return Song(STYLES[style], list(islice(Planner(STYLES[style], key, seed, meter=meter), bars)), 100.0)


def test_tunes_are_whole_bars_within_two_octaves_and_end_at_home():
    assert len(tunes()) >= 250
    for melody in tunes():
        assert melody.title and melody.source and melody.length % melody.bar_length == 0
        assert read_notes(write_notes(melody.notes)) == melody.notes
        degrees = [degree for degree, _ in melody.notes if degree is not None]
        assert -7 <= min(degrees) <= max(degrees) <= 11 and len(degrees) >= 20
    assert {melody.mode for melody in tunes(minor=True)} == {"minor", "dorian"}


def test_abc_is_read_exactly_or_not_at_all():
    exact = _ABC.replace("^c", "c")
    (melody,) = read_tunes(exact, "a book")
    assert (melody.title, melody.source, melody.meter, melody.mode) == (
        "A Test",
        "a book",
        "2/4",
        "mixolydian",
    )
    assert melody.notes[:4] == ((0, 4), (-1, 3), (-2, 1), (-3, 4))
    assert melody.notes[-1] == (-3, 2) and melody.length == 32
    assert not list(read_tunes(_ABC, "a book"))


@pytest.mark.parametrize("mode", ["major", "minor", "dorian", "mixolydian", "harmonic minor", "blues"])
@pytest.mark.parametrize(
    ("style", "meter", "dancing"), [("celtic", 4, True), ("celtic", 3, True), ("folk", 4, False)]
)
def test_strong_beats_are_chord_tones_and_most_notes_are_in_the_key(style, meter, dancing, mode):
    strong, inside = [], []
    for seed in range(4):
        song = _song(style, Key(seed, mode), seed, meter)
        for note in tune(dancing=dancing)(song, Random(seed)):
            bar = song.bars[int(note.start_beat // meter)]
            inside.append(note.pitch % 12 in bar.key.scale)
            if note.start_beat % 1.0 < 1e-6:
                strong.append(note.pitch % 12 in bar.chord_at(note.start_beat).tones)
    assert sum(strong) > 0.9 * len(strong)
    if mode not in ("blues", "harmonic minor"):
        assert sum(inside) > 0.95 * len(inside)


def test_players_of_one_song_play_one_tune_and_songs_differ():
    song = _song("celtic", Key(2, "major"), 5, 4)
    fiddle, low = tune(dancing=True)(song, Random(1)), tune(dancing=True, octave=-1)(song, Random(2))
    assert [(n.start_beat, n.pitch - 12) for n in fiddle] == [(n.start_beat, n.pitch) for n in low]
    lines = {
        tuple(note.pitch for note in tune(dancing=True)(_song("celtic", Key(2, "major"), seed, 4), Random(1)))
        for seed in range(12)
    }
    assert len(lines) == 12


@pytest.mark.parametrize("meter", [2, 5, 7])
def test_other_metres_still_have_a_lead_in_every_bar(meter):
    song = _song("celtic", Key(2, "dorian"), 1, meter)
    notes = tune(dancing=True)(song, Random(1))
    for bar in song.playing("lead"):
        assert any(bar.start_beat <= note.start_beat < bar.end_beat for note in notes)
