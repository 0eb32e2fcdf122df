"""Open models as instruments, beside their multi-step originals: `python benchmarks/teachers.py --help`.

Every model has random weights: speed does not depend on them, and sound is not the subject here. On a GPU the
shapes are those released; without one they are reduced, which says so in every row and proves only that the
script runs. The original of a family is its unconverted network, all tokens seeing all, solved in the steps
its own pipeline takes and decoded at once, in this process and on these weights.

Where a machine is to be had for a short while, `--seconds-limit` ends the table in time, after the row that
is being measured, and `--minutes` and `--live` say how long each figure may take.

`--plan` prints, without building anything, how much memory each released shape takes.
"""

from __future__ import annotations

import argparse
import gc
import math
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from open_originals import STEPS, musicgen, original
from open_shapes import PROMPTS, SHAPES, RandomSource, plan

from legato.conditioning import WIDTH
from legato.control.mapping import Heading
from legato.control.state import Controls
from legato.engine.instrument import Instrument
from legato.engine.model import LiveModel
from legato.engine.offline import Stream
from legato.engine.open_model import OpenModel
from legato.evaluation.realtime import bench
from legato.teachers.decoding import StreamingDecoder, seam_error
from legato.teachers.instrument import InstrumentRecord
from legato.teachers.loading import open_source
from legato.teachers.registry import FAMILIES
from legato.teachers.student import Student
from legato.teachers.tiny import write_tiny

CHUNKS_S = (0.5, 1.0, 2.0)
WINDOW_S = 10.0  # of audio context
GESTURES = tuple({"prompts": {prompt: 1.0}} for prompt in PROMPTS)
FILL = 24  # chunks after which the decoder's window of any model is full
TIMED = 8  # steps of many players that are timed
NAMES = 48  # characters of the first column
EMBEDDED, MUSICGEN = "embedded", "musicgen-small"
MODELS = (*SHAPES, EMBEDDED, MUSICGEN)
COLUMNS = (
    "chunk s",
    "generate ms",
    "decode ms",
    "total ms",
    "RTF",
    "first ms",
    "gesture ms",
    "players",
    "peak GB",
)


@dataclass(frozen=True)
class Effort:
    """How long figures may take.

    Attributes:
        minutes: of sound per sustained figure.
        live_s: seconds of live playing per gesture figure.
        ends: when the whole table is to end, in seconds of `time.perf_counter`.
    """

    minutes: float
    live_s: float
    ends: float = math.inf

    @property
    def left(self) -> float:
        """Seconds."""
        return self.ends - time.perf_counter()


@dataclass(frozen=True)
class Parts:
    """An open model with random weights, in its streaming form."""

    source: Any
    network: Any
    text: Any
    vae: Any

    def student(self, chunk_s: float) -> Student:
        """To be played in chunks of about so many seconds."""
        rate, hop = self.source.family.sound(self.source)
        chunk = max(1, round(chunk_s * rate / hop / self.network.patch)) * self.network.patch
        window = max(1, round(WINDOW_S * rate / hop / chunk)) * chunk
        record = self.record(chunk, window)
        return Student(self.source, record, self.network, self.text, self.vae, self.source.name)

    def record(self, chunk: int, window: int) -> InstrumentRecord:
        """As an instrument on it would have."""
        guidance = self.source.family.guidance(self.source)
        family = self.source.family.name
        return InstrumentRecord(family, "random weights", "", "", 1, 1.0, chunk, window, guidance)


