"""Levels that the model hears stay inside what it has been trained on."""

import pytest

from legato.music.grammar import STYLES
from legato.music.levels import LEVELS, asked_level, planned_level


@pytest.mark.parametrize("name", LEVELS)
def test_every_style_has_levels_that_rise_with_the_plan_and_stay_in_range(name):
    low, high = asked_level(name, 0.0), asked_level(name, 1.0)
    assert 0.0 <= low < high <= 1.0
    for style in STYLES:
        levels = [planned_level(style, name, x / 10) for x in range(11)]
        assert levels == sorted(levels)
        assert low <= levels[0] <= levels[-1] <= high
