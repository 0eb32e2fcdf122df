"""Hours, stalls and failures on virtual time: the music stays whole, and nothing grows.

`LEGATO_SOAK_HOURS=24` makes the long run as long as that.
"""

import gc
import os
import sys
import threading

import numpy as np
import pytest
from server.stage import count_files

from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.fake import COUNT, CounterModel, read_counter

RATE = 48_000
CHUNK = 7680  # 0.16 s
BLOCK = 480
LEAD_S = 0.2
SOAK_HOURS = float(os.environ.get("LEGATO_SOAK_HOURS", "0.05"))
CHANGES = [
    {"bpm": 90},
    {"drums": False},
    {"prompts": "dub techno"},
    {"bpm": None, "drums": None, "key": "D minor"},
]


class Speaker:
    """Reads a block at a time at the pace of the clock, and keeps account instead of the sound."""

    def __init__(self, clock, player, block=BLOCK):
        self.clock, self.player, self.block = clock, player, block
        self.heard = 0  # samples read
        self.wrong = 0  # of the model's, samples that are not the next of the count
        self.gaps = []  # (when sound stopped, when it was whole again)
        self.depths = []  # (when, samples waiting after a read)
        clock.call_at(clock.now(), self._read)

    def _read(self):
        ring, now = self.player.ring, self.clock.now()
        self.clock.call_at(now + self.block / RATE, self._read)
        if not ring.written:
            return
        start, missing = ring.taken, ring.missing
        audio_n2 = self.player.read(self.block)
        self.heard += self.block
        self.depths.append((now, len(ring)))
        del self.depths[:-2000]
        whole = ring.missing == missing
        if not whole and (not self.gaps or self.gaps[-1][1] is not None):
            self.gaps.append((now, None))
        elif whole and self.gaps and self.gaps[-1][1] is None:
            self.gaps[-1] = (self.gaps[-1][0], now)  # this block fades in: its numbers are bent
        elif whole:
            behind = CHUNK * self.player.status()["bad_chunks"]  # a failed chunk is made again
            expected = (start - behind + np.arange(self.block)) % COUNT
            self.wrong += int((read_counter(audio_n2) != expected).sum())

    def deepest(self, since, until):
        """The most that waited to be heard: the ring's part of the latency, samples."""
        return max(depth for when, depth in self.depths if since <= when < until)


def stage(model=None, block=BLOCK, **settings):
    clock = VirtualClock()
    model = model(clock) if model else CounterModel(clock, **settings)
    engine = Engine(model, lead_s=LEAD_S, clock=clock)
    player = engine.open(Controls(bpm=120))
    return clock, engine, player, Speaker(clock, player, block)


def run(clock, engine, seconds):
    end = clock.now() + seconds
    while clock.now() < end:
        clock.advance(max(BLOCK / RATE / 2, min(engine.run_once(), end - clock.now())))


@pytest.mark.parametrize("chunks", [0.5, 1, 2, 3, 5])
def test_after_every_stall_sound_is_back_at_once_and_no_later_than_before(chunks):
    compute, stall = 0.05, chunks * 0.16
    times = 5
    clock, engine, player, speaker = stage(
        compute_s=compute, stalls={30 * (n + 1): stall for n in range(times)}
    )
    run(clock, engine, 4)
    player.steer(bpm=90)
    run(clock, engine, 0.5)
    usual, latency = speaker.deepest(2, 4), player.status()["latency"]["total_ms"]
    run(clock, engine, 30 * times * 0.16 + 4)
    end = clock.now()
    # The lead bridges what it is long enough for; beyond it one gap, as long as what was not made in time.
    silent = max(0.0, stall + compute - LEAD_S)
    assert len(speaker.gaps) == player.ring.underruns == (times if silent else 0)
    for began, back in speaker.gaps:
        assert back - began == pytest.approx(silent, abs=3 * BLOCK / RATE)
    assert speaker.wrong == 0  # nothing lost, nothing twice
    assert speaker.deepest(end - 2, end) <= usual + BLOCK
    player.steer(bpm=150)
    run(clock, engine, 0.5)
    assert player.status()["latency"]["total_ms"] <= latency + 160


class Poisoned(CounterModel):
    """NaN latents: from step 20 on the memory of players of guidance 3 is spoilt, until it is given up."""

    def __init__(self, clock):
        super().__init__(clock)
        self.spoilt = False

    def init_state(self, chunk_frames):
        self.spoilt = False
        return super().init_state(chunk_frames)

    def step(self, noise_bfc, cond_bfd, steering, guidance_b, steps, state):
        if self.steps_made == 20:
            self.spoilt = True
        made = super().step(noise_bfc, cond_bfd, steering, guidance_b, steps, state)
        if self.spoilt:
            made.pcm_bn2[guidance_b == 3.0, CHUNK // 2 :] = np.nan
        return made


def test_nan_latents_cost_one_player_two_chunks_and_the_other_nothing():
    clock, engine, well, speaker = stage(Poisoned)
    ill = engine.open(Controls(guidance=3.0))
    heard = []
    clock.call_at(0.0, lambda: listen(clock, ill, heard))
    run(clock, engine, 8)
    audio = np.concatenate(heard)
    assert np.isfinite(audio).all() and np.abs(audio).max() <= 1.0
    status = ill.status()
    assert (status["bad_chunks"], status["resets"], status["underruns"]) == (2, 1, 0)
    assert set(np.diff(read_counter(audio[-2 * RATE :])) % COUNT) == {1}  # a fresh count, unbroken
    assert speaker.wrong == 0 and not speaker.gaps
    assert well.status()["bad_chunks"] == 0


def listen(clock, player, heard):
    if player.ring.written:
        heard.append(player.read(BLOCK))
    clock.call_at(clock.now() + BLOCK / RATE, lambda: listen(clock, player, heard))


def test_hours_without_a_sample_lost_and_without_growth():
    chunks = round(SOAK_HOURS * 3600 / 0.16)
    stalls = {n: 0.3 for n in range(200, chunks, 200)}
    clock, engine, player, speaker = stage(
        block=CHUNK // 4, compute_s=0.05, stalls=stalls, bad=range(100, chunks, 200)
    )
    counts = []
    for part in range(6):
        for _ in range(10):
            run(clock, engine, SOAK_HOURS * 60)
            player.steer(**CHANGES[len(player.log().events) % len(CHANGES)])
        if part >= 3:  # what is made once and kept has been made, and histories are full
            gc.collect()
            log = player.log()
            written = len(log.events) + len(log.notes)
            counts.append((sys.getallocatedblocks(), written, threading.active_count(), count_files()))
    failures = len(range(100, chunks, 200))
    status = player.status()
    assert status["played"] == speaker.heard
    assert speaker.heard == pytest.approx(clock.now() * RATE, abs=2 * CHUNK)
    assert status["generated"] == player.ring.taken + len(player.ring)
    assert speaker.heard == player.ring.taken + player.ring.missing  # every sample is accounted for
    # What befalls a chunk made for a cut is heard by nobody: what was in the ring plays on.
    assert len(stalls) - 2 <= status["underruns"] == len(speaker.gaps) <= len(stalls)
    assert failures - 2 <= status["bad_chunks"] == len(player.log().of_kind("failed")) <= failures
    # Around a failure numbers are bent or not yet shifted, in the ring and in the fades; nowhere else.
    assert speaker.wrong <= failures * 4 * CHUNK
    (blocks, lines, *before), (blocks_after, lines_after, *after) = counts[0], counts[-1]
    assert blocks_after - blocks <= 40 * (lines_after - lines)  # the log grows, and nothing else
    assert after == before
