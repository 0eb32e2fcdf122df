"""The one error of this room."""

from __future__ import annotations


class CorpusError(RuntimeError):
    """The corpus cannot be made or read; one sentence says why and what to do."""
