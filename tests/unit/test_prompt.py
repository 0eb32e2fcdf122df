"""The text encoder: what a prompt's embedding may be relied on for."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import legato.config
from legato.models.prompt import PromptEncoder, PromptError

FOLDER = Path(legato.config.__file__).parent / "weights" / "default" / "prompt"


@pytest.fixture(scope="module")
def encoder() -> PromptEncoder:
    return PromptEncoder(FOLDER)


def test_embeddings_are_unit_vectors_and_do_not_depend_on_company(encoder: PromptEncoder):
    alone = PromptEncoder(FOLDER).encode(["dark techno"])
    together = encoder.encode(["lo-fi piano with vinyl drums", "dark techno", "dark techno " * 400])
    assert together.shape == (3, 384) and together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(alone[0], together[1])
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("lo-fi piano with vinyl drums", "a calm piano piece", "a string quartet"),
        ("dark techno 128 bpm", "a driving techno track", "a string quartet"),
        ("solo piano", "a calm piano piece", "drum and bass"),
    ],
)
def test_similar_prompts_are_nearer_than_unlike_ones(encoder: PromptEncoder, text: str, near: str, far: str):
    a, b, c = encoder.encode([text, near, far])
    assert a @ b > a @ c + 0.1


def test_blend_is_normalised_and_leans_to_the_heavier_prompt(encoder: PromptEncoder):
    techno, piano = encoder.encode(["dark techno", "solo piano"])
    blend = encoder.blend({"dark techno": 0.9, "solo piano": 0.1})
    assert np.linalg.norm(blend) == pytest.approx(1.0, abs=1e-5)
    assert blend @ techno > blend @ piano
    np.testing.assert_allclose(encoder.blend({"dark techno": 7.0}), techno, atol=1e-6)


@pytest.mark.parametrize("prompts", [{}, {"a": 0.0}, {"a": -1.0}, {"a": float("nan")}, {"a": float("inf")}])
def test_impossible_blends_are_refused(encoder: PromptEncoder, prompts: dict[str, float]):
    with pytest.raises(PromptError):
        encoder.blend(prompts)


def test_cache_forgets_the_oldest_and_never_changes_the_answer():
    encoder = PromptEncoder(FOLDER, cache=2)
    first = encoder.encode(["one"]).copy()
    encoder.encode(["two", "three", "four"])
    np.testing.assert_array_equal(encoder.encode(["one"]), first)


def test_missing_and_damaged_files_are_named(tmp_path: Path):
    with pytest.raises(PromptError, match=r"tokenizer\.json"):
        PromptEncoder(tmp_path)
    shutil.copy(FOLDER / "tokenizer.json", tmp_path)
    with pytest.raises(PromptError, match=r"no model\.onnx"):
        PromptEncoder(tmp_path)
    (tmp_path / "model.onnx").write_bytes((FOLDER / "model.onnx").read_bytes()[:10_000])
    with pytest.raises(PromptError, match="damaged"):
        PromptEncoder(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(PromptError, match="damaged"):
        PromptEncoder(tmp_path)
