"""Patches for chords, and textures."""

from __future__ import annotations

from legato.corpus.synth.analogue import Analogue, Filter, Osc
from legato.corpus.synth.envelopes import Envelope
from legato.corpus.synth.fm import FM, Operator
from legato.corpus.synth.patch import Chorus, Patch, Vowels
from legato.corpus.synth.textures import Texture

PADS: dict[str, Patch] = {
    "analog pad": Analogue(
        words=("analog pad", "warm synth pad", "warm pad"),
        oscs=(Osc("saw", 1.0, voices=3, detune=18, width=0.8), Osc("saw", 0.5, -12, 1, pulse=0.4)),
        filter=Filter(1100, 0.12, 0.7, Envelope(0.7, 1.5, 0.6, 0.6), touch=1.5, sway=0.3, rate=0.11),
        amp=Envelope(0.35, 1.5, 0.85, 0.35), chorus=Chorus(2, 0.45, 3.0, 10.0, 0.6),
    ),
    "sweep pad": Analogue(
        words=("sweeping pad", "filter sweep pad", "evolving synth pad"),
        oscs=(Osc("saw", 1.0, voices=4, detune=24, width=0.9), Osc("square", 0.4, -12)),
        filter=Filter(900, 0.5, 0.0, touch=1.0, sway=1.9, rate=0.085, poles=4),
        amp=Envelope(0.3, 1.5, 0.9, 0.4), chorus=Chorus(1, 0.3, 3.0, 9.0, 0.4),
    ),
    "glass pad": FM(
        words=("glass pad", "glassy pad", "crystalline pad"),
        chorus=Chorus(2, 0.3, 3.0, 12.0, 0.6),
        operators=(
            Operator(1.0, 0.6, Envelope(0.25, 1.5, 0.8, 0.45), pan=-0.4, shrink=0.0),
            Operator(3.0, 0.13, Envelope(0.8, 2.0, 0.5, 0.5), target=0, shrink=0.0),
            Operator(2.003, 0.3, Envelope(0.5, 2.0, 0.6, 0.45), pan=0.5, shrink=0.0),
            Operator(5.0, 0.07, Envelope(0.02, 0.8, 0.15, 0.5), target=2, shrink=0.0),
        ),
    ),
    "string machine": Analogue(
        words=("string machine", "synth strings", "vintage string synth"),
        oscs=(Osc("saw", 1.0), Osc("saw", 0.7, 12)),
        filter=Filter(4500, 0.05, 0.0, track=0.2, touch=1.0), amp=Envelope(0.09, 1.0, 1.0, 0.22),
        chorus=Chorus(3, 0.7, 2.2, 8.0, 0.95),
    ),
    "choir pad": Analogue(
        words=("choir pad", "synth choir", "vocal pad"),
        oscs=(Osc("saw", 1.0, voices=3, detune=22, width=0.7),), noise=0.02, vibrato=9, vibrato_rate=4.8,
        filter=Filter(6000, 0.05, 0.0, track=0.1, touch=1.0), amp=Envelope(0.22, 1.0, 0.95, 0.3),
        mouth=Vowels("oau", 0.09, mix=0.9, damping=0.24), chorus=Chorus(2, 0.5, 2.5, 11.0, 0.6),
    ),
    "organ stab": Analogue(
        words=("organ stab", "rave stab", "house stab"),
        oscs=(Osc("organ", 1.0, voices=2, detune=10, width=0.5), Osc("saw", 0.35, 12), Osc("square", 0.3)),
        filter=Filter(1500, 0.25, 1.8, Envelope(0.001, 0.13, 0.1, 0.1)),
        amp=Envelope(0.002, 0.25, 0.2, 0.09), drive=0.7, free=False,
    ),
    "house organ": Analogue(
        words=("house organ", "electric organ", "organ"),
        oscs=(Osc("house", 1.0), Osc("sine", 0.3, 19)),
        filter=Filter(5000, 0.05, 0.0, touch=1.0), amp=Envelope(0.003, 0.15, 0.75, 0.04),
        chorus=Chorus(1, 5.6, 0.5, 3.0, 0.5), drive=0.6,
    ),
    "fm piano": FM(
        words=("fm electric piano", "digital electric piano", "eighties electric piano"),
        chorus=Chorus(1, 0.6, 2.0, 8.0, 0.4),
        operators=(
            Operator(1.0, 0.8, Envelope(0.002, 1.1, 0.0, 0.12), pan=-0.15),
            Operator(1.0, 0.12, Envelope(0.001, 0.9, 0.0, 0.12), target=0, touch=1.6),
            Operator(1.0, 0.5, Envelope(0.002, 1.3, 0.0, 0.12), pan=0.15),
            Operator(14.0, 0.09, Envelope(0.001, 0.07, 0.0, 0.1), target=2, touch=2.2),
        ),
    ),
    "synth chords": Analogue(
        words=("polysynth", "synth chords", "analog synth"),
        oscs=(Osc("saw", 1.0, voices=2, detune=14, width=0.7), Osc("saw", 0.6, 0, 1, pulse=0.5)),
        filter=Filter(1300, 0.25, 1.8, Envelope(0.003, 0.35, 0.3, 0.15), poles=4),
        amp=Envelope(0.004, 0.6, 0.7, 0.1), chorus=Chorus(mix=0.4),
    ),
    "dub stab": Analogue(
        words=("dub chord", "dub techno stab", "minor chord stab"),
        oscs=(Osc("saw", 1.0, voices=2, detune=12, width=0.6), Osc("square", 0.5)),
        filter=Filter(520, 0.45, 1.9, Envelope(0.002, 0.16, 0.0, 0.1), sway=0.8, rate=0.06),
        amp=Envelope(0.002, 0.22, 0.08, 0.16), chorus=Chorus(mix=0.4),
    ),
    "lofi keys": FM(
        words=("dusty electric piano", "lo-fi keys", "wobbly electric piano"),
        chorus=Chorus(1, 0.9, 3.2, 8.0, 0.9),
        operators=(
            Operator(1.0, 0.9, Envelope(0.003, 1.2, 0.0, 0.14)),
            Operator(1.0, 0.1, Envelope(0.001, 0.5, 0.0, 0.14), target=0, touch=1.5),
            Operator(4.0, 0.05, Envelope(0.001, 0.06, 0.0, 0.1), target=0, touch=2.0),
        ),
    ),
    "drone texture": Analogue(
        words=("drone", "deep drone", "dark drone"),
        low=24, high=60,
        oscs=(Osc("saw", 0.8, voices=3, detune=14, width=0.7), Osc("sine", 0.8, -12), Osc("soft", 0.4, 7.02)),
        filter=Filter(420, 0.35, 0.0, touch=0.5, sway=1.2, rate=0.05, track=0.3, poles=4),
        amp=Envelope(0.8, 2.0, 1.0, 0.8), noise=0.03,
    ),
    "noise riser": Analogue(
        words=("noise riser", "white noise sweep", "riser"),
        pitched=False, oscs=(), noise=0.6, swell=5.0,
        filter=Filter(300, 0.4, 0.0, touch=0.5, mode="band"), amp=Envelope(0.05, 1.0, 1.0, 0.03),
    ),
    "reverse swell": Analogue(
        words=("reverse cymbal", "reversed swell", "swell"),
        pitched=False, oscs=(Osc("pulse 12", 0.12, 33.3), Osc("pulse 12", 0.12, 37.9)), noise=0.5, swell=1.5,
        filter=Filter(3200, 0.15, 0.0, touch=0.5, mode="high"), amp=Envelope(0.02, 1.0, 1.0, 0.02),
    ),
    "vinyl texture": Texture(words=("vinyl crackle", "record noise", "vinyl noise"), recording="vinyl"),
    "rain texture": Texture(words=("rain", "rain sounds", "falling rain"), recording="rain", fade=0.5),
}  # fmt: skip
