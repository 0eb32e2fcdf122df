"""`legato render`: prompts and a script to a WAV file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from legato.cli.common import AsJson, Base, Chunk, CommandError, Model, print_json, progress_bars
from legato.cli.listening import GoOn, Like, RenderListen, read_before, read_clip, read_like

Number = float | None
Switch = bool | None


def render(
    out: Annotated[Path, typer.Option("--out", "-o", help="The WAV file to write.")],
    prompts: Annotated[
        list[str] | None,
        typer.Argument(help='One or more prompts, each with a weight if wished: "lo-fi piano:0.7".'),
    ] = None,
    like: Like = None,
    seconds: Annotated[float, typer.Option(help="Length, 0.1–3600.")] = 30.0,
    script: Annotated[Path | None, typer.Option(help='JSON lines such as {"at": 8.0, "bpm": 128}.')] = None,
    bpm: Annotated[Number, typer.Option(help="Tempo, 40–240.")] = None,
    key: Annotated[str | None, typer.Option(help='For example "A minor".')] = None,
    chord: Annotated[str | None, typer.Option(help='For example "Am7"; held throughout.')] = None,
    density: Annotated[Number, typer.Option(help="0 sparse … 1 dense.")] = None,
    brightness: Annotated[Number, typer.Option(help="0 dark … 1 bright.")] = None,
    loudness: Annotated[Number, typer.Option(help="0 quiet … 1 loud.")] = None,
    drums: Annotated[Switch, typer.Option("--drums/--no-drums", help="Drums on or off.")] = None,
    bass: Annotated[Switch, typer.Option("--bass/--no-bass", help="Bass on or off.")] = None,
    chords: Annotated[Switch, typer.Option("--chords/--no-chords", help="Chords on or off.")] = None,
    lead: Annotated[Switch, typer.Option("--lead/--no-lead", help="Lead on or off.")] = None,
    guidance: Annotated[Number, typer.Option(help="How strictly it follows, 1–4.")] = None,
    temperature: Annotated[Number, typer.Option(help="Scale of the noise, 0–2.")] = None,
    conductor: Annotated[
        str | None, typer.Option(help='"on" plans what is left open, "free" does not.')
    ] = None,
    listen_to: RenderListen = None,
    listen: Annotated[
        Number, typer.Option("--mix", help="How much that counts, 0–1; 0.5: as much as its own sound.")
    ] = None,
    go_on: GoOn = None,
    seed: Annotated[int, typer.Option(help="Same seed, same music.")] = 0,
    steps: Annotated[int, typer.Option(help="Generator steps a chunk: 1, 2 or 4.")] = 1,
    chunk: Chunk = None,
    model: Model = None,
    base: Base = None,
    as_json: AsJson = False,
) -> None:
    """Render prompts to a WAV file; what is left open, the conductor plans.

    The same command writes the same file, bit for bit, on the same machine and build.
    """
    from legato.control.script import load_script
    from legato.control.state import Controls, parse_prompts

    check_output(out)
    wanted = {
        "bpm": bpm,
        "key": key,
        "chord": chord,
        "density": density,
        "brightness": brightness,
        "loudness": loudness,
        "drums": drums,
        "bass": bass,
        "chords": chords,
        "lead": lead,
        "guidance": guidance,
        "temperature": temperature,
        "conductor": conductor,
        "listen": listen,
    }
    controls: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    controls |= {"seed": seed, "steps": steps}
    if not prompts and like is None:
        raise CommandError("say what to play: a prompt or more, or --like and a sound file")
    weighted = parse_prompts(prompts) if prompts else {}
    Controls(**controls)  # refused before anything is loaded
    weighted |= read_like(like, partial(typer.echo, err=True))
    moves = load_script(script) if script else None
    clip, before = read_clip(listen_to), read_before(go_on)

    import legato

    instrument = legato.load(model, base=base)
    with progress_bars() as bars:
        bar = bars("render", "second")
        rendered = instrument.render(
            weighted,
            seconds,
            script=moves,
            chunk_frames=chunk,
            progress=lambda done: bar(round(done, 2), round(seconds, 2), {}),
            sound=clip,
            after=before,
            **controls,
        )
    rendered.save(out)
    result = {
        "out": str(out),
        "seconds": rendered.seconds,
        "sample_rate": rendered.sample_rate,
        "channels": rendered.audio.shape[1],
        "chunk_ms": rendered.chunk_ms,
        "rtf": rendered.rtf,
        "first_audio_ms": 1000 * rendered.first_audio_s,
        "steps": steps,
        "seed": seed,
        "model": instrument.name,
    }
    if as_json:
        print_json(result)
    else:
        typer.echo(
            f"{out}: {rendered.seconds:g} s of stereo in {rendered.rtf * rendered.seconds:.1f} s "
            f"(real-time factor {rendered.rtf:.2f}), seed {seed}"
        )


def check_output(path: Path, kinds: Sequence[str] = ("wav",)) -> None:
    """Refuse an output path before any work is done for it.

    Raises:
        CommandError: wrong ending, no such folder, or something other than a file in the way.
    """
    if path.suffix.lower().removeprefix(".") not in kinds:
        raise CommandError(f"the output {str(path)!r} must end in .{' or .'.join(kinds)}")
    if not path.parent.is_dir():
        raise CommandError(f"cannot write {str(path)!r}: there is no folder {str(path.parent)!r}")
    if path.exists() and not path.is_file():
        raise CommandError(f"cannot write {str(path)!r}: it exists and is no file")
