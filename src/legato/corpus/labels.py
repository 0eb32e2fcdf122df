"""Exact labels of a clip at 25 Hz, from its score and its sound.

T frames of 1920 samples; frame t starts at t / 25 s. n notes, F families in the order of `FAMILIES`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from scipy import fft, ndimage

from legato.conditioning import FAMILIES, loudness_value
from legato.config import FRAME_RATE, FRAME_SAMPLES, SAMPLE_RATE
from legato.corpus import mixing
from legato.corpus.render import played_notes
from legato.corpus.score import Score
from legato.corpus.voices import PlayedNote

_SPARSE, _DENSE = 0.5, 16.0  # weighted onsets per second that read as density 0 and 1
_TOGETHER = 0.035  # seconds within which onsets are heard as one
_DOUBLING = 0.15  # what each further part struck at the same time adds to an onset
_FULL_VELOCITY = 72.0  # softer notes (ghosts, echoes) count in proportion
_LOWEST_HZ, _HIGHEST_HZ = 300.0, 6000.0  # spectral centroids that read as brightness 0 and 1
_ANTICIPATION = 1.25  # frames before a bar line from which an onset counts for the next bar
_WINDOW = 4096  # samples of each brightness spectrum


@dataclass(frozen=True)
class Labels:
    """What is true of each frame of a clip."""

    beats: np.ndarray  # float32 [T]: beat position at the frame's start; 0 is the first downbeat
    bpm: np.ndarray  # float32 [T]
    beats_per_bar: int
    harmony: np.ndarray  # float32 [T, 24]: chord tones (12, C first), then root (one-hot 12)
    scale: np.ndarray  # float32 [T, 12]: pitch classes of the scale
    chroma: np.ndarray  # float32 [T, 12]: sounding pitches, drums apart; largest is 1, all 0 in silence
    notes: np.ndarray  # float32 [n, 5]: family index, pitch, start and end frame (fractional), velocity
    density: np.ndarray  # float32 [T]: onset rate, 0 sparse … 1 dense, over about 2 s
    brightness: np.ndarray  # float32 [T]: 0 dark … 1 bright
    loudness: np.ndarray  # float32 [T]: scale of `conditioning.loudness_value`, over about 1 s
    gates: np.ndarray  # float32 [T, 4]: whether a family plays in this bar

    @property
    def frames(self) -> int:
        """T."""
        return len(self.beats)

    def save(self, path: Path) -> None:
        """Write as .npz."""
        arrays = {f.name: np.asarray(getattr(self, f.name)) for f in fields(self)}
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> Labels:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            values = {f.name: data[f.name] for f in fields(cls)}
        return cls(**{**values, "beats_per_bar": int(values["beats_per_bar"])})


def make_labels(score: Score, mix_n2: np.ndarray) -> Labels:
    """Labels of a rendered clip.

    Args:
        score: what was played.
        mix_n2: float32 [N, 2] at 48 kHz, N a multiple of 1920.
    """
    frames = len(mix_n2) // FRAME_SAMPLES
    seconds_t = np.arange(frames) / FRAME_RATE
    beats_t, bpm_t = _beats(score, seconds_t)
    notes = _notes(score, frames)
    harmony, scale = _harmony(score, beats_t)
    return Labels(
        beats=beats_t.astype(np.float32),
        bpm=bpm_t.astype(np.float32),
        beats_per_bar=score.beats_per_bar,
        harmony=harmony,
        scale=scale,
        chroma=_chroma(notes, frames),
        notes=notes,
        density=onset_density(score, frames),
        brightness=_brightness(mix_n2),
        loudness=_loudness(mix_n2),
        gates=_gates(score, notes, beats_t),
    )


def _beats(score: Score, seconds_t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Beat position and tempo at each time; the tempo map is piecewise constant."""
    starts = np.array([beat for beat, _ in score.tempo_map])
    tempi = np.array([bpm for _, bpm in score.tempo_map])
    clocks = np.array([score.seconds(beat) for beat in starts])
    index = np.clip(np.searchsorted(clocks, seconds_t, side="right") - 1, 0, None)
    return starts[index] + (seconds_t - clocks[index]) * tempi[index] / 60.0, tempi[index]


def _played(score: Score, frames: int) -> list[tuple[int, PlayedNote]]:
    seconds = frames / FRAME_RATE
    return [
        (FAMILIES.index(part.family), note)
        for part in score.parts
        if not part.texture
        for note in played_notes(score, part, seconds)
    ]


def _notes(score: Score, frames: int) -> np.ndarray:
    rows = [
        (family, note.pitch, note.start * FRAME_RATE, min(note.end * FRAME_RATE, frames), note.velocity)
        for family, note in _played(score, frames)
    ]
    return np.array(sorted(rows, key=lambda row: (row[2], row[0], row[1])), np.float32).reshape(-1, 5)


