"""Messages between a server and a page: JSON both ways, sound one way. Torch-free. See docs/protocol.md.

Sound is a 24-byte little-endian header and then interleaved samples:

    offset 0  b"LGTO"     4  u8 version   5  u8 format (1 = int16, 2 = float32)   6  u16 channels
           8  u32 stream  12  u32 frames  16  u64 index of the first frame in its stream
"""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal, NoReturn

import numpy as np
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError

from legato.control import state
from legato.control.mailbox import QUANTISE
from legato.control.plan_order import MOST_AHEAD, SECTIONS
from legato.control.scenes import SLOTS, Scenes
from legato.control.state import FIELDS, Controls
from legato.engine.takes import LONGEST_NAME, Takes, check_name
from legato.io.recorder import RecorderError
from legato.music.grammar import STYLES
from legato.music.theory import MODES, PITCH_CLASSES, QUALITIES
from legato.serving.musical import Cancel, Message, Plan, Quantise, Scene

VERSION = 1
MAX_MESSAGE_BYTES = 64 * 1024
MAX_DIGITS = 20  # of a whole number in a message
MAGIC = b"LGTO"
HEADER = struct.Struct("<4sBBHIIQ")
FORMATS = {"pcm16": 1, "float32": 2}
CHANNELS = 2


class ProtocolError(ValueError):
    """A message was refused; one sentence says why and what would be valid."""


class Steer(BaseModel):
    """Change any controls; null opens one. The values are judged by `Mailbox.post`."""

    type: Literal["steer"]
    changes: dict[str, Any]
    quantise: Any = None


class Start(Message):
    """Begin a new stream, replacing the one that sounds."""

    type: Literal["start"]


class Stop(Message):
    """End the stream; its place is kept."""

    type: Literal["stop"]


class Ping(Message):
    """Answered at once with `time` unchanged. With `stream`, it also says where the listener is."""

    type: Literal["ping"]
    time: float = 0.0
    stream: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    played: Annotated[int, Field(ge=0, lt=2**53)] = 0  # index of the next frame to be heard
    target: Annotated[int, Field(ge=0, le=480_000)] = 0  # frames the listener wants in hand
    playing: bool = False
    round_trip_ms: Annotated[float, Field(ge=0.0)] = 0.0  # of a ping and its pong, at the fastest


def _label(name: str) -> str:
    try:
        return check_name(name)
    except RecorderError as error:
        raise ValueError(str(error)) from None


class Take(Message):
    """Record: begin or end a take, name this moment, or keep what was heard last. A name is never a path."""

    type: Literal["take"]
    action: Literal["start", "stop", "mark", "keep"]
    name: Annotated[str, AfterValidator(_label)] | None = None


_Plain = Start | Stop | Ping | Take | Quantise | Cancel | Scene
Incoming = Steer | Plan | _Plain
_PLAIN: TypeAdapter[_Plain] = TypeAdapter(Annotated[_Plain, Field(discriminator="type")])
_MODELS: Mapping[str, type[BaseModel]] = {
    **{"steer": Steer, "start": Start, "stop": Stop, "ping": Ping, "take": Take},
    **{"quantise": Quantise, "cancel": Cancel, "plan": Plan, "scene": Scene},
}


def parse_message(data: str | bytes) -> Incoming:
    """Read what a client sent.

    Raises:
        ProtocolError: too long, not text, not JSON, no known type, or a field that does not belong.
    """
    if isinstance(data, bytes):
        raise ProtocolError("messages to the server are JSON text, not binary")
    if len(data) > MAX_MESSAGE_BYTES or len(data.encode("utf-8", "replace")) > MAX_MESSAGE_BYTES:
        raise ProtocolError(f"the message is longer than {MAX_MESSAGE_BYTES // 1024} KiB")
    message = _parse_json(data)
    kind = message.get("type") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(kind, str) or kind not in _MODELS:
        said = f", not {str(kind)[:40]!r}" if kind is not None else ""
        raise ProtocolError(f'a message is a JSON object whose "type" is one of {", ".join(_MODELS)}{said}')
    if kind in ("steer", "plan"):
        rest = {name: value for name, value in message.items() if name != "type"}
        if kind == "plan":
            return Plan(type="plan", order=rest)
        quantise = rest.pop("quantise", None)
        return Steer(type="steer", changes=rest, quantise=quantise)
    try:
        return _PLAIN.validate_python(message)
    except ValidationError as error:
        raise ProtocolError(_first(kind, error)) from None


