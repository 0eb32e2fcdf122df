import threading

import numpy as np
import pytest

from legato.engine.fake import counter
from legato.engine.ring import FADE_IN, FADE_OUT, Ring


def stereo(start, samples):
    return np.repeat(counter(start, samples)[:, None], 2, axis=1)


@pytest.mark.parametrize("block", [1, 64, 65, 8193])
def test_every_sample_comes_out_once_whatever_the_block(block):
    ring, out, written = Ring(10_000), [], 0
    rng = np.random.default_rng(block)
    while written < 60_000:
        written += ring.write(stereo(written, int(rng.integers(1, 4000))))
        while len(ring) >= block:
            out.append(ring.read(block))
    audio = np.concatenate(out)
    assert np.array_equal(audio, stereo(0, len(audio)))
    assert ring.underruns == 0 and len(audio) == ring.played == ring.taken


def test_full_ring_takes_only_what_fits():
    ring = Ring(100)
    assert ring.write(stereo(0, 150)) == 100
    assert ring.write(stereo(0, 1)) == 0
    assert np.array_equal(ring.read(100), stereo(0, 100))


def test_silence_before_the_first_write_is_no_underrun():
    ring = Ring(100)
    assert not ring.read(50).any()
    assert ring.underruns == 0 and ring.missing == 0


@pytest.mark.parametrize("block", [256, 1111, 4096])
def test_dry_ring_fades_without_a_jump_and_sound_returns_softly(block):
    tone = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000).astype(np.float32)[:, None].repeat(2, 1) * 0.5
    ring = Ring(48_000)
    ring.write(tone[:10_000])
    out = [ring.read(block) for _ in range(30_000 // block)]
    ring.write(tone[10_000:])
    out += [ring.read(block) for _ in range(8_000 // block)]
    audio = np.concatenate(out)
    inside = np.abs(np.diff(tone[:, 0])).max()
    assert np.abs(np.diff(audio[:, 0])).max() <= 2.0 * inside
    gap = len(np.concatenate(out[: 30_000 // block]))
    assert not audio[10_000 + FADE_OUT : gap].any()
    assert np.array_equal(
        audio[gap + FADE_IN + FADE_OUT :],
        tone[10_000 + FADE_IN + FADE_OUT :][: len(audio) - gap - FADE_IN - FADE_OUT],
    )
    assert ring.underruns == 1 and ring.missing == gap - 10_000


def test_writer_and_reader_threads_lose_nothing():
    ring, total, out = Ring(5000), 200_000, []

    def write():
        done = 0
        while done < total:
            done += ring.write(stereo(done, min(777, total - done)))

    thread = threading.Thread(target=write)
    thread.start()
    read = 0
    while read < total:
        count = min(len(ring), 501)
        if count:
            out.append(ring.read(count))
            read += count
    thread.join()
    assert np.array_equal(np.concatenate(out), stereo(0, total))
