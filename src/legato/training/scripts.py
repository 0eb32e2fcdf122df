"""Prompts and control scripts: all that distillation is fed. No audio and no latent enters here.

A script is what a performer and the conductor might do over a stretch of music: held settings, ramps, hard
switches, tempo changes on a running beat clock, parts in and out, chord progressions, held notes, or nothing.

Shape legend: T frames, S prompts, P prompt size, B scripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from random import Random
from typing import Any, Protocol

import numpy as np
import torch

from legato import conditioning
from legato.conditioning import FAMILIES, LOWEST_NOTE, NOTES
from legato.config import FRAME_RATE
from legato.control.state import Controls
from legato.models.anchors import Hearing
from legato.music.grammar import STYLES, Planner, draw_key, draw_tempo
from legato.music.levels import LEVELS, asked_level, part_level, planned_level
from legato.music.theory import Key
from legato.teachers.protocol import Steering, Steers
from legato.training.data import CONDUCTED, GIVEN, held_chord, piano_roll
from legato.training.text import TextEncoder

BANK = ("prompts.txt", "captions.txt")  # written by hand; of composed scores, see `corpus.describe`
KINDS = {  # what moves in a script, and how often such scripts are drawn
    "static": 0.12,
    "ramps": 0.15,
    "switches": 0.18,
    "tempo": 0.1,
    "gates": 0.15,
    "chords": 0.15,
    "notes": 0.1,
    "free": 0.05,
}
SHARE_ALONE = 0.2  # of scripts with a moving group: nothing else is given
SHARE_CONDUCTED = 0.6  # scripts in which everything a conductor plans is given
SHARE_PROMPT = 0.95
SHARE_BLENDED = 0.25
RAMP_STAGES = 5  # prompts on the way of a ramped change


class ScriptSource(Protocol):
    """Where scripts come from: for every kind of teacher its own."""

    def draw(self, rng: np.random.Generator, frames: int, chunk: int, guidance: tuple[float, float]) -> Any:
        """A random script of `frames` frames; changes fall on chunk boundaries."""
        ...

    def steering(self, scripts: Sequence[Any], start: int, frames: int) -> Steers:
        """Frames `start` … `start + frames` of several scripts as one batch."""
        ...


class Embeddings(Sequence[np.ndarray]):
    """Embeddings [P] of texts, each made when it is first asked for."""

    def __init__(self, text: TextEncoder, texts: list[str], hearing: Hearing) -> None:
        self._text, self._texts, self._hearing = text, texts, hearing
        self._made: dict[int, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, index):
        if index not in self._made:
            self._made[index] = self._hearing(self._text.encode([self._texts[index]])[0])
        return self._made[index]


@dataclass(frozen=True)
class PromptBank:
    """Prompts with the style that fits each (empty: any) and their embeddings [P]."""

    texts: list[str]
    styles: list[str]
    embeddings: Sequence[np.ndarray]

    @classmethod
    def load(cls, text: TextEncoder, hearing: Hearing | None = None) -> PromptBank:
        """The bank of `prompts.txt` and `captions.txt`: lines `style: prompt`, or `any: prompt`.

        Args:
            text: encoder of the prompts.
            hearing: what the generator makes of an embedding; None: it is heard as it is.
        """
        folder = resources.files("legato") / "training"
        lines = dict.fromkeys(
            line for name in BANK for line in (folder / name).read_text("utf-8").splitlines()
        )
        pairs = [line.partition(": ")[::2] for line in lines if line and not line.startswith("#")]
        styles = ["" if style == "any" else style for style, _ in pairs]
        if unknown := set(styles) - set(STYLES) - {""}:
            raise ValueError(f"{BANK} name styles that do not exist: {', '.join(sorted(unknown))}")
        texts = [prompt for _, prompt in pairs]
        return cls(texts, styles, Embeddings(text, texts, hearing or Hearing({}, {})))

    def draw(
        self, rng: np.random.Generator, frames: int, chunk: int, guidance: tuple[float, float]
    ) -> Script:
        """See `draw_script`."""
        return draw_script(rng, frames, chunk, self, guidance)

    def steering(self, scripts: Sequence[Script], start: int, frames: int) -> Steering:
        """See `steering`."""
        return steering(scripts, start, frames)


@dataclass(frozen=True)
class Script:
    """One performance of T frames.

    Attributes:
        cond_td: control vectors, float32.
        prompts_sp: embeddings of the prompts used, in order.
        segment_t: which of them each frame follows, int64.
        prompt_given: False: no prompt at all.
        guidance: the guidance weight.
    """

    kind: str
    cond_td: np.ndarray
    prompts_sp: np.ndarray
    segment_t: np.ndarray
    prompt_given: bool
    guidance: float


def draw_script(
    rng: np.random.Generator, frames: int, chunk: int, bank: PromptBank, guidance: tuple[float, float]
) -> Script:
    """A random script; changes fall on chunk boundaries, as they do live.

    Args:
        rng: source of every choice.
        frames: length T.
        chunk: frames per chunk.
        bank: prompts to draw from.
        guidance: range of the guidance weight, see `draw_guidance`.
    """
    kind = str(rng.choice(list(KINDS), p=np.array(list(KINDS.values())) / sum(KINDS.values())))
    index = int(rng.integers(len(bank.texts)))
    style = bank.styles[index] or str(rng.choice(list(STYLES)))
    groups = _plan(rng, kind, style, frames, chunk)
    cond = conditioning.empty(frames)
    for group in _given(rng, kind):
        conditioning.give(cond, group, groups[group])
    prompts, segment = _prompts(rng, kind, index, frames, chunk, bank)
    weight = draw_guidance(rng, *guidance)
    return Script(kind, cond, prompts, segment, bool(rng.random() < SHARE_PROMPT), weight)


def draw_guidance(rng: np.random.Generator, low: float, high: float) -> float:
    """A guidance weight from `low` to `high`, most often about the usual one.

    The stronger the guidance, the larger a student's error; drawn evenly, strong guidance owns the batch.
    """
    return float(rng.triangular(low, usual_guidance(low, high), high)) if low < high else low


def usual_guidance(low: float, high: float) -> float:
    """The guidance weight between `low` and `high` that an instrument is played at unless its player asks."""
    return min(max(Controls().guidance, low), high)


def steering(scripts: Sequence[Script], start: int, frames: int) -> Steering:
    """Frames `start` … `start + frames` of several scripts as one batch; prompts are padded to the most."""
    used = [np.unique(s.segment_t[start : start + frames], return_inverse=True) for s in scripts]
    most = max(len(which) for which, _ in used)
    prompts = np.stack(
        [s.prompts_sp[np.resize(which, most)] for s, (which, _) in zip(scripts, used, strict=True)]
    )
    return Steering(
        prompt_bsp=torch.from_numpy(prompts),
        given_bs=torch.tensor([[s.prompt_given] * most for s in scripts]),
        segment_bt=torch.from_numpy(np.stack([inverse for _, inverse in used])),
        cond_btd=torch.from_numpy(np.stack([s.cond_td[start : start + frames] for s in scripts])),
        guidance_b=torch.tensor([s.guidance for s in scripts], dtype=torch.float32),
    )


def _given(rng: np.random.Generator, kind: str) -> list[str]:
    if kind == "free":
        return []
    moving = {"tempo": ["beat"], "gates": list(FAMILIES), "chords": ["harmony"], "notes": ["notes"]}
    own = moving.get(kind, [])
    if own and rng.random() < SHARE_ALONE:
        return own
    if rng.random() < SHARE_CONDUCTED:
        groups = [g for g in CONDUCTED if rng.random() < 0.97]
    else:
        groups = [g for g, share in GIVEN.items() if g != "notes" and rng.random() < share]
        groups += [f for f in FAMILIES if rng.random() < 0.5]
    return list(dict.fromkeys(groups + own))


def _plan(
    rng: np.random.Generator, kind: str, style_name: str, frames: int, chunk: int
) -> dict[str, np.ndarray]:
    """Values of every group [frames, size] as planned by the grammar, with the script's own movement."""
    style = STYLES[style_name]
    random = _python_random(rng)
    bpm = _tempo(rng, kind, draw_tempo(style, random, spread=0.3), frames, chunk)
    beats = np.concatenate([[0.0], np.cumsum(bpm / (60.0 * FRAME_RATE))[:-1]])
    planner = Planner(
        style, draw_key(style, random), random.getrandbits(31), vary=0.3, section=int(rng.integers(4))
    )
    groups = {
        "beat": conditioning.beat_values(beats, planner.meter, bpm),
        **_bars(rng, kind, planner, beats, chunk),
    }
    if kind == "ramps":
        groups |= {name: asked_level(name, _ramp(rng, frames)) for name in LEVELS if rng.random() < 0.7}
    if kind == "switches":
        groups |= {
            name: asked_level(name, _steps(rng, frames, chunk)) for name in LEVELS if rng.random() < 0.7
        }
    if kind == "gates":
        moved = {name: (_steps(rng, frames, chunk) > 0.35).astype(np.float32) for name in FAMILIES}
        groups |= {name: _without_silenced(name, groups, moved) for name in LEVELS} | moved
    if kind == "notes":
        groups["notes"] = _notes(rng, groups["harmony"], planner.key, beats)
    return groups


