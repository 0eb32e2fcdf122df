"""Spread and temperature of a student, found by what its own music lacks."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch

from legato.config import load_config
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.teachers import NativeTeacher
from legato.training.liveliness import Factors, find_factors, liveliness
from legato.training.scripts import PromptBank
from legato.training.text import default_hearing, default_text_encoder

CONFIG = load_config("test")


@pytest.mark.parametrize(
    ("moves", "shines", "found"),
    [
        (0.8, 0.75, (1.0169, 1.0633)),
        (1.1, 1.2, (1.0, 1.0)),  # livelier than its teacher already: left as it is
        (0.3, 0.9, (1.0, 1.25)),  # beyond what factors may do
    ],
)
def test_a_student_that_hears_itself_pale_is_given_its_teachers_movement_and_highs(
    monkeypatch: pytest.MonkeyPatch, moves: float, shines: float, found: tuple[float, float]
) -> None:
    """Of a student whose own music has `moves` and `shines` times its teacher's, and gains by known laws."""

    def heard(student: object, steering: object, noise: object, chunk: int, factors: Factors) -> tuple:
        spread, temperature = factors
        return moves * spread**6.0 * temperature**2.0, shines * spread**15.0 * temperature**0.6

    monkeypatch.setattr("legato.training.liveliness.play", lambda *_, **__: (1.0, 1.0))
    monkeypatch.setattr("legato.training.liveliness.improvise", heard)
    monkeypatch.setattr("legato.training.liveliness.liveliness", lambda music, codec: np.log(music))
    bank = PromptBank.load(default_text_encoder(), default_hearing())
    teacher, student = NativeTeacher(Generator(CONFIG.generator)), Generator(CONFIG.generator)
    factors = find_factors(teacher, student, Codec(CONFIG.codec), bank, CONFIG.distill, 0, "cpu")
    assert factors == pytest.approx(found, abs=0.004)


def test_liveliness_is_movement_and_decoded_highs() -> None:
    """Of latents that swing twice as far, and of a codec that is twice as loud."""
    torch.manual_seed(0)
    music, codec = torch.randn(2, 24, 8), Codec(CONFIG.codec)
    codec.requires_grad_(False)
    louder = deepcopy(codec)
    louder.decode_features = lambda z: (
        (found := codec.decode_features(z)) | {"logs": found["logs"] + np.log(2.0)}
    )
    (once,), (twice,) = liveliness(music, None), liveliness(2 * music + 3, None)
    assert twice - once == pytest.approx(np.log(4.0), abs=1e-4)
    plain, loud = liveliness(music, codec), liveliness(music, louder)
    assert plain[0] == loud[0] == pytest.approx(once)
    assert loud[1] - plain[1] == pytest.approx(np.log(4.0), abs=1e-4)
