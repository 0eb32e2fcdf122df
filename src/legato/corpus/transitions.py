"""The sound of a clip of any kind; where two scores meet, the first one's tail rings over the second.

N samples at 48 kHz.
"""

from __future__ import annotations

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus.clips import Composition
from legato.corpus.mixing import loud_rms
from legato.corpus.render import Rendered, render
from legato.corpus.score import Score
from legato.corpus.voices import Voices

_RING = 3.0  # seconds in which the first mix fades behind the change
_ENTRY = 0.05  # seconds before the change in which the second mix fades in
_LOUDNESS_DB = 11.0  # what the whole range of planned loudness is worth
_CEILING = 0.93


def render_composition(
    composition: Composition, voices: Voices, rng: np.random.Generator, seconds: float
) -> Rendered:
    """Render a clip, both sides of a change of style at levels that differ as their plans do.

    Args:
        composition: what to play; its `part_db` are in the order of `composition.score.parts`.
        voices: the sound source.
        rng: draws the settings of the mixes.
        seconds: length of the clip; cut to whole latent frames.

    Raises:
        CorpusError: a part that has notes cannot be heard, or nothing sounds at all.
    """
    mixes = [render(score, voices, rng, seconds) for score in composition.played]
    if len(mixes) == 1 or composition.change is None:
        return mixes[0]
    first, second = mixes
    moment = composition.score.seconds(composition.change)
    clock_n = np.arange(len(first.mix)) / SAMPLE_RATE - moment
    out_n = np.interp(clock_n, (0.0, _RING), (1.0, 0.0)).astype(np.float32) ** 2
    in_n = np.interp(clock_n, (-2 * _ENTRY, -_ENTRY), (0.0, 1.0)).astype(np.float32)
    cut = round(moment * SAMPLE_RATE)
    before, after = composition.played
    wanted_db = _LOUDNESS_DB * (_loudness(after) - _loudness(before))
    balance = loud_rms(first.mix[:cut]) / loud_rms(second.mix[cut:]) * 10 ** (wanted_db / 20)
    mix_n2 = first.mix * out_n[:, None] + second.mix * np.float32(balance) * in_n[:, None]
    master = min(1.0, _CEILING / float(np.abs(mix_n2).max()))
    shifts = 20 * np.log10(np.array([master, master * balance]))
    powers = [10 ** ((mix.envelopes + shift) / 10) for mix, shift in zip(mixes, shifts, strict=True)]
    part_db = [
        None if level is None else level + float(shift)
        for mix, shift in zip(mixes, shifts, strict=True)
        for level in mix.part_db
    ]
    envelopes = (10 * np.log10(sum(powers) + 1e-12)).astype(np.float32)
    sources = [source for mix in mixes for source in mix.sources]
    mix_n2 = (mix_n2 * np.float32(master)).astype(np.float32)
    return Rendered(mix_n2, envelopes, part_db, sources, first.renderer)


def _loudness(score: Score) -> float:
    return float(np.mean([bar.loudness for bar in score.bars]))
