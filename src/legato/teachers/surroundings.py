"""What stands around a network that is built rather than loaded: scheduler, tokenizer, text encoder, rates.

Used by the small models of `tiny` and by the released shapes of `benchmarks/open_shapes.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SPECIAL = ("<pad>", "</s>", "<unk>", "<|endoftext|>")

SCHEDULERS: dict[str, dict[str, Any]] = {
    "ace-step": {"_class_name": "FlowMatchEulerDiscreteScheduler"},
    "stable-audio": {
        "_class_name": "CosineDPMSolverMultistepScheduler",
        "prediction_type": "v_prediction",
        "sigma_data": 1.0,
        "sigma_min": 0.3,
        "sigma_max": 500,
    },
    "stable-audio-3": {
        "_class_name": "FlowMatchEulerDiscreteScheduler",
        "num_train_timesteps": 1,
        "shift": 1.0,
        "stochastic_sampling": True,
    },
}
"""Of each family as it is released."""

OOBLECK: dict[str, dict[str, Any]] = {
    "ace-step": {"sampling_rate": 48_000, "downsampling_ratios": [2, 4, 4, 6, 10]},
    "stable-audio": {"sampling_rate": 44_100, "downsampling_ratios": [2, 4, 4, 8, 8]},
}
"""Rate and strides of the autoencoders that are convolutions."""


def vocabulary(words: Sequence[str] = ()) -> dict[str, int]:
    """Numbers of the special tokens, and of words after them."""
    return {word: index for index, word in enumerate(dict.fromkeys([*SPECIAL, *words]))}


def tokenizer(words: dict[str, int], length: int) -> Any:
    """One that splits at blanks, digits and signs, and takes what it does not know for `<unk>`.

    Args:
        words: of `vocabulary`.
        length: most tokens of a prompt.
    """
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.WordLevel(words, "<unk>"))
    made.pre_tokenizer = pre_tokenizers.Sequence(  # type: ignore[assignment]
        [pre_tokenizers.Whitespace(), pre_tokenizers.Split(Regex(r"\d|[^\w]"), "isolated")]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=length,
    )


def text_config(
    family: str,
    *,
    width: int,
    inner: int,
    layers: int,
    heads: int,
    kv_heads: int,
    head_size: int,
    **more: Any,
) -> Any:
    """Configuration of a family's text encoder: Qwen3, T5 or T5Gemma.

    Args:
        family: its name.
        width: of a token.
        inner: of the feed-forward.
        layers: how many.
        heads: of queries.
        kv_heads: of keys and values; T5 has as many as of queries.
        head_size: of each.
        more: such as `vocab_size`.
    """
    from transformers import Qwen3Config, T5Config, T5GemmaConfig, T5GemmaModuleConfig

    if family == "stable-audio":
        sizes = {"d_model": width, "d_ff": inner, "d_kv": head_size, "num_layers": layers, "num_heads": heads}
        return T5Config(**sizes, **more)
    shape = {
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "head_dim": head_size,
        **more,
    }
    if family == "ace-step":
        return Qwen3Config(**shape)
    module = T5GemmaModuleConfig(**shape)
    return T5GemmaConfig(encoder=module, decoder=module, is_encoder_decoder=False)