def _without_silenced(level: str, planned: dict[str, np.ndarray], gates: dict[str, np.ndarray]) -> np.ndarray:
    """A planned level as the conductor tells it where families play other than planned."""
    change = [(gates[family] - planned[family]) * part_level(family, level) for family in FAMILIES]
    return np.clip(planned[level] + sum(change), 0.0, 1.0).astype(np.float32)


def _bars(
    rng: np.random.Generator, kind: str, planner: Planner, beats: np.ndarray, chunk: int
) -> dict[str, np.ndarray]:
    """Harmony, scale, gates and levels of the planned bars, frame by frame."""
    frames = len(beats)
    sizes = {name: conditioning.GROUPS[name].size for name in ("harmony", "scale", *LEVELS, *FAMILIES)}
    groups = {name: np.zeros((frames, size), np.float32) for name, size in sizes.items()}
    new_key = _boundary(rng, frames, chunk) if kind == "switches" and rng.random() < 0.5 else frames
    while True:
        bar = planner.next()
        end = np.inf if kind == "static" else bar.end_beat
        inside = slice(*np.searchsorted(beats, (bar.start_beat, end)))
        for start, stop, chord in [(bar.start_beat, end, bar.chords[0][1])] if end == np.inf else bar.spans():
            sounding = slice(*np.searchsorted(beats, (start, stop)))
            groups["harmony"][sounding, list(chord.tones)] = 1.0
            groups["harmony"][sounding, 12 + chord.root] = 1.0
        groups["scale"][inside, list(bar.key.scale)] = 1.0
        for name in LEVELS:
            groups[name][inside] = planned_level(planner.style.name, name, getattr(bar, name))
        for family in FAMILIES:
            groups[family][inside] = bar.gates[family]
        if inside.stop >= frames:
            return groups
        if new_key < inside.stop:
            planner.key, new_key = draw_key(planner.style, _python_random(rng)), frames


