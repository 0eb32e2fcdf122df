"""The tables of docs/midi-osc.md are those of the code."""

import re
from pathlib import Path

from legato.control.bindings import DEFAULTS, TARGETS
from legato.control.osc import ADDRESSES, EVENTS

TEXT = (Path(__file__).parents[2] / "docs" / "midi-osc.md").read_text()


def rows(name: str) -> list[list[str]]:
    (table,) = re.findall(rf"<!-- {name} -->\n(.*?)<!-- end -->", TEXT, re.S)
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


def lines(addresses):
    return [[f"`{a.address}`", a.types or "–", a.choices or "–", a.what] for a in addresses]


def test_addresses_and_events_are_all_there():
    assert rows("addresses") == lines(ADDRESSES)
    assert rows("events") == lines(EVENTS)


def test_knobs_are_all_there():
    assert rows("knobs") == [[str(cc), f"`{control}`"] for cc, control in DEFAULTS.items()]
    assert f"can turn: {', '.join(TARGETS)}." in TEXT.replace("\n", " ")


def test_the_example_gives_what_it_says():
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    names: dict = {}
    calls = [line for line in example.splitlines() if "  # " in line]
    exec("\n".join(line for line in example.splitlines() if line not in calls), names)
    for call, told in (line.split("  # ") for line in calls):
        assert repr(eval(call, names)) == told
