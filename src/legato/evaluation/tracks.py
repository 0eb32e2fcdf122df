"""What a render is made from: prompt, control vectors and noise of every chunk, laid out in advance.

A command is laid out by the engine's own session, so the model is asked exactly what it would be asked live;
a corpus clip by its labels. Control regimes are the same track with groups taken back.

Legend: T frames (25 Hz), K chunks, D control width, P prompt size.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from legato import conditioning
from legato.conditioning import FAMILIES, GROUPS, LOWEST_NOTE, NOTES
from legato.config import CHUNK_FRAMES, CHUNK_SIZES, FRAME_RATE, FRAME_SAMPLES, SAMPLE_RATE, Config
from legato.control.mapping import Heading
from legato.control.script import parse_script
from legato.control.state import FIELDS, Controls
from legato.corpus.labels import Labels
from legato.engine.log import Event
from legato.engine.session import Session
from legato.evaluation.renders import Command
from legato.models.anchors import Hearing
from legato.models.prompt import PromptEncoder

CHUNK = 4  # frames: the default of the instrument
PLANNED = ("beat", "harmony", "scale", "density", "brightness", "loudness", *FAMILIES)
REGIMES: Mapping[str, Collection[str]] = {
    "dense": (*PLANNED, "notes"),
    "conductor": PLANNED,
    "chord": ("harmony",),
    "scale": ("scale",),
    "notes": ("notes",),
    "free": (),
}
"""Groups of the control vector that each regime gives beside the prompt."""


@dataclass(frozen=True)
class Track:
    """Everything one render is asked.

    Attributes:
        prompt_kp: unit-length prompt embedding of each chunk, float32.
        cond_td: control vectors, float32; T is a multiple of the chunk.
        full_td: the same before any group was taken back: what was meant, told to the model or not.
        seed: of the noise.
        guidance: weight.
        style: of the corpus clip or prompt, where it is known.
        notes: played notes [n, 3]: MIDI pitch, start and end in seconds.
    """

    prompt_kp: np.ndarray
    cond_td: np.ndarray
    full_td: np.ndarray
    seed: int = 0
    guidance: float = 2.0
    style: str = ""
    notes: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))

    @property
    def frames(self) -> int:
        """T."""
        return len(self.cond_td)

    def first(self, seconds: float) -> Track:
        """The track cut to at most `seconds`, whole chunks."""
        frames = min(self.frames, int(seconds * FRAME_RATE) // CHUNK * CHUNK)
        return replace(
            self,
            prompt_kp=self.prompt_kp[: frames // CHUNK],
            cond_td=self.cond_td[:frames],
            full_td=self.full_td[:frames],
            notes=self.notes[self.notes[:, 1] < frames / FRAME_RATE],
        )

    def only(self, groups: Collection[str]) -> Track:
        """The same music with no other groups given."""
        cond = self.full_td.copy()
        for name in GROUPS:
            if name not in groups:
                conditioning.drop(cond, name)
        return replace(self, cond_td=cond)


class Described(Protocol):
    """What laying out needs of a model: a bundle, or the parts of one that is still being trained."""

    @property
    def config(self) -> Config:
        """Its settings."""
        ...

    @property
    def prompts(self) -> PromptEncoder:
        """The text encoder."""
        ...

    @property
    def styles(self) -> dict[str, np.ndarray]:
        """Direction of each style among prompts."""
        ...

    @property
    def hearing(self) -> Hearing:
        """What the generator makes of each prompt's vector."""
        ...


@dataclass(frozen=True)
class Desk:
    """Enough of a model for a session to lay its chunks out: nothing sounds."""

    bundle: Described
    name: str = "desk"
    fingerprint: str = ""
    sample_rate: int = SAMPLE_RATE
    frame_samples: int = FRAME_SAMPLES
    latency_samples: int = 0
    max_rows: int = 1
    chunk_sizes: Sequence[int] = CHUNK_SIZES
    chunk_frames: int = CHUNK_FRAMES
    honours: frozenset[str] = frozenset(FIELDS)

    @property
    def latent_channels(self) -> int:
        """C."""
        return self.bundle.config.generator.latent_channels

    @property
    def styles(self) -> Mapping[str, np.ndarray]:
        """For the conductor."""
        return self.bundle.styles

    def embed(self, prompts: Mapping[str, float]) -> np.ndarray:
        """One vector for weighted prompts."""
        return self.bundle.prompts.blend(dict(prompts))

    def steering(self, controls: Controls, heading: Heading) -> np.ndarray:
        """The prompts as the generator hears them."""
        return self.bundle.prompts.blend(dict(controls.prompts), self.bundle.hearing)

    def init_state(self, chunk_frames: int) -> Any:
        """No state."""
        return None