def _parse_json(text: str) -> Any:
    def refuse(name: str) -> NoReturn:
        raise ProtocolError(f"{name[:20]} is not a number that a message may hold")

    def whole(digits: str) -> int:
        return int(digits) if len(digits) <= MAX_DIGITS else refuse(f"{digits[:8]}…")

    try:
        message = json.loads(text, parse_constant=refuse, parse_int=whole)
        json.dumps(message, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except ProtocolError:
        raise
    except RecursionError:
        raise ProtocolError("the message is nested too deeply") from None
    except UnicodeEncodeError:
        raise ProtocolError("the message holds characters that are not valid Unicode") from None
    except ValueError as error:
        raise ProtocolError(f"the message is not valid JSON ({error})") from None
    return message


def _first(kind: str, error: ValidationError) -> str:
    problem = error.errors()[0]
    name = str(problem["loc"][-1]) if problem["loc"] else "message"
    if problem["type"] == "extra_forbidden":
        valid = _MODELS[kind].model_fields
        return f"{kind} has no field {name[:40]!r}; valid: {', '.join(valid)}"
    if problem["type"] == "value_error":  # from a check of our own, whose sentence says it all
        return f"{kind}: {problem['msg'].removeprefix('Value error, ')}"
    return f"{kind}: {name} is not valid ({problem['msg']})"


def encode_audio(stream: int, index: int, audio_n2: np.ndarray, fmt: str = "pcm16") -> bytes:
    """One message of sound.

    Args:
        stream: number of the stream on this connection, from 1.
        index: of the first frame.
        audio_n2: float32 [N, 2], −1 … 1.
        fmt: a key of `FORMATS`.
    """
    header = HEADER.pack(MAGIC, VERSION, FORMATS[fmt], CHANNELS, stream, len(audio_n2), index)
    if fmt == "pcm16":
        return header + np.clip(np.rint(audio_n2 * 32768.0), -32768, 32767).astype("<i2").tobytes()
    return header + np.ascontiguousarray(audio_n2, "<f4").tobytes()


def decode_audio(data: bytes) -> tuple[int, int, np.ndarray]:
    """The inverse of `encode_audio`: (stream, index, float32 [N, 2]).

    Raises:
        ProtocolError: not a message of sound, or truncated.
    """
    if len(data) < HEADER.size:
        raise ProtocolError("the message of sound is shorter than its header")
    magic, version, fmt, channels, stream, frames, index = HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION or channels != CHANNELS or fmt not in FORMATS.values():
        raise ProtocolError("not a message of sound that this version reads")
    kind = np.dtype("<i2") if fmt == FORMATS["pcm16"] else np.dtype("<f4")
    if len(data) != HEADER.size + frames * CHANNELS * kind.itemsize:
        raise ProtocolError("the message of sound is truncated")
    samples = np.frombuffer(data, kind, offset=HEADER.size).reshape(-1, CHANNELS).astype(np.float32)
    return stream, index, samples / np.float32(32768.0) if kind.itemsize == 2 else samples


def hello(
    model: str,
    sample_rate: int,
    chunk_samples: int,
    fmt: str,
    controls: Controls,
    takes: Takes | None = None,
    device: str | None = None,
    quantise: str = "now",
    scenes: Scenes | None = None,
    honours: Collection[str] = FIELDS,
) -> dict[str, Any]:
    """The first message of a connection: what is played, and what may be asked for."""
    return {
        "type": "hello",
        "protocol": VERSION,
        "model": model,
        "sample_rate": sample_rate,
        "channels": CHANNELS,
        "format": fmt,
        "chunk_samples": chunk_samples,
        "fields": list(FIELDS),
        "honours": [name for name in FIELDS if name in honours],
        "ranges": {name: list(limits) for name, limits in state.RANGES.items()},
        "limits": {
            "prompts": state.MAX_PROMPTS,
            "prompt_characters": state.MAX_PROMPT_CHARACTERS,
            "weight": state.MAX_WEIGHT,
            "seed": state.MAX_SEED,
            "message_bytes": MAX_MESSAGE_BYTES,
            "name_characters": LONGEST_NAME,
            "bars_ahead": MOST_AHEAD,
        },
        "steps": list(state.STEPS),
        "conductor": list(state.CONDUCTOR),
        "pitch_classes": list(PITCH_CLASSES),
        "modes": {name: list(steps) for name, steps in MODES.items()},
        "qualities": {name: list(steps) for name, steps in QUALITIES.items()},
        "styles": [{"name": style.title, "prompt": style.genres[0]} for style in STYLES.values()],
        "sections": {name: list(sections) for name, sections in SECTIONS.items()},
        "quantise": {"choices": list(QUANTISE), "default": quantise},
        "scenes": {"slots": SLOTS, "kept": scenes.kept} if scenes else None,
        "takes": {"kind": takes.kind, "keep_seconds": takes.keep_s} if takes else None,
        "device": {"name": device} if device is not None else None,
        "controls": controls.to_dict(),
    }


def status(
    stream: int,
    playing: bool,
    controls: Controls,
    player: Mapping[str, Any] | None,
    dropped: int,
    quantise: str = "now",
    link: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Sent four times a second.

    Args:
        stream: number of the current or last stream.
        playing: whether one is being made.
        controls: as last accepted.
        player: `Player.status()`, None while nothing plays.
        dropped: frames this connection was too slow to take.
        quantise: when changes take effect that do not say so.
        link: `Link.status()`; None without Ableton Link.
    """
    told = player or {}
    return {
        "type": "status",
        "stream": stream,
        "playing": playing,
        "controls": controls.to_dict(),
        "now": _now(controls, told) if told else None,
        "plan": told.get("plan", []),
        "quantise": quantise,
        "beat_known": told.get("beat_known", True),
        "pending": told.get("pending", []),
        "link": link,
        "rtf": told.get("rtf", 0.0),
        "underruns": told.get("underruns", 0),
        "dropped": dropped,
        "latency": _latency(told) if told else {},
        "counts": {name: told[name] for name in ("bad_chunks", "limited", "seams", "resets") if name in told},
        "recording": told.get("recording"),
        "device": _device(told),
        "listen": told.get("listen"),
        "warning": told.get("warning"),
    }


def _now(controls: Controls, told: Mapping[str, Any]) -> dict[str, Any]:
    """Where the music is at the sample that will be made next; beats counted from the start of the piece."""
    at = told["beat"]
    bar = told["plan"][0] if told["plan"] else None
    chord = controls.chord
    if bar and not chord:
        chord = [name for start, name in bar["chords"] if start <= at["beat"] + 1e-6][-1]
    start = bar["start_beat"] if bar else at["bar"] * at["beats_per_bar"]
    return {
        "sample": at["sample"],
        "beat": start + at["beat"],
        "bpm": at["bpm"],
        "beats_per_bar": at["beats_per_bar"],
        "key": controls.key or (bar["key"] if bar else at["key"]),
        "chord": chord,
        "section": bar["section"] if bar else None,
    }


def _device(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """The device that plays, what is heard from it now and how loud; None where the client plays."""
    device = told.get("device")
    return {**device, **{name: told[name] for name in ("heard", "level", "peak")}} if device else None


def _latency(told: Mapping[str, Any]) -> dict[str, float]:
    """Milliseconds of each term from a gesture to the server's socket, or to the loudspeaker of its device.

    Of the last gesture, or as expected.
    """
    last = told["latency"]
    terms = {
        "wait": last.get("wait_ms", told["chunk_ms"] / 2),
        "compute": last["generate_ms"] + last["decode_ms"] if last else told["chunk_ms_p50"],
        "engine ring": last.get("ring_ms", told["lead_ms"]),
        "codec": last.get("codec_ms", 0.0),
    }
    device = told.get("device")
    return {**terms, "device": device["latency_ms"]} if device else terms
