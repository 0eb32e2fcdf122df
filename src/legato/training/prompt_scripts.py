"""Prompts and their switches: all that distilling an open model is fed. No audio and no latent enters here.

A prompts file has a prompt a line; what the model takes besides follows after bars:

    dusty boom bap with a walking bass
    warm piano trio | bpm=84 | key=C minor | time_signature=3

Prompts are encoded once and kept in the run's folder; the text encoder can be let go.

Shape legend: B scripts, S prompts, T frames, L tokens, E token size, G size of the global vector.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open

from legato.teachers.family import TextSide
from legato.teachers.playable import Fields, TeacherError
from legato.teachers.prompts import Prompts, PromptSteering
from legato.training.bank import prompt_bank
from legato.training.checkpoint import save_tensors
from legato.training.scripts import draw_guidance

SHARE_SWITCHED = 0.5  # of scripts: the prompt changes on the way
SHARE_PROMPT = 0.95
SHARE_FIELDS = 0.5  # of prompts without tempo and key in the file: random ones are given, where there are any
TEMPI = (60, 180)
KEYS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
SHARD = 64  # prompts a file
_NAMED = re.compile(
    r"\bbpm\b|\b(?:major|minor)\b", re.I
)  # words of a prompt that say tempo or key themselves
REMEMBERED = 512  # encoded prompts held in memory

Told = Callable[[int, int], None]
"""Called as told(prompts encoded, of so many)."""


@dataclass(frozen=True)
class Line:
    """A prompt and what goes with it."""

    text: str
    fields: Fields = field(default_factory=Fields)


def read_prompts(path: Path) -> list[Line]:
    """The prompts of a file; empty lines and those that begin with # do not count.

    Raises:
        TeacherError: no such file, nothing in it, or a field that does not exist.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TeacherError(f"cannot read the prompts {path}: {error}") from error
    found = [
        _line(line, f"{path}:{number}")
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]
    if not found:
        raise TeacherError(f"{path} holds no prompts: write one a line")
    return found


def default_prompts() -> list[Line]:
    """Thousands of every kind of music, see `training.bank`."""
    return [Line(text) for text in prompt_bank()]


def with_random_fields(lines: Sequence[Line], honours: Sequence[str], seed: int) -> list[Line]:
    """Tempo and key for some of the prompts that name none, so that the student learns to follow them."""
    if "bpm" not in honours or "key" not in honours:
        return list(lines)
    rng = np.random.default_rng([seed, 5])
    found = []
    for line in lines:
        bpm, key = int(rng.integers(*TEMPI)), f"{rng.choice(KEYS)} {rng.choice(['major', 'minor'])}"
        silent = line.fields.bpm is None and line.fields.key is None and not _NAMED.search(line.text)
        if rng.random() < SHARE_FIELDS and silent:
            line = replace(line, fields=replace(line.fields, bpm=bpm, key=key))
        found.append(line)
    return found


