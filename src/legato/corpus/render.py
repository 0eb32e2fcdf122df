"""A score made audible: stems from a sound source, then a mix with space, dynamics and a realistic level.

N samples at 48 kHz, F families. Every random choice of the mix comes from the caller's generator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legato.conditioning import FAMILIES
from legato.config import FRAME_SAMPLES, SAMPLE_RATE
from legato.corpus import mixing
from legato.corpus.score import Part, Score
from legato.corpus.voices import CorpusError, PlayedNote, Voices

AUDIBLE_DB = -60.0  # a part's loudest frame must reach this in the mix

# Level of a part at velocity 90 and gain 1, in dBFS RMS while it sounds, before the mix is normalised.
_LEVEL_DB = {"drums": -19.5, "bass": -21.0, "chords": -20.0, "lead": -21.5}
_PUMPING = frozenset({"house", "techno", "synthwave"})  # kicks duck the rest
_ECHOING = frozenset({"house", "techno", "synthwave", "ambient", "dnb", "trap", "reggae"})  # leads
_DUSTY = frozenset({"lofi"})
_WIDE_ROOMS = frozenset({"ambient", "quartet", "piano", "orchestral"})
_KICKS = (35, 36)


@dataclass(frozen=True)
class Rendered:
    """A mixed clip."""

    mix: np.ndarray  # float32 [N, 2], |x| < 0.95
    envelopes: np.ndarray  # float32 [F, N // 1920]: dry RMS in dBFS of each family, -120 where silent
    part_db: list[float | None]  # of each part, its loudest frame in the mix, dBFS; None: no notes
    renderer: str


def render(score: Score, voices: Voices, rng: np.random.Generator, seconds: float) -> Rendered:
    """Play and mix a score.

    Args:
        score: the composition; parts without notes in the clip are skipped.
        voices: the sound source, from `open_voices`.
        rng: draws room, EQ and level.
        seconds: length of the clip; cut to whole latent frames.

    Raises:
        CorpusError: a part that has notes cannot be heard, or nothing sounds at all.
    """
    samples = int(seconds * SAMPLE_RATE) // FRAME_SAMPLES * FRAME_SAMPLES
    ducking_n = _ducking(score, samples, rng)
    fader_n = mixing.curve(_bar_points(score, "loudness"), samples)
    fader_n = 10 ** ((fader_n - 0.6) * 9.0 / 20)
    dry_n2 = np.zeros((samples, 2), np.float32)
    send_n = np.zeros(samples, np.float32)
    power_ft = np.zeros((len(FAMILIES), samples // FRAME_SAMPLES), np.float64)
    peaks: list[float | None] = []
    for part in score.parts:
        notes = played_notes(score, part, samples / SAMPLE_RATE)
        if not notes:
            peaks.append(None)
            continue
        stem_n2 = _stem(part, notes, voices, samples, score.style) * fader_n[:, None]
        if part.family != "drums":
            stem_n2 *= ducking_n[:, None]
        if part.family == "lead" and score.style in _ECHOING:
            beat = 60.0 / score.tempo_map[0][1]
            stem_n2 = mixing.echo(stem_n2, beat * rng.choice((0.5, 0.75, 1.0)), rng.uniform(0.0, 0.35))
        frames_t = mixing.frame_power(stem_n2)
        peaks.append(float(10 * np.log10(frames_t.max() + 1e-12)))
        power_ft[FAMILIES.index(part.family)] += frames_t
        dry_n2 += stem_n2
        send_n += np.float32(0.5 * part.reverb) * (stem_n2[:, 0] + stem_n2[:, 1])
    if not any(frames_t.any() for frames_t in power_ft):
        raise CorpusError(f"style {score.style!r}, seed {score.seed}: no part has a note in {seconds} s")
    mix_n2, gain = _mix(score, dry_n2, send_n, rng)
    envelopes = 10 * np.log10(power_ft * gain**2 + 1e-12)
    part_db = [None if peak is None else peak + 20 * float(np.log10(gain)) for peak in peaks]
    _check_audible(score, part_db)
    return Rendered(mix_n2, envelopes.astype(np.float32), part_db, voices.name)


def played_notes(score: Score, part: Part, seconds: float) -> list[PlayedNote]:
    """The part's notes that start within the clip, in seconds."""
    played = []
    for note in part.notes:
        start = max(0.0, score.seconds(note.start_beat))
        if start < seconds:
            end = score.seconds(note.start_beat + note.beats)
            played.append(PlayedNote(start, end, note.pitch, note.velocity))
    return played


