"""Frequency modulation: up to four sine operators that turn one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legato.config import SAMPLE_RATE
from legato.corpus.synth import kernels
from legato.corpus.synth.envelopes import STEADY, Envelope, ended, times
from legato.corpus.synth.patch import Patch, Strike, bend, hertz
from legato.corpus.synth.tables import TABLE, table

_BRIGHTEST = 16_000.0  # Hz: side bands are kept about below


@dataclass(frozen=True)
class Operator:
    """A sine with an envelope.

    Attributes:
        ratio: frequency to the note's.
        level: of a carrier; of a modulator, its index in cycles at middle C, velocity 100.
        envelope: of that level.
        target: the operator it turns, by place; -1: it is heard.
        feedback: turns itself, cycles.
        touch: exponent of the velocity.
        shrink: how fast its envelope runs per octave up the keyboard.
        pan: -1 to 1.
    """

    ratio: float = 1.0
    level: float = 1.0
    envelope: Envelope = STEADY
    target: int = -1
    feedback: float = 0.0
    touch: float = 1.0
    shrink: float = 0.25
    pan: float = 0.0


@dataclass(frozen=True, kw_only=True)
class FM(Patch):
    """An FM voice. An operator's target comes before it in `operators`."""

    operators: tuple[Operator, ...]
    vibrato: float = 0.0
    vibrato_rate: float = 5.0

    def add(self, strike: Strike, out_n2: np.ndarray) -> None:
        """See `Patch.add`."""
        note, held = strike.note, strike.held
        hz, count = hertz(note.pitch), len(self.operators)
        heard = max(op.envelope.seconds(held) for op in self.operators if op.target < 0)
        seconds_c = times(min(heard, 8.0))
        level_oc, output_o2 = np.zeros((count, len(seconds_c))), np.zeros((count, 2))
        for index, op in enumerate(self.operators):
            pace = 2 ** (op.shrink * (note.pitch - 60) / 12)
            velocity = (note.velocity / 100.0) ** op.touch
            level = op.level * velocity
            if op.target < 0:
                angle = np.pi / 4 * (1.0 + op.pan)
                output_o2[index] = np.cos(angle), np.sin(angle)
            else:
                room = max(0.0, _BRIGHTEST / hz - self.operators[op.target].ratio) / op.ratio
                level = min(level * 2 ** (-0.3 * (note.pitch - 60) / 12), max(0.0, room - 1.0) / (2 * np.pi))
            level_oc[index] = level * op.envelope.at(seconds_c * pace, held * pace)
            if op.target < 0:
                level_oc[index] = ended(level_oc[index])
        ratios = np.array([op.ratio for op in self.operators])
        kernels.modulated(
            out_n2,
            strike.at,
            table("sine", 20_000.0) * np.float32(np.sqrt(2.0)),
            TABLE * hz * ratios / SAMPLE_RATE,
            level_oc,
            np.array([op.target for op in self.operators]),
            output_o2,
            np.array([op.feedback for op in self.operators]),
            bend(strike, seconds_c, self.glide, self.vibrato, self.vibrato_rate),
        )
