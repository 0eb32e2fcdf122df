"""Importing torch sooner, in a process that only plays.

A fifth of the time that `import torch` takes goes into `torch._meta_registrations`: which shapes operators
would give, for tensors without data. Compilers and exporters need that, playing never does; so it is loaded
when somebody asks for what is in it.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

LATER = "torch._meta_registrations"


class _Later(ModuleType):
    """Stands for a module until an attribute of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # of those who look through all modules, such as `inspect`
            raise AttributeError(name)
        if sys.modules.get(LATER) is self:
            del sys.modules[LATER]
        return getattr(importlib.import_module(LATER), name)


def defer() -> None:
    """To be called before torch is imported; where it has been, nothing happens."""
    if "torch" not in sys.modules:
        sys.modules.setdefault(LATER, _Later(LATER))
