"""A distilled open model behind `engine.model.LiveModel`: its own text encoder, network and decoder.

What such a model is told beside noise comes in words: prompts, and tempo, key and metre that the conductor
plans or the performer asks for, where it was taught to read them. They are encoded when they change.

The decoder of a chunk does not run beside the making of the next: that begins only once the chunk's sound is
in the ring, so that controls are bound as late as possible. Decoding beside it would cost a chunk of delay.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from legato.control.mapping import Heading
from legato.control.state import Controls
from legato.engine.honours import honoured
from legato.engine.live import GPU_ROWS
from legato.engine.model import Stepped
from legato.models.bundle import read_styles
from legato.models.manifest import embedded_prompt_folder
from legato.models.opening import find
from legato.models.prompt import PromptEncoder
from legato.music.theory import PITCH_CLASSES, Key
from legato.nn.graphs import Captured
from legato.nn.streaming import map_rows, take_rows
from legato.teachers.decoding import DecoderState, StreamingDecoder
from legato.teachers.instrument import InstrumentRecord, load_student, read_card, read_record
from legato.teachers.playable import Conditioning, Fields, Playable, PlayState

REMEMBERED = 8  # readings of prompts; of a large model each takes tens of megabytes
TOKENS = (128, 256, 512)  # numbers of prompt tokens for which a GPU has a graph; prompts are padded to them


@dataclass(frozen=True)
class OpenState:
    """Musical context and decoder memory of B players."""

    context: PlayState
    decoder: DecoderState


class OpenModel:
    """A distilled open model, ready to step. Its state is never changed in place.

    Args:
        playable: the network, as `teachers.instrument.load_student` gives it.
        name: to show.
        prompts: text encoder of the conductor, which chooses styles by it.
        styles: style name to embedding [384], for the conductor.
        lookahead: frames its decoder waits for, see `StreamingDecoder`.
        lyrics: what it sings; empty: nothing.
        seconds: length of the piece it is to believe in.
    """

    cuts = False
    encoder_reach = 0

    def __init__(
        self,
        playable: Playable,
        name: str,
        prompts: PromptEncoder,
        styles: Mapping[str, np.ndarray],
        *,
        lookahead: int | None = None,
        lyrics: str = "",
        seconds: float | None = None,
    ) -> None:
        self.name = name
        self.sample_rate = playable.sample_rate
        self.frame_samples = playable.frame_samples
        self.latent_channels = playable.channels
        self.chunk_sizes: Sequence[int] = (playable.chunk,)
        self.chunk_frames = playable.chunk
        self.honours = honoured(playable.honours, playable.guidance)
        self.styles = styles
        self.playable, self._prompts = playable, prompts
        self._fixed = Fields(lyrics=lyrics or None, seconds=seconds)
        self._decoder = StreamingDecoder(playable.vae, lookahead)
        self.latency_samples = self._decoder.latency_samples
        heard = (playable.fingerprint, self._decoder.after, lyrics, seconds)
        self.fingerprint = hashlib.sha256(repr(heard).encode()).hexdigest()[:16]
        self._device = playable.device
        self._graphs: Captured | None = None
        self._readings: OrderedDict[Any, Conditioning] = OrderedDict()
        # On a CPU the last bit of a product depends on the batch's size, and replay is to be exact.
        self.max_rows = 1 if self._device.type == "cpu" else GPU_ROWS

    @classmethod
    def load(cls, folder: Path, device: str | None = None, base: str | None = None) -> OpenModel:
        """The instrument at `folder`, warmed up.

        Args:
            folder: as `legato distill` wrote it.
            device: None: a GPU where there is one.
            base: another place of the model it was distilled from.

        Raises:
            TeacherError: it is damaged, or its base is not to be had or another one.
        """
        record = read_record(folder)
        playable = load_student(folder, device or ("cuda" if torch.cuda.is_available() else "cpu"), base=base)
        model = cls.of(playable, record, read_card(folder).name)
        model.warm_up()
        return model

    @classmethod
    def of(cls, playable: Playable, record: InstrumentRecord, name: str) -> OpenModel:
        """A loaded network as its record says that it streams."""
        return cls(
            playable,
            name,
            PromptEncoder(embedded_prompt_folder()),
            read_styles(find(None)),
            lookahead=record.lookahead,
            lyrics=record.lyrics,
            seconds=record.seconds,
        )

    @torch.inference_mode()
    def warm_up(self) -> None:
        """Step, so that the first chunks heard wait for nothing done once; on a GPU, record graphs first.

        A GPU chooses its kernels by shape, and until the decoder's window is full each chunk has another.
        """
        state = self.init_state(self.chunk_frames)
        read = self.steering(Controls(), Heading(None, None, None))
        noise = np.zeros((1, self.chunk_frames, self.latent_channels), np.float32)
        guidance_b, steps = np.ones(1, np.float32), 1
        if self._device.type == "cuda":
            self._record_graphs(self._tensor(noise), self._tensor(guidance_b), read, state)
            steps += -(-self._decoder.remembered // self.chunk_frames)
        for _ in range(steps):
            state = self.step(noise, noise, [read], guidance_b, 1, state).state
        gc.freeze()  # a look at torch's half a million objects would take longer than a chunk may

    def embed(self, prompts: Mapping[str, float]) -> np.ndarray:
        """The conductor's reading of weighted prompts, float32 [384], of length 1."""
        return self._prompts.blend(dict(prompts))

    @torch.inference_mode()
    def steering(self, controls: Controls, heading: Heading) -> Conditioning:
        """Prompts and heading as the network reads them; the last few are remembered."""
        fields = self.fields(heading)
        key = (*controls.prompts.items(), fields)
        if (found := self._readings.get(key)) is None:
            found = self.playable.blend(controls.prompts, fields)
            if self._device.type == "cuda":
                found = found.padded(next((size for size in TOKENS if size >= found.tokens), found.tokens))
            self._readings[key] = found
            if len(self._readings) > REMEMBERED:
                self._readings.popitem(last=False)
        self._readings.move_to_end(key)
        return found

    def fields(self, heading: Heading) -> Fields:
        """What the model is told in words besides its prompts, of what it reads."""
        told = replace(
            self._fixed,
            bpm=None if heading.bpm is None else round(heading.bpm),
            key=None if heading.key is None else key_in_words(heading.key),
            time_signature=None if heading.beats_per_bar is None else str(heading.beats_per_bar),
        )
        return Fields(**{name: getattr(told, name) for name in self.playable.honours})

    @torch.inference_mode()
    def init_state(self, chunk_frames: int) -> OpenState:
        """The state of one player who has heard nothing yet."""
        return OpenState(self.playable.init_state(1, chunk_frames), self._decoder.init_state(1))

    @torch.inference_mode()
    def step(
        self,
        noise_bfc: np.ndarray,
        cond_bfd: np.ndarray,
        steering: Sequence[Conditioning],
        guidance_b: np.ndarray,
        steps: int,
        state: OpenState,
    ) -> Stepped:
        """The next chunk of B players; what control vectors say by frames, such a model cannot hear."""
        start = time.perf_counter()
        low, high = self.playable.guidance
        latents_bfc, context = self._generate(
            self._tensor(noise_bfc),
            self._joined(list(steering)),
            self._tensor(guidance_b).clamp(low, high),
            steps,
            state.context,
        )
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        generated = time.perf_counter()
        audio_bn2, decoder = self._decoder.step(latents_bfc, state.decoder)
        pcm_bn2 = audio_bn2.cpu().numpy()
        done = time.perf_counter()
        return Stepped(pcm_bn2, OpenState(context, decoder), generated - start, done - generated)

    def encode(self, audio_n2: np.ndarray) -> np.ndarray:
        """Refused: an open model does not listen."""
        raise ValueError(f"{self.name} takes no sound in: listening is for models with a codec of Legato's")

    def after(self, latents_tc: np.ndarray, chunk_frames: int) -> OpenState:
        """Refused, as `encode` is."""
        raise ValueError(f"{self.name} goes on from no sound: that is for models with a codec of Legato's")

    def remember(self, latents_fc: np.ndarray, state: OpenState) -> OpenState:
        """Refused, as `encode` is."""
        raise ValueError(
            f"{self.name} takes no sound for its past: that is for models with a codec of Legato's"
        )

    def cut(self, before: OpenState, after: OpenState, frames: int) -> OpenState:
        """Refused: its chunks are whole tokens of the network."""
        raise ValueError(f"chunks of {self.name} are made whole")

    @torch.inference_mode()
    def join(self, states: Sequence[OpenState]) -> OpenState:
        """One state of B rows from B states of one row."""
        if len(states) == 1:
            return states[0]
        decoder = map_rows(lambda axis, *rows: torch.cat(rows, axis), *(state.decoder for state in states))
        return OpenState(self._joined([state.context for state in states]), decoder)

    @torch.inference_mode()
    def split(self, state: OpenState) -> list[OpenState]:
        """One state per player."""
        rows = len(state.decoder.heard_b)
        if rows == 1:
            return [state]
        contexts = self.playable.split(state.context)
        return [OpenState(contexts[row], take_rows(state.decoder, [row])) for row in range(rows)]

    def _generate(
        self,
        noise_bfc: torch.Tensor,
        read: Conditioning,
        guidance_b: torch.Tensor,
        steps: int,
        state: PlayState,
    ) -> tuple[torch.Tensor, PlayState]:
        return (self._graphs or self.playable.step)(noise_bfc, read, guidance_b, steps, state)

    def _record_graphs(
        self, noise_bfc: torch.Tensor, guidance_b: torch.Tensor, read: Conditioning, state: OpenState
    ) -> None:
        """For one player and one step a chunk, and for the decoder's full window."""
        graphs = Captured(self.playable.step)
        for tokens in TOKENS:
            if read.tokens <= tokens:
                graphs.capture(noise_bfc, read.padded(tokens), guidance_b, 1, state.context)
        self._graphs = graphs
        self._decoder.record_graph(self.chunk_frames)

    def _joined(self, rows: list[Any]) -> Any:
        return rows[0] if len(rows) == 1 else self.playable.join(rows)

    def _tensor(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(self._device)


def key_in_words(key: Key) -> str:
    """`C major` or `A minor`, the keys that captions name; modes by their third."""
    return f"{PITCH_CLASSES[key.root]} {'minor' if key.minor else 'major'}"
