"""Contracts of the latent model: what streams is what was trained, and context is real."""

from dataclasses import replace

import pytest
import torch

from legato import conditioning
from legato.conditioning import EMPHASISED, GROUPS, VALUES, drop
from legato.config import load_config
from legato.models.generator import Generator
from legato.models.sampling import chunk_noise, sample_student, sample_teacher
from legato.models.streaming import Conditions
from legato.nn.attention import rotary_table, rotate
from legato.nn.streaming import put_rows, take_rows

BATCH, CHANNELS = 2, 8


@pytest.fixture
def generator() -> Generator:
    torch.manual_seed(0)
    model = Generator(load_config("test").generator)
    for name, p in model.named_parameters():  # no map may be silent, or the tests would see nothing
        if p.abs().max() == 0:
            torch.nn.init.normal_(p, std=0.1)
        if "modulation" in name or "out.weight" in name:
            torch.nn.init.normal_(p, std=0.2)
    return model


def clip(chunk: int, chunks: int) -> dict[str, torch.Tensor]:
    frames = chunk * chunks
    return {
        "clean": torch.randn(BATCH, frames, CHANNELS),
        "noisy": torch.randn(BATCH, frames, CHANNELS),
        "t": torch.rand(BATCH, chunks).repeat_interleave(chunk, 1),
        "dt": torch.rand(BATCH, chunks).repeat_interleave(chunk, 1),
        "cond": torch.rand(BATCH, frames, conditioning.WIDTH),
        "prompt": torch.nn.functional.normalize(torch.randn(BATCH, 1, 384), dim=-1),
        "guidance": torch.tensor([1.0, 3.0]),
    }


def in_one_pass(model: Generator, c: dict[str, torch.Tensor], chunk: int) -> torch.Tensor:
    return model(
        c["clean"],
        c["noisy"],
        t_bt=c["t"],
        dt_bt=c["dt"],
        context_noise_bt=torch.zeros_like(c["t"]),
        prompt_bsp=c["prompt"],
        prompt_given_bs=torch.ones(BATCH, 1, dtype=torch.bool),
        cond_btd=c["cond"],
        guidance_b=c["guidance"],
        chunk=chunk,
    )


def conditions(c: dict[str, torch.Tensor], part: slice) -> Conditions:
    return Conditions(
        c["prompt"][:, 0], torch.ones(BATCH, dtype=torch.bool), c["cond"][:, part], c["guidance"]
    )


@pytest.mark.parametrize("chunk", [2, 3, 4, 8])
@torch.no_grad()
def test_chunk_by_chunk_equals_one_pass(generator: Generator, chunk: int) -> None:
    chunks = 48 // chunk  # beyond the window of 32 frames
    c = clip(chunk, chunks)
    whole = in_one_pass(generator, c, chunk)
    apart, fused = generator.init_state(BATCH, chunk), generator.init_state(BATCH, chunk)
    # Cache slots that were never written may hold anything.
    never = tuple(torch.full_like(layer, torch.nan) for layer in apart.k)
    apart, fused = (replace(s, k=never, v=never) for s in (apart, fused))
    for index in range(chunks):
        part = slice(index * chunk, (index + 1) * chunk)
        args = {"t_b": c["t"][:, part.start], "dt_b": c["dt"][:, part.start]}
        u = generator.velocity(c["noisy"][:, part], apart, conditions(c, part), **args)
        apart = generator.commit(c["clean"][:, part], apart)
        torch.testing.assert_close(u, whole[:, part], rtol=1e-4, atol=1e-5)
        u, fused = generator.step(c["noisy"][:, part], fused, conditions(c, part), **args)
        fused = generator.with_pending(fused, c["clean"][:, part])
        torch.testing.assert_close(u, whole[:, part], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("heard", "chunk"), [(1, 4), (2, 4), (6, 8)])
