"""Subtractive patches: stacked oscillators, a filter that moves, an amplifier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus.synth import kernels
from legato.corpus.synth.envelopes import PLUCK, STEADY, Envelope, cutoff, ended, times
from legato.corpus.synth.patch import Patch, Strike, bend, hertz
from legato.corpus.synth.tables import TABLE, table

_MODES = {"low": kernels.LOW, "band": kernels.BAND, "high": kernels.HIGH}


@dataclass(frozen=True)
class Osc:
    """Some oscillators of one wave.

    Attributes:
        wave: one of `tables.WAVES`.
        level: of all together.
        semitones: from the note.
        voices: how many.
        detune: cents between the outermost.
        width: how far they stand apart, 0-1.
        pulse: each voice is a saw minus itself half a cycle on and a little slow: a pulse whose width
            sways, this many times a second.
    """

    wave: str = "saw"
    level: float = 1.0
    semitones: float = 0.0
    voices: int = 1
    detune: float = 0.0
    width: float = 0.0
    pulse: float = 0.0


@dataclass(frozen=True)
class Filter:
    """A state-variable filter.

    Attributes:
        hz: cutoff at middle C, velocity 100, before the envelope.
        resonance: 0-1.
        octaves: the envelope opens it by.
        envelope: its own.
        track: how far the cutoff follows the keyboard, 0-1.
        touch: octaves between the softest and the hardest key.
        sway: octaves of slow movement either way.
        rate: of that movement, Hz.
        poles: 2 or 4.
        mode: low, band or high.
    """

    hz: float = 20_000.0
    resonance: float = 0.1
    octaves: float = 0.0
    envelope: Envelope = PLUCK
    track: float = 0.5
    touch: float = 2.0
    sway: float = 0.0
    rate: float = 0.1
    poles: int = 2
    mode: str = "low"


OPEN = Filter()


@dataclass(frozen=True, kw_only=True)
class Analogue(Patch):
    """A virtual analogue voice.

    Attributes:
        oscs: its oscillators.
        filter: their filter.
        amp: envelope of the level.
        noise: level of white noise.
        drive: saturation behind the filter, 0 none.
        vibrato: cents.
        vibrato_rate: Hz.
        free: oscillators start anywhere in their cycle, else together.
        drop: octaves the pitch starts above and falls from.
        drop_time: time constant of that fall, seconds.
        swell: the filter rises over the whole note by this many octaves, and the level with it.
    """

    oscs: tuple[Osc, ...]
    filter: Filter = OPEN
    amp: Envelope = STEADY
    noise: float = 0.0
    drive: float = 0.0
    vibrato: float = 0.0
    vibrato_rate: float = 5.2
    free: bool = True
    drop: float = 0.0
    drop_time: float = 0.02
    swell: float = 0.0

    def add(self, strike: Strike, out_n2: np.ndarray) -> None:
        """See `Patch.add`."""
        note, held = strike.note, strike.held
        seconds_c = times(self.amp.seconds(held))
        ratio_c = bend(strike, seconds_c, self.glide, self.vibrato, self.vibrato_rate)
        if self.drop:
            ratio_c = ratio_c * 2 ** (self.drop * np.exp(-seconds_c / self.drop_time))
        gain_c = ended(self.amp.at(seconds_c, held)) * (note.velocity / 127.0) ** 1.3
        if self.swell:
            gain_c = gain_c * np.minimum(seconds_c / held, 1.0) ** 2
        hz = hertz(note.pitch if self.pitched else 60)
        highest = hz * float(ratio_c.max() if not self.drop else 1.0)
        tables_wt, wave_v, step_v, phase_v, pan_v2 = self._voices(hz, highest, strike.rng)
        kernels.subtractive(
            out_n2,
            strike.at,
            tables_wt,
            wave_v,
            step_v,
            phase_v,
            pan_v2,
            self.noise,
            int(strike.rng.integers(1, 2**31)),
            ratio_c,
            cutoff(self._cutoffs(strike, seconds_c, held)),
            gain_c,
            2.0 - 1.93 * self.filter.resonance**0.5,
            self.filter.poles,
            _MODES[self.filter.mode],
            self.drive,
        )

    def _cutoffs(self, strike: Strike, seconds_c: np.ndarray, held: float) -> np.ndarray:
        """Hz of the filter, [C]."""
        unit = self.filter
        note = strike.note
        octaves_c = unit.octaves * unit.envelope.at(seconds_c, held)
        octaves_c += unit.touch * (note.velocity - 100) / 127
        if self.pitched:
            octaves_c += unit.track * (note.pitch - 60) / 12
        if unit.sway:  # by the clock of the part, so that chords move as one
            octaves_c += unit.sway * np.sin(2 * np.pi * unit.rate * (note.start + seconds_c) - 1.0)
        if self.swell:
            octaves_c += self.swell * np.minimum(seconds_c / held, 1.0)
        return unit.hz * 2**octaves_c

    def _voices(
        self, hz: float, highest: float, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Tables [W, T + 1]; of each oscillator its table, step, phase and stereo level."""
        rows, wave, step, phase, pan = [], [], [], [], []
        for row, osc in enumerate(self.oscs):
            shift = 2 ** (osc.semitones / 12)
            edge = 2 ** (osc.detune / 2400)
            rows.append(table(osc.wave, highest * shift * edge))
            level = osc.level / np.sqrt(osc.voices)
            for voice in range(osc.voices):
                place = 2 * voice / (osc.voices - 1) - 1 if osc.voices > 1 else 0.0
                cents = 0.5 * osc.detune * place + (rng.normal(0.0, 1.5) if self.free else 0.0)
                increment = TABLE * hz * shift * 2 ** (cents / 1200) / SAMPLE_RATE
                begin = rng.random() * TABLE if self.free else 0.0
                # Neighbours in pitch stand on opposite sides.
                side = osc.width * (place if voice % 2 else -place) * np.pi / 4
                sides = (level * np.cos(np.pi / 4 + side), level * np.sin(np.pi / 4 + side))
                wave.append(row)
                step.append(increment)
                phase.append(begin)
                pan.append(sides)
                if osc.pulse:
                    wave.append(row)
                    step.append(increment - TABLE * osc.pulse / SAMPLE_RATE)
                    phase.append((begin + TABLE * 0.4) % TABLE)
                    pan.append((-sides[0], -sides[1]))
        return (
            np.stack(rows) if rows else np.zeros((1, TABLE + 1), np.float32),
            np.array(wave, np.int64),
            np.array(step, np.float64),
            np.array(phase, np.float64),
            np.array(pan, np.float64).reshape(-1, 2),
        )
