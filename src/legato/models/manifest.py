"""What lies in a bundle folder: sizes and hashes, written once and checked before anything is loaded."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

FORMAT = 2
MANIFEST = "manifest.json"
INSTRUMENT = "instrument.json"  # of an adapter to another model instead, see `teachers.instrument`
FILES = (
    "config.json",
    "codec.safetensors",
    "generator.safetensors",
    "adapter.safetensors",
    "prompt/model.onnx",
    "prompt/tokenizer.json",
    "conductor.json",
    "conductor.safetensors",
    "README.md",
)
STORAGE = {  # of large matrices; see `models.storage`
    "codec.safetensors": "int8 rows",
    "generator.safetensors": "bf16",
    "adapter.safetensors": "int8 rows",
    "conductor.safetensors": "f32",
}

_BLOCK = 1 << 20
_WEIGHTS = Path(__file__).parents[1] / "weights"


class BundleError(ValueError):
    """A bundle is missing, damaged or does not fit; one sentence says which file and why."""


def write_manifest(folder: Path) -> None:
    """Record size, SHA-256 and storage of every file of the bundle at `folder`."""
    files: dict[str, dict[str, Any]] = {
        name: {"bytes": (folder / name).stat().st_size, "sha256": sha256(folder / name)} for name in FILES
    }
    for name, storage in STORAGE.items():
        files[name]["matrices"] = storage
    (folder / MANIFEST).write_text(json.dumps({"format": FORMAT, "files": files}, indent=1) + "\n")


def verify(folder: Path) -> None:
    """Refuse a folder that is not exactly the bundle that was written.

    Raises:
        BundleError: naming the first file that is missing, truncated or altered.
    """
    entries = _entries(folder)
    for name in FILES:
        path, entry = folder / name, entries[name]
        if not path.is_file():
            raise BundleError(f"the bundle {folder} lacks {name}; fetch or pack it again")
        size = path.stat().st_size
        if size != entry.get("bytes"):
            raise BundleError(
                f"{name} in the bundle {folder} is truncated or mixed up ({size} bytes, not the manifest's "
                f"{entry.get('bytes')}); fetch or pack it again"
            )
        if sha256(path) != entry.get("sha256"):
            raise BundleError(
                f"{name} in the bundle {folder} was altered (its hash differs); fetch or pack it again"
            )


def fingerprint(folder: Path) -> str:
    """Sixteen hexadecimal digits for the bundle's contents by its manifest; its card does not count."""
    entries = _entries(folder)
    content = "".join(f"{name} {entries[name]['sha256']}\n" for name in FILES if name != "README.md")
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def bundle_bytes(folder: Path) -> int:
    """Size of the whole bundle in bytes, by its manifest."""
    return sum(int(entry["bytes"]) for entry in _entries(folder).values())


def is_bundle(folder: Path) -> bool:
    """Whether `folder` claims to be a bundle (it has a manifest)."""
    return (folder / MANIFEST).is_file()


def is_instrument(folder: Path) -> bool:
    """Whether `folder` claims to be an instrument: an adapter to a model that lies elsewhere."""
    return (folder / INSTRUMENT).is_file()


def embedded_folder() -> Path | None:
    """The bundle inside the package; None where the package was built without one."""
    folder = _WEIGHTS / "default"
    return folder if is_bundle(folder) else None


def embedded_prompt_folder() -> Path:
    """The text encoder inside the package."""
    return _WEIGHTS / "default" / "prompt"


def _entries(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / MANIFEST
    if not path.is_file():
        raise BundleError(f"no bundle at {folder}: it has no {MANIFEST}")
    try:
        manifest = json.loads(path.read_text())
        version, entries = manifest["format"], dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{MANIFEST} in the bundle {folder} is damaged; fetch or pack it again") from error
    if version != FORMAT:
        raise BundleError(
            f"the bundle {folder} has format {version!r}; this Legato reads format {FORMAT}: pack it again "
            "from its runs, or play it with the Legato that packed it"
        )
    if set(entries) != set(FILES) or not all(isinstance(entry, dict) for entry in entries.values()):
        odd = ", ".join(sorted(set(entries) ^ set(FILES))) or "malformed entries"
        raise BundleError(f"{MANIFEST} in the bundle {folder} does not list a bundle's files: {odd}")
    for name, storage in STORAGE.items():
        if (found := entries[name].get("matrices")) != storage:
            raise BundleError(
                f"{name} in the bundle {folder} is stored as {found!r}; this Legato reads {storage!r}"
            )
    return entries


def sha256(path: Path) -> str:
    """Hash of a file's contents, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
