"""Afro-Cuban playing: every part keeps to one clave, its two bars of cut time written as one of four beats."""

# Patterns are tables: one kind to a row reads better than wrapped tuples.
# ruff: noqa: E501

from __future__ import annotations

from random import Random

from legato.corpus.score import Note
from legato.corpus.styles.accord import agreed
from legato.corpus.styles.craft import STEP, VELOCITY, Song, Writer, by_density, into_range, nearest, steps_in
from legato.corpus.styles.drums import CABASA, CLAVES, CONGA, CONGA_LOW, CONGA_MUTE, COWBELL, CRASH, SHAKER
from legato.corpus.styles.harmony import voice
from legato.music.model import Bar
from legato.music.theory import Chord

_TIMBALE, _TIMBALE_LOW, _BONGO, _BONGO_LOW, _GUIRO, _GUIRO_LONG, _KICK = 65, 66, 60, 61, 73, 74, 36
Layers = tuple[tuple[float, int, str], ...]

# Written three-two; a song in two-three swaps the halves.
SON = "x..x..x...x.x..."
_CASCARA = "x.x.xx.xx.xx.x.x"
_LAYERS: Layers = (
    (0.0, CLAVES, SON),
    (0.0, CONGA, "......xx......xx"),
    (0.15, CONGA_MUTE, "..X.......X....."),
    (0.45, _GUIRO_LONG, "x...x...x...x..."),
    (0.45, _GUIRO, "..xx..xx..xx..xx"),
    (0.35, CONGA_LOW, "...xx..........."),
    (0.62, CONGA_MUTE, "ooXooo..ooXooo.."),
    (0.55, _TIMBALE, _CASCARA),
    (0.7, COWBELL, "X.x.X.xxX.x.X.xx"),
    (0.78, _BONGO, "XoxoXo..XoxoXo.."),
    (0.78, _BONGO_LOW, "......x.......x."),
    (0.85, SHAKER, "xoxoxoxoxoxoxoxo"),
)  # fmt: skip


def two_three(song: Song) -> bool:
    """Whether the song's clave begins with its side of two."""
    return agreed(song, "clave").random() < 0.5


def in_clave(pattern: str, song: Song) -> str:
    """A sixteen-step pattern written three-two, turned to the song's clave."""
    return pattern[8:] + pattern[:8] if two_three(song) else pattern


def percussion() -> Writer:
    """Claves, congas, güiro, timbales, bongos and bell, entering one after another with density."""

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        section = None
        out = rng.choice((None, _GUIRO, _TIMBALE, _BONGO))  # one player is away
        for bar in song.playing("drums"):
            voices = {pitch: pattern for least, pitch, pattern in _LAYERS if bar.density >= least}
            if out is not None:
                voices.pop(out, None)
            for pitch, pattern in voices.items():
                for step in range(steps_in(bar)):
                    mark = in_clave(pattern, song)[step % 16]
                    if mark != ".":
                        velocity = VELOCITY[mark] + rng.randint(-5, 5)
                        notes.append(Note(bar.start_beat + step * STEP, 0.25, pitch, velocity))
            if bar.fill:
                notes = _abanico(notes, bar)
            elif section not in (None, bar.section) and bar.loudness > 0.5:
                notes.append(Note(bar.start_beat, 1.0, CRASH, 92))
            section = bar.section
        return notes

    return write


def _abanico(notes: list[Note], bar: Bar) -> list[Note]:
    """The timbales' roll into the next section."""
    start = bar.end_beat - 1.5
    kept = [note for note in notes if note.start_beat < start or note.pitch in (CLAVES, CABASA)]
    for step, pitch in enumerate((_TIMBALE_LOW, _TIMBALE, _TIMBALE, _TIMBALE, _TIMBALE, _TIMBALE_LOW)):
        kept.append(Note(start + step * STEP, 0.25, pitch, 80 + 7 * step))
    return kept


