"""The real model behind the seam, on an untrained bundle of the `test` preset."""

from pathlib import Path

import numpy as np
import pytest
import torch

from legato.config import load_config
from legato.control.state import Controls
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.instrument import Instrument
from legato.engine.live import BundleModel
from legato.engine.log import SessionLog
from legato.engine.offline import Stream
from legato.io.sounds import Clip
from legato.models.bundle import Bundle, Card
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.models.manifest import embedded_prompt_folder

CONFIG = load_config("test")


@pytest.fixture(scope="module")
def instrument(tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    torch.manual_seed(0)
    generator = Generator(CONFIG.generator)
    torch.nn.init.normal_(
        generator.head.weight, std=0.2
    )  # an untrained head is zero and would hide everything
    rank = CONFIG.distill.rank
    pair = "blocks.0.qkv.weight"
    weights = generator.state_dict()
    out_size, in_size = weights[pair].shape
    adapter = {f"{pair}.lora_a": torch.randn(rank, in_size), f"{pair}.lora_b": torch.zeros(out_size, rank)}
    folder: Path = tmp_path_factory.mktemp("bundles") / "untrained"
    bundle = Bundle.pack(
        folder,
        config=CONFIG,
        codec=Codec(CONFIG.codec).state_dict(),
        teacher=weights,
        adapter=adapter,
        prompt_folder=embedded_prompt_folder(),
        styles={"house": np.eye(384, dtype=np.float32)[0]},
        card=Card("untrained", description="For tests."),
    )
    return Instrument.of(bundle)


def noise(seconds):
    """Sound that comes in."""
    return 0.1 * np.random.default_rng(4).standard_normal((round(48_000 * seconds), 2)).astype(np.float32)


def test_render_is_exact_bounded_and_repeatable(instrument):
    script = [{"at": 0.5, "prompts": {"dark techno": 1.0}, "bpm": 128}]
    first, again = (
        instrument.render(["lo-fi piano:0.7", "vinyl drums:0.3"], 1.0, script=script, seed=1, steps=2).audio
        for _ in range(2)
    )
    assert first.shape == (48_000, 2) and np.isfinite(first).all() and np.abs(first).max() <= 1.0
    assert np.array_equal(first, again)
    moved = instrument.render(["lo-fi piano:0.7", "vinyl drums:0.3"], 1.0, seed=1, steps=2).audio
    chunk = 4 * 7680 - instrument.model.latency_samples  # 0.5 s lies in the fourth chunk: the fifth hears it
    assert np.array_equal(first[:chunk], moved[:chunk])
    assert not np.array_equal(first[chunk:], moved[chunk:])


def test_a_changed_prompt_alters_the_very_next_chunk(instrument):
    one, other = instrument.stream("house", seed=4), instrument.stream("house", seed=4)
    for _ in range(3):
        assert np.array_equal(next(one), next(other))
    other.steer(prompts="solo piano")
    assert not np.array_equal(next(one), next(other))


def test_snapshot_and_replay_are_bit_equal(instrument):
    stream = instrument.stream("house", seed=2)
    parts = [next(stream) for _ in range(3)]
    stream.steer(bpm=93, notes=[60])
    snapshot = stream.snapshot()
    parts += [next(stream) for _ in range(3)]
    resumed = instrument.restore(snapshot)
    assert np.array_equal(np.concatenate(parts[3:]), np.concatenate([next(resumed) for _ in range(3)]))
    assert np.array_equal(instrument.replay(stream.log()).audio, np.concatenate(parts))


def test_players_in_one_engine_sound_as_if_alone(instrument):
    clock = VirtualClock()
    engine = Engine(instrument.model, clock=clock)
    asked = [Controls(prompts="house", seed=1), Controls(prompts="jazz", seed=2)]
    players = [engine.open(controls) for controls in asked]
    for _ in range(2):
        engine.run_once()
    for player, controls in zip(players, asked, strict=True):
        samples = len(player.ring)
        alone = instrument.stream(prompts=controls.prompts, seed=controls.seed)
        expected = np.concatenate([next(alone) for _ in range(2)])
        assert np.array_equal(player.read(samples), expected[:samples])


@pytest.mark.parametrize("listens", [False, True])
def test_a_take_of_the_real_model_replays_bit_for_bit(instrument, tmp_path, listens):
    sound = {"sound": lambda player: Clip(noise(1.0), loop=True), "before": noise(2.0)} if listens else {}
    engine = instrument.engine(clock=VirtualClock(), takes=tmp_path, **sound)
    player = engine.open(Controls(prompts="house", seed=3))

    def play(blocks):
        for _ in range(blocks):
            engine.run_once()
            player.read(1000)

    play(12)
    player.steer(prompts="jazz", bpm=90)
    player.record()
    play(25)
    take = player.stop_recording()
    log = SessionLog.load(take.log)
    assert log.fingerprint == instrument.model.fingerprint and len(log.fingerprint) == 16
    assert bool(log.of_kind("heard")) == listens
    instrument.replay(log).save(tmp_path / "again.wav")
    assert (tmp_path / "again.wav").read_bytes() == take.sound.read_bytes()


def test_a_cut_leaves_what_was_heard_untouched_and_replays_bit_for_bit(instrument):
    engine = instrument.engine(clock=VirtualClock())
    player = engine.open(Controls(prompts="house", seed=5))
    heard = []
    for block in range(70):
        engine.run_once()
        heard.append(player.read(480))
        if block % 20 == 5:
            player.steer(bpm=80 + block, prompts=["jazz", "house"][block // 20 % 2])
    assert player.cuts >= 2
    assert player.ring.underruns == 0
    again = instrument.replay(player.log().copy()).audio
    played = np.concatenate(heard)[: len(again)]
    assert np.array_equal(played[480:], again[480 : len(played)])  # the ring fades its very beginning in
    steady = instrument.stream("house", seed=5)
    alone = np.concatenate([next(steady) for _ in range(2)])
    first = player.log().events[0].sample - instrument.model.latency_samples
    assert first > 960
    assert np.array_equal(again[:first], alone[:first]) and not np.array_equal(again[: len(alone)], alone)


def test_what_comes_in_becomes_the_past_and_the_session_replays_bit_for_bit(instrument, tmp_path):
    clip = noise(1.2)
    alone = instrument.render("house", 1.5, seed=2)
    heard = instrument.render("house", 1.5, seed=2, sound=Clip(clip), listen=1.0)
    chunk = 7680 - instrument.model.latency_samples
    assert np.array_equal(heard.audio[:chunk], alone.audio[:chunk])
    assert not np.allclose(heard.audio[2 * chunk :], alone.audio[2 * chunk :], atol=1e-3)
    deaf = instrument.render("house", 1.5, seed=2, sound=Clip(clip), listen=0.0)
    assert np.array_equal(deaf.audio, alone.audio) and not deaf.log.notes
    heard.log.save(tmp_path / "session.jsonl")
    log = SessionLog.load(tmp_path / "session.jsonl")
    again = instrument.replay(log)  # neither clip nor encoder are asked
    assert np.array_equal(again.audio, heard.audio) and again.log.notes == heard.log.notes


def test_a_mix_of_one_is_what_the_encoder_makes_of_the_sound(instrument):
    model, clip = instrument.model, noise(2.0)
    stream = Stream.start(model, Controls(prompts="house", listen=1.0), sound=Clip(clip))
    for _ in range(10):
        next(stream)
    whole = model.encode(clip[: 48_000 // 1920 * 2 * 1920])
    found = stream.log().heard(model.latent_channels)
    frame = 6 * 4  # far enough in for the mix to have gone all the way, the past included
    latents = found[(frame + 4) * 1920]
    assert np.allclose(latents[:3], whole[frame : frame + 3], atol=0.05)


def test_a_stream_goes_on_from_a_sound(instrument):
    clip = noise(1.0)
    made = instrument.render("house", 1.0, seed=2, after=clip)
    assert not np.allclose(made.audio, instrument.render("house", 1.0, seed=2).audio, atol=1e-3)
    assert np.array_equal(instrument.replay(made.log).audio, made.audio)
    model = instrument.model
    latents = made.log.heard(model.latent_channels)[0]
    state, other = model.after(latents, 4), model.after(latents, 4)
    assert int(state.generator.length[0]) == len(latents) - 4 and bool(state.generator.has_pending[0])
    assert np.allclose(state.generator.pending[0].numpy(), latents[-4:])
    assert torch.equal(state.codec.overlap, other.codec.overlap) and bool(state.codec.overlap.any())


def test_a_stream_that_listens_resumes_from_its_snapshot(instrument):
    stream = Stream.start(instrument.model, Controls(prompts="house", seed=2), sound=Clip(noise(3.0)))
    for _ in range(4):
        next(stream)
    snapshot = stream.snapshot()
    expected = [next(stream) for _ in range(3)]
    for _ in range(2):
        resumed = instrument.restore(snapshot)
        assert np.array_equal(np.concatenate([next(resumed) for _ in range(3)]), np.concatenate(expected))
    assert resumed.log() == stream.log()


def test_rows_join_and_split_as_values(instrument):
    model: BundleModel = instrument.model
    rng = np.random.default_rng(0)
    width = instrument.stream("house")._session.prepare()[0].cond_fd.shape[1]
    noise = rng.standard_normal((2, 4, model.latent_channels)).astype(np.float32)
    cond = rng.random((2, 4, width)).astype(np.float32)
    prompt = np.stack([model.embed({"house": 1.0}), model.embed({"rain": 1.0})])
    guidance = np.array([1.0, 3.0], np.float32)
    alone = [model.init_state(4), model.init_state(4)]
    joined = model.join(alone)
    for _ in range(3):
        both = model.step(noise, cond, prompt, guidance, 1, joined)
        joined = model.join(model.split(both.state))
        alone = [
            model.step(noise[[i]], cond[[i]], prompt[[i]], guidance[[i]], 1, state).state
            for i, state in enumerate(alone)
        ]
    together = model.split(joined)
    for single, row in zip(alone, together, strict=True):
        for layer, other in zip(single.generator.k, row.generator.k, strict=True):
            assert torch.allclose(layer, other, atol=1e-5)
        assert torch.allclose(single.generator.pending, row.generator.pending, atol=1e-4)


def test_a_step_leaves_the_state_it_was_given_alone(instrument):
    session = instrument.stream("house")._session
    model, state = instrument.model, session.state
    inputs, _ = session.prepare()
    arguments = (
        inputs.noise_fc[None],
        inputs.cond_fd[None],
        [inputs.steering],
        np.array([inputs.guidance], np.float32),
        1,
    )
    first = model.step(*arguments, state).pcm_bn2
    second = model.step(*arguments, state).pcm_bn2
    assert np.array_equal(first, second)


def test_instrument_saves_its_bundle(instrument, tmp_path):
    again = Instrument.load(instrument.save(tmp_path / "copy"))
    assert again.name == "untrained"
    assert np.array_equal(again.render("house", 0.3).audio, instrument.render("house", 0.3).audio)
