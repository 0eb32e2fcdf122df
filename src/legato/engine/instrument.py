"""The instrument: a model, and the ways to play it."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from legato.control.script import Move, load_script, parse_script
from legato.control.state import ControlError, Controls, require_known
from legato.engine.chunk import chunk_size
from legato.engine.clock import Clock
from legato.engine.ear import Sound, context_of
from legato.engine.engine import Engine
from legato.engine.log import Event, SessionLog
from legato.engine.model import LiveModel
from legato.engine.offline import Rendered, Stream
from legato.engine.player import Player
from legato.engine.session import Session
from legato.engine.snapshot import Snapshot
from legato.engine.takes import Takes

if TYPE_CHECKING:
    from legato.models.bundle import Bundle
    from legato.teachers.instrument import SavedInstrument

Prompts = str | Sequence[str] | Mapping[str, float]
Script = str | Path | Iterable[str | Mapping[str, Any] | Move]

LONGEST_RENDER = 24 * 3600.0  # seconds


class Instrument:
    """A model you can play.

    Args:
        model: what makes the sound; usually by way of `legato.load`.
        source: what it came from, for saving and sharing.
    """

    def __init__(self, model: LiveModel, source: Bundle | SavedInstrument | None = None) -> None:
        self.model = model
        self.source = source

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        return self.model.sample_rate

    @classmethod
    def load(
        cls,
        source: str | os.PathLike[str] | None = None,
        device: str | None = None,
        base: str | None = None,
    ) -> Instrument:
        """From a folder, a hub id such as `org/name`, or (None) the embedded bundle.

        Args:
            source: a bundle, or an instrument on an open model.
            device: "cpu" or "cuda"; None: the CPU for a bundle, a GPU where there is one for an open model.
            base: another place of the open model, such as a folder with a copy of it.

        Raises:
            BundleError: a bundle is not there, or damaged.
            TeacherError: an instrument is damaged, or the model under it is not to be had or another one.
        """
        from legato.models.manifest import is_instrument
        from legato.models.opening import Opening, find

        folder = find(source)
        if is_instrument(folder):
            with _uncollected():
                from legato.engine.open_model import OpenModel
                from legato.teachers.instrument import SavedInstrument

                return cls(OpenModel.load(folder, device, base), SavedInstrument(folder))
        if base is not None:
            raise ControlError(f"{folder} is a bundle and stands on no other model; leave base out")
        opening = Opening(folder)  # works on while torch is imported
        with _uncollected():
            from legato.models.bundle import Bundle

            return cls.of(Bundle.of(opening, device or "cpu"))

    @classmethod
    def from_pretrained(cls, source: str | os.PathLike[str], *, revision: str | None = None) -> Instrument:
        """As `load`, optionally at a hub's branch, tag or commit."""
        from legato.models import hub

        if revision is not None and not Path(source).exists():
            source = hub.download(str(source), revision)
        return cls.load(source)

    @classmethod
    def of(cls, bundle: Bundle) -> Instrument:
        """An instrument on a loaded bundle, warmed up; on a CPU, torch is set to one thread."""
        from legato.engine.live import BundleModel

        model = BundleModel(bundle)
        model.warm_up()
        return cls(model, bundle)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Copy what it came from to a new folder."""
        return self._shared().save(folder)

    def push_to_hub(self, repo_id: str, *, private: bool = False) -> str:
        """Upload what it came from to a model hub as `org/name`; returns the commit's address."""
        return self._shared().push_to_hub(repo_id, private=private)

    def stream(self, prompts: Prompts, *, chunk_frames: int | None = None, **controls: Any) -> Stream:
        """Endless music, chunk by chunk, as fast as it is asked for.

        Args:
            prompts: a text, texts each ending or not in `:weight`, or a mapping of text to weight.
            chunk_frames: latent frames per chunk; by default what the model usually has.
            **controls: any field of `Controls`.

        Raises:
            ControlError: a control is unknown, out of range, or one that the model does not follow.
        """
        return Stream.start(self.model, self._controls(prompts, controls), chunk_frames)

    def render(
        self,
        prompts: Prompts,
        seconds: float,
        *,
        script: Script | None = None,
        chunk_frames: int | None = None,
        progress: Callable[[float], None] | None = None,
        sound: Sound | None = None,
        after: np.ndarray | None = None,
        **controls: Any,
    ) -> Rendered:
        """Finished audio of exactly `round(seconds * sample_rate)` samples; same call, same bits.

        Args:
            prompts: as of `stream`.
            seconds: above 0, up to a day.
            script: moves as a file's path, or as lines or mappings: `{"at": 8.0, "bpm": 128}`. A move is
                heard from the first chunk that begins at its time or after it.
            chunk_frames: latent frames per chunk; by default what the model usually has.
            progress: called after each chunk with the seconds done.
            sound: what comes in, such as `io.sounds.Clip`; the control `listen` says how much it counts.
            after: sound [N, 2] to go on from.
            **controls: any field of `Controls`.

        Raises:
            ControlError: a control, the length or a line of the script is refused.
            ValueError: the model has no encoder, and is to listen.
        """
        samples = _samples(seconds, self.sample_rate)
        heard = (
            {} if after is None else {0: context_of(self.model, after, chunk_size(self.model, chunk_frames))}
        )
        events = self._events(script, chunk_frames)
        stream = Stream.start(
            self.model,
            self._controls(prompts, controls),
            chunk_frames,
            events,
            heard=heard,
            sound=sound,
        )
        return _collect(stream, samples, progress)

    def replay(self, log: SessionLog, *, seconds: float | None = None, steps: int | None = None) -> Rendered:
        """Play a session again, bit for bit; or re-render it at more `steps`.

        Of a take's log, what the take holds is given: the music without the gaps that its notes tell of.

        Args:
            log: of a stream, a player, a take or a rendering.
            seconds: how much; by default as long as the session, or the take, was.
            steps: generator steps per chunk throughout, instead of those played with.

        Raises:
            ControlError: the log is empty or another model's, or `steps` is no valid choice.
        """
        samples = self._replayed(log, seconds)
        return _collect(self.again(log, steps), samples, None, log.start)

    def replay_chunks(
        self, log: SessionLog, *, steps: int | None = None, progress: Callable[[float], None] | None = None
    ) -> Iterator[np.ndarray]:
        """As `replay`, chunk by chunk, for what is too long for memory; refuses when it is called.

        `progress` is told the seconds made of the session, of which a take may begin late.
        """
        self._replayed(log, None)
        return _stretch(self.again(log, steps), log.start, log.samples, progress)

    def restore(self, snapshot: Snapshot) -> Stream:
        """A stream that goes on exactly where the snapshot was taken."""
        return Stream(Session.restore(self.model, snapshot))

    def engine(
        self,
        max_players: int = 2,
        chunk_frames: int | None = None,
        lead_s: float | None = None,
        clock: Clock | None = None,
        takes: Takes | str | os.PathLike[str] | None = None,
        sound: Callable[[Player], Sound] | None = None,
        before: np.ndarray | None = None,
    ) -> Engine:
        """A real-time engine on this model, for live players; its settings are those of `Engine`."""
        return Engine(self.model, max_players, chunk_frames, lead_s, clock, takes, sound, before)

    def _controls(self, prompts: Prompts, controls: dict[str, Any]) -> Controls:
        require_known(controls)
        deaf = [
            name for name, value in controls.items() if value is not None and name not in self.model.honours
        ]
        if deaf:
            raise ControlError(
                f"the model {self.name!r} does not follow {deaf[0]}; it follows "
                f"{', '.join(sorted(self.model.honours))}"
            )
        return Controls(prompts=prompts, **controls)  # type: ignore[arg-type]

    def _replayed(self, log: SessionLog, seconds: float | None) -> int:
        """How many samples of a session are to be played again; ControlError where it cannot be."""
        log.require_model(self.model.name, self.model.fingerprint)
        samples = log.samples - log.start if seconds is None else _samples(seconds, self.sample_rate)
        if samples <= 0:
            raise ControlError("the session log is empty: nothing was played yet")
        return samples

    def again(self, log: SessionLog, steps: int | None = None) -> Stream:
        """A stream of a session from its beginning, to follow it chunk by chunk; see `replay`."""
        controls, events = log.controls, list(log.events)
        failures = [note.sample for note in log.of_kind("failed")]
        if steps is not None:
            controls = controls.steer(steps=steps)
            events = [Event(e.sample, {k: v for k, v in e.changes.items() if k != "steps"}) for e in events]
            failures = []  # it is another rendering, which need not suffer what that one did
        cuts: dict[int, list[int]] = {}
        for note in log.of_kind("cut"):
            cuts.setdefault(note.sample, []).append(int(note.value))
        heard = log.heard(self.model.latent_channels)
        return Stream.start(
            self.model, controls, log.chunk_frames, events, failures=failures, cuts=cuts, heard=heard
        )

    def _events(self, script: Script | None, chunk_frames: int | None) -> list[Event]:
        if script is None:
            return []
        moves = load_script(script) if isinstance(script, (str, Path)) else parse_script(script)
        chunk = chunk_size(self.model, chunk_frames) * self.model.frame_samples
        # On chunk boundaries: inside a chunk every frame hears every other, and would give the move away.
        return [Event(-(-round(move.at * self.sample_rate) // chunk) * chunk, move.changes) for move in moves]

    def _shared(self) -> Bundle | SavedInstrument:
        if self.source is None:
            raise ControlError(
                f"the model {self.name!r} did not come from a folder and cannot be saved to one"
            )
        return self.source


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: an import makes many objects and hardly any garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _samples(seconds: float, sample_rate: int) -> int:
    if not isinstance(seconds, (int, float)) or not 0 < seconds <= LONGEST_RENDER:  # refuses NaN too
        raise ControlError(f"seconds is {seconds!r:.40}; it must be above 0 and at most {LONGEST_RENDER:g}")
    return max(1, round(seconds * sample_rate))


def _stretch(
    stream: Stream, start: int, end: int, progress: Callable[[float], None] | None
) -> Iterator[np.ndarray]:
    """Samples `start` to `end` of a stream that has not begun, chunk by chunk."""
    while (done := stream.sample) < end:
        chunk = next(stream)[max(0, start - done) : end - done]
        if len(chunk):
            yield chunk
        if progress:
            progress(min(stream.sample, end) / stream.sample_rate)


def _collect(
    stream: Stream,
    samples: int,
    progress: Callable[[float], None] | None,
    begin: int = 0,
) -> Rendered:
    audio_n2 = np.zeros((samples, 2), np.float32)
    start, first, done = time.perf_counter(), 0.0, 0
    for chunk in _stretch(stream, begin, begin + samples, progress):
        audio_n2[done : done + len(chunk)] = chunk
        done += len(chunk)
        first = first or time.perf_counter() - start
    log = stream.log()
    log.start, log.samples = begin, begin + samples
    return Rendered(
        audio_n2,
        stream.sample_rate,
        log,
        stream.chunk_ms,
        stream.generate_s,
        stream.decode_s,
        first,
        stream.counts,
    )
