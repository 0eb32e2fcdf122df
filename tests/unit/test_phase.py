"""The compiled phase integrator: what is shipped as text is what its Python says."""

import numpy as np
import pytest
import torch

from legato.models import phase, phase_kernel


def magnitudes(frames: int, bins: int) -> torch.Tensor:
    rng = np.random.default_rng(1)
    smooth = np.cumsum(0.3 * rng.standard_normal((1, frames, bins)), axis=2) - 6.0
    return torch.from_numpy(smooth + rng.standard_normal(smooth.shape)).float()


def test_the_text_and_the_python_it_was_made_from_agree_bit_for_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    logs, start = magnitudes(12, 320), phase.PhaseState.initial(1, 320)
    text = phase_kernel.TEXT.read_text()
    assert "x86" not in text and "captures" not in text  # any processor, older LLVMs
    shipped, after = phase.integrate(logs, start, n_fft=1920, hop=480)

    def refuse(_: str) -> None:
        raise RuntimeError("text of another LLVM")

    monkeypatch.setattr(phase, "_from_text", refuse)
    phase._kernel.cache_clear()
    try:
        compiled, after_too = phase.integrate(logs, start, n_fft=1920, hop=480)
    finally:
        phase._kernel.cache_clear()
    assert torch.equal(shipped, compiled)
    assert torch.equal(after.phase, after_too.phase) and torch.equal(after.slope, after_too.slope)


def test_phases_stay_within_a_turn_and_a_pure_tone_advances_by_its_frequency() -> None:
    bins = torch.arange(320)
    logs = (-0.5 * (bins - 40.0).square()).clamp_min(-12.0).expand(1, 8, -1)
    phases, _ = phase.integrate(logs, phase.PhaseState.initial(1, 320), n_fft=1920, hop=480)
    assert phases.abs().max() <= np.pi + 1e-6
    advance = (phases[0, 1:, 40] - phases[0, :-1, 40]).numpy()
    assert np.allclose(np.angle(np.exp(1j * (advance - 2 * np.pi * 480 * 40 / 1920))), 0, atol=1e-5)
