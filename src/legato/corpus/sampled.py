"""Recordings in place of synthesised hits and basses: which file stands for which voice of a machine.

N samples at 48 kHz. A sampled machine is a `synth` kit some of whose voices are recordings, brought to the
energy of the hits they stand for, so that its balance stays; what has no recording stays synthesised.
"""

# Machines are tables: several voices to a row read better than one to a line.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.signal import resample_poly

from legato.config import SAMPLE_RATE
from legato.corpus import synth
from legato.corpus.errors import CorpusError
from legato.corpus.played import PlayedNote, Player
from legato.corpus.synth.hits import Sound
from legato.corpus.synth.machine import Kit, Maker, struck
from legato.corpus.synth.oneshots import Loop, OneShot

VARIANTS = 8  # drawn machines of a name
_SYNTHESISED = 0.35  # share of voices other than kick and snare that stay so in a variant
_ONSET = 0.04  # of the peak, at which a recording begins
_LEAD = 48  # samples before it, faded in

# File, or file:step for one sixteenth of a bar-long break and the next.
_TOMS = {"tom low": "drum_tom_lo_hard", "tom mid": "drum_tom_mid_hard", "tom high": "drum_tom_hi_hard"}
_CYMBALS = {
    "hat": "drum_cymbal_closed", "open": "drum_cymbal_open", "crash": "drum_cymbal_hard drum_splash_hard",
    "cowbell": "drum_cowbell",
}  # fmt: skip
HITS: dict[str, dict[str, str]] = {
    "808": {
        "kick": "bd_808 bd_gas bd_sone", "snare": "elec_mid_snare elec_hi_snare sn_dub", "clap": "perc_snap",
        "cowbell": "drum_cowbell", "claves": "elec_ping elec_plip", "bell": "elec_triangle",
    },
    "909": {
        **_CYMBALS, "kick": "bd_haus bd_klub bd_tek bd_pure", "snare": "sn_zome sn_dolf sn_generic",
        "snare 2": "sn_dolf elec_snare", "clap": "perc_snap perc_snap2",
    },
    "606": {
        "kick": "bd_zum bd_fat bd_ada", "snare": "elec_hi_snare sn_dub", "hat": "drum_cymbal_pedal",
        "open": "elec_cymbal", "clap": "perc_snap2",
    },
    "linn": {
        **_TOMS, **_CYMBALS, "kick": "drum_heavy_kick drum_bass_hard bd_ada",
        "snare": "drum_snare_hard sn_generic", "clap": "perc_snap",
    },
    "lofi kit": {
        "kick": "bd_fat drum_bass_soft elec_soft_kick", "snare": "drum_snare_soft sn_dub elec_snare",
        "rim": "perc_snap", "hat": "drum_cymbal_closed drum_cymbal_pedal", "open": "drum_cymbal_open",
        "ride": "drum_cymbal_soft", "crash": "drum_splash_soft",
    },
    "trap kit": {
        "kick": "bd_808 bd_gas bd_zome", "snare": "sn_dub sn_zome", "clap": "perc_snap perc_snap2",
        "open": "drum_cymbal_open", "bell": "elec_bell elec_triangle",
    },
    "dnb break kit": {
        **_TOMS, **_CYMBALS, "kick": "loop_amen:0 loop_amen:2 loop_amen:10", "snare": "loop_amen:4 loop_amen:12",
        "snare 2": "loop_amen:7 loop_amen:9", "hat": "loop_amen:6 loop_amen:8 loop_amen:14",
    },
    "industrial kit": {
        "kick": "bd_tek bd_zome drum_heavy_kick", "snare": "elec_filt_snare sn_dolf sn_zome",
        "snare 2": "elec_lo_snare", "clap": "perc_impact2", "bell": "perc_impact1", "hat": "drum_cymbal_pedal",
    },
}  # fmt: skip
_STEPS = 16
# Of a bass patch, recordings of one note and its frequency, Hz: a C, but for one F.
BASSES: dict[str, tuple[tuple[str, float], ...]] = {
    "saw bass": (("bass_trance_c", 65.15), ("bass_hard_c", 65.45)),
    "reese bass": (("bass_thick_c", 65.4), ("bass_dnb_f", 87.5)),
    "sub bass": (("bass_woodsy_c", 65.25),),
}
TEXTURES = {"vinyl texture": "vinyl_hiss"}