def _tempo(rng: np.random.Generator, kind: str, bpm: float, frames: int, chunk: int) -> np.ndarray:
    """Tempo at each frame, 40–240 bpm; the beat clock that follows it never jumps."""
    tempo = np.full(frames, bpm)
    if kind == "tempo":
        other = bpm * float(rng.uniform(0.7, 1.4))
        start = _boundary(rng, frames, chunk)
        length = 1 if rng.random() < 0.5 else int(rng.integers(25, 150))
        tempo += (other - bpm) * np.clip((np.arange(frames) - start + 1) / length, 0, 1)
    return tempo.clip(40.0, 240.0)


def _ramp(rng: np.random.Generator, frames: int) -> np.ndarray:
    knots = np.sort(rng.choice(frames, size=min(frames, 2 + frames // 75), replace=False))
    return np.interp(np.arange(frames), knots, rng.uniform(0, 1, len(knots))).astype(np.float32)[:, None]


def _steps(rng: np.random.Generator, frames: int, chunk: int) -> np.ndarray:
    """Piecewise constant in 0–1, changing at random chunk boundaries, every 0.5 to 3 s on average."""
    change = rng.random(-(-frames // chunk)) < chunk / rng.uniform(12, 75)
    values = rng.uniform(0, 1, change.sum() + 1)
    return values[np.cumsum(change)].repeat(chunk)[:frames].astype(np.float32)[:, None]


def _notes(rng: np.random.Generator, harmony: np.ndarray, key: Key, beats: np.ndarray) -> np.ndarray:
    """Held chord tones, or single notes of the scale played on the beat."""
    if rng.random() < 0.6:
        return held_chord(harmony, int(rng.integers(36, 72)))
    division = float(rng.choice([0.5, 1.0, 2.0]))
    slots = np.floor(beats / division).astype(int)
    lowest = int(rng.integers(48, 72))
    pitches = [p for p in range(lowest, lowest + 15) if p % 12 in key.scale and p < LOWEST_NOTE + NOTES]
    notes = []
    for slot in np.unique(slots):
        (inside,) = np.nonzero(slots == slot)
        if rng.random() < 0.75:
            notes.append([3, rng.choice(pitches), inside[0], inside[-1] + 1, 90])
    return piano_roll(np.array(notes, np.float32).reshape(-1, 5), 0, len(beats))


def _prompts(
    rng: np.random.Generator, kind: str, index: int, frames: int, chunk: int, bank: PromptBank
) -> tuple[np.ndarray, np.ndarray]:
    """Prompt embeddings [S, P] and the one each frame follows [T]: held, switched or ramped to another."""
    first = _blend(rng, index, bank)
    segment = np.zeros(frames, np.int64)
    moves = {"switches": 0.8, "ramps": 0.6}.get(kind, 0.0)
    if rng.random() >= moves:
        return first[None], segment
    other = _blend(rng, int(rng.integers(len(bank.texts))), bank)
    start = _boundary(rng, frames, chunk)
    stages = 1 if kind == "switches" else RAMP_STAGES
    weights = np.arange(stages + 1)[:, None] / stages
    prompts = _unit((1 - weights) * first + weights * other)
    length = chunk * int(rng.integers(1, 12))  # frames per stage
    segment[start:] = np.clip(1 + np.arange(frames - start) // length, 1, stages)
    return prompts, segment


def _blend(rng: np.random.Generator, index: int, bank: PromptBank) -> np.ndarray:
    one = bank.embeddings[index]
    if rng.random() >= SHARE_BLENDED:
        return one
    weight = rng.uniform(0.2, 0.8)
    return _unit(weight * one + (1 - weight) * bank.embeddings[int(rng.integers(len(bank.texts)))])


def _unit(x: np.ndarray) -> np.ndarray:
    return (x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9)).astype(np.float32)


def _boundary(rng: np.random.Generator, frames: int, chunk: int) -> int:
    """First frame of a random chunk."""
    return chunk * int(rng.integers(0, max(1, frames // chunk)))


def _python_random(rng: np.random.Generator) -> Random:
    """A generator of the standard library, which the grammar draws from."""
    return Random(int(rng.integers(2**31)))
