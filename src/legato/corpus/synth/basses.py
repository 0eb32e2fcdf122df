"""Bass patches."""

# Patches are tables: one section of the synthesizer to a line.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.synth.analogue import Analogue, Filter, Osc
from legato.corpus.synth.envelopes import Envelope
from legato.corpus.synth.fm import FM, Operator
from legato.corpus.synth.patch import Chorus, Patch

BASSES: dict[str, Patch] = {
    "saw bass": Analogue(
        words=("saw bass", "analog bass", "synth bass"),
        low=24, high=55, mono=True, free=False,
        oscs=(Osc("saw", 0.8, voices=2, detune=9), Osc("square", 0.5, -12)),
        filter=Filter(500, 0.35, 2.6, Envelope(0.002, 0.22, 0.1, 0.08), poles=4),
        amp=Envelope(0.003, 0.5, 0.75, 0.05), drive=0.9,
    ),
    "acid bass": Analogue(
        words=("acid bass", "303 bass", "squelchy synth bass"),
        low=24, high=57, mono=True, glide=0.07, free=False,
        oscs=(Osc("saw", 1.0),),
        filter=Filter(380, 0.88, 3.4, Envelope(0.002, 0.16, 0.0, 0.06), touch=3.5, sway=0.9, rate=0.07, poles=4),
        amp=Envelope(0.002, 0.6, 0.6, 0.03), drive=1.6,
    ),
    "sub bass": Analogue(
        words=("sub bass", "deep sub bass", "deep bass"),
        low=24, high=48, mono=True, glide=0.05, free=False,
        oscs=(Osc("sine", 1.0), Osc("triangle", 0.25)),
        filter=Filter(900, 0.05, 0.0), amp=Envelope(0.006, 1.0, 0.9, 0.05), drive=0.8,
    ),
    "808 bass": Analogue(
        words=("808 bass", "booming 808", "sliding 808 bass"),
        low=24, high=48, mono=True, glide=0.14, free=False,
        oscs=(Osc("sine", 1.0),),
        filter=Filter(2500, 0.05, 1.0, Envelope(0.001, 0.05, 0.0, 0.05), touch=1.0),
        amp=Envelope(0.002, 1.6, 0.0, 0.12), drive=2.2, drop=1.3, drop_time=0.018,
    ),
    "reese bass": Analogue(
        words=("reese bass", "growling bass", "dark synth bass"),
        low=24, high=50, mono=True, glide=0.06,
        oscs=(Osc("saw", 1.0, voices=3, detune=34, width=0.4), Osc("sine", 0.5, -12)),
        filter=Filter(650, 0.3, 0.8, Envelope(0.05, 0.8, 0.4, 0.2), sway=1.3, rate=0.35, poles=4),
        amp=Envelope(0.008, 1.0, 0.95, 0.07), drive=1.3,
    ),
    "fm bass": FM(
        words=("fm bass", "eighties synth bass", "slap synth bass"),
        low=26, high=57, mono=True,
        operators=(
            Operator(1.0, 0.8, Envelope(0.002, 0.7, 0.35, 0.05)),
            Operator(1.0, 0.42, Envelope(0.001, 0.16, 0.12, 0.05), target=0, feedback=0.06, touch=1.6),
            Operator(3.0, 0.16, Envelope(0.001, 0.05, 0.0, 0.05), target=0, touch=2.0),
        ),
    ),
    "pluck bass": Analogue(
        words=("plucked synth bass", "bouncy bass", "synth bass"),
        low=24, high=57, mono=True, free=False,
        oscs=(Osc("saw", 0.8), Osc("square", 0.6), Osc("sine", 0.5, -12)),
        filter=Filter(260, 0.45, 3.6, Envelope(0.001, 0.09, 0.0, 0.05), poles=4),
        amp=Envelope(0.002, 0.22, 0.12, 0.05), drive=0.8,
    ),
    "square bass": Analogue(
        words=("square bass", "hollow synth bass", "synth bass"),
        low=24, high=55, mono=True, free=False,
        oscs=(Osc("square", 1.0), Osc("sine", 0.4, -12)),
        filter=Filter(800, 0.25, 1.6, Envelope(0.002, 0.3, 0.2, 0.08)), amp=Envelope(0.003, 0.6, 0.8, 0.04),
    ),
    "organ bass": FM(
        words=("organ bass", "house bass", "garage organ bass"),
        low=28, high=57, mono=True,
        operators=(
            Operator(1.0, 0.9, Envelope(0.002, 0.35, 0.25, 0.04)),
            Operator(2.0, 0.14, Envelope(0.001, 0.1, 0.25, 0.04), target=0),
            Operator(2.0, 0.35, Envelope(0.002, 0.14, 0.05, 0.04)),
        ),
    ),
    "wobble bass": Analogue(
        words=("wobble bass", "growling bass", "synth bass"),
        low=24, high=50, mono=True, glide=0.05,
        oscs=(Osc("saw", 0.8, voices=2, detune=16), Osc("square", 0.7, -12)),
        filter=Filter(420, 0.55, 0.0, sway=2.0, rate=2.9, poles=4, track=0.2),
        amp=Envelope(0.005, 1.0, 0.95, 0.05), drive=1.5, chorus=Chorus(1, 0.4, 1.0, 4.0, 0.25),
    ),
}  # fmt: skip
