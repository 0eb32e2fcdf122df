"""Remedies against one-step blur: known answers on Gaussians, and what they do to two teachers' students."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from legato import conditioning
from legato.config import DistillConfig, OptimConfig, Solver, load_config
from legato.models.generator import Generator
from legato.teachers import NativeTeacher, Steering, Teacher
from legato.training.adapters import adapter_tensors, computing, make_student, merged_tensors
from legato.training.adversary import Head, relativistic, steepness
from legato.training.energy import energy_score
from legato.training.loop import adamw, rng_for
from legato.training.matching import flow_matching, matching_gradient, surrogate
from legato.training.reading import Reading
from legato.training.remedies import Remedies
from legato.training.rollout import Rollout, roll_out
from legato.training.supervision import student_loss

CONFIG = load_config("test")
CHUNK = 4
ALONE = {"endpoint": 0, "consistency": 0, "flow_map": 0, "latent_spectral": 0, "temporal": 0}


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def gaussian_velocity(x: torch.Tensor, t: torch.Tensor, mean: float, std: float) -> torch.Tensor:
    """E[ε - z | x_t] for z ~ N(mean, std²): the exact velocity of a Gaussian."""
    signal = (1 - t) * std**2 / ((1 - t) ** 2 * std**2 + t**2)
    clean = mean + signal * (x - (1 - t) * mean)
    return (x - clean) / t


# ---- energy score ----------------------------------------------------------------------------------------


def test_energy_score_is_zero_where_all_is_equal_and_has_a_gradient_there() -> None:
    z = normal(2, 3, 4, 5).requires_grad_()
    score = energy_score(z, z, z.detach())
    score.backward()
    assert float(score.detach()) == 0.0
    assert z.grad is not None and bool(torch.isfinite(z.grad).all())


def test_energy_score_of_gaussians_is_the_closed_form_and_least_at_the_truth() -> None:
    one, other, target = normal(3, 1, 400_000, 1, 1).unbind(0)

    def expected(std: float, mean: float) -> float:
        return float(energy_score(mean + std * one, mean + std * other, target))

    for std in (0.0, 0.5, 1.0, 2.0):  # E|a| = sd sqrt(2 / pi) of centred Gaussians
        closed = math.sqrt(2 * (1 + std**2) / math.pi) - std / math.sqrt(math.pi)
        assert expected(std, 0.0) == pytest.approx(closed, abs=5e-3)
    truth = expected(1.0, 0.0)
    others = [expected(*to) for to in ((0.0, 0.0), (0.8, 0.0), (1.25, 0.0), (1.0, 0.2), (1.0, -0.2))]
    assert all(score > truth for score in others)


# ---- distribution matching -------------------------------------------------------------------------------


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (0.7, 1.0), (0.0, 0.3)])
def test_matching_gradient_is_that_of_gaussian_scores(mean: float, std: float) -> None:
    """Nothing at the teacher's distribution; elsewhere towards its mean and its spread."""
    count, t = 50_000, torch.tensor(0.5)
    noise = normal(count, seed=1)
    x = mean + std * noise
    noisy = (1 - t) * x + t * normal(count, seed=2)
    real, fake = (noisy - t * gaussian_velocity(noisy, t, *to) for to in ((0.0, 1.0), (mean, std)))
    gradient = matching_gradient(x[None, None, :, None], real[None, None, :, None], fake[None, None, :, None])
    gradient = gradient.flatten() * (x - real).abs().mean()  # without the normalisation
    if (mean, std) == (0.0, 1.0):
        assert float(gradient.abs().max()) < 1e-5
    elif std == 1.0:
        shift = mean * t**2 / ((1 - t) ** 2 + t**2)
        assert float(gradient.mean()) == pytest.approx(float(shift), rel=0.02)
    else:  # descending makes the spread grow: the derivative by std is negative
        assert float((gradient * noise).mean()) < -0.05


def test_surrogate_has_the_gradient_it_is_given() -> None:
    x, wanted = normal(2, 3).requires_grad_(), normal(2, 3, seed=1)
    loss = surrogate(x, wanted)
    loss.backward()
    assert x.grad is not None and torch.allclose(x.grad, wanted / 6, atol=1e-6)
    assert float(loss.detach()) == pytest.approx(float(wanted.square().mean()) / 2, rel=1e-5)


def test_flow_matching_is_least_at_the_true_velocity() -> None:
    t, noise = torch.tensor(0.4), normal(100_000, seed=1)
    clean = 0.5 + 0.6 * normal(100_000, seed=2)
    x = (1 - t) * clean + t * noise
    right, wrong = (
        float(flow_matching(gaussian_velocity(x, t, *to), clean, noise)) for to in ((0.5, 0.6), (0.5, 1.0))
    )
    assert right < wrong - 0.01


# ---- adversary -------------------------------------------------------------------------------------------


