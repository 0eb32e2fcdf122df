"""Open models as teachers: what they teach, what a student learns, what it leaves behind, what is refused."""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from teachers.conftest import CHUNK, WINDOW, Opened, normal

from legato.cli.app import main
from legato.config import Config, load_config
from legato.models.adapters import merge
from legato.teachers.chunks import chunk_velocity
from legato.teachers.instrument import ADAPTER, is_instrument, load_student, read_record
from legato.teachers.loading import open_source
from legato.teachers.outpainting import OpenTeacher
from legato.teachers.playable import Fields, TeacherError
from legato.teachers.registry import FAMILIES, family_of, parse_teacher
from legato.teachers.tiny import write_tiny
from legato.training.adapters import adapter_tensors, make_student
from legato.training.checkpoint import CheckpointError
from legato.training.loop import rng_for
from legato.training.memory import plan_memory
from legato.training.open_models import Teller, distill_open, open_model, own_settings
from legato.training.prompt_scripts import Line, default_prompts, read_prompts, with_random_fields
from legato.training.reading import Reading
from legato.training.rollout import roll_out
from legato.training.supervision import student_loss

LINES = [Line("slow piano"), Line("fast rock drums", Fields(bpm=140)), Line("warm jazz")]
SMALL = [
    "distill.batch=2",
    "distill.chunks_per_rollout=3",
    "distill.updates_per_rollout=2",
    "distill.teacher_steps=3",
    "distill.rank=4",
    "distill.alpha=8",
    "distill.late_chunks=3",
    f"distill.chunk={CHUNK}",
    "distill.context_seconds=0.4",
    "distill.ahead_seconds=0.2",
    "distill.optim={lr: 3.0e-3, steps: 4, warmup: 1, ema: 0.5}",
]


def config_for(opened: Opened, *more: str) -> Config:
    return load_config("open", [*own_settings(opened.source), *SMALL, *more])


# ---- the teacher -----------------------------------------------------------------------------------------


def test_teacher_continues_what_it_heard(opened: Opened) -> None:
    """Its chunks depend on history, prompt and noise alone; states run from noise to the end."""
    teacher, frames = opened.teacher(), 2 * CHUNK
    steering, noise, past = opened.steering(2, frames), normal(2, frames, 8), normal(2, CHUNK, 8, seed=1)

    def end(history: torch.Tensor, **changes: Any) -> torch.Tensor:
        context = teacher.context(teacher.network, history, CHUNK)
        steered = replace(steering, **changes)
        states = teacher.solve(noise, context, steered, first=CHUNK, chunk=CHUNK, steps=3)
        assert [t for t, _ in states][::3] == [1.0, 0.0] and torch.equal(states[0][1], noise)
        return states[-1][1]

    history = torch.cat([past, normal(2, frames, 8, seed=2)], 1)
    one = end(history)
    assert torch.equal(one, end(history))
    other = history.clone()
    other[:, :CHUNK] += 0.5
    assert float((end(other) - one).abs().max()) > 1e-3
    later = history.clone()
    later[:, 2 * CHUNK :] += 0.5  # what comes after the second chunk began
    assert torch.equal(end(later), one)
    assert not torch.equal(end(history, guidance_b=torch.full((2,), 4.0)), one)


def test_teacher_without_history_is_the_models_own_pipeline(opened: Opened) -> None:
    """The same latents as text-to-music of diffusers, where its sampler is a plain Euler one too."""
    from diffusers.schedulers import FlowMatchEulerDiscreteScheduler

    name, teacher = opened.source.family.name, opened.teacher()
    if name == "stable-audio":
        pytest.skip("a multistep sampler; its parametrisation is checked on the network itself")
    frames = WINDOW + CHUNK + teacher.ahead
    (prompt,) = opened.text.encode(["slow piano"], [Fields(seconds=frames / 25)])
    steering = replace(opened.steering(1, CHUNK, guidance=1.0, prompts=1), prompts=prompt)
    noise = normal(1, CHUNK, 8)
    ours = teacher.solve(noise, None, steering, first=0, chunk=CHUNK, steps=3)[-1][1]
    canvas = torch.cat([noise, teacher._noise(frames, noise)[:, CHUNK:]], 1)
    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0)
    if name == "ace-step":
        pipeline: Any = opened.text.pipeline  # type: ignore[attr-defined]
        pipeline.register_modules(scheduler=scheduler)
        asked = {"lyrics": "[Instrumental]", "audio_duration": frames / 25, "guidance_scale": 1.0}
        theirs = pipeline("slow piano", num_inference_steps=3, latents=canvas, output_type="latent", **asked)
        assert torch.allclose(ours, theirs.audios[:, :CHUNK], atol=1e-4)
        return
    from diffusers.pipelines.stable_audio_3.pipeline_stable_audio_3_inpaint import StableAudio3InpaintPipeline

    parts = opened.text.pipeline.components  # type: ignore[attr-defined]
    vae: Any = opened.source.family.vae(opened.source)
    pipeline = StableAudio3InpaintPipeline(**{**parts, "vae": vae, "scheduler": scheduler})
    pipeline.set_progress_bar_config(disable=True)
    rate, samples = opened.source.family.sound(opened.source)
    (prompt,) = opened.text.encode(["slow piano"], [Fields(seconds=frames * samples / rate)])
    steering = replace(steering, prompts=prompt)
    ours = teacher.solve(noise, None, steering, first=0, chunk=CHUNK, steps=3)[-1][1]
    theirs = pipeline(
        "slow piano",
        duration=frames * samples / rate,
        audio=torch.zeros(1, 2, frames * samples),
        mask=torch.zeros(1, 1, frames),
        num_inference_steps=3,
        latents=canvas.mT,
        output_type="latent",
    )
    assert torch.allclose(ours, theirs.audios.mT[:, :CHUNK], atol=1e-4)


