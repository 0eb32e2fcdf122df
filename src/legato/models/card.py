"""The model card of a bundle: a README with a YAML head, as model hubs read it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

DESCRIPTION = "Endless stereo music from prompts and live controls, one generator step per chunk."
"""Of models trained by this repository."""

NOTES = """\
## Training material

Codec and teacher were trained on music composed by Legato's own procedural composer and rendered with the
FluidR3 GM SoundFont (MIT), Legato's own synthesis and, where the corpus was built with them, the MuseScore
General SoundFont (MIT, parts public domain or CC0) and single hits from Sonic Pi's samples (CC0). Some
melodies are traditional and in the public domain. No recording of music made by anyone else was used. The
student was distilled from the teacher with prompts and control scripts alone. Prompts are read by
all-MiniLM-L6-v2 (Apache-2.0, int8 ONNX), included unchanged.

## Limits

Instrumental music in the composer's styles; no voices, no real recordings. Prompts far from those styles
are drawn to the nearest one. Sound quality is that of a small codec."""
"""The same words as in `docs/model-card.md`."""

_FENCE = "---\n"


@dataclass(frozen=True)
class Card:
    """What a bundle says about itself.

    Attributes:
        name: a short name, used in listings and in `render --json`.
        license: an SPDX identifier.
        description: one or two sentences.
        figures: measured numbers by name, as `legato eval` and `legato bench` print them.
        notes: free Markdown: training material, limits, thanks.
        base: hub id of the model that this one is an adapter to; empty: it stands alone.
    """

    name: str
    license: str = "apache-2.0"
    description: str = ""
    figures: dict[str, float] = field(default_factory=dict)
    notes: str = ""
    base: str = ""

    def text(self) -> str:
        """The card as Markdown."""
        head: dict[str, Any] = {
            "license": self.license,
            "library_name": "legato",
            "pipeline_tag": "text-to-audio",
            "tags": ["music", "real-time", "streaming"],
            "legato": {"name": self.name, "description": self.description, "figures": self.figures},
        }
        if self.base:
            head |= {"base_model": self.base, "base_model_relation": "adapter"}
        rows = [f"| {name} | {value:g} |" for name, value in sorted(self.figures.items())]
        table = "\n".join(["", "| figure | value |", "|---|---|", *rows]) if rows else ""
        parts = [f"# {self.name}", self.description, table.strip(), self.notes.strip()]
        return (
            f"{_FENCE}{yaml.safe_dump(head, sort_keys=False)}{_FENCE}\n"
            + "\n\n".join(filter(None, parts))
            + "\n"
        )

    @staticmethod
    def parse(text: str) -> Card:
        """The card from its Markdown.

        Raises:
            ValueError: no YAML head, or one without Legato's entries.
        """
        _, fence, rest = text.partition(_FENCE)
        head_text, closing, body = rest.partition(_FENCE)
        if not (fence and closing):
            raise ValueError("the card has no YAML head")
        try:
            head: dict[str, Any] = yaml.safe_load(head_text)
            own: dict[str, Any] = head["legato"]
            figures = {str(k): float(v) for k, v in own["figures"].items() if math.isfinite(float(v))}
            card = Card(
                str(own["name"]),
                str(head["license"]),
                str(own["description"]),
                figures,
                base=str(head.get("base_model", "")),
            )
        except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError("the card's YAML head lacks Legato's entries") from error
        return replace(card, notes=_notes(body, card))


def _notes(body: str, card: Card) -> str:
    """What follows heading, description and table in `body`."""
    plain = Card(card.name, card.license, card.description, card.figures).text()
    return body.removeprefix(plain.split(_FENCE, 2)[2].rstrip("\n")).strip()
