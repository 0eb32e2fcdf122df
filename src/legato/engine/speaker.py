"""The player that this machine's own sound device plays: one stream, however many steer it.

Threading: the driver's thread reads the player; everything here may be called from any other thread, and
`start` takes as long as opening a player does.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from legato.control.mailbox import QUANTISE, check_quantise
from legato.control.state import Controls
from legato.engine.engine import Engine
from legato.engine.player import Player
from legato.engine.takes import Take
from legato.io.device import Device
from legato.io.recorder import RecorderError

logger = logging.getLogger(__name__)

Ended = Callable[[], Take]


class Speaker:
    """A device, and the player that it plays; silent until `start`.

    Args:
        engine: where the player is opened; it takes one place there.
        device: plays it.
        controls: what the first stream starts with.
        record: whether each stream is recorded from its first sample on.

    Raises:
        DeviceError: the device does not open at the model's rate.
    """

    def __init__(
        self, engine: Engine, device: Device, controls: Controls | None = None, record: bool = False
    ) -> None:
        device.tune(engine.model.sample_rate)
        self.device = device
        self.player: Player | None = None  # that sounds
        self.stream = 0  # of which number: the first is 1
        self._engine = engine
        self._controls = controls or Controls()
        self._record = record
        self._quantise = QUANTISE[0]
        self._lock = threading.Lock()

    @property
    def controls(self) -> Controls:
        """What was last asked for; while it is silent, what the next stream starts with."""
        player = self.player
        return player.controls if player else self._controls

    @property
    def quantise(self) -> str:
        """When changes take effect that do not say so, of this stream and those to come."""
        player = self.player
        return player.quantise if player else self._quantise

    @quantise.setter
    def quantise(self, value: str) -> None:
        self._quantise = check_quantise(value)
        if player := self.player:
            player.quantise = value

    def steer(self, /, quantise: str | None = None, **changes: Any) -> Controls:
        """Change any controls; while it is silent, at once.

        Raises:
            ControlError: refused; nothing is changed and the sound goes on.
        """
        if player := self.player:
            return player.steer(quantise, **changes)
        self._controls = self._controls.steer(**changes)
        return self._controls

    def start(self) -> Ended | None:
        """A new stream, replacing the one that sounds.

        Returns:
            If a take was being recorded, what waits for its files.

        Raises:
            EngineError: the engine has no place, or is closed.
        """
        with self._lock:
            ended = self._stop()
            player = self._engine.open(self._controls)
            player.device = self.device
            player.quantise = self._quantise
            if self._record:
                try:
                    player.record()
                except RecorderError as error:  # without a disk to record to, it plays all the same
                    logger.warning("%s", error)
            self.stream += 1
            self.player = player
            self.device.play(player)
            return ended

    def stop(self) -> Ended | None:
        """Fade out and be silent; returns as `start`."""
        with self._lock:
            return self._stop()

    @contextmanager
    def playing(self) -> Iterator[Speaker]:
        """Play while the block runs; closes the device."""
        with self.device.watching():
            self.start()
            try:
                yield self
            finally:
                self.stop()

    def _stop(self) -> Ended | None:
        self.device.play(None)
        player = self.player
        if player is None:
            return None
        self._controls, self._quantise = player.controls, player.quantise
        self.player = None
        return player.close()