@dataclass(frozen=True)
class _Named:
    """A kit or patch under the set's name."""

    name: str
    sound: synth.Kit | synth.Patch

    def play(self, notes: list[PlayedNote], program: int | str, bank: int, samples: int) -> np.ndarray:
        """See `Player.play`."""
        return self.sound.play(notes, samples)


class Samples:
    """The recordings of a folder.

    Args:
        folder: of FLAC files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = "sonic-pi-samples"
        self._kit = lru_cache(maxsize=64)(self._make_kit)
        self._read = lru_cache(maxsize=256)(self._read_file)

    def player(self, program: str, notes: list[PlayedNote], draw: float) -> Player | None:
        """What plays a part in place of a patch or kit; None where there are no recordings for it.

        Args:
            program: name of the patch or kit.
            notes: of the part; a bass is played by a recording only where that reaches them.
            draw: 0–1, chooses among the recordings.
        """
        sound = None
        if program in HITS:
            sound = self._kit(program, int(draw * VARIANTS))
        elif program in BASSES:
            choices = BASSES[program]
            bass = self._bass(program, *choices[int(draw * len(choices))])
            sound = bass if bass.reaches(notes) else None
        elif program in TEXTURES:
            patch = synth.PATCHES[program]
            sound = Loop(words=patch.words, noise=self._stereo(TEXTURES[program]))
        return _Named(self.name, sound) if sound else None

    def _make_kit(self, name: str, variant: int) -> Kit:
        machine = synth.KITS[name]
        rng = np.random.default_rng([crc32(name.encode()), variant])
        makers: dict[str, Maker] = {}
        levels = dict(machine.levels)
        for voice, files in HITS[name].items():
            choices, stays = files.split(), rng.random() < _SYNTHESISED
            chosen = self._read(choices[rng.integers(len(choices))])
            if stays and voice not in ("kick", "snare"):
                continue
            makers[voice] = lambda rng, hard, chosen=chosen: chosen
            wanted, had = (
                struck(one, voice) for one in (machine, replace(machine, makers={voice: makers[voice]}))
            )
            levels[voice] = levels.get(voice, 1.0) * float(np.clip(_energy(wanted) / _energy(had), 0.25, 4.0))
        return replace(machine, makers={**machine.makers, **makers}, levels=levels)

    def _bass(self, program: str, file: str, root: float) -> OneShot:
        patch = synth.PATCHES[program]
        return OneShot(words=patch.words, mono=True, recording=self._read(file), root=root)

    def _read_file(self, spec: str) -> Sound:
        """A recording or one stroke of a break, mono float64 [N], peak 1, from its onset."""
        file, _, step = spec.partition(":")
        mono_n = self._stereo(file).mean(1).astype(np.float64)
        if step:
            length = len(mono_n) / _STEPS
            start = round(int(step) * length)
            mono_n = mono_n[start : start + round(1.02 * length)]
            mono_n[-480:] *= np.linspace(1.0, 0.0, 480)
        mono_n /= np.abs(mono_n).max()
        start = max(0, int(np.argmax(np.abs(mono_n) > _ONSET)) - _LEAD)
        mono_n = mono_n[start:].copy()
        mono_n[:_LEAD] *= np.linspace(0.0, 1.0, _LEAD)
        return mono_n

    def _stereo(self, file: str) -> np.ndarray:
        """float32 [N, 2]."""
        import soundfile

        path = self.folder / f"{file}.flac"
        try:
            audio_nc, rate = soundfile.read(path, dtype="float32", always_2d=True)
        except (OSError, soundfile.SoundFileError) as error:
            raise CorpusError(f"{path} cannot be read: install the package of the sound set again") from error
        audio_nc = resample_poly(audio_nc, SAMPLE_RATE, rate, axis=0)
        return np.ascontiguousarray(np.broadcast_to(audio_nc[:, :2], (len(audio_nc), 2)), np.float32)


def _energy(sound: Sound) -> float:
    """Root of the energy of the first 400 ms."""
    return float(np.sqrt(np.square(sound[: round(0.4 * SAMPLE_RATE)].astype(np.float64)).sum())) + 1e-9
