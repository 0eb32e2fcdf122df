"""A model on disk: one folder with weights, settings, text encoder, conductor's knowledge and card.

`generator.safetensors` is the teacher, `adapter.safetensors` turns it into the one-step student; how matrices
are kept says `models.storage`. Nothing in a bundle is executable: safetensors, JSON, ONNX and Markdown only.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save_file as save_arrays
from torch import nn
from torch.overrides import TorchFunctionMode

from legato.config import Config, ConfigError, parse_config, to_dict
from legato.models import hub
from legato.models.adapters import AdapterError, merge
from legato.models.anchors import Hearing
from legato.models.card import Card
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.models.manifest import FILES, BundleError, bundle_bytes, write_manifest
from legato.models.opening import Opening
from legato.models.prompt import PROMPT_DIM, PromptEncoder
from legato.models.storage import Tensors, read_tensors, write_tensors

__all__ = ["Bundle", "BundleError", "Card"]

C = TypeVar("C")
M = TypeVar("M", bound=nn.Module)

_ENCODER = "encoder."
_CENTRE = "centre."  # prefix of a style's second vector in conductor.safetensors


@dataclass(frozen=True, eq=False)
class Bundle:
    """A loaded model, ready to play.

    Attributes:
        folder: where it lies.
        config: its settings.
        codec: latents to sound and back, in evaluation mode.
        generator: the one-step student (teacher with the adapter merged), in evaluation mode.
        prompts: the text encoder.
        styles: direction of each style among prompts, unit length [384]: the nearest one is meant.
        centres: where captions of each style lie, unit length [384]; empty in bundles from before there were.
        card: name, licence, measured figures.
    """

    folder: Path
    config: Config
    codec: Codec
    generator: Generator
    prompts: PromptEncoder
    styles: dict[str, np.ndarray]
    centres: dict[str, np.ndarray]
    card: Card

    @property
    def hearing(self) -> Hearing:
        """What the generator makes of each prompt's vector."""
        return Hearing(self.styles, self.centres)

    @property
    def name(self) -> str:
        """The model's short name."""
        return self.card.name

    @property
    def level(self) -> float:
        """Factor of what the student's latents decode to, so that it is as loud as what was learnt from."""
        return 10.0 ** (self.config.distill.level_db / 20.0)

    @property
    def bytes(self) -> int:
        """Size on disk."""
        return bundle_bytes(self.folder)

    @staticmethod
    def load(source: str | os.PathLike[str] | None = None, device: str | torch.device = "cpu") -> Bundle:
        """A bundle from a folder, from a hub by its id (`org/name`), or (None) the embedded one.

        Raises:
            BundleError: it is not there, was truncated or altered, or its parts do not fit.
        """
        return Bundle.of(Opening(source), device)

    @staticmethod
    def of(opening: Opening, device: str | torch.device = "cpu") -> Bundle:
        """The bundle that is being opened; BundleError as `load` raises it."""
        folder = opening.checked()
        config, card = read_config(folder), _read_card(folder)
        styles, centres = read_styles(folder), read_centres(folder)
        codec = _codec(folder, config)
        generator = _into(
            _unfilled(Generator, config.generator), _student(folder, config), folder, "generator"
        )
        generator.spread, generator.temperature = config.distill.spread, config.distill.temperature
        networks = codec.to(device), generator.to(device)
        return Bundle(folder, config, *networks, opening.prompts(), styles, centres, card)

    @staticmethod
    def from_pretrained(source: str | os.PathLike[str], *, revision: str | None = None) -> Bundle:
        """As `load`, optionally at a hub's branch, tag or commit."""
        if revision is not None and not Path(source).exists():
            return Bundle.load(hub.download(str(source), revision))
        return Bundle.load(source)

    def teacher(self) -> Generator:
        """The multi-step teacher, freshly loaded: the generator without the adapter."""
        tensors = read_tensors(self.folder / "generator.safetensors")
        device = next(self.generator.parameters()).device
        return _into(_unfilled(Generator, self.config.generator), tensors, self.folder, "generator").to(
            device
        )

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Copy the bundle to `folder`, which must not hold one yet; it appears whole or not at all.

        Raises:
            BundleError: `folder` is taken or cannot be written.
        """

        def fill(fresh: Path) -> None:
            for name in FILES:
                (fresh / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(self.folder / name, fresh / name)

        return _write(Path(folder), fill)

    def push_to_hub(
        self, repo_id: str, *, private: bool = False, message: str = "Upload a Legato bundle"
    ) -> str:
        """Upload to a model hub as `org/name`; returns the commit's address."""
        return hub.upload(self.folder, repo_id, private=private, message=message)

    @staticmethod
    def pack(
        folder: str | os.PathLike[str],
        *,
        config: Config,
        codec: Tensors,
        teacher: Tensors,
        adapter: Tensors,
        prompt_folder: str | os.PathLike[str],
        styles: dict[str, np.ndarray],
        card: Card,
        centres: dict[str, np.ndarray] | None = None,
        encoder: bool = True,
        replace: bool = False,
    ) -> Bundle:
        """Write a bundle from its parts and load it back.

        Args:
            folder: where to.
            config: what codec and generator were built with; `distill` gives the adapter's rank and alpha.
            codec: its state dict.
            teacher: the generator's state dict, without the adapter.
            adapter: the student's tensors, as `models.adapters` describes them.
            prompt_folder: holds `model.onnx` and `tokenizer.json`.
            styles: style name to its direction among prompts [384].
            card: what the model says about itself.
            centres: style name to where its captions lie [384]; None: prompts are heard as they are.
            encoder: whether the codec's encoder goes in; playing does without.
            replace: take the place of what is at `folder`, once the new bundle is whole.

        Raises:
            BundleError: the parts do not fit one another, or `folder` cannot be written.
        """

        def fill(fresh: Path) -> None:
            (fresh / "config.json").write_text(json.dumps(to_dict(config), indent=1) + "\n")
            kept = {k: v for k, v in codec.items() if encoder or not k.startswith(_ENCODER)}
            for name, tensors in (("codec", kept), ("generator", teacher), ("adapter", adapter)):
                write_tensors(tensors, fresh / f"{name}.safetensors")
            (fresh / "prompt").mkdir()
            for name in ("model.onnx", "tokenizer.json"):
                shutil.copyfile(Path(prompt_folder) / name, fresh / "prompt" / name)
            (fresh / "conductor.json").write_text(json.dumps({"styles": sorted(styles)}, indent=1) + "\n")
            arrays = styles | {_CENTRE + name: vector for name, vector in (centres or {}).items()}
            save_arrays(
                {k: np.ascontiguousarray(v, np.float32) for k, v in arrays.items()},
                fresh / "conductor.safetensors",
            )
            (fresh / "README.md").write_text(card.text())

        return Bundle.load(_write(Path(folder), fill, replace))


