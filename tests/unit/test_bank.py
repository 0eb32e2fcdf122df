"""The prompt bank of open models is large, varied, and the same every time."""

from collections import Counter

import pytest

from legato.control.state import MAX_PROMPT_CHARACTERS, parse_prompts
from legato.training.bank import load_words, prompt_bank


def test_thousands_of_different_prompts_that_an_instrument_would_take() -> None:
    bank = prompt_bank()
    assert len(bank) >= 5000 == len(set(prompt_bank(5000)))
    assert bank == prompt_bank() and bank[:100] != prompt_bank(100, seed=2)
    for prompt in bank:
        assert parse_prompts([f"{prompt}:1"]) == {prompt: 1.0} and len(prompt) < MAX_PROMPT_CHARACTERS / 2


def test_it_is_varied() -> None:
    bank, words = prompt_bank(), load_words()
    genres = [genre for kind in words.kinds for genre in kind.genres]
    assert len(set(genres)) > 200
    named = Counter(genre for prompt in bank for genre in set(genres) if genre in prompt)
    assert not set(genres) - set(named) and max(named.values()) < len(bank) / 20
    vocabulary = {word for prompt in bank for word in prompt.replace(",", " ").split()}
    assert len(vocabulary) > 900
    lengths = [len(prompt.split()) for prompt in bank]
    assert min(lengths) <= 2 and max(lengths) >= 20
    assert 0.1 < sum("bpm" in prompt for prompt in bank) / len(bank) < 0.2
    openings = Counter(" ".join(prompt.split()[:2]) for prompt in bank)
    assert openings.most_common(1)[0][1] < len(bank) / 25


def test_a_count_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="count is 0"):
        prompt_bank(0)