class EncodedPrompts:
    """Encoded prompts on disk, read one by one.

    Args:
        folder: of `encode`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = int(json.loads((folder / "prompts.json").read_text())["count"])
        self.get = lru_cache(REMEMBERED)(self._get)

    @classmethod
    def encode(
        cls, folder: Path, lines: Sequence[Line], base: str, text: TextSide, told: Told | None = None
    ) -> EncodedPrompts:
        """Encode what is not there yet; prompts of another file or base are replaced.

        Args:
            folder: made if needed.
            lines: the prompts.
            base: fingerprint of the model they are for.
            text: encodes them.
            told: of progress.
        """
        folder.mkdir(parents=True, exist_ok=True)
        record = folder / "prompts.json"
        listed = json.dumps([base, [asdict(line) for line in lines]])
        identity = {"count": len(lines), "sha256": hashlib.sha256(listed.encode()).hexdigest()}
        if not record.is_file() or json.loads(record.read_text()) != identity:
            for path in folder.glob("*.safetensors"):
                path.unlink()
            record.write_text(json.dumps(identity))
        for start in range(0, len(lines), SHARD):
            path, some = _shard(folder, start), lines[start : start + SHARD]
            if not path.is_file():
                encoded = text.encode([line.text for line in some], [line.fields for line in some])
                save_tensors(path, _tensors(encoded, start))
            if told:
                told(min(start + SHARD, len(lines)), len(lines))
        return cls(folder)

    def _get(self, index: int) -> Prompts:
        with safe_open(_shard(self.folder, index), "pt") as file:
            return Prompts.of(file.get_tensor(f"{index}.tokens"), file.get_tensor(f"{index}.vector"))


@dataclass(frozen=True)
class PromptScript:
    """One performance of T frames.

    Attributes:
        prompts: which of the bank, in order.
        segment_t: which of these each frame follows, int64.
        given: False: no prompt at all.
        guidance: the guidance weight.
    """

    prompts: tuple[int, ...]
    segment_t: np.ndarray
    given: bool
    guidance: float


class PromptScripts:
    """Draws scripts of encoded prompts; of the kind `scripts.ScriptSource`.

    Args:
        bank: encoded prompts.
    """

    def __init__(self, bank: EncodedPrompts) -> None:
        self.bank = bank

    def draw(
        self, rng: np.random.Generator, frames: int, chunk: int, guidance: tuple[float, float]
    ) -> PromptScript:
        """A random script; prompts change at chunk boundaries, as they do live."""
        segment = np.zeros(frames, np.int64)
        chunks = frames // chunk
        if rng.random() < SHARE_SWITCHED and chunks > 1:
            most = min(chunks - 1, max(1, chunks // 8))
            switches = rng.choice(np.arange(1, chunks), size=int(rng.integers(1, most + 1)), replace=False)
            segment = np.searchsorted(np.sort(switches) * chunk, np.arange(frames), side="right")
        prompts = tuple(int(p) for p in rng.integers(self.bank.count, size=segment.max() + 1))
        given, weight = bool(rng.random() < SHARE_PROMPT), draw_guidance(rng, *guidance)
        return PromptScript(prompts, segment.astype(np.int64), given, weight)

    def steering(self, scripts: Sequence[PromptScript], start: int, frames: int) -> PromptSteering:
        """Frames `start` … `start + frames` of several scripts as one batch, padded to the most prompts."""
        used = [np.unique(s.segment_t[start : start + frames], return_inverse=True) for s in scripts]
        most = max(len(which) for which, _ in used)
        rows = [
            Prompts.stack([self.bank.get(script.prompts[s]) for s in np.resize(which, most)], axis=1)
            for script, (which, _) in zip(scripts, used, strict=True)
        ]
        return PromptSteering(
            prompts=Prompts.stack(rows),
            given_bs=torch.tensor([[script.given] * most for script in scripts]),
            segment_bt=torch.from_numpy(np.stack([inverse for _, inverse in used])),
            guidance_b=torch.tensor([script.guidance for script in scripts], dtype=torch.float32),
        )


def _line(line: str, where: str) -> Line:
    text, *parts = (part.strip() for part in line.split("|"))
    found: dict[str, Any] = {}
    for part in parts:
        name, sep, value = (piece.strip() for piece in part.partition("="))
        if not sep or name not in Fields.names():
            raise TeacherError(
                f"{where}: {part!r} is no field; write name=value with {', '.join(Fields.names())}"
            )
        try:
            found[name] = {"bpm": int, "seconds": float}.get(name, str)(value)
        except ValueError as error:
            raise TeacherError(f"{where}: {name} is {value!r}, which is no number") from error
    return Line(text, Fields(**found))


def _tensors(encoded: Sequence[Prompts], start: int) -> dict[str, torch.Tensor]:
    found = {}
    for index, prompts in enumerate(encoded, start):
        found[f"{index}.tokens"] = prompts.tokens_bsle[0, 0]
        found[f"{index}.vector"] = prompts.vector_bsg[0, 0]
    return found


def _shard(folder: Path, index: int) -> Path:
    return folder / f"prompts-{index // SHARD:04d}.safetensors"
