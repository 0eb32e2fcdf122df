"""The loops that run once a sample, compiled.

Control curves have a value every `BLOCK` samples, interpolated between. Legend: N samples, C control points,
V oscillators, W waves, T table samples, O operators.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 16
LOW, BAND, HIGH = 0, 1, 2
_BASE = 2048.0  # tables.TABLE


@njit(cache=True, fastmath=True)
def subtractive(
    out_n2: np.ndarray,
    at: int,
    tables_wt: np.ndarray,
    wave_v: np.ndarray,
    step_v: np.ndarray,
    phase_v: np.ndarray,
    pan_v2: np.ndarray,
    noise: float,
    seed: int,
    ratio_c: np.ndarray,
    filter_c: np.ndarray,
    gain_c: np.ndarray,
    damping: float,
    poles: int,
    mode: int,
    drive: float,
) -> None:
    """Add one note to a part: oscillators and noise, a state-variable filter, saturation, amplifier.

    Args:
        out_n2: the part, float32 [N, 2].
        at: its first sample to write.
        tables_wt: waves, float32 [W, T + 1].
        wave_v: which of them each oscillator reads.
        step_v: table samples per sample.
        phase_v: table sample each starts at.
        pan_v2: level of each oscillator on either side.
        noise: level of white noise before the filter, independent on both sides.
        seed: of the noise.
        ratio_c: pitch ratio.
        filter_c: tan(pi hz / rate) of the cutoff.
        gain_c: level.
        damping: 2 is no resonance, 0 would whistle.
        poles: 2 or 4.
        mode: LOW, BAND or HIGH.
        drive: 0 leaves the sound clean.
    """
    l1 = l2 = r1 = r2 = l3 = l4 = r3 = r4 = 0.0
    state = np.uint32(seed | 1)
    voices = len(step_v)
    n = at
    end = len(out_n2)
    phase = phase_v.copy()
    for c in range(len(gain_c) - 1):
        ratio, cutoff, gain = ratio_c[c], filter_c[c], gain_c[c]
        d_ratio = (ratio_c[c + 1] - ratio) / BLOCK
        d_cutoff = (filter_c[c + 1] - cutoff) / BLOCK
        d_gain = (gain_c[c + 1] - gain) / BLOCK
        for _ in range(BLOCK):
            if n >= end:
                return
            left = right = 0.0
            for v in range(voices):
                place = phase[v]
                index = int(place)
                row = wave_v[v]
                low = tables_wt[row, index]
                value = low + (place - index) * (tables_wt[row, index + 1] - low)
                left += value * pan_v2[v, 0]
                right += value * pan_v2[v, 1]
                place += step_v[v] * ratio
                if place >= _BASE:
                    place -= _BASE
                phase[v] = place
            if noise > 0.0:
                state ^= np.uint32(state << np.uint32(13))
                state ^= np.uint32(state >> np.uint32(17))
                state ^= np.uint32(state << np.uint32(5))
                left += noise * (state * 4.656612873077393e-10 - 1.0)
                state ^= np.uint32(state << np.uint32(13))
                state ^= np.uint32(state >> np.uint32(17))
                state ^= np.uint32(state << np.uint32(5))
                right += noise * (state * 4.656612873077393e-10 - 1.0)
            # Simper, "Linear trapezoidal integrated SVF" (2013).
            a1 = 1.0 / (1.0 + cutoff * (cutoff + damping))
            a2 = cutoff * a1
            a3 = cutoff * a2
            x = left - l2
            band = a1 * l1 + a2 * x
            low_out = l2 + a2 * l1 + a3 * x
            l1 = 2.0 * band - l1
            l2 = 2.0 * low_out - l2
            left = low_out if mode == 0 else (band if mode == 1 else left - damping * band - low_out)
            x = right - r2
            band = a1 * r1 + a2 * x
            low_out = r2 + a2 * r1 + a3 * x
            r1 = 2.0 * band - r1
            r2 = 2.0 * low_out - r2
            right = low_out if mode == 0 else (band if mode == 1 else right - damping * band - low_out)
            if poles == 4:
                a1 = 1.0 / (1.0 + cutoff * (cutoff + 1.6))
                a2 = cutoff * a1
                a3 = cutoff * a2
                x = left - l4
                band = a1 * l3 + a2 * x
                low_out = l4 + a2 * l3 + a3 * x
                l3 = 2.0 * band - l3
                l4 = 2.0 * low_out - l4
                left = low_out if mode == 0 else (band if mode == 1 else left - 1.6 * band - low_out)
                x = right - r4
                band = a1 * r3 + a2 * x
                low_out = r4 + a2 * r3 + a3 * x
                r3 = 2.0 * band - r3
                r4 = 2.0 * low_out - r4
                right = low_out if mode == 0 else (band if mode == 1 else right - 1.6 * band - low_out)
            if drive > 0.0:
                left = _bend(left * drive)
                right = _bend(right * drive)
            out_n2[n, 0] += left * gain
            out_n2[n, 1] += right * gain
            ratio += d_ratio
            cutoff += d_cutoff
            gain += d_gain
            n += 1


@njit(cache=True, fastmath=True, inline="always")
def _bend(x: float) -> float:
    """Close to tanh."""
    x = min(3.0, max(-3.0, x))
    return x * (27.0 + x * x) / (27.0 + 9.0 * x * x)


@njit(cache=True, fastmath=True)
def modulated(
    out_n2: np.ndarray,
    at: int,
    sine_t: np.ndarray,
    step_o: np.ndarray,
    level_oc: np.ndarray,
    target_o: np.ndarray,
    output_o2: np.ndarray,
    feedback_o: np.ndarray,
    ratio_c: np.ndarray,
) -> None:
    """Add one note of frequency modulation to a part, float32 [N, 2].

    Args:
        out_n2: the part.
        at: its first sample to write.
        sine_t: one cycle, peak 1, float32 [T + 1].
        step_o: table samples per sample of each operator.
        level_oc: envelope of each operator; of a modulator, its index in cycles.
        target_o: the earlier operator each turns; -1: it is heard.
        output_o2: level of each heard operator on either side.
        feedback_o: how much an operator turns itself, cycles.
        ratio_c: pitch ratio.
    """
    operators = len(step_o)
    phase = np.zeros(operators)
    before = np.zeros(operators)
    turn = np.zeros(operators)
    level = np.zeros(operators)
    slope = np.zeros(operators)
    n, end = at, len(out_n2)
    for c in range(len(ratio_c) - 1):
        ratio = ratio_c[c]
        for o in range(operators):
            level[o] = level_oc[o, c]
            slope[o] = (level_oc[o, c + 1] - level[o]) / BLOCK
        for _ in range(BLOCK):
            if n >= end:
                return
            left = right = 0.0
            for o in range(operators - 1, -1, -1):
                # The offset keeps the place positive: no operator turns so far back.
                place = phase[o] + (turn[o] + feedback_o[o] * before[o] + 64.0) * _BASE
                turn[o] = 0.0
                index = int(place)
                share = place - index
                index &= 2047
                low = sine_t[index]
                value = level[o] * (low + share * (sine_t[index + 1] - low))
                level[o] += slope[o]
                before[o] = value
                if target_o[o] >= 0:
                    turn[target_o[o]] += value
                else:
                    left += value * output_o2[o, 0]
                    right += value * output_o2[o, 1]
                phase[o] += step_o[o] * ratio
                if phase[o] >= _BASE:
                    phase[o] -= _BASE
            out_n2[n, 0] += left
            out_n2[n, 1] += right
            n += 1


@njit(cache=True, fastmath=True)
def plucked(
    out_n2: np.ndarray,
    at: int,
    pluck_m: np.ndarray,
    period: float,
    damping: float,
    loss: float,
    held: int,
    release: float,
    total: int,
    left: float,
    right: float,
) -> None:
    """Add one plucked string to a part, float32 [N, 2] (Karplus-Strong, tuned by an all-pass).

    Args:
        out_n2: the part, written from sample `at` on.
        at: first sample.
        pluck_m: the excitation, at most `period` samples.
        period: of the fundamental, samples.
        damping: share of the sample before in the loop filter, 0-0.5: dulls with time.
        loss: gain of one turn of the loop.
        held: samples until the string is damped.
        release: gain of one turn from then on.
        total: samples in all.
        left: level.
        right: level.
    """
    delay = period - damping
    size = int(delay - 0.2)
    fraction = delay - size
    allpass = (1.0 - fraction) / (1.0 + fraction)
    line = np.zeros(size)
    line[: min(size, len(pluck_m))] = pluck_m[: min(size, len(pluck_m))]
    before = x1 = y1 = 0.0
    place = 0
    for i in range(total):
        n = at + i
        if n >= len(out_n2):
            return
        value = line[place]
        soft = (1.0 - damping) * value + damping * before
        before = value
        soft *= loss if i < held else release
        y1 = allpass * (soft - y1) + x1
        x1 = soft
        line[place] = y1 + 1e-18
        place += 1
        if place == size:
            place = 0
        fade = min(1.0, (total - i) / 480.0)
        out_n2[n, 0] += value * left * fade
        out_n2[n, 1] += value * right * fade


@njit(cache=True, fastmath=True)
def chorus(
    in_n2: np.ndarray, taps: int, delay: float, depth: float, step: float, mix: float, begin: float
) -> np.ndarray:
    """The part with delayed copies whose pitch sways, float32 [N, 2].

    Args:
        in_n2: dry sound.
        taps: copies on either side, evenly apart in their sway.
        delay: samples, in the middle.
        depth: samples of sway, below `delay`.
        step: radians of sway per sample.
        mix: level of the copies; the dry sound keeps 1 - mix / 2.
        begin: phase of the sway, radians.
    """
    out_n2 = np.empty_like(in_n2)
    share = mix / np.sqrt(taps)
    delays = np.zeros((taps, 2))
    slopes = np.zeros((taps, 2))
    for n in range(len(in_n2)):
        if n % BLOCK == 0:
            for tap in range(taps):
                for side in range(2):
                    angle = begin + 6.283185 * tap / taps + 1.5708 * side
                    delays[tap, side] = delay + depth * np.sin(angle + step * n)
                    after = delay + depth * np.sin(angle + step * (n + BLOCK))
                    slopes[tap, side] = (after - delays[tap, side]) / BLOCK
        for side in range(2):
            wet = 0.0
            for tap in range(taps):
                place = n - delays[tap, side]
                delays[tap, side] += slopes[tap, side]
                if place >= 0.0:
                    index = int(place)
                    low = in_n2[index, side]
                    wet += low + (place - index) * (in_n2[index + 1, side] - low)
            out_n2[n, side] = (1.0 - 0.5 * mix) * in_n2[n, side] + share * wet
    return out_n2


@njit(cache=True, fastmath=True)
def formants(in_n2: np.ndarray, filter_fc: np.ndarray, level_f: np.ndarray, damping: float) -> np.ndarray:
    """The part through parallel band-passes that move, float32 [N, 2].

    Args:
        in_n2: dry sound.
        filter_fc: tan(pi hz / rate) of each formant, [F, C].
        level_f: of each formant.
        damping: width of the formants.
    """
    out_n2 = np.zeros_like(in_n2)
    for f in range(len(level_f)):
        for side in range(2):
            s1 = s2 = 0.0
            for n in range(len(in_n2)):
                c = n // BLOCK
                share = (n - c * BLOCK) / BLOCK
                cutoff = filter_fc[f, c] + share * (filter_fc[f, c + 1] - filter_fc[f, c])
                a1 = 1.0 / (1.0 + cutoff * (cutoff + damping))
                a2 = cutoff * a1
                x = in_n2[n, side] - s2
                band = a1 * s1 + a2 * x
                low = s2 + a2 * s1 + cutoff * a2 * x
                s1 = 2.0 * band - s1
                s2 = 2.0 * low - s2
                out_n2[n, side] += level_f[f] * damping * band
    return out_n2
