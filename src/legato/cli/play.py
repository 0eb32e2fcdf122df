"""`legato play`: the instrument in a browser or on a sound device, played from the page, MIDI and OSC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legato.cli.common import Base, Chunk, CommandError, Fake, Model
from legato.cli.listening import GoOn, Like, Listen, Source, read_before, read_like

if TYPE_CHECKING:
    from legato.control.rig import Rig
    from legato.engine.engine import Engine
    from legato.engine.speaker import Speaker
    from legato.io.device import Device

_LIST = "list"


def play(
    host: Annotated[
        str,
        typer.Option(help="Address to listen on; 127.0.0.1 is this machine alone, others need a token."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")] = 8321,
    token: Annotated[
        str | None,
        typer.Option(help="What a page must show: 8 letters or more; default: a new one where needed."),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    chunk: Chunk = None,
    model: Model = None,
    base: Base = None,
    fake: Fake = False,
    takes: Annotated[Path, typer.Option(help="The folder that recordings go to.")] = Path("takes"),
    record: Annotated[bool, typer.Option("--record", help="Record all that is played.")] = False,
    flac: Annotated[bool, typer.Option("--flac", help="Record FLAC instead of WAV.")] = False,
    device: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Sound from this machine: 'default', part of an output's name, or 'list'. The page steers.",
        ),
    ] = None,
    like: Like = None,
    listen: Listen = None,
    go_on: GoOn = None,
    midi: Annotated[
        str | None,
        typer.Option(metavar="PORT", help="Play from a MIDI input: part of its name, or 'list'."),
    ] = None,
    midi_out: Annotated[
        str | None,
        typer.Option(metavar="PORT", help="Send MIDI clock to an output: part of its name, or 'list'."),
    ] = None,
    midi_channel: Annotated[
        int | None, typer.Option(min=1, max=16, help="Hear this MIDI channel alone; default: all.")
    ] = None,
    midi_learn: Annotated[
        str, typer.Option(metavar="CONTROLS", help="Controls, parted by commas, to bind to the next knobs.")
    ] = "",
    midi_bindings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where learned MIDI bindings are kept.")
    ] = None,
    osc: Annotated[
        str | None, typer.Option(metavar="PORT", help="Play from OSC on a UDP port of this machine.")
    ] = None,
    scenes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Scenes as the page exports them, for program changes, OSC and all pages."
        ),
    ] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Tempo and bars follow the Ableton Link session of the network.")
    ] = False,
    link_start_stop: Annotated[
        bool,
        typer.Option("--link-start-stop", help="With --link and --device: start and stop with the session."),
    ] = False,
) -> None:
    """Open the instrument: a page with prompts, knobs and endless music."""
    if _LIST in (midi, midi_out):
        _list_ports(inputs=midi == _LIST)
        return
    if device == _LIST:
        _list_outputs()
        return
    if listen == _LIST:
        _list_inputs()
        return
    if link_start_stop and not (link and device):
        raise CommandError("--link-start-stop needs --link, and --device as a page starts its own music")
    rig: Rig | None = None
    output: Device | None = None
    source: Source | None = None
    try:
        before = read_before(go_on)
        from legato.control.state import Controls

        prompts = read_like(like, typer.echo)
        if device is not None:
            from legato.io.device import Device

            output = Device(device, announce=typer.echo)
        if listen is not None:
            # Looking for devices anew would end the sound of an output.
            source = Source.open(listen, rescan=output is None, announce=typer.echo)
        from legato.control.scenes import Scenes

        kept = Scenes(scenes) if scenes else None
        if midi is not None or midi_out is not None or osc is not None or midi_learn or link:
            from legato.control.rig import Rig, RigSettings

            learn = tuple(name.strip() for name in midi_learn.split(",") if name.strip())
            file = midi_bindings or Path(typer.get_app_dir("legato")) / "midi.json"
            settings = RigSettings(midi, midi_out, midi_channel, learn, file, osc, link, link_start_stop)
            rig = Rig(settings, announce=typer.echo, scenes=kept)
        from legato.engine.takes import Takes
        from legato.serving.app import serve
        from legato.serving.websocket import Stage

        serve(
            host=host,
            port=port,
            model=model,
            base=base,
            chunk=chunk,
            controls=Controls(prompts=prompts) if prompts else None,
            open_browser=browser,
            fake=fake,
            takes=Takes(takes, "flac" if flac else "wav"),
            record=record,
            device=output,
            token=token,
            sound=source.of if source else None,
            before=before,
            announce=typer.echo,
            stage=Stage(kept, rig.link.status if rig and rig.link else None),
            beside=lambda engine, speaker: _beside(engine, speaker, rig, source),
        )
    finally:
        for plugged in (rig, output, source):
            if plugged:
                plugged.close()


@contextmanager
def _beside(
    engine: Engine, speaker: Speaker | None, rig: Rig | None, source: Source | None
) -> Iterator[None]:
    """What plays the engine's players, and what they listen to, while it runs."""
    with ExitStack() as stack:
        if source:
            stack.enter_context(source.watching())
        if rig:
            # The page opened first keeps the hardware until it stops: a visitor must not take it away.
            stack.enter_context(rig.playing(lambda: next(iter(engine.players), None), transport=speaker))
        yield


def _list_ports(inputs: bool) -> None:
    from legato.control.midi_ports import MidoBackend, port_names

    names = port_names(MidoBackend(), inputs)
    typer.echo("\n".join(names) or f"no MIDI {'input' if inputs else 'output'} is connected")


def _list_outputs() -> None:
    from legato.io.portaudio import PortAudio

    lines = [f"{output.name}{' [default]' if output.default else ''}" for output in PortAudio().outputs()]
    typer.echo("\n".join(lines) or "this machine has no sound output")


def _list_inputs() -> None:
    from legato.io.portaudio import PortAudio

    lines = [f"{heard.name}{' [mic]' if heard.default else ''}" for heard in PortAudio().inputs()]
    typer.echo("\n".join(lines) or "this machine has no sound input")
