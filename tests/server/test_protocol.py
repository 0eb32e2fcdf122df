import json

import numpy as np
import pytest

from legato.control.state import Controls
from legato.serving.protocol import (
    MAX_MESSAGE_BYTES,
    Ping,
    ProtocolError,
    Start,
    Steer,
    Take,
    decode_audio,
    encode_audio,
    hello,
    parse_message,
)

BAD = {
    "not text": (b"\x00\x01", "not binary"),
    "not JSON": ("{", "not valid JSON"),
    "not an object": ("[1, 2]", "JSON object"),
    "no type": ('{"bpm": 120}', "steer, start, stop, ping, take"),
    "unknown type": ('{"type": "dance"}', "'dance'"),
    "odd type": ('{"type": {"a": 1}}', "steer, start, stop, ping, take"),
    "too long": (json.dumps({"type": "steer", "key": "A" * MAX_MESSAGE_BYTES}), "64 KiB"),
    "long in bytes": (json.dumps({"type": "ping", "x": "é" * 40_000}, ensure_ascii=False), "64 KiB"),
    "NaN": ('{"type": "steer", "bpm": NaN}', "NaN"),
    "huge whole number": ('{"type": "steer", "bpm": 1' + "0" * 400 + "}", "number"),
    "nested": ('{"type": "steer", "key": ' + "[" * 30_000 + "]" * 30_000 + "}", "nested too deeply"),
    "half a surrogate": ('{"type": "steer", "prompts": ["\\ud800"]}', "Unicode"),
    "extra field": ('{"type": "start", "loud": true}', "start has no field 'loud'"),
    "no such action": ('{"type": "take", "action": "rewind"}', "'start', 'stop', 'mark' or 'keep'"),
    "a path": ('{"type": "take", "action": "keep", "name": "../x"}', "take: a name is 1 to 40 letters"),
    "wrong kind": ('{"type": "ping", "time": "now"}', "time"),
    "negative": ('{"type": "ping", "played": -1}', "played"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_messages_are_refused_in_one_sentence(name: str) -> None:
    data, said = BAD[name]
    with pytest.raises(ProtocolError, match=said) as caught:
        parse_message(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_messages_are_read() -> None:
    assert parse_message('{"type": "start"}') == Start(type="start")
    assert parse_message('{"type": "ping", "time": 1.5, "stream": 2, "played": 7}') == Ping(
        type="ping", time=1.5, stream=2, played=7
    )
    assert parse_message('{"type": "take", "action": "mark", "name": "Refrain é 2"}') == Take(
        type="take", action="mark", name="Refrain é 2"
    )
    steer = parse_message('{"type": "steer", "bpm": null, "prompts": {"dark techno": 1}}')
    assert steer == Steer(type="steer", changes={"bpm": None, "prompts": {"dark techno": 1}})


@pytest.mark.parametrize(("fmt", "tolerance"), [("pcm16", 0.5 / 32768), ("float32", 0.0)])
def test_sound_survives_the_journey(fmt: str, tolerance: float) -> None:
    audio_n2 = np.random.default_rng(1).uniform(-1, 1, (321, 2)).astype(np.float32)
    stream, index, received_n2 = decode_audio(encode_audio(3, 2**40, audio_n2, fmt))
    assert (stream, index) == (3, 2**40)
    assert np.abs(received_n2 - audio_n2).max() <= tolerance + 1e-5 * (fmt == "pcm16")


def test_damaged_sound_is_refused() -> None:
    data = encode_audio(1, 0, np.zeros((4, 2), np.float32))
    for damaged in (b"", data[:-1], b"X" + data[1:]):
        with pytest.raises(ProtocolError):
            decode_audio(damaged)


def test_hello_names_every_control_and_its_range() -> None:
    told = json.loads(json.dumps(hello("small", 48_000, 7680, "pcm16", Controls())))
    assert set(told["fields"]) == set(told["controls"])
    assert told["ranges"]["bpm"] == [40, 240]
    assert all(style["prompt"] for style in told["styles"])
