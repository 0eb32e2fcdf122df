"""How large a teacher should be: `python benchmarks/scaling.py CODEC CORPUS OUT [MINUTES] [WIDTHxDEPTH ...]`.

Trains each size from nothing for the same minutes on the same latents (resumable: a finished size is not
trained again), then prints one line a size: parameters, steps, validation loss by regime, live cost.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import torch

from legato import conditioning
from legato.config import FRAME_RATE, Config, GeneratorConfig, load_config
from legato.corpus.dataset import Corpus
from legato.models.generator import Generator
from legato.models.sampling import sample_student, student_steerings
from legato.models.streaming import Conditions
from legato.training.latents import LatentSet, encode_corpus
from legato.training.run import MODEL
from legato.training.teacher import REGIMES, fit_teacher
from legato.training.text import default_text_encoder

SIZES = ("256x6", "320x7", "384x9", "448x10")
HEAD = 64  # channels of an attention head
CHUNK = 4  # frames


def main(codec: str, corpus: str, out: str, minutes: str = "20", *sizes: str) -> None:
    """Train and print."""
    config = load_config("small")
    clips = Corpus(corpus).clips
    data = encode_corpus(clips, Path(codec), Path(codec) / "latents", default_text_encoder())
    columns = ["parameters", "steps", *REGIMES, "rtf_generate"]
    print(f"{'size':10}" + "".join(f"{name:>20}" for name in columns))
    for size in sizes or SIZES:
        figures = measure(config, data, size, Path(out) / size, float(minutes))
        print(f"{size:10}" + "".join(f"{figures[name]:20.4g}" for name in columns), flush=True)


def measure(config: Config, data: LatentSet, size: str, run: Path, minutes: float) -> dict[str, float]:
    """Figures of one size, trained in `run` if it is not yet."""
    width, depth = (int(number) for number in size.split("x"))
    shape = replace(config.generator, width=width, depth=depth, heads=width // HEAD)
    if not (run / MODEL).is_file() or not last_line(run).keys() >= REGIMES.keys():
        fit_teacher(replace(config, generator=shape), data, run, minutes=minutes)
    last = last_line(run)
    parameters = sum(p.numel() for p in Generator(shape).parameters())
    steps = last["step"] + 1
    return last | {"parameters": parameters, "steps": steps, "rtf_generate": live_cost(shape)}


def last_line(run: Path) -> dict[str, float]:
    """The last figures that a run logged: a finished one's end with its validation."""
    return json.loads((run / "log.jsonl").read_text().splitlines()[-1])


@torch.inference_mode()
def live_cost(shape: GeneratorConfig) -> float:
    """Seconds of one thread for a second of latents, one step a chunk and a full window; median of chunks."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    generator = Generator(shape).eval()
    state = generator.init_state(1, CHUNK)
    prompt = torch.nn.functional.normalize(torch.randn(1, shape.prompt_dim), dim=1)
    given = torch.ones(1, dtype=torch.bool)
    conditions = Conditions(prompt, given, torch.zeros(1, CHUNK, conditioning.WIDTH), torch.ones(1))
    steerings = student_steerings(generator, conditions, 1)
    spent = []
    for _ in range(2 * shape.window // CHUNK):
        noise = torch.randn(1, CHUNK, shape.latent_channels)
        began = time.perf_counter()
        _, state = sample_student(generator, noise, state, conditions, steerings=steerings)
        spent.append(time.perf_counter() - began)
    torch.set_num_threads(threads)
    return median(spent[len(spent) // 2 :]) * FRAME_RATE / CHUNK


if __name__ == "__main__":
    main(*sys.argv[1:])
