"""A distilled open model, ready to play: base, merged adapter, text encoder and decoder behind one interface.

Shape legend: as in `playable`.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from legato.models.adapters import AdapterError, merge_into
from legato.nn.streaming import map_rows, take_rows
from legato.teachers import stepping
from legato.teachers.family import Family, TextSide
from legato.teachers.loading import PlaceError, Source, open_source
from legato.teachers.lora import quieten
from legato.teachers.native import fingerprint
from legato.teachers.outpainting import OpenTeacher
from legato.teachers.playable import Conditioning, Fields, PlayState, TeacherError
from legato.teachers.prompts import Prompts
from legato.teachers.registry import family_of
from legato.teachers.streaming import StreamingDiT

if TYPE_CHECKING:
    from legato.teachers.instrument import InstrumentRecord

REMEMBERED = 64  # encoded prompts, half a megabyte each
PAD = 32  # prompts are padded to a multiple of so many tokens: few shapes for a captured graph


class Student:
    """Of the kind `playable.Playable`.

    Args:
        source: of the base.
        record: of the instrument.
        network: streaming form of the base, adapter merged.
        text: encodes prompts.
        vae: the base's autoencoder.
        identity: fingerprint of base and adapter.
    """

    def __init__(
        self,
        source: Source,
        record: InstrumentRecord,
        network: StreamingDiT,
        text: TextSide,
        vae: nn.Module,
        identity: str,
    ) -> None:
        self.fingerprint, self.channels = identity, network.channels
        self.sample_rate, self.frame_samples = source.family.sound(source)
        self.chunk, self.window, self.guidance = record.chunk, record.window, record.guidance
        self.honours, self.vae = source.family.honours, vae
        self.device = network.null_tokens.device
        self.network = network
        self._source, self._text = source, text
        self._encoded: OrderedDict[tuple[str, Fields], Prompts] = OrderedDict()
        with torch.inference_mode():
            self._constants = stepping.Constants.of(network)

    @property
    def frame_rate(self) -> float:
        """Latent frames a second."""
        return self.sample_rate / self.frame_samples

    @torch.inference_mode()
    def encode_prompts(
        self, texts: Sequence[str], fields: Sequence[Fields] | Fields | None = None
    ) -> Conditioning:
        """One row per text; `fields` for all or for each."""
        each = [fields or Fields()] * len(texts) if not isinstance(fields, Sequence) else list(fields)
        return self.read(self.encode(texts, each))

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], fields: Sequence[Fields]) -> list[Prompts]:
        """Each prompt, the last ones as they were encoded before: while prompts fade, only weights change."""
        wanted = list(zip(texts, fields, strict=True))
        new = [one for one in dict.fromkeys(wanted) if one not in self._encoded]
        if new:
            encoded = self._text.encode([text for text, _ in new], [field for _, field in new])
            self._encoded.update(zip(new, encoded, strict=True))
        for one in wanted:
            self._encoded.move_to_end(one)
        found = [self._encoded[one] for one in wanted]
        while len(self._encoded) > REMEMBERED:
            self._encoded.popitem(last=False)
        return found

    @torch.inference_mode()
    def read(self, prompts: Sequence[Prompts]) -> Conditioning:
        """One row for each encoded prompt."""
        return self.join([self._conditioning(prompt) for prompt in prompts])

    @torch.inference_mode()
    def blend(self, prompts: Mapping[str, float], fields: Fields | None = None) -> Conditioning:
        """One row for weighted prompts: all their tokens compete for attention, by the log of their weight.

        A prompt alone is that prompt exactly. Global conditioning is averaged.

        Raises:
            ValueError: no prompt, or a weight that is not above 0.
        """
        total = sum(prompts.values())
        if not prompts or min(prompts.values()) <= 0:
            raise ValueError("a blend needs prompts with weights above 0")
        parts = self.encode(list(prompts), [fields or Fields()] * len(prompts))
        weights = [weight / total for weight in prompts.values()]
        each = [
            replace(row, bias_bl=row.bias_bl + torch.tensor(weight).log().to(row.bias_bl))
            for row, weight in zip(map(self._conditioning, parts), weights, strict=True)
        ]
        vectors = torch.stack([w * row.vector_bg for w, row in zip(weights, each, strict=True)])
        return Conditioning(
            k=torch.cat([row.k for row in each], 3),
            v=torch.cat([row.v for row in each], 3),
            bias_bl=torch.cat([row.bias_bl for row in each], 1),
            vector_bg=vectors.sum(0),
        )

    @torch.inference_mode()
    def init_state(self, batch: int, chunk: int | None = None) -> PlayState:
        """Players who have heard nothing yet.

        Raises:
            TeacherError: the model cannot make chunks of that size.
        """
        frames = chunk or self.chunk
        if frames % self.network.patch or not 0 < frames <= self.window:
            raise TeacherError(
                f"chunk is {frames} frames; this model makes chunks of a multiple of {self.network.patch}, "
                f"up to {self.window}"
            )
        return stepping.init_state(self.network, batch, frames, self.window)

    @torch.inference_mode()
    def step(
        self,
        noise_bfc: torch.Tensor,
        conditioning: Conditioning,
        guidance_b: torch.Tensor,
        steps: int,
        state: PlayState,
        active: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, PlayState]:
        """The next chunk [B, F, C] and the state after it."""
        return stepping.sample(
            self.network, self._constants, noise_bfc, conditioning, guidance_b, steps, state, active
        )

    @torch.inference_mode()
    def join(self, rows: Sequence[Any]) -> Any:
        """One `PlayState` or `Conditioning` of all rows from several."""
        if len(rows) == 1:
            return rows[0]
        if isinstance(rows[0], Conditioning):
            longest = max(row.tokens for row in rows)
            rows = [row.padded(longest) for row in rows]
        return map_rows(lambda axis, *parts: torch.cat(parts, axis), *rows)

    @torch.inference_mode()
    def split(self, value: Any) -> list[Any]:
        """One of one row per player."""
        batch = len(value.vector_bg if isinstance(value, Conditioning) else value.length)
        return [value] if batch == 1 else [take_rows(value, [row]) for row in range(batch)]

    def teacher(self, ahead_s: float) -> OpenTeacher:
        """The base as it taught: its network, loaded anew, without the adapters.

        Args:
            ahead_s: seconds of room behind a chunk.
        """
        family, patch = self._source.family, self.network.patch
        network = family.network(self._source, family.transformer(self._source), self._text)
        ahead = round(ahead_s * self.frame_rate / patch) * patch
        return OpenTeacher(self._source, network.to(self.device), self.window, ahead)

    def _conditioning(self, prompts: Prompts) -> Conditioning:
        keys = self.network.keys_of(prompts.to(self.device))
        length = keys[0][0].shape[2]
        row = Conditioning(
            k=torch.stack([k for k, _ in keys]),
            v=torch.stack([v for _, v in keys]),
            bias_bl=torch.zeros(1, length, device=self.device),
            vector_bg=prompts.vector_bsg[:, 0].to(self.device),
        )
        return row.padded(-(-length // PAD) * PAD)


def open_student(
    record: InstrumentRecord,
    adapter: Path,
    device: str = "cpu",
    dtype: torch.dtype | None = None,
    base: str | None = None,
) -> Student:
    """The student of an instrument; see `instrument.load_student`."""
    quieten()
    if dtype is None:
        dtype = torch.float32 if torch.device(device).type == "cpu" else torch.bfloat16
    family = family_of(record.family)
    source = _base(record, adapter, family, dtype, base)
    transformer = family.transformer(source)
    own = fingerprint(transformer.state_dict())
    if own != record.fingerprint:
        raise TeacherError(
            f"{source.name} is not the base of {adapter}, which was trained on {record.base} with weights "
            f"{record.fingerprint[:12]}, not {own[:12]}"
        )
    text = family.text_side(source, transformer, device)
    network = family.network(source, transformer, text)
    tensors, trained_on = _read_adapter(adapter)
    if trained_on != own:
        raise TeacherError(f"{adapter} belongs to weights {trained_on[:12]}, and not to {own[:12]}")
    try:
        merge_into(network, tensors, rank=record.rank, alpha=record.alpha)
    except AdapterError as error:
        raise TeacherError(f"{adapter} does not fit {source.name}: {error}") from error
    identity = hashlib.sha256((own + fingerprint(tensors)).encode()).hexdigest()[:16]
    vae = family.vae(source).to(device)
    return Student(source, record, network.to(device).eval(), text, vae, identity)


def _base(
    record: InstrumentRecord, adapter: Path, family: Family, dtype: torch.dtype, elsewhere: str | None
) -> Source:
    """The model that an instrument names, or the one at another place."""
    if elsewhere is not None:
        return open_source(family, elsewhere, dtype)
    try:
        return open_source(family, record.base, dtype, record.revision or None)
    except PlaceError as error:
        raise TeacherError(
            f"the base of {adapter.parent} is not to be had: {error}; if it lies elsewhere, name the place "
            "(--base, in Python base=)"
        ) from error


def _read_adapter(path: Path) -> tuple[dict[str, torch.Tensor], str]:
    """Its tensors, and the fingerprint of the weights it was trained on."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            return {name: file.get_tensor(name) for name in file.keys()}, metadata.get("teacher", "")
    except (OSError, SafetensorError) as error:
        raise TeacherError(f"{path} is no readable adapter: {error}") from error
