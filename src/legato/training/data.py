"""Batches for the teacher: random crops of latents, with controls as a player gives them, that is sparsely.

Every random choice of a step comes from a generator seeded with (seed, step): a resumed run sees the
same batches as an uninterrupted one.

Shape legend: B batch, T frames, C latent channels, V views of a clip, S prompts of a view (2), P prompt size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from legato import conditioning
from legato.conditioning import FAMILIES, GROUPS, LOWEST_NOTE, NOTES
from legato.training.latents import LatentClip

SHARE_SWITCHED = 0.15  # clips that change to another clip, with its prompt, at a chunk boundary
SHARE_PROMPT_ONLY = 0.08
SHARE_CONDUCTED = 0.35  # everything a conductor plans is given
SHARE_ALONE = 0.2  # one group of PLAYED, with the beat in half of them
SHARE_CONDUCTED_NOTES = 0.35  # of the conducted, clips with notes played into them
SHARE_SOLO_NOTES = 0.7  # clips of a single family whose notes are shown: an instrument being played
SHARE_PROMPT = 0.92  # of the rest, clips whose prompt is given
SHARE_BLENDED = 0.15  # prompts that mix two captions of the same clip
SHARE_HALF = 0.15  # given groups that come or go in the middle

GIVEN = {  # shares when controls are drawn one by one
    "beat": 0.8,
    "harmony": 0.6,
    "scale": 0.5,
    "notes": 0.35,
    "density": 0.5,
    "brightness": 0.5,
    "loudness": 0.5,
}
# What a player gives while the rest is left open; notes, the hardest to follow, twice as often.
PLAYED = ("harmony", "scale", "notes", "notes", "beat")
CONDUCTED = ("beat", "harmony", "scale", "density", "brightness", "loudness", *FAMILIES)
SWITCH_GRID = 8  # frames; a multiple of every chunk size used


@dataclass(frozen=True)
class Batch:
    """One training batch of tensors.

    Attributes:
        clean_btc: latents.
        cond_btd: control vectors of each view, end to end [B, V T, conditioning.WIDTH].
        prompt_bsp, prompt_given_bs: prompts [B, V S, P] of the views and whether each is given.
        segment_bt: which prompt each frame of each view follows, int64 [B, V T].
    """

    clean_btc: torch.Tensor
    cond_btd: torch.Tensor
    prompt_bsp: torch.Tensor
    prompt_given_bs: torch.Tensor
    segment_bt: torch.Tensor

    @property
    def views(self) -> int:
        """V."""
        return self.cond_btd.shape[1] // self.clean_btc.shape[1]

    def to(self, device: torch.device | str, non_blocking: bool = False) -> Batch:
        """The same on another device."""
        return self._each(lambda tensor: tensor.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> Batch:
        """The same in memory that a GPU reads by itself."""
        return self._each(lambda tensor: tensor.pin_memory())

    def _each(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Batch:
        return Batch(**{name: change(tensor) for name, tensor in vars(self).items()})


def draw_batch(
    clips: list[LatentClip],
    batch: int,
    frames: int,
    unconditional: float,
    rng: np.random.Generator,
    views: int = 1,
) -> Batch:
    """A random batch; clips shorter than `frames` are refused by the caller.

    Args:
        clips: to crop from.
        batch: rows.
        frames: length of the crops.
        unconditional: share of views without prompt and controls, for guidance.
        rng: source of every choice.
        views: of each row, alike in latents, each with prompts and controls drawn anew.
    """
    rows = [_draw_row(clips, frames, unconditional, rng, views) for _ in range(batch)]
    columns = [torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True)]
    return Batch(*columns)


def fixed_batch(clips: list[LatentClip], frames: int, groups: tuple[str, ...]) -> Batch:
    """The opening of every clip with its first caption and all of the given groups: for validation."""
    rows = []
    for clip in clips:
        cond = conditioning.empty(frames)
        for group in groups:
            values = piano_roll(clip.notes, 0, frames) if group == "notes" else clip.groups[group][:frames]
            conditioning.give(cond, group, values)
        after = clip.captions[0] if clip.captions_after is None else clip.captions_after[0]
        segment = (np.arange(frames) >= (frames if clip.change is None else clip.change)).astype(np.int64)
        prompt = np.stack([clip.captions[0], after])
        rows.append((clip.latents[:frames], cond, prompt, np.ones(2, bool), segment))
    return Batch(*[torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True)])


@dataclass(frozen=True)
class _Crop:
    """Part of a clip, and from frame `cut` on part of another where there is one."""

    clip: LatentClip
    start: int
    frames: int
    cut: int
    other: LatentClip | None = None
    begin: int = 0

    def latents(self) -> np.ndarray:
        """[T, C]."""
        parts = [self.clip.latents[self.start : self.start + self.cut]]
        if self.other is not None:
            parts.append(self.other.latents[self.begin : self.begin + self.frames - self.cut])
        return np.concatenate(parts)

    def view(self, unconditional: float, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Controls [T, WIDTH], prompts [2, P], whether each is given [2], and which frames follow it [T]."""
        mode = _draw_mode(unconditional, rng)
        prompt_given = mode == "prompt" or (mode != "nothing" and rng.random() < SHARE_PROMPT)
        cond = draw_controls(self.clip, self.start, self.cut, mode, rng)
        prompt, segment = _draw_prompts(self.clip, self.start, self.frames, rng)
        if self.other is not None:
            rest = self.frames - self.cut
            cond = np.concatenate([cond, draw_controls(self.other, self.begin, rest, mode, rng)])
            prompt[1] = _draw_prompt(self.other.captions, rng)
            segment[self.cut :] = 1
        return cond, prompt, np.full(2, prompt_given), segment


