"""Do played notes sound? Polyphonic transcription against the notes that were asked for.

Transcription is basic-pitch (Bittner et al., "A lightweight instrument-agnostic model for polyphonic note
transcription and multipitch estimation", ICASSP 2022), run by onnxruntime; its package is a development extra
and none of its code is used. Onsets are found as its authors do, but notes without one are not searched for.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import argrelmax, resample_poly

from legato.evaluation.spectra import mono

RATE, HOP = 22_050, 256
WINDOW = 2 * RATE - HOP  # samples the network reads at once
MARGIN = 15  # frames at either end of its answer that are not used
STRIDE = WINDOW - 2 * MARGIN * HOP  # samples from one window to the next
KEPT = STRIDE // HOP  # frames used of each window
LOWEST = 21  # MIDI pitch of the first of 88 keys
ONSET, FRAME = 0.5, 0.3  # least activations of an onset and of a sounding note
SHORTEST, PATIENCE = 5, 11  # frames of a note; frames below FRAME that end it
TOLERANCE = 0.05  # seconds between a played and a heard onset, as in MIREX


class TranscriberMissing(RuntimeError):
    """The package basic-pitch is not installed."""


def available() -> bool:
    """Whether notes can be transcribed here."""
    return find_spec("basic_pitch") is not None


def transcribe(audio: np.ndarray) -> np.ndarray:
    """Notes heard in 48 kHz audio ([N] or [N, 2]) as [n, 2]: MIDI pitch and onset in seconds.

    Raises:
        TranscriberMissing: there is nothing to transcribe with.
    """
    frames, onsets, times = _activations(audio)
    return np.array([(pitch + LOWEST, times[start]) for start, pitch in _notes(frames, onsets)]).reshape(
        -1, 2
    )


def note_f1(heard_n2: np.ndarray, played_m: np.ndarray) -> float:
    """F1 of onsets: same semitone, within 50 ms, each counted once.

    Args:
        heard_n2: pitch and onset of each note heard.
        played_m: the same of each note played; more columns are ignored.

    Returns:
        0 to 1; NaN where nothing was played.
    """
    heard, played = (np.asarray(notes, np.float64)[:, :2] for notes in (heard_n2, played_m))
    if not len(played):
        return float("nan")
    hits = sum(
        _matched(heard[np.round(heard[:, 0]) == pitch, 1], played[played[:, 0] == pitch, 1])
        for pitch in np.unique(played[:, 0])
    )
    return 2 * hits / (len(heard) + len(played))


def _matched(heard: np.ndarray, played: np.ndarray) -> int:
    """Most pairs within the tolerance, each side in order of time."""
    heard, played = np.sort(heard), np.sort(played)
    i = j = hits = 0
    while i < len(heard) and j < len(played):
        if abs(heard[i] - played[j]) <= TOLERANCE:
            i, j, hits = i + 1, j + 1, hits + 1
        elif heard[i] < played[j]:
            i += 1
        else:
            j += 1
    return hits


def _activations(audio: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frame and onset activations [t, 88] and the time of each frame in seconds."""
    session = _session()
    x = resample_poly(mono(audio), 147, 320).astype(np.float32)
    count = max(1, -(-len(x) // STRIDE))
    padded = np.zeros((count - 1) * STRIDE + WINDOW, np.float32)
    padded[MARGIN * HOP : MARGIN * HOP + len(x)] = x[: len(padded) - MARGIN * HOP]
    name = session.get_inputs()[0].name
    outputs = ["StatefulPartitionedCall:1", "StatefulPartitionedCall:2"]
    found = [
        session.run(outputs, {name: padded[None, i * STRIDE : i * STRIDE + WINDOW, None]})
        for i in range(count)
    ]
    frames, onsets = (
        np.concatenate([window[0, MARGIN : MARGIN + KEPT] for window in column])
        for column in zip(*found, strict=True)
    )
    times = (np.arange(count)[:, None] * STRIDE + np.arange(KEPT) * HOP).reshape(-1) / RATE
    inside = times < len(x) / RATE
    return frames[inside], onsets[inside], times[inside]


def _notes(frames: np.ndarray, onsets: np.ndarray) -> list[tuple[int, int]]:
    """First frame and key of each note, latest first: a note takes the energy it sounds on from others."""
    rise = np.minimum(np.diff(frames, 1, axis=0)[1:], frames[2:] - frames[:-2])
    rise = np.pad(np.maximum(rise, 0), ((2, 0), (0, 0)))
    if rise.max(initial=0) > 0:
        onsets = np.maximum(onsets, rise * (onsets.max() / rise.max()))
    peaks = np.stack(argrelmax(onsets, axis=0), 1)
    peaks = peaks[onsets[peaks[:, 0], peaks[:, 1]] >= ONSET]
    left = frames.copy()
    notes = []
    for start, key in peaks[np.argsort(-peaks[:, 0], kind="stable")]:
        sounding = left[start + 1 : len(left) - 1, key] >= FRAME
        end = start + 1 + _length(sounding)
        if end - start > SHORTEST:
            left[start:end, max(0, key - 1) : key + 2] = 0
            notes.append((int(start), int(key)))
    return notes


def _length(sounding: np.ndarray) -> int:
    """Frames until a note has been silent for `PATIENCE` frames, the silence not counted."""
    on = np.flatnonzero(sounding)
    if not len(on) or on[0] >= PATIENCE:
        return 0
    gaps = np.flatnonzero(np.diff(on) > PATIENCE)
    return int(on[gaps[0] if len(gaps) else -1]) + 1


@lru_cache(maxsize=1)
def _session() -> Any:
    spec = find_spec("basic_pitch")
    if spec is None or not spec.submodule_search_locations:
        raise TranscriberMissing(
            "note F1 needs basic-pitch: pip install --no-deps -r constraints/standalone.txt"
        )
    import onnxruntime

    path = Path(spec.submodule_search_locations[0]) / "saved_models" / "icassp_2022" / "nmp.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