def _harmony(score: Score, beats_t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    harmony = np.zeros((len(beats_t), 24), np.float32)
    scale = np.zeros((len(beats_t), 12), np.float32)
    for bar in score.bars:
        in_bar = (beats_t >= bar.start_beat) & (beats_t < bar.end_beat)
        scale[np.ix_(in_bar, np.array(bar.key.scale))] = 1.0
        for start, end, chord in bar.spans():
            sounding = (beats_t >= start) & (beats_t < end)
            harmony[np.ix_(sounding, np.array(chord.tones))] = 1.0
            harmony[sounding, 12 + chord.root] = 1.0
    return harmony, scale


def _chroma(notes: np.ndarray, frames: int) -> np.ndarray:
    chroma = np.zeros((frames, 12), np.float32)
    for family, pitch, start, end, velocity in notes:
        if FAMILIES[int(family)] != "drums":
            chroma[int(start) : max(int(np.ceil(end)), int(start) + 1), int(pitch) % 12] += velocity
    return chroma / np.maximum(chroma.max(axis=1, keepdims=True), 1e-9)


def onset_density(score: Score, frames: int) -> np.ndarray:
    """How busy the music is: onsets per second on a logarithmic scale, 0 at one in two seconds, 1 at 16.

    What an ear (or an onset detector) counts: onsets of all parts within 35 ms are one, a little stronger
    for each further part; soft notes count less. Per second rather than per beat, so that it can be measured
    from sound without knowing the pulse; logarithmic, since twice as many notes is one step busier, whether
    from quarters to eighths or from eighths to sixteenths. Averaged over about 2 s.
    """
    seconds = frames / FRAME_RATE
    struck = sorted(
        (note.start, index, min(1.0, note.velocity / _FULL_VELOCITY))
        for index, part in enumerate(score.parts)
        if not part.texture
        for note in played_notes(score, part, seconds)
    )
    onsets_t = np.zeros(frames)
    moment: dict[int, float] = {}
    begin = 0.0
    for start, part, weight in [*struck, (np.inf, 0, 0.0)]:
        if moment and start - begin > _TOGETHER:
            strongest = max(moment.values())
            onsets_t[int(begin * FRAME_RATE)] += strongest + _DOUBLING * (sum(moment.values()) - strongest)
            moment = {}
        if not moment:
            begin = start
        moment[part] = max(weight, moment.get(part, 0.0))
    rate_t = _smooth(onsets_t, 2.0) * FRAME_RATE
    value_t = np.log(np.maximum(rate_t, 1e-6) / _SPARSE) / np.log(_DENSE / _SPARSE)
    return np.clip(value_t, 0.0, 1.0).astype(np.float32)


def _brightness(mix_n2: np.ndarray) -> np.ndarray:
    frames = len(mix_n2) // FRAME_SAMPLES
    mono = 0.5 * (mix_n2[:, 0] + mix_n2[:, 1])
    mono = np.pad(mono, ((_WINDOW - FRAME_SAMPLES) // 2, _WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::FRAME_SAMPLES][:frames]
    spectra = np.abs(np.asarray(fft.rfft(windows * np.hanning(_WINDOW).astype(np.float32), axis=1)))
    hz = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE)
    # An exponent below power's 2 keeps single strong partials from hiding all that sounds above them.
    weights = spectra**1.2
    centroid = _smooth(weights @ hz, 1.0) / np.maximum(_smooth(weights.sum(axis=1), 1.0), 1e-9)
    value = np.log(np.maximum(centroid, 1.0) / _LOWEST_HZ) / np.log(_HIGHEST_HZ / _LOWEST_HZ)
    return np.clip(value, 0.0, 1.0).astype(np.float32)


def _loudness(mix_n2: np.ndarray) -> np.ndarray:
    power_t = _smooth(mixing.frame_power(mix_n2), 1.0)
    return loudness_value(10 * np.log10(power_t + 1e-12)).astype(np.float32)


def _gates(score: Score, notes: np.ndarray, beats_t: np.ndarray) -> np.ndarray:
    """A family plays in a bar when it strikes a note there, or sounds for at least a quarter of it."""
    gates = np.zeros((len(beats_t), len(FAMILIES)), np.float32)
    for bar in score.bars:
        inside = np.flatnonzero((beats_t >= bar.start_beat - 1e-6) & (beats_t < bar.end_beat - 1e-6))
        if not len(inside):
            continue
        start, end = (score.seconds(beat) * FRAME_RATE for beat in (bar.start_beat, bar.end_beat))
        end = min(end, len(beats_t))
        # An onset just before the bar line anticipates the next bar.
        onset = (notes[:, 2] >= start - _ANTICIPATION) & (notes[:, 2] < end - _ANTICIPATION)
        shared = np.minimum(notes[:, 3], end) - np.maximum(notes[:, 2], start)
        plays = onset & (shared > 0) | (shared >= 0.25 * (end - start))
        gates[np.ix_(inside, np.unique(notes[plays, 0]).astype(int))] = 1.0
    return gates


def _smooth(values_t: np.ndarray, seconds: float) -> np.ndarray:
    """Hann-weighted running mean over about `seconds` (width at half height)."""
    window = np.hanning(int(2 * seconds * FRAME_RATE) + 1)
    total = ndimage.convolve1d(values_t.astype(np.float64), window, mode="constant")
    return total / ndimage.convolve1d(np.ones(len(values_t)), window, mode="constant")
