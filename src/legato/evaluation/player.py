"""Many renders at once: rows of a batch share every read of the weights, as no clock has to be met.

Each row hears exactly what the engine would give it (chunks of four frames, its own noise, the streaming
decoder, the limiter); only the last bits of products differ from a render on its own. A teacher's products
are bfloat16 where that is fast: its solver is most of the cost, and bundles keep matrices so anyway.

Legend: B rows, T frames, F frames of a chunk, K chunks, C latent channels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from legato.config import SAMPLE_RATE
from legato.engine.output import soft_limit
from legato.evaluation.guided import solve
from legato.evaluation.renders import Command, Grain, Told
from legato.evaluation.tracks import CHUNK, Track, command_track
from legato.models.bundle import Bundle
from legato.models.cache import GeneratorState
from legato.models.generator import Generator
from legato.models.sampling import chunk_noise, sample_student
from legato.models.streaming import Conditions
from legato.nn.precision import mixed_precision

ROWS = 16


class Player:
    """A bundle's student or teacher, playing tracks in batches.

    Args:
        bundle: the model.
        of: "student" or "teacher".
        steps: generator steps a chunk; 1, 2 or 4 for a student, any number for a teacher.
        rows: of a batch.

    Raises:
        ValueError: an unknown kind of model, or steps it does not take.
    """

    def __init__(self, bundle: Bundle, of: str = "student", steps: int = 1, rows: int = ROWS) -> None:
        if of not in ("student", "teacher"):
            raise ValueError(f"there is a student and a teacher to measure, not {of!r}")
        if of == "student" and steps not in (1, 2, 4):
            raise ValueError(f"a student takes 1, 2 or 4 steps, not {steps}")
        if steps < 1:
            raise ValueError(f"steps must be at least 1, not {steps}")
        self.bundle, self.of, self.steps, self.rows = bundle, of, steps, rows
        self.generator: Generator = bundle.generator if of == "student" else bundle.teacher()
        self.device = next(self.generator.parameters()).device
        self.grain = Grain(latency=bundle.codec.latency_samples)

    def render_many(
        self, commands: Sequence[Command], seconds: float, told: Told | None = None
    ) -> Iterator[np.ndarray]:
        """Audio of each command, float32 [round(48000 seconds), 2]."""
        samples = round(seconds * SAMPLE_RATE)
        tracks = [command_track(self.bundle, command, seconds) for command in commands]
        for audio in self.play(tracks, told):
            yield audio[:samples]

    def play(self, tracks: Sequence[Track], told: Told | None = None) -> Iterator[np.ndarray]:
        """Audio of each track, float32 [1920 T, 2]; shorter tracks of a batch are padded and cut."""
        for start in range(0, len(tracks), self.rows):
            group = tracks[start : start + self.rows]
            latents = self.latents(group, told)
            audio = self.bundle.codec.decode(torch.from_numpy(latents).to(self.device)).cpu().numpy()
            if self.of == "student":
                audio = self.bundle.level * audio
            for track, row in zip(group, audio, strict=True):
                yield soft_limit(row[: track.frames * (len(row) // latents.shape[1])])

    @torch.inference_mode()
    def latents(self, tracks: Sequence[Track], told: Told | None = None) -> np.ndarray:
        """Latents of one batch, float32 [B, longest T, C]."""
        chunks = max(track.frames for track in tracks) // CHUNK
        weight = torch.tensor([track.guidance for track in tracks], device=self.device)
        given = torch.ones(len(tracks), dtype=torch.bool, device=self.device)
        state = self.generator.init_state(len(tracks), CHUNK, self.device)
        channels = self.generator.config.latent_channels
        out = []
        for index in range(chunks):
            conditions = Conditions(
                self._rows(np.stack([t.prompt_kp[min(index, len(t.prompt_kp) - 1)] for t in tracks])),
                given,
                self._rows(np.stack([_frames(t.cond_td, index) for t in tracks])),
                weight if self.of == "student" else None,
            )
            noise = torch.stack([chunk_noise(t.seed, index, CHUNK, channels) for t in tracks]).to(self.device)
            clean, state = self._step(noise, state, conditions, weight)
            out.append(clean)
            if told:
                told(len(tracks) * CHUNK / 25)
        return torch.cat(out, 1).float().cpu().numpy()

    def _step(
        self, noise: torch.Tensor, state: GeneratorState, conditions: Conditions, weight: torch.Tensor
    ) -> tuple[torch.Tensor, GeneratorState]:
        if self.of == "student":
            return sample_student(self.generator, noise, state, conditions, self.steps)
        with mixed_precision(self.device):
            x = solve(self.generator, noise, state, conditions, weight, self.steps)
        return x, self.generator.commit(x, state)

    def _rows(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(self.device)


def _frames(cond_td: np.ndarray, index: int) -> np.ndarray:
    """Frames of a chunk; past the end of a track its last chunk again."""
    start = min(index * CHUNK, len(cond_td) - CHUNK)
    return cond_td[start : start + CHUNK]
