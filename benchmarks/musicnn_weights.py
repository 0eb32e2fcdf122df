"""Weights for `legato.evaluation.musicnn`: `python benchmarks/musicnn_weights.py FOLDER OUT.safetensors`.

FOLDER is `musicnn/MSD_musicnn` of the package musicnn 0.1.0 (ISC licence). The checkpoint is a TensorFlow
tensor bundle: an uncompressed LevelDB table of protocol buffers that point into one data file, read as such.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

CONVOLUTIONS = ("timbral_short", "timbral_tall", "temporal_128", "temporal_64", "temporal_32")
CONVOLUTIONS += ("mid_1", "mid_2", "mid_3")
NORMS = ("norm_in", *CONVOLUTIONS, "norm_pool", "norm_out")  # in the order of the checkpoint's numbering
EPSILON = 1e-3  # of TensorFlow's batch normalisation


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A base-128 number and the position after it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def table_block(data: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of one table block."""
    if data[offset + size]:
        raise ValueError("the index is compressed; only plain tables are read")
    block = data[offset : offset + size]
    end = size - 4 - 4 * struct.unpack("<I", block[-4:])[0]
    at, key = 0, b""
    while at < end:
        shared, at = varint(block, at)
        fresh, at = varint(block, at)
        length, at = varint(block, at)
        key = key[:shared] + block[at : at + fresh]
        at += fresh
        yield key, block[at : at + length]
        at += length


def fields(message: bytes) -> dict[int, list]:
    """A protocol buffer's fields by number."""
    at, found = 0, {}
    while at < len(message):
        tag, at = varint(message, at)
        if tag & 7 == 0:
            value, at = varint(message, at)
        else:
            length, at = varint(message, at) if tag & 7 == 2 else (4, at)
            value, at = message[at : at + length], at + length
        found.setdefault(tag >> 3, []).append(value)
    return found


def read_bundle(folder: Path) -> dict[str, np.ndarray]:
    """Every float tensor of a checkpoint (`.index`, `.data-00000-of-00001`)."""
    index, data = (folder / ".index").read_bytes(), (folder / ".data-00000-of-00001").read_bytes()
    footer, at = index[-48:], 0
    numbers = []
    for _ in range(4):  # offset and size of the meta index, then of the index
        number, at = varint(footer, at)
        numbers.append(number)
    tensors = {}
    for _, handle in table_block(index, *numbers[2:]):
        offset, at = varint(handle, 0)
        size, _ = varint(handle, at)
        for key, value in table_block(index, offset, size):
            entry = fields(value)
            if not key or entry[1] != [1]:  # the header, and tensors that are not float32
                continue
            shape = [fields(one).get(1, [1])[0] for one in fields(entry.get(2, [b""])[0]).get(2, [])]
            start = entry.get(4, [0])[0]
            raw = data[start : start + entry[5][0]]
            tensors[key.decode()] = np.frombuffer(raw, "<f4").reshape(shape)
    return tensors


def converted(source: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Tensors as the port names and lays them out: matrices in half precision, norms as scale and shift."""
    out = {}
    for number, name in enumerate(CONVOLUTIONS):
        prefix = f"conv2d_{number}" if number else "conv2d"
        out[f"{name}.weight"] = source[f"{prefix}/kernel"].transpose(3, 2, 0, 1).astype(np.float16)
        out[f"{name}.bias"] = source[f"{prefix}/bias"]
    for name, prefix in (("dense", "dense"), ("head", "dense_1")):
        out[f"{name}.weight"] = source[f"{prefix}/kernel"].T.astype(np.float16)
        out[f"{name}.bias"] = source[f"{prefix}/bias"]
    for number, name in enumerate(NORMS):
        prefix = f"batch_normalization_{number}" if number else "batch_normalization"
        beta, gamma, mean, variance = (
            source[f"{prefix}/{part}"] for part in ("beta", "gamma", "moving_mean", "moving_variance")
        )
        scale = gamma / np.sqrt(variance + EPSILON)
        out[f"{name}.scale"], out[f"{name}.shift"] = scale, beta - mean * scale
    return {name: np.ascontiguousarray(value) for name, value in out.items()}


if __name__ == "__main__":
    licence = "ISC, copyright Music Technology Group, Universitat Pompeu Fabra 2019 (Jordi Pons)"
    about = {"source": "musicnn 0.1.0, MSD_musicnn", "licence": licence}
    save_file(converted(read_bundle(Path(sys.argv[1]))), sys.argv[2], about)
