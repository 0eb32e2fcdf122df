"""`legato doctor`: what this machine can do, with plain advice."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from legato.cli.common import AsJson, Model, print_json
from legato.cli.show import describe

if TYPE_CHECKING:
    from legato.evaluation.fitness import Fitness

OK, WARN, FAIL = "ok", "warn", "fail"
DEFAULT_CHUNK = 4  # frames, of `legato play`


@dataclass(frozen=True)
class Finding:
    """One look at the machine: what was found, and what to do about it if anything."""

    name: str
    verdict: str
    found: str
    advice: str = ""


def doctor(
    model: Model = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port that `legato play` would use.")
    ] = 8321,
    as_json: AsJson = False,
) -> None:
    """Check Python, torch, sounds, port, model and speed; exit code 1 where Legato cannot play."""
    checks: list[Callable[[], Finding]] = [
        python,
        torch_build,
        threads,
        denormals,
        lambda: free_port(port),
        audio,
        soundfont,
        lambda: bundle(model),
        lambda: speed(model),
    ]
    findings = [check() for check in checks]
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        _print(findings)
    if any(finding.verdict == FAIL for finding in findings):
        raise typer.Exit(1)


def python() -> Finding:
    """The interpreter; one too old could not have been installed into."""
    return Finding("python", OK, f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def torch_build() -> Finding:
    """PyTorch and its device."""
    import torch

    if not torch.cuda.is_available():
        return Finding("torch", OK, f"{torch.__version__}, CPU")
    return Finding("torch", OK, f"{torch.__version__}, {torch.cuda.get_device_name(0)}")


def threads() -> Finding:
    """Cores and the threads torch uses on them."""
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    found = f"{cores} cores, torch uses {torch.get_num_threads()} threads"
    if hasattr(os, "getloadavg") and os.getloadavg()[0] > cores:
        return Finding(
            "threads", WARN, f"{found}, load {os.getloadavg()[0]:.1f}", "other work is on the cores: stop it"
        )
    if torch.get_num_threads() > cores:
        return Finding(
            "threads", WARN, found, f"more threads than cores stall one another: set OMP_NUM_THREADS={cores}"
        )
    return Finding("threads", OK, found)


def denormals() -> Finding:
    """Whether tiny numbers can be flushed to zero; silence is slow where they cannot."""
    import torch

    supported = torch.set_flush_denormal(True)
    torch.set_flush_denormal(False)
    if supported:
        return Finding("denormals", OK, "can be flushed to zero")
    return Finding(
        "denormals", WARN, "cannot be flushed on this processor", "quiet passages may cost more time"
    )


def free_port(port: int) -> Finding:
    """The page's port on this machine."""
    from legato.serving.app import ServeError, listen

    try:
        listen("127.0.0.1", port).close()
    except ServeError as error:
        return Finding("port", WARN, str(error), "name another with --port")
    return Finding("port", OK, f"{port} is free")


def audio() -> Finding:
    """Where sound comes out."""
    names = ("xdg-open", "open", "chromium", "google-chrome", "firefox")
    browser = sys.platform in ("darwin", "win32") or any(shutil.which(name) for name in names)
    if browser:
        return Finding("audio", OK, "sound plays in the browser's page")
    advice = (
        "open the address that `legato play` prints in a browser, from another machine with --host 0.0.0.0"
    )
    return Finding("audio", WARN, "no browser found here", advice)


def soundfont() -> Finding:
    """Sounds to train on; playing needs none."""
    from legato.config import load_config
    from legato.corpus.voices import CorpusError, open_voices

    missing: list[str] = []
    try:
        open_voices("", load_config("small").corpus.sets, told=missing.append)
    except CorpusError as error:
        return Finding("soundfont", WARN, str(error), "needed for training only, not for playing")
    return Finding("soundfont", OK, "; ".join(["found, for training", *missing]))


def bundle(model: str | None) -> Finding:
    """The model, checked; a bundle is loaded, the base of an instrument only when its speed is measured."""
    from legato.models.bundle import Bundle, BundleError
    from legato.models.manifest import is_instrument
    from legato.models.opening import find
    from legato.teachers.playable import TeacherError

    try:
        folder = find(model)
        if is_instrument(folder):
            told = describe(folder)
            found = f"{told['name']}, {told['bytes'] / 1e6:.1f} MB on {told['base']}, {told['license']}"
            return Finding("bundle", OK, f"no bundle but an instrument: {found}")
        loaded = Bundle.load(folder)
    except (BundleError, TeacherError) as error:
        return Finding("bundle", FAIL, str(error), "train one (see the README) or name one with --model")
    return Finding("bundle", OK, f"{loaded.name}, {loaded.bytes / 1e6:.1f} MB, {loaded.card.license}")


def speed(model: str | None) -> Finding:
    """Whether it plays in real time, at which chunk, and how soon a gesture sounds."""
    import legato
    from legato.evaluation.fitness import fitness
    from legato.models.bundle import BundleError
    from legato.teachers.playable import TeacherError

    try:
        instrument = legato.load(model)
    except BundleError:
        return Finding("speed", WARN, "not measured without a bundle")
    except TeacherError as error:
        return Finding("speed", FAIL, str(error), "see docs/teachers.md")
    return judged(fitness(instrument))


def judged(found: Sequence[Fitness]) -> Finding:
    """What the speed at each chunk size comes to, in plain words."""
    playing = [one for one in found if one.plays]
    shares = ", ".join(f"{100 * one.share:.0f} % at {one.chunk_ms:.0f} ms" for one in found)
    if not playing:
        told = f"too slow to play in real time: chunks take {shares} of their length"
        return Finding("speed", FAIL, told, "stop other work, or use a faster machine or CUDA")
    default = next((one for one in playing if one.chunk_frames == DEFAULT_CHUNK), playing[0])
    waits = f"a gesture sounds after about {round(default.gesture_ms, -1):.0f} ms"
    told = f"of one core it uses {shares}; at {default.chunk_ms:.0f} ms {waits}"
    if len(playing) < len(found):
        sizes = ", ".join(f"{one.chunk_ms:.0f}" for one in found if not one.plays)
        told = f"this machine plays in real time, but not in chunks of {sizes} ms; {told}"
        choice = " or ".join(f"--chunk {one.chunk_frames}" for one in playing)
        verdict = OK if default.chunk_frames == DEFAULT_CHUNK and default.easily else WARN
        return Finding("speed", verdict, told, f"play with {choice}, and stop other work meanwhile")
    told = f"this machine plays in real time at every chunk size; {told}"
    if not default.easily:
        return Finding("speed", WARN, told, "little headroom: stop other work while playing")
    return Finding("speed", OK, told)


def _print(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table

    colours = {OK: "green", WARN: "yellow", FAIL: "red"}
    table = Table(box=None, show_header=False)
    for f in findings:
        text = f"{f.found} [dim]– {f.advice}[/dim]" if f.advice else f.found
        table.add_row(f"[{colours[f.verdict]}]{f.verdict}[/]", f.name, text)
    Console().print(table)
