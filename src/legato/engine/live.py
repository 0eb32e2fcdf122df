"""The real model behind `engine.model.LiveModel`: one-step generator and streaming decoder of a bundle."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from legato.conditioning import WIDTH
from legato.config import CHUNK_FRAMES, CHUNK_SIZES, FRAME_SAMPLES, SAMPLE_RATE
from legato.control.mapping import Heading
from legato.control.state import FIELDS, Controls
from legato.engine.model import Stepped
from legato.models.bundle import Bundle
from legato.models.cache import GeneratorState
from legato.models.codec import CodecState
from legato.models.manifest import fingerprint
from legato.models.sampling import sample_student, student_steerings
from legato.models.streaming import Conditions, Steering
from legato.nn.packed import pack
from legato.nn.streaming import map_rows, take_rows

GPU_ROWS = 16
REMEMBERED = 16  # prompts with their guidance, about 100 kB each


@dataclass(frozen=True)
class LiveState:
    """Musical context and decoder memory of B players."""

    generator: GeneratorState
    codec: CodecState


class BundleModel:
    """A bundle, ready to step. Its state is never changed in place.

    Args:
        bundle: the loaded model.
    """

    sample_rate = SAMPLE_RATE
    frame_samples = FRAME_SAMPLES
    chunk_sizes: Sequence[int] = CHUNK_SIZES
    chunk_frames = CHUNK_FRAMES
    honours = frozenset(FIELDS)

    def __init__(self, bundle: Bundle) -> None:
        self.name = bundle.name
        self.fingerprint = fingerprint(bundle.folder)
        self.styles: Mapping[str, np.ndarray] = bundle.styles
        self._hearing = bundle.hearing
        self.latent_channels = bundle.config.generator.latent_channels
        self.latency_samples = bundle.codec.latency_samples
        self.encoder_reach = bundle.codec.encoder_reach
        self.cuts = True
        self._bundle = bundle
        self._steerings: dict[tuple[bytes, bytes, int], list[Steering]] = {}
        self._device = next(bundle.generator.parameters()).device
        on_cpu = self._device.type == "cpu"
        # On a CPU the last bit of a product depends on the batch's size, and replay is to be exact.
        self.max_rows = 1 if on_cpu else GPU_ROWS
        if on_cpu:
            torch.set_num_threads(1)  # a chunk is too small to share: more threads wait for one another
            for network in (bundle.generator, bundle.codec.decoder):
                pack(network)

    def warm_up(self, chunk_frames: int = CHUNK_FRAMES) -> None:
        """Step once, so that the first chunk heard waits for nothing that is done only once."""
        shape = (1, chunk_frames)
        self.step(
            np.zeros((*shape, self.latent_channels), np.float32),
            np.zeros((*shape, WIDTH), np.float32),
            [self.embed({"warm up": 1.0})],
            np.ones(1, np.float32),
            1,
            self.init_state(chunk_frames),
        )
        gc.freeze()  # a look at torch's half a million objects would take longer than a chunk may

    def embed(self, prompts: Mapping[str, float]) -> np.ndarray:
        """One vector for weighted prompts, float32 [384], of length 1."""
        return self._bundle.prompts.blend(dict(prompts))

    def steering(self, controls: Controls, heading: Heading) -> np.ndarray:
        """The prompts as the generator hears them; everything else comes by frames."""
        return self._bundle.prompts.blend(dict(controls.prompts), self._hearing)

    @torch.inference_mode()
    def init_state(self, chunk_frames: int) -> LiveState:
        """The state of one player who has heard nothing yet."""
        context = self._bundle.generator.init_state(1, chunk_frames, self._device)
        return LiveState(context, self._bundle.codec.init_state(1))

    @torch.inference_mode()
    def step(
        self,
        noise_bfc: np.ndarray,
        cond_bfd: np.ndarray,
        steering: Sequence[np.ndarray],
        guidance_b: np.ndarray,
        steps: int,
        state: LiveState,
    ) -> Stepped:
        """The next chunk of B players."""
        start = time.perf_counter()
        prompt_bp = np.stack(steering)
        conditions = Conditions(
            prompt_bp=self._tensor(prompt_bp),
            prompt_given_b=torch.ones(len(prompt_bp), dtype=torch.bool, device=self._device),
            cond_bfd=self._tensor(cond_bfd),
            guidance_b=self._tensor(guidance_b),
        )
        latents_bfc, context = sample_student(
            self._bundle.generator,
            self._tensor(noise_bfc),
            state.generator,
            conditions,
            steps,
            steerings=self._steered(conditions, (prompt_bp.tobytes(), guidance_b.tobytes(), steps)),
        )
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        generated = time.perf_counter()
        audio_bn2, decoder = self._bundle.codec.decode_step(latents_bfc, state.codec)
        pcm_bn2 = (self._bundle.level * audio_bn2).float().cpu().numpy()
        done = time.perf_counter()
        return Stepped(pcm_bn2, LiveState(context, decoder), generated - start, done - generated)

    @torch.inference_mode()
    def encode(self, audio_n2: np.ndarray) -> np.ndarray:
        """Latents of sound, [T, C]."""
        return self._bundle.codec.encode(self._tensor(audio_n2)[None])[0].cpu().numpy()

    @torch.inference_mode()
    def after(self, latents_tc: np.ndarray, chunk_frames: int) -> LiveState:
        """A player who has heard this: generator and decoder go on from there."""
        context, generator = self.init_state(chunk_frames), self._bundle.generator
        state, decoder = context.generator, context.codec
        for chunk_bfc in self._tensor(latents_tc)[None].split(chunk_frames, dim=1):
            if bool(state.has_pending.all()):
                state = generator.commit(state.pending, state)
            state = generator.with_pending(state, chunk_bfc)
            _, decoder = self._bundle.codec.decode_step(chunk_bfc, decoder)
        return LiveState(state, decoder)

    @torch.inference_mode()
    def remember(self, latents_fc: np.ndarray, state: LiveState) -> LiveState:
        """Another last chunk, which the next step takes into the context."""
        return replace(
            state,
            generator=self._bundle.generator.with_pending(state.generator, self._tensor(latents_fc)[None]),
        )

    @torch.inference_mode()
    def cut(self, before: LiveState, after: LiveState, frames: int) -> LiveState:
        """The state of one player after the first frames of the chunk that led from `before` to `after`."""
        heard_bfc = after.generator.pending[:, :frames]
        _, decoder = self._bundle.codec.decode_step(heard_bfc, before.codec)
        return LiveState(replace(after.generator, pending=heard_bfc), decoder)

    @torch.inference_mode()
    def join(self, states: Sequence[LiveState]) -> LiveState:
        """One state of B rows from B states of one row."""
        if len(states) == 1:
            return states[0]
        return map_rows(lambda axis, *rows: torch.cat(rows, axis), *states)

    @torch.inference_mode()
    def split(self, state: LiveState) -> list[LiveState]:
        """One state per player."""
        rows = len(state.generator.length)
        return [state] if rows == 1 else [take_rows(state, [row]) for row in range(rows)]

    def _steered(self, conditions: Conditions, key: tuple[bytes, bytes, int]) -> list[Steering]:
        """As `student_steerings`; those of the last few prompts are remembered."""
        if (found := self._steerings.get(key)) is None:
            if len(self._steerings) >= REMEMBERED:
                self._steerings.clear()
            found = self._steerings[key] = student_steerings(self._bundle.generator, conditions, key[2])
        return found

    def _tensor(self, array: np.ndarray) -> Any:
        return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(self._device)