def _draw_row(
    clips: list[LatentClip], frames: int, unconditional: float, rng: np.random.Generator, views: int
) -> tuple[np.ndarray, ...]:
    crop = _draw_crop(clips, frames, rng)
    drawn = [crop.view(unconditional, rng) for _ in range(views)]
    cond, prompts, given, segments = (np.concatenate(column) for column in zip(*drawn, strict=True))
    segments += 2 * np.arange(views).repeat(frames)
    return crop.latents(), cond, prompts, given, segments


def _draw_crop(clips: list[LatentClip], frames: int, rng: np.random.Generator) -> _Crop:
    clip, other = (clips[rng.integers(len(clips))] for _ in range(2))
    start = int(rng.integers(clip.frames - frames + 1))
    # A crop has two prompts at most.
    plain = other.change is None and (clip.change is None or clip.change - start >= frames)
    if not plain or rng.random() >= SHARE_SWITCHED or frames < 2 * SWITCH_GRID:
        return _Crop(clip, start, frames, cut=frames)
    cut = SWITCH_GRID * int(rng.integers(1, frames // SWITCH_GRID))
    begin = _in_phase(other, clip.groups["beat"][start + cut], frames - cut, rng)
    return _Crop(clip, start, frames, cut, other, begin)


def _draw_mode(unconditional: float, rng: np.random.Generator) -> str:
    if rng.random() < unconditional:
        return "nothing"
    u = rng.random()
    for mode, share in (
        ("prompt", SHARE_PROMPT_ONLY),
        ("conducted", SHARE_CONDUCTED),
        ("alone", SHARE_ALONE),
    ):
        if u < share:
            return mode
        u -= share
    return "free"


def _draw_prompts(
    clip: LatentClip, start: int, frames: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The two prompts [2, P] of a crop, and which of them each frame follows [frames]."""
    change = frames if clip.change is None else clip.change - start
    if clip.captions_after is None or change >= frames:
        return np.stack([_draw_prompt(clip.captions, rng)] * 2), np.zeros(frames, np.int64)
    after = _draw_prompt(clip.captions_after, rng)
    if change <= 0:
        return np.stack([after] * 2), np.zeros(frames, np.int64)
    before = _draw_prompt(clip.captions, rng)
    return np.stack([before, after]), (np.arange(frames) >= change).astype(np.int64)


def _draw_prompt(captions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    one = captions[rng.integers(len(captions))]
    if rng.random() >= SHARE_BLENDED:
        return one
    weight = rng.random()
    mixed = weight * one + (1 - weight) * captions[rng.integers(len(captions))]
    return (mixed / np.linalg.norm(mixed)).astype(np.float32)


def _in_phase(clip: LatentClip, beat: np.ndarray, frames: int, rng: np.random.Generator) -> int:
    """A start in `clip` that continues bar and beat of the clip before: a live switch keeps the clock."""
    starts = clip.frames - frames + 1
    nearness = clip.groups["beat"][:starts, :4] @ beat[:4]
    best = np.argsort(-nearness, kind="stable")[: max(1, starts // 50)]
    return int(best[rng.integers(len(best))])


def draw_controls(
    clip: LatentClip, start: int, frames: int, mode: str, rng: np.random.Generator
) -> np.ndarray:
    """Control vectors [frames, WIDTH] of a crop with groups dropped at random.

    Args:
        clip: whose labels to show.
        start: first frame of the crop.
        frames: length of the crop.
        mode: "nothing" and "prompt" give no control, "conducted" nearly all of them, "alone" one, "free" a
            mixture.
        rng: source of every choice.
    """
    cond = conditioning.empty(frames)
    for group in _draw_groups(mode, _is_solo(clip), rng):
        values = (
            _draw_notes(clip, start, frames, rng)
            if group == "notes"
            else clip.groups[group][start : start + frames]
        )
        if group in ("density", "brightness", "loudness") and rng.random() < 0.6:
            values = _held(values, int(rng.integers(12, 100)))
        conditioning.give(cond, group, values)
        if rng.random() < SHARE_HALF:
            cut = int(rng.integers(frames + 1))
            conditioning.drop(cond[:cut] if rng.random() < 0.5 else cond[cut:], group)
    return cond


def _is_solo(clip: LatentClip) -> bool:
    """Whether a single family plays, and notes of it that can be shown."""
    playing = [family for family in FAMILIES if clip.groups[family].any()]
    return len(playing) == 1 and playing != ["drums"]


def _draw_groups(mode: str, solo: bool, rng: np.random.Generator) -> list[str]:
    if mode in ("nothing", "prompt"):
        return []
    if mode == "alone":
        groups = {PLAYED[rng.integers(len(PLAYED))]}
        groups |= {"beat"} if rng.random() < 0.5 else set()
    elif mode == "conducted":
        groups = {name for name in CONDUCTED if rng.random() < 0.95}
        groups |= {"notes"} if rng.random() < SHARE_CONDUCTED_NOTES else set()
    else:
        groups = {name for name, share in GIVEN.items() if rng.random() < share}
        gates = rng.random()  # all four, none, or each on its own
        each = 1.0 if gates < 0.3 else 0.0 if gates < 0.5 else 0.5
        groups |= {family for family in FAMILIES if rng.random() < each}
    if solo and rng.random() < SHARE_SOLO_NOTES:
        groups.add("notes")
    return [name for name in GROUPS if name in groups]


def _held(values: np.ndarray, length: int) -> np.ndarray:
    """Piecewise means over `length` frames: a knob stands still where a label wavers."""
    starts = np.arange(0, len(values), length)
    counts = np.diff(np.append(starts, len(values)))
    return np.repeat(np.add.reduceat(values, starts) / counts[:, None], counts, axis=0)


def _draw_notes(clip: LatentClip, start: int, frames: int, rng: np.random.Generator) -> np.ndarray:
    """The notes group [frames, 176]: all pitched parts, some of them, a few notes, or held chord tones."""
    kind = rng.random()
    if kind < 0.3:
        return held_chord(clip.groups["harmony"][start : start + frames], int(rng.integers(36, 72)))
    families = [i for i, family in enumerate(FAMILIES) if family != "drums"]
    if kind < 0.8:
        families = [f for f in families if rng.random() < 0.5] or [families[rng.integers(len(families))]]
    notes = clip.notes[np.isin(clip.notes[:, 0], families)]
    if kind > 0.6:
        notes = notes[rng.random(len(notes)) < rng.uniform(0.1, 0.6)]
    return piano_roll(notes, start, frames)


def piano_roll(notes: np.ndarray, start: int, frames: int) -> np.ndarray:
    """Note events [n, 5] as the notes group: keys held, then onsets, float32 [frames, 176]."""
    roll = np.zeros((frames, 2 * NOTES), np.float32)
    for _, pitch, first, last, _ in notes:
        key, begin, end = int(pitch) - LOWEST_NOTE, int(first) - start, int(np.ceil(last)) - start
        if not 0 <= key < NOTES or end <= 0 or begin >= frames:
            continue
        roll[max(begin, 0) : max(end, begin + 1), key] = 1.0
        if begin >= 0:
            roll[begin, NOTES + key] = 1.0
    return roll


def held_chord(harmony: np.ndarray, lowest: int) -> np.ndarray:
    """Chord tones [frames, 24] as keys held within one octave above MIDI note `lowest`, [frames, 176]."""
    roll = np.zeros((len(harmony), 2 * NOTES), np.float32)
    keys = np.arange(lowest, lowest + 12)
    held = harmony[:, keys % 12] > 0
    before = np.concatenate([np.zeros_like(held[:1]), held[:-1]])
    roll[:, keys - LOWEST_NOTE] = held
    roll[:, NOTES + keys - LOWEST_NOTE] = held & ~before
    return roll


assert set(GIVEN) | set(FAMILIES) == set(GROUPS)