# Each half bar: (step, mark, beats). The root at step 6 is already the next chord's, held over its beat.
_TUMBAO: tuple[tuple[float, tuple[tuple[int, str, float], ...]], ...] = (
    (0.0, ((0, "R", 1.9),)),
    (0.4, ((3, "5", 0.7), (6, "R", 1.2))),
    (0.65, ((2, "8", 0.22), (3, "5", 0.7), (6, "R", 0.22), (7, "R", 0.7))),
    (0.84, ((0, "R", 0.2), (2, "8", 0.2), (3, "5", 0.2), (5, "5", 0.2), (6, "R", 0.2), (7, "R", 0.2))),
)


def tumbao(low: int = 29, high: int = 45) -> Writer:
    """The bass: fifth before the middle of each half bar, then the next chord's root ahead of its beat.

    Args:
        low: lowest root, MIDI.
        high: highest root; at least an octave above.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        root, last = (low + high) // 2, -2
        for bar in song.playing("bass"):
            strokes = next(marks for least, marks in reversed(_TUMBAO) if bar.density >= least)
            for half in range(0, steps_in(bar), 8):
                start = bar.start_beat + half * STEP
                chord = bar.chord_at(start)
                root = into_range(nearest(chord.root, root), low, high)
                if not half and bar.index != last + 1 and strokes[0][0]:
                    notes.append(Note(start, 0.7, root, 100))
                for step, mark, beats in strokes:
                    if half + step >= steps_in(bar):
                        break
                    target = _ahead(song, bar, start) if step >= 6 else chord
                    base = into_range(nearest(target.root, root), low, high)
                    pitch = base + {"5": _fifth(target), "8": 12}.get(mark, 0)
                    notes.append(
                        Note(
                            start + step * STEP, beats, pitch, (104 if step >= 6 else 90) + rng.randint(-3, 3)
                        )
                    )
            last = bar.index
        return notes

    return write


def _fifth(chord: Chord) -> int:
    return next((s for s in ((tone - chord.root) % 12 for tone in chord.tones) if 6 <= s <= 8), 0)


def _ahead(song: Song, bar: Bar, beat: float) -> Chord:
    """The chord at the next half bar."""
    half = bar.start_beat + 2.0 * (int((beat - bar.start_beat) / 2.0) + 1)
    return bar.chord_at(half) if half < bar.end_beat - 1e-6 else song.chord_after(bar, bar.chords[-1][0])


# Written two-three: on the beat on the side of two, off it on the side of three. `X` octaves, `x` inner notes.
_MONTUNO = ((0.0, "x-----x--x---x--"), (0.25, "X-X--X---X-X---X"), (0.45, "X.xX.X.X.X.X.X.X"), (0.45, "X.XxxX.X.X.x.X.x"), (0.7, "XxXxXXxXxX.XxX.X"), (0.7, "X.XxXXxXxXxXxXxX"))  # fmt: skip


def montuno(centre: float = 69) -> Writer:
    """The piano's guajeo in octaves: a broken chord in clave, the same for as long as the section lasts.

    Args:
        centre: MIDI middle of the upper hand.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        pitches: list[int] = []
        drawn: dict[tuple[str, int], tuple[str, tuple[int, ...]]] = {}
        for bar in song.playing("chords"):
            level = round(bar.density * 5)
            if (bar.section, level) not in drawn:
                order = rng.choice(((0, 2, 1, 2), (0, 1, 2, 1), (2, 1, 0, 1), (0, 2, 1)))
                drawn[bar.section, level] = (by_density(_MONTUNO, bar.density, rng), order)
            pattern, order = drawn[bar.section, level]
            pattern = pattern if two_three(song) else pattern[8:] + pattern[:8]
            middle = centre + 8 * (bar.brightness - 0.5)
            turn = 0
            for step, beats, mark in _strikes(pattern, steps_in(bar)):
                beat = bar.start_beat + step * STEP
                pitches = voice(bar.chord_at(beat), pitches, middle, 3)
                pitch = pitches[order[turn % len(order)] % len(pitches)]
                turn += 1
                sounding = min(beats, bar.end_beat - beat)
                ends = [start - beat for start, _ in bar.chords if start > beat + 1e-6]
                sounding = min([sounding, *ends]) * 0.9
                velocity = VELOCITY[mark] + rng.randint(-4, 4)
                notes.append(Note(beat, sounding, pitch, velocity))
                if mark == "X":
                    notes.append(Note(beat, sounding, pitch - 12, velocity - 6))
        return notes

    return write


