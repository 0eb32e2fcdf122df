"""Attacks sharper than the synthesis window, estimated from how band energies rise from frame to frame.

A window of 40 ms smears an attack over its whole length unless the phases put it in place, which phases of
noise never do and integrated phases do in part. Take a band whose power steps from e0 to e1 at time t0: a
frame centred u after the step holds E = e0 + (e1 - e0)·S(u), S the share of the squared window after t0. Two
frames one hop apart give the ratio S(u)/S(u - hop), hence u and e1, and each frame is shaped in time to that
step before windowing. Steady sound has its step far in the past and stays as it is. Uses past frames only.

Legend: B rows, T frames (100 Hz), G bands, N samples of a window.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

STEPS = 64  # positions of an attack told apart within a window
MEMORY = 3  # earlier frames looked at
LEAST_SHARE = 0.05  # of a window's energy after the attack: bounds the rise of gain to 13 dB
RAMP = 24  # samples of an attack's own rise (0.5 ms)
SILENCE = 1e-14


def initial_energies(batch: int, bands: int, device: torch.device | None = None) -> Tensor:
    """Energies [batch, MEMORY, bands] before the first frame."""
    return torch.zeros(batch, MEMORY, bands, device=device)


def attack_gains(energy_btg: Tensor, past_bmg: Tensor, n_fft: int, hop: int) -> tuple[Tensor, Tensor]:
    """Gains [B, T, G, N] over the window of every frame, and the energies to pass with the next frames.

    Args:
        energy_btg: power of each band in each frame.
        past_bmg: what `initial_energies` or the last call returned.
        n_fft: N, samples of a window.
        hop: samples between frames.
    """
    count = energy_btg.shape[1]
    energies = torch.cat([past_bmg, energy_btg], dim=1)
    earlier = torch.stack([energies[:, i : i + count] for i in range(MEMORY)]).amin(0)
    now = energy_btg + SILENCE
    before = torch.minimum(earlier, energy_btg) + SILENCE
    rise = now - before
    rise_before = (energies[:, MEMORY - 1 : -1] - before).clamp_min(0)
    shares, log_ratios, ramps = (t.to(now.device) for t in _tables(n_fft, hop))
    log_ratio = ((rise + SILENCE) / (rise_before + 1e-3 * rise + SILENCE)).log()
    # Ratios fall as the attack recedes; the table is searched on their negatives, which rise.
    step = torch.searchsorted(-log_ratios, -log_ratio.contiguous()).clamp_max(STEPS - 1)
    after = before + rise / shares[step]
    low, high = (before / now).sqrt(), (after / now).sqrt()
    gains = low[..., None] + (high - low)[..., None] * ramps[step]
    return gains, energies[:, count:]


@lru_cache(maxsize=2)
def _tables(n_fft: int, hop: int) -> tuple[Tensor, Tensor, Tensor]:
    """Energy share after the attack [STEPS], log ratio to the frame before [STEPS], gain ramps [STEPS, N]."""
    power = np.hanning(n_fft + 1)[:-1] ** 2
    share = np.append(0.0, np.cumsum(power) / power.sum())
    centre = n_fft // 2
    # Distance of the window's centre from the attack, from half a hop before it to a whole half-window after.
    distance = np.linspace(-hop, centre, STEPS)
    after = np.interp(centre + distance, np.arange(n_fft + 1), share)
    previous = np.interp(centre + distance - hop, np.arange(n_fft + 1), share)
    ratio = np.log(after / (previous + 1e-3 * after))
    ramps = np.clip((np.arange(n_fft)[None] - (centre - distance)[:, None]) / RAMP + 0.5, 0, 1)
    tables = (np.maximum(after, LEAST_SHARE), np.minimum.accumulate(ratio), ramps)
    return tuple(torch.from_numpy(t.astype(np.float32)) for t in tables)  # type: ignore[return-value]
