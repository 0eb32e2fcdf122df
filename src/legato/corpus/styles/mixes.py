"""How each style is mixed: ranges from which every clip draws its own desk.

A pair is the range of a uniform draw. Amounts run from 0 (off) to about 1 (plain to hear) unless said otherwise.
"""

# Mixes are tables: one setting group to a row reads better than wrapped calls.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass, replace

Range = tuple[float, float]
OFF: Range = (0.0, 0.0)
_STRAIGHT = (0.5, 1.0, 0.5)
_DOTTED = (0.75, 0.75, 0.5)
_TUNED = ("bass", "chords", "lead")


@dataclass(frozen=True)
class Echo:
    """A delay that families share, in tempo."""

    families: tuple[str, ...] = ("lead",)
    beats: tuple[float, ...] = _DOTTED  # one is drawn; 0: a slapback of about 0.1 s
    level: Range = (0.1, 0.35)  # of the first echo, to the dry sound
    feedback: Range = (0.2, 0.45)
    bounce: bool = True  # ping-pong
    chance: float = 0.7


@dataclass(frozen=True)
class Mix:
    """The desk of a style."""

    rooms: tuple[str, ...] = ("room", "plate", "chamber")  # kinds of `mixing.space.ROOMS`, one drawn
    decay: Range = (0.7, 1.6)  # seconds
    wet: Range = (0.7, 1.2)  # times the parts' own sends
    drum_rooms: tuple[str, ...] = ("booth", "room")
    drum_decay: Range = (0.25, 0.7)
    echoes: tuple[Echo, ...] = ()

    duck: Range = OFF  # how deep kicks push other families down
    duck_beats: Range = (0.4, 0.8)  # until they are back
    duck_shape: Range = (0.7, 1.5)  # below 1 early, above 1 late
    ducked: tuple[str, ...] = _TUNED

    punch: Range = (0.0, 0.4)  # transients of the drums; negative softens
    parallel: Range = (0.0, 0.25)  # squashed copy of the drums
    drums_drive: Range = (0.0, 0.4)  # saturation: 1 warm, 2 rough
    bass_drive: Range = (0.2, 0.7)
    band_drive: Range = (0.0, 0.3)  # chords and lead
    tape: Range = (0.1, 0.4)  # the whole mix
    ratio: Range = (1.3, 2.0)  # bus compression
    attack: Range = (0.01, 0.03)  # seconds
    release: Range = (0.1, 0.3)
    peaks: Range = (11.0, 14.0)  # highest peaks above the loud parts' RMS, dB; the limiter takes the rest

    chorus: Range = (0.2, 0.7)  # pads, string machines, electric pianos, clean guitars
    phaser: float = 0.0  # chance that one of those is phased instead
    auto_filter: float = 0.0  # chance that chords breathe through a slow low-pass
    build: float = 0.0  # chance that build-ups sweep filters
    impact: float = 0.0  # chance that an unpitched boom marks drops

    wow: Range = OFF  # cents, up to 10
    crackle: Range = OFF
    hiss: Range = OFF
    top: Range = (20_000.0, 20_000.0)  # Hz where the band ends
    bits: Range = (16.0, 16.0)  # 16: not reduced
    reduced: float = 0.0  # chance of the reduction

    width: Range = (-14.0, -9.0)  # side to middle, dB
    low_db: Range = (-1.5, 1.5)  # shelf
    high_db: Range = (-1.5, 1.5)
    balance: Range = (0.35, 0.65)  # towards the spectrum of finished records


DEFAULT = Mix()

_CLUB_ECHOES = (Echo(("lead",), _DOTTED), Echo(("chords",), _STRAIGHT, (0.06, 0.22), (0.2, 0.4), chance=0.4))
_SLAP = Echo(("lead",), (0.0,), (0.08, 0.25), (0.0, 0.2), bounce=False, chance=0.5)
_NATURAL = Mix(
    chorus=OFF, bass_drive=(0.0, 0.2), band_drive=(0.0, 0.1), tape=(0.0, 0.2), drums_drive=(0.0, 0.15), parallel=(0.0, 0.1), peaks=(13.0, 16.5),
)  # fmt: skip

