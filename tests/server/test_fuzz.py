"""Whatever a client sends, it is answered, and the performer beside it hears every sample."""

import asyncio
import json
import logging
import math
from typing import Any

import pytest
from server.stage import Stage, nested, performing

from legato.control.state import FIELDS, RANGES, ControlError, Controls
from legato.serving.fake import FakeClient
from legato.serving.protocol import ProtocolError, Steer, parse_message

pytest.importorskip("hypothesis")
from hypothesis import given, settings
from hypothesis import strategies as st

REPRODUCIBLE = settings(derandomize=True, database=None, deadline=None)

numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0, 1, -1, 2**31, 2**53, 10**19, 10**400, -0.0, 1e308, math.nan, math.inf, -math.inf]),
)
scalars = st.one_of(
    st.none(), st.booleans(), numbers, st.text(max_size=20), st.sampled_from(["A minor", "Am7"])
)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
prompts = st.one_of(
    junk,
    st.lists(st.text(max_size=30), max_size=10),
    st.dictionaries(st.text(max_size=30), numbers, max_size=10),
)
near = st.one_of(*(st.floats(low - 1, high + 1) for low, high in RANGES.values()))
names = st.sampled_from(FIELDS) | st.text(max_size=10)
steers = st.dictionaries(names, junk | near | st.lists(st.integers(0, 127), max_size=20), max_size=5)
fields = st.sampled_from(["time", "stream", "played", "target", "playing", "action", "name", "extra"])
orders = st.builds(
    lambda kind, rest: {**rest, "type": kind},
    st.sampled_from(["ping", "start", "stop", "take", "dance"]) | junk,
    st.dictionaries(
        fields, junk | st.sampled_from(["start", "stop", "mark", "keep", "../../etc"]), max_size=4
    ),
)
objects = st.one_of(
    st.builds(lambda changes: {**changes, "type": "steer"}, steers),
    st.builds(lambda text: {"type": "steer", "prompts": text}, prompts),
    orders,
    junk,
)
texts = st.one_of(
    objects.map(json.dumps),
    st.builds(lambda whole, end: json.dumps(whole)[:end], objects, st.integers(0, 60)),
    st.text(max_size=60),
    st.builds(nested, st.integers(1, 30_000)),
    st.integers(0, 130_000).map(lambda size: '"' + "é" * size + '"'),
    st.sampled_from(
        ['{"type": "steer", "key": "\\ud800"}', '{"type":"stop","type":"start"}', "\ufeff{}", "\x00"]
    ),
)
frames = texts | st.binary(max_size=200)


@given(frames)
@settings(REPRODUCIBLE, max_examples=120)
def test_a_message_is_understood_or_refused_in_a_sentence(data: str | bytes) -> None:
    try:
        message = parse_message(data)
        if isinstance(message, Steer):
            json.dumps(Controls().steer(**message.changes).to_dict(), allow_nan=False).encode()
    except (ProtocolError, ControlError) as error:
        assert_a_sentence(str(error))


def assert_a_sentence(text: str) -> None:
    assert text and len(text) < 700 and text.isprintable()
    text.encode()


def test_a_performer_beside_a_madman_hears_every_sample(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), asyncio.Runner() as runner:
        scene = performing()
        stage: Stage = runner.run(scene.__aenter__())
        madman = runner.run(stage.visitor())
        tasks = len(asyncio.all_tasks(runner.get_loop()))
        count = iter(range(1_000_000))

        @given(st.lists(frames, min_size=10, max_size=30))
        @settings(REPRODUCIBLE, max_examples=12)
        def attack(messages: list[Any]) -> None:
            runner.run(rave(stage, madman, messages, float(next(count))))
            assert len(asyncio.all_tasks(runner.get_loop())) == tasks

        attack()
        runner.run(stage.leave(madman))
        runner.run(stage.assert_unharmed())
        runner.run(scene.__aexit__(None, None, None))
    assert not caplog.records


async def rave(stage: Stage, madman: FakeClient, messages: list[Any], number: float) -> None:
    """Send it all, and see that the connection still answers and the sound goes on."""
    madman.texts.clear()
    for message in messages:
        madman.send(message)
    madman.send({"type": "ping", "time": number})
    await stage.told(madman, "pong", time=number)
    for answer in madman.texts:
        if answer["type"] == "error":
            assert answer["code"] in ("message", "control", "take")
            assert_a_sentence(answer["message"])
    await stage.assert_unharmed(0.1)
