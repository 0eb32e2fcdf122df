"""Where products may be bfloat16: on devices that multiply it faster than float32."""

from __future__ import annotations

from functools import cache

import torch


@cache
def fast_bfloat16(kind: str) -> bool:
    """Whether a device of this kind (`cpu`, `cuda`) multiplies bfloat16 faster than float32.

    A CPU without such instructions emulates them, about a hundred times slower.
    """
    return kind != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def mixed_precision(device: torch.device | str, *, cache_enabled: bool = True) -> torch.autocast:
    """Autocast to bfloat16 where that is fast; float32 throughout where it is not."""
    kind = torch.device(device).type
    return torch.autocast(kind, torch.bfloat16, enabled=fast_bfloat16(kind), cache_enabled=cache_enabled)
