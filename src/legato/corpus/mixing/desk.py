"""The desk of one clip: a style's ranges drawn into settings, then stems shaped, summed and finished."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from legato.conditioning import FAMILIES
from legato.config import SAMPLE_RATE
from legato.corpus.mixing import colour, dynamics, filters, space
from legato.corpus.mixing.levels import curve, loud_rms
from legato.corpus.score import Part, Score
from legato.corpus.styles.mixes import Echo, Mix

_SOUNDFONT_SIDE = {"piano": 0.4, "bass": 0.15, "drums": 0.6, "chords": 0.6, "lead": 0.6}  # it is far too wide
_CUT_HZ = {"chords": 90.0, "lead": 110.0}  # room for the bass
_SOFT_PROGRAMS = frozenset({4, 5, 27, *range(48, 55), *range(88, 96)})  # chorus and phaser suit them
_SOFT_PATCHES = ("pad", "string", "choir", "supersaw", "e-piano", "fm piano", "analog", "swell")
_CALM = ("break", "intro", "calm")  # what a drop may follow
_DROPS = ("drop", "chorus", "climax")


class Desk:
    """Shapes stems and sums them.

    Args:
        mix: the style's ranges.
        score: the composition; its bars drive sweeps, levels and tone.
        kicks: seconds of the kick drum.
        samples: length N of the clip.
        rng: draws every setting.
    """

    def __init__(
        self, mix: Mix, score: Score, kicks: list[float], samples: int, rng: np.random.Generator
    ) -> None:
        self._mix, self._score, self._samples, self._rng = mix, score, samples, rng
        beat = 60.0 / score.tempo_map[0][1]
        depth, beats, shape = (rng.uniform(*r) for r in (mix.duck, mix.duck_beats, mix.duck_shape))
        self._ducking_n = (
            dynamics.pump(kicks, samples, depth, beats * beat, shape) if kicks and depth > 0.02 else None
        )
        self._drives = {
            "drums": rng.uniform(*mix.drums_drive),
            "bass": rng.uniform(*mix.bass_drive),
            "chords": rng.uniform(*mix.band_drive),
            "lead": rng.uniform(*mix.band_drive),
        }
        self._sweep_n = self._build_sweep() if rng.random() < mix.build else None
        self._dry_n2 = np.zeros((samples, 2), np.float32)
        self._sends = {"drums": np.zeros(samples, np.float32), "band": np.zeros(samples, np.float32)}
        self._echoes = [_OneEcho(echo, rng, samples) for echo in mix.echoes if rng.random() < echo.chance]

    def shape(self, part: Part, stem_n2: np.ndarray) -> np.ndarray:
        """Tone, colour and width of one part, before its level is set."""
        rng, mix, family = self._rng, self._mix, part.family
        if isinstance(part.program, int):
            piano = part.program < 8 and family in ("chords", "lead")
            stem_n2 = filters.narrow(stem_n2, _SOUNDFONT_SIDE["piano" if piano else family])
        if family in _CUT_HZ:
            stem_n2 = filters.highpass(stem_n2, _CUT_HZ[family])
        if family == "drums":
            stem_n2 = dynamics.punch(stem_n2, rng.uniform(*mix.punch))
            stem_n2 = colour.saturate(stem_n2, self._drives[family])
            return dynamics.parallel(stem_n2, rng.uniform(*mix.parallel))
        stem_n2 = colour.saturate(stem_n2, self._drives[family], rng.uniform(0.0, 0.3))
        if family == "bass":
            return dynamics.compress(stem_n2, -3.0, rng.uniform(1.5, 3.0), 0.01, 0.12)
        if _is_soft(part):
            if rng.random() < mix.phaser:
                stem_n2 = filters.phaser(stem_n2, rng.uniform(0.08, 0.5), rng.uniform(0.4, 0.9), rng.random())
            elif mix.chorus[1] > 0:
                depth = rng.uniform(*mix.chorus)
                stem_n2 = colour.chorus(stem_n2, depth, rng.uniform(0.3, 0.9), rng.random())
        if family == "chords" and rng.random() < mix.auto_filter:
            stem_n2 = filters.sweep(stem_n2, self._breathing(), high=False, q=rng.uniform(0.7, 1.6))
        return stem_n2

    def add(self, part: Part, stem_n2: np.ndarray) -> np.ndarray:
        """Put a shaped part at its level into the mix; returns what of it is heard dry."""
        if self._sweep_n is not None:
            stem_n2 = self._swept(part, stem_n2)
        if self._ducking_n is not None and part.family in self._mix.ducked:
            stem_n2 = stem_n2 * self._ducking_n[:, None]
        self._dry_n2 += stem_n2
        mono_n = np.float32(0.5) * (stem_n2[:, 0] + stem_n2[:, 1])
        self._sends["drums" if part.family == "drums" else "band"] += mono_n * np.float32(part.reverb)
        for echo in self._echoes:
            if part.family in echo.plan.families:
                echo.send_n += mono_n
        return stem_n2

    def finish(self) -> np.ndarray:
        """Spaces, bus and tone, before the final level, float32 [N, 2]."""
        rng, mix = self._rng, self._mix
        mix_n2 = self._dry_n2
        sends = dict(self._sends)
        for echo in self._echoes:
            echoes_n2 = echo.returned(self._score)
            mix_n2 = mix_n2 + echoes_n2
            sends["band"] = sends["band"] + np.float32(0.3) * (echoes_n2[:, 0] + echoes_n2[:, 1])
        wet_n2 = self._room(sends["band"], rng.choice(mix.rooms), rng.uniform(*mix.decay))
        if self._ducking_n is not None:
            wet_n2 *= self._ducking_n[:, None]
        drums_n2 = self._room(sends["drums"], rng.choice(mix.drum_rooms), rng.uniform(*mix.drum_decay))
        mix_n2 = mix_n2 + np.float32(rng.uniform(*mix.wet)) * (wet_n2 + drums_n2)
        if rng.random() < mix.impact:
            mix_n2 = self._with_impacts(mix_n2)
        return self._master(mix_n2)

    def _master(self, mix_n2: np.ndarray) -> np.ndarray:
        rng, mix = self._rng, self._mix
        mix_n2 = dynamics.compress(
            mix_n2, -2.0, rng.uniform(*mix.ratio), rng.uniform(*mix.attack), rng.uniform(*mix.release)
        )
        mix_n2 = colour.saturate(mix_n2, rng.uniform(*mix.tape), 0.1)
        mix_n2 = filters.balance(mix_n2, rng.uniform(*mix.balance))
        if rng.random() < mix.reduced:
            mix_n2 = colour.coarse(mix_n2, rng.uniform(*mix.bits))
        cents, crackle, hiss = (rng.uniform(*r) for r in (mix.wow, mix.crackle, mix.hiss))
        if any(part.program == "vinyl texture" for part in self._score.parts):
            crackle = 0.0  # the band brings its own
        if cents > 0.2:
            mix_n2 = colour.wow(mix_n2, cents, 0.4 * cents, rng.random())
        top = rng.uniform(*mix.top)
        if top < 19_000:
            mix_n2 = filters.lowpass(mix_n2, top)
        if crackle > 0 or hiss > 0:
            mix_n2 = colour.dust(mix_n2, rng, crackle, hiss)
        mix_n2 = filters.shelves(mix_n2, rng.uniform(*mix.low_db), rng.uniform(*mix.high_db))
        points = [(self._score.seconds(bar.start_beat), bar.brightness) for bar in self._score.bars]
        mix_n2 = filters.tilt(mix_n2, 10 ** ((curve(points, self._samples) - 0.5) * 13.0 / 20))
        mix_n2 = filters.widen(filters.highpass(mix_n2, 27.0), rng.uniform(*mix.width))
        return dynamics.limit(mix_n2, loud_rms(mix_n2) * 10 ** (rng.uniform(*mix.peaks) / 20))

    def _room(self, send_n: np.ndarray, kind: str, decay: float) -> np.ndarray:
        response_m2 = space.room(self._rng, str(kind), decay)
        if not send_n.any():
            return np.zeros((self._samples, 2), np.float32)
        return space.reverb(send_n, response_m2)

    def _breathing(self) -> np.ndarray:
        """Cutoff of a slow filter, Hz [N]: a wave of two to eight bars, opened by busy bars."""
        rng, score = self._rng, self._score
        bars = float(rng.choice((2.0, 4.0, 8.0)))
        period = bars * score.beats_per_bar * 60.0 / score.tempo_map[0][1]
        seconds = np.arange(0, self._samples, dtype=np.float32) / SAMPLE_RATE
        wave = 0.5 - 0.5 * np.cos(2 * np.pi * (seconds / period + rng.random())).astype(np.float32)
        busy = curve([(score.seconds(bar.start_beat), bar.density) for bar in score.bars], self._samples, 0.5)
        low, octaves = rng.uniform(500.0, 1100.0), rng.uniform(1.5, 3.0)
        return low * np.exp2(octaves * wave + 1.5 * busy)

    def _build_sweep(self) -> np.ndarray | None:
        """How far each moment is into a build-up, 0-1 float32 [N]; None where the clip has none."""
        score, before = self._score, 0.0
        if not any(bar.build for bar in score.bars):
            return None
        rise_n = np.zeros(self._samples, np.float32)
        for bar in score.bars:
            start, end = (round(score.seconds(b) * SAMPLE_RATE) for b in (bar.start_beat, bar.end_beat))
            inside_n = rise_n[start:end]
            if bar.build:
                inside_n[:] = np.linspace(min(before, bar.build), bar.build, end - start)[: len(inside_n)]
            before = bar.build
        return rise_n

    def _swept(self, part: Part, stem_n2: np.ndarray) -> np.ndarray:
        """Drums and bass thin out as a build-up goes on, chords and lead open."""
        rise_n = self._sweep_n
        assert rise_n is not None
        if part.family in ("drums", "bass"):
            return filters.sweep(stem_n2, 15.0 * np.exp2(3.8 * rise_n), high=True, q=0.8)
        closed = np.where(rise_n > 0, np.maximum(0.0, 1.0 - rise_n), 0.0)
        return filters.sweep(stem_n2, 20_000.0 * np.exp2(-4.0 * closed), high=False, q=0.9)

    def _with_impacts(self, mix_n2: np.ndarray) -> np.ndarray:
        """A boom under the first bar of each drop that drums play."""
        rng, bars = self._rng, self._score.bars
        level = loud_rms(mix_n2) * rng.uniform(0.25, 0.6)
        for before, bar in pairwise(bars):
            start = round(self._score.seconds(bar.start_beat) * SAMPLE_RATE)
            lands = (before.build > 0 and not bar.build) or (
                bar.section in _DROPS and before.section in _CALM
            )
            if lands and bar.gates["drums"] and start < self._samples:
                boom = colour.impact(rng, rng.uniform(1.0, 2.5))[: self._samples - start]
                mix_n2[start : start + len(boom)] += boom * np.float32(level)
        return mix_n2


class _OneEcho:
    """A delay of the clip: its settings and what is sent to it."""

    def __init__(self, plan: Echo, rng: np.random.Generator, samples: int) -> None:
        self.plan = plan
        self.send_n = np.zeros(samples, np.float32)
        self._beats = float(rng.choice(plan.beats))
        self._slap = rng.uniform(0.085, 0.14)
        self._level, self._feedback = rng.uniform(*plan.level), rng.uniform(*plan.feedback)

    def returned(self, score: Score) -> np.ndarray:
        """The echoes, in the tempo of the moment they were sent, float32 [N, 2]."""
        out_n2 = np.zeros((len(self.send_n), 2), np.float32)
        if not self.send_n.any():
            return out_n2
        starts = [round(score.seconds(beat) * SAMPLE_RATE) for beat, _ in score.tempo_map]
        for start, stop, (_, bpm) in zip(starts, [*starts[1:], len(out_n2)], score.tempo_map, strict=True):
            sent_n = self.send_n[start:].copy()
            sent_n[max(0, stop - start) :] = 0.0
            if sent_n.any():
                delay = self._beats * 60.0 / bpm or self._slap
                out_n2[start:] += space.echo(sent_n, delay, self._feedback, self.plan.bounce)
        return out_n2 * np.float32(self._level * (1.4 if self.plan.bounce else 1.0))


def _is_soft(part: Part) -> bool:
    if isinstance(part.program, int):
        return part.program in _SOFT_PROGRAMS and part.family in FAMILIES
    return any(word in part.program for word in _SOFT_PATCHES)