def main() -> None:
    """Measure and print, a row as soon as it is known."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", nargs="*", default=MODELS, choices=MODELS, help="in this order")
    parser.add_argument("--minutes", type=float, default=3.0, help="of sound per sustained figure")
    parser.add_argument("--live", type=float, default=12.0, help="seconds played live per gesture figure")
    parser.add_argument("--seconds-limit", type=float, default=math.inf, help="begin no row after so many")
    parser.add_argument("--chunks", type=float, nargs="*", default=CHUNKS_S, help="seconds")
    parser.add_argument("--plan", action="store_true", help="memory of the released shapes, and no more")
    asked = parser.parse_args()
    effort = Effort(asked.minutes, asked.live, time.perf_counter() + asked.seconds_limit)
    warnings.simplefilter("ignore")  # of the libraries to their own authors
    if asked.plan:
        print(plan())
        return
    device = "cuda" if torch.cuda.is_available() else "cpu"
    size = "released shape, random weights" if device == "cuda" else "REDUCED shape, random weights, CPU"
    print(f"{torch.cuda.get_device_name() if device == 'cuda' else 'CPU'}: {size}\n")
    print(f"{'model':{NAMES}}" + "".join(f"{name:>12}" for name in COLUMNS), flush=True)
    for row, figures in rows(asked.models, device, asked.chunks, effort):
        show(row, figures)
        if effort.left < 0:
            print(f"stopped after {asked.seconds_limit:g} seconds")
            break


def rows(
    models: list[str], device: str, chunks_s: list[float], effort: Effort
) -> Iterator[tuple[str, dict[str, float]]]:
    """All of the table."""
    for name in models:
        if name == EMBEDDED:
            yield "embedded model", live_figures(Instrument.load().model, effort)
        elif name == MUSICGEN:
            yield "MusicGen-small (transformers)", {**musicgen(device), "peak GB": _peak_gb()}
        else:
            yield from family_rows(name, device, chunks_s, effort)
        let_go()


def show(name: str, figures: dict[str, float]) -> None:
    """One line of the table."""
    mark = "" if torch.cuda.is_available() or name.startswith(EMBEDDED) else " [reduced]"
    cells = (f"{figures[column]:12.4g}" if column in figures else f"{'–':>12}" for column in COLUMNS)
    print(f"{name + mark:{NAMES}}" + "".join(cells), flush=True)


def family_rows(
    name: str, device: str, chunks_s: list[float], effort: Effort
) -> Iterator[tuple[str, dict[str, float]]]:
    """A family as an instrument in each chunk size, its original, and what shorter look-aheads cost."""
    with tempfile.TemporaryDirectory() as folder:
        parts = build(name, device, Path(folder))
        for seconds in chunks_s:
            student = parts.student(seconds)
            model = OpenModel.of(student, parts.record(student.chunk, student.window), name)
            model.warm_up()
            figures = live_figures(model, effort)
            del model
            let_go()
            yield f"{name}, streaming", figures
        figures = original(parts.source, parts.student(chunks_s[0]), device)
        yield (
            f"{name}, original in {STEPS[parts.source.family.name]} steps",
            {**figures, "peak GB": _peak_gb()},
        )
        if effort.left < math.inf:
            return  # it takes its time, and depends on the weights
        decoder = StreamingDecoder(parts.vae)
        weight = next(parts.vae.parameters())
        latents = torch.randn(1, 4 * decoder.after + 8, decoder.channels).to(weight)
        for ahead in sorted({decoder.after, decoder.after // 2, 1}):
            error = seam_error(parts.vae, latents, 8, ahead)
            delay_ms = 1000 * ahead * decoder.hop / decoder.sample_rate
            print(
                f"  decoder looking {ahead} frames ({delay_ms:.0f} ms) ahead: error up to {error:.2g} of RMS"
            )


def build(name: str, device: str, folder: Path) -> Parts:
    """A model with random weights: on a GPU in the released shape, else a reduced one from `folder`."""
    family = FAMILIES[name.removesuffix("-xl")]
    source: Any = (
        RandomSource(family, name, torch.bfloat16, device)
        if device == "cuda"
        else open_source(family, str(write_tiny(family.name, folder / "model")))
    )
    vae = family.vae(source).to(device)
    transformer = family.transformer(source)
    text = family.text_side(source, transformer, device)
    return Parts(source, family.network(source, transformer, text).to(device).eval(), text, vae)


def live_figures(model: LiveModel, effort: Effort) -> dict[str, float]:
    """Speed of an instrument: sustained, its first sound, a gesture, and how many may play at once."""
    began = time.perf_counter()
    enough = began + effort.left / 4  # what is left is for gestures, players and the other rows
    stream = Stream.start(model, Controls(seed=1))
    first, chunks = 0.0, 0
    wanted = 60 * effort.minutes * model.sample_rate
    while not first or (stream.sample < wanted and time.perf_counter() < enough):
        heard = len(next(stream))
        chunks += 1
        if heard and not first:
            first = time.perf_counter() - began
    spent = time.perf_counter() - began
    seconds = stream.sample / model.sample_rate
    figures = {
        "chunk s": stream.chunk_ms / 1000,
        "generate ms": 1000 * stream.generate_s / chunks,
        "decode ms": 1000 * stream.decode_s / chunks,
        "total ms": 1000 * spent / chunks,
        "RTF": spent / seconds,
        "first ms": 1000 * first,
        "peak GB": _peak_gb(),
    }
    bad = stream.counts["bad_chunks"]
    print(f"  {seconds:.0f} s of sound" + (f", {bad} CHUNKS NOT FINITE" if bad else ""), flush=True)
    if figures["RTF"] < 1:
        figures["players"] = players(model, figures["RTF"])
        if effort.left > 2 * effort.live_s:  # it is played again off-line
            live = bench(Instrument(model), seconds=effort.live_s, gestures=GESTURES)
            figures["gesture ms"] = live["gesture_to_sound_ms_p50"]
            noted = ("gestures", "gestures_unheard", "underruns", "replay_exact")
            print("  " + ", ".join(f"{name} {live[name]}" for name in noted), flush=True)
    return figures


def players(model: LiveModel, rtf: float) -> int:
    """Players at a real-time factor below 1, in steps of as many rows as the model takes at once.

    Only steps are counted. What more of them would play, one after another, is as an engine does it.
    """
    if model.max_rows == 1:
        return int(1 / rtf)
    chunk_s = model.chunk_frames * model.frame_samples / model.sample_rate
    read = model.steering(Controls(), Heading(None, None, None))

    def step(states: list[Any]) -> list[Any]:
        rows = len(states)
        shape = (rows, model.chunk_frames, model.latent_channels)
        noise = np.random.default_rng(0).standard_normal(shape, np.float32)
        cond = np.zeros((*shape[:2], WIDTH), np.float32)
        made = model.step(noise, cond, [read] * rows, np.ones(rows, np.float32), 1, model.join(states))
        return model.split(made.state)

    states = [model.init_state(model.chunk_frames)]
    for _ in range(FILL):
        states = step(states)
    rows = model.max_rows
    while rows > 1:
        many, spent = states * rows, []
        for _ in range(2 + TIMED):  # in the first ones a GPU chooses its kernels
            began = time.perf_counter()
            many = step(many)
            spent.append(time.perf_counter() - began)
        if (groups := int(chunk_s / float(np.median(spent[2:])))) > 0:
            return rows * groups
        rows //= 2
    return int(1 / rtf)


def let_go() -> None:
    """Give back what is no longer needed, so that it does not count for the next row."""
    gc.unfreeze()  # models that were warmed up are among it
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def _peak_gb() -> float:
    if torch.cuda.is_available():
        return torch.cuda.max_memory_reserved() / 1e9  # with what graphs keep for themselves
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e9


if __name__ == "__main__":
    main()
