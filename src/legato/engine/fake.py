"""A model that counts instead of playing: for testing engines, servers and pages without weights or torch.

Left channel: the session's sample number modulo 16384, over 32768. Right channel: what the frame's control
vector says, `tempo + 256 · gates`, over 8192, with tempo the rounded bpm (0 when not given) and gates one bit
per family. Both are exact in 16-bit PCM and stay below the limiter; `read_counter` and `read_code` undo them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from legato import conditioning
from legato.conditioning import FAMILIES, GROUPS
from legato.config import CHUNK_FRAMES, CHUNK_SIZES, FRAME_SAMPLES, SAMPLE_RATE
from legato.control.mapping import Heading
from legato.control.state import FIELDS, Controls
from legato.engine.clock import Clock
from legato.engine.model import Stepped
from legato.music.grammar import STYLES

COUNT = 16384
_COUNT_SCALE, _CODE_SCALE = 32768.0, 8192.0
PROMPT_DIM = 384


@dataclass(frozen=True)
class CounterState:
    """Where one player stands.

    Attributes:
        sample: samples made so far.
        held_n2: those that the model's lag holds back [lag, 2].
        chunk_n2: the last chunk, which they end.
        context_tc: latents it was given to remember.
    """

    sample: int
    held_n2: np.ndarray
    chunk_n2: np.ndarray
    context_tc: np.ndarray | None = None


class CounterModel:
    """Implements `engine.model.LiveModel`.

    Args:
        clock: on which computing takes time; None takes none.
        compute_s: seconds each step takes.
        stalls: step number (0 for the first) to extra seconds it takes.
        bad: step numbers that give NaN.
        broken: step numbers that raise.
        latency_samples: how far audio lags.
        max_rows: players per step.
        fingerprint: to be told from another counter.
        heard: called with each step's arguments; for tests that look at what the model is told.
        honours: fields of `Controls` it claims to follow.
    """

    name = "counter"
    sample_rate = SAMPLE_RATE
    frame_samples = FRAME_SAMPLES
    latent_channels = 4
    cuts = True
    encoder_reach = 0
    chunk_sizes: Sequence[int] = CHUNK_SIZES
    chunk_frames = CHUNK_FRAMES

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        compute_s: float = 0.0,
        stalls: Mapping[int, float] | None = None,
        bad: Sequence[int] = (),
        broken: Sequence[int] = (),
        latency_samples: int = 0,
        max_rows: int = 8,
        fingerprint: str = "counter",
        heard: Callable[..., None] | None = None,
        honours: frozenset[str] = frozenset(FIELDS),
    ) -> None:
        self.honours = honours
        self.latency_samples = latency_samples
        self.max_rows = max_rows
        self.fingerprint = fingerprint
        self.styles: Mapping[str, np.ndarray] = {name: _embed_text(name) for name in STYLES}
        self.steps_made = 0
        self._clock = clock
        self._compute_s = compute_s
        self._stalls = dict(stalls or {})
        self._bad, self._broken = frozenset(bad), frozenset(broken)
        self._heard = heard

    def embed(self, prompts: Mapping[str, float]) -> np.ndarray:
        """A vector that depends on the words alone, float32 [384]; a style's name gives that style's own."""
        vector = np.sum([weight * _embed_text(text) for text, weight in prompts.items()], axis=0)
        return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)

    def steering(self, controls: Controls, heading: Heading) -> np.ndarray:
        """The prompts' vector."""
        return self.embed(controls.prompts)

    def init_state(self, chunk_frames: int) -> list[CounterState]:
        """Nothing counted yet."""
        nothing = np.zeros((self.latency_samples, 2), np.float32)
        return [CounterState(0, nothing, nothing)]

    def step(
        self,
        noise_bfc: np.ndarray,
        cond_bfd: np.ndarray,
        steering: Sequence[np.ndarray],
        guidance_b: np.ndarray,
        steps: int,
        state: list[CounterState],
    ) -> Stepped:
        """The next numbers of each player."""
        number, self.steps_made = self.steps_made, self.steps_made + 1
        if self._heard:
            self._heard(noise_bfc, cond_bfd, np.stack(steering), guidance_b, steps)
        seconds = self._compute_s + self._stalls.get(number, 0.0)
        if self._clock and seconds:
            self._clock.sleep(seconds)
        if number in self._broken:
            raise RuntimeError("the counter was told to break")
        rows = [self._row(cond_fd, one) for cond_fd, one in zip(cond_bfd, state, strict=True)]
        pcm_bn2 = np.stack([pcm for pcm, _ in rows])
        if number in self._bad:
            pcm_bn2[:, 100:] = np.nan
        return Stepped(pcm_bn2, [after for _, after in rows], seconds, 0.0)

    def encode(self, audio_n2: np.ndarray) -> np.ndarray:
        """Mean and root mean square of both channels of each frame, [T, 4]."""
        frames = audio_n2.reshape(-1, self.frame_samples, 2)
        return np.concatenate([frames.mean(1), np.sqrt(np.square(frames).mean(1))], axis=1)

    def after(self, latents_tc: np.ndarray, chunk_frames: int) -> list[CounterState]:
        """Nothing counted yet, the context kept."""
        return [replace(state, context_tc=latents_tc) for state in self.init_state(chunk_frames)]

    def remember(self, latents_fc: np.ndarray, state: list[CounterState]) -> list[CounterState]:
        """The context kept."""
        return [replace(one, context_tc=latents_fc) for one in state]

    def cut(self, before: list[CounterState], after: list[CounterState], frames: int) -> list[CounterState]:
        """The state after the first frames of the chunk that led from `before` to `after`."""
        samples = frames * self.frame_samples
        return [
            replace(
                row,
                sample=was.sample + samples,
                held_n2=row.chunk_n2[samples : samples + len(row.held_n2)],
            )
            for was, row in zip(before, after, strict=True)
        ]

    def join(self, states: Sequence[list[CounterState]]) -> list[CounterState]:
        """States side by side."""
        return [row for state in states for row in state]

    def split(self, state: list[CounterState]) -> list[list[CounterState]]:
        """One state per player."""
        return [[row] for row in state]

    def _row(self, cond_fd: np.ndarray, state: CounterState) -> tuple[np.ndarray, CounterState]:
        samples = len(cond_fd) * self.frame_samples
        made = np.empty((samples, 2), np.float32)
        made[:, 0] = counter(state.sample, samples)
        made[:, 1] = np.repeat(_codes(cond_fd), self.frame_samples)
        stream = np.concatenate([state.held_n2, made])
        after = replace(state, sample=state.sample + samples, held_n2=stream[samples:], chunk_n2=stream)
        return stream[:samples], after


