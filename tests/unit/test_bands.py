"""Blues, celtic, salsa and baroque: what makes each one itself."""

from dataclasses import replace
from itertools import islice, pairwise
from random import Random

import pytest

from legato.conditioning import FAMILIES
from legato.corpus.styles.bands import ARRANGEMENTS
from legato.corpus.styles.clave import SON, in_clave, montuno, percussion, tumbao, two_three
from legato.corpus.styles.craft import Song
from legato.corpus.styles.density import at_density
from legato.corpus.styles.drums import CLAVES
from legato.corpus.styles.imitation import voice_in
from legato.corpus.styles.tunes import dance
from legato.music.grammar import STYLES, Planner
from legato.music.theory import Key

LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)


def _song(style: str, seed: int, bars: int = 12, meter: int = 4, **levels: float) -> Song:
    grammar = STYLES[style]
    planner = Planner(grammar, Key(seed % 12, grammar.modes[seed % len(grammar.modes)]), seed, meter=meter)
    gates = dict.fromkeys(FAMILIES, True)
    planned = [replace(bar, gates=gates, fill=False, **levels) for bar in islice(planner, bars)]
    return Song(grammar, planned, 100.0 + seed)


@pytest.mark.parametrize("style", ["blues", "celtic", "salsa", "baroque"])
def test_every_family_plays_more_as_density_rises(style):
    for family in FAMILIES:
        onsets = []
        for density in LEVELS:
            count = 0
            for seed in range(6):
                song = _song(style, seed, density=density)
                for number, plan in enumerate(p for p in ARRANGEMENTS[style].parts if p.family == family):
                    rng = Random(f"{seed} {number}")
                    notes = at_density(plan.write(song, rng), song, family, rng)
                    count += len(
                        {(note.start_beat, note.pitch if family == "drums" else 0) for note in notes}
                    )
            onsets.append(count)
        assert all(after > before for before, after in pairwise(onsets)), (family, onsets)
        assert onsets[-1] > 3 * onsets[0], (family, onsets)


def test_the_whole_salsa_band_keeps_one_clave():
    turned = set()
    for seed in range(8):
        song = _song("salsa", seed, density=0.6)
        pattern = in_clave(SON, song)
        turned.add(two_three(song))
        claves = {n.start_beat for n in percussion()(song, Random(seed)) if n.pitch == CLAVES}
        assert claves == {
            bar.start_beat + step / 4 for bar in song.bars for step in range(16) if pattern[step] == "x"
        }
        two = 0.0 if two_three(song) else 2.0  # where the side of two begins
        piano = {n.start_beat % 4 for n in montuno()(song, Random(seed))}
        assert two in piano and (two + 2.0) % 4 not in piano
    assert turned == {True, False}


def test_tumbao_is_at_the_next_chord_before_its_beat():
    song = _song("salsa", 3, density=0.5)
    notes = tumbao()(song, Random(1))
    for bar, after in pairwise(song.bars):
        last = max(
            (n for n in notes if bar.start_beat <= n.start_beat < bar.end_beat), key=lambda n: n.start_beat
        )
        assert last.start_beat == bar.start_beat + 3.5 and last.pitch % 12 == after.chords[0][1].root
        assert last.start_beat + last.beats > bar.end_beat


def test_bands_dance_jigs_and_reels_together():
    dances = {dance(_song("celtic", seed)) for seed in range(12)}
    assert dances == {"jig", "reel"}
    for seed in range(12):
        song = _song("celtic", seed, density=0.6)
        grid = 6 if dance(song) == "jig" else 8
        for plan in ARRANGEMENTS["celtic"].parts:
            if plan.family != "chords":
                starts = [note.start_beat * grid for note in plan.write(song, Random(1))]
                off = sum(abs(start - round(start)) > 0.02 for start in starts)
                assert off <= 0.2 * len(starts), plan.role  # graces


def test_the_second_voice_answers_with_the_subject():
    answered = 0
    for seed in range(6):
        song = _song("baroque", seed, density=0.6)
        rhythms = []
        for turn, centre in ((0, 77), (1, 70)):
            notes = voice_in(turn, centre, trills=0.0)(song, Random(turn))
            rhythms.append(
                [[n.start_beat % 4 for n in notes if n.start_beat // 4 == bar] for bar in range(12)]
            )
        answered += sum(rhythms[0][bar] == rhythms[1][bar + 1] for bar in range(0, 11, 2))
    assert answered > 0.8 * 36  # else a new section has a new subject


def test_blues_goes_round_twelve_bars_and_home():
    roots = set()
    for seed in range(20):
        bars = list(islice(Planner(STYLES["blues"], Key(0, "mixolydian"), seed), 60))
        verse = [bar for bar in bars if bar.section == "verse"][:12]
        roots.add(tuple(bar.chords[0][1].root for bar in verse))
    assert (0, 5, 0, 0, 5, 5, 0, 0, 7, 5, 0, 0) in roots or (0, 5, 0, 0, 5, 5, 0, 0, 7, 5, 0, 7) in roots
