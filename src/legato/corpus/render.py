"""A score made audible: stems from a sound source, then a mix with space, dynamics and a realistic level.

N samples at 48 kHz, F families. Every random choice of the mix comes from the caller's generator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legato.conditioning import FAMILIES
from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.corpus.mixing import dynamics, levels
from legato.corpus.mixing.desk import Desk
from legato.corpus.played import Player
from legato.corpus.score import Part, Score
from legato.corpus.styles.mixes import mix_of
from legato.corpus.voices import CorpusError, PlayedNote, Voices

AUDIBLE_DB = -60.0  # a part's loudest frame must reach this in the mix

# Level of a part at velocity 90 and gain 1, in dBFS RMS while it sounds, before the mix is normalised.
_LEVEL_DB = {"drums": -19.5, "bass": -21.0, "chords": -20.0, "lead": -21.5}
_KICKS = (35, 36)


@dataclass(frozen=True)
class Rendered:
    """A mixed clip."""

    mix: np.ndarray  # float32 [N, 2], |x| < 0.95
    envelopes: np.ndarray  # float32 [F, N // 1920]: dry RMS in dBFS of each family, -120 where silent
    part_db: list[float | None]  # of each part, its loudest frame in the mix, dBFS; None: no notes
    sources: list[str | None]  # of each part, the sound set that plays it; None: no notes
    renderer: str


def render(score: Score, voices: Voices, rng: np.random.Generator, seconds: float) -> Rendered:
    """Play and mix a score.

    Args:
        score: the composition; parts without notes in the clip are skipped.
        voices: the sound source, from `open_voices`.
        rng: draws every setting of the mix.
        seconds: length of the clip; cut to whole latent frames.

    Raises:
        CorpusError: a part that has notes cannot be heard, or nothing sounds at all.
    """
    samples = int(seconds * SAMPLE_RATE) // FRAME_SAMPLES * FRAME_SAMPLES
    desk = Desk(mix_of(score.style), score, _kicks(score, seconds), samples, rng)
    loudness = [(score.seconds(bar.start_beat), bar.loudness) for bar in score.bars]
    fader_n = 10 ** ((levels.curve(loudness, samples) - 0.6) * 9.0 / 20)
    power_ft = np.zeros((len(FAMILIES), samples // FRAME_SAMPLES), np.float64)
    peaks: list[float | None] = []
    sources: list[str | None] = []
    band = voices.band(score.seed)
    for part in score.parts:
        notes = played_notes(score, part, samples / SAMPLE_RATE)
        if not notes:
            peaks.append(None)
            sources.append(None)
            continue
        player = band.player(notes, part.program, part.bank)
        sources.append(player.name)
        stem_n2 = desk.shape(part, _played(part, notes, player, samples, score.style))
        stem_n2 = desk.add(part, _at_level(part, notes, stem_n2) * fader_n[:, None])
        frames_t = levels.frame_power(stem_n2)
        peaks.append(float(10 * np.log10(frames_t.max() + 1e-12)))
        power_ft[FAMILIES.index(part.family)] += frames_t
    if not any(frames_t.any() for frames_t in power_ft):
        raise CorpusError(f"style {score.style!r}, seed {score.seed}: no part has a note in {seconds} s")
    mix_n2, gain = _mastered(score, desk.finish(), np.sqrt(power_ft.sum() / power_ft.shape[1]), rng)
    envelopes = 10 * np.log10(power_ft * gain**2 + 1e-12)
    part_db = [None if peak is None else peak + 20 * float(np.log10(gain)) for peak in peaks]
    _check_audible(score, part_db)
    return Rendered(mix_n2, envelopes.astype(np.float32), part_db, sources, voices.name)


def played_notes(score: Score, part: Part, seconds: float) -> list[PlayedNote]:
    """The part's notes that start within the clip, in seconds."""
    played = []
    for note in part.notes:
        start = max(0.0, score.seconds(note.start_beat))
        if start < seconds:
            end = score.seconds(note.start_beat + note.beats)
            played.append(PlayedNote(start, end, note.pitch, note.velocity))
    return played


def _played(part: Part, notes: list[PlayedNote], player: Player, samples: int, style: str) -> np.ndarray:
    """One part as its source plays it, float32 [N, 2]."""
    stem_n2 = player.play(notes, part.program, part.bank, samples)
    if not levels.frame_power(stem_n2).max() > 1e-9:
        raise CorpusError(
            f"style {style!r}: part {part.name!r} (program {part.program}, bank {part.bank}) has "
            f"{len(notes)} notes but makes no sound with {player.name}"
        )
    return stem_n2


def _at_level(part: Part, notes: list[PlayedNote], stem_n2: np.ndarray) -> np.ndarray:
    """A part panned and brought to its level, float32 [N, 2]."""
    velocity = np.mean([note.velocity for note in notes]) / 90.0
    level = 10 ** (_LEVEL_DB[part.family] / 20) * part.gain * velocity
    angle = (np.clip(part.pan, -1.0, 1.0) + 1.0) * np.pi / 4
    pan = np.sqrt(2.0) * np.array([np.cos(angle), np.sin(angle)])
    return stem_n2 * (level / max(levels.sounding_rms(stem_n2), 1e-9) * pan).astype(np.float32)


def _mastered(
    score: Score, mix_n2: np.ndarray, dry_rms: float, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """The mix at its final level and the factor between a dry stem and its share of it."""
    loudness = float(np.mean([bar.loudness for bar in score.bars]))
    target = 10 ** ((-24.5 + 11.0 * loudness + rng.uniform(-2.0, 1.5)) / 20)
    mix_n2 = mix_n2 * np.float32(target / levels.loud_rms(mix_n2))
    gain = float(np.sqrt(np.mean(mix_n2**2)) / dry_rms)
    return dynamics.limit(mix_n2, ceiling=0.93), gain


def _check_audible(score: Score, part_db: list[float | None]) -> None:
    for part, level in zip(score.parts, part_db, strict=True):
        if level is not None and level < AUDIBLE_DB:
            raise CorpusError(
                f"style {score.style!r}, seed {score.seed}: part {part.name!r} (program {part.program}, "
                f"bank {part.bank}) is inaudible in the mix at {level:.0f} dBFS"
            )


def _kicks(score: Score, seconds: float) -> list[float]:
    """When the kick drum is struck, seconds."""
    return [
        note.start
        for part in score.parts
        if part.family == "drums"
        for note in played_notes(score, part, seconds)
        if note.pitch in _KICKS
    ]
