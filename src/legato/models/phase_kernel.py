"""The integrator of `phase.py` for one stream, compiled: from Python by numba, once, into `phase_kernel.ll`.

Only the LLVM text is needed to play: it loads in a twentieth of a second, numba itself in most of one.
`make kernel` writes it anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numba import carray, cfunc, njit, types  # type: ignore[attr-defined]

HANN_GAMMA = 0.25645  # gamma / n_fft² of the Gaussian nearest to a Hann window
TOLERANCE = 13.8  # nats below the frame's peak (120 dB) at which phase no longer matters
NAME = "integrate_row"
TEXT = Path(__file__).with_name("phase_kernel.ll")

_TURN = 2.0 * np.pi
_fast_errors = njit(error_model="numpy")  # no exceptions: they would need the interpreter


@_fast_errors
def _random_phase(frame, index):  # pragma: no cover - compiled
    """Uniform in ±π from a counter (the finaliser of SplitMix64)."""
    z = np.uint64(frame) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(index) * np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) * (2.0**-53) - 0.5) * _TURN


@_fast_errors
def _wrapped(x):  # pragma: no cover - compiled
    """`x` less whole turns, within ±π."""
    turns = x / _TURN + 0.5
    whole = np.int64(turns)
    if turns < whole:
        whole -= 1
    return x - whole * _TURN


@_fast_errors
def _push(keys, ids, size, key, item):  # pragma: no cover - compiled
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if keys[parent] >= key:
            break
        keys[i] = keys[parent]
        ids[i] = ids[parent]
        i = parent
    keys[i] = key
    ids[i] = item
    return size + 1


@_fast_errors
def _pop(keys, ids, size):  # pragma: no cover - compiled
    """Removes the largest key (at 0, read by the caller); returns the new size."""
    size -= 1
    key, item = keys[size], ids[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] > keys[child]:
            child += 1
        if keys[child] <= key:
            break
        keys[i] = keys[child]
        ids[i] = ids[child]
        i = child
    keys[i] = key
    ids[i] = item
    return size


@cfunc(
    types.void(
        *[types.CPointer(types.float64)] * 5,
        *[types.int64] * 5,
        types.CPointer(types.float64),
        types.CPointer(types.int64),
    ),
    error_model="numpy",
)
def integrate_row(
    logs_ptr, past_ptr, slope_ptr, phase_ptr, out_ptr, count, width, first, n_fft, hop, floats, ints
):  # pragma: no cover - compiled
    """Fills `out` [T, K] and updates `past` [2, K], `slope` [K] and `phase` [K] in place.

    Args:
        logs_ptr: log magnitudes [T, K].
        past_ptr: of the two frames before.
        slope_ptr: phase advance per hop at the last frame.
        phase_ptr: phases of the last frame.
        out_ptr: phases, written.
        count: T.
        width: K.
        first: index of the first frame.
        n_fft: samples of a window.
        hop: samples between frames.
        floats: room for 4 K + 4 numbers.
        ints: room for 3 K + 4 numbers.
    """
    logs_tk, out = carray(logs_ptr, (count, width)), carray(out_ptr, (count, width))
    past = carray(past_ptr, (2, width))
    slope, phase = carray(slope_ptr, (width,)), carray(phase_ptr, (width,))
    room, whole = carray(floats, (4 * width + 4,)), carray(ints, (3 * width + 4,))
    new_slope, across, keys = room[:width], room[width : 2 * width], room[2 * width :]
    done, ids = whole[:width], whole[width:]
    gamma = HANN_GAMMA * n_fft * n_fft
    along_time = hop * n_fft / gamma
    along_frequency = -gamma / (hop * n_fft)
    for t in range(count):
        s = logs_tk[t]
        peak = s[0]
        for k in range(1, width):
            peak = max(peak, s[k])
        for k in range(width):
            low, high = max(k - 1, 0), min(k + 1, width - 1)
            gradient = (s[high] - s[low]) / (high - low)
            new_slope[k] = _TURN * hop * k / n_fft + along_time * gradient
            across[k] = along_frequency * (1.5 * s[k] - 2.0 * past[1, k] + 0.5 * past[0, k])
        size = 0
        left = 0
        for k in range(width):
            done[k] = s[k] < peak - TOLERANCE
            if done[k]:
                out[t, k] = _random_phase(first + t, k)
            else:
                left += 1
                size = _push(keys, ids, size, past[1, k], k)
        while left > 0:
            item = ids[0]
            size = _pop(keys, ids, size)
            if item < width:  # a bin of the frame before: step along time
                if not done[item]:
                    out[t, item] = phase[item] + 0.5 * (slope[item] + new_slope[item])
                    done[item] = True
                    left -= 1
                    size = _push(keys, ids, size, s[item], item + width)
                continue
            k = item - width  # a bin of this frame: step along frequency, both ways
            if k + 1 < width and not done[k + 1]:
                out[t, k + 1] = out[t, k] + 0.5 * (across[k] + across[k + 1])
                done[k + 1] = True
                left -= 1
                size = _push(keys, ids, size, s[k + 1], k + 1 + width)
            if k > 0 and not done[k - 1]:
                out[t, k - 1] = out[t, k] - 0.5 * (across[k] + across[k - 1])
                done[k - 1] = True
                left -= 1
                size = _push(keys, ids, size, s[k - 1], k - 1 + width)
        for k in range(width):
            phase[k] = out[t, k] = _wrapped(out[t, k])
            slope[k] = new_slope[k]
            past[0, k] = past[1, k]
            past[1, k] = s[k]


def portable_text() -> str:
    """LLVM text of the integrator alone, without what only this processor or this LLVM knows."""
    text = integrate_row.inspect_llvm()
    inner = re.search(r"^define [^\n]*? i32 (@_ZN[^\n(]*integrate_row[^\n(]*)\(.*?^}\n", text, re.M | re.S)
    assert inner is not None, "numba lays out compiled functions differently now"
    body = inner.group(0).replace(inner.group(1), f"@{NAME}")
    body = re.sub(r"(captures|range)\([^)]*\) | (?:nneg|disjoint|samesign)(?= )", "", body)
    body = re.sub(r", ![\w.]+ !\d+", "", body)
    used = sorted(set(re.findall(r"@(llvm\.\w+\.i64)", body)))
    return "\n".join([f"; {NAME} of phase_kernel.py", *(f"declare i64 @{u}(i64, i64)" for u in used), body])


if __name__ == "__main__":
    from legato.models import phase_kernel  # under its own name, which labels in the text carry

    TEXT.write_text(phase_kernel.portable_text())
