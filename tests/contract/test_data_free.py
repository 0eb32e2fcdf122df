"""Distillation takes prompts and scripts alone: it runs with music, sound and latents out of reach."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from legato.config import load_config, to_dict
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.training.checkpoint import save_tensors

CONFIG = load_config("test")
# `legato distill`, in a process that can neither import what knows music nor open what holds it.
DISTIL = """
import sys
from pathlib import Path

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("legato.corpus", "legato.training.teacher", "soundfile")):
            raise ImportError(name)

def refuse(event, arguments):
    if event == "open":
        path = Path(str(arguments[0]))
        kinds = (".wav", ".flac", ".npy", ".npz", ".sf2", ".mid")
        if {"corpus", "latents"} & {*path.parts} or path.suffix in kinds:
            raise RuntimeError(f"distillation opened {path}")

sys.meta_path.insert(0, Blocked())
from legato.cli import main
sys.addaudithook(refuse)
main(["distill", "--preset", "test", "--set", "distill.energy=0.5", "--set", "distill.matching=0.5",
      "--set", "distill.adversary=0.5", "--set", "distill.fake_updates=1"])
"""


def test_distillation_reads_neither_music_nor_latents(tmp_path: Path) -> None:
    runs = tmp_path / "runs" / "test"
    torch.manual_seed(0)
    for name, module in (("teacher", Generator(CONFIG.generator)), ("codec", Codec(CONFIG.codec))):
        save_tensors(runs / name / "model.safetensors", module.state_dict())
        (runs / name / "config.json").write_text(json.dumps(to_dict(CONFIG)))
    # Where music and latents would be, there is nothing that could be read as such.
    for spoilt in ("corpus/audio/a.flac", "corpus/manifest.jsonl", "codec/latents/latents.safetensors"):
        (runs / spoilt).parent.mkdir(parents=True, exist_ok=True)
        (runs / spoilt).write_bytes(b"no music")
    done = subprocess.run(
        [sys.executable, "-c", DISTIL], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    adapter = load_file(runs / "student" / "adapter.safetensors")
    assert any(name.endswith("lora_b") and bool(tensor.any()) for name, tensor in adapter.items())
