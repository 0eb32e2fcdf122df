"""Text prompts to unit vectors: MiniLM-L6 sentence embeddings on onnxruntime, without torch.

P texts, 384 numbers each. Texts are embedded one by one: the int8 model scales its activations over the
whole batch, so only a batch of one gives the same vector every time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

PROMPT_DIM = 384
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"

_MAX_TOKENS = 128  # the model was tuned on sentences of up to 128 word pieces


class PromptError(ValueError):
    """The text encoder or a blend of prompts cannot be used; one sentence says why."""


class PromptEncoder:
    """Sentence encoder from a folder holding `model.onnx` and `tokenizer.json`.

    Safe to call from several threads.

    Args:
        folder: where the two files lie.
        cache: how many texts' embeddings to remember (least recently used ones go first).

    Raises:
        PromptError: a file is missing or damaged.
    """

    def __init__(self, folder: str | Path, cache: int = 256) -> None:
        self.folder = Path(folder)
        self._tokenizer = _load_tokenizer(self.folder / TOKENIZER_FILE)
        self._session = _load_session(self.folder / MODEL_FILE)
        self._capacity = cache
        self._cache: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: list[str]) -> np.ndarray:
        """Embeddings of `texts`, float32 [len(texts), 384], each of length 1."""
        vectors = [self._encode_one(text) for text in texts]
        return np.stack(vectors) if vectors else np.zeros((0, PROMPT_DIM), np.float32)

    def blend(
        self, prompts: dict[str, float], heard: Callable[[np.ndarray], np.ndarray] | None = None
    ) -> np.ndarray:
        """Weighted blend of several prompts, float32 [384] of length 1.

        Args:
            prompts: text to weight; weights are finite and above 0, and need not sum to 1.
            heard: changes each prompt's vector before they are blended.

        Raises:
            PromptError: no prompt, or a weight that is not a number above 0.
        """
        if not prompts:
            raise PromptError("a blend needs at least one prompt")
        for text, weight in prompts.items():
            if not (np.isfinite(weight) and weight > 0):
                raise PromptError(f"prompt {text[:40]!r} has weight {weight}; weights are numbers above 0")
        weights_p = np.asarray(list(prompts.values()), np.float64)
        vectors_pd = self.encode(list(prompts))
        if heard:
            vectors_pd = np.stack([heard(vector) for vector in vectors_pd])
        vector = (weights_p / weights_p.sum()) @ vectors_pd.astype(np.float64)
        return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)

    def _encode_one(self, text: str) -> np.ndarray:
        with self._lock:
            if text in self._cache:
                self._cache.move_to_end(text)
                return self._cache[text]
            vector = self._embed(text)
            vector.flags.writeable = False  # shared by every caller
            self._cache[text] = vector
            if len(self._cache) > self._capacity:
                self._cache.popitem(last=False)
            return vector

    def _embed(self, text: str) -> np.ndarray:
        ids = np.asarray([self._tokenizer.encode(text).ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = np.asarray(self._session.run(["last_hidden_state"], feed)[0])[0]
        pooled = hidden.mean(axis=0)  # mean pooling over all word pieces, as the model was trained
        return (pooled / max(float(np.linalg.norm(pooled)), 1e-9)).astype(np.float32)


def _load_tokenizer(path: Path) -> Tokenizer:
    _require(path)
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise PromptError(f"the tokenizer at {path} is damaged: {_first_line(error)}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MAX_TOKENS)
    return tokenizer


def _load_session(path: Path) -> onnxruntime.InferenceSession:
    _require(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # 7 ms a prompt; more threads would take cores from the audio
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no public base class
        raise PromptError(f"the text model at {path} is damaged: {_first_line(error)}") from error
    outputs = {output.name: output.shape for output in session.get_outputs()}
    if outputs.get("last_hidden_state", [None])[-1] != PROMPT_DIM:
        raise PromptError(f"the text model at {path} does not give {PROMPT_DIM}-number token embeddings")
    return session


def _require(path: Path) -> None:
    if not path.is_file():
        raise PromptError(f"no {path.name} in {path.parent}; the text encoder needs it")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
