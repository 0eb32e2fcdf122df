"""One strict tree of settings: what a preset file holds, and what a checkpoint records.

Unknown fields, wrong types and impossible values are refused with the valid choices named.
Presets are YAML tables in `presets/`; `--set a.b=c` overrides one leaf.
"""

from __future__ import annotations

import json
from dataclasses import asdict, field, fields, is_dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar, get_type_hints

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

T = TypeVar("T")

Solver = Literal["adams", "euler"]
"""Of a teacher's trajectories, see `training.rollout`."""

STRICT = ConfigDict(extra="forbid")

SAMPLE_RATE = 48_000
FRAME_RATE = 25
FRAME_SAMPLES = SAMPLE_RATE // FRAME_RATE  # 1920 samples of audio per latent frame
CHUNK_SIZES = range(2, 9)  # frames of a chunk
CHUNK_FRAMES = 4


class ConfigError(ValueError):
    """A setting is unknown or out of range; the message names it and the valid choices."""


@dataclass(frozen=True, config=STRICT)
class CodecConfig:
    """Latents at 25 Hz from log-magnitudes at 100 Hz; phase is integrated at decoding."""

    latent_channels: int = 32
    n_fft: int = 1920
    hop: int = 480
    linear_bins: int = 320  # unpooled STFT bins, 25 Hz apart: up to 8 kHz
    pooled_bands: int = 48  # above them, to `max_hz`
    max_hz: float = 20_000.0
    stereo_bands: int = 20  # side prediction and decorrelated level, at 25 Hz
    width: int = 384  # channels of the decoder's 25 Hz trunk
    depth: int = 4
    encoder_width: int = 288
    encoder_depth: int = 2
    fine_width: int = 240  # channels of the 100 Hz blocks
    fine_depth: int = 3  # in the decoder; the encoder has one
    mult: int = 3  # feed-forward expansion
    kernel: int = 5  # taps of each block: causal in the decoder, centred in the encoder


@dataclass(frozen=True, config=STRICT)
class GeneratorConfig:
    """Block-causal flow-matching transformer on 25 Hz latents."""

    latent_channels: int = 32
    width: int = 320
    depth: int = 7
    heads: int = 5
    ff_mult: int = 4
    registers: int = 4  # learned attention sinks
    prompt_dim: int = 384  # sentence embedding from the text encoder
    prompt_tokens: int = 4  # tokens it is projected to
    window: int = 200  # clean context, in frames (8 s)


@dataclass(frozen=True, config=STRICT)
class CorpusConfig:
    """How much captioned music to compose, and from which sounds."""

    clips: int = 1424
    clip_seconds: float = 16.0
    held_out: int = 48  # compositions kept for measurement, never trained on
    seed: int = 1
    styles: tuple[str, ...] = ()  # empty: all of them
    soundfont: str = ""  # a path; empty: FluidR3 where the system keeps it
    sets: tuple[str, ...] = ()  # further sound sets, of `corpus.sets`, played with where they are installed
    strict_sets: bool = False  # refuse to build without one of them


@dataclass(frozen=True, config=STRICT)
class OptimConfig:
    """AdamW with warm-up and cosine decay to a tenth; weights are averaged (EMA)."""

    lr: float = 1e-3
    warmup: int = 200
    weight_decay: float = 0.01
    clip: float = 1.0
    ema: float = 0.999
    steps: int = 20_000


@dataclass(frozen=True, config=STRICT)
class CodecTrainConfig:
    """How the codec is trained."""

    optim: OptimConfig = field(default_factory=OptimConfig)
    batch: int = 16
    frames: int = 64  # latent frames per training crop
    kl: float = 2e-4  # weight of the information in the latents, nats per frame
    gain_db: tuple[float, float] = (-12.0, 4.0)  # random level of each crop
    critic: float = 0.0  # a discriminator's share of the spectral distances' gradient; 0: without one
    thaw: int = 300  # first steps of a warm start, in which only tensors it did not bring are trained
    encoder: bool = True  # False: a warm start's is kept, so that models of its latents stay valid
    checkpoint_minutes: float = 4.0


@dataclass(frozen=True, config=STRICT)
class TeacherTrainConfig:
    """How the teacher is trained."""

    optim: OptimConfig = field(default_factory=OptimConfig)
    batch: int = 16
    frames: int = 240
    views: int = 2  # noisy copies of each crop, with prompts, controls, noise and times of their own
    chunks: tuple[int, ...] = (4, 4, 4, 2, 8)  # block sizes, drawn per batch
    context_noise: float = 0.4  # largest level mixed into the clean context
    cold_start: float = 0.25  # share of clips whose context is absent up to some chunk
    obscured: float = 0.2  # share of clips whose whole context is noisier than `context_noise`
    unconditional: float = 0.1  # share trained without prompt and controls, for guidance
    checkpoint_minutes: float = 4.0


