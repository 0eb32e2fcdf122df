"""Open models behind the seam: what they are told, what they honour, and that their sound is exact."""

import asyncio

import numpy as np
import open_models
import pytest
import torch

from legato.control.mapping import Heading
from legato.control.state import ControlError, Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.instrument import Instrument
from legato.engine.log import SessionLog
from legato.engine.open_model import OpenModel, key_in_words
from legato.models.bundle import read_styles
from legato.models.manifest import embedded_folder, embedded_prompt_folder
from legato.models.prompt import PromptEncoder
from legato.music.theory import parse_key

HOP = 1920
RATIOS = (2, 4, 4, 6, 10)


@pytest.fixture(scope="module")
def vae() -> torch.nn.Module:
    torch.manual_seed(0)
    return open_models.oobleck(ratios=RATIOS)


def opened(vae: torch.nn.Module, **told: object) -> Instrument:
    fields = {name: told.pop(name) for name in ("honours", "guidance") if name in told}
    stand = open_models.Stand(vae, frame_samples=HOP, **fields)
    encoder = PromptEncoder(embedded_prompt_folder())
    return Instrument(OpenModel(stand, "toy", encoder, read_styles(embedded_folder()), **told))


@pytest.fixture
def toy(vae: torch.nn.Module) -> Instrument:
    return opened(vae)


def test_a_render_is_exact_repeatable_and_begins_at_once(toy: Instrument) -> None:
    first, again = (toy.render("house:0.7", 1.5, seed=3, bpm=120).audio for _ in range(2))
    assert first.shape == (72_000, 2) and np.array_equal(first, again) and np.isfinite(first).all()
    assert np.abs(first[:HOP]).max() > 0  # the decoder's delay was cut off
    assert not np.array_equal(first, toy.render("house:0.7", 1.5, seed=4, bpm=120).audio)


def test_chunks_sound_as_their_latents_decoded_at_once(toy: Instrument) -> None:
    session = toy.stream("rain")._session
    state, pcm, latents = session.state, [], []
    for _ in range(4):
        inputs, _ = session.prepare()
        stepped = toy.model.step(
            inputs.noise_fc[None], inputs.cond_fd[None], [inputs.steering], np.ones(1, np.float32), 1, state
        )
        state = stepped.state
        latents.append(state.context.pending)
        pcm.append(stepped.pcm_bn2[0])
        session.finish(stepped.pcm_bn2[0], state)
    whole = toy.model._decoder.whole(torch.cat(latents, 1))[0].numpy()
    heard = np.concatenate(pcm)[toy.model.latency_samples :]
    np.testing.assert_allclose(heard, whole[: len(heard)], atol=1e-4)


def test_the_model_is_told_in_words_what_it_reads_and_nothing_else(vae: torch.nn.Module) -> None:
    told = opened(vae)
    told.render("house", 1.0, bpm=128.4, key="D dorian")
    fields = told.model.playable.told[-1]
    assert (fields.bpm, fields.key, fields.lyrics, fields.seconds) == (128, "D minor", None, None)
    assert fields.time_signature in {"2", "3", "4", "6"}
    free = opened(vae)
    free.render("house", 0.5, conductor="free")
    assert (free.model.playable.told[-1].bpm, free.model.playable.told[-1].key) == (None, None)
    deaf = opened(vae, honours=("seconds",), seconds=47.0)
    deaf.render("house", 0.5)
    assert (deaf.model.playable.told[-1].bpm, deaf.model.playable.told[-1].seconds) == (None, 47.0)


def test_words_are_read_once_for_each_change(toy: Instrument) -> None:
    script = [{"at": 1.0, "prompts": {"techno": 1.0}}, {"at": 2.0, "prompts": {"house": 1.0}}]
    toy.render("house", 3.0, script=script, bpm=120, key="C major", conductor="free")
    assert len(toy.model.playable.told) == 2


