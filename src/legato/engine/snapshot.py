"""A session as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from legato.control.mailbox import Mailbox
from legato.control.state import Controls
from legato.engine.ear import Ear
from legato.engine.log import Event, SessionLog
from legato.engine.output import Output


@dataclass(frozen=True)
class Snapshot:
    """A session at a chunk boundary; `Session.restore` goes on from it, as often as you like."""

    log: SessionLog
    controls: Controls
    mailbox: Mailbox
    mapper: dict[str, Any]
    scheduled: tuple[Event, ...]
    cuts: Mapping[int, Sequence[int]]
    chunk: int
    sample: int
    behind: int
    state: Any  # of the model; a value that nobody changes
    output: Output
    failures: int
    resets: int
    ear: Ear | None = None
    heard: Mapping[int, np.ndarray] = field(default_factory=dict)