MIXES: dict[str, Mix] = {
    "lofi": Mix(
        rooms=("room", "spring", "plate"), decay=(0.6, 1.4), echoes=(Echo(("lead", "chords"), _DOTTED, (0.06, 0.2), (0.15, 0.4), chance=0.4),),
        duck=(0.15, 0.45), duck_beats=(0.3, 0.6), punch=(-0.3, 0.2), parallel=(0.1, 0.4), drums_drive=(0.3, 1.0), band_drive=(0.1, 0.5),
        tape=(0.5, 1.1), ratio=(1.6, 2.6), phaser=0.2, auto_filter=0.2, wow=(1.0, 9.0), crackle=(0.0, 0.9), hiss=(0.1, 0.8),
        top=(5000, 12_000), bits=(10.0, 12.0), reduced=0.35, width=(-16.0, -10.0), low_db=(0.0, 2.5), high_db=(-2.5, 0.0),
    ),
    "house": Mix(
        rooms=("plate", "room", "hall"), decay=(0.8, 2.2), echoes=_CLUB_ECHOES, duck=(0.3, 0.7), duck_beats=(0.5, 0.95), duck_shape=(0.6, 1.4),
        punch=(0.1, 0.6), parallel=(0.1, 0.3), bass_drive=(0.3, 0.9), ratio=(1.5, 2.3), phaser=0.25, auto_filter=0.35, build=0.8, impact=0.6,
        width=(-13.0, -8.0), low_db=(0.0, 2.0),
    ),
    "disco": Mix(
        rooms=("plate", "chamber"), decay=(0.8, 1.8), echoes=(Echo(("lead",), _STRAIGHT, (0.05, 0.2), chance=0.4),), duck=(0.0, 0.25),
        duck_beats=(0.2, 0.4), parallel=(0.1, 0.3), drums_drive=(0.1, 0.6), tape=(0.3, 0.8), phaser=0.4, auto_filter=0.15, build=0.6, impact=0.2,
        width=(-13.0, -9.0), high_db=(0.0, 2.0),
    ),
    "techno": Mix(
        rooms=("hall", "plate", "church"), decay=(1.0, 3.5), drum_rooms=("room", "hall", "booth"), drum_decay=(0.3, 1.2),
        echoes=(Echo(("chords", "lead"), _DOTTED, (0.15, 0.45), (0.3, 0.65), chance=0.9),), duck=(0.3, 0.75), duck_beats=(0.4, 0.9),
        punch=(0.1, 0.6), parallel=(0.15, 0.45), drums_drive=(0.3, 1.3), bass_drive=(0.4, 1.4), band_drive=(0.1, 0.9), tape=(0.2, 0.7),
        ratio=(1.6, 2.6), phaser=0.3, auto_filter=0.6, build=0.9, impact=0.6, width=(-15.0, -9.0), low_db=(0.0, 2.5), high_db=(-2.0, 1.0),
    ),
    "trance": Mix(
        rooms=("hall", "plate"), decay=(1.5, 3.2), echoes=(Echo(("lead",), _DOTTED, (0.2, 0.4), (0.3, 0.55), chance=1.0), Echo(("chords",), _DOTTED, (0.08, 0.25), chance=0.5)),
        duck=(0.4, 0.8), duck_beats=(0.6, 0.98), duck_shape=(0.8, 1.8), punch=(0.1, 0.6), parallel=(0.1, 0.3), bass_drive=(0.3, 0.8),
        ratio=(1.6, 2.5), auto_filter=0.35, build=1.0, impact=0.85, width=(-11.0, -7.0), high_db=(0.0, 2.0),
    ),
    "ambient": Mix(
        rooms=("hall", "church", "plate"), decay=(2.5, 6.0), wet=(1.0, 1.7), drum_rooms=("hall", "chamber"), drum_decay=(1.0, 2.5),
        echoes=(Echo(("lead", "chords"), (1.0, 0.75, 1.5), (0.15, 0.4), (0.4, 0.7), chance=0.8),), punch=(-0.6, 0.0), parallel=OFF,
        bass_drive=(0.0, 0.4), band_drive=(0.0, 0.2), tape=(0.1, 0.6), ratio=(1.1, 1.5), release=(0.3, 0.6), chorus=(0.3, 1.0), phaser=0.25,
        auto_filter=0.5, wow=(0.0, 3.5), hiss=(0.0, 0.25), width=(-11.0, -6.5), high_db=(-2.0, 1.0),
    ),
    "jazz": replace(
        _NATURAL, rooms=("room", "chamber"), decay=(0.6, 1.3), drum_rooms=("room",), drum_decay=(0.4, 0.8), punch=(-0.1, 0.2),
        ratio=(1.1, 1.5), width=(-15.0, -10.0), low_db=(-1.0, 1.0), high_db=(-1.5, 1.0),
    ),
    "rock": Mix(
        rooms=("room", "plate", "chamber"), decay=(0.7, 1.8), drum_rooms=("room", "chamber"), drum_decay=(0.4, 1.1), echoes=(_SLAP,),
        punch=(0.1, 0.6), parallel=(0.2, 0.5), drums_drive=(0.2, 0.9), bass_drive=(0.4, 1.4), band_drive=(0.1, 0.7), tape=(0.3, 0.9),
        ratio=(1.6, 2.6), chorus=(0.1, 0.6), phaser=0.1, build=0.15, width=(-13.0, -8.0), high_db=(-1.0, 1.5),
    ),
    "metal": Mix(
        rooms=("room", "chamber", "hall"), decay=(0.6, 1.6), wet=(0.4, 0.9), drum_rooms=("room", "chamber"), drum_decay=(0.3, 0.8),
        echoes=(Echo(("lead",), _STRAIGHT, (0.1, 0.28), chance=0.5),), punch=(0.4, 0.9), parallel=(0.25, 0.5), drums_drive=(0.4, 1.2),
        bass_drive=(0.8, 1.8), band_drive=(0.4, 1.3), tape=(0.3, 0.9), ratio=(2.0, 3.0), attack=(0.015, 0.04), chorus=(0.0, 0.4), impact=0.25,
        width=(-11.0, -7.5), low_db=(0.0, 2.0), high_db=(0.0, 1.5),
    ),
    "funk": Mix(
        rooms=("room", "plate", "booth"), decay=(0.4, 1.1), punch=(0.2, 0.7), parallel=(0.1, 0.35), drums_drive=(0.1, 0.7), bass_drive=(0.3, 1.0),
        tape=(0.3, 0.8), ratio=(1.5, 2.4), phaser=0.35, auto_filter=0.15, width=(-14.0, -9.0),
    ),
    "bossa": replace(
        _NATURAL, rooms=("room", "plate", "chamber"), decay=(0.7, 1.6), punch=(-0.2, 0.1), ratio=(1.1, 1.6), hiss=(0.0, 0.15),
        width=(-15.0, -10.0), high_db=(-1.5, 1.0),
    ),
    "synthwave": Mix(
        rooms=("plate", "hall"), decay=(1.2, 2.8), drum_rooms=("plate", "room"), drum_decay=(0.4, 1.2), echoes=_CLUB_ECHOES, duck=(0.2, 0.55),
        duck_beats=(0.3, 0.7), punch=(0.1, 0.5), parallel=(0.1, 0.35), drums_drive=(0.1, 0.7), tape=(0.4, 1.0), ratio=(1.5, 2.3),
        chorus=(0.4, 1.0), phaser=0.15, auto_filter=0.25, build=0.4, impact=0.3, wow=(0.0, 3.0), width=(-12.0, -7.5),
    ),
    "dnb": Mix(
        rooms=("hall", "plate", "room"), decay=(1.0, 2.6), echoes=_CLUB_ECHOES, duck=(0.1, 0.4), duck_beats=(0.3, 0.6), ducked=("bass", "chords"),
        punch=(0.2, 0.8), parallel=(0.2, 0.5), drums_drive=(0.3, 1.1), bass_drive=(0.5, 1.6), tape=(0.2, 0.6), ratio=(1.7, 2.8), phaser=0.2,
        auto_filter=0.35, build=0.8, impact=0.7, width=(-13.0, -8.0), low_db=(0.0, 2.5),
    ),
    "quartet": replace(
        _NATURAL, rooms=("chamber", "hall", "church"), decay=(1.2, 2.8), wet=(0.7, 1.4), ratio=(1.05, 1.25), release=(0.3, 0.6),
        width=(-14.0, -9.0), high_db=(-2.0, 0.5), balance=(0.2, 0.4),
    ),
    "piano": replace(
        _NATURAL, rooms=("room", "chamber", "hall", "plate"), decay=(0.8, 3.0), wet=(0.5, 1.5), ratio=(1.05, 1.4), release=(0.3, 0.6),
        wow=(0.0, 1.5), hiss=(0.0, 0.15), width=(-14.0, -9.0), high_db=(-3.0, 0.5), balance=(0.2, 0.4),
    ),
    "reggae": Mix(
        rooms=("spring", "plate", "room"), decay=(0.8, 2.4), drum_rooms=("spring", "room"), drum_decay=(0.4, 1.2),
        echoes=(Echo(("lead", "chords"), (0.75, 0.5, 1.5), (0.15, 0.45), (0.35, 0.65), bounce=False, chance=0.8), Echo(("drums",), (0.75,), (0.03, 0.1), (0.2, 0.4), chance=0.2)),
        parallel=(0.0, 0.25), bass_drive=(0.2, 0.8), tape=(0.3, 0.8), phaser=0.25, width=(-15.0, -10.0), low_db=(0.5, 3.0), high_db=(-2.0, 0.5),
    ),
    "orchestral": replace(
        _NATURAL, rooms=("hall", "hall", "church"), decay=(1.8, 3.5), wet=(0.8, 1.5), drum_rooms=("hall",), drum_decay=(1.2, 2.2), punch=(-0.2, 0.2),
        ratio=(1.1, 1.5), release=(0.3, 0.6), impact=0.3, width=(-12.0, -8.0), high_db=(-1.5, 1.0), balance=(0.25, 0.5),
    ),
    "trap": Mix(
        rooms=("plate", "hall", "room"), decay=(0.8, 2.2), echoes=(Echo(("lead", "chords"), _DOTTED, (0.1, 0.3), chance=0.6),), duck=(0.2, 0.6),
        duck_beats=(0.2, 0.45), ducked=("bass",), punch=(0.2, 0.8), parallel=(0.1, 0.3), drums_drive=(0.2, 1.0), bass_drive=(0.5, 1.6),
        ratio=(1.5, 2.4), auto_filter=0.3, build=0.3, impact=0.4, top=(12_000, 20_000), wow=(0.0, 3.0), width=(-14.0, -8.5), low_db=(0.5, 3.0),
    ),
    "folk": replace(
        _NATURAL, rooms=("room", "chamber", "booth"), decay=(0.5, 1.2), punch=(-0.1, 0.2), ratio=(1.2, 1.7), width=(-14.0, -9.0),
        high_db=(-1.0, 1.5),
    ),
    "chiptune": Mix(
        rooms=("booth", "room"), decay=(0.2, 0.6), wet=(0.2, 0.8), echoes=(Echo(("lead",), (0.25, 0.5, 0.75), (0.1, 0.35), (0.2, 0.5), chance=0.7),),
        punch=(0.0, 0.3), parallel=OFF, drums_drive=(0.0, 0.5), bass_drive=(0.0, 0.4), chorus=OFF, tape=(0.0, 0.4), bits=(8.0, 11.0), reduced=0.6,
        width=(-17.0, -10.0), balance=(0.2, 0.45),
    ),
    "blues": Mix(
        rooms=("spring", "room", "plate"), decay=(0.6, 1.6), drum_rooms=("room",), drum_decay=(0.4, 0.9), echoes=(_SLAP,), punch=(0.0, 0.3),
        drums_drive=(0.1, 0.6), bass_drive=(0.2, 0.7), band_drive=(0.2, 0.8), tape=(0.3, 0.9), chorus=(0.0, 0.3), hiss=(0.0, 0.2),
        width=(-15.0, -10.0),
    ),
    "celtic": replace(
        _NATURAL, rooms=("room", "chamber", "hall", "plate"), decay=(0.7, 2.0), wet=(0.7, 1.4), ratio=(1.2, 1.7), width=(-13.0, -9.0), high_db=(-1.0, 1.0),
    ),
    "salsa": Mix(
        rooms=("room", "plate", "chamber"), decay=(0.6, 1.4), punch=(0.1, 0.5), drums_drive=(0.0, 0.4), bass_drive=(0.1, 0.5), tape=(0.2, 0.6),
        ratio=(1.4, 2.1), chorus=(0.0, 0.3), width=(-13.0, -9.0), high_db=(1.0, 3.5), balance=(0.5, 0.8),
    ),
    "baroque": replace(
        _NATURAL, rooms=("chamber", "church", "hall"), decay=(1.2, 3.2), wet=(0.7, 1.4), punch=(-0.2, 0.0), ratio=(1.05, 1.3), release=(0.3, 0.6),
        width=(-14.0, -9.0), high_db=(-2.0, 0.5), balance=(0.2, 0.4),
    ),
}  # fmt: skip


def mix_of(style: str) -> Mix:
    """The style's mix, or the default."""
    return MIXES.get(style, DEFAULT)