def read_config(folder: Path) -> Config:
    """The settings of the bundle at `folder`; BundleError if they do not fit this Legato."""
    try:
        return parse_config(Config, json.loads((folder / "config.json").read_text()))
    except (ConfigError, ValueError) as error:
        raise BundleError(f"config.json in the bundle {folder} does not fit this Legato: {error}") from error


def _read_card(folder: Path) -> Card:
    try:
        return Card.parse((folder / "README.md").read_text())
    except ValueError as error:
        raise BundleError(f"README.md in the bundle {folder}: {error}") from error


def read_styles(folder: Path) -> dict[str, np.ndarray]:
    """Direction of each style in the bundle at `folder`; BundleError if it cannot be read."""
    return _vectors(folder, "")


def read_centres(folder: Path) -> dict[str, np.ndarray]:
    """Where captions of each style lie, as `read_styles`; empty in bundles from before there were centres."""
    return _vectors(folder, _CENTRE)


def _vectors(folder: Path, prefix: str) -> dict[str, np.ndarray]:
    """The conductor's vectors whose names have that prefix, by style."""
    try:
        names = json.loads((folder / "conductor.json").read_text())["styles"]
        arrays = load_arrays(folder / "conductor.safetensors")
        if prefix and not any(name.startswith(prefix) for name in arrays):
            return {}
        styles = {str(name): arrays[f"{prefix}{name}"] for name in names}
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise BundleError(f"the conductor's files in the bundle {folder} cannot be read: {error}") from error
    odd = [name for name, vector in styles.items() if vector.shape != (PROMPT_DIM,)]
    if odd:
        raise BundleError(
            f"the conductor's embedding of {odd[0]!r} in the bundle {folder} is not {PROMPT_DIM} numbers"
        )
    return styles


def _codec(folder: Path, config: Config) -> Codec:
    """The codec; where the bundle has no encoder, one that says so when it is asked to encode."""
    tensors = read_tensors(folder / "codec.safetensors")
    codec = _unfilled(Codec, config.codec)
    if not any(name.startswith(_ENCODER) for name in tensors):
        codec.encoder = _NoEncoder()  # type: ignore[assignment]
    return _into(codec, tensors, folder, "codec")


class _NoEncoder(nn.Module):
    """Stands where a bundle was packed without the codec's encoder."""

    def forward(self, features: object) -> tuple[torch.Tensor, torch.Tensor]:
        raise BundleError("this bundle was packed without its codec's encoder and cannot encode audio")


def _student(folder: Path, config: Config) -> Tensors:
    base = read_tensors(folder / "generator.safetensors")
    adapter = read_tensors(folder / "adapter.safetensors")
    try:
        return merge(base, adapter, rank=config.distill.rank, alpha=config.distill.alpha)
    except AdapterError as error:
        raise BundleError(f"adapter.safetensors in the bundle {folder} does not fit: {error}") from error


def _unfilled(kind: Callable[[C], M], config: C) -> M:
    """A module whose weights wait to be replaced."""
    with _NoDraws():
        return kind(config)


class _NoDraws(TorchFunctionMode):
    """Leaves out what `torch.nn.init` would fill in: drawing numbers that are replaced at once takes time."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        drawn = getattr(func, "__module__", "") == "torch.nn.init"
        return kwargs["tensor"] if drawn else func(*args, **kwargs)


def _into(module: M, tensors: Tensors, folder: Path, part: str) -> M:
    """`module` with `tensors` as its weights, frozen, in evaluation mode."""
    try:
        module.load_state_dict(tensors, assign=True)
    except RuntimeError as error:
        detail = " ".join(str(error).split())[:200]
        raise BundleError(f"{part} in the bundle {folder} does not fit its config.json: {detail}") from error
    return module.eval().requires_grad_(False)


def _write(folder: Path, fill: Callable[[Path], None], replace: bool = False) -> Path:
    """Let `fill` write the files into a temporary folder beside `folder`, then rename it."""
    if folder.exists() and not replace:
        raise BundleError(f"{folder} exists already; choose another folder or delete it first")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            fresh = scratch / "new"
            fresh.mkdir()
            fill(fresh)
            write_manifest(fresh)
            if folder.exists():
                os.rename(folder, scratch / "old")
            os.rename(fresh, folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise BundleError(f"cannot write the bundle {folder}: {error.strerror or error}") from error
    return folder
