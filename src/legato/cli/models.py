"""`legato models`: which there are, averaging students, packing one from trained runs, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from legato.cli.common import AsJson, CommandError, print_json
from legato.cli.show import describe, show

app = typer.Typer(
    help="List models, show one, average students, pack trained runs, or unpack a model into runs.",
    invoke_without_command=True,
)
app.command("show")(show)


@app.callback()
def models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the models on this machine: the embedded one and those fetched from a hub."""
    if context.invoked_subcommand is not None:
        return
    rows = [_row(name, folder) for name, folder in _known().items()]
    if as_json:
        print_json({"models": rows})
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("model", "name", "size", "licence", "figures", box=None)
    for row in rows:
        figures = "  ".join(f"{name} {value:g}" for name, value in row["figures"].items())
        table.add_row(row["source"], row["name"], f"{row['bytes'] / 1e6:.1f} MB", row["license"], figures)
    Console().print(table if rows else "no models here; pack one with 'legato models pack'", soft_wrap=True)


@app.command("pack")
def pack(
    out: Annotated[Path, typer.Option("--out", "-o", help="The bundle's folder.")],
    codec: Annotated[Path, typer.Option(help="The codec's run folder.")] = Path("runs/small/codec"),
    teacher: Annotated[Path, typer.Option(help="The teacher's run folder.")] = Path("runs/small/teacher"),
    student: Annotated[Path, typer.Option(help="The student's run folder.")] = Path("runs/small/student"),
    prompt: Annotated[Path | None, typer.Option(help="Folder with model.onnx and tokenizer.json.")] = None,
    name: Annotated[str, typer.Option(help="The model's short name.")] = "legato-small",
    license: Annotated[str, typer.Option(help="SPDX identifier.")] = "apache-2.0",
    figures: Annotated[Path | None, typer.Option(help="JSON of measured numbers for the card.")] = None,
    encoder: Annotated[
        bool,
        typer.Option(
            "--encoder/--no-encoder", help="Whether the bundle can encode audio; playing needs none."
        ),
    ] = True,
    replace: Annotated[bool, typer.Option("--replace", help="Replace what is at --out.")] = False,
) -> None:
    """Pack codec, teacher and student into one bundle, checked by loading it."""
    from legato.models.bundle import Bundle
    from legato.models.card import DESCRIPTION, NOTES, Card
    from legato.models.manifest import embedded_prompt_folder
    from legato.models.prompt import PromptEncoder
    from legato.training.styles import learn_styles

    prompt_folder = prompt or embedded_prompt_folder()
    styles, centres = learn_styles(PromptEncoder(prompt_folder))
    card = Card(name, license, DESCRIPTION, _read_figures(figures), NOTES)
    bundle = Bundle.pack(
        out,
        config=_one_config(codec, teacher, student),
        codec=_weights(codec),
        teacher=_weights(teacher),
        adapter=_adapter(student, teacher),
        prompt_folder=prompt_folder,
        styles=styles,
        centres=centres,
        card=card,
        encoder=encoder,
        replace=replace,
    )
    typer.echo(f"{bundle.folder}: {bundle.name}, {bundle.bytes / 1e6:.1f} MB")


@app.command("unpack")
def unpack(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the runs `codec`, `teacher` and `student`.")
    ],
    source: Annotated[
        str | None, typer.Argument(help="A bundle's folder or hub id; default: the embedded one.")
    ] = None,
) -> None:
    """Write a bundle's codec, teacher and student as run folders: what `--init` of a stage starts from."""
    from legato.training.unpack import has_encoder, unpack

    runs = unpack(source, out)
    typer.echo(", ".join(map(str, runs.values())))
    if not has_encoder(runs["codec"]):
        typer.echo(
            "this bundle was packed without its codec's encoder: its codec can start another (--init), but "
            "not encode music for a teacher"
        )


@app.command("average")
def average(
    runs: Annotated[
        list[Path], typer.Argument(help="Run folders of students; the last one's settings stay.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The averaged student's run folder.")],
    teacher: Annotated[Path, typer.Option(help="Their teacher's run folder.")] = Path("runs/small/teacher"),
    codec: Annotated[
        Path | None,
        typer.Option(help="The codec's run folder: spread and temperature are found anew, in minutes."),
    ] = None,
) -> None:
    """Average students of which one went on from another: often nearer to the teacher than either."""
    from legato.training.average import average_students

    average_students(runs, teacher, out, codec)
    typer.echo(f"{out}: the mean of {', '.join(map(str, runs))}")


def _known() -> dict[str, Path]:
    from legato.models.hub import cached
    from legato.models.manifest import embedded_folder

    embedded = embedded_folder()
    return ({"embedded": embedded} if embedded else {}) | cached()


def _row(source: str, folder: Path) -> dict[str, Any]:
    told = describe(folder)
    return {
        "source": source,
        **{name: told[name] for name in ("name", "bytes", "license", "figures", "folder")},
    }


def _weights(run: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = run / "model.safetensors"
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise CommandError(f"no trained weights at {path}; name a finished run's folder") from error


def _adapter(student: Path, teacher: Path) -> dict[str, Any]:
    """The student's adapter, refused if it was trained on another teacher."""
    from legato.teachers import NativeTeacher
    from legato.training.adapters import load_adapter
    from legato.training.distill import ADAPTER, load_generator

    path = student / ADAPTER
    if not path.is_file():
        raise CommandError(f"no {ADAPTER} in {student}; name a finished student's run folder")
    tensors, _, _ = load_adapter(path, NativeTeacher(load_generator(teacher)))
    return tensors


def _one_config(codec: Path, teacher: Path, student: Path) -> Any:
    """Settings of the three runs as one tree; runs that do not fit one another are refused."""
    import json
    from dataclasses import replace

    from legato.config import Config, parse_config

    def read(run: Path) -> Config:
        try:
            return parse_config(Config, json.loads((run / "config.json").read_text()))
        except (OSError, json.JSONDecodeError) as error:
            raise CommandError(f"no readable config.json in the run {run}") from error

    of_codec, of_teacher, of_student = read(codec), read(teacher), read(student)
    if of_student.generator != of_teacher.generator:
        raise CommandError(f"the student in {student} and the teacher in {teacher} have different generators")
    return replace(
        of_student,
        codec=of_codec.codec,
        train_codec=of_codec.train_codec,
        train_teacher=of_teacher.train_teacher,
        corpus=of_teacher.corpus,
    )


def _read_figures(path: Path | None) -> dict[str, float]:
    import json

    if path is None:
        return {}
    try:
        return {str(name): float(value) for name, value in json.loads(path.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CommandError(f"{path} is no JSON object of numbers") from error
