"""Which style a prompt means, as the conductor learns it from captions."""

import numpy as np
import pytest

from legato.control.conductor import nearest_style
from legato.corpus.captions import held_out_captions
from legato.corpus.clips import ClipKind, compose_clip
from legato.models.anchors import Hearing
from legato.models.bundle import Bundle
from legato.models.manifest import embedded_folder
from legato.music.grammar import STYLES
from legato.training.styles import fit_directions


def test_directions_tell_apart_what_their_start_confuses() -> None:
    rng = np.random.default_rng(0)
    centres = np.eye(3, 12)
    labels = np.repeat(np.arange(3), 40)
    x = centres[labels] + 0.15 * rng.standard_normal((120, 12)) + 1.0  # all share a large common part
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    start = rng.standard_normal((3, 12))
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    found = fit_directions(x[::2], labels[::2], start)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    assert np.mean((x[1::2] @ found.T).argmax(1) == labels[1::2]) > 0.95
    assert np.mean((x[1::2] @ start.T).argmax(1) == labels[1::2]) < 0.8


def test_prompts_are_heard_nearer_to_their_style_and_move_without_a_jump() -> None:
    styles = {"house": np.eye(8)[0], "jazz": np.eye(8)[1]}
    centres = {"house": np.eye(8)[2], "jazz": np.eye(8)[3]}
    ends = {
        "house": 0.2 * np.eye(8)[0] + 0.98 * np.eye(8)[4],
        "jazz": 0.2 * np.eye(8)[1] + 0.98 * np.eye(8)[5],
    }
    ends = {name: x / np.linalg.norm(x) for name, x in ends.items()}
    hearing = Hearing(styles, centres)
    for name, prompt in ends.items():
        heard = hearing(prompt)
        assert np.linalg.norm(heard) == pytest.approx(1.0, abs=1e-6)
        assert heard @ centres[name] > 0.5 > heard @ centres["jazz" if name == "house" else "house"]
        assert heard @ prompt > 0.5  # and what else it says is kept
    path = [(1 - w) * ends["house"] + w * ends["jazz"] for w in np.linspace(0, 1, 1001)]
    heard = np.stack([hearing(x / np.linalg.norm(x)) for x in path])
    assert np.linalg.norm(np.diff(heard, axis=0), axis=1).max() < 0.02
    assert np.array_equal(Hearing(styles, {})(ends["jazz"]), ends["jazz"])  # an older bundle


@pytest.mark.skipif(embedded_folder() is None, reason="no embedded bundle")
def test_the_embedded_conductor_knows_what_unseen_phrasings_mean() -> None:
    bundle = Bundle.load()
    right = []
    for index, style in enumerate(STYLES):
        score = compose_clip(style, 7_000 + index, 16.0, ClipKind.FULL).score
        texts = held_out_captions(score, np.random.default_rng(index), 6, 16.0)
        right += [nearest_style(bundle.styles, x, None) == style for x in bundle.prompts.encode(texts)]
    assert np.mean(right) > 0.78  # what styles are called, on average, names 0.7