@torch.no_grad()
def test_after_a_chunk_cut_short_the_next_sees_what_was_heard_of_it(
    generator: Generator, heard: int, chunk: int
) -> None:
    c, apart = clip(chunk, 48 // chunk), generator.init_state(BATCH, chunk)
    fused = apart
    for index in range(48 // chunk):
        part = slice(index * chunk, (index + 1) * chunk)
        args = {"t_b": c["t"][:, part.start], "dt_b": c["dt"][:, part.start]}
        expected = generator.velocity(c["noisy"][:, part], apart, conditions(c, part), **args)
        u, fused = generator.step(c["noisy"][:, part], fused, conditions(c, part), **args)
        torch.testing.assert_close(u, expected, rtol=1e-4, atol=1e-5)
        clean = c["clean"][:, part] if index % 3 else c["clean"][:, part][:, :heard]
        apart, fused = generator.commit(clean, apart), generator.with_pending(fused, clean)


def test_no_frame_sees_the_future_or_its_own_clean_chunk(generator: Generator) -> None:
    chunk, c = 4, clip(4, 10)
    for name in ("clean", "noisy", "cond"):
        c[name].requires_grad_()
    in_one_pass(generator, c, chunk)[:, 20:24].square().sum().backward()
    seen = {name: c[name].grad.abs().sum((0, 2)) > 0 for name in ("clean", "noisy", "cond")}
    assert seen["clean"][:20].any() and not seen["clean"][20:].any()
    assert seen["noisy"].nonzero().flatten().tolist() == [20, 21, 22, 23]
    assert seen["cond"].nonzero().flatten().tolist() == [20, 21, 22, 23]


@torch.no_grad()
def test_views_of_a_clip_are_as_if_each_were_alone(generator: Generator) -> None:
    one, other = clip(4, 12), clip(4, 12)
    other |= {"clean": one["clean"], "guidance": one["guidance"]}
    apart = torch.cat([in_one_pass(generator, c, 4) for c in (one, other)], 1)
    both = {name: torch.cat([one[name], other[name]], 1) for name in ("noisy", "t", "dt", "cond", "prompt")}
    together = generator(
        one["clean"],
        both["noisy"],
        t_bt=both["t"],
        dt_bt=both["dt"],
        context_noise_bt=torch.zeros_like(one["t"]),
        prompt_bsp=both["prompt"],
        prompt_given_bs=torch.ones(BATCH, 2, dtype=torch.bool),
        cond_btd=both["cond"],
        guidance_b=one["guidance"],
        chunk=4,
        segment_bt=torch.arange(2).repeat_interleave(48).expand(BATCH, -1),
    )
    torch.testing.assert_close(together, apart, rtol=1e-4, atol=1e-5)


def play(model: Generator, c: dict[str, torch.Tensor], state, chunks: range, active=None):
    out = []
    for index in chunks:
        part = slice(index * 4, index * 4 + 4)
        x, state = sample_student(model, c["noisy"][:, part], state, conditions(c, part), active=active)
        out.append(x)
    return torch.cat(out, 1), state


@torch.no_grad()
@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("group", ["notes", "bass"])
def test_notes_and_gates_count_for_more(generator: Generator, group: str, steps: int) -> None:
    c = clip(4, 1)
    told = conditions(c, slice(0, 4))
    for name in EMPHASISED:
        drop(told.cond_bfd, name)
    assert told.beside_plain() is None
    state = generator.init_state(BATCH)
    silent, _ = sample_student(generator, c["noisy"], state, told, steps)
    place = GROUPS[group]
    told.cond_bfd[0, 1:, [place.start, VALUES + place.index]] = 1.0  # by the first player alone
    plain, _ = sample_student(generator, c["noisy"], state, told, steps, emphasis=1.0)
    guided, _ = sample_student(generator, c["noisy"], state, told, steps)
    torch.testing.assert_close(guided[1:], silent[1:], rtol=1e-4, atol=1e-5)
    away = [(x[0] - silent[0]).norm() for x in (plain, guided)]
    assert away[1] > 1.2 * away[0] > 0
    if steps == 1:  # turned, not made louder
        torch.testing.assert_close(guided[0].std(), plain[0].std(), rtol=1e-3, atol=0)


@torch.no_grad()
@pytest.mark.parametrize(("heard", "cut"), [(1, 4), (3, 4), (6, 2)])
def test_versions_of_a_chunk_are_made_side_by_side_as_each_alone(
    generator: Generator, heard: int, cut: int
) -> None:
    c = clip(4, 7)
    _, state = play(generator, c, generator.init_state(BATCH), range(heard))
    state = generator.with_pending(state, state.pending[:, :cut])
    x, told = c["noisy"][:, 24:28], conditions(c, slice(24, 28))
    both = told.beside_plain()
    assert both is not None
    apart = replace(told, cond_bfd=both.cond_bfd[:, 4:])
    times = {"t_b": torch.ones(BATCH), "dt_b": torch.ones(BATCH)}
    u, later = generator.step(x, state, both, **times)
    for version, alone in zip(u.chunk(2, 1), (told, apart), strict=True):
        expected, after = generator.step(x, state, alone, **times)
        torch.testing.assert_close(version, expected, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(later.k, after.k)


@torch.no_grad()
def test_the_spread_of_a_student_is_that_of_chunks_made_in_one_step(generator: Generator) -> None:
    c = clip(4, 4)
    _, state = play(generator, c, generator.init_state(BATCH), range(3))
    x, told = c["noisy"][:, 12:], conditions(c, slice(12, 16))
    plain = {steps: sample_student(generator, x, state, told, steps) for steps in (1, 2)}
    generator.spread = 1.25
    spread = {steps: sample_student(generator, x, state, told, steps) for steps in (1, 2)}
    mean = spread[1][1].mean[:, None]  # of what was before, the pending chunk included
    assert mean.abs().max() > 0.01
    torch.testing.assert_close(spread[1][0] - mean, 1.25 * (plain[1][0] - mean))
    assert torch.equal(spread[1][1].pending, spread[1][0])  # and it is heard so by the next
    assert torch.equal(spread[2][0], plain[2][0])


@torch.no_grad()
def test_the_temperature_of_a_student_is_that_of_the_noise_of_chunks_made_in_one_step(
    generator: Generator,
) -> None:
    c = clip(4, 4)
    _, state = play(generator, c, generator.init_state(BATCH), range(3))
    x, told = c["noisy"][:, 12:], conditions(c, slice(12, 16))
    louder, plain = (sample_student(generator, noise, state, told, 1)[0] for noise in (1.25 * x, x))
    apart = sample_student(generator, x, state, told, 2)[0]
    generator.temperature = 1.25
    assert torch.equal(sample_student(generator, x, state, told, 1)[0], louder)
    assert not torch.equal(louder, plain)
    assert torch.equal(sample_student(generator, x, state, told, 2)[0], apart)


@torch.no_grad()
def test_audio_of_two_chunks_ago_changes_the_next_chunk(generator: Generator) -> None:
    c = clip(4, 4)
    _, state = play(generator, c, generator.init_state(BATCH), range(2))
    _, later = play(generator, c, state, range(2, 3))
    _, disturbed = play(generator, c, generator.with_pending(state, state.pending + 0.5), range(2, 3))
    # Both continue from the same third chunk; only the second differed.
    disturbed = generator.with_pending(disturbed, later.pending)
    a, _ = play(generator, c, later, range(3, 4))
    b, _ = play(generator, c, disturbed, range(3, 4))
    assert (a - b).abs().max() > 1e-4


@torch.no_grad()
def test_a_new_prompt_alters_the_very_next_chunk_and_nothing_before(generator: Generator) -> None:
    c = clip(4, 6)
    a, _ = play(generator, c, generator.init_state(BATCH), range(6))
    first, state = play(generator, c, generator.init_state(BATCH), range(3))
    rest, _ = play(generator, {**c, "prompt": c["prompt"].flip(0)}, state, range(3, 6))
    assert torch.equal(first, a[:, :12])
    assert (rest[:, :4] - a[:, 12:16]).abs().amax((1, 2)).min() > 1e-4


@torch.no_grad()
def test_rows_do_not_leak_and_inactive_rows_keep_their_state(generator: Generator) -> None:
    c = clip(4, 4)
    clean, state = play(generator, c, generator.init_state(BATCH), range(2))
    poisoned = {name: x.clone() for name, x in c.items()}
    for name in ("noisy", "cond", "prompt"):
        poisoned[name][1] = torch.nan
    out, _ = play(generator, poisoned, generator.init_state(BATCH), range(2))
    torch.testing.assert_close(out[0], clean[0])
    active = torch.tensor([True, False])
    _, stepped = play(generator, c, state, range(2, 3), active=active)
    kept, before = (take_rows(s, [1]).k for s in (stepped, state))
    assert all(map(torch.equal, kept, before))
    assert torch.equal(stepped.pending[1], state.pending[1])
    assert not torch.equal(stepped.pending[0], state.pending[0])


@torch.no_grad()
def test_a_snapshot_resumes_bit_for_bit_in_another_row(generator: Generator) -> None:
    c = clip(4, 6)
    _, state = play(generator, c, generator.init_state(BATCH), range(3))
    whole, _ = play(generator, c, state, range(3, 6))
    swapped = put_rows(put_rows(state, [0], take_rows(state, [1])), [1], take_rows(state, [0]))
    again, _ = play(generator, {n: x.flip(0) for n, x in c.items()}, swapped, range(3, 6))
    torch.testing.assert_close(again.flip(0), whole, rtol=1e-5, atol=1e-6)
    repeated, _ = play(generator, c, state, range(3, 6))
    assert torch.equal(repeated, whole)


@torch.no_grad()
def test_an_untrained_flow_map_is_the_teacher(generator: Generator) -> None:
    """Interval and guidance embeddings start silent, so distillation starts from the teacher itself."""
    model = Generator(generator.config)
    c = clip(4, 1)
    state = model.init_state(BATCH)
    torch.nn.init.normal_(model.head.weight)
    with_both = model.velocity(
        c["noisy"], state, conditions(c, slice(0, 4)), t_b=c["t"][:, 0], dt_b=c["dt"][:, 0]
    )
    plain = replace(conditions(c, slice(0, 4)), guidance_b=None)
    assert torch.equal(with_both, model.velocity(c["noisy"], state, plain, t_b=c["t"][:, 0]))


@torch.no_grad()
def test_teacher_path_starts_at_the_noise_and_ends_at_the_chunk(generator: Generator) -> None:
    c = clip(4, 1)
    x, states = sample_teacher(
        generator, c["noisy"], generator.init_state(BATCH), conditions(c, slice(0, 4)), c["guidance"], steps=3
    )
    assert [round(t, 3) for t, _ in states] == [1.0, 0.667, 0.333, 0.0]
    assert torch.equal(states[0][1], c["noisy"]) and torch.equal(states[-1][1], x)


def test_chunk_noise_depends_on_seed_and_index_alone() -> None:
    assert torch.equal(chunk_noise(7, 3, 4, 8), chunk_noise(7, 3, 4, 8))
    assert not torch.equal(chunk_noise(7, 3, 4, 8), chunk_noise(7, 4, 4, 8))
    assert not torch.equal(chunk_noise(7, 3, 4, 8), chunk_noise(8, 3, 4, 8))
    assert abs(float(chunk_noise(1, 0, 500, 32).std()) - 1) < 0.02


def test_attention_after_days_of_frames_is_that_of_the_beginning() -> None:
    torch.manual_seed(0)
    q, k = torch.randn(2, 1, 1, 8, 64)
    places = torch.arange(8)
    scores = []
    for since in (0, 25 * 60 * 60 * 24 * 7):
        table = rotary_table(since + places, 32)
        scores.append(rotate(q, table) @ rotate(k, table).mT)
    torch.testing.assert_close(*scores, rtol=0, atol=1e-4)
