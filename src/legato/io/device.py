"""Sound straight out of this machine: a device that reads from whatever plays, and survives its unplugging.

Threading: the driver's thread calls `_fill`, which only reads from the source: it takes no lock, waits for
nothing and writes into the driver's own memory. `play` from any thread; the rest as of `io.plugged`.
Torch-free. N samples; audio is float32 [N, 2].
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from legato.io.plugged import Plugged
from legato.io.portaudio import CHANNELS, Backend, DeviceError, OpenStream, PortAudio, find_output

logger = logging.getLogger(__name__)

FADE = 480  # samples in which a source comes or goes: 10 ms at 48 kHz
LONGEST_HUSH_S = 0.2
PRIMED_S = 0.1  # of silence a resampler is fed before it is listened to, so that it never has to catch up


class Source(Protocol):
    """What plays: `engine.player.Player`."""

    def read_into(self, out_n2: np.ndarray) -> None:
        """Fill float32 [N, 2] with the next samples, without waiting."""
        ...


class Device(Plugged):
    """An output of this machine, open. Use `watching`, or at least `close`.

    Args:
        wanted: `default`, or a name or part of one.
        announce: told in sentences when the device is gone and when it is back.
        backend: of sound; by default PortAudio, loaded when needed.
        sample_rate: of what is played, samples per second.
        now: seconds of a steady clock.

    Raises:
        DeviceError: there is no such output, it does not open, or the packages are not there.
    """

    kind = "sound device"
    gone = "the sound pauses"
    back = "plays again"

    def __init__(
        self,
        wanted: str = "default",
        announce: Callable[[str], None] = logger.info,
        backend: Backend | None = None,
        sample_rate: int = 48_000,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(announce, backend or PortAudio(), now)
        self._wanted = wanted
        self._rate = sample_rate
        self._source: Source | None = None  # what is to play
        self._playing: Source | None = None  # what does; the driver's thread alone changes it
        self._level = 0  # of the fade, 0 to FADE
        self._curve = np.sin(0.5 * np.pi * np.arange(FADE + 1) / FADE).astype(np.float32)[:, None]
        self._resampler: Resampler | None = None
        self.late = 0  # times the driver had to go without sound while something played
        self._find()
        self._start()

    @property
    def name(self) -> str:
        """Of the output."""
        return self.output.name

    @property
    def latency_s(self) -> float:
        """Seconds from reading a sample to the loudspeaker, as the driver says; 0 while it is gone."""
        stream, resampler = self._stream, self._resampler
        if stream is None:
            return 0.0
        return float(stream.latency) + (resampler.delay_s if resampler else 0.0)

    def status(self) -> dict[str, Any]:
        """JSON-ready: name, whether it is there, latency in ms, times the driver went without sound."""
        return {
            "name": self.name,
            "open": self.open,
            "latency_ms": round(1000.0 * self.latency_s, 2),
            "late": self.late,
        }

    def tune(self, sample_rate: int) -> None:
        """What is played has this rate: opened anew if it was another. Call it before anything plays.

        Raises:
            DeviceError: the output does not open.
        """
        if sample_rate != self._rate:
            self.close()
            self._rate = sample_rate
            self._start()

    def play(self, source: Source | None) -> None:
        """Play this from now on, None for silence: what plays fades out, and the new fades in after it."""
        self._source = source

    def _hush(self) -> None:
        """Fade out, and wait until that was heard: a driver drops what it holds when it is closed."""
        self.play(None)
        last = self._now() + LONGEST_HUSH_S
        while self._stream and self._playing and self._now() < last:
            time.sleep(0.01)
        time.sleep(min(self.latency_s, LONGEST_HUSH_S))

    def _find(self) -> None:
        self.output = find_output(self._backend.outputs(), self._wanted)

    def _connect(self) -> OpenStream:
        """At the rate of what is played, or else at the output's own."""
        self._level, self._resampler = 0, None
        try:
            return self._backend.open(self.output, self._rate, self._fill)
        except DeviceError:
            if self.output.sample_rate == self._rate:
                raise
            self._resampler = Resampler(self._rate, self.output.sample_rate)
            return self._backend.open(self.output, self.output.sample_rate, self._fill)

    def _fill(self, out_n2: np.ndarray, late: bool) -> None:
        """What the driver calls for sound."""
        self._calls += 1
        self.late += late and self._playing is not None
        try:
            if self._resampler:
                self._resampler.fill(out_n2, self._mix)
            else:
                self._mix(out_n2)
        except Exception:  # an error that left here would end the stream
            out_n2[:] = 0.0
            logger.exception("the sound device met an unexpected error and goes on")

    def _mix(self, out_n2: np.ndarray) -> None:
        """The next samples of what plays, fading while it comes or goes."""
        wanted = self._source
        if wanted is not self._playing and self._level == 0:
            self._playing = wanted
        if self._playing is None:
            self._level = 0
            out_n2[:] = 0.0
            return
        self._playing.read_into(out_n2)
        step = 1 if wanted is self._playing else -1
        if step > 0 and self._level == FADE:
            return
        levels = np.clip(self._level + step * np.arange(1, len(out_n2) + 1), 0, FADE)
        out_n2 *= self._curve[levels]
        self._level = int(levels[-1])


class Resampler:
    """From the rate of what is played to a device's own, by soxr.

    Args:
        source_rate: samples per second that are read.
        rate: samples per second that are given.

    Attributes:
        delay_s: the most seconds of sound that were read and not yet given, the filter's memory included.

    Raises:
        DeviceError: soxr is not installed.
    """

    def __init__(self, source_rate: int, rate: int) -> None:
        try:
            import soxr  # pyright: ignore[reportMissingImports]
        except ImportError as error:
            raise DeviceError(
                f"the output plays at {rate} Hz alone, which needs soxr: pip install 'legato[device]'"
            ) from error
        self._stream = soxr.ResampleStream(source_rate, rate, CHANNELS, dtype="float32", quality="HQ")
        self._source_rate, self._rate = source_rate, rate
        self._waiting = np.zeros((0, CHANNELS), np.float32)  # resampled, and not yet given
        silence_n2 = np.zeros((round(PRIMED_S * source_rate), CHANNELS), np.float32)
        self._read, self._given = len(silence_n2), len(self._stream.resample_chunk(silence_n2))
        self.delay_s = self._in_hand()

    def fill(self, out_n2: np.ndarray, read_into: Callable[[np.ndarray], None]) -> None:
        """Fill float32 [N, 2], reading as much as that takes."""
        while (short := len(out_n2) - len(self._waiting)) > 0:
            read_n2 = np.empty((math.ceil(short * self._source_rate / self._rate), CHANNELS), np.float32)
            read_into(read_n2)
            self._read += len(read_n2)
            made_n2 = self._stream.resample_chunk(read_n2)
            self._waiting = np.concatenate([self._waiting, made_n2])
        out_n2[:] = self._waiting[: len(out_n2)]
        self._waiting = self._waiting[len(out_n2) :]
        self._given += len(out_n2)
        self.delay_s = max(self.delay_s, self._in_hand())

    def _in_hand(self) -> float:
        return self._read / self._source_rate - self._given / self._rate
