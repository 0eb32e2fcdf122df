"""The latent model chunk by chunk: context committed, the next chunk's velocity under it.

Prompt and controls touch noisy tokens only, so cached keys are prompt-free: a steer needs no recache and
takes effect in the very next chunk, and both guidance branches share one cache.

Shape legend: B batch, F frames of a chunk, C latent channels, P prompt size, H heads, D head size, d width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F

from legato.conditioning import EMPHASISED, GROUPS, VALUES, drop
from legato.config import FRAME_RATE
from legato.models.cache import Cache, GeneratorState
from legato.models.trunk import Trunk
from legato.nn.attention import position_free
from legato.nn.blocks import Modulation
from legato.nn.streaming import where_rows

MAX_CHUNK = 8
_EMPHASISED_GIVEN = [VALUES + GROUPS[name].index for name in EMPHASISED]


@dataclass(frozen=True)
class Conditions:
    """What steers one chunk.

    Attributes:
        prompt_bp: unit-length prompt embeddings [B, P].
        prompt_given_b: bool [B]; False: the model decides.
        cond_bfd: control vectors [B, F, conditioning.WIDTH]; N F frames of them tell N versions of the chunk,
            made side by side and deaf to one another.
        guidance_b: guidance weight the student imitates [B]; None for a teacher.
    """

    prompt_bp: torch.Tensor
    prompt_given_b: torch.Tensor
    cond_bfd: torch.Tensor
    guidance_b: torch.Tensor | None = None

    def dropped(self) -> Conditions:
        """The unconditional branch of guidance: neither prompt nor controls."""
        return replace(
            self,
            prompt_given_b=torch.zeros_like(self.prompt_given_b),
            cond_bfd=torch.zeros_like(self.cond_bfd),
        )

    def beside_plain(self) -> Conditions | None:
        """Two versions of the chunk: as told, and without `EMPHASISED` groups; None where none is given."""
        if not (self.cond_bfd[..., _EMPHASISED_GIVEN] > 0).any():
            return None
        plain_bfd = self.cond_bfd.clone()
        for name in EMPHASISED:
            drop(plain_bfd, name)
        return replace(self, cond_bfd=torch.cat([self.cond_bfd, plain_bfd], 1))


@dataclass(frozen=True)
class Steering:
    """What prompt, guidance and times come to in the network: the same for every chunk while they stay.

    Attributes:
        clean, noisy: modulation of context and of the chunk itself, [B, 1, 6 d].
        head: modulation before the last layer, [B, 1, 2 d].
        fixed_kv: keys and values of registers and the prompt's tokens in every layer, [B, H, ., D].
    """

    clean: torch.Tensor
    noisy: torch.Tensor
    head: torch.Tensor
    fixed_kv: list[tuple[torch.Tensor, torch.Tensor]]


class Streaming(Trunk):
    """The half of the latent model that plays. State is a value, and never changed in place.

    Attributes:
        spread: of a student, the factor by which `spread_out` takes a chunk made in one step away from the
            mean of the last seconds. A flow map learnt by regression falls a little short of its teacher's
            spread, and what it hears of itself makes that worse.
        mean_seconds: time constant of that mean, `GeneratorState.mean`.
        temperature: of a student, the standard deviation of the noise that such a chunk starts from: above 1
            seeds differ more, and what is given by prompt, controls and context stays as it is.
    """

    spread = 1.0
    mean_seconds = 4.0
    temperature = 1.0

    def init_state(
        self,
        batch: int,
        chunk: int = 4,
        device: torch.device | str | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> GeneratorState:
        """Empty context for `batch` players, to be stepped in chunks of `chunk` frames (1–8)."""
        if not 1 <= chunk <= MAX_CHUNK:
            raise ValueError(f"chunk must be 1 to {MAX_CHUNK} frames, not {chunk}")
        c = self.config
        slots = c.window // chunk * chunk
        nothing = torch.zeros(batch, c.heads, slots, c.width // c.heads, device=device, dtype=dtype)
        return GeneratorState(
            k=(nothing,) * c.depth,
            v=(nothing,) * c.depth,
            length=torch.zeros(batch, dtype=torch.long, device=device),
            pending=torch.zeros(batch, chunk, c.latent_channels, device=device, dtype=dtype),
            has_pending=torch.zeros(batch, dtype=torch.bool, device=device),
            mean=torch.zeros(batch, c.latent_channels, device=device, dtype=dtype),
        )

    def steering(
        self, conditions: Conditions, *, t_b: torch.Tensor, dt_b: torch.Tensor | None = None
    ) -> Steering:
        """What `velocity` and `step` make of everything but control vectors; give it to them to save time."""
        prompt = self.given_prompt(conditions.prompt_bp[:, None], conditions.prompt_given_b[:, None])
        prompt_bnd = self.prompt_as_tokens(prompt)
        dt_b1 = None if dt_b is None else dt_b[:, None]
        emb = self.noisy_embedding(t_b[:, None], dt_b1, conditions.guidance_b) + self.prompt_mod(prompt)
        return Steering(
            clean=self._clean_modulation(conditions.prompt_bp),
            noisy=self.modulation(F.silu(emb)),
            head=self.head_mod(F.silu(emb)),
            fixed_kv=self._fixed_kv(prompt_bnd),
        )

    def velocity(
        self,
        x_bfc: torch.Tensor,
        state: GeneratorState,
        conditions: Conditions,
        *,
        t_b: torch.Tensor,
        dt_b: torch.Tensor | None = None,
        steering: Steering | None = None,
    ) -> torch.Tensor:
        """u(x_t, t, t - dt) of the next chunk under the committed context; `state` is only read.

        Of N versions of it (see `Conditions`) the velocities end to end, [B, N F, C].
        """
        steering = steering or self.steering(conditions, t_b=t_b, dt_b=dt_b)
        u, _ = self._stream(None, x_bfc, state, conditions.cond_bfd, steering)
        assert u is not None
        return u

    def commit(
        self, clean_bfc: torch.Tensor, state: GeneratorState, active: torch.Tensor | None = None
    ) -> GeneratorState:
        """Take a finished chunk into the context (rows not active stay as they are)."""
        _, new = self._stream(clean_bfc, None, state, None, None)
        return where_rows(active, new, state)

    def step(
        self,
        x_bfc: torch.Tensor,
        state: GeneratorState,
        conditions: Conditions,
        *,
        t_b: torch.Tensor,
        dt_b: torch.Tensor | None = None,
        active: torch.Tensor | None = None,
        steering: Steering | None = None,
    ) -> tuple[torch.Tensor, GeneratorState]:
        """Commit the pending chunk and evaluate the next, as `velocity`, with a single read of the weights.

        The caller stores the finished chunk with `with_pending`. The two may differ in length: a chunk that
        was cut short is pending with the frames that were heard of it.
        """
        pending = torch.where(state.has_pending[:, None, None], state.pending, 0.0)
        steering = steering or self.steering(conditions, t_b=t_b, dt_b=dt_b)
        u, new = self._stream(pending, x_bfc, state, conditions.cond_bfd, steering, state.has_pending)
        assert u is not None
        new = replace(new, has_pending=torch.zeros_like(state.has_pending))
        return u, where_rows(active, new, state)

    @staticmethod
    def with_pending(
        state: GeneratorState, clean_bfc: torch.Tensor, active: torch.Tensor | None = None
    ) -> GeneratorState:
        """`state` with a finished chunk waiting to be committed by the next `step`."""
        new = replace(state, pending=clean_bfc, has_pending=torch.ones_like(state.has_pending))
        return where_rows(active, new, state)

    def spread_out(self, x_bfc: torch.Tensor, state: GeneratorState) -> torch.Tensor:
        """A chunk made in one step, `spread` times as far from the mean of what was before it.

        That mean stays as it is: a change that lasts for many seconds, of loudness or timbre, would be made
        larger by every chunk that hears it.
        """
        return x_bfc + (self.spread - 1.0) * (x_bfc - state.mean[:, None])

    def _stream(
        self,
        clean_bfc: torch.Tensor | None,
        noisy_bfc: torch.Tensor | None,
        state: GeneratorState,
        cond_bfd: torch.Tensor | None,
        steering: Steering | None,
        new_valid_b: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor | None, GeneratorState]:
        """One pass over `[clean | noisy]` frames, either of which may be absent."""
        some = clean_bfc if clean_bfc is not None else noisy_bfc
        assert some is not None
        batch, device = some.shape[0], some.device
        clean = 0 if clean_bfc is None else clean_bfc.shape[1]
        noisy = 0 if noisy_bfc is None else noisy_bfc.shape[1]
        versions = 1 if noisy_bfc is None or cond_bfd is None else cond_bfd.shape[1] // noisy
        if new_valid_b is None:
            new_valid_b = torch.full((batch,), clean > 0, device=device)
        tokens, mods = [], []
        if clean_bfc is not None:
            tokens.append(self.clean_in(clean_bfc))
            still = steering.clean if steering else self._clean_modulation(clean_bfc)
            mods.append(still.expand(-1, clean, -1))
        if noisy_bfc is not None:
            assert cond_bfd is not None and steering is not None
            tokens.append(self.noisy_in(noisy_bfc).repeat(1, versions, 1) + self.cond_in(cond_bfd))
            mods.append(steering.noisy.expand(-1, versions * noisy, -1))
        cache = Cache(self, state, clean, noisy, new_valid_b, versions)
        x = torch.cat(tokens, 1)
        mod = Modulation.of(torch.cat(mods, 1))
        fixed_kv = steering.fixed_kv if steering else self._fixed_kv(x[:, :0])
        attends = cache.attention(fixed_kv[0][0].shape[2])
        for block, kv, attention in zip(self.blocks, fixed_kv, attends, strict=True):
            x = block(x, mod, kv, attention)
        u = self.modulated_head(x[:, clean:], steering.head) if steering else None
        if clean_bfc is None:
            return u, state
        share = 1.0 - math.exp(-clean / (self.mean_seconds * FRAME_RATE))
        mean = state.mean.lerp(clean_bfc.mean(1).to(state.mean.dtype), share)
        mean = torch.where(new_valid_b[:, None], mean, state.mean)
        return u, replace(cache.advanced(), mean=mean)

    def _clean_modulation(self, like: torch.Tensor) -> torch.Tensor:
        """Of context without noise, [B, 1, 6 d]."""
        return self.modulation(F.silu(self.context_level(like.new_zeros(like.shape[0], 1))))

    def _fixed_kv(self, prompt_bnd: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """`Steering.fixed_kv` of a prompt's tokens, of which there may be none."""
        found = []
        for block in self.blocks:
            k, v = block.prompt_kv(prompt_bnd)  # type: ignore[operator]
            sink_k, sink_v = self.sinks(block, k)  # type: ignore[arg-type]
            found.append((torch.cat([sink_k, position_free(k)], 2), torch.cat([sink_v, v], 2)))
        return found
