"""The renders that adherence is measured on: held-out prompts under commands whose answer is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from typing import Any, Protocol

import numpy as np

from legato.conditioning import FAMILIES
from legato.config import CHUNK_FRAMES, FRAME_SAMPLES, SAMPLE_RATE
from legato.evaluation.spectra import at_48k
from legato.music.theory import PITCH_CLASSES, parse_chord, parse_key, roman

WARM_UP = 1.0  # seconds of each render left out: the context is still empty
LEVELS = (0.1, 0.37, 0.63, 0.9)
SCALARS = ("brightness", "density", "loudness")
_MOVES = {"major": ("I", "vi", "IV", "V"), "minor": ("i", "bVI", "bIII", "bVII")}


Told = Callable[[float], None]
"""Called with the seconds of audio made since the last call."""


class RenderedAudio(Protocol):
    """What a render gives."""

    @property
    def audio(self) -> np.ndarray:
        """Float32 [N, 2]."""
        ...


class Renders(Protocol):
    """The part of an instrument that renders one command."""

    def render(self, prompts: Any, seconds: float, *, script: Any = None, **controls: Any) -> RenderedAudio:
        """Audio of `seconds` under controls and a script of changes."""
        ...


@dataclass(frozen=True)
class Grain:
    """How a model's sound is pieced together; those of an embedded model by default.

    Attributes:
        rate: samples a second.
        chunk: samples of a chunk.
        latency: samples by which decoded blocks lag their frames.
    """

    rate: int = SAMPLE_RATE
    chunk: int = CHUNK_FRAMES * FRAME_SAMPLES
    latency: int = 0


class RendersMany(Protocol):
    """What measuring needs: audio of many commands, and how it is pieced together."""

    @property
    def grain(self) -> Grain:
        """Of all that it renders."""
        ...

    def render_many(
        self, commands: Sequence[Command], seconds: float, told: Told | None = None
    ) -> Iterator[np.ndarray]:
        """Audio [N, 2] of each command in turn, at the rate of its grain."""
        ...


@dataclass(frozen=True)
class Command:
    """One render: what is asked for.

    Attributes:
        prompt: held-out text.
        controls: fields of `Controls` that are set; the rest is left open.
        script: `{"at": seconds, ...}` changes.
        group: renders that are compared with one another share it (same prompt, seed, tempo, key).
        varies: the control that differs within the group.
        style: that the prompt asks for, where it is known.
        blend: weights of other prompts, to go in place of `prompt`.
    """

    prompt: str
    controls: Mapping[str, Any]
    script: tuple[Mapping[str, Any], ...] = ()
    group: int = 0
    varies: str = ""
    style: str = ""
    blend: Mapping[str, float] = field(default_factory=dict)

    @property
    def prompts(self) -> dict[str, float]:
        """Weighted prompts."""
        return dict(self.blend) or {self.prompt: 1.0}

    def only(self, honours: Collection[str]) -> Command:
        """The same without controls that a model does not follow."""
        return replace(self, controls={k: v for k, v in self.controls.items() if k in honours})


@dataclass(frozen=True)
class Take:
    """A command and its sound.

    Attributes:
        command: what was asked for.
        sound: float32 [N, 2] as it was rendered, warm-up included.
        rate: its samples a second.
    """

    command: Command
    sound: np.ndarray = field(repr=False)
    rate: int = SAMPLE_RATE

    @cached_property
    def audio(self) -> np.ndarray:
        """The sound at 48 kHz."""
        return at_48k(self.sound, self.rate)

    @property
    def settled(self) -> np.ndarray:
        """The sound at 48 kHz without the warm-up."""
        return self.audio[int(WARM_UP * SAMPLE_RATE) :]


def held_out_prompts(*, pulse_only: bool = False) -> list[str]:
    """Prompts phrased unlike any training caption; those that ask for a pulse come first."""
    text = (resources.files("legato.evaluation") / "prompts.txt").read_text(encoding="utf-8")
    pulsed, _, free = text.partition("\n\n")
    lines = pulsed.splitlines() + ([] if pulse_only else free.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def base_commands(count: int, seed: int = 0) -> list[Command]:
    """Prompt, tempo (72 to 150 bpm), key and seed for `count` renders; the same for the same arguments."""
    rng = np.random.default_rng([seed, 2606])
    prompts = held_out_prompts(pulse_only=True)
    tempi = 72 * (150 / 72) ** ((rng.permutation(count) + 0.5) / count)
    keys = [f"{PITCH_CLASSES[i % 12]} {('major', 'minor')[i // 12 % 2]}" for i in rng.permutation(24)]
    return [
        Command(
            prompts[i % len(prompts)],
            {"bpm": round(float(tempi[i]), 1), "key": keys[i % 24], "seed": seed * 10_000 + i},
            group=i,
        )
        for i in range(count)
    ]


def varied(commands: Sequence[Command], control: str, values: Sequence[Any]) -> list[Command]:
    """Every command with `control` at each of the values, all else equal."""
    return [
        replace(command, controls={**command.controls, control: value}, varies=control)
        for command in commands
        for value in values
    ]


def chord_command(command: Command, seconds: float) -> Command:
    """The same command with a chord named every two bars of four, all of them in its key."""
    key = parse_key(command.controls["key"])
    names = [roman(numeral, key).name for numeral in _MOVES["minor" if key.minor else "major"]]
    span = 8 * 60.0 / command.controls["bpm"]
    moves = tuple(
        {"at": round(i * span, 6), "chord": names[i % 4]} for i in range(1, int(np.ceil(seconds / span)))
    )
    return replace(command, controls={**command.controls, "chord": names[0]}, script=moves)


def chord_targets(command: Command, frames: int, rate: float) -> np.ndarray:
    """Pitch classes of the commanded chord at each frame, [frames, 12]."""
    target = np.zeros((frames, 12))
    changes = [{"at": 0.0, "chord": command.controls["chord"]}, *command.script]
    for change in changes:
        start = round(change["at"] * rate)
        target[start:] = 0
        target[start:, list(parse_chord(change["chord"]).tones)] = 1
    return target


def scale_target(key: str) -> np.ndarray:
    """Pitch classes of a key as [12] of 0 and 1."""
    target = np.zeros(12)
    target[list(parse_key(key).scale)] = 1
    return target


def gate_commands(commands: Sequence[Command]) -> list[Command]:
    """Every command with all families playing (it varies "gates"), and with each of them silent."""
    everyone = dict.fromkeys(FAMILIES, True)
    return [
        replace(command, controls={**command.controls, **everyone, **change}, varies=varies)
        for command in commands
        for varies, change in (("gates", {}), *((family, {family: False}) for family in FAMILIES))
    ]


class OneByOne:
    """Renders commands through an instrument, one after another: exactly what a performer gets.

    Args:
        instrument: what renders.
        steps: generator steps per chunk.
        grain: of its sound.
    """

    def __init__(self, instrument: Renders, steps: int = 1, grain: Grain | None = None) -> None:
        self.instrument, self.steps, self.grain = instrument, steps, grain or Grain()

    def render_many(
        self, commands: Sequence[Command], seconds: float, told: Told | None = None
    ) -> Iterator[np.ndarray]:
        """Audio [N, 2] of each command in turn."""
        for command in commands:
            script = [dict(move) for move in command.script] or None
            prompts = command.prompts if command.blend else command.prompt
            controls = {**command.controls, "steps": self.steps}
            yield np.asarray(self.instrument.render(prompts, seconds, script=script, **controls).audio)
            if told:
                told(seconds)


def play(
    player: RendersMany, commands: Sequence[Command], seconds: float, told: Told | None = None
) -> Iterator[Take]:
    """The commands with their sound; `told` hears how much audio is made."""
    for command, audio in zip(commands, player.render_many(commands, seconds, told), strict=True):
        yield Take(command, audio, player.grain.rate)
