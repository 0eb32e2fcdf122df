"""What a bundle says about itself and what the documentation says agree."""

from pathlib import Path

from legato.models.card import NOTES
from legato.music.grammar import STYLES

CARD = " ".join((Path(__file__).parents[2] / "docs" / "model-card.md").read_text().split())


def test_the_long_card_holds_the_words_of_the_short_one() -> None:
    for paragraph in NOTES.split("\n\n"):
        assert " ".join(paragraph.split()) in CARD


def test_every_style_is_named() -> None:
    assert [style.title for style in STYLES.values() if style.title.lower() not in CARD.lower()] == []