def counter(start: int, samples: int) -> np.ndarray:
    """The left channel from sample `start` on, float32 [samples]."""
    return (np.arange(start, start + samples) % COUNT / _COUNT_SCALE).astype(np.float32)


def read_counter(audio_n2: np.ndarray) -> np.ndarray:
    """Sample numbers modulo 16384 from audio, int [N]."""
    return np.rint(audio_n2[:, 0] * _COUNT_SCALE).astype(int)


def read_code(audio_n2: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the controls said, from audio: rounded bpm [N] (0 where not given) and gates, bool [N, 4]."""
    codes = np.rint(audio_n2[:, 1] * _CODE_SCALE).astype(int)
    return codes % 256, (codes[:, None] >> (8 + np.arange(len(FAMILIES)))) % 2 == 1


def _codes(cond_fd: np.ndarray) -> np.ndarray:
    tempo = np.rint(120.0 * 2.0 ** cond_fd[:, GROUPS["beat"].start + 4])
    tempo = np.where(conditioning.given(cond_fd, "beat"), tempo, 0)
    gates = sum((cond_fd[:, GROUPS[family].start] > 0.5) * 2**i for i, family in enumerate(FAMILIES))
    return ((tempo + 256 * gates) / _CODE_SCALE).astype(np.float32)


@cache
def _embed_text(text: str) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    vector = np.random.default_rng(seed).standard_normal(PROMPT_DIM)
    return (vector / np.linalg.norm(vector)).astype(np.float32)
