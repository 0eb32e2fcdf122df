"""Hours, stalls and failures on virtual time: the music stays whole, and nothing grows.

`python benchmarks/soak.py 24` makes the long run as long as that, and prints the figures.
"""

import numpy as np
import pytest

from legato.control.state import Controls
from legato.engine.fake import COUNT, CounterModel, read_counter
from legato.evaluation.soak import BLOCK, CHUNK, Stage, soak, stalls

RATE = 48_000


@pytest.mark.parametrize("chunks", [0.5, 1, 2, 3, 5])
def test_after_every_stall_sound_is_back_at_once_and_no_later_than_before(chunks):
    found = stalls(chunks)
    # The lead bridges what it is long enough for; beyond it one gap, as long as what was not made in time.
    assert found["gaps"] == found["underruns"] == (found["stalls"] if found["expected_ms"] else 0)
    for missing in found["missing_ms"]:
        assert missing == pytest.approx(found["expected_ms"], abs=1000 * 3 * BLOCK / RATE)
    assert found["wrong"] == 0  # nothing lost, nothing twice
    assert found["depth_after"] <= found["depth_before"] + BLOCK
    assert found["latency_after_ms"] <= found["latency_before_ms"] + 160


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
    stage = Stage(Poisoned)
    ill = stage.engine.open(Controls(guidance=3.0))
    heard = []
    stage.clock.call_at(0.0, lambda: listen(stage.clock, ill, heard))
    stage.run(8)
    audio = np.concatenate(heard)
    assert np.isfinite(audio).all() and np.abs(audio).max() <= 1.0
    status = ill.status()
    assert (status["bad_chunks"], status["resets"], status["underruns"]) == (2, 1, 0)
    assert set(np.diff(read_counter(audio[-2 * RATE :])) % COUNT) == {1}  # a fresh count, unbroken
    assert stage.speaker.wrong == 0 and not stage.speaker.gaps
    assert stage.player.status()["bad_chunks"] == 0


def listen(clock, player, heard):
    if player.ring.written:
        heard.append(player.read(BLOCK))
    clock.call_at(clock.now() + BLOCK / RATE, lambda: listen(clock, player, heard))


def test_hours_without_a_sample_lost_and_without_growth():
    found = soak(0.05)
    assert found["heard"] == pytest.approx(found["seconds"] * RATE, abs=2 * CHUNK)
    assert found["played"] == found["heard"]
    assert found["unaccounted"] == found["not_generated"] == 0
    # What befalls a chunk made for a cut is heard by nobody: what was in the ring plays on.
    assert found["stalls"] - 2 <= found["underruns"] == found["gaps"] <= found["stalls"]
    assert found["failures"] - 2 <= found["bad_chunks"] == found["logged_failures"] <= found["failures"]
    # Around a failure numbers are bent or not yet shifted, in the ring and in the fades; nowhere else.
    assert found["wrong"] <= found["wrong_allowed"]
    assert found["blocks"] <= 40 * found["lines"]  # the log grows, and nothing else
    assert found["threads"] == found["files"] == 0