def _strikes(pattern: str, steps: int) -> list[tuple[int, float, str]]:
    """(step, beats until the next stroke or rest, mark)."""
    marks = [pattern[step % 16] for step in range(steps)]
    found = []
    for step, mark in enumerate(marks):
        if mark in "xX":
            length = 1
            while step + length < steps and marks[step + length] == "-":
                length += 1
            found.append((step, length * STEP, mark))
    return found


# Section riffs, written two-three.
_MONA = (
    "x-----x---------", "x-----..x-..x---", "x-x---..x--x--x-", "x---x-..x--x--x-", "..x-x-x-.x-x--x-", "x-xx--x-.x-x-x-x",
)  # fmt: skip


def mona(centre: float = 70, voices: int = 3, family: str = "lead", answers: bool = False) -> Writer:
    """Horns: a riff in clave, repeated bar by bar and harmonised; it moves only as far as the chords do.

    Args:
        centre: MIDI middle of the top horn.
        voices: horns in all.
        family: whose gate they follow.
        answers: rest in every other bar but for one stab.
    """

    def write(song: Song, rng: Random) -> list[Note]:
        notes: list[Note] = []
        drawn: dict[tuple[str, int], tuple[str, list[int]]] = {}
        for bar in song.playing(family):
            level = min(len(_MONA) - 1, int(bar.density * len(_MONA)))
            if (bar.section, level) not in drawn:
                near = min(len(_MONA) - 1, max(0, level + rng.choice((-1, 0, 0, 1))))
                drawn[bar.section, level] = (_MONA[near], [rng.choice((-3, 0, 0, 3, 5)) for _ in range(9)])
            pattern, contour = drawn[bar.section, level]
            pattern = pattern if two_three(song) else pattern[8:] + pattern[:8]
            middle = centre + 10 * (bar.brightness - 0.5)
            strikes = _strikes(pattern, steps_in(bar)) or [(0, 0.5, "x")]
            if bar.density >= 0.66:
                strikes = [(step, min(beats, 0.3), mark) for step, beats, mark in strikes]
            if answers and bar.index % 2:
                strikes = strikes[-1:]
            for index, (step, beats, _) in enumerate(strikes):
                start = bar.start_beat + step * STEP
                for held_start, held, chord in _pieces(bar, start, beats):
                    notes += _section(
                        chord, middle + contour[index % 9], voices, held_start, held * 0.85, rng
                    )
        return notes

    return write


def _pieces(bar: Bar, beat: float, beats: float) -> list[tuple[float, float, Chord]]:
    """The stroke, ended where the chord changes."""
    end = min([beat + beats, bar.end_beat, *(start for start, _ in bar.chords if start > beat + 1e-6)])
    return [(beat, end - beat, bar.chord_at(beat))]


def _section(chord: Chord, top: float, voices: int, start: float, beats: float, rng: Random) -> list[Note]:
    tones = sorted((nearest(tone, top) for tone in chord.tones), key=lambda pitch: abs(pitch - top))
    pitches = [tones[0]]
    for pitch in range(tones[0] - 1, tones[0] - 20, -1):
        if len(pitches) < voices and pitch % 12 in chord.tones and pitches[-1] - pitch > 2:
            pitches.append(pitch)
    return [
        Note(start, max(0.1, beats), pitch, 104 - 7 * i + rng.randint(-4, 4))
        for i, pitch in enumerate(pitches)
    ]
