"""How large a teacher should be: `python benchmarks/scaling.py CODEC CORPUS OUT [STEPS] [WIDTHxDEPTH ...]`.

Trains each size from nothing for the same steps on the same latents (resumable: a finished size is not
trained again), then prints one line a size: parameters, validation loss by regime, what a step of training
and a second of live music cost.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

import torch

from legato import conditioning
from legato.config import FRAME_RATE, Config, GeneratorConfig, load_config
from legato.corpus.dataset import Corpus
from legato.models.generator import Generator
from legato.models.sampling import sample_student, student_steerings
from legato.models.streaming import Conditions
from legato.nn.packed import pack
from legato.training.latents import LatentSet, encode_corpus
from legato.training.run import MODEL
from legato.training.teacher import REGIMES, fit_teacher
from legato.training.text import default_text_encoder

SIZES = ("256x6", "320x7", "384x9", "448x10")
HEAD = 64  # channels of an attention head
CHUNK = 4  # frames


def main(codec: str, corpus: str, out: str, steps: str = "400", *sizes: str) -> None:
    """Train and print."""
    config = load_config("small", [f"train_teacher.optim.steps={steps}"])
    clips = Corpus(corpus).clips
    data = encode_corpus(clips, Path(codec), Path(codec) / "latents", default_text_encoder())
    columns = ["parameters", *REGIMES, "step_s", "rtf_generate"]
    print(f"{'size':10}" + "".join(f"{name:>20}" for name in columns))
    for size in sizes or SIZES:
        figures = measure(config, data, size, Path(out) / size)
        print(f"{size:10}" + "".join(f"{figures[name]:20.4g}" for name in columns), flush=True)


def measure(config: Config, data: LatentSet, size: str, run: Path) -> dict[str, float]:
    """Figures of one size, trained in `run` if it is not yet."""
    width, depth = (int(number) for number in size.split("x"))
    shape = replace(config.generator, width=width, depth=depth, heads=width // HEAD)
    if not (run / MODEL).is_file() or not log(run)[-1].keys() >= REGIMES.keys():
        fit_teacher(replace(config, generator=shape), data, run)
    lines = log(run)
    parameters = sum(p.numel() for p in Generator(shape).parameters())
    pace = median((b["seconds"] - a["seconds"]) / (b["step"] - a["step"]) for a, b in pairwise(lines))
    return lines[-1] | {"parameters": parameters, "step_s": pace, "rtf_generate": live_cost(shape)}


def log(run: Path) -> list[dict[str, float]]:
    """What a run logged, step by step: at a finished one's end its validation."""
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


@torch.inference_mode()
def live_cost(shape: GeneratorConfig) -> float:
    """Seconds of one thread for a second of latents, one step a chunk and a full window; median of chunks."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    generator = Generator(shape).eval()
    pack(generator)
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
