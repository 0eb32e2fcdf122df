"""Legato turns a text-to-music model into a live instrument: endless stereo music, steered as it sounds."""

from __future__ import annotations

import os

from legato.control.script import load_script
from legato.control.state import ControlError, Controls
from legato.engine.engine import Engine, EngineError
from legato.engine.instrument import Instrument
from legato.engine.log import SessionLog
from legato.engine.offline import Rendered, Stream

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
]


def load(source: str | os.PathLike[str] | None = None, device: str = "cpu") -> Instrument:
    """An instrument, ready to play.

    Args:
        source: a bundle's folder, a hub id such as `org/name`, or None for the model inside the package.
        device: "cpu" or "cuda".

    Raises:
        BundleError: the bundle is not there, or damaged.
    """
    return Instrument.load(source, device)
