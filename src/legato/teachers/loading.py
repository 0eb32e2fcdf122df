"""Open models from a diffusers folder or a hub: checked first, loaded part by part, safetensors only."""

from __future__ import annotations

import importlib.util
import json
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from legato.teachers.family import Family
from legato.teachers.playable import TeacherError

PACKAGES = ("diffusers", "transformers", "peft", "accelerate")
FETCHED = ("model_index.json", "tokenizer/*", "scheduler/*")  # of a repository, besides the family's parts

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_PICKLED = ("*.bin", "*.ckpt", "*.pt", "*.pth")
_VARIANT = re.compile(r"\.(fp16|bf16)[.-]")  # the same weights once more, at another precision
_VARIANTS = ("*.fp16[.-]*", "*.bf16[.-]*")


class PlaceError(TeacherError):
    """No model is to be had at that place."""


@dataclass(frozen=True)
class Source:
    """A model's folder, known to be of its family.

    Attributes:
        family: what it is.
        name: the folder or hub id it was asked for by.
        revision: the hub's commit; empty for a folder.
        folder: where its files are.
        dtype: in which weights are loaded.
    """

    family: Family
    name: str
    revision: str
    folder: Path
    dtype: torch.dtype = torch.float32

    def config(self, part: str) -> dict[str, Any]:
        """The configuration of a part.

        Raises:
            TeacherError: it is missing or damaged.
        """
        folder = self.folder / part
        name = "scheduler_config.json" if part == "scheduler" else "config.json"
        try:
            return dict(json.loads((folder / name).read_text()))
        except (OSError, ValueError) as error:
            raise TeacherError(f"{self.name} has no readable {part}/{name}: {error}") from error

    def load(self, kind: Any, part: str) -> Any:
        """A part that is a diffusers model, frozen, on the CPU."""
        return self._loaded(kind, part, subfolder=part, torch_dtype=self.dtype)

    def load_text(self, kind: Any, part: str) -> Any:
        """A part that is a transformers model, frozen, on the CPU."""
        return self._loaded(kind, part, subfolder=part, dtype=self.dtype)

    def tokenizer(self) -> Any:
        """The text encoder's."""
        from transformers import AutoTokenizer

        try:
            return AutoTokenizer.from_pretrained(self.folder / "tokenizer", local_files_only=True)
        except Exception as error:  # the package's errors share no base class
            raise TeacherError(f"{self.name} has no usable tokenizer: {_first_line(error)}") from error

    def oobleck_sound(self) -> tuple[int, int]:
        """Sample rate, and samples of a frame, of an `AutoencoderOobleck`."""
        config = self.config("vae")
        return int(config["sampling_rate"]), math.prod(config["downsampling_ratios"])

    def weights(self, part: str) -> list[Path]:
        """Files of a part's tensors."""
        found = sorted((self.folder / part).glob("*.safetensors"))
        return [path for path in found if not _VARIANT.search(path.name)]

    def shapes(self, part: str) -> Iterator[tuple[str, list[int]]]:
        """Names and shapes of a part's tensors, from the headers of its files alone."""
        for path in self.weights(part):
            with _opened(path) as file:
                for name in file.keys():
                    yield name, file.get_slice(name).get_shape()

    def _loaded(self, kind: Any, part: str, **options: Any) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the libraries to their own authors
                model, info = kind.from_pretrained(
                    self.folder,
                    use_safetensors=True,
                    local_files_only=True,
                    output_loading_info=True,
                    **options,
                )
        except Exception as error:  # diffusers, transformers and safetensors share no base class
            raise TeacherError(f"the {part} of {self.name} cannot be loaded: {_first_line(error)}") from error
        wrong = [*info.get("missing_keys", ()), *info.get("mismatched_keys", ())]
        if wrong:
            raise TeacherError(
                f"the {part} of {self.name} does not fit its configuration: {len(wrong)} tensors are missing "
                f"or of another shape, the first is {wrong[0]}"
            )
        return model.eval().requires_grad_(False)


def open_source(
    family: Family, place: str, dtype: torch.dtype = torch.float32, revision: str | None = None
) -> Source:
    """The model at a folder or hub id, fetched where needed.

    Args:
        family: what it is to be.
        place: folder, or hub id such as `org/name`.
        dtype: in which to load weights.
        revision: of the hub's repository; None: the newest.

    Raises:
        PlaceError: there is no such model, or it may not be had.
        TeacherError: an optional package is missing; the model is of another family; its weights are pickled
            or not there.
    """
    lacks = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    if lacks:
        raise TeacherError(f"open models need {', '.join(lacks)}: pip install 'legato[teachers]'")
    folder = Path(place)
    if not folder.is_dir():
        folder = _fetched(family, place, revision)
        revision = folder.name
    else:
        revision = ""
    source = Source(family, place, revision, folder, dtype)
    _check_family(source)
    for part in family.parts:
        _check_weights(source, part)
    return source


def _check_family(source: Source) -> None:
    try:
        found = json.loads((source.folder / "model_index.json").read_text()).get("_class_name")
    except (OSError, ValueError, AttributeError) as error:
        raise TeacherError(
            f"{source.name} is no diffusers model: it has no readable model_index.json"
        ) from error
    if found not in source.family.pipelines:
        raise TeacherError(
            f"{source.name} is a {found}; the family {source.family.name} is {source.family.pipelines[0]}"
        )


def _check_weights(source: Source, part: str) -> None:
    folder, paths = source.folder / part, source.weights(part)
    if not paths:
        if any(any(folder.glob(pattern)) for pattern in _PICKLED):
            raise TeacherError(
                f"the {part} of {source.name} has pickled weights, which may run code; Legato reads "
                "safetensors only: save it again with save_pretrained(folder, safe_serialization=True)"
            )
        raise TeacherError(f"{source.name} lacks the weights of its {part}: no safetensors file in {part}/")
    for path in paths:
        with _opened(path):
            pass


def _opened(path: Path) -> Any:
    try:
        return safe_open(path, "pt")
    except (OSError, SafetensorError) as error:
        raise TeacherError(f"{path} is no readable safetensors file: {error}") from error


def _fetched(family: Family, place: str, revision: str | None) -> Path:
    if not _HUB_ID.fullmatch(place):
        raise PlaceError(f"no model at {place!r}: name a folder, or a hub id such as org/name")
    import huggingface_hub
    from huggingface_hub import errors

    wanted = [*FETCHED, *(f"{part}/*.{kind}" for part in family.parts for kind in ("json", "safetensors"))]
    try:
        return Path(
            huggingface_hub.snapshot_download(
                place, revision=revision, allow_patterns=wanted, ignore_patterns=list(_VARIANTS)
            )
        )
    except errors.GatedRepoError as error:
        raise PlaceError(
            f"{place} is gated: accept its licence on the hub's page and sign in with 'hf auth login'"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise PlaceError(f"no folder {place!r}, and the hub has no such model (or a private one)") from error
    except errors.RevisionNotFoundError as error:
        raise PlaceError(f"{place} has no revision {revision!r}") from error
    except Exception as error:  # network, authorisation and cache errors share no base class
        raise PlaceError(
            f"no folder {place!r}, and the hub does not give it: {_first_line(error)}"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
