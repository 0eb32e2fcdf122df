"""All verbs under one command, and what becomes of errors: one sentence and an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import NoReturn

import typer

from legato.cli import corpus, demo, doctor, measure, models, play, render, replay, train

USER_ERROR = 2
INTERRUPTED = 130
RARELY = 50_000  # objects made between looks of the garbage collector, which else slow down every import

_OUTSIDE = (errno.EACCES, errno.ENOENT, errno.ENOSPC, errno.EROFS, errno.EDQUOT)  # a user can mend these

app = typer.Typer(
    name="legato",
    help="Turn a text-to-music model into a live instrument.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("play")(play.play)
app.command("render")(render.render)
app.command("replay")(replay.replay)
app.command("demo")(demo.demo)
app.add_typer(corpus.app, name="corpus")
app.add_typer(train.app, name="train")
app.command("distill")(train.distill)
app.command("eval")(measure.evaluate)
app.command("bench")(measure.bench)
app.add_typer(models.app, name="models")
app.command("doctor")(doctor.doctor)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 2 a user's mistake (one sentence on stderr), 130 Ctrl-C."""
    gc.set_threshold(RARELY)
    try:
        code = app(arguments, standalone_mode=False)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: leave quietly
        code = 0
    except Exception as error:
        if (sentence := explain(error)) is None:
            raise
        print(f"legato: {sentence}", file=sys.stderr)
        code = USER_ERROR
    if code == INTERRUPTED:
        print("legato: stopped", file=sys.stderr)
    sys.exit(code or 0)


def explain(error: Exception) -> str | None:
    """The sentence that tells a user what went wrong; None where it is a fault of the program."""
    usage = getattr(error, "format_message", None)  # typer's own: an unknown verb, a value of the wrong type
    if usage is not None:
        return f"{usage()} ('legato --help' and 'legato VERB --help' tell more)"
    own_kind = type(error).__module__.startswith("legato.")
    if own_kind or (isinstance(error, ValueError) and _raised_by_legato(error)):
        return " ".join(str(error).split())
    if isinstance(error, OSError) and error.errno in _OUTSIDE:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}"
    return None


def _raised_by_legato(error: Exception) -> bool:
    """Whether the error was raised in Legato's own code: a check of its own, not a slip further down."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__")).startswith("legato.")
