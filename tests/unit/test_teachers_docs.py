"""What docs/teachers.md says about commands and delays is so."""

import re
import shlex
from pathlib import Path

import pytest

from legato.cli import main
from legato.teachers.instrument import ADAPTER, CARD, RECORD, InstrumentRecord

TEXT = (Path(__file__).parents[2] / "docs" / "teachers.md").read_text()


def test_commands_are_spelt_right(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", TEXT, re.S)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("legato ")]
    assert len(lines) >= 6
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        verb = words[:2] if words[0] in ("models", "corpus") else words[:1]
        with pytest.raises(SystemExit) as left:
            main([*verb, "--help"])
        told = capsys.readouterr().out
        assert not left.value.code
        assert all(word in told for word in words if word.startswith("--")), line


def test_files_and_settings_named_exist() -> None:
    assert all(f"`{name}`" in TEXT for name in (ADAPTER, CARD, RECORD))
    assert {"lookahead", "lyrics", "seconds"} <= set(InstrumentRecord.__dataclass_fields__)
    delays = re.findall(r"\| (\d+) frames of ([\d,]+) samples \| ([\d,]+) samples", TEXT)
    assert len(delays) == 4
    for frames, hop, samples in delays:
        assert int(frames) * int(hop.replace(",", "")) == int(samples.replace(",", ""))
