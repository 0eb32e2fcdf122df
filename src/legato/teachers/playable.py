"""What the playing side needs to know of a distilled open model: one protocol and three values.

An instrument folder becomes a `Playable` through `legato.teachers.instrument.load_student(folder)`: the real
diffusers network in its streaming form, adapters merged, together with its text encoder and its own decoder.
State is a value; nothing here keeps any between calls.

Shape legend: B players, F frames of a chunk, C latent channels, L prompt tokens, H heads, D head size, W
frames of context, G size of a model's global conditioning, N layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Protocol

import torch
import torch.nn.functional as F
from torch import nn


class TeacherError(ValueError):
    """An open model or an adapter of it cannot be used; one sentence says which and why."""


@dataclass(frozen=True)
class Fields:
    """What some models take beside the prompt; None: the model decides. A model ignores what it lacks.

    Attributes:
        bpm: tempo, whole beats a minute.
        key: such as `C major`.
        time_signature: beats of a bar, such as `4`.
        lyrics: words to sing; None: instrumental.
        language: of the lyrics, a two-letter code.
        seconds: length of the piece the model is to believe in.
    """

    bpm: int | None = None
    key: str | None = None
    time_signature: str | None = None
    lyrics: str | None = None
    language: str | None = None
    seconds: float | None = None

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """All of them, in order."""
        return tuple(f.name for f in fields(cls))

    def filled(self, **values: Any) -> Fields:
        """The same, with values for fields that are left open."""
        return replace(self, **{name: v for name, v in values.items() if getattr(self, name) is None})


@dataclass(frozen=True)
class Conditioning:
    """Prompts as the network reads them: computed when a prompt changes, used in every chunk.

    Attributes:
        k, v: keys and values of the prompt's tokens in every layer, [N, B, H, L, D].
        bias_bl: added to the tokens' scores: 0; the log of a prompt's weight in a blend; -inf for padding.
        vector_bg: global conditioning (G may be 0).
    """

    batch_axis: ClassVar[dict[str, int]] = {"k": 1, "v": 1}
    k: torch.Tensor
    v: torch.Tensor
    bias_bl: torch.Tensor
    vector_bg: torch.Tensor

    @property
    def tokens(self) -> int:
        """L."""
        return self.bias_bl.shape[1]

    def padded(self, tokens: int) -> Conditioning:
        """With tokens that nobody attends to, up to so many."""
        extra = tokens - self.tokens
        if extra <= 0:
            return self
        return replace(
            self,
            k=F.pad(self.k, (0, 0, 0, extra)),
            v=F.pad(self.v, (0, 0, 0, extra)),
            bias_bl=F.pad(self.bias_bl, (0, extra), value=float("-inf")),
        )


@dataclass(frozen=True)
class PlayState:
    """Musical context of B players.

    Attributes:
        k, v: keys (unrotated) and values of clean context in every layer, newest last; [N, B, H, tokens, D].
        length: valid tokens at the end of the cache, int64 [B].
        pending: the last chunk, not yet in the cache, [B, F, C].
        has_pending: bool [B].
    """

    batch_axis: ClassVar[dict[str, int]] = {"k": 1, "v": 1}
    k: torch.Tensor
    v: torch.Tensor
    length: torch.Tensor
    pending: torch.Tensor
    has_pending: torch.Tensor


class Playable(Protocol):
    """A distilled open model, ready to be played.

    Attributes:
        fingerprint: of base and adapter; equal fingerprints sound alike.
        channels: latent channels C.
        sample_rate: of the decoded sound, Hz.
        frame_samples: samples of sound a latent frame stands for.
        chunk: frames of the chunks it was trained on.
        guidance: lowest and highest guidance weight it was trained on; equal where guidance has no effect.
        honours: names of the `Fields` that change what it plays.
        vae: the model's own autoencoder (diffusers): `vae.decode(z [B, C, F]).sample` is [B, 2, samples].
        device: where it computes; everything it is given must be there.
    """

    fingerprint: str
    channels: int
    sample_rate: int
    frame_samples: int
    chunk: int
    guidance: tuple[float, float]
    honours: tuple[str, ...]
    vae: nn.Module
    device: torch.device

    def blend(self, prompts: Mapping[str, float], fields: Fields | None = None) -> Conditioning:
        """One row for weighted prompts (weights above 0, of any sum)."""
        ...

    def init_state(self, batch: int, chunk: int | None = None) -> PlayState:
        """Players who have heard nothing yet, to be stepped in chunks of `chunk` frames (default: own)."""
        ...

    def step(
        self,
        noise_bfc: torch.Tensor,
        conditioning: Conditioning,
        guidance_b: torch.Tensor,
        steps: int,
        state: PlayState,
        active: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, PlayState]:
        """The next chunk [B, F, C] in `steps` (1, 2, 4) jumps, and the state after it.

        Rows not `active` keep their state. The state given stays good.
        """
        ...

    def join(self, rows: Sequence[Any]) -> Any:
        """One `PlayState` or `Conditioning` of all rows from several; prompts are padded to the longest."""
        ...

    def split(self, value: Any) -> list[Any]:
        """The inverse of `join`: one of one row per player."""
        ...
