"""The machine's sound outputs and inputs, by way of sounddevice and PortAudio. Torch-free."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

logger = logging.getLogger(__name__)

CHANNELS = 2
LATENCY_S = 0.03  # asked for; less leaves Python's threads too little time to hand the interpreter over
_NO_PACKAGE = "sound from a device needs sounddevice: pip install 'legato[device]'; or play in the page"
_NO_LIBRARY = (
    "sound from a device needs the PortAudio library, and sounddevice finds none: "
    "install libportaudio2 (apt install libportaudio2); or play in the page"
)


class DeviceError(ValueError):
    """A sound device cannot be used; one sentence says why and which there are."""


@dataclass(frozen=True)
class Output:
    """A stereo output of this machine."""

    index: int  # by which PortAudio knows it until the next `rescan`
    name: str
    sample_rate: int  # its own, samples per second
    default: bool


@dataclass(frozen=True)
class Input:
    """An input of this machine, of one channel or more."""

    index: int  # by which PortAudio knows it until the next `rescan`
    name: str
    sample_rate: int  # its own, samples per second
    default: bool
    channels: int  # 1 or 2 that are heard


Fill = Callable[[np.ndarray, bool], None]
"""Fills float32 [N, 2]; told whether the driver had to go without sound since the last call."""


D = TypeVar("D", Output, Input)

Take = Callable[[np.ndarray, bool], None]
"""Takes float32 [N, channels], the driver's own memory; told whether sound was lost since the last call."""


class OpenStream(Protocol):
    """A device that is open and calls for sound, or brings it."""

    @property
    def active(self) -> bool:
        """Whether it still calls."""
        ...

    @property
    def latency(self) -> float:
        """Seconds between its call and loudspeaker or microphone, as far as the driver knows."""
        ...

    def close(self) -> None:
        """Close it; no call is under way afterwards."""
        ...


class Backend(Protocol):
    """The system's outputs; tests bring their own."""

    def outputs(self) -> list[Output]:
        """Those known now."""
        ...

    def open(self, output: Output, sample_rate: int, fill: Fill) -> OpenStream:
        """Begin to call `fill` on a thread of the driver's.

        Raises:
            DeviceError: the output does not open, at this rate at least.
        """
        ...

    def inputs(self) -> list[Input]:
        """Those known now."""
        ...

    def listen(self, heard: Input, sample_rate: int, take: Take) -> OpenStream:
        """Begin to call `take` on a thread of the driver's.

        Raises:
            DeviceError: the input does not open, at this rate at least.
        """
        ...

    def rescan(self) -> None:
        """Look for devices that came or went. No stream may be open."""
        ...

    def abandon(self) -> None:
        """A stream does not close: do not wait for it when the program ends."""
        ...


class PortAudio:
    """sounddevice on PortAudio.

    Raises:
        DeviceError: the package or the library is not there.
    """

    def __init__(self) -> None:
        try:
            import sounddevice  # pyright: ignore[reportMissingImports]
        except ImportError as error:
            raise DeviceError(_NO_PACKAGE) from error
        except OSError as error:
            raise DeviceError(_NO_LIBRARY) from error
        except Exception as error:  # its PortAudioError, which could not be imported
            raise DeviceError(f"this machine's sound cannot be used: {_words(error)}") from error
        self._sd: Any = sounddevice

    def outputs(self) -> list[Output]:
        """Stereo outputs known now."""
        return [
            Output(index, name, rate, default)
            for index, name, rate, default, channels in self._devices("output")
            if channels >= CHANNELS
        ]

    def inputs(self) -> list[Input]:
        """Inputs known now."""
        return [
            Input(index, name, rate, default, min(channels, CHANNELS))
            for index, name, rate, default, channels in self._devices("input")
            if channels
        ]

    def _devices(self, kind: str) -> list[tuple[int, str, int, bool, int]]:
        """Index, name, rate, whether it is the default, channels; a name tells the driver too.

        A device may have several drivers.
        """
        try:
            devices, drivers = self._sd.query_devices(), self._sd.query_hostapis()
        except self._sd.PortAudioError as error:
            raise DeviceError(f"this machine's sound cannot be used: {_words(error)}") from error
        default = None
        with suppress(self._sd.PortAudioError, ValueError):  # there need not be one
            default = self._sd.query_devices(kind=kind)["index"]
        return [
            (
                index,
                f"{' '.join(device['name'].split())} ({drivers[device['hostapi']]['name']})",
                round(device["default_samplerate"]),
                index == default,
                device[f"max_{kind}_channels"],
            )
            for index, device in enumerate(devices)
        ]

    def open(self, output: Output, sample_rate: int, fill: Fill) -> OpenStream:
        """Begin to call `fill` on a thread of PortAudio's."""

        def call(out_n2: np.ndarray, frames: int, time: Any, flags: Any) -> None:
            fill(out_n2, bool(flags.output_underflow))

        return self._begin(self._sd.OutputStream, output, sample_rate, CHANNELS, call)

    def listen(self, heard: Input, sample_rate: int, take: Take) -> OpenStream:
        """Begin to call `take` on a thread of PortAudio's."""

        def call(in_nc: np.ndarray, frames: int, time: Any, flags: Any) -> None:
            take(in_nc, bool(flags.input_overflow))

        return self._begin(self._sd.InputStream, heard, sample_rate, heard.channels, call)

    def _begin(
        self, kind: Any, device: Output | Input, sample_rate: int, channels: int, call: Callable[..., None]
    ) -> OpenStream:
        stream = None
        try:
            stream = kind(
                device=device.index,
                samplerate=sample_rate,
                channels=channels,
                dtype="float32",
                latency=LATENCY_S,
                callback=call,
            )
            stream.start()
        except (self._sd.PortAudioError, ValueError) as error:
            if stream is not None:
                stream.close(ignore_errors=True)
            side = "output" if isinstance(device, Output) else "input"
            raise DeviceError(
                f"the {side} {device.name!r} does not open at {sample_rate} Hz: {_words(error)}"
            ) from error
        return stream

    def rescan(self) -> None:
        """Start PortAudio anew: it looks for devices only then, and sounddevice has no public way to it."""
        try:
            self._sd._terminate()
            self._sd._initialize()
        except self._sd.PortAudioError:
            logger.debug("PortAudio does not start", exc_info=True)

    def abandon(self) -> None:
        """A stream does not close: do not wait for it when the program ends, as sounddevice would."""
        atexit.unregister(self._sd._exit_handler)


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def find_output(outputs: list[Output], wanted: str) -> Output:
    """The output with this name, or else the first whose name holds it, whatever the case.

    Args:
        outputs: those there are.
        wanted: `default`, or a name or part of one.

    Raises:
        DeviceError: there is none; names those there are.
    """
    return _find(outputs, wanted, "default", "output", "play in the page instead")


def find_input(inputs: list[Input], wanted: str) -> Input:
    """As `find_output`; `mic` is the default input."""
    return _find(inputs, wanted, "mic", "input", "listen to a sound file instead")


def _find(devices: list[D], wanted: str, default: str, kind: str, instead: str) -> D:
    if wanted == default:
        if found := [device for device in devices if device.default] or devices:
            return found[0]
        raise DeviceError(f"this machine has no sound {kind}; {instead}")
    for device in devices:
        if wanted == device.name:
            return device
    for device in devices:
        if wanted and wanted.casefold() in device.name.casefold():
            return device
    names = ", ".join(repr(device.name) for device in devices)
    there = f"choose {default!r} or one of {names}" if names else "this machine has none"
    raise DeviceError(f"no sound {kind} has {wanted!r} in its name; {there}")