@dataclass(frozen=True, config=STRICT)
class DistillConfig:
    """How the student is distilled; loss weights have the names of the terms."""

    optim: OptimConfig = field(default_factory=lambda: OptimConfig(lr=3e-4, warmup=20, steps=600, ema=0.99))
    batch: int = 16  # scripts rolled out side by side
    chunk: int = 4
    chunks_per_rollout: int = 24
    updates_per_rollout: int = 4  # of the student; rolling out costs as much as three or four of them
    teacher_steps: int = 8
    solver: Solver = "adams"  # of second order: in 8 steps as near as "euler" in 32
    guidance: tuple[float, float] = (1.0, 4.0)  # range drawn from per script, an input of the student
    rank: int = 32  # of the adapters; 0: their matrices are trained in full
    alpha: int = 64
    self_rollout: float = 0.8  # share of the student's own chunks in the history, ramped from 0
    ramp: float = 0.4  # share of the steps over which it rises
    late_share: float = 0.15  # last share of the steps, trained on late chunks of long rollouts
    late_chunks: int = 375  # 60 s: trained from there to twice as far
    jumps: float = 0.25  # share of chunks that learn the way to a later state, for two and four steps
    at_noise: float = 0.67  # share of the others, which learn the endpoint, that start at pure noise
    endpoint: float = 1.0
    consistency: float = 0.0  # where the teacher's endpoint is known it says nothing more, for a pass more
    flow_map: float = 1.0
    latent_spectral: float = 0.1
    temporal: float = 0.2
    variation: float = 0.1
    decoded_spectral: float = 0.2  # its gradient's share of the latent term's
    energy: float = 0.0  # remedies where one step blurs; measured, none was worth its time: energy score,
    matching: float = 0.0  # distribution matching on the student's own chunks,
    adversary: float = 0.0  # a discriminator on the teacher's activations
    fake_updates: int = 5  # of the fake score in distribution matching, per update of the student
    distance: Literal["pseudo_huber", "mean_square"] = "pseudo_huber"  # of endpoint, consistency, flow map
    on_trajectory: bool = True  # False: the first states are pure noise whatever their time (an ablation)
    spread: float = 1.0  # of one-step chunks about their mean at play, and the deviation of the noise they …
    temperature: float = 1.0  # … start from: both found when training ends (`training.liveliness`)
    level_db: float = 0.0  # of the sound at play, so that it is as loud as the corpus (`legato eval` says)
    context_seconds: float = 10.0  # of history that the student of an open model hears
    ahead_seconds: float = 4.0  # of room behind a chunk while an open model outpaints it
    audio_context: bool = True  # False: chunks are deaf to those before them (an ablation)
    checkpoint_minutes: float = 4.0


@dataclass(frozen=True, config=STRICT)
class Config:
    """Everything a run needs."""

    seed: int = 1
    codec: CodecConfig = field(default_factory=CodecConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    train_codec: CodecTrainConfig = field(default_factory=CodecTrainConfig)
    train_teacher: TeacherTrainConfig = field(default_factory=TeacherTrainConfig)
    distill: DistillConfig = field(default_factory=DistillConfig)

    def __post_init__(self) -> None:
        if self.codec.latent_channels != self.generator.latent_channels:
            raise ValueError("codec.latent_channels and generator.latent_channels must be equal")


def preset_names() -> list[str]:
    """Names of the presets inside the package."""
    folder = resources.files("legato") / "presets"
    return sorted(p.name.removesuffix(".yaml") for p in folder.iterdir() if p.name.endswith(".yaml"))


def load_config(preset: str, overrides: list[str] | None = None) -> Config:
    """Settings from a preset's name or a YAML file's path, with `a.b=c` overrides.

    Raises:
        ConfigError: no such preset or file, unknown field, or value out of range.
    """
    if preset.endswith((".yaml", ".yml")):
        path = Path(preset)
        if not path.is_file():
            raise ConfigError(f"no config file at {preset}")
        text = path.read_text()
    elif preset in preset_names():
        text = (resources.files("legato") / "presets" / f"{preset}.yaml").read_text()
    else:
        raise ConfigError(f"no preset {preset!r}; there are {', '.join(preset_names())}, or a .yaml file")
    try:
        tree = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{preset} is not valid YAML: {error}") from error
    for item in overrides or []:
        _override(tree, item)
    return parse_config(Config, tree)


def parse_config(cls: type[T], tree: Any) -> T:
    """`tree` (plain dicts) as a `cls`; raises ConfigError naming the field and the choices."""
    try:
        return TypeAdapter(cls).validate_python(tree)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"setting {where!r}: {first['msg']}" if where else str(first["msg"])
        if first["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            message = f"unknown setting {where!r}; valid here: {', '.join(_choices(cls, first['loc'][:-1]))}"
        raise ConfigError(message) from error


def to_dict(config: Any) -> dict[str, Any]:
    """The config as plain JSON types, as checkpoints and bundles record it."""
    return json.loads(json.dumps(asdict(config)))


def _choices(cls: Any, path: tuple[Any, ...]) -> list[str]:
    for part in path:
        cls = get_type_hints(cls)[str(part)]
    return [f.name for f in fields(cls)] if is_dataclass(cls) else []


def _override(tree: dict[str, Any], item: str) -> None:
    name, sep, value = item.partition("=")
    if not sep:
        raise ConfigError(f"override {item!r} is not of the form a.b=value")
    *path, leaf = name.strip().split(".")
    for part in path:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise ConfigError(f"override {item!r}: {part!r} is not a group of settings")
    tree[leaf] = yaml.safe_load(value)
