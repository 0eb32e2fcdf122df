"""Patches for tunes and sequences."""

# Patches are tables: one section of the synthesizer to a line.
# ruff: noqa: E501

from __future__ import annotations

from legato.corpus.synth.analogue import Analogue, Filter, Osc
from legato.corpus.synth.envelopes import Envelope
from legato.corpus.synth.fm import FM, Operator
from legato.corpus.synth.patch import Chorus, Patch, Vowels
from legato.corpus.synth.strings import Plucked

LEADS: dict[str, Patch] = {
    "supersaw": Analogue(
        words=("supersaw", "wide saw synth", "big synth chords"),
        oscs=(Osc("saw", 1.0, voices=7, detune=42, width=0.9), Osc("saw", 0.35, 12, 2, 20, 0.5)),
        filter=Filter(4200, 0.1, 1.2, Envelope(0.004, 0.4, 0.4, 0.2)), amp=Envelope(0.006, 0.6, 0.85, 0.1),
    ),
    "saw lead": Analogue(
        words=("saw lead", "synth lead", "bright synth lead"),
        low=48, high=96, mono=True, glide=0.06,
        oscs=(Osc("saw", 1.0, voices=3, detune=14, width=0.4), Osc("saw", 0.3, -12)),
        filter=Filter(2600, 0.25, 1.6, Envelope(0.004, 0.35, 0.35, 0.15), poles=4),
        amp=Envelope(0.006, 0.5, 0.85, 0.08), vibrato=14,
    ),
    "square lead": Analogue(
        words=("square lead", "synth lead", "retro synth lead"),
        low=48, high=96, mono=True, glide=0.05,
        oscs=(Osc("saw", 1.0, voices=2, detune=8, width=0.3, pulse=0.7),),
        filter=Filter(3000, 0.15, 1.0, Envelope(0.004, 0.3, 0.4, 0.15)),
        amp=Envelope(0.006, 0.5, 0.85, 0.07), vibrato=16,
    ),
    "soft lead": Analogue(
        words=("soft synth lead", "mellow synth lead", "soft lead"),
        low=48, high=96, mono=True, glide=0.08,
        oscs=(Osc("triangle", 1.0, voices=2, detune=7, width=0.3), Osc("saw", 0.2)),
        filter=Filter(1800, 0.1, 0.6, Envelope(0.02, 0.5, 0.5, 0.2)),
        amp=Envelope(0.025, 0.6, 0.9, 0.14), vibrato=18, chorus=Chorus(mix=0.35),
    ),
    "analog brass": Analogue(
        words=("analog brass", "synth brass", "eighties synth brass"),
        oscs=(Osc("saw", 1.0, voices=3, detune=18, width=0.6), Osc("saw", 0.4, -12)),
        filter=Filter(700, 0.15, 2.6, Envelope(0.06, 0.5, 0.55, 0.15), poles=4),
        amp=Envelope(0.025, 0.6, 0.9, 0.1), chorus=Chorus(mix=0.3),
    ),
    "talk box lead": Analogue(
        words=("talk box", "talk box lead", "vocoder lead"),
        low=45, high=88, mono=True, glide=0.09,
        oscs=(Osc("saw", 1.0, voices=2, detune=6), Osc("pulse 25", 0.5)),
        filter=Filter(7000, 0.05, 0.0), amp=Envelope(0.012, 0.5, 0.95, 0.06), vibrato=16,
        mouth=Vowels("uaei", 4.0, each_note=True, mix=0.85, damping=0.2), drive=0.9,
    ),
    "pluck": Analogue(
        words=("synth pluck", "plucked synth", "synth plucks"),
        oscs=(Osc("saw", 0.8, voices=2, detune=12, width=0.6), Osc("square", 0.5)),
        filter=Filter(600, 0.3, 3.2, Envelope(0.001, 0.11, 0.0, 0.1)),
        amp=Envelope(0.002, 0.3, 0.0, 0.2),
    ),
    "trance pluck": Analogue(
        words=("trance pluck", "bright synth pluck", "arpeggiated synth"),
        oscs=(Osc("saw", 1.0, voices=5, detune=30, width=0.9),),
        filter=Filter(1400, 0.25, 3.0, Envelope(0.001, 0.14, 0.05, 0.12), poles=4),
        amp=Envelope(0.002, 0.35, 0.15, 0.16),
    ),
    "chip square": Analogue(
        words=("chiptune square", "8-bit lead", "chip lead"),
        low=36, high=100, mono=True, free=False,
        oscs=(Osc("square", 1.0),), amp=Envelope(0.001, 0.2, 0.7, 0.015), filter=Filter(touch=0.0, track=0.0),
        vibrato=20, vibrato_rate=7.0,
    ),
    "chip pulse": Analogue(
        words=("chiptune pulse", "8-bit synth", "thin pulse synth"),
        low=36, high=100, free=False,
        oscs=(Osc("pulse 25", 0.7), Osc("pulse 12", 0.4)), amp=Envelope(0.001, 0.15, 0.5, 0.015),
        filter=Filter(touch=0.0, track=0.0),
    ),
    "chip triangle": Analogue(
        words=("chiptune triangle", "8-bit bass", "chip bass"),
        low=24, high=84, mono=True, free=False,
        oscs=(Osc("triangle", 1.0),), amp=Envelope(0.001, 1.0, 1.0, 0.01), filter=Filter(touch=0.0, track=0.0),
        drive=1.2,
    ),
    "fm bell": FM(
        words=("fm bell", "glassy bell", "digital bells"),
        low=48, high=103,
        operators=(
            Operator(1.0, 0.8, Envelope(0.001, 0.9, 0.0, 0.5), pan=-0.3),
            Operator(3.53, 0.24, Envelope(0.001, 0.5, 0.0, 0.5), target=0, touch=1.6),
            Operator(1.002, 0.5, Envelope(0.001, 1.3, 0.0, 0.6), pan=0.4),
            Operator(7.0, 0.12, Envelope(0.001, 0.2, 0.0, 0.3), target=2, touch=1.8),
        ),
    ),
    "karplus guitar": Plucked(
        words=("plucked guitar", "steel guitar", "acoustic guitar"),
        low=40, high=84, ring=2.6, release=0.16, damping=0.22, pick=0.15, bright=5200,
        body=((105.0, 1.6), (205.0, 1.0), (420.0, 0.5)),
    ),
    "karplus harp": Plucked(
        words=("harp", "plucked harp", "soft harp"),
        low=30, high=98, ring=4.0, release=5.0, damping=0.38, pick=0.42, bright=2600, spread=0.7,
        body=((180.0, 0.6), (320.0, 0.4)),
    ),
    "koto pluck": Plucked(
        words=("koto", "plucked koto", "japanese plucks"),
        low=43, high=91, ring=1.8, release=0.7, damping=0.14, pick=0.06, bright=7500,
        body=((250.0, 0.7), (600.0, 0.5), (1300.0, 0.4)),
    ),
}  # fmt: skip
