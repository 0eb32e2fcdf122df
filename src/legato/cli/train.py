"""`legato train codec|teacher` and `legato distill`: resumable runs with progress."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legato.cli.common import CommandError, progress_bars

if TYPE_CHECKING:
    from legato.config import Config
    from legato.corpus.dataset import Corpus

app = typer.Typer(help="Train the codec or the teacher.", no_args_is_help=True)

Preset = Annotated[str, typer.Option(help="A preset's name (test, small, gpu) or a .yaml file.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", metavar="A.B=C", help="Change one setting; repeatable.")
]
Out = Annotated[Path | None, typer.Option(help="The run's folder; an unfinished run there is continued.")]
Device = Annotated[str, typer.Option(help="cpu, cuda or cuda:N.")]
Minutes = Annotated[float | None, typer.Option(help="Train this long instead of the preset's steps.")]
CorpusFolder = Annotated[
    Path | None,
    typer.Option("--corpus", help="Captioned music; composed and rendered there if not complete."),
]
CodecRun = Annotated[Path | None, typer.Option("--codec", help="The codec's run folder.")]
Init = Annotated[
    Path | None, typer.Option(help="A run's folder whose weights a new run starts from, where they fit.")
]
TeacherName = Annotated[
    str | None,
    typer.Option(
        "--teacher",
        help="The teacher's run folder; or an open model: ace-step:, stable-audio: or stable-audio-3: and a "
        "diffusers folder or hub id.",
    ),
]
Prompts = Annotated[
    Path | None,
    typer.Option(help="For an open model: a text file, a prompt a line (default: prompts of our own)."),
]
Lyrics = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="For an open model that sings: a text file of its words (default: instrumental)."
    ),
]
SecondsTotal = Annotated[
    float | None,
    typer.Option(
        "--seconds-total",
        min=1.0,
        max=3600.0,
        help="For an open model: length of the piece it is to believe in (default: its own).",
    ),
]


@app.command("codec")
def codec(
    preset: Preset = "small",
    corpus: CorpusFolder = None,
    out: Out = None,
    device: Device = "cpu",
    minutes: Minutes = None,
    init: Init = None,
    settings: Set = None,
) -> None:
    """Train the codec: 48 kHz stereo to latents and back."""
    config = _config(preset, settings, device, minutes)
    music = _built(config, corpus or _default(preset, "corpus"))
    folder = out or _default(preset, "codec")
    from legato.training.codec import train_codec

    with progress_bars() as bar:
        trained = train_codec(config, music, folder, device, bar("codec"), minutes=minutes, init=init)
    _tell(folder / "model.safetensors", finished=trained is not None)


@app.command("teacher")
def teacher(
    preset: Preset = "small",
    corpus: CorpusFolder = None,
    codec: CodecRun = None,
    out: Out = None,
    device: Device = "cpu",
    minutes: Minutes = None,
    init: Init = None,
    settings: Set = None,
) -> None:
    """Train the teacher on the latents of a trained codec."""
    config = _config(preset, settings, device, minutes)
    codec_folder = _trained(
        codec or _default(preset, "codec"), "codec", f"legato train codec --preset {preset}"
    )
    music = _built(config, corpus or _default(preset, "corpus"))
    folder = out or _default(preset, "teacher")
    from legato.training.teacher import train_teacher

    with progress_bars() as bar:
        result = train_teacher(
            config,
            music.folder,
            codec_folder,
            folder,
            device,
            minutes,
            bar("teacher"),
            bar("encoding", "clip"),
            init,
        )
    _tell(result.model, finished=result.finished)


def distill(
    preset: Annotated[
        str | None,
        typer.Option(help="A preset's name or a .yaml file (default: small; for an open model: open)."),
    ] = None,
    teacher: TeacherName = None,
    codec: CodecRun = None,
    prompts: Prompts = None,
    lyrics: Lyrics = None,
    seconds_total: SecondsTotal = None,
    out: Out = None,
    device: Device = "cpu",
    minutes: Minutes = None,
    init: Init = None,
    settings: Set = None,
) -> None:
    """Distil the teacher into the one-step student, from prompts and control scripts alone.

    On several GPUs: accelerate launch --multi_gpu -m legato distill --device cuda.
    """
    if teacher and ":" in teacher and not Path(teacher).exists():
        if codec:
            raise CommandError("--codec is for the embedded model; an open one brings its own autoencoder")
        fixed = {"lyrics": _words(lyrics) if lyrics else None, "seconds": seconds_total}
        _distill_open(preset or "open", teacher, prompts, fixed, out, device, minutes, init, settings)
        return
    if prompts:
        raise CommandError("--prompts is for open models; the embedded one has its own")
    if lyrics or seconds_total:
        raise CommandError("--lyrics and --seconds-total are for open models that take them")
    preset = preset or "small"
    config = _config(preset, settings, device, minutes)
    codec_folder = _trained(
        codec or _default(preset, "codec"), "codec", f"legato train codec --preset {preset}"
    )
    teacher_folder = _trained(
        Path(teacher) if teacher else _default(preset, "teacher"),
        "teacher",
        f"legato train teacher --preset {preset}",
    )
    folder = out or _default(preset, "student")
    from legato.training import parallel
    from legato.training.distill import distill as run_distillation

    with progress_bars() as bar:
        result = run_distillation(
            config, teacher_folder, codec_folder, folder, device, minutes, bar("distil"), init=init
        )
    if parallel.speaks():
        _tell(result.model, finished=result.finished)


def _distill_open(
    preset: str,
    teacher: str,
    prompts: Path | None,
    fixed: dict[str, Any],
    out: Path | None,
    device: str,
    minutes: float | None,
    init: Path | None,
    settings: list[str] | None,
) -> None:
    """Train, and write down with the instrument what stays fixed as it plays: `lyrics` and `seconds`."""
    if out is None:
        raise CommandError("--out is missing: the folder of the instrument to be")
    _config(preset, settings, device, minutes)  # what is wrong with these shows before the model is looked at
    from legato.teachers.instrument import read_card, read_record, write_record
    from legato.teachers.playable import TeacherError
    from legato.training import parallel
    from legato.training.open_models import Teller, distill_open, open_model, own_settings
    from legato.training.prompt_scripts import default_prompts, read_prompts

    lines = read_prompts(prompts) if prompts else default_prompts()
    source = open_model(teacher, device)
    fixed = {name: value for name, value in fixed.items() if value is not None}
    for name in fixed:
        if name not in source.family.honours:
            raise CommandError(
                f"models of the family {source.family.name} take no {name}; they take "
                f"{', '.join(source.family.honours)}"
            )
    lines = [replace(line, fields=line.fields.filled(**fixed)) for line in lines]
    with suppress(TeacherError):  # of a new instrument, or one that is to be replaced
        fixed["lookahead"] = read_record(out).lookahead
    config = _config(preset, [*own_settings(source), *(settings or [])], device, minutes)
    with progress_bars() as bar:
        encoded = bar("encoding", "prompt")
        teller = Teller(
            say=lambda line: typer.echo(line, err=True),
            encoding=lambda done, total: encoded(done, total, {}),
            training=bar("distil"),
        )
        result = distill_open(config, source, lines, out, device, minutes, teller, init)
    if parallel.speaks():
        write_record(out, replace(read_record(out), **fixed), read_card(out))
        _tell(result.model, finished=result.finished)


def _words(path: Path) -> str:
    """The lyrics in a file."""
    try:
        words = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"cannot read the lyrics {str(path)!r}: {error}") from error
    if not words:
        raise CommandError(f"{str(path)!r} holds no words; leave --lyrics out for instrumental music")
    return words


def _config(preset: str, settings: list[str] | None, device: str, minutes: float | None) -> Config:
    """The settings, after a look at what else may be wrong before hours are spent."""
    from legato.config import load_config

    if minutes is not None and not 0 < minutes <= 100_000:
        raise CommandError(f"--minutes is {minutes:g}; it must be above 0 and at most 100000")
    config = load_config(preset, settings)
    import torch

    try:
        kind = torch.device(device).type
    except RuntimeError as error:
        raise CommandError(f"--device {device!r} is unknown; choose cpu, cuda or cuda:N") from error
    if kind not in ("cpu", "cuda"):
        raise CommandError(f"--device {device!r} is not supported; choose cpu, cuda or cuda:N")
    if kind == "cuda" and not torch.cuda.is_available():
        raise CommandError(f"--device {device}: this PyTorch ({torch.__version__}) sees no CUDA device")
    return config


def _default(preset: str, part: str) -> Path:
    return Path("runs") / Path(preset).stem / part


def _trained(folder: Path, what: str, command: str) -> Path:
    if not (folder / "model.safetensors").is_file():
        raise CommandError(f"no trained {what} in {str(folder)!r}; run {command!r} first or name its folder")
    return folder


def _built(config: Config, folder: Path) -> Corpus:
    """The corpus in `folder`, once every clip of it has been composed and rendered."""
    from legato.corpus.dataset import build

    with progress_bars() as bars:
        bar = bars("corpus", "clip")
        return build(
            folder,
            config.corpus,
            progress=lambda done, total, seconds: bar(done, total, {"minutes of music": seconds / 60}),
            told=lambda sentence: typer.echo(sentence, err=True),
        )


def _tell(model: Path, *, finished: bool) -> None:
    if finished:
        typer.echo(f"finished: {model}")
        return
    again = shlex.join(["legato", *sys.argv[1:]])
    typer.echo(f"stopped; the checkpoint in {model.parent} is whole. To go on: {again}")
