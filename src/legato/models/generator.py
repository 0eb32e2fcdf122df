"""The causal latent model: velocity field of the teacher, one-step flow map of the student.

Trained on `[clean T | noisy T]` with block-causal masks; streamed chunk by chunk with a cache of clean
context. Prompt and controls touch noisy tokens only, so cached keys are prompt-free: a steer needs no recache
and takes effect in the very next chunk, and both guidance branches share one cache.

Shape legend: B batch, T frames, F frames of a chunk, C latent channels, S prompts per clip, P prompt size,
L layers, H heads, W window in frames, D head size, d width, V views (noisy copies of a clip in training).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import nn

from legato import conditioning
from legato.config import GeneratorConfig
from legato.nn.attention import attend, context_mask, position_free, rotary_table, rotate, target_mask
from legato.nn.blocks import Attend, Block, Modulation, ScalarEmbedding, normed
from legato.nn.streaming import where_rows

MAX_CHUNK = 8


@dataclass(frozen=True)
class Conditions:
    """What steers one chunk.

    Attributes:
        prompt_bp: unit-length prompt embeddings [B, P].
        prompt_given_b: bool [B]; False: the model decides.
        cond_bfd: control vectors [B, F, conditioning.WIDTH].
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


@dataclass(frozen=True)
class Steering:
    """What prompt, guidance and times come to in the network: the same for every chunk while they stay.

    Attributes:
        clean, noisy: modulation of context and of the chunk itself, [B, 1, 6 d].
        head: modulation before the last layer, [B, 1, 2 d].
        prompt_kv: keys and values of the prompt's tokens in every layer, [B, H, tokens, D].
    """

    clean: torch.Tensor
    noisy: torch.Tensor
    head: torch.Tensor
    prompt_kv: list[tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True)
class GeneratorState:
    """Musical context of B players.

    Attributes:
        k, v: keys (unrotated) and values of clean context, [L, B, H, W, D], newest last.
        length: valid frames at the end of the cache, int64 [B].
        pending: the last generated chunk, not yet in the cache, [B, F, C].
        has_pending: bool [B].
    """

    batch_axis: ClassVar[dict[str, int]] = {"k": 1, "v": 1}
    k: torch.Tensor
    v: torch.Tensor
    length: torch.Tensor
    pending: torch.Tensor
    has_pending: torch.Tensor