def test_relativistic_loss_is_symmetric() -> None:
    real, played = normal(2, 3), normal(2, 3, seed=1).requires_grad_()
    equal = relativistic(real, real)
    assert float(equal) == pytest.approx(math.log(2))
    (head,) = torch.autograd.grad(relativistic(real, played), played)
    (student,) = torch.autograd.grad(relativistic(played, real), played)
    # softplus(-d) and softplus(d): their slopes add up to one in size, and pull in opposite directions.
    assert torch.allclose(head - student, torch.full_like(head, 1 / 6), atol=1e-6)
    assert bool((head > 0).all() and (student < 0).all())
    both = relativistic(real, played) + relativistic(played, real)
    assert float(both.detach()) >= 2 * math.log(2) - 1e-6


def test_steepness_is_the_squared_gradient_of_a_linear_score() -> None:
    slope, sigma = normal(20), 0.1
    x, noise = normal(200_000, 20, seed=1), normal(200_000, 20, seed=2)
    found = steepness(x @ slope, (x + sigma * noise) @ slope, sigma)
    assert float(found) == pytest.approx(float(slope.square().sum()), rel=0.02)


def test_head_scores_chunks_apart() -> None:
    torch.manual_seed(0)
    head, features = Head(6), normal(2, 12, 6)
    changed = features.clone()
    changed[:, 4:8] += 1.0
    before, after = head(features, CHUNK), head(changed, CHUNK)
    assert before.shape == (2, 3)
    assert torch.equal(before[:, [0, 2]], after[:, [0, 2]]) and not torch.equal(before[:, 1], after[:, 1])


# ---- a teacher whose distribution is known ---------------------------------------------------------------


