"""What a session hears besides itself: sound that comes in, mixed with its own and taken for its past.

Both are mixed as sound, and the mix is encoded. Latents describe log magnitudes: a mean of two of them is no
mix of two sounds, and nothing the codec has met (`benchmarks/listen.py` measures both ways).

N samples and F frames of a chunk, T frames, C latent channels; sound is float32 [N, 2].
"""

from __future__ import annotations

from copy import copy
from typing import Any, Protocol

import numpy as np

from legato.engine.model import LiveModel

SLEW = 0.125  # of the mix a frame: from one end to the other takes 0.32 s
# Frames of what comes in that the encoder is shown besides: those further ahead change next to nothing.
AHEAD = 1
SILENT = 1e-3  # RMS, -60 dB, below which nothing comes in
HOLD_S = 1.0  # of silence that belongs to the music
CONTEXT_S = 30.0  # of a sound file that music goes on from


class Sound(Protocol):
    """What comes in, on the time of a session, as loud as music of the model."""

    def read(self, sample: int, samples: int, beat: float | None) -> np.ndarray | None:
        """What belongs to these samples of the session; None: nothing comes in now.

        Args:
            sample: of the session, the first.
            samples: how many.
            beat: length of a beat in samples, by which the sound may be late; None: there is no beat.
        """
        ...

    def status(self) -> dict[str, Any]:
        """JSON-ready: its name, whether it is there, counters."""
        ...

    @property
    def warning(self) -> str | None:
        """What is wrong with it, one sentence."""
        ...


class Ear:
    """A session's ear. A value but for the sound: `copy` is independent.

    Args:
        model: encodes what is heard.
        sound: what comes in.

    Raises:
        ValueError: the model has no encoder.
    """

    def __init__(self, model: LiveModel, sound: Sound) -> None:
        model.encode(np.zeros((model.frame_samples, 2), np.float32))
        self.sound = sound
        self.mix = 0.0  # of the control, ramped
        self._model = model
        self._own_n2: np.ndarray | None = None  # the last chunk, as late as the decoder is
        # As it was heard, the mix included.
        self._past_n2 = np.zeros((model.encoder_reach * model.frame_samples, 2), np.float32)
        self._silent = round(HOLD_S * model.sample_rate)  # samples since something came in

    def keep(self, pcm_n2: np.ndarray | None) -> None:
        """Take note of the model's own chunk; None if it failed."""
        self._own_n2 = pcm_n2

    def hear(self, sample: int, samples: int, listen: float, beat: float | None) -> np.ndarray | None:
        """What the model is to take for its last chunk, float16 [F, C]; None: its own.

        Call it once before each chunk but the first.

        Args:
            sample: of the session, at which the last chunk began.
            samples: N.
            listen: the control.
            beat: as of `Sound.read`.
        """
        model, frame, before = self._model, self._model.frame_samples, len(self._past_n2)
        own_n2, self._own_n2 = self._own_n2, None
        if own_n2 is None:
            own_n2 = np.zeros((samples, 2), np.float32)
        ahead = min(AHEAD, model.encoder_reach) * frame
        came_n2 = self.sound.read(sample, samples + ahead, beat)
        target = listen if self._sounds(came_n2, samples) else 0.0
        start, step = self.mix, SLEW * samples / frame
        self.mix = start + min(step, max(-step, target - start))
        mix_n1 = np.linspace(start, self.mix, samples + 1, dtype=np.float32)[1:, None]
        late = model.latency_samples
        whole_n2 = np.zeros((before + samples + ahead, 2), np.float32)
        whole_n2[:before] = self._past_n2
        here_n2 = whole_n2[before:]
        here_n2[: samples - late] += _own(mix_n1[: samples - late]) * own_n2[late:]
        if late and before >= late:  # the end of the chunk before, which the decoder had kept back
            whole_n2[before - late : before] += _own(start) * own_n2[:late]
        if came_n2 is not None:
            here_n2[:samples] += _in(mix_n1) * came_n2[:samples]
            here_n2[samples:] += _in(self.mix) * came_n2[samples:]
        self._past_n2 = whole_n2[samples : samples + before]
        if start == self.mix == 0.0:
            return None
        first = before // frame
        latents_fc = model.encode(whole_n2)[first : first + samples // frame].astype(np.float16)
        return latents_fc if np.isfinite(latents_fc).all() else None

    def copy(self) -> Ear:
        """Another in the same state, on the same sound."""
        return copy(self)  # arrays are replaced, never changed in place

    def status(self) -> dict[str, Any]:
        """JSON-ready: the sound's, and the mix as it is now."""
        return {**self.sound.status(), "mix": round(self.mix, 3)}

    def _sounds(self, came_n2: np.ndarray | None, samples: int) -> bool:
        """Whether something comes in, rests of the music included."""
        if came_n2 is None:
            return False
        loud = float(np.sqrt(np.mean(np.square(came_n2[:samples])))) > SILENT
        self._silent = 0 if loud else self._silent + samples
        return self._silent < HOLD_S * self._model.sample_rate


def context_of(model: LiveModel, audio_n2: np.ndarray, chunk_frames: int) -> np.ndarray:
    """Latents, float16 [T, C], of the end of a sound that music is to go on from; T fills whole chunks.

    Raises:
        ValueError: the model has no encoder.
    """
    chunk = chunk_frames * model.frame_samples
    most = round(CONTEXT_S * model.sample_rate) // chunk
    samples = min(most, max(1, len(audio_n2) // chunk)) * chunk
    end_n2 = audio_n2[-samples:]
    return model.encode(np.pad(end_n2, ((samples - len(end_n2), 0), (0, 0)))).astype(np.float16)


def _own(mix: Any) -> Any:
    return np.minimum(1.0, 2.0 - 2.0 * mix)


def _in(mix: Any) -> Any:
    return np.minimum(1.0, 2.0 * mix)
