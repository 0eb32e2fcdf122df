"""A page of example renders: every style by its name, then what a performer can do while the music plays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from legato.conditioning import FAMILIES
from legato.engine.instrument import Instrument
from legato.engine.offline import Stream
from legato.evaluation.pages import Card, Lane, Span, write_page
from legato.evaluation.pictures import spectrogram_png
from legato.io.recorder import write_wav
from legato.music.grammar import STYLES

Told = Callable[[int, int], None]
"""Called with (pieces finished, pieces in all)."""


@dataclass(frozen=True)
class Move:
    """Controls changed at a time, in seconds, and how the page puts it."""

    at: float
    text: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """One example.

    Attributes:
        name: of its files.
        title: on the page.
        prompt: what is asked for.
        controls: what else is given from the start; the conductor plans the rest.
        moves: gestures, in order of time.
    """

    name: str
    title: str
    prompt: str
    controls: Mapping[str, Any] = field(default_factory=dict)
    moves: Sequence[Move] = ()


def styles(names: Iterable[str]) -> list[Piece]:
    """One piece per style, asked for in the words of its captions."""
    return [
        Piece(name, STYLES[name].title, f"{STYLES[name].moods[0]} {STYLES[name].genres[0]}") for name in names
    ]


def gestures() -> list[Piece]:
    """One piece per way to steer, each about twelve seconds long."""
    lofi, techno = "warm lo-fi beat", "driving techno"
    morph = [(2.0 + 1.6 * i, (i + 1) / 5) for i in range(5)]
    tune = [(72,), (76,), (79,), (84,), (83,), (79,), (76,), (74,), (72, 76), ()]
    return [
        Piece(
            "morph",
            "From one prompt to another",
            lofi,
            {"bpm": 100, "key": "A minor"},
            [
                Move(at, f"{share:.0%} techno", {"prompts": _blend({lofi: 1 - share, techno: share})})
                for at, share in morph
            ],
        ),
        Piece(
            "tempo",
            "Faster and slower",
            "deep house",
            {"bpm": 116},
            [Move(4.0, "136 bpm", {"bpm": 136}), Move(8.0, "96 bpm", {"bpm": 96})],
        ),
        Piece(
            "chords",
            "Chords from the performer",
            "synthwave with analogue pads",
            {"bpm": 100, "key": "A minor", "chord": "Am"},
            [Move(2.4 * i, chord, {"chord": chord}) for i, chord in enumerate(("F", "C", "G", "E7"), 1)],
        ),
        Piece(
            "drums",
            "Drums out and in again",
            "funk with slap bass",
            {"drums": True, "density": 0.7},
            [Move(4.0, "no drums", {"drums": False}), Move(8.0, "drums", {"drums": True})],
        ),
        Piece(
            "notes",
            "A tune played on top",
            "solo piano, gentle",
            {"bpm": 90, "key": "C major", "lead": True, "drums": False},
            [Move(2.0 + 0.64 * i, _names(keys), {"notes": keys}) for i, keys in enumerate(tune)],
        ),
        Piece(
            "build",
            "From sparse and dark to dense and bright",
            "uplifting trance",
            {"density": 0.1, "brightness": 0.2, "loudness": 0.4},
            [
                Move(float(at), f"{level:.1f}", {"density": level, "brightness": level, "loudness": level})
                for at, level in ((3, 0.4), (6, 0.7), (9, 0.95))
            ],
        ),
    ]


def demo(
    instrument: Instrument,
    folder: str | Path,
    pieces: Mapping[str, Sequence[Piece]],
    *,
    seconds: float = 12.0,
    seed: int = 1,
    told: Told | None = None,
) -> Path:
    """Play all pieces, and write `index.html` with their sound, pictures and timelines.

    Args:
        instrument: what plays.
        folder: created when missing; sounds go to `audio`, spectrograms to `pictures`.
        pieces: by heading.
        seconds: length of each.
        seed: of noise and conductor.
        told: called after each piece.

    Returns:
        The page.

    Raises:
        PictureError: Pillow is not installed.
        OSError: the folder cannot be written.
    """
    folder = Path(folder)
    for name in ("audio", "pictures"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    cards: dict[str, list[Card]] = {}
    done, in_all = 0, sum(map(len, pieces.values()))
    for heading, group in pieces.items():
        for piece in group:
            cards.setdefault(heading, []).append(_card(instrument, piece, folder, seconds, seed))
            done += 1
            if told:
                told(done, in_all)
    page = folder / "index.html"
    lead = f"{instrument.name}: {in_all} renders of {seconds:g} s, seed {seed}, one generator step a chunk."
    write_page(page, "Legato", lead, cards)
    return page


def _card(instrument: Instrument, piece: Piece, folder: Path, seconds: float, seed: int) -> Card:
    stream = instrument.stream(piece.prompt, seed=seed, **piece.controls)
    audio_n2, bars = _play(stream, piece.moves, round(seconds * stream.sample_rate))
    sound, picture = f"audio/{piece.name}.wav", f"pictures/{piece.name}.png"
    spectrogram_png(audio_n2, folder / picture)
    write_wav(folder / sound, audio_n2, stream.sample_rate)
    rtf = (stream.generate_s + stream.decode_s) / seconds
    tempi = list(dict.fromkeys(f"{bar['bpm']:.0f}" for _, bar in bars))
    keys = list(dict.fromkeys(bar["key"] for _, bar in bars))
    return Card(
        title=piece.title,
        audio=sound,
        picture=picture,
        seconds=seconds,
        facts=[f"{'–'.join((tempi[0], tempi[-1])[: len(tempi)])} bpm", " ".join(keys), f"rtf {rtf:.2f}"],
        captions=[piece.prompt],
        lanes=[*_moved(piece.moves, seconds), *_planned(bars, seconds)],
    )


def _play(
    stream: Stream, moves: Sequence[Move], samples: int
) -> tuple[np.ndarray, list[tuple[float, dict[str, Any]]]]:
    """Audio [samples, 2], and for each chunk its time in seconds and the bar in play with its chord."""
    waiting, parts, bars, made = list(moves), [], [], 0
    while made < samples:
        at = stream.position()["sample"] / stream.sample_rate
        while waiting and waiting[0].at <= at:
            stream.steer(**waiting.pop(0).changes)
        parts.append(next(stream))
        made += len(parts[-1])
        position, bar = stream.position(), stream.plan(1)[0]
        chord = [name for beat, name in bar["chords"] if beat <= position["beat"] + 1e-6][-1:] or [""]
        bars.append((at, {**bar, "chord": chord[0], "bpm": position["bpm"]}))
    return np.concatenate(parts)[:samples], bars


def _moved(moves: Sequence[Move], seconds: float) -> list[Lane]:
    ends = [*(move.at for move in moves[1:]), seconds]
    spans = [Span(move.at, end, move.text) for move, end in zip(moves, ends, strict=True)] if moves else []
    return [Lane("you", spans)] if spans else []


def _planned(bars: Sequence[tuple[float, dict[str, Any]]], seconds: float) -> list[Lane]:
    lanes = [
        Lane(name, _runs([(at, bar[name]) for at, bar in bars], seconds)) for name in ("section", "chord")
    ]
    for family in FAMILIES:
        runs = _runs([(at, "on" if bar["gates"][family] else "") for at, bar in bars], seconds)
        lanes.append(Lane(family, [Span(span.start, span.end) for span in runs if span.text]))
    return lanes


def _runs(named: Sequence[tuple[float, str]], seconds: float) -> list[Span]:
    """Runs of the same name as one span each."""
    firsts = [(next(run)[0], name) for name, run in groupby(named, key=lambda item: item[1])]
    return [Span(start, end, name) for (start, name), (end, _) in pairwise([*firsts, (seconds, "")])]


def _blend(prompts: Mapping[str, float]) -> dict[str, float]:
    return {text: weight for text, weight in prompts.items() if weight > 0}


def _names(keys: Sequence[int]) -> str:
    letters = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
    return " ".join(f"{letters[key % 12]}{key // 12 - 1}" for key in keys) or "–"
