"""Fetch and publish bundles and instruments on a model hub, through the optional package huggingface_hub."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from legato.models.manifest import FILES, INSTRUMENT, MANIFEST, BundleError, is_bundle, is_instrument

_WHAT = [INSTRUMENT, MANIFEST, *FILES]


def download(repo_id: str, revision: str | None = None) -> Path:
    """Folder of the bundle `repo_id` in the hub's local cache, fetched where needed.

    Raises:
        BundleError: huggingface_hub is not installed, or the hub does not give the bundle.
    """
    client = _client()
    try:
        return Path(client.snapshot_download(repo_id, revision=revision, allow_patterns=_WHAT))
    except Exception as error:  # network, authorisation and cache errors share no base class
        raise BundleError(
            f"no folder {repo_id!r}, and the hub does not give it: {_first_line(error)}"
        ) from error


def upload(folder: Path, repo_id: str, *, private: bool, message: str) -> str:
    """Publish the bundle or instrument at `folder` as `repo_id`; returns the commit's address.

    Raises:
        BundleError: huggingface_hub is not installed, or the hub refuses.
    """
    client = _client().HfApi(library_name="legato")
    files = [name for name in _WHAT if (folder / name).is_file()]
    try:
        client.create_repo(repo_id, private=private, exist_ok=True)
        return str(
            client.upload_folder(
                repo_id=repo_id, folder_path=folder, allow_patterns=files, commit_message=message
            )
        )
    except Exception as error:  # as above
        raise BundleError(f"the hub refuses {repo_id!r}: {_first_line(error)}") from error


def cached() -> dict[str, Path]:
    """Bundles and instruments in the hub's local cache: id to the folder of the newest revision."""
    try:
        client = _client()
        repos = client.scan_cache_dir().repos
    except Exception:  # no package or no cache: nothing was fetched
        return {}
    newest = {r.repo_id: max(r.revisions, key=lambda v: v.last_modified) for r in repos if r.revisions}
    folders = {repo: revision.snapshot_path for repo, revision in newest.items()}
    return {repo: path for repo, path in folders.items() if is_bundle(path) or is_instrument(path)}


def _client() -> ModuleType:
    try:
        import huggingface_hub
    except ImportError as error:
        raise BundleError("hub ids need the package huggingface_hub: pip install 'legato[hub]'") from error
    return huggingface_hub


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
