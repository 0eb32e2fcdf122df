"""From a bundle back to run folders, so that training can go on from a published model."""

from __future__ import annotations

import json
import os
from pathlib import Path

from safetensors.torch import save_file

from legato.config import to_dict
from legato.models.bundle import read_config
from legato.models.manifest import BundleError, verify
from legato.models.opening import find
from legato.models.storage import read_tensors
from legato.teachers import NativeTeacher
from legato.training.adapters import merged_tensors, save_adapter
from legato.training.distill import load_generator
from legato.training.run import MODEL

RUNS = {  # run folder -> the bundle's file, and its name in the run
    "codec": ("codec.safetensors", "model.safetensors"),
    "teacher": ("generator.safetensors", "model.safetensors"),
    "student": ("adapter.safetensors", "adapter.safetensors"),
}


def unpack(source: str | os.PathLike[str] | None, out: Path) -> dict[str, Path]:
    """Write `out/codec`, `out/teacher` and `out/student`, with what `--init` of their stages starts from.

    Each holds `config.json` and, in float32, `model.safetensors`, as training leaves them, the student
    `adapter.safetensors` beside it; a bundle without an adapter gives no student.

    Args:
        source: a bundle's folder, a hub id, or None for the embedded one.
        out: where to; it must hold none of the folders yet.

    Returns:
        The run folders by their names.

    Raises:
        BundleError: the bundle is not there or damaged, or a run folder exists already.
    """
    folder = find(source)
    verify(folder)
    config = read_config(folder)
    runs = {name: out / name for name, (file, _) in RUNS.items() if (folder / file).is_file()}
    if taken := [run for run in runs.values() if run.exists()]:
        raise BundleError(f"{taken[0]} exists already; choose another folder or delete it first")
    for name, run in runs.items():
        run.mkdir(parents=True)
        (run / "config.json").write_text(json.dumps(to_dict(config), indent=1))
        file, product = RUNS[name]
        if name != "student":
            save_file(read_tensors(folder / file), run / product)
    if student := runs.get("student"):  # with its teacher's mark, so that they can be packed again
        teacher, lora = NativeTeacher(load_generator(runs["teacher"])), config.distill
        file, product = RUNS["student"]
        adapter = read_tensors(folder / file)
        save_adapter(student / product, adapter, teacher, lora.rank, lora.alpha)
        save_file(merged_tensors(teacher, adapter, lora.rank, lora.alpha), student / MODEL)
    return runs


def has_encoder(codec_run: Path) -> bool:
    """Whether the codec of a run folder can encode audio, or came from a bundle without that half."""
    from safetensors import safe_open

    with safe_open(codec_run / "model.safetensors", "pt") as tensors:
        return any(name.startswith("encoder.") for name in tensors.keys())
