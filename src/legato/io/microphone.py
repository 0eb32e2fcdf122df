"""An input of this machine, remembered for some seconds: what a session listens to; it survives unplugging.

Threading: the driver's thread calls `_take`, which levels what it is given and writes it to memory: it takes
no lock and waits for nothing. Everybody else reads `memory`; the rest as of `io.plugged`. Torch-free. N
samples; sound is float32 [N, 2] at 48 kHz.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from legato.config import SAMPLE_RATE
from legato.io.memory import Memory
from legato.io.plugged import Plugged
from legato.io.portaudio import CHANNELS, Backend, DeviceError, OpenStream, PortAudio, find_input
from legato.io.sounds import gain_for, stereo

logger = logging.getLogger(__name__)

MEMORY_S = 10.0
OVER = 0.999  # magnitude at which an input is overloaded
GATE = 3e-3  # RMS, -50 dB, below which it is a room and not music, and leaves the gain alone
SETTLE_S = 3.0  # of music that the gain looks back on
GLIDE_S = 0.2  # in which the gain goes most of its way


class Microphone(Plugged):
    """An input, open. Use `watching`, or at least `close`.

    Args:
        wanted: `mic` for the default, or a name or part of one.
        announce: told in sentences when it is gone and when it is back.
        backend: of sound; by default PortAudio, loaded when needed.
        rescan: whether devices may be looked for anew while it is gone, which ends every open stream of the
            program: not beside an output.
        now: seconds of a steady clock.

    Attributes:
        memory: what came in.
        lost: times the driver lost some of it.
        overloads: blocks of it that were too loud.
        level: RMS of the last block as it came in.

    Raises:
        DeviceError: there is no such input, it does not open, or the packages are not there.
    """

    kind = "sound input"
    gone = "the music goes on without it"
    back = "is heard again"

    def __init__(
        self,
        wanted: str = "mic",
        announce: Callable[[str], None] = logger.info,
        backend: Backend | None = None,
        rescan: bool = True,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(announce, backend or PortAudio(), now, rescan)
        self.memory = Memory(round(MEMORY_S * SAMPLE_RATE))
        self.lost = self.overloads = 0
        self.level = 0.0
        self._wanted = wanted
        self._leveller = Leveller()
        self._resample: Callable[[np.ndarray], np.ndarray] | None = None
        self._find()
        self._start()

    @property
    def name(self) -> str:
        """Of the input."""
        return self.input.name

    @property
    def latency_s(self) -> float:
        """Seconds from the microphone to `memory`, as the driver says."""
        stream = self._stream
        return float(stream.latency) if stream else 0.0

    def status(self) -> dict[str, Any]:
        """JSON-ready: name, whether it is there, level (RMS as it comes in), counters."""
        return {
            "name": self.name,
            "open": self.open,
            "level": round(self.level, 4),
            "lost": self.lost,
            "overloads": self.overloads,
        }

    def close(self) -> None:
        """Close it. May be called more than once."""
        super().close()
        self.level = 0.0

    def _find(self) -> None:
        self.input = find_input(self._backend.inputs(), self._wanted)

    def _connect(self) -> OpenStream:
        """At 48 kHz, or else at the input's own rate."""
        self._resample = None
        try:
            return self._backend.listen(self.input, SAMPLE_RATE, self._take)
        except DeviceError:
            if self.input.sample_rate == SAMPLE_RATE:
                raise
            self._resample = _resampler(self.input.sample_rate)
            return self._backend.listen(self.input, self.input.sample_rate, self._take)

    def _take(self, in_nc: np.ndarray, lost: bool) -> None:
        """What the driver brings."""
        self._calls += 1
        self.lost += lost
        try:
            came_n2 = stereo(np.nan_to_num(in_nc, posinf=1.0, neginf=-1.0))
            self.level = float(np.sqrt(np.mean(np.square(came_n2)))) if len(came_n2) else 0.0
            self.overloads += bool(np.abs(came_n2).max(initial=0.0) >= OVER)
            if self._resample:
                came_n2 = self._resample(came_n2)
            self.memory.write(self._leveller.level(came_n2))
        except Exception:  # an error that left here would end the stream
            logger.exception("the sound input met an unexpected error and goes on")


class Leveller:
    """Brings what comes in, block by block, to the loudness of the model's music."""

    def __init__(self) -> None:
        self.gain = 1.0
        self._power = 0.0  # mean square of music
        self._music_s = 0.0

    def level(self, came_n2: np.ndarray) -> np.ndarray:
        """The block, float32 [N, 2] within ±1; its gain moves slowly, and not in rests."""
        if not len(came_n2):
            return came_n2
        seconds = len(came_n2) / SAMPLE_RATE
        power = float(np.mean(np.square(came_n2)))
        before = self.gain
        if power > GATE**2:
            self._music_s = min(SETTLE_S, self._music_s + seconds)
            self._power += (power - self._power) * min(1.0, seconds / self._music_s)
            wanted = gain_for(self._power**0.5)
            self.gain += (wanted - self.gain) * min(1.0, seconds / GLIDE_S)
        gains_n1 = np.linspace(before, self.gain, len(came_n2) + 1, dtype=np.float32)[1:, None]
        return np.clip(came_n2 * gains_n1, -1.0, 1.0)


def _resampler(rate: int) -> Callable[[np.ndarray], np.ndarray]:
    try:
        import soxr  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise DeviceError(
            f"the input is heard at {rate} Hz alone, which needs soxr: pip install 'legato[device]'"
        ) from error
    stream = soxr.ResampleStream(rate, SAMPLE_RATE, CHANNELS, dtype="float32", quality="HQ")
    return stream.resample_chunk