def command_track(bundle: Described, command: Command, seconds: float) -> Track:
    """The chunks of a command, at least `seconds` of them."""
    controls = Controls(prompts=command.prompts, **command.controls)  # type: ignore[arg-type]
    span = CHUNK * FRAME_SAMPLES
    events = [
        Event(-(-round(move.at * SAMPLE_RATE) // span) * span, move.changes)
        for move in parse_script([dict(move) for move in command.script])
    ]
    session = Session(Desk(bundle), controls, CHUNK, events)  # type: ignore[arg-type]
    silence = np.zeros((span, 2), np.float32)
    prompts, conds = [], []
    for _ in range(-(-round(seconds * SAMPLE_RATE) // span)):
        inputs, _ = session.prepare()
        prompts.append(inputs.steering)
        conds.append(inputs.cond_fd)
        session.finish(silence, None)
    cond = np.concatenate(conds)
    return Track(np.stack(prompts), cond, cond, controls.seed, controls.guidance, command.style)


def label_track(labels: Labels, prompt_p: np.ndarray, *, seed: int, style: str = "") -> Track:
    """A corpus clip's labels as a render of the same music: every group given, notes of all pitched parts."""
    frames = len(labels.beats) // CHUNK * CHUNK
    cond = conditioning.empty(frames)
    values = {
        "beat": conditioning.beat_values(labels.beats, labels.beats_per_bar, labels.bpm),
        "harmony": labels.harmony,
        "scale": labels.scale,
        "density": labels.density,
        "brightness": labels.brightness,
        "loudness": labels.loudness,
        **{family: labels.gates[:, i] for i, family in enumerate(FAMILIES)},
    }
    for name, value in values.items():
        conditioning.give(cond, name, np.asarray(value)[:frames].reshape(frames, -1))
    notes = pitched_notes(labels)
    conditioning.give(cond, "notes", _roll(notes * [1, FRAME_RATE, FRAME_RATE], frames))
    prompts = np.repeat(np.asarray(prompt_p, np.float32)[None], frames // CHUNK, axis=0)
    return Track(prompts, cond, cond, seed, style=style, notes=notes).first(frames / FRAME_RATE)


def pitched_notes(labels: Labels) -> np.ndarray:
    """Notes of all parts but drums, [n, 3]: pitch, start and end in seconds."""
    pitched = labels.notes[labels.notes[:, 0] != FAMILIES.index("drums")]
    return pitched[:, 1:4].astype(np.float64) / [1, FRAME_RATE, FRAME_RATE]


def beats_of(full_td: np.ndarray) -> tuple[np.ndarray, float]:
    """Beat position at each frame (from the beat's phase, unwrapped) and the median tempo in bpm."""
    sine, cosine, _, _, tempo = full_td[:, GROUPS["beat"].slice].T
    beats = np.unwrap(np.arctan2(sine, cosine)) / (2 * np.pi)
    return beats, float(120 * 2 ** np.median(tempo))


def _roll(notes_n3: np.ndarray, frames: int) -> np.ndarray:
    """Keys held, then onsets, float32 [frames, 176]; times in frames."""
    roll = np.zeros((frames, 2 * NOTES), np.float32)
    for pitch, start, end in notes_n3:
        key, first, last = int(pitch) - LOWEST_NOTE, int(start), int(np.ceil(end))
        if 0 <= key < NOTES and first < frames:
            roll[first : max(last, first + 1), key] = 1.0
            roll[first, NOTES + key] = 1.0
    return roll