class Generator(nn.Module):
    """Block-causal flow-matching transformer (arXiv 2606.24307; masks as in `nn.attention`)."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        d = config.width
        self.clean_in = nn.Linear(config.latent_channels, d)
        self.noisy_in = nn.Linear(config.latent_channels, d)
        self.cond_in = nn.Sequential(nn.Linear(conditioning.WIDTH, d), nn.SiLU(), nn.Linear(d, d))
        self.prompt_tokens = nn.Linear(config.prompt_dim, config.prompt_tokens * d)
        self.prompt_mod = nn.Linear(config.prompt_dim, d)
        self.no_prompt = nn.Parameter(torch.zeros(config.prompt_dim))
        self.context_level = ScalarEmbedding(d)  # noise mixed into clean context
        self.time = ScalarEmbedding(d)
        self.interval = ScalarEmbedding(d, silent=True)  # t - r of the flow map
        self.guidance = ScalarEmbedding(d, silent=True)
        self.modulation = nn.Linear(d, 6 * d)
        self.blocks = nn.ModuleList(
            Block(d, config.heads, config.ff_mult, config.registers, config.depth)
            for _ in range(config.depth)
        )
        self.head_mod = nn.Linear(d, 2 * d)
        self.head = nn.Linear(d, config.latent_channels)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        nn.init.normal_(self.modulation.weight, std=0.01)

    # ---- training: the whole clip at once -------------------------------------------------------

    def forward(
        self,
        clean_btc: torch.Tensor,
        noisy_btc: torch.Tensor,
        *,
        t_bt: torch.Tensor,
        context_noise_bt: torch.Tensor,
        prompt_bsp: torch.Tensor,
        prompt_given_bs: torch.Tensor,
        cond_btd: torch.Tensor,
        chunk: int,
        segment_bt: torch.Tensor | None = None,
        dt_bt: torch.Tensor | None = None,
        guidance_b: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Velocity at every frame, each chunk seeing the clean chunks before it.

        The noisy side may hold several views of the clip end to end, [B, V T, …], each with noise, times,
        prompt and controls of its own: they share the clean side, which costs as much as one of them.

        Args:
            clean_btc: context latents, already carrying noise of level `context_noise_bt`.
            noisy_btc: x_t, any t per chunk; V T frames, as all that follows but `context_noise_bt`.
            t_bt: time, 1 noise … 0 clean.
            context_noise_bt: level 0–1 of noise in the clean context.
            prompt_bsp: S prompts per clip.
            prompt_given_bs: whether each is given.
            cond_btd: control vectors.
            chunk: frames per block.
            segment_bt: which of the S prompts each frame follows (default the first).
            dt_bt: t - r for a flow map; None for a plain velocity.
            guidance_b: guidance weight for a student; None for a teacher.

        Returns:
            u [B, V T, C].
        """
        frames = clean_btc.shape[1]
        if segment_bt is None:
            segment_bt = torch.zeros(t_bt.shape, dtype=torch.long, device=t_bt.device)
        prompts_bsp = self._prompt(prompt_bsp, prompt_given_bs)
        prompt_bnd = self._prompt_as_tokens(prompts_bsp)
        prompt_frames_btd = self.prompt_mod(prompts_bsp).gather(
            1, segment_bt[..., None].expand(-1, -1, self.config.width)
        )
        emb_clean = self.context_level(context_noise_bt)
        emb_noisy = self._noisy_embedding(t_bt, dt_bt, guidance_b) + prompt_frames_btd
        x = torch.cat([self.clean_in(clean_btc), self.noisy_in(noisy_btc) + self.cond_in(cond_btd)], 1)
        attends = self._training_attention(frames, chunk, segment_bt, prompts_bsp.shape[1])
        x = self._trunk(x, torch.cat([emb_clean, emb_noisy], 1), prompt_bnd, attends)
        return self._velocity(x[:, frames:], emb_noisy)

    def _training_attention(
        self, frames: int, chunk: int, segment_bt: torch.Tensor, prompts: int
    ) -> list[Attend]:
        device = segment_bt.device
        window, registers = self.config.window // chunk, self.config.registers
        sees_context = F.pad(context_mask(frames, chunk, window, device), (registers, 0), value=True)
        own_prompt = segment_bt[..., None] == torch.arange(prompts, device=device)
        own_prompt = own_prompt.repeat_interleave(self.config.prompt_tokens, -1)  # [B, V T, S * tokens]
        sees_target = F.pad(target_mask(frames, chunk, window, device), (registers, 0), value=True)
        views = own_prompt.split(frames, dim=1)
        masks = [torch.cat([own, sees_target.expand(len(own), -1, -1)], -1)[:, None] for own in views]
        table = rotary_table(torch.arange(frames, device=device).repeat(1 + len(views)), self._rotary_dims)
        first = own_prompt.shape[-1]  # keys are [prompt | registers | clean | noisy]

        def for_block(block: Block) -> Attend:
            def attention(q, k, v, prompt_k, prompt_v):
                sink_k, sink_v = self._sinks(block, q)
                q_clean, *q_views = rotate(q, table).split(frames, dim=2)
                k_clean, *k_views = rotate(k, table).split(frames, dim=2)
                v_clean, *v_views = v.split(frames, dim=2)
                keys = torch.cat([position_free(prompt_k), sink_k, k_clean], 2)
                values = torch.cat([prompt_v, sink_v, v_clean], 2)
                mixed = [attend(q_clean, keys[:, :, first:], values[:, :, first:], sees_context)]
                for q_own, k_own, v_own, mask in zip(q_views, k_views, v_views, masks, strict=True):
                    seen, told = torch.cat([keys, k_own], 2), torch.cat([values, v_own], 2)
                    mixed.append(attend(q_own, seen, told, mask))
                return torch.cat(mixed, 2)

            return attention

        return [for_block(block) for block in self.blocks]  # type: ignore[arg-type]

    # ---- streaming: one chunk at a time ---------------------------------------------------------

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
        cache = (c.depth, batch, c.heads, c.window, c.width // c.heads)
        return GeneratorState(
            k=torch.zeros(cache, device=device, dtype=dtype),
            v=torch.zeros(cache, device=device, dtype=dtype),
            length=torch.zeros(batch, dtype=torch.long, device=device),
            pending=torch.zeros(batch, chunk, c.latent_channels, device=device, dtype=dtype),
            has_pending=torch.zeros(batch, dtype=torch.bool, device=device),
        )

    def steering(
        self, conditions: Conditions, *, t_b: torch.Tensor, dt_b: torch.Tensor | None = None
    ) -> Steering:
        """What `velocity` and `step` make of everything but control vectors; give it to them to save time."""
        prompt = self._prompt(conditions.prompt_bp[:, None], conditions.prompt_given_b[:, None])
        prompt_bnd = self._prompt_as_tokens(prompt)
        dt_b1 = None if dt_b is None else dt_b[:, None]
        emb = self._noisy_embedding(t_b[:, None], dt_b1, conditions.guidance_b) + self.prompt_mod(prompt)
        return Steering(
            clean=self._clean_modulation(conditions.prompt_bp),
            noisy=self.modulation(F.silu(emb)),
            head=self.head_mod(F.silu(emb)),
            prompt_kv=[block.prompt_kv(prompt_bnd) for block in self.blocks],  # type: ignore[operator]
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
        """u(x_t, t, t - dt) of the next chunk under the committed context; `state` is only read."""
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
        """Commit the pending chunk and evaluate the next one with a single read of the weights.

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
        if new_valid_b is None:
            new_valid_b = torch.full((batch,), clean > 0, device=device)
        tokens, mods = [], []
        if clean_bfc is not None:
            tokens.append(self.clean_in(clean_bfc))
            still = steering.clean if steering else self._clean_modulation(clean_bfc)
            mods.append(still.expand(-1, clean, -1))
        if noisy_bfc is not None:
            assert cond_bfd is not None and steering is not None
            tokens.append(self.noisy_in(noisy_bfc) + self.cond_in(cond_bfd))
            mods.append(steering.noisy.expand(-1, noisy, -1))
        cache = _Cache(self, state, clean, noisy, new_valid_b)
        x = torch.cat(tokens, 1)
        mod = Modulation.of(torch.cat(mods, 1))
        prompt_kv = steering.prompt_kv if steering else [self._no_prompt_kv(some)] * len(self.blocks)
        attends = cache.attention(prompt_kv[0][0].shape[2])
        for block, kv, attention in zip(self.blocks, prompt_kv, attends, strict=True):
            x = block(x, mod, kv, attention)
        u = self._modulated_head(x[:, clean:], steering.head) if steering else None
        return u, cache.advanced() if clean else state

    def _clean_modulation(self, like: torch.Tensor) -> torch.Tensor:
        """Of context without noise, [B, 1, 6 d]."""
        return self.modulation(F.silu(self.context_level(like.new_zeros(like.shape[0], 1))))

    def _no_prompt_kv(self, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        heads = self.config.heads
        nothing = like.new_zeros(like.shape[0], heads, 0, self.config.width // heads)
        return nothing, nothing

    # ---- shared parts ---------------------------------------------------------------------------

    @property
    def _rotary_dims(self) -> int:
        return self.config.width // self.config.heads // 2

    def _prompt(self, prompt_bsp: torch.Tensor, given_bs: torch.Tensor) -> torch.Tensor:
        scaled = prompt_bsp * self.config.prompt_dim**0.5  # unit length to unit variance
        return torch.where(given_bs[..., None], scaled, self.no_prompt)

    def _prompt_as_tokens(self, prompts_bsp: torch.Tensor) -> torch.Tensor:
        b, s, _ = prompts_bsp.shape
        return self.prompt_tokens(prompts_bsp).view(b, s * self.config.prompt_tokens, self.config.width)

    def _noisy_embedding(
        self, t_bt: torch.Tensor, dt_bt: torch.Tensor | None, guidance_b: torch.Tensor | None
    ) -> torch.Tensor:
        emb = self.time(t_bt)
        if dt_bt is not None:
            emb = emb + self.interval(dt_bt)
        if guidance_b is not None:
            emb = emb + self.guidance(guidance_b / 8.0)[:, None]
        return emb

    def _trunk(
        self,
        x_bnd: torch.Tensor,
        emb_bnd: torch.Tensor,
        prompt_bnd: torch.Tensor,
        attends: list[Attend],
        seen: list[torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """All blocks in turn; `seen` collects what each of them gives."""
        mod = Modulation.of(self.modulation(F.silu(emb_bnd)))
        for block, attention in zip(self.blocks, attends, strict=True):
            x_bnd = block(x_bnd, mod, block.prompt_kv(prompt_bnd), attention)  # type: ignore[operator]
            if seen is not None:
                seen.append(x_bnd)
        return x_bnd

    def _velocity(self, x_btd: torch.Tensor, emb_btd: torch.Tensor) -> torch.Tensor:
        return self._modulated_head(x_btd, self.head_mod(F.silu(emb_btd)))

    def _modulated_head(self, x_btd: torch.Tensor, mod_bt2d: torch.Tensor) -> torch.Tensor:
        shift, scale = mod_bt2d.chunk(2, -1)
        return self.head(normed(x_btd) * (1 + scale) + shift)

    @staticmethod
    def _sinks(block: Block, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        k, v = block.sinks(like.shape[0])
        return position_free(k).to(like.dtype), v.to(like.dtype)


class _Cache:
    """Reads the cached context of every layer and gathers the entries of the new clean chunk."""

    def __init__(
        self,
        generator: Generator,
        state: GeneratorState,
        clean: int,
        noisy: int,
        new_valid_b: torch.Tensor,
    ) -> None:
        self.generator, self.state, self.new_valid_b = generator, state, new_valid_b
        self.clean, self.noisy = clean, noisy  # frames
        window = generator.config.window
        chunk = noisy or clean
        self.keep = window // chunk * chunk - clean  # a chunk sees so many frames of context in all
        self.new_k: list[torch.Tensor] = []
        self.new_v: list[torch.Tensor] = []
        slots = torch.arange(window - self.keep, window, device=state.length.device)
        self.valid_bk = slots >= window - state.length[:, None]
        on_cpu = slots.device.type == "cpu"  # elsewhere a look at the values would wait for the device
        self.full = on_cpu and bool(self.valid_bk.all())
        positions = torch.arange(self.keep + clean + noisy, device=slots.device)
        self.query_table = rotary_table(positions[self.keep :], generator._rotary_dims)
        self.cache_table = rotary_table(positions[: self.keep], generator._rotary_dims)

    def attention(self, prompts: int) -> list[Attend]:
        mask = self._mask(prompts)
        return [self._for_layer(layer, mask) for layer in range(len(self.generator.blocks))]

    def _mask(self, prompts: int) -> torch.Tensor:
        """Who sees registers, prompt, cache, new clean, noisy: bool [B, 1, N, K]."""
        batch, device = len(self.valid_bk), self.valid_bk.device

        def row(queries: int, told: bool, clean_b: torch.Tensor) -> torch.Tensor:
            """What one of the two sides sees: the noisy one alone the prompt and itself."""

            def seen(count: int, visible: bool) -> torch.Tensor:
                return torch.full((batch, count), visible, device=device)

            columns = [
                seen(self.generator.config.registers, True),
                seen(prompts, told),
                self.valid_bk,
                clean_b[:, None].expand(batch, self.clean),
                seen(self.noisy, told),
            ]
            return torch.cat(columns, 1)[:, None].expand(-1, queries, -1)

        clean = row(self.clean, False, torch.ones_like(self.new_valid_b))
        return torch.cat([clean, row(self.noisy, True, self.new_valid_b)], 1)[:, None]

    def _for_layer(self, layer: int, mask: torch.Tensor) -> Attend:
        block: Block = self.generator.blocks[layer]  # type: ignore[assignment]
        valid = self.valid_bk[:, None, :, None]

        def attention(q, k, v, prompt_k, prompt_v):
            self.new_k.append(k[:, :, : self.clean])
            self.new_v.append(v[:, :, : self.clean])
            sink_k, sink_v = self.generator._sinks(block, q)
            start = self.state.k.shape[3] - self.keep
            old_k, old_v = (cached[layer][:, :, start:] for cached in (self.state.k, self.state.v))
            if not self.full:
                # A slot never written may hold anything, NaN included: it must not reach the softmax sum.
                old_k, old_v = torch.where(valid, old_k, 0.0), torch.where(valid, old_v, 0.0)
            old_k, old_v = old_k.to(q.dtype), old_v.to(q.dtype)
            keys = torch.cat(
                [
                    sink_k,
                    position_free(prompt_k),
                    rotate(old_k, self.cache_table),
                    rotate(k, self.query_table),
                ],
                2,
            )
            values = torch.cat([sink_v, prompt_v, old_v, v], 2)
            return attend(rotate(q, self.query_table), keys, values, mask)

        return attention

    def advanced(self) -> GeneratorState:
        """The state with the new clean chunk at the end of the cache."""
        f, state = self.clean, self.state
        k = torch.cat([state.k[:, :, :, f:], torch.stack(self.new_k).to(state.k.dtype)], 3)
        v = torch.cat([state.v[:, :, :, f:], torch.stack(self.new_v).to(state.v.dtype)], 3)
        added = torch.where(self.new_valid_b, f, 0)
        return replace(state, k=k, v=v, length=(state.length + added).clamp(max=state.k.shape[3]))
