"""The page to listen on before training."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from legato.cli.app import app
from legato.config import CorpusConfig
from legato.evaluation.pages import Card, Lane, Span, write_page
from legato.evaluation.preview import preview


def test_a_preview_shows_and_plays_every_clip(tmp_path: Path):
    pytest.importorskip("PIL")
    config = CorpusConfig(
        clips=2, clip_seconds=2.0, held_out=0, styles=("folk", "quartet"), soundfont="builtin"
    )
    told: list[tuple[int, int]] = []
    page = preview(tmp_path, config, lambda done, total: told.append((done, total)))
    text = page.read_text()
    files = re.findall(r'src="([^"]+)"', text)
    assert len(files) == 4 and all((tmp_path / name).stat().st_size > 1000 for name in files)
    assert "acoustic folk" in text and "string quartet" in text
    assert "http" not in text and told == [(1, 2), (2, 2)]


def test_what_a_page_is_given_is_escaped_and_kept_within_the_clip(tmp_path: Path):
    lane = Lane("chord", [Span(0.0, 1.0, "C<7"), Span(1.0, 9.0, "F"), Span(5.0, 9.0, "too late")])
    card = Card('<script>alert("x")</script>', "a b.wav", "p.png", 4.0, captions=["$1 & more"], lanes=[lane])
    write_page(tmp_path / "index.html", "T", "L", {"R&B": [card]})
    text = (tmp_path / "index.html").read_text()
    assert "<script>alert" not in text and "$1 &amp; more" in text and "R&amp;B" in text
    assert "a%20b.wav" in text and "C&lt;7" in text
    assert "left:25.00%;width:75.00%" in text and "too late" not in text


def test_an_unknown_style_is_named_before_anything_is_rendered(tmp_path: Path):
    arguments = ["corpus", "preview", "--styles", "polka", "--out", str(tmp_path / "p")]
    with pytest.raises(ValueError, match=r"unknown style 'polka'; there are .*folk"):
        app(arguments, standalone_mode=False)
    assert not (tmp_path / "p").exists()
