"""Pages to listen on: cards with a player, a spectrogram and what is planned in it, as one HTML file.

Sounds and pictures lie beside the page and are named by relative paths; nothing else is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from urllib.parse import quote

SHOWN = 3  # captions that show without being asked for


@dataclass(frozen=True)
class Span:
    """Something that lasts, in seconds; `text` may be empty."""

    start: float
    end: float
    text: str = ""


@dataclass(frozen=True)
class Lane:
    """A row of the timeline; lanes named as a family of instruments take its colour."""

    name: str
    spans: Sequence[Span]


@dataclass(frozen=True)
class Card:
    """One sound.

    Attributes:
        title: its heading.
        audio: path of the sound, relative to the page.
        picture: path of its spectrogram.
        seconds: its length, > 0.
        facts: short remarks, shown in a row.
        captions: texts that describe it.
        lanes: the timeline.
        parts: who plays, one instrument each.
    """

    title: str
    audio: str
    picture: str
    seconds: float
    facts: Sequence[str] = ()
    captions: Sequence[str] = ()
    lanes: Sequence[Lane] = ()
    parts: Sequence[str] = field(default=())


def write_page(path: str | Path, title: str, lead: str, groups: Mapping[str, Sequence[Card]]) -> None:
    """Write the page.

    Args:
        path: the HTML file; its folder must exist.
        title: of the page.
        lead: a sentence under the title.
        groups: cards by heading.

    Raises:
        OSError: the file cannot be written.
    """
    skeleton = (resources.files("legato.evaluation") / "page.html").read_text(encoding="utf-8")
    links = "".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name in groups)
    text = Template(skeleton).substitute(
        title=escape(title),
        lead=escape(lead),
        links=links if len(groups) > 1 else "",
        groups="\n".join(_group(name, cards) for name, cards in groups.items()),
    )
    Path(path).write_text(text, encoding="utf-8")


def _group(name: str, cards: Sequence[Card]) -> str:
    inside = "\n".join(map(_card, cards))
    return f'<section id="{_anchor(name)}"><h2>{escape(name)}</h2><div class="grid">{inside}</div></section>'


def _card(card: Card) -> str:
    facts = "".join(f"<span>{escape(fact)}</span>" for fact in card.facts)
    parts = "".join(f"<li>{escape(part)}</li>" for part in card.parts)
    pieces = (
        f'<article><h3>{escape(card.title)}</h3><p class="facts">{facts}</p>',
        f'<div class="sound"><img src="{quote(card.picture)}" alt="spectrogram" loading="lazy">',
        '<div class="head"></div></div>',
        "".join(_lane(lane, card.seconds) for lane in card.lanes),
        f'<audio controls preload="metadata" src="{quote(card.audio)}"></audio>',
        _captions(card.captions),
        f'<ul class="parts">{parts}</ul></article>',
    )
    return "".join(pieces)


def _captions(captions: Sequence[str]) -> str:
    rows = [f"<li>{escape(caption)}</li>" for caption in captions]
    shown = f'<ul class="captions">{"".join(rows[:SHOWN])}</ul>'
    if len(rows) <= SHOWN:
        return shown
    more = f"<details><summary>{len(rows) - SHOWN} more</summary>"
    return f'{shown}{more}<ul class="captions">{"".join(rows[SHOWN:])}</ul></details>'


def _lane(lane: Lane, seconds: float) -> str:
    spans = "".join(_span(span, seconds) for span in lane.spans)
    name = escape(lane.name)
    return f'<div class="lane {_anchor(lane.name)}"><b>{name}</b><div>{spans}</div></div>'


def _span(span: Span, seconds: float) -> str:
    left, right = (100 * min(max(at / seconds, 0.0), 1.0) for at in (span.start, span.end))
    place = f"left:{left:.2f}%;width:{right - left:.2f}%"
    text = escape(span.text)
    return f'<i style="{place}" title="{text}">{text}</i>' if right > left else ""


def _anchor(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())