def test_guidance_of_one_is_no_guidance(opened: Opened) -> None:
    teacher, steering = opened.teacher(), opened.steering(1, CHUNK, guidance=1.0)
    noise = normal(1, CHUNK, 8)
    plain = teacher.solve(noise, None, steering, first=0, chunk=CHUNK, steps=2)[-1][1]
    nearly = replace(steering, guidance_b=torch.full((1,), 1.0 + 1e-6))
    guided = teacher.solve(noise, None, nearly, first=0, chunk=CHUNK, steps=2)[-1][1]
    assert torch.allclose(plain, guided, atol=1e-4)


def test_features_are_of_every_frame_and_have_a_gradient(opened: Opened) -> None:
    teacher, x = opened.teacher(), normal(2, 2 * CHUNK, 8).requires_grad_()
    context = teacher.context(teacher.network, normal(2, 2 * CHUNK, 8, seed=1), CHUNK)
    steering, t_bt = opened.steering(2, 2 * CHUNK), torch.full((2, 2 * CHUNK), 0.5)
    features = teacher.features(x, context, steering, first=0, chunk=CHUNK, t_bt=t_bt)
    assert features.shape == (2, 2 * CHUNK, teacher.feature_size)
    features.sum().backward()
    assert x.grad is not None and float(x.grad.abs().sum()) > 0


def test_decoded_losses_hear_through_the_autoencoder(opened: Opened) -> None:
    vae = opened.source.family.vae(opened.source)
    teacher = OpenTeacher(opened.source, opened.network, WINDOW, 4, vae)
    assert teacher.decode_features is not None
    z = normal(1, 3, 8).requires_grad_()
    logs = teacher.decode_features(z)["logs"]
    assert logs.shape[:2] == (1, 12) and bool(torch.isfinite(logs).all())
    logs.mean().backward()
    assert z.grad is not None and bool(torch.isfinite(z.grad).all())


# ---- the student -----------------------------------------------------------------------------------------


def test_untrained_student_shares_the_base_and_answers_like_it(opened: Opened) -> None:
    teacher = opened.teacher()
    student = make_student(teacher, rank=4, alpha=8)
    trained = {n for n, p in student.named_parameters() if p.requires_grad}
    assert trained and all(".lora_" in n or n.startswith(("interval.", "guidance.")) for n in trained)
    shared = {p.data_ptr() for p in teacher.network.parameters()}
    assert all(p.data_ptr() in shared for n, p in student.named_parameters() if n not in trained)
    assert not any(p.requires_grad for p in teacher.network.parameters())
    steering, x = opened.steering(2, 2 * CHUNK), normal(2, 2 * CHUNK, 8)
    t = torch.full(x.shape[:2], 0.7)
    with torch.no_grad():
        at = {"first": 0, "chunk": CHUNK, "t_bt": t}
        ours = teacher.velocity(student, x, None, steering, dt_bt=t, guided=True, **at)
        theirs = chunk_velocity(opened.network, x, None, steering, window=WINDOW, **at)
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_merged_weights_are_the_adapter(opened: Opened) -> None:
    teacher = opened.teacher()
    student = make_student(teacher, rank=4, alpha=8)
    with torch.no_grad():
        for name, parameter in student.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(0.1 * normal(*parameter.shape, seed=len(name)))
    adapter = adapter_tensors({n: p for n, p in student.named_parameters() if p.requires_grad})
    plain = make_student(teacher, rank=0, alpha=1)
    plain.load_state_dict(merge(teacher.network.state_dict(), adapter, rank=4, alpha=8))
    steering, x = opened.steering(2, 2 * CHUNK), normal(2, 2 * CHUNK, 8)
    t, z = torch.full(x.shape[:2], 0.7), normal(2, 2 * CHUNK, 8, seed=4)
    with torch.no_grad():
        one, other = (
            teacher.velocity(
                network, x, teacher.context(network, z, CHUNK), steering,
                first=0, chunk=CHUNK, t_bt=t, dt_bt=t, guided=True,
            )
            for network in (student, plain)
        )  # fmt: skip
        untouched = teacher.velocity(
            teacher.network, x, teacher.context(teacher.network, z, CHUNK), steering,
            first=0, chunk=CHUNK, t_bt=t,
        )  # fmt: skip
    assert float((one - other).abs().max()) < 1e-4
    assert float((one - untouched).abs().max()) > 1e-2


