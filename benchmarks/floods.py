"""A flood of gestures while it plays: what chunks cost without and with it, and what is left after it.

    python benchmarks/floods.py [EVENTS_A_SECOND] [SECONDS] [MODEL]

MIDI notes and knobs, OSC messages and quantised changes come from a thread of their own, as from drivers, to
a real engine; a reader takes the sound at the pace of time. MODEL is a bundle, or `counter` for a test signal
(default: the embedded one).
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import numpy as np

from legato.control.desk import Desk
from legato.control.midi import MidiTranslator
from legato.control.osc import OscSpace
from legato.control.state import Controls
from legato.engine.engine import Engine
from legato.engine.model import LiveModel
from legato.engine.player import Player

ME = ("127.0.0.1", 9)
BLOCK_S, GULP_S, FLUSH_S = 0.01, 0.005, 0.01
LAST = 0.125


class Stopwatch:
    """Chunk times of a player, from the binding of its controls to its sound, in ms."""

    def __init__(self, player: Player) -> None:
        self.took: list[float] = []
        self._session, self._began = player.session, 0.0
        self._prepare, self._finish = self._session.prepare, self._session.finish
        self._session.prepare, self._session.finish = self._start, self._stop  # type: ignore[method-assign]

    def _start(self) -> Any:
        self._began = time.perf_counter()
        return self._prepare()

    def _stop(self, *made: Any) -> Any:
        audio_n2 = self._finish(*made)
        self.took.append(1000.0 * (time.perf_counter() - self._began))
        return audio_n2


class Hands:
    """Somebody who plays far too much.

    Args:
        player: played by way of a desk, and directly, with changes for the next beat.
    """

    def __init__(self, player: Player) -> None:
        self._player = player
        self._desk = Desk()
        self._desk.connect(lambda: player)
        self._space, self._midi = OscSpace(self._desk), MidiTranslator()
        self.events = 0

    def play(self, count: int) -> None:
        """So many events: notes, a MIDI knob, an OSC knob, and a change that waits for its beat, in turns."""
        for number in range(self.events, self.events + count):
            note = 36 + number // 4 % 40
            if number % 4 == 0:
                self._lay((0x90 if number // 4 % 3 else 0x80, note, 100))
            elif number % 4 == 1:
                self._lay((0xB0, 74, number % 128))
            elif number % 4 == 2:
                self._space.handle("/legato/density", [number % 1000 / 1000], ME)
            else:
                self._player.steer("beat", loudness=number % 1000 / 1000)
        self.events += count

    def flush(self) -> None:
        """What the rig's thread does."""
        self._desk.flush()

    def end(self) -> None:
        """Let everything go and leave knobs at known places."""
        self._lay((0xB0, 123, 0))
        self._space.handle("/legato/density", [LAST], ME)
        self._player.steer("beat", loudness=LAST)
        self._desk.flush()

    def _lay(self, message: tuple[int, ...]) -> None:
        for change in self._midi.hear(message, time.monotonic()):
            if "notes" in change:
                self._desk.hold("midi", change["notes"])
            else:
                self._desk.ask(**change)


def main(rate: str = "10000", seconds: str = "10", model: str | None = None) -> None:
    """Print the figures, one a line."""
    with Engine(_model(model)) as engine:
        player = engine.open(Controls(bpm=120))
        watch = Stopwatch(player)
        done = threading.Event()
        threading.Thread(target=_listen, args=(player, done), daemon=True).start()
        time.sleep(1.0)
        quiet = _figures(player, watch, float(seconds), None, 0.0)
        hands = Hands(player)
        flooded = _figures(player, watch, float(seconds), hands, float(rate))
        hands.end()
        time.sleep(2.0)
        done.set()
        status, controls = player.status(), player.controls
        print(f"events a second        {hands.events / float(seconds):.0f}")
        for name, figures in (("without", quiet), ("with", flooded)):
            print(f"chunk {name:8} the flood {figures['p50']:.2f} ms p50, {figures['p99']:.2f} ms p99")
        print(f"most waiting           {flooded['waiting']} (events in the log: {len(player.log().events)})")
        print(f"underruns              {status['underruns']}")
        print(f"final values right     {(controls.density, controls.loudness) == (LAST, LAST)}")
        print(f"notes left             {len(controls.notes)}; changes left {len(status['pending'])}")


def _figures(
    player: Player, watch: Stopwatch, seconds: float, hands: Hands | None, rate: float
) -> dict[str, Any]:
    """Chunk times while `hands` play, and how much of it waited at most."""
    first, waiting, flushed = len(watch.took), 0, 0.0
    start = time.monotonic()
    end = start + seconds
    while (now := time.monotonic()) < end:
        if hands:
            hands.play(max(0, round((now - start) * rate) - hands.events))
            if now - flushed > FLUSH_S:
                flushed = now
                hands.flush()
            box = player.session.mailbox
            waiting = max(
                waiting, len(box._knobs) + len(box._notes) + len(box._later) + len(box._later_notes)
            )
        time.sleep(GULP_S)
    p50, p99 = np.percentile(watch.took[first:], [50, 99])
    return {"p50": p50, "p99": p99, "waiting": waiting}


def _listen(player: Player, done: threading.Event) -> None:
    """Read as a sound card does, once there is sound."""
    while not len(player.ring):
        time.sleep(BLOCK_S)
    due = time.monotonic()
    while not done.is_set():
        player.read(round(BLOCK_S * player.sample_rate))
        due += BLOCK_S
        time.sleep(max(0.0, due - time.monotonic()))


def _model(source: str | None) -> LiveModel:
    if source == "counter":
        from legato.engine.fake import CounterModel

        return CounterModel()
    from legato.engine.instrument import Instrument

    return Instrument.load(source).model


if __name__ == "__main__":
    main(*sys.argv[1:])
