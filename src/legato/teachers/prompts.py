"""Prompts of an open model as its text encoder leaves them, and what steers a stretch of music with them.

Shape legend: B players, S prompts of each, L tokens, E token size, G size of the global vector, T frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F

from legato.nn.streaming import map_rows


@dataclass(frozen=True)
class Prompts:
    """Encoded prompts of B players.

    Attributes:
        tokens_bsle: what cross-attention reads, before the network's own projection.
        valid_bsl: bool; False: padding.
        vector_bsg: global conditioning (G may be 0).
    """

    tokens_bsle: torch.Tensor
    valid_bsl: torch.Tensor
    vector_bsg: torch.Tensor

    @classmethod
    def of(cls, tokens_le: torch.Tensor, vector_g: torch.Tensor) -> Prompts:
        """One prompt of one player, without padding."""
        valid = torch.ones(1, 1, len(tokens_le), dtype=torch.bool, device=tokens_le.device)
        return cls(tokens_le[None, None], valid, vector_g[None, None])

    @classmethod
    def stack(cls, prompts: Sequence[Prompts], axis: int = 0) -> Prompts:
        """Several side by side: players (axis 0) or prompts of one player (axis 1), padded to the longest."""
        longest = max(p.valid_bsl.shape[-1] for p in prompts)
        padded = [p.padded(longest) for p in prompts]
        return map_rows(lambda _, *parts: torch.cat(parts, axis), *padded)

    def padded(self, length: int) -> Prompts:
        """With padding up to `length` tokens."""
        extra = length - self.valid_bsl.shape[-1]
        if not extra:
            return self
        return replace(
            self,
            tokens_bsle=F.pad(self.tokens_bsle, (0, 0, 0, extra)),
            valid_bsl=F.pad(self.valid_bsl, (0, extra)),
        )

    def at(self, segment_b: torch.Tensor) -> Prompts:
        """Of each player the prompt with this index: S = 1."""
        rows = torch.arange(len(segment_b), device=segment_b.device)
        parts = (self.tokens_bsle, self.valid_bsl, self.vector_bsg)
        return Prompts(*(part[rows, segment_b][:, None] for part in parts))

    def to(self, device: torch.device | str) -> Prompts:
        """The same on another device."""
        return map_rows(lambda _, part: part.to(device), self)


@dataclass(frozen=True)
class PromptSteering:
    """What steers T frames of B players of an open model; of the kind `protocol.Steers`.

    Attributes:
        prompts: S of each player.
        given_bs: bool; False: the model decides.
        segment_bt: which of the S prompts each frame follows, int64; the same for all frames of a chunk.
        guidance_b: guidance weight: of the teacher's guidance, and an input of the student.
    """

    prompts: Prompts
    given_bs: torch.Tensor
    segment_bt: torch.Tensor
    guidance_b: torch.Tensor

    def dropped(self) -> PromptSteering:
        """The unconditional branch: no prompt."""
        return replace(self, given_bs=torch.zeros_like(self.given_bs))

    def frames(self, start: int, stop: int) -> PromptSteering:
        """The steering of a span of frames."""
        return replace(self, segment_bt=self.segment_bt[:, start:stop])

    def to(self, device: torch.device | str) -> PromptSteering:
        """The same on another device."""
        return PromptSteering(
            self.prompts.to(device),
            *(part.to(device) for part in (self.given_bs, self.segment_bt, self.guidance_b)),
        )
