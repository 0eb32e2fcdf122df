"""Sound in: the options `--listen`, `--continue` and `--like`, and what they open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import numpy as np

    from legato.engine.ear import Sound
    from legato.engine.player import Player
    from legato.io.microphone import Microphone
    from legato.io.sounds import Clip

Listen = Annotated[
    str | None,
    typer.Option(
        metavar="SOURCE",
        help="Play with what comes in: 'mic', part of an input's name, a sound file (looped), or 'list'.",
    ),
]
RenderListen = Annotated[
    Path | None, typer.Option("--listen", metavar="FILE", help="Play with a sound file, from its start on.")
]
GoOn = Annotated[
    Path | None,
    typer.Option("--continue", metavar="FILE", help="Go on from the end of a sound file."),
]
Like = Annotated[
    Path | None,
    typer.Option("--like", metavar="FILE", help="Play music like a sound file: its styles become prompts."),
]


class Source:
    """What every player listens to.

    Args:
        of: makes it for a player.
        microphone: that is open for it, if it is one.
    """

    def __init__(self, of: Callable[[Player], Sound], microphone: Microphone | None = None) -> None:
        self.of = of
        self._microphone = microphone

    @classmethod
    def open(cls, wanted: str, rescan: bool, announce: Callable[[str], None]) -> Source:
        """A sound file, or else an input of this machine; `rescan` as of `Microphone`.

        Raises:
            SoundError: the file cannot be listened to.
            DeviceError: there is no such input, or it does not open.
        """
        from legato.io.sounds import Clip, is_sound_file, read_sound

        if is_sound_file(wanted):
            audio_n2 = read_sound(wanted)
            return cls(lambda player: Clip(audio_n2, Path(wanted).name, loop=True))
        from legato.engine.room import Room
        from legato.io.microphone import Microphone

        microphone = Microphone(wanted, announce, rescan=rescan)
        announce(f"Listening to {microphone.name!r}")
        return cls(lambda player: Room(microphone, lambda: player.heard, player.sample_rate), microphone)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See to the microphone while the block runs."""
        if self._microphone is None:
            yield
            return
        with self._microphone.watching():
            yield

    def close(self) -> None:
        """Close the microphone. May be called more than once."""
        if self._microphone:
            self._microphone.close()


def read_clip(path: Path | None) -> Clip | None:
    """A sound file, to be listened to once; SoundError if it cannot be."""
    if path is None:
        return None
    from legato.io.sounds import Clip, read_sound

    return Clip(read_sound(path), path.name)


def read_before(path: Path | None) -> np.ndarray | None:
    """A sound file to go on from, [N, 2]; SoundError if it cannot be read."""
    if path is None:
        return None
    from legato.io.sounds import read_sound

    return read_sound(path)


def read_like(path: Path | None, announce: Callable[[str], None]) -> dict[str, float]:
    """Prompts for music like a sound file, which are announced; none without a file.

    Raises:
        SoundError: it cannot be read.
    """
    if path is None:
        return {}
    from legato.evaluation.audio_prompt import prompts_of

    prompts = prompts_of(path)
    words = ", ".join(f"{text} {100 * weight:.0f} %" for text, weight in prompts.items())
    announce(f"{path.name} sounds like {words}")
    return prompts
