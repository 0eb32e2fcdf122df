"""The drum machines, by name."""

# Machines are tables: one voice to an entry reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from functools import partial

import numpy as np

from legato.corpus.synth.hits import (
    Sound,
    claps,
    click,
    crushed,
    driven,
    layers,
    lowpass,
    metal,
    noise,
    roomy,
    tone,
)
from legato.corpus.synth.machine import Kit, Maker

Rng = np.random.Generator


def kick(high: float, low: float, fall: float, decay: float, tick: float = 0.2, drive: float = 0.0) -> Maker:
    """A falling tone and a beater."""
    return lambda rng, hard: layers(
        (1.0, tone(low + (high - low) * (0.5 + 0.5 * hard), low, fall, decay, drive=drive)),
        (tick * hard, click(rng, 3500.0)),
    )


def snare(hz: float, body: float, decay: float, low: float, high: float, rattle: float = 0.8) -> Maker:
    """Two tones of a shell and the wires."""
    return lambda rng, hard: layers(
        (0.7, tone(1.35 * hz, hz, 0.012, body)),
        (0.4, tone(2.1 * hz, 1.62 * hz, 0.008, 0.7 * body)),
        (rattle * (0.6 + 0.4 * hard), noise(rng, low, high, decay * (0.7 + 0.3 * hard))),
    )


def tom(hz: float, decay: float, skin: float = 0.1) -> Maker:
    """A tone that falls a little, with a skin."""
    return lambda rng, hard: layers(
        (1.0, tone(hz * (1.3 + 0.3 * hard), hz, 0.03, decay)), (skin * hard, noise(rng, 400, 5000, 0.02))
    )


def cymbal(low: float, high: float, decay: float, pitch: float = 1.0, grit: float = 0.3) -> Maker:
    """Metal through a band."""
    return lambda rng, hard: metal(rng, low, high, decay * (0.75 + 0.25 * hard), pitch=pitch, grit=grit)


def hiss(low: float, high: float, decay: float, attack: float = 0.0005) -> Maker:
    """Noise through a band."""
    return lambda rng, hard: noise(rng, low, high, decay, attack=attack)


def hands(centre: float, decay: float, count: int = 4) -> Maker:
    """Claps."""
    return lambda rng, hard: claps(rng, centre, decay, hands=count)


def cowbell(low: float, high: float, decay: float) -> Maker:
    """Two squares."""

    def make(rng: Rng, hard: float) -> Sound:
        pair = layers(
            (1.0, tone(low, low, 1.0, decay, drive=2.5)), (0.8, tone(high, high, 1.0, decay, drive=2.5))
        )
        return lowpass(pair, 5500.0)

    return make


def block(hz: float, decay: float, wave: str = "triangle") -> Maker:
    """A short high tone: claves, rims, blocks."""
    return lambda rng, hard: layers(
        (1.0, tone(1.02 * hz, hz, 0.004, decay, wave=wave)), (0.25 * hard, click(rng, 4000.0))
    )


def tambourine(rng: Rng, hard: float) -> Sound:
    """Jingles: two strikes of high metal."""
    return layers(
        (1.0, metal(rng, 5500, 18_000, 0.06, pitch=2.2)), (0.5, noise(rng, 7000, 18_000, 0.09, attack=0.012))
    )


