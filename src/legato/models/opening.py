"""Finding a bundle, and checking its files on a thread of its own while torch is imported."""

from __future__ import annotations

import os
import re
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from legato.models import hub
from legato.models.manifest import BundleError, embedded_folder, verify

if TYPE_CHECKING:
    from legato.models.prompt import PromptEncoder

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def find(source: str | os.PathLike[str] | None) -> Path:
    """Folder of a bundle: a path, a hub id (fetched where needed), or None for the embedded one.

    Raises:
        BundleError: there is none.
    """
    if source is None:
        folder = embedded_folder()
        if folder is None:
            raise BundleError(
                "this copy of Legato has no embedded bundle; name a folder or a hub id such as org/name"
            )
        return folder
    path = Path(source)
    if path.is_dir():
        return path
    text = os.fspath(source)
    if path.exists() or not _HUB_ID.fullmatch(text) or path.parent.is_dir():
        raise BundleError(f"no bundle at {text!r}: name a folder, or a hub id such as org/name")
    return hub.download(text)


class Opening:
    """A bundle whose files are being checked and whose text encoder starts, in the background.

    Args:
        source: as of `find`.

    Raises:
        BundleError: there is no such bundle.
    """

    def __init__(self, source: str | os.PathLike[str] | None = None) -> None:
        self.folder = find(source)
        pool = ThreadPoolExecutor(1, thread_name_prefix="legato-opening")
        self._checked: Future[None] = pool.submit(verify, self.folder)
        self._prompts: Future[PromptEncoder] = pool.submit(self._text_encoder)
        pool.shutdown(wait=False)

    def checked(self) -> Path:
        """The folder, once every file in it is known to be what was packed; BundleError if one is not."""
        self._checked.result()
        return self.folder

    def prompts(self) -> PromptEncoder:
        """The text encoder.

        Raises:
            BundleError: the bundle is damaged, or its text encoder is none.
        """
        return self._prompts.result()

    def _text_encoder(self) -> PromptEncoder:
        self._checked.result()  # nothing of a bundle is read before all of it is checked
        from legato.models.prompt import PromptEncoder, PromptError

        try:
            return PromptEncoder(self.folder / "prompt")
        except PromptError as error:
            raise BundleError(str(error)) from error