def test_distilling_brings_the_student_to_the_teachers_endpoint(opened: Opened) -> None:
    teacher, config = opened.teacher(), config_for(opened).distill
    torch.manual_seed(0)
    student = make_student(teacher, rank=8, alpha=16)
    steering, noise = opened.steering(2, 3 * CHUNK), normal(2, 3 * CHUNK, 8)
    past = normal(2, 0, 8)
    rollout = roll_out(teacher, student, steering, past, noise, [False] * 3, chunk=CHUNK, steps=3)
    optimizer = torch.optim.AdamW([p for p in student.parameters() if p.requires_grad], lr=1e-2)
    losses = []
    for _ in range(12):
        loss, _ = student_loss(Reading(teacher, student, rollout), config, rng_for(1, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]


# ---- from a model's name to an instrument ----------------------------------------------------------------


@pytest.fixture(scope="module")
def instrument(opened: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Distilled to its end."""
    out = tmp_path_factory.mktemp("instrument")
    said: list[str] = []
    told: list[tuple[int, int]] = []
    teller = Teller(said.append, lambda *done: told.append(done))
    result = distill_open(config_for(opened), opened.source, LINES, out, teller=teller)
    assert result.finished and result.steps == 4 and result.model == out / ADAPTER
    assert "memory on cpu" in said[0] and any("text encoders" in line for line in said)
    assert told[-1] == (len(LINES), len(LINES))
    return out


@pytest.fixture(scope="module")
def student(instrument: Path) -> Any:
    return load_student(instrument)


def only(opened: Opened, family: str) -> None:
    """What has nothing to do with the network is tried on one family."""
    if opened.source.family.name != family:
        pytest.skip(f"tried on {family}")


def test_stopped_and_continued_is_the_same_instrument(
    opened: Opened, instrument: Path, tmp_path: Path
) -> None:
    only(opened, "stable-audio")

    def interrupt(done: int, total: int, figures: dict[str, float]) -> None:
        signal.raise_signal(signal.SIGTERM)

    stopped = distill_open(
        config_for(opened), opened.source, LINES, tmp_path, teller=Teller(str, training=interrupt)
    )
    assert not stopped.finished and 0 < stopped.steps < 4
    assert read_record(tmp_path).steps == stopped.steps  # what there is can be played already
    finished = distill_open(config_for(opened), opened.source, LINES, tmp_path, teller=Teller(str))
    assert finished.finished and finished.steps == 4
    one, other = load_file(instrument / ADAPTER), load_file(finished.model)
    assert one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_instrument_is_small_and_names_its_base(opened: Opened, instrument: Path) -> None:
    record, tensors = read_record(instrument), load_file(instrument / ADAPTER)
    assert record.family == opened.source.family.name and record.steps == 4
    assert record.fingerprint == opened.teacher().fingerprint
    assert record.base == str(opened.source.folder) and record.chunk % opened.network.patch == 0
    assert all(name.endswith((".lora_a", ".lora_b")) or "." in name for name in tensors)
    ends = (".lora_a", ".lora_b")
    assert not any(name.startswith("transformer.") and not name.endswith(ends) for name in tensors)


def test_instrument_plays_endlessly_under_changing_prompts(student: Any) -> None:
    assert student.window % student.chunk == 0 and student.frame_rate > 5
    shape = (2, student.chunk, student.channels)
    state, one = student.init_state(2), student.encode_prompts(["slow piano", "rock"], Fields(bpm=90))
    guidance = torch.tensor([1.0, student.guidance[1]])
    for index in range(2 + student.window // student.chunk):
        z, state = student.step(normal(*shape, seed=index), one, guidance, 1, state)
        assert z.shape == shape and bool(torch.isfinite(z).all())
    rows = student.split(state)
    again = student.join(rows)
    assert torch.equal(again.k, state.k) and torch.equal(again.pending, state.pending)
    noise = normal(*shape, seed=99)
    switched = student.join(student.split(one)[::-1])
    here, there = (student.step(noise, said, guidance, 2, again)[0] for said in (one, switched))
    assert float((here - there).abs().max()) > 1e-4
    sound = student.vae.decode(here.mT).sample
    assert sound.shape == (2, 2, student.chunk * student.frame_samples)


def test_half_precision_plays_nearly_the_same(instrument: Path, student: Any) -> None:
    """What a GPU computes with; the types of every part must agree."""
    played = []
    for one in (student, load_student(instrument, dtype=torch.bfloat16)):
        state, said = one.init_state(1), one.encode_prompts(["slow piano"])
        for seed in range(2):
            noise = normal(1, one.chunk, one.channels, seed=seed)
            z, state = one.step(noise, said, torch.ones(1), 1, state)
        played.append(z.float())
    one, other = played
    assert float((one - other).norm() / one.norm()) < 0.1


def test_blend_of_one_prompt_is_that_prompt(student: Any) -> None:
    noise, state = normal(1, student.chunk, student.channels), student.init_state(1)

    def play(said: Any) -> torch.Tensor:
        return student.step(noise, said, torch.ones(1), 1, state)[0]

    alone = play(student.encode_prompts(["slow piano"]))
    assert torch.allclose(play(student.blend({"slow piano": 3.0})), alone, atol=1e-5)
    almost = play(student.blend({"slow piano": 1.0, "rock drums": 1e-7}))
    assert torch.allclose(almost, alone, atol=1e-3)
    assert float((play(student.blend({"slow piano": 1.0, "rock drums": 1.0})) - alone).abs().max()) > 1e-4
    with pytest.raises(ValueError, match="above 0"):
        student.blend({"slow piano": 0.0})


def test_instrument_refuses_another_base_and_chunks_it_cannot_make(
    opened: Opened, instrument: Path, student: Any, tmp_path: Path
) -> None:
    other = write_tiny(opened.source.family.name, tmp_path / "other", seed=7)
    with pytest.raises(TeacherError, match=r"is not the base of .* was trained on"):
        load_student(instrument, base=str(other))
    with pytest.raises(TeacherError, match="makes chunks of a multiple"):
        student.init_state(1, 10_000)


def test_plan_counts_what_there_is(opened: Opened) -> None:
    settings = config_for(opened).distill
    plan = plan_memory(opened.source, settings)
    student = make_student(opened.teacher(), settings.rank, settings.alpha)
    assert plan.trained == sum(p.numel() for p in student.parameters() if p.requires_grad)
    weights = sum(p.numel() for p in opened.network.transformer.parameters())
    assert plan.parameters == pytest.approx(weights, rel=0.01)  # a few buffers count too
    assert plan.total >= plan.base + plan.optimizer and plan.lines("cpu")[-1].endswith("most at once")


def test_run_of_another_rank_is_not_continued(opened: Opened, instrument: Path, tmp_path: Path) -> None:
    only(opened, "stable-audio")
    copy = shutil.copytree(instrument, tmp_path / "copy")
    with pytest.raises(CheckpointError, match="another rank"):
        distill_open(config_for(opened, "distill.rank=2"), opened.source, LINES, copy, teller=Teller(str))


def test_one_command_distils(
    opened: Opened, tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only(opened, "stable-audio")
    prompts, out = tmp_path / "prompts.txt", tmp_path / "mine"
    prompts.write_text("slow piano\nrock drums | seconds=20\n")
    settings = [part for item in SMALL for part in ("--set", item)]

    def legato(*arguments: str) -> tuple[Any, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["distill", *arguments])
        return ended.value.code, *capsys.readouterr()

    name = f"stable-audio:{tiny_folder}"
    command = ("--teacher", name, "--prompts", str(prompts), "--out", str(out), *settings)
    code, told, _ = legato(*command, "--seconds-total", "30")
    assert code == 0 and told.strip().endswith(str(out / ADAPTER)) and is_instrument(out)
    assert read_record(out).seconds == 30
    words, empty = tmp_path / "words.txt", tmp_path / "empty.txt"
    words.write_text("la la la\n"), empty.write_text("\n")  # type: ignore[func-returns-value]
    for arguments, complaint in (
        (["--teacher", "musicgen:a/b", "--out", str(out)], "choose ace-step"),
        (["--teacher", name], "--out is missing"),
        (["--teacher", name, "--codec", str(out), "--out", str(out)], "brings its own"),
        (["--prompts", str(prompts)], "for open models"),
        (["--seconds-total", "30"], "for open models"),
        ([*command, "--lyrics", str(words)], "take no lyrics; they take seconds"),
        ([*command, "--lyrics", str(empty)], "holds no words"),
        ([*command, "--lyrics", str(tmp_path)], "cannot read the lyrics"),
    ):
        code, _, complained = legato(*arguments)
        assert code == 2 and complaint in complained


# ---- what is refused -------------------------------------------------------------------------------------


def test_names_of_teachers() -> None:
    assert parse_teacher("stable-audio-3:a/b")[1] == "a/b"
    with pytest.raises(TeacherError, match="choose ace-step, stable-audio, stable-audio-3"):
        parse_teacher("musicgen:a/b")
    with pytest.raises(TeacherError, match="names no model"):
        parse_teacher("ace-step:")


def test_models_that_cannot_be_loaded_are_refused_in_one_sentence(
    opened: Opened, tiny_folder: Path, tmp_path: Path
) -> None:
    name = opened.source.family.name
    wrong = next(other for other in FAMILIES if other != name)
    with pytest.raises(TeacherError, match=r"is a .*Pipeline; the family"):
        open_model(f"{wrong}:{tiny_folder}", "cpu")
    with pytest.raises(TeacherError, match="name a folder, or a hub id"):
        open_model(f"{name}:{tmp_path / 'nowhere'}", "cpu")
    with pytest.raises(TeacherError, match=r"no readable model_index\.json"):
        open_model(f"{name}:{tmp_path}", "cpu")
    copy = shutil.copytree(tiny_folder, tmp_path / "copy")
    (weights,) = (copy / "transformer").glob("*.safetensors")
    tensors = load_file(weights)
    first = next(key for key in tensors if "blocks" in key or "layers" in key)
    save_file({key: value for key, value in tensors.items() if key != first}, weights)
    with pytest.raises(TeacherError, match=r"transformer of .* (does not fit|cannot be loaded)"):
        source = open_source(family_of(name), str(copy))
        source.family.transformer(source)
    weights.write_bytes(b"no such thing")
    with pytest.raises(TeacherError, match="no readable safetensors"):
        open_model(f"{name}:{copy}", "cpu")
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(TeacherError, match="pickled"):
        open_model(f"{name}:{copy}", "cpu")


def test_weights_stored_at_two_precisions_count_once(
    opened: Opened, tiny_folder: Path, tmp_path: Path
) -> None:
    only(opened, "stable-audio")
    copy = shutil.copytree(tiny_folder, tmp_path / "copy")
    (weights,) = (copy / "transformer").glob("*.safetensors")
    shutil.copyfile(weights, weights.with_name(f"{weights.stem}.fp16.safetensors"))
    source = open_source(opened.source.family, str(copy))
    assert list(source.shapes("transformer")) == list(opened.source.shapes("transformer"))


def test_chunks_that_cut_a_token_are_refused(opened: Opened, tmp_path: Path) -> None:
    if opened.network.patch == 1:
        pytest.skip("a frame is a token here")
    with pytest.raises(TeacherError, match="multiple of 2"):
        distill_open(config_for(opened, "distill.chunk=3"), opened.source, LINES, tmp_path)


# ---- prompts ---------------------------------------------------------------------------------------------


def test_prompts_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "prompts.txt"
    path.write_text("# mine\n\nslow piano\nwarm trio | bpm=84 | key=C minor\n")
    assert read_prompts(path) == [Line("slow piano"), Line("warm trio", Fields(bpm=84, key="C minor"))]
    for text, complaint in (
        ("# none\n", "no prompts"),
        ("a | tempo=3", "bpm, key"),
        ("a | bpm=x", "no number"),
    ):
        path.write_text(text)
        with pytest.raises(TeacherError, match=complaint):
            read_prompts(path)
    with pytest.raises(TeacherError, match="cannot read"):
        read_prompts(tmp_path / "none.txt")


def test_some_prompts_get_a_tempo_and_a_key_where_the_model_takes_them() -> None:
    lines = default_prompts()
    given = with_random_fields(lines, ("bpm", "key"), seed=1)
    share = sum(line.fields.bpm is not None for line in given) / len(given)
    assert 0.3 < share < 0.5 and given == with_random_fields(lines, ("bpm", "key"), seed=1)
    assert with_random_fields(lines, ("seconds",), seed=1) == lines