def bursts(rng: Rng, hard: float, hz: float, decay: float) -> Sound:
    """The console's noise: a register stepped at a low rate."""
    length = int(6 * decay * 48_000)
    step = max(1, int(48_000 / hz))
    steps = np.repeat(rng.choice((-1.0, 1.0), length // step + 1), step)[:length]
    return steps * np.exp(-np.arange(length) / 48_000 / decay)


def both(first: Maker, second: Maker, level: float = 0.7) -> Maker:
    """Two hits layered."""
    return lambda rng, hard: layers((1.0, first(rng, hard)), (level, second(rng, hard)))


def distant(maker: Maker, level: float, decay: float) -> Maker:
    """A hit in a small room."""
    return lambda rng, hard: roomy(rng, maker(rng, hard), level, decay)


_808: dict[str, Maker] = {
    "kick": kick(150, 48, 0.012, 0.32, 0.08), "snare": snare(185, 0.06, 0.09, 1800, 12_000, 0.7),
    "snare 2": snare(205, 0.05, 0.06, 2200, 12_000, 0.9), "clap": hands(1050, 0.09), "rim": block(1750, 0.009),
    "tom low": tom(82, 0.22), "tom mid": tom(120, 0.18), "tom high": tom(165, 0.15),
    "hat": cymbal(6500, 16_000, 0.022), "open": cymbal(6500, 16_000, 0.16), "crash": cymbal(3200, 14_000, 0.6),
    "ride": cymbal(5200, 15_000, 0.3, 1.4, 0.1), "tamb": tambourine, "cowbell": cowbell(540, 800, 0.09),
    "conga high": tom(370, 0.07, 0.0), "conga": tom(250, 0.09, 0.0), "conga low": tom(175, 0.12, 0.0),
    "shaker": hiss(5000, 15_000, 0.018, 0.008), "claves": block(2500, 0.016, "sine"),
    "bell": block(4100, 0.3, "sine"),
}  # fmt: skip

_909: dict[str, Maker] = {
    **_808,
    "kick": kick(270, 52, 0.024, 0.16, 0.35, 1.4), "snare": snare(195, 0.07, 0.11, 900, 14_000, 0.95),
    "snare 2": snare(225, 0.05, 0.08, 1200, 14_000, 1.0), "clap": hands(1250, 0.11, 5),
    "rim": block(1250, 0.012, "square"), "tom low": tom(95, 0.2, 0.25), "tom mid": tom(140, 0.17, 0.25),
    "tom high": tom(190, 0.15, 0.25), "hat": cymbal(7500, 19_000, 0.03, 1.7, 0.7),
    "open": cymbal(7000, 19_000, 0.2, 1.7, 0.7), "crash": cymbal(4000, 18_000, 0.8, 1.5, 0.9),
    "ride": cymbal(4800, 17_000, 0.5, 1.9, 0.25),
}  # fmt: skip

_606: dict[str, Maker] = {
    **_808,
    "kick": kick(190, 62, 0.01, 0.11, 0.15), "snare": snare(210, 0.045, 0.06, 2500, 13_000, 0.9),
    "snare 2": snare(240, 0.03, 0.05, 3000, 13_000, 1.0), "hat": cymbal(8000, 18_000, 0.018, 1.5, 0.05),
    "open": cymbal(8000, 18_000, 0.12, 1.5, 0.05), "tom low": tom(110, 0.12), "tom mid": tom(150, 0.11),
    "tom high": tom(200, 0.1), "clap": hands(1400, 0.05, 3), "crash": cymbal(5000, 17_000, 0.5, 1.5),
}  # fmt: skip

_LINN: dict[str, Maker] = {
    **_909,
    "kick": kick(130, 60, 0.02, 0.09, 0.5, 0.8), "snare": distant(snare(175, 0.08, 0.12, 700, 9000, 1.0), 0.25, 0.08),
    "snare 2": snare(205, 0.06, 0.1, 900, 9000, 1.0), "clap": hands(1000, 0.14, 3), "rim": block(900, 0.014, "square"),
    "hat": hiss(6500, 15_000, 0.02), "open": hiss(6000, 15_000, 0.14), "tom low": tom(85, 0.3, 0.3),
    "tom mid": tom(125, 0.26, 0.3), "tom high": tom(170, 0.22, 0.3), "cowbell": cowbell(590, 870, 0.07),
    "conga": tom(230, 0.1, 0.25), "conga high": tom(330, 0.08, 0.25), "conga low": tom(160, 0.13, 0.25),
}  # fmt: skip

_LOFI: dict[str, Maker] = {
    **_909,
    "kick": kick(110, 58, 0.03, 0.12, 0.3, 1.2), "snare": distant(snare(180, 0.07, 0.1, 500, 7000, 0.9), 0.3, 0.06),
    "snare 2": distant(snare(210, 0.05, 0.07, 700, 7000, 0.8), 0.2, 0.05), "rim": block(750, 0.016, "triangle"),
    "clap": hands(900, 0.07, 3), "hat": hiss(5000, 12_000, 0.03), "open": hiss(4500, 12_000, 0.12),
    "ride": cymbal(3500, 10_000, 0.35, 1.6, 0.2), "crash": hiss(2500, 11_000, 0.5),
}  # fmt: skip

_TRAP: dict[str, Maker] = {
    **_808,
    "kick": kick(230, 46, 0.02, 0.2, 0.5, 1.8), "snare": both(snare(200, 0.06, 0.13, 1500, 15_000, 1.0), hands(1400, 0.1), 0.5),
    "snare 2": snare(330, 0.04, 0.05, 2500, 15_000, 0.9), "clap": both(hands(1200, 0.13, 4), hiss(2500, 12_000, 0.12), 0.4),
    "hat": cymbal(8500, 19_000, 0.016, 1.3, 0.5), "open": cymbal(7500, 19_000, 0.22, 1.3, 0.6),
    "rim": block(2100, 0.01, "square"), "crash": cymbal(3500, 17_000, 0.9, 1.2, 0.8),
}  # fmt: skip

_BREAK: dict[str, Maker] = {
    **_909,
    "kick": distant(kick(150, 68, 0.016, 0.1, 0.6, 1.0), 0.15, 0.06),
    "snare": distant(snare(235, 0.06, 0.09, 900, 12_000, 0.9), 0.35, 0.07),
    "snare 2": distant(snare(260, 0.04, 0.05, 1200, 12_000, 0.8), 0.3, 0.05),
    "hat": distant(cymbal(6000, 17_000, 0.03, 2.1, 0.8), 0.1, 0.04), "open": cymbal(5500, 17_000, 0.18, 2.1, 0.9),
    "ride": cymbal(3800, 15_000, 0.4, 2.3, 0.5), "crash": cymbal(3000, 16_000, 0.9, 2.0, 1.0),
    "tom low": distant(tom(100, 0.16, 0.3), 0.2, 0.08), "tom mid": distant(tom(140, 0.14, 0.3), 0.2, 0.08),
    "tom high": distant(tom(190, 0.12, 0.3), 0.2, 0.08), "rim": distant(block(820, 0.012, "square"), 0.2, 0.06),
}  # fmt: skip

_INDUSTRIAL: dict[str, Maker] = {
    **_909,
    "kick": kick(320, 47, 0.02, 0.2, 0.6, 4.0), "snare": both(snare(160, 0.08, 0.16, 600, 11_000, 1.0), cymbal(900, 7000, 0.08, 0.7), 0.5),
    "snare 2": cymbal(700, 6000, 0.07, 0.9, 0.2), "clap": distant(hands(800, 0.12, 4), 0.5, 0.15),
    "rim": cymbal(1500, 8000, 0.03, 1.1, 0.1), "hat": both(hiss(5500, 18_000, 0.02), cymbal(3000, 12_000, 0.03, 2.7)),
    "cowbell": cymbal(600, 5000, 0.15, 1.3, 0.0), "crash": cymbal(1200, 14_000, 1.0, 0.8, 1.0),
    "bell": cymbal(500, 6000, 0.5, 1.7, 0.0), "tom low": tom(70, 0.25, 0.4),
}  # fmt: skip

_CHIP: dict[str, Maker] = {
    **_808,
    "kick": lambda rng, hard: tone(400, 50, 0.018, 0.07, wave="triangle"),
    "snare": partial(bursts, hz=11_000, decay=0.05), "snare 2": partial(bursts, hz=14_000, decay=0.04),
    "clap": partial(bursts, hz=8000, decay=0.07), "hat": partial(bursts, hz=24_000, decay=0.012),
    "open": partial(bursts, hz=24_000, decay=0.06), "crash": partial(bursts, hz=16_000, decay=0.25),
    "ride": partial(bursts, hz=24_000, decay=0.05), "shaker": partial(bursts, hz=24_000, decay=0.015),
    "tamb": partial(bursts, hz=18_000, decay=0.03), "rim": block(1600, 0.015, "square"),
    "tom low": lambda rng, hard: tone(260, 80, 0.05, 0.09, wave="triangle"),
    "tom mid": lambda rng, hard: tone(360, 120, 0.05, 0.08, wave="triangle"),
    "tom high": lambda rng, hard: tone(460, 170, 0.05, 0.07, wave="triangle"),
    "claves": block(2400, 0.02, "square"), "cowbell": block(880, 0.05, "square"), "bell": block(3500, 0.15, "square"),
}  # fmt: skip


def _sampled(sound: Sound) -> Sound:
    return crushed(sound, 27_500, 9)


def _worn(sound: Sound) -> Sound:
    return lowpass(driven(crushed(sound, 22_000, 10), 1.6), 7500.0)


def _squashed(sound: Sound) -> Sound:
    return crushed(driven(sound, 2.0), 32_000, 12)


def _broken(sound: Sound) -> Sound:
    return driven(sound, 4.5)


def _eight_bits(sound: Sound) -> Sound:
    return crushed(sound, 44_100, 5)


KITS: dict[str, Kit] = {
    "808": Kit(("808 drums", "808 drum machine", "drum machine"), _808, loose=0.1),
    "909": Kit(("909 drums", "909 drum machine", "drum machine"), _909, loose=0.1),
    "606": Kit(("606 drum machine", "thin drum machine", "drum machine"), _606, loose=0.1),
    "linn": Kit(("eighties drum machine", "linn drum machine", "vintage drum machine"), _LINN, _sampled, loose=0.15),
    "chip kit": Kit(("8-bit drums", "chiptune drums", "noise drums"), _CHIP, _eight_bits, loose=0.0, width=0.3),
    "lofi kit": Kit(("dusty drums", "lo-fi drums", "sampled drums"), _LOFI, _worn, loose=0.6, width=0.5),
    "trap kit": Kit(("trap drums", "trap drum kit", "808 drums"), _TRAP, loose=0.15),
    "dnb break kit": Kit(("breakbeat drums", "breakbeats", "jungle break"), _BREAK, _squashed, {"hat": 1.2, "ride": 1.2}, 0.8, 0.5),
    "industrial kit": Kit(("industrial drums", "distorted drums", "metallic drums"), _INDUSTRIAL, _broken, loose=0.3),
}  # fmt: skip
