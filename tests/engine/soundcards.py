"""A machine's sound outputs and inputs in memory: tests do what a driver would do, on virtual time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from legato.io.portaudio import DeviceError, Fill, Input, Output, Take

BLOCK = 512
HEADPHONES = Output(0, "Headphones (ALSA)", 48_000, False)
STUDIO = Output(3, "Studio 24 (ALSA)", 48_000, True)
TELEPHONE = Output(5, "Telephone (ALSA)", 44_100, False)
GUITAR = Input(1, "Guitar Link (ALSA)", 48_000, False, 1)
DESK = Input(3, "Studio 24 (ALSA)", 48_000, True, 2)
OLD = Input(6, "Line 44 (ALSA)", 44_100, False, 2)


@dataclass
class Card:
    """An open output."""

    output: Output
    rate: int
    fill: Fill
    latency: float = 0.012
    active: bool = True
    closed: bool = False
    lets_go: threading.Event | None = None  # before which it does not close

    def close(self) -> None:
        if self.lets_go:
            self.lets_go.wait()
        self.active, self.closed = False, True

    def pull(self, samples: int = BLOCK, late: bool = False) -> np.ndarray:
        """What the driver is given when it calls once; its memory is dirty, as a driver's is."""
        out_n2 = np.full((samples, 2), 7.0, np.float32)
        self.fill(out_n2, late)
        return out_n2


@dataclass
class Jack:
    """An open input."""

    input: Input
    rate: int
    take: Take
    latency: float = 0.01
    active: bool = True
    closed: bool = False

    def close(self) -> None:
        self.active, self.closed = False, True

    def bring(self, audio_nc: np.ndarray, lost: bool = False) -> None:
        """What the driver brings when it calls once, in memory that it writes over afterwards."""
        lent = np.array(audio_nc, np.float32).reshape(len(audio_nc), -1)
        lent = np.repeat(lent, self.input.channels, 1) if lent.shape[1] < self.input.channels else lent
        self.take(lent, lost)
        lent[:] = 7.0


@dataclass
class Cards:
    """The backend. A device is unplugged by taking it out of `plugged`, seen after the next `rescan`."""

    plugged: list[Output] = field(default_factory=lambda: [HEADPHONES, STUDIO, TELEPHONE])
    opened: list[Card | Jack] = field(default_factory=list)
    heard: list[Input] = field(default_factory=lambda: [GUITAR, DESK, OLD])  # plugged in
    abandoned: bool = False  # whether the program's end would not wait

    def __post_init__(self) -> None:
        self.known, self.known_inputs = list(self.plugged), list(self.heard)

    def inputs(self) -> list[Input]:
        return list(self.known_inputs)

    def listen(self, heard: Input, sample_rate: int, take: Take) -> Jack:
        if heard not in self.heard:
            raise DeviceError(f"{heard.name} is not there")
        if sample_rate != heard.sample_rate:
            raise DeviceError(f"{heard.name} does not open at {sample_rate} Hz")
        jack = Jack(heard, sample_rate, take)
        self.opened.append(jack)
        return jack

    def outputs(self) -> list[Output]:
        return list(self.known)

    def open(self, output: Output, sample_rate: int, fill: Fill) -> Card:
        if output not in self.plugged:
            raise DeviceError(f"{output.name} is not there")
        if sample_rate != output.sample_rate:
            raise DeviceError(f"{output.name} does not open at {sample_rate} Hz")
        self.opened.append(Card(output, sample_rate, fill))
        return self.opened[-1]

    def abandon(self) -> None:
        self.abandoned = True

    def rescan(self) -> None:
        assert all(card.closed for card in self.opened), "a stream is open, and PortAudio must not stop"
        self.known, self.known_inputs = list(self.plugged), list(self.heard)

    @property
    def card(self) -> Card:
        """That was opened last."""
        return self.opened[-1]

    def unplug(self) -> Callable[[], None]:
        """Pull out what plays; returns what plugs it in again."""
        output = self.card.output
        self.plugged.remove(output)
        self.card.active = False
        return lambda: self.plugged.append(output)
