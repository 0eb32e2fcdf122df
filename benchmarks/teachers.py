"""Open models as instruments, beside their multi-step originals: `python benchmarks/teachers.py --help`.

Every model has random weights: speed does not depend on them, and sound is not the subject here. On a GPU the
shapes are those released; without one they are reduced, which says so in every row and proves only that the
script runs. The original of a family is its unconverted network, all tokens seeing all, solved in the steps
its own pipeline takes and decoded at once, in this process and on these weights.

`--plan` prints, without building anything, how much memory each released shape takes.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from open_shapes import SHAPES, RandomSource, plan

from legato.control.mapping import Heading
from legato.control.state import Controls
from legato.engine.instrument import Instrument
from legato.engine.model import LiveModel
from legato.engine.offline import Stream
from legato.engine.open_model import OpenModel
from legato.evaluation.realtime import bench
from legato.teachers.canvas import canvas_velocity
from legato.teachers.decoding import StreamingDecoder, seam_error
from legato.teachers.instrument import InstrumentRecord
from legato.teachers.loading import open_source
from legato.teachers.registry import FAMILIES
from legato.teachers.student import Student
from legato.teachers.tiny import write_tiny

CHUNKS_S = (0.5, 1.0, 2.0)
WINDOW_S = 10.0  # of audio context
ORIGINAL = {"ace-step": 8, "stable-audio": 100, "stable-audio-3": 8}  # steps of each pipeline's default
CLIP_S = 30.0  # length of an original's clip
GESTURES = ({"prompts": {"driving techno": 1.0}}, {"prompts": {"gentle piano": 1.0}})
GESTURE_S = 12.0  # of live playing
MOST_PLAYERS = 64
NAMES = 48  # characters of the first column
EMBEDDED = "embedded model"
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
    parser.add_argument("--families", nargs="*", default=[*SHAPES], help="which models")
    parser.add_argument("--minutes", type=float, default=3.0, help="of sound per sustained figure")
    parser.add_argument("--chunks", type=float, nargs="*", default=CHUNKS_S, help="seconds")
    parser.add_argument("--plan", action="store_true", help="memory of the released shapes, and no more")
    parser.add_argument("--alone", action="store_true", help="without MusicGen and the embedded model")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # of the libraries to their own authors
    if asked.plan:
        print(plan())
        return
    device = "cuda" if torch.cuda.is_available() else "cpu"
    size = "released shape, random weights" if device == "cuda" else "REDUCED shape, random weights, CPU"
    print(f"{torch.cuda.get_device_name() if device == 'cuda' else 'CPU'}: {size}\n")
    print(f"{'model':{NAMES}}" + "".join(f"{name:>12}" for name in COLUMNS))
    for name in asked.families:
        for row, figures in family_rows(name, device, asked.chunks, asked.minutes):
            show(row, figures)
    if not asked.alone:
        show(EMBEDDED, live_figures(Instrument.load().model, asked.minutes))
        show("MusicGen-small (transformers)", musicgen(device))


def show(name: str, figures: dict[str, float]) -> None:
    """One line of the table."""
    mark = "" if torch.cuda.is_available() or name == EMBEDDED else " [reduced]"
    cells = (f"{figures[column]:12.4g}" if column in figures else f"{'–':>12}" for column in COLUMNS)
    print(f"{name + mark:{NAMES}}" + "".join(cells), flush=True)


def family_rows(
    name: str, device: str, chunks_s: list[float], minutes: float
) -> Iterator[tuple[str, dict[str, float]]]:
    """A family as an instrument in each chunk size, its original, and what shorter look-aheads cost."""
    with tempfile.TemporaryDirectory() as folder:
        parts = build(name, device, Path(folder))
        for seconds in chunks_s:
            student = parts.student(seconds)
            model = OpenModel.of(student, parts.record(student.chunk, student.window), name)
            model.warm_up()
            yield f"{name}, streaming", live_figures(model, minutes)
        steps = ORIGINAL[parts.source.family.name]
        yield f"{name}, original in {steps} steps", original(parts, steps, device)
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


def live_figures(model: LiveModel, minutes: float) -> dict[str, float]:
    """Speed of an instrument: sustained, its first sound, a gesture, and how many may play at once."""
    on_gpu = torch.cuda.is_available()
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    began = time.perf_counter()
    stream = Stream.start(model, Controls(seed=1))
    first, chunks = 0.0, 0
    while stream.sample < 60 * minutes * model.sample_rate:
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
    if figures["RTF"] < 1:
        live = bench(Instrument(model), seconds=GESTURE_S, gestures=GESTURES)
        figures["gesture ms"] = live["gesture_to_sound_ms_p50"]
        figures["players"] = players(model, figures["RTF"])
    return figures


def players(model: LiveModel, rtf: float) -> int:
    """Players at a real-time factor below 1: measured with rows in one step, or else one after another."""
    if model.max_rows == 1:
        return int(1 / rtf)
    chunk_s = model.chunk_frames * model.frame_samples / model.sample_rate
    read = model.steering(Controls(), Heading(None, None, None))
    most, rows = 1, 2
    while rows <= MOST_PLAYERS:
        noise = np.random.default_rng(0).standard_normal(
            (rows, model.chunk_frames, model.latent_channels), np.float32
        )
        state = model.join([model.init_state(model.chunk_frames) for _ in range(rows)])
        spent = []
        for _ in range(30):  # the first ones fill context and decoder
            began = time.perf_counter()
            made = model.step(noise, noise, [read] * rows, np.ones(rows, np.float32), 1, state)
            state = model.join(model.split(made.state))
            spent.append(time.perf_counter() - began)
        if float(np.median(spent[15:])) > chunk_s:
            break
        most, rows = rows, 2 * rows
    return most


@torch.inference_mode()
def original(parts: Parts, steps: int, device: str) -> dict[str, float]:
    """A clip by the unconverted network in many steps, with guidance where its pipeline uses it."""
    network, family, student = parts.network, parts.source.family, parts.student(CHUNKS_S[0])
    frames = round(CLIP_S * student.frame_rate / network.patch) * network.patch
    read = student.encode_prompts(["house"])
    keys = list(zip(read.k, read.v, strict=True)), read.bias_bl
    nothing_known = torch.zeros(frames, device=device)
    passes = 2 if family.guidance(parts.source)[1] > 1 else 1
    x = torch.randn(1, frames, student.channels, device=device)
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    began = time.perf_counter()
    for t, r in pairwise(family.grid(parts.source, steps)):
        for _ in range(passes):
            u = canvas_velocity(network, x, nothing_known, x, x.new_full((1,), t), keys, read.vector_bg)
        x = x - (t - r) * u
    if device == "cuda":
        torch.cuda.synchronize()
    generated = time.perf_counter()
    StreamingDecoder(parts.vae).whole(x.to(next(parts.vae.parameters()).dtype)).cpu()
    return _of_a_clip(frames / student.frame_rate, generated - began, time.perf_counter() - generated)


@torch.inference_mode()
def musicgen(device: str) -> dict[str, float]:
    """A clip by MusicGen, in the shape of its small release on a GPU, else reduced."""
    from transformers import EncodecConfig, MusicgenConfig, MusicgenDecoderConfig, T5Config
    from transformers import MusicgenForConditionalGeneration as Musicgen

    layers, text_layers, filters = (24, 12, 64) if device == "cuda" else (2, 1, 8)
    config = MusicgenConfig(
        text_encoder=T5Config(d_model=768, d_ff=3072, num_layers=text_layers, num_heads=12),
        audio_encoder=EncodecConfig(
            sampling_rate=32_000,
            upsampling_ratios=[8, 5, 4, 4],
            codebook_size=2048,
            num_filters=filters,
            target_bandwidths=[2.2],
        ),
        decoder=MusicgenDecoderConfig(num_hidden_layers=layers),
    )
    model = Musicgen(config).to(device).eval()
    seconds = CLIP_S if device == "cuda" else 2.0
    ids = torch.ones(1, 8, dtype=torch.long, device=device)
    began = time.perf_counter()
    model.generate(
        input_ids=ids, do_sample=True, max_new_tokens=round(seconds * config.audio_encoder.frame_rate)
    )
    return _of_a_clip(seconds, time.perf_counter() - began, 0.0)


def _of_a_clip(seconds: float, generate_s: float, decode_s: float) -> dict[str, float]:
    """Nothing of a clip is heard before all of it is made, and a gesture asks for another."""
    total = generate_s + decode_s
    return {
        "chunk s": seconds,
        "generate ms": 1000 * generate_s,
        "decode ms": 1000 * decode_s,
        "total ms": 1000 * total,
        "RTF": total / seconds,
        "first ms": 1000 * total,
        "gesture ms": 1000 * total,
        "players": int(seconds / total),
        "peak GB": _peak_gb(),
    }


def _peak_gb() -> float:
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 1e9
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e9


if __name__ == "__main__":
    main()
