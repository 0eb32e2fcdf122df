"""The mixing desk: levels, filters, dynamics, space, colour. Float32 in and out, [N, 2] at 48 kHz."""

from __future__ import annotations

from legato.corpus.mixing.levels import curve, frame_power, loud_rms

__all__ = ["curve", "frame_power", "loud_rms"]
