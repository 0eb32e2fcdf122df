"""Checkpoints, batches, scripts, adapters and rollouts, on the `test` preset and synthetic latents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from legato import conditioning
from legato.config import OptimConfig, load_config
from legato.control.state import Controls
from legato.models.generator import Generator
from legato.models.sampling import sample_student
from legato.models.streaming import Conditions
from legato.music.levels import part_level
from legato.teachers import NativeTeacher, Steering
from legato.training import data
from legato.training.adapters import (
    adapter_tensors,
    load_adapter,
    make_student,
    merged_tensors,
    save_adapter,
    start_from,
)
from legato.training.checkpoint import (
    CheckpointError,
    load_checkpoint,
    save_checkpoint,
    save_tensors,
    warm_start,
)
from legato.training.latents import GROUPS, encode_clip, load_latents, save_latents
from legato.training.liveliness import Factors, improvise
from legato.training.loop import Log, Schedule, StopFlag, rng_for
from legato.training.reading import Reading
from legato.training.rollout import play, roll_out
from legato.training.scripts import KINDS, PromptBank, draw_guidance, draw_script, steering
from legato.training.synthetic import synthetic_latents
from legato.training.teacher import draw_context_noise, fit_teacher

CONFIG = load_config("test")
CHUNK = 4


def make_teacher(seed: int = 0) -> NativeTeacher:
    torch.manual_seed(seed)
    generator = Generator(CONFIG.generator)
    torch.nn.init.normal_(generator.head.weight, std=0.3)
    return NativeTeacher(generator)


def make_bank(styles: tuple[str, ...] = ("house", "", "jazz")) -> PromptBank:
    vectors = np.random.default_rng(0).standard_normal((len(styles), 384)).astype(np.float32)
    return PromptBank(
        [f"prompt {i}" for i in range(len(styles))],
        list(styles),
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
    )


def make_steering(batch: int, frames: int, seed: int = 0) -> Steering:
    scripts = [draw_script(rng_for(seed, i), frames, CHUNK, make_bank(), (1.0, 3.0)) for i in range(batch)]
    return steering(scripts, 0, frames)


# ---- checkpoints, schedule, log --------------------------------------------------------------------------


def test_checkpoint_round_trip_replaces_and_survives_a_crash_between_renames(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    assert load_checkpoint(folder) is None
    for step in range(2):
        save_checkpoint(folder, tensors={"x": torch.full((3,), float(step))}, meta={"step": step})
    folder.rename(tmp_path / ".checkpoint.previous")
    tensors, meta = load_checkpoint(folder) or ({}, {})
    assert meta == {"step": 1} and torch.equal(tensors["x"], torch.ones(3))
    assert not list(tmp_path.glob("*.tmp"))


def test_damaged_checkpoint_is_refused_with_its_path(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    save_checkpoint(folder, tensors={"x": torch.zeros(100)}, meta={})
    file = folder / "tensors.safetensors"
    file.write_bytes(file.read_bytes()[:-50])
    with pytest.raises(CheckpointError, match=r"checkpoint.*cannot be read"):
        load_checkpoint(folder)


def test_warm_start_takes_what_fits_and_names_the_rest(tmp_path: Path) -> None:
    shapes = {"stem": torch.nn.Linear(4, 3), "head": torch.nn.Linear(3, 2)}
    other = torch.nn.ModuleDict(shapes)
    save_tensors(tmp_path / "model.safetensors", other.state_dict())
    wider = torch.nn.ModuleDict({"stem": torch.nn.Linear(5, 3), "head": torch.nn.Linear(3, 2)})
    assert warm_start(wider, tmp_path) == ["stem.weight"]
    assert torch.equal(wider["head"].weight, other["head"].weight)
    with pytest.raises(CheckpointError, match="not one of its tensors fits"):
        warm_start(torch.nn.Linear(2, 2), tmp_path)
    with pytest.raises(CheckpointError, match="cannot start from"):
        warm_start(wider, tmp_path / "nowhere")


def test_schedule_warms_up_and_falls_to_a_tenth() -> None:
    schedule = Schedule(OptimConfig(lr=1.0, warmup=10, steps=1000))
    assert schedule.lr(0) == pytest.approx(0.1)
    assert schedule.lr(10) == pytest.approx(1.0, abs=1e-3)
    assert schedule.lr(999) == pytest.approx(0.1, abs=1e-3)
    assert not schedule.done(999) and schedule.done(1000)


def test_schedule_by_the_clock_ends_with_the_minutes() -> None:
    schedule = Schedule(OptimConfig(lr=1.0, warmup=1), minutes=1.0, elapsed=59.999)
    assert schedule.lr(50) == pytest.approx(0.1, abs=1e-3)
    assert Schedule(OptimConfig(), minutes=1.0, elapsed=61.0).done(3)


def test_log_drops_what_a_resumed_run_will_write_again(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    for step in range(4):
        log.write(step=step, loss=1.0)
    Log(tmp_path / "log.jsonl", resume_step=2)
    assert (tmp_path / "log.jsonl").read_text().splitlines() == [
        f'{{"step": {s}, "loss": 1.0}}' for s in (0, 1)
    ]


# ---- data ------------------------------------------------------------------------------------------------


def test_latents_survive_the_disk(tmp_path: Path) -> None:
    before = synthetic_latents(3)
    save_latents(tmp_path, [*before.train, *before.held_out], "hash")
    after = load_latents(tmp_path)
    assert [c.name for c in after.train] == [c.name for c in before.train] and len(after.held_out) == 1
    for a, b in zip(after.train, before.train, strict=True):
        assert np.allclose(a.latents, b.latents, atol=2e-3)
        assert all(np.array_equal(a.groups[g], b.groups[g]) for g in GROUPS)
        assert np.array_equal(a.notes, b.notes) and np.array_equal(a.captions, b.captions)


def test_prompt_of_a_crop_follows_the_clips_change() -> None:
    clip = synthetic_latents(2).train[0]
    first, second = np.eye(384, dtype=np.float32)[:2]
    clip = replace(clip, captions=first[None], change=40, captions_after=second[None])
    for start, expected in ((0, 40), (30, 10), (40, 0)):
        prompts, segment = data._draw_prompts(clip, start, 64, rng_for(0))
        heard = prompts[segment]
        assert np.array_equal(heard[:expected], np.tile(first, (expected, 1)))
        assert np.array_equal(heard[expected:], np.tile(second, (64 - expected, 1)))


def test_latents_keep_the_change_of_a_clip(tmp_path: Path) -> None:
    clip = synthetic_latents(2).train[0]
    changed = replace(clip, change=7, captions_after=clip.captions[:1] * 2)
    save_latents(tmp_path, [changed, clip], "hash")
    one, two = load_latents(tmp_path).train
    assert one.change == 7 and np.array_equal(one.captions_after, changed.captions_after)
    assert two.change is None and two.captions_after is None and np.array_equal(two.captions, clip.captions)


def test_clip_is_encoded_frame_for_frame() -> None:
    class Codec:
        def encode(self, audio_bn2: torch.Tensor) -> torch.Tensor:
            return audio_bn2[0, ::1920].mean(-1)[None, :, None]  # the first sample of every frame

    class Clip:
        name, held_out, captions = "a", False, ["x", "y"]
        changes = [{"second": 0.2, "style": "b", "captions": ["z"]}]  # noqa: RUF012

        def audio(self) -> np.ndarray:
            return np.repeat(np.arange(8, dtype=np.int16), 1920)[: 8 * 1920 - 7, None].repeat(2, 1)

        def labels(self):
            t = np.arange(8, dtype=np.float32)
            return type(
                "Labels",
                (),
                {
                    "beats": t / 12,
                    "bpm": np.full(8, 125.0),
                    "beats_per_bar": 4,
                    "harmony": np.zeros((8, 24)),
                    "scale": np.zeros((8, 12)),
                    "notes": np.zeros((0, 5)),
                    "density": t,
                    "brightness": t,
                    "loudness": t,
                    "gates": np.stack([t] * 4, 1),
                },
            )()

    text = type("Text", (), {"encode": lambda self, texts: np.zeros((len(texts), 384), np.float32)})()
    clip = encode_clip(Clip(), Codec(), text)  # type: ignore[arg-type]
    assert clip.change == 5 and clip.captions_after is not None and len(clip.captions_after) == 1
    assert clip.frames == 7  # the unfinished eighth frame is left out
    assert np.allclose(clip.latents[:, 0] * 32768, clip.groups["density"][:, 0])


def test_crops_carry_their_own_labels() -> None:
    """The synthetic latents are a linear map of harmony and beat: a shifted label would not fit them."""
    clips = synthetic_latents(6, frames=128).train
    rng = rng_for(3)
    batch = data.draw_batch(clips, 64, 48, 0.1, rng, views=2)
    values = torch.cat([batch.cond_btd[..., conditioning.GROUPS[g].slice] for g in ("harmony", "beat")], -1)
    given = torch.stack(
        [batch.cond_btd[..., conditioning.VALUES + conditioning.GROUPS[g].index] for g in ("harmony", "beat")]
    )
    both = given.prod(0) > 0
    x, y = values[both], batch.clean_btc.repeat(1, 2, 1)[both]
    residual = y - x @ torch.linalg.lstsq(x, y).solution
    assert float(residual.std()) < 0.15 < 0.5 < float(y.std())


def test_controls_are_sparse_and_every_group_comes_and_goes() -> None:
    clips = synthetic_latents(6, frames=128).train
    batch = data.draw_batch(clips, 1000, 48, 0.1, rng_for(0))
    given = batch.cond_btd[..., conditioning.VALUES :]
    assert float((given.sum((1, 2)) == 0).float().mean()) > 0.12  # unconditional and prompt only
    shares = {g: float(given[..., conditioning.GROUPS[g].index].mean()) for g in conditioning.GROUPS}
    assert all(0.1 < share < 0.85 for share in shares.values()), shares
    values = batch.cond_btd[..., : conditioning.VALUES]
    for name, group in conditioning.GROUPS.items():
        absent = given[..., group.index] == 0
        assert float(values[absent][:, group.slice].abs().sum()) == 0.0, name
    nothing = (given.sum((1, 2)) == 0) & ~batch.prompt_given_bs[:, 0]
    assert 0.05 < float(nothing.float().mean()) < 0.2
    assert 0.05 < float((batch.segment_bt[:, -1] == 1).float().mean()) < 0.3


def test_piano_roll_holds_and_strikes() -> None:
    roll = data.piano_roll(np.array([[3, 60, 10, 12.5, 90], [3, 62, 2, 6, 90], [3, 200, 0, 9, 9]]), 5, 10)
    key = 60 - conditioning.LOWEST_NOTE
    assert roll[:, key].tolist() == [0] * 5 + [1] * 3 + [0] * 2
    assert roll[:, conditioning.NOTES + key].tolist() == [0] * 5 + [1] + [0] * 4
    assert (
        roll[0, key + 2] == 1 and roll[:, conditioning.NOTES + key + 2].sum() == 0
    )  # struck before the crop


def test_some_clips_start_cold_and_some_are_obscured_so_that_prompts_count() -> None:
    settings = replace(CONFIG.train_teacher, context_noise=0.4, cold_start=0.25, obscured=0.2)
    levels = draw_context_noise(rng_for(3), 4000, 60, settings)
    absent = levels == 1.0
    cold = absent[:, 0] & (levels[:, -1] < 1.0)
    obscured = (levels > 0.4).all(1) & ~absent.any(1)
    clear = (levels <= 0.4).all(1)
    assert abs(cold.mean() - 0.25) < 0.03  # one row in 240 stays cold to its end
    assert abs(obscured.mean() - 0.2) < 0.03
    assert abs(clear.mean() - 0.55) < 0.03
    assert (np.diff(absent.astype(int), axis=1) <= 0).all()  # silence comes first
    assert levels[obscured].std(1).max() < 1e-6
    assert (levels[clear] < 0.05).mean() > 0.5


def test_clips_shorter_than_a_crop_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"train_teacher\.frames"):
        fit_teacher(CONFIG, synthetic_latents(2, frames=16), tmp_path)


# ---- scripts ---------------------------------------------------------------------------------------------


def test_scripts_are_of_all_kinds_and_repeat_from_their_seed() -> None:
    scripts = [draw_script(rng_for(1, i), 96, CHUNK, make_bank(), (1.0, 3.0)) for i in range(80)]
    assert {s.kind for s in scripts} == set(KINDS)
    again = draw_script(rng_for(1, 7), 96, CHUNK, make_bank(), (1.0, 3.0))
    assert np.array_equal(again.cond_td, scripts[7].cond_td)
    for script in scripts:
        assert np.isfinite(script.cond_td).all() and 1.0 <= script.guidance <= 4.0
        assert np.allclose(np.linalg.norm(script.prompts_sp, axis=1), 1.0, atol=1e-5)


def test_a_script_that_silences_drums_asks_for_what_the_rest_of_the_band_sounds_like() -> None:
    """As the conductor does when they are muted: else the student would learn to make up for them."""
    change = []
    for seed in range(200):
        script = draw_script(rng_for(2, seed), 192, CHUNK, make_bank(), (1.0, 3.0))
        drums, density = (script.cond_td[:, conditioning.GROUPS[g].slice][:, 0] for g in ("drums", "density"))
        if script.kind == "gates" and density.any() and 0 < drums.mean() < 1:
            change.append(density[drums > 0].mean() - density[drums == 0].mean())
    assert len(change) > 10
    assert np.mean(change) == pytest.approx(part_level("drums", "density"), abs=0.06)


def test_tempo_changes_keep_the_beat_running() -> None:
    beat = conditioning.GROUPS["beat"].slice
    tempo = [s for s in (draw_script(rng_for(2, i), 200, CHUNK, make_bank(), (1, 1)) for i in range(80))]
    tempo = [s for s in tempo if s.kind == "tempo"]
    assert tempo
    for script in tempo:
        values = script.cond_td[:, beat]
        phase = np.unwrap(np.arctan2(values[:, 0], values[:, 1]).astype(np.float64))
        bpm = 120 * 2.0 ** values[:, 4]
        assert np.allclose(np.diff(phase) / (2 * np.pi), bpm[:-1] / 1500, atol=1e-3)
        assert np.ptp(bpm) > 1


def test_prompts_in_the_bank_name_known_styles() -> None:
    class Text:
        def encode(self, texts: list[str]) -> np.ndarray:
            return np.zeros((len(texts), 384), np.float32)

    bank = PromptBank.load(Text())
    named = list(zip(bank.styles, bank.texts, strict=True))
    assert len(set(named)) == len(named) > 6000
    assert len(set(bank.styles)) > 10


# ---- teacher and student ---------------------------------------------------------------------------------


def test_parallel_chunks_equal_the_generator_in_one_pass() -> None:
    teacher = make_teacher()
    steer = make_steering(2, 48)
    clean, noisy = torch.randn(2, 48, 8), torch.randn(2, 48, 8)
    t = torch.rand(2, 48 // CHUNK).repeat_interleave(CHUNK, 1)
    with torch.no_grad():
        whole = teacher.network(
            clean,
            noisy,
            t_bt=t,
            context_noise_bt=torch.zeros_like(t),
            prompt_bsp=steer.prompt_bsp,
            prompt_given_bs=steer.given_bs,
            cond_btd=steer.cond_btd,
            chunk=CHUNK,
            segment_bt=steer.segment_bt,
        )
        past = teacher.context(teacher.network, clean[:, :20], CHUNK)
        context = teacher.context(teacher.network, clean[:, 20:], CHUNK, past)
        last = teacher.velocity(
            teacher.network,
            noisy[:, 32:],
            context,
            steer.frames(32, 48),
            first=32,
            chunk=CHUNK,
            t_bt=t[:, 32:],
        )
    assert torch.allclose(last, whole[:, 32:], atol=1e-5)


def test_student_rollout_equals_live_streaming() -> None:
    """What the student trains on is what the instrument will do, chunk by chunk, past the window's length.

    But for the guidance by notes and gates, which is added at play.
    """
    teacher = make_teacher()
    student = make_student(teacher, 4, 8)
    steer = replace(make_steering(2, 64), given_bs=torch.ones(2, 1, dtype=torch.bool))
    steer = replace(
        steer, prompt_bsp=steer.prompt_bsp[:, :1], segment_bt=torch.zeros(2, 64, dtype=torch.long)
    )
    noise = torch.randn(2, 64, 8)
    played = play(teacher, student, steer, noise[:, :0], noise, [True] * 16, chunk=CHUNK, steps=2)
    state, live = student.init_state(2, CHUNK), []
    for k in range(16):
        span = slice(k * CHUNK, (k + 1) * CHUNK)
        now = Conditions(
            steer.prompt_bsp[:, 0], steer.given_bs[:, 0], steer.cond_btd[:, span], steer.guidance_b
        )
        with torch.no_grad():
            chunk, state = sample_student(student, noise[:, span], state, now, emphasis=1.0)
        live.append(chunk)
    assert torch.allclose(played, torch.cat(live, 1), atol=1e-3)


def test_untrained_student_is_its_teacher() -> None:
    teacher = make_teacher()
    student = make_student(teacher, 4, 8)
    steer, x = make_steering(2, 8), torch.randn(2, 8, 8)
    t = torch.full((2, 8), 0.7)
    with torch.no_grad():
        args = {"first": 0, "chunk": CHUNK, "t_bt": t}
        plain = teacher.velocity(teacher.network, x, None, steer, **args)
        mapped = teacher.velocity(student, x, None, steer, **args, dt_bt=t, guided=True)
    assert torch.equal(plain, mapped)


def test_student_starts_from_anothers_adapter(tmp_path: Path) -> None:
    teacher = make_teacher()
    one, other = (make_student(teacher, 4, 8) for _ in range(2))
    trained = {n: p for n, p in one.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for parameter in trained.values():
            parameter.normal_()
    save_adapter(tmp_path / "adapter.safetensors", adapter_tensors(trained), teacher, 4, 8)
    start_from(other, tmp_path / "adapter.safetensors")
    assert all(torch.equal(p, dict(other.named_parameters())[n]) for n, p in trained.items())
    with pytest.raises(CheckpointError, match="not one of its tensors fits"):
        start_from(torch.nn.Linear(2, 2), tmp_path / "adapter.safetensors")


def test_merged_adapter_equals_the_unmerged_student_bit_for_bit() -> None:
    teacher = make_teacher()
    student = make_student(teacher, 4, 8)
    trained = {n: p for n, p in student.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for parameter in trained.values():
            parameter.add_(0.05 * torch.randn_like(parameter))
    plain = Generator(CONFIG.generator)
    plain.load_state_dict(merged_tensors(teacher, adapter_tensors(trained), 4, 8))
    steer, x, t = make_steering(2, 8), torch.randn(2, 8, 8), torch.ones(2, 8)
    with torch.no_grad():
        args = {"first": 0, "chunk": CHUNK, "t_bt": t, "dt_bt": t, "guided": True}
        one, other = (teacher.velocity(net, x, None, steer, **args) for net in (student, plain))
    assert torch.equal(one, other)
    assert not torch.equal(one, teacher.velocity(teacher.network, x, None, steer, **args))


def test_adapter_is_refused_on_another_teacher(tmp_path: Path) -> None:
    teacher = make_teacher()
    student = make_student(teacher, 4, 8)
    trained = {n: p for n, p in student.named_parameters() if p.requires_grad}
    save_adapter(tmp_path / "adapter.safetensors", adapter_tensors(trained), teacher, 4, 8)
    tensors, rank, alpha = load_adapter(tmp_path / "adapter.safetensors", teacher)
    assert (rank, alpha) == (4, 8) and set(tensors) == set(adapter_tensors(trained))
    with pytest.raises(CheckpointError, match="belongs to teacher"):
        load_adapter(tmp_path / "adapter.safetensors", make_teacher(1))


def test_trajectories_start_at_the_noise_and_follow_their_own_history() -> None:
    teacher = make_teacher()
    student = make_student(teacher, 4, 8)
    steer, noise = make_steering(2, 16), torch.randn(2, 16, 8)
    past = torch.randn(2, 8, 8)
    rollout = roll_out(teacher, student, steer, past, noise, [True, False, True, True], chunk=CHUNK, steps=4)
    assert [t for t, _ in rollout.states] == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert torch.equal(rollout.states[0][1], noise)
    alone = play(teacher, student, steer, past, noise, [False] * 4, chunk=CHUNK, steps=4)
    # The first chunk hears the same history in both; the third hears the student's first chunk instead.
    assert torch.allclose(rollout.target_btc[:, :4], alone[:, :4], atol=1e-5)
    assert not torch.allclose(rollout.target_btc[:, 8:12], alone[:, 8:12], atol=1e-3)


def test_what_a_rollout_has_read_is_what_reading_afresh_gives() -> None:
    teacher = make_teacher()
    student = make_student(teacher, 4, 8)
    steer, noise, past = make_steering(2, 16), torch.randn(2, 16, 8), torch.randn(2, 40, 8)
    rollout = roll_out(teacher, student, steer, past, noise, [True, False, True, True], chunk=CHUNK, steps=3)
    assert rollout.first == 32 and set(rollout.pasts) == {student, teacher.network}
    whole = torch.cat([rollout.past_btc, rollout.history_btc], 1)
    with torch.no_grad():
        afresh = teacher.context(teacher.network, whole, CHUNK)
        for one, other in zip([*rollout.context.k, *rollout.context.v], [*afresh.k, *afresh.v], strict=True):
            assert torch.allclose(one, other, atol=1e-5)
        readings = [Reading(teacher, student, r) for r in (rollout, replace(rollout, pasts={}))]
        one, other = (reading.played(noise) for reading in readings)
    assert torch.allclose(one, other, atol=1e-5)
    assert torch.allclose(one[:, :4], rollout.history_btc[:, :4], atol=1e-5)  # it played that chunk itself


def test_a_student_improvises_as_the_instrument_plays_it() -> None:
    student = make_student(make_teacher(), 4, 8)
    steer, noise = make_steering(2, 16), torch.randn(2, 16, 8)
    with torch.no_grad():
        music = improvise(student, steer, noise, CHUNK, Factors(1.05, 1.1))
        state = student.init_state(2, CHUNK)
        for start in range(0, 16, CHUNK):
            span = slice(start, start + CHUNK)
            prompt = steer.prompt_bsp[torch.arange(2), steer.segment_bt[:, start]]
            given = steer.given_bs[torch.arange(2), steer.segment_bt[:, start]]
            told = Conditions(prompt, given, steer.cond_btd[:, span], steer.guidance_b)
            plain, state = sample_student(student, 1.1 * noise[:, span], state, told)
            heard = plain + 0.05 * (plain - state.mean[:, None])
            assert torch.allclose(music[:, span], heard, atol=1e-5)
            state = student.with_pending(state, heard)
    assert (student.spread, student.temperature) == (1.0, 1.0)  # as they were


def test_scripts_are_guided_most_often_as_the_instrument_is() -> None:
    rng = np.random.default_rng(0)
    weights = np.array([draw_guidance(rng, 1.0, 4.0) for _ in range(4000)])
    assert weights.min() >= 1.0 and weights.max() <= 4.0 and (weights > 3.0).mean() > 0.1
    counts, edges = np.histogram(weights, 12)
    assert edges[counts.argmax()] <= Controls().guidance <= edges[counts.argmax() + 1] + 0.25
    assert draw_guidance(rng, 1.0, 1.0) == 1.0 and 3.0 <= draw_guidance(rng, 3.0, 7.0) <= 7.0


def test_stop_flag_ends_training_with_a_model(tmp_path: Path) -> None:
    stop = StopFlag()
    stop.set()
    result = fit_teacher(CONFIG, synthetic_latents(3), tmp_path, stop=stop)
    assert not result.finished and result.model.is_file() and load_checkpoint(tmp_path / "checkpoint")