def _stem(part: Part, notes: list[PlayedNote], voices: Voices, samples: int, style: str) -> np.ndarray:
    """One part, panned and brought to its level, float32 [N, 2]."""
    stem_n2 = voices.play(notes, part.program, part.bank, samples)
    power_t = mixing.frame_power(stem_n2)
    loudest = power_t.max()
    if not loudest > 1e-9:
        raise CorpusError(
            f"style {style!r}: part {part.name!r} (program {part.program}, bank {part.bank}) has "
            f"{len(notes)} notes but makes no sound with {voices.name}"
        )
    sounding = np.sqrt(power_t[power_t > 0.02 * loudest].mean())
    velocity = np.mean([note.velocity for note in notes]) / 90.0
    level = 10 ** (_LEVEL_DB[part.family] / 20) * part.gain * velocity
    angle = (np.clip(part.pan, -1.0, 1.0) + 1.0) * np.pi / 4
    pan = np.sqrt(2.0) * np.array([np.cos(angle), np.sin(angle)])
    return stem_n2 * (level / sounding * pan).astype(np.float32)


def _mix(
    score: Score, dry_n2: np.ndarray, send_n: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """The finished mix and the factor between a dry stem and its share of it."""
    wide = score.style in _WIDE_ROOMS
    decay = rng.uniform(1.4, 3.0) if wide else rng.uniform(0.5, 1.5)
    mix_n2 = dry_n2 + mixing.reverb(send_n, mixing.room(rng, decay))
    mix_n2 = mixing.shelves(mix_n2, rng.uniform(-2.0, 2.0), rng.uniform(-2.5, 2.0))
    brightness_n = mixing.curve(_bar_points(score, "brightness"), len(mix_n2))
    mix_n2 = mixing.tilt(mix_n2, 10 ** ((brightness_n - 0.5) * 9.0 / 20))
    if score.style in _DUSTY:
        mix_n2 = mixing.dust(mix_n2, rng)
    before = np.sqrt(np.mean(mix_n2**2))
    mix_n2 = mixing.compress(mix_n2, threshold_db=-20.0, ratio=rng.uniform(1.3, 2.2))
    loudness = float(np.mean([bar.loudness for bar in score.bars]))
    target = 10 ** ((-24.5 + 11.0 * loudness + rng.uniform(-2.0, 1.5)) / 20)
    mix_n2 = mix_n2 * np.float32(target / mixing.loud_rms(mix_n2))
    after = np.sqrt(np.mean(mix_n2**2))
    return mixing.limit(mix_n2, ceiling=0.93), float(after / before)


def _check_audible(score: Score, part_db: list[float | None]) -> None:
    for part, level in zip(score.parts, part_db, strict=True):
        if level is not None and level < AUDIBLE_DB:
            raise CorpusError(
                f"style {score.style!r}, seed {score.seed}: part {part.name!r} (program {part.program}, "
                f"bank {part.bank}) is inaudible in the mix at {level:.0f} dBFS"
            )


def _ducking(score: Score, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Gain that dips at every kick in dance styles, float32 [N]; ones elsewhere."""
    gain_n = np.ones(samples, np.float32)
    depth = rng.uniform(0.3, 0.7)
    if score.style not in _PUMPING:
        return gain_n
    seconds = np.arange(int(0.3 * SAMPLE_RATE)) / SAMPLE_RATE
    dip = (1.0 - depth * np.minimum(seconds / 0.004, 1.0) * np.exp(-((seconds / 0.14) ** 2))).astype(
        np.float32
    )
    for part in score.parts:
        if part.family != "drums":
            continue
        for note in played_notes(score, part, samples / SAMPLE_RATE):
            if note.pitch in _KICKS:
                start = round(note.start * SAMPLE_RATE)
                stop = min(samples, start + len(dip))
                np.minimum(gain_n[start:stop], dip[: stop - start], out=gain_n[start:stop])
    return gain_n


def _bar_points(score: Score, name: str) -> list[tuple[float, float]]:
    """(seconds, value) at each bar's start."""
    return [(score.seconds(bar.start_beat), float(getattr(bar, name))) for bar in score.bars]
