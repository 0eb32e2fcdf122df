"""Distil an open text-to-music model into an instrument: load, plan, encode prompts, train, publish.

The folder that comes of it:

    instrument.json, adapter.safetensors   what is played and shared
    run/                                   checkpoint, log and encoded prompts: to go on, not to share
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from legato.config import Config
from legato.teachers.instrument import ADAPTER, InstrumentRecord, write_record
from legato.teachers.loading import Source, open_source
from legato.teachers.lora import quieten
from legato.teachers.outpainting import OpenTeacher
from legato.teachers.playable import TeacherError
from legato.teachers.registry import parse_teacher
from legato.teachers.streaming import StreamingDiT
from legato.training import parallel
from legato.training.distill import fit_student
from legato.training.loop import Progress, StopFlag
from legato.training.memory import plan_memory
from legato.training.prompt_scripts import EncodedPrompts, Line, PromptScripts, Told, with_random_fields
from legato.training.run import Result

RUN = "run"
CHUNK_SECONDS = 0.5  # of the chunks of a model for which none were chosen


@dataclass(frozen=True)
class Teller:
    """Who is told what while it happens.

    Attributes:
        say: a line of text.
        encoding: prompts encoded, of so many.
        training: every step.
    """

    say: Callable[[str], None] = print
    encoding: Told | None = None
    training: Progress | None = None


SILENT = Teller(lambda line: None)


def open_model(teacher: str, device: str) -> Source:
    """The model that `family:place` names, checked and not yet loaded; raises TeacherError."""
    quieten()
    family, place = parse_teacher(teacher)
    dtype = torch.float32 if torch.device(device).type == "cpu" else torch.bfloat16
    return open_source(family, place, dtype)


def own_settings(source: Source) -> list[str]:
    """Overrides of the preset that follow from the model: its chunk of half a second, its guidance."""
    patch = _patch(source)
    rate, samples = source.family.sound(source)
    chunk = max(1, round(CHUNK_SECONDS * rate / samples / patch)) * patch
    low, high = source.family.guidance(source)
    return [f"distill.chunk={chunk}", f"distill.guidance=[{low}, {high}]"]


def distill_open(
    config: Config,
    source: Source,
    lines: Sequence[Line],
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    teller: Teller | None = None,
    init: Path | None = None,
) -> Result:
    """Distil an open model from prompts alone, continuing what `out` holds; its folder becomes an instrument.

    Several processes, started by a launcher, share the batch; the first one encodes the prompts.

    Args:
        config: preset with the model's own settings, see `own_settings`.
        source: of `open_model`.
        lines: the prompts.
        out: the instrument's folder.
        device: torch device.
        minutes: train by the clock; None trains `optim.steps` steps.
        teller: told of plan and progress.
        init: run folder of another student, whose adapter a new run starts from.

    Raises:
        TeacherError: the model cannot be loaded, or the settings do not fit it.
        CheckpointError: `out` holds a run of another model or with other adapters.
    """
    settings, run = config.distill, out / RUN
    window, ahead = _frames(source, config)
    with parallel.joined(device) as device, StopFlag() as stop:
        told = (teller or Teller()) if parallel.rank() == 0 else SILENT
        for line in plan_memory(source, settings).lines(device):
            told.say(line)
        network, bank = _with_prompts(config, source, lines, run, device, told)
        vae = source.family.vae(source).to(device) if settings.decoded_spectral > 0 else None
        teacher = OpenTeacher(source, network.to(device), window, ahead, vae, settings.audio_context)
        scripts = PromptScripts(bank)
        result = fit_student(config, teacher, scripts, run, device, minutes, told.training, stop, init)
        if parallel.rank() == 0:
            _publish(out, config, source, teacher, result)
    return Result(out / ADAPTER, result.finished, result.steps)


def _with_prompts(
    config: Config,
    source: Source,
    lines: Sequence[Line],
    run: Path,
    device: str,
    teller: Teller,
) -> tuple[StreamingDiT, EncodedPrompts]:
    """The network's streaming form, and all prompts encoded; the text encoder is let go."""
    transformer = source.family.transformer(source)
    text = source.family.text_side(source, transformer, device)
    network = source.family.network(source, transformer, text)
    if parallel.rank() == 0:
        lines = with_random_fields(lines, source.family.honours, config.seed)
        EncodedPrompts.encode(run / "prompts", lines, source.name, text, teller.encoding)
    del text
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    parallel.wait()
    return network, EncodedPrompts(run / "prompts")


def _publish(out: Path, config: Config, source: Source, teacher: OpenTeacher, result: Result) -> None:
    settings = config.distill
    shutil.copyfile(result.model, out / ADAPTER)
    record = InstrumentRecord(
        family=source.family.name,
        base=source.name if source.revision else str(source.folder.resolve()),
        revision=source.revision,
        fingerprint=teacher.fingerprint,
        rank=settings.rank,
        alpha=settings.alpha,
        chunk=settings.chunk,
        window=teacher.window,
        guidance=settings.guidance,
        steps=result.steps,
    )
    write_record(out, record)


def _frames(source: Source, config: Config) -> tuple[int, int]:
    """Frames of history (whole chunks) and of room ahead (whole patches)."""
    settings, patch = config.distill, _patch(source)
    if settings.chunk % patch:
        raise TeacherError(
            f"distill.chunk is {settings.chunk}; chunks of {source.name} are a multiple of {patch} frames"
        )
    rate, samples = source.family.sound(source)
    chunks = round(settings.context_seconds * rate / samples / settings.chunk)
    ahead = round(settings.ahead_seconds * rate / samples / patch) * patch
    if chunks < 1 or ahead < 0:
        raise TeacherError(
            f"distill.context_seconds is {settings.context_seconds:g} and ahead_seconds "
            f"{settings.ahead_seconds:g}; the first is at least a chunk, the second at least 0"
        )
    return chunks * settings.chunk, ahead


def _patch(source: Source) -> int:
    return int(source.config(source.family.denoiser).get("patch_size", 1))
