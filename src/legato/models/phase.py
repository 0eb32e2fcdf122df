"""Phase from magnitudes, frame by frame: real-time phase gradient heap integration.

Průša & Søndergaard, "Real-time spectrogram inversion using phase gradient heap integration", DAFx 2016.
No look-ahead: the time derivative is a backward difference. Bins too weak to matter get random phases drawn
from (frame index, bin). Bins above the integrated ones take the phases of a looped noise recording: unlike
phases drawn anew for every frame, its neighbouring frames agree, and overlap-add loses no power.

The loop over bins is compiled: see `phase_kernel.py`.

Legend: B rows, T analysis frames, K integrated bins.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import torch
from torch import Tensor

from legato.models.stft import spectrum

QUIET = -14.0  # ln magnitude of the frames before the first
NOISE_FRAMES = 400  # of the noise recording: it repeats after 4 s
ARGUMENTS = [ctypes.c_void_p] * 5 + [ctypes.c_int64] * 5 + [ctypes.c_void_p] * 2  # of the compiled integrator


@dataclass(frozen=True)
class PhaseState:
    """What integration remembers, one row per stream.

    Attributes:
        logs: float64 [B, 2, K], log magnitudes of the last two frames, older first.
        slope: float64 [B, K], phase advance per hop at the last frame, radians.
        phase: float64 [B, K], phases of the last frame, radians.
        frame: int64 [B], index of the next frame.
    """

    logs: Tensor
    slope: Tensor
    phase: Tensor
    frame: Tensor

    @classmethod
    def initial(cls, batch: int, bins: int) -> PhaseState:
        """The state before the first frame: silence, phase zero. Always on the CPU."""
        return cls(
            torch.full((batch, 2, bins), QUIET, dtype=torch.float64),
            torch.zeros(batch, bins, dtype=torch.float64),
            torch.zeros(batch, bins, dtype=torch.float64),
            torch.zeros(batch, dtype=torch.int64),
        )


def integrate(logs_btk: Tensor, state: PhaseState, *, n_fft: int, hop: int) -> tuple[Tensor, PhaseState]:
    """Phases [B, T, K] (float32 radians, window-centred) of log magnitudes [B, T, K], and the next state.

    `state` is not changed.
    """
    batch, count, bins = logs_btk.shape
    # A row with a bad value must neither stall the heap nor disturb the other rows.
    finite = torch.nan_to_num(logs_btk.detach().double().cpu(), nan=QUIET, posinf=QUIET, neginf=QUIET)
    logs = finite.contiguous().numpy()
    after = PhaseState(_copy(state.logs), _copy(state.slope), _copy(state.phase), state.frame + count)
    past, slope, phase = after.logs.numpy(), after.slope.numpy(), after.phase.numpy()
    phases = np.empty((batch, count, bins))
    for row in range(batch):
        first = int(state.frame[row])
        _integrate_row(logs[row], past[row], slope[row], phase[row], first, phases[row], n_fft, hop)
    return torch.from_numpy(phases.astype(np.float32)), after


def _copy(state: Tensor) -> Tensor:
    return state.clone(memory_format=torch.contiguous_format)


def noise_carrier(frame_b: Tensor, count: int, first_bin: int, n_fft: int, hop: int) -> Tensor:
    """Unit spectra [B, count, K - first_bin], of the noise recording from frame `frame_b` [B] on."""
    index = (frame_b[:, None] + torch.arange(count)) % NOISE_FRAMES
    return _noise_spectra(first_bin, n_fft, hop)[index]


@lru_cache(maxsize=4)
def _noise_spectra(first_bin: int, n_fft: int, hop: int) -> Tensor:
    """[NOISE_FRAMES, K - first_bin]; computed once, in blocks of fixed shape."""
    samples = np.random.default_rng(2016).standard_normal(NOISE_FRAMES * hop).astype(np.float32)
    ends = -(-n_fft // hop) * hop
    looped = np.concatenate([samples[-ends:], samples, samples[:ends]])
    spectra = spectrum(torch.from_numpy(looped)[None], n_fft, hop)[0, ends // hop :][
        :NOISE_FRAMES, first_bin:
    ]
    return spectra / spectra.abs().clamp_min(1e-12)


def _integrate_row(
    logs_tk: np.ndarray,
    past: np.ndarray,
    slope: np.ndarray,
    phase: np.ndarray,
    first: int,
    out_tk: np.ndarray,
    n_fft: int,
    hop: int,
) -> None:
    """Fills `out_tk` and updates `past` [2, K], `slope` [K] and `phase` [K] in place; all float64."""
    count, width = logs_tk.shape
    arrays = (logs_tk, past, slope, phase, out_tk)
    if not all(array.flags.c_contiguous and array.dtype == np.float64 for array in arrays):
        raise ValueError("phase integration takes contiguous float64 arrays")
    floats, ints = np.empty(4 * width + 4), np.empty(3 * width + 4, np.int64)
    sizes = (count, width, first, n_fft, hop)
    _kernel()(*(array.ctypes.data for array in arrays), *sizes, floats.ctypes.data, ints.ctypes.data)


@lru_cache(maxsize=1)
def _kernel() -> Callable[..., None]:
    """The compiled integrator: from its LLVM text, or by numba where that is of another LLVM."""
    try:
        return _from_text(Path(__file__).with_name("phase_kernel.ll").read_text())
    except RuntimeError:
        from legato.models.phase_kernel import integrate_row

        return ctypes.CFUNCTYPE(None, *ARGUMENTS)(int(integrate_row.address))  # type: ignore[arg-type]


def _from_text(text: str) -> Callable[..., None]:
    """The function `integrate_row` of an LLVM module.

    Raises:
        RuntimeError: the installed LLVM does not read the text.
    """
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(opt=3, jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(text), machine)
    engine.finalize_object()
    kind = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *ARGUMENTS)
    function = kind(engine.get_function_address("integrate_row"))

    def call(*arguments: int, code: llvm.ExecutionEngine = engine) -> None:  # the engine owns the code
        result = ctypes.c_void_p()  # where numba's calling convention would put one
        function(ctypes.addressof(result), None, *arguments)

    return call
