"""Legato turns a text-to-music model into a live instrument: endless stereo music, steered as it sounds."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legato.control.script import load_script
    from legato.control.state import ControlError, Controls
    from legato.engine.engine import Engine, EngineError
    from legato.engine.instrument import Instrument
    from legato.engine.log import SessionLog
    from legato.engine.offline import Rendered, Stream
    from legato.evaluation.audio_prompt import prompts_of

__version__ = "0.1.0"

__all__ = [
    "ControlError",
    "Controls",
    "Engine",
    "EngineError",
    "Instrument",
    "Rendered",
    "SessionLog",
    "Stream",
    "load",
    "load_script",
    "prompts_of",
]

_HOMES = {
    "ControlError": "control.state",
    "Controls": "control.state",
    "Engine": "engine.engine",
    "EngineError": "engine.engine",
    "Instrument": "engine.instrument",
    "Rendered": "engine.offline",
    "SessionLog": "engine.log",
    "Stream": "engine.offline",
    "load_script": "control.script",
    "prompts_of": "evaluation.audio_prompt",
}


def load(
    source: str | os.PathLike[str] | None = None, device: str | None = None, base: str | None = None
) -> Instrument:
    """An instrument, ready to play.

    Args:
        source: a folder, a hub id such as `org/name`, or None for the model inside the package.
        device: "cpu" or "cuda"; None: the CPU, or for an instrument on an open model a GPU if there is one.
        base: another place of the open model that an instrument stands on, such as a folder with a copy.

    Raises:
        BundleError: the model is not there, or damaged.
        TeacherError: the instrument is damaged, or the model under it is not to be had or another one.
    """
    from legato.engine.instrument import Instrument

    return Instrument.load(source, device, base)


def __getattr__(name: str) -> Any:
    """Public names are imported when first asked for, so that `legato --help` answers at once (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'legato' has no attribute {name!r}")
    return getattr(importlib.import_module(f"legato.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
