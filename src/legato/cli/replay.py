"""`legato replay`: a recorded session, rendered again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legato.cli.common import AsJson, Base, Fake, Model, print_json, progress_bars
from legato.cli.render import check_output

if TYPE_CHECKING:
    from legato.engine.instrument import Instrument


def replay(
    session: Annotated[Path, typer.Argument(help="The .jsonl file beside a take.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The .wav or .flac file to write; default: beside it.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Generator steps a chunk, 1, 2 or 4; default: as it was played.")
    ] = None,
    model: Model = None,
    base: Base = None,
    fake: Fake = False,
    as_json: AsJson = False,
) -> None:
    """Render a take again from its log: the same sound bit for bit, or at another quality with --steps.

    The sound is the music that was made: gaps of a late engine or disk are closed.
    """
    from legato.engine.log import SessionLog, installed
    from legato.io.recorder import KINDS, check_kind, write_sound

    log = SessionLog.load(session)
    if steps is not None:
        log.controls.steer(steps=steps)  # refused before the model is loaded
    if out is None:
        out = session.with_name(f"{session.stem}-replay{f'-{steps}-steps' if steps else ''}.wav")
    check_output(out, KINDS)
    kind = check_kind(out.suffix.lower().removeprefix("."))
    instrument = _instrument(model, base, fake)
    with progress_bars() as bars:
        bar, length = bars("replay", "second"), log.samples / instrument.sample_rate
        blocks = instrument.replay_chunks(
            log, steps=steps, progress=lambda done: bar(round(done, 2), round(length, 2), {})
        )
        write_sound(out, blocks, instrument.sample_rate, kind)
    seconds = (log.samples - log.start) / instrument.sample_rate
    gaps = [int(note.value) for note in log.of_kind("gap") + log.of_kind("lost")]
    gap_s = sum(gaps) / instrument.sample_rate
    others = {name: found for name, found in installed().items() if log.versions.get(name) != found}
    if as_json:
        result = {"out": str(out), "seconds": seconds, "model": instrument.name}
        print_json({**result, "gap_seconds": gap_s, "other_versions": others})
        return
    typer.echo(f"{out}: {seconds:.2f} s of {session.name}, played by {instrument.name}")
    if gap_s:
        typer.echo(f"the recording has {gap_s:.2f} s of gaps, which are closed here")
    if others:
        changed = ", ".join(f"{name} ({log.versions.get(name)}, now {now})" for name, now in others.items())
        typer.echo(f"last bits may differ, as other versions played it: {changed}")


def _instrument(model: str | None, base: str | None, fake: bool) -> Instrument:
    import legato

    if fake:
        from legato.engine.fake import CounterModel

        return legato.Instrument(CounterModel())
    return legato.load(model, base=base)