def test_what_it_does_not_honour_is_refused_with_the_choices(vae: torch.nn.Module) -> None:
    deaf = opened(vae, honours=("seconds",), guidance=(1.0, 1.0))
    assert deaf.model.honours == {"prompts", "temperature", "seed", "steps"}
    assert {"bpm", "key", "conductor", "guidance"} <= opened(vae).model.honours
    with pytest.raises(ControlError, match="'toy' does not follow bpm; it follows prompts, seed"):
        deaf.render("house", 1.0, bpm=120)
    with pytest.raises(ControlError, match="chunk_frames is 4; it must be 12"):
        deaf.render("house", 1.0, chunk_frames=4)


def test_sessions_replay_and_go_on_from_a_snapshot(toy: Instrument, tmp_path) -> None:
    script = [{"at": 0.6, "prompts": {"rain": 1.0}, "guidance": 3.0}]
    made = toy.render("house", 2.0, script=script)
    made.log.save(tmp_path / "log.jsonl")
    assert np.array_equal(toy.replay(SessionLog.load(tmp_path / "log.jsonl")).audio, made.audio)
    stream = toy.stream("house")
    next(stream)
    snapshot = stream.snapshot()
    after = [next(stream) for _ in range(2)]
    again = toy.restore(snapshot)
    assert all(np.array_equal(chunk, next(again)) for chunk in after)


def test_rows_share_a_step_and_part_again(toy: Instrument) -> None:
    model = toy.model
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((2, 12, 6), np.float32)
    read = [model.steering(Controls(prompts=text), Heading(None, None, None)) for text in ("a", ["bb", "cc"])]
    ones = np.ones(2, np.float32)
    alone = [
        model.step(noise[[i]], noise[[i]], [read[i]], ones[:1], 1, model.init_state(12)).pcm_bn2
        for i in range(2)
    ]
    joined = model.join([model.init_state(12), model.init_state(12)])
    both = model.step(noise, noise, read, ones, 1, joined)
    np.testing.assert_allclose(both.pcm_bn2, np.concatenate(alone), atol=1e-5)
    assert [len(state.decoder.heard_b) for state in model.split(both.state)] == [1, 1]


def test_another_rate_runs_through_the_engine(vae: torch.nn.Module) -> None:
    torch.manual_seed(0)
    other = opened(open_models.oobleck(sample_rate=44_100, ratios=RATIOS))
    made = other.render("house", 1.0)
    assert made.sample_rate == 44_100 and len(made.audio) == 44_100
    assert made.chunk_ms == pytest.approx(1000 * 12 * HOP / 44_100)
    assert made.log.header()["sample_rate"] == 44_100
    clock = VirtualClock()
    engine = Engine(other.model, clock=clock)
    player = engine.open()
    engine.run_once()
    assert len(player.read(4410)) == 4410 and player.ring.underruns == 0


def test_a_page_is_told_what_the_model_honours_and_hears_it(toy: Instrument) -> None:
    engine = Engine(toy.model, lead_s=0.1, clock=VirtualClock())
    told, audio_n2 = asyncio.run(asyncio.wait_for(open_models.play_on_a_page(engine, 1.0), 60))
    assert "chord" not in told["hello"]["honours"] and "bpm" in told["hello"]["honours"]
    assert told["hello"]["chunk_samples"] == 12 * HOP
    assert told["status"]["plan"] == [] and told["status"]["now"]["key"]
    assert np.abs(audio_n2).max() > 0


def test_keys_are_named_as_captions_name_them_and_padding_changes_nothing(toy: Instrument) -> None:
    assert [key_in_words(parse_key(key)) for key in ("F# lydian", "A minor", "E blues")] == [
        "F# major",
        "A minor",
        "E minor",
    ]
    read = toy.model.steering(Controls(prompts="rain"), Heading(None, None, None))
    more = read.padded(128)
    assert more.k.shape[3] == 128 and torch.isinf(more.bias_bl[0, read.k.shape[3] :]).all()
    noise, one, state = torch.zeros(1, 12, 6), torch.ones(1), toy.model.init_state(12).context
    step = toy.model.playable.step
    assert torch.equal(step(noise, read, one, 1, state)[0], step(noise, more, one, 1, state)[0])