class GaussianNetwork(nn.Module):
    """The exact velocity of N(0.5, 0.6²), and what a student may add to it."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(3, 32)
        self.head = nn.Linear(32, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x: torch.Tensor, t: torch.Tensor, dt: torch.Tensor) -> torch.Tensor:
        added = self.head(torch.nn.functional.silu(self.inner(torch.cat([x, t, dt], -1))))
        return gaussian_velocity(x, t, 0.5, 0.6) + added


class GaussianTeacher:
    """A teacher of the protocol that is no transformer, hears nothing, and is known in closed form."""

    channels, prompt_dim, window, feature_size = 1, 8, 0, 2
    fingerprint = "gaussian"
    adapted, embeddings = ("inner.weight",), ("head.",)
    decode_features = None

    def __init__(self) -> None:
        self.network: nn.Module = GaussianNetwork().requires_grad_(False)

    def context(self, network, clean_btc, chunk, past=None):
        return None

    def recent(self, context, frames):
        return None

    def velocity(self, network, x_btc, context, steering, *, first, chunk, t_bt, dt_bt=None, guided=False):
        dt_bt = torch.zeros_like(t_bt) if dt_bt is None else dt_bt
        return network(x_btc, t_bt[..., None], dt_bt[..., None])

    def features(self, x_btc, context, steering, *, first, chunk, t_bt):
        return torch.cat([x_btc, x_btc.square()], -1)


def plain_steering(batch: int, frames: int, prompt_dim: int, width: int) -> Steering:
    return Steering(
        prompt_bsp=torch.nn.functional.normalize(normal(batch, 1, prompt_dim), dim=-1),
        given_bs=torch.ones(batch, 1, dtype=torch.bool),
        segment_bt=torch.zeros(batch, frames, dtype=torch.long),
        cond_btd=torch.zeros(batch, frames, width),
        guidance_b=torch.full((batch,), 2.0),
    )


def settings_with(**weights: float) -> DistillConfig:
    return replace(CONFIG.distill, **(ALONE | weights), optim=OptimConfig(lr=0.01, warmup=1, clip=10.0))


@pytest.mark.parametrize(
    ("remedy", "updates", "lr"), [("energy", 60, 0.02), ("matching", 80, 0.005), ("adversary", 120, 0.02)]
)
def test_each_remedy_gives_a_blurred_student_its_teachers_spread(
    remedy: str, updates: int, lr: float
) -> None:
    """One Euler step of this teacher gives its mean whatever the noise: blur in its purest form."""
    torch.manual_seed(0)
    teacher: Teacher = GaussianTeacher()
    settings = settings_with(**{remedy: 1.0})
    student = make_student(teacher, 4, 8)
    remedies = Remedies(teacher, settings, "cpu", {})
    optimizer = adamw(student, replace(settings.optim, lr=lr))
    steer = plain_steering(64, 2, 8, 1)
    past = torch.zeros(64, 0, 1)

    def rollout(step: int) -> Rollout:
        noise = normal(64, 2, 1, seed=step)
        return roll_out(teacher, student, steer, past, noise, [True, True], chunk=1, steps=8)

    def spread() -> float:
        reading = Reading(teacher, student, rollout(10_000))
        with torch.no_grad():
            return float(reading.played(normal(64, 2, 1, seed=10_001)).std())

    assert spread() < 0.01
    now = rollout(0)
    for step in range(updates):
        now = rollout(step) if step % 3 == 0 else now
        remedies.learn(student, now, rng_for(1, step, 3), 0.02)
        loss, figures = remedies.loss(Reading(teacher, student, now), rng_for(1, step, 4))
        assert set(figures) == {remedy}
        optimizer.zero_grad()
        loss.backward()  # type: ignore[union-attr]
        optimizer.step()
    assert spread() == pytest.approx(float(rollout(10_000).target_btc.std()), rel=0.3)


class GaussianFlow(nn.Module):
    """The exact flow map of that teacher: where its trajectories lead, from any time to any other."""

    def forward(self, x: torch.Tensor, t: torch.Tensor, dt: torch.Tensor) -> torch.Tensor:
        r = t - dt
        spread = [((1 - time).square() * 0.6**2 + time.square()).sqrt() for time in (t, r)]
        there = (1 - r) * 0.5 + spread[1] / spread[0] * (x - (1 - t) * 0.5)
        return (x - there) / dt.clamp_min(1e-6)


def gaussian_rollout(steps: int, solver: Solver) -> Rollout:
    teacher: Teacher = GaussianTeacher()
    steer, past, noise = plain_steering(64, 4, 8, 1), torch.zeros(64, 0, 1), normal(64, 4, 1)
    student = GaussianFlow()
    return roll_out(teacher, student, steer, past, noise, [True] * 2, chunk=2, steps=steps, solver=solver)


def test_adams_comes_nearer_in_few_steps_than_euler_in_many() -> None:
    def off(steps: int, solver: Solver) -> float:
        rollout = gaussian_rollout(steps, solver)
        return float((rollout.target_btc - (0.5 + 0.6 * rollout.noise_btc)).abs().mean())

    assert off(6, "adams") < 0.7 * off(16, "euler") < 0.7 * off(6, "euler")


def test_an_exact_flow_map_meets_every_demand() -> None:
    rollout, settings = gaussian_rollout(64, "adams"), settings_with(consistency=1, flow_map=1, variation=1)
    student = Reading(GaussianTeacher(), GaussianFlow(), rollout)
    for jumps in (0.0, 0.5, 1.0):
        loss, figures = student_loss(student, replace(settings, jumps=jumps, endpoint=1.0), rng_for(0))
        assert set(figures) == {"endpoint", "consistency", "flow_map", "variation", "error"}
        assert float(loss) < 2e-3
    wrong = Reading(GaussianTeacher(), GaussianNetwork(), rollout)  # the velocity here, not the way there
    for jumps, missed, met in ((0.0, "endpoint", "flow_map"), (1.0, "flow_map", "endpoint")):
        _, figures = student_loss(wrong, replace(settings, jumps=jumps), rng_for(0))
        assert figures[missed] > 0.02 and figures[met] == 0.0


# ---- the native teacher ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def native() -> NativeTeacher:
    torch.manual_seed(0)
    generator = Generator(CONFIG.generator)
    nn.init.normal_(generator.head.weight, std=0.3)
    return NativeTeacher(generator)


def native_rollout(teacher: NativeTeacher, student: nn.Module, past_frames: int = 8) -> Rollout:
    steer = plain_steering(2, 16, 384, conditioning.WIDTH)
    past, noise = normal(2, past_frames, 8, seed=1), normal(2, 16, 8, seed=2)
    return roll_out(teacher, student, steer, past, noise, [True, False, True, True], chunk=CHUNK, steps=3)


@pytest.mark.parametrize("remedy", ["energy", "adversary"])
def test_student_of_the_native_teacher_gets_better_at_a_remedy(native: NativeTeacher, remedy: str) -> None:
    settings = settings_with(**{remedy: 1.0})
    student = make_student(native, 4, 8)
    rollout = native_rollout(native, student)
    remedies = Remedies(native, settings, "cpu", {})
    optimizer = adamw(student, settings.optim)
    losses = []
    for _ in range(8):
        with computing("cpu", student):
            loss, _ = remedies.loss(Reading(native, student, rollout), rng_for(0))
        loss.backward()  # type: ignore[union-attr]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))  # type: ignore[union-attr]
    assert losses[-1] < losses[0]


def test_networks_beside_the_student_learn_and_come_back_from_a_checkpoint(native: NativeTeacher) -> None:
    settings = settings_with(matching=1.0, adversary=1.0)
    student = make_student(native, 4, 8)
    with torch.no_grad():  # a student that is not its teacher: there is something to tell apart
        for parameter in student.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    rollout = native_rollout(native, student)
    remedies = Remedies(native, settings, "cpu", {})
    figures = [remedies.learn(student, rollout, rng_for(0), 0.01) for _ in range(6)]
    assert all(figures[-1][name] < figures[0][name] for name in ("fake", "head"))
    kept = {name: tensor.clone() for name, tensor in remedies.tensors().items()}
    again = Remedies(native, settings, "cpu", kept)
    for one in (remedies, again):  # training goes on from a checkpoint with a rollout that nobody has read
        one.learn(student, replace(rollout, pasts={}), rng_for(1), 0.01)
    before, after = remedies.tensors(), again.tensors()
    assert before.keys() == after.keys() and all(torch.equal(before[n], after[n]) for n in before)


def test_no_remedy_costs_and_changes_nothing(native: NativeTeacher) -> None:
    student = make_student(native, 4, 8)
    rollout = native_rollout(native, student)
    remedies = Remedies(native, CONFIG.distill, "cpu", {})
    assert remedies.learn(student, rollout, rng_for(0), 0.01) == {} and remedies.tensors() == {}
    assert remedies.loss(Reading(native, student, rollout), rng_for(0)) == (0, {})


def test_features_follow_input_and_history_of_the_frozen_network(native: NativeTeacher) -> None:
    rollout = native_rollout(native, native.network)
    x = normal(2, 16, 8, seed=3).requires_grad_()
    place = {"first": rollout.first, "chunk": CHUNK, "t_bt": torch.full((2, 16), 0.5)}
    features = native.features(x, rollout.context, rollout.steering, **place)
    assert features.shape == (2, 16, native.feature_size)
    features[:, 4:8].sum().backward()
    reached = x.grad.abs().sum((0, 2)) > 0  # type: ignore[union-attr]
    assert reached.tolist() == [4 <= frame < 8 for frame in range(16)]  # a chunk sees no other noisy chunk
    other = native.context(native.network, normal(2, 24, 8, seed=4), CHUNK)
    assert not torch.allclose(features, native.features(x, other, rollout.steering, **place))


# ---- switches of the ablations ---------------------------------------------------------------------------


def test_a_deaf_teacher_and_its_student_make_every_chunk_alone(native: NativeTeacher) -> None:
    deaf = NativeTeacher(native.network, hears=False)  # type: ignore[arg-type]
    student = make_student(deaf, 4, 8)
    one, other = (native_rollout(deaf, student, frames) for frames in (0, 8))
    assert torch.allclose(one.target_btc, other.target_btc, atol=1e-5)
    assert torch.allclose(one.history_btc, other.history_btc, atol=1e-5)
    hearing = native_rollout(native, student)
    assert not torch.allclose(hearing.target_btc, other.target_btc, atol=1e-3)
    loss, _ = student_loss(Reading(deaf, student, other), CONFIG.distill, rng_for(0))
    loss.backward()
    assert bool(torch.isfinite(loss.detach()))


def test_off_trajectory_the_student_is_shown_the_noise_alone(native: NativeTeacher) -> None:
    """With p = ε at any time, moving the states between noise and endpoint changes nothing."""
    student = make_student(native, 4, 8)
    rollout = native_rollout(native, student)
    moved = [(t, x + 1.0 if 0 < t < 1 else x) for t, x in rollout.states]
    settings = replace(CONFIG.distill, consistency=0.0, flow_map=0.0)
    for on_trajectory in (True, False):
        chosen = replace(settings, on_trajectory=on_trajectory, distance="mean_square")
        with torch.no_grad():
            losses = [
                float(student_loss(Reading(native, student, which), chosen, rng_for(0))[0])
                for which in (rollout, replace(rollout, states=moved))
            ]
        assert (losses[0] == losses[1]) == (not on_trajectory)


def test_rank_0_trains_the_matrices_in_full(native: NativeTeacher) -> None:
    student = make_student(native, 0, 64)
    trained = {n: p for n, p in student.named_parameters() if p.requires_grad}
    assert set(native.adapted) <= set(trained)
    with torch.no_grad():
        for parameter in trained.values():
            parameter.add_(1.0)
    merged = merged_tensors(native, adapter_tensors(trained), 0, 64)
    own = student.state_dict()
    assert all(torch.equal(merged[name], own[name]) for name in own)


def test_every_draw_depends_on_its_seed_alone(native: NativeTeacher) -> None:
    settings = settings_with(energy=1.0, matching=1.0, adversary=1.0)
    student = make_student(native, 4, 8)
    rollout = native_rollout(native, student)
    torch.manual_seed(5)
    remedies = Remedies(native, settings, "cpu", {})
    values = [remedies.loss(Reading(native, student, rollout), rng_for(seed))[1] for seed in (0, 0, 1)]
    assert values[0] == values[1]
    assert all(values[0][name] != values[2][name] for name in ("energy", "matching", "adversary"))
    assert all(np.isfinite(list(value.values())).all() for value in values)
