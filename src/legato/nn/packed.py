"""Linear layers for a few rows on a CPU, such as the frames of one chunk.

With so few rows a product takes as long as its weights take to arrive from memory, and general matrix
libraries take longer still. Here weights lie as bfloat16 in the order they are used in; sums are float32. A
row's result does not depend on the rows beside it.

Legend: M rows, K inputs, N outputs, P panels of 16 outputs.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import llvmlite.binding as llvm
import torch
from torch import nn

MOST_ROWS = 64  # above, weights are read once for many rows, and a matrix library does better
LANES = 16  # outputs of a panel
TILES = (6, 4, 2, 1)  # rows computed together; the sums of six and a panel's weights just fit the registers
NAME = "packed_linear"
_FLOATS, _WORDS, _HALVES = (f"<{LANES} x {kind}>" for kind in ("float", "i32", "i16"))
_SIXTEEN = f"<{', '.join(['i32 16'] * LANES)}>"


class PackedLinear(nn.Linear):
    """A linear layer with its weights a second time, packed; the same parameters, for use without gradients.

    Float32 on a CPU and few rows take the packed weights, which do not follow later changes of the others.

    Args:
        layer: whose parameters it takes; its outputs are a multiple of 16, and it has a bias.
    """

    panels: torch.Tensor

    def __init__(self, layer: nn.Linear) -> None:
        nn.Module.__init__(self)
        self.in_features, self.out_features = layer.in_features, layer.out_features
        self.weight, self.bias = layer.weight, layer.bias
        panels_plk = layer.weight.detach().bfloat16().unflatten(0, (-1, LANES))
        self.register_buffer("panels", panels_plk.mT.contiguous(), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[..., K] to [..., N]."""
        rows = x.numel() // self.in_features
        plain = x.is_cpu and x.dtype == torch.float32
        if rows > MOST_ROWS or torch.is_grad_enabled() or not plain:
            return super().forward(x)
        x = x.contiguous()
        y = x.new_empty(*x.shape[:-1], self.out_features)
        sizes = rows, self.in_features, self.out_features // LANES
        _kernel()(y.data_ptr(), x.data_ptr(), self.panels.data_ptr(), self.bias.data_ptr(), *sizes)
        return y


def pack(module: nn.Module) -> None:
    """Replace every large linear layer inside `module`, which is to be played on a CPU, by a packed one."""
    for parent in list(module.modules()):
        for name, layer in list(parent.named_children()):
            if type(layer) is nn.Linear and _is_worth_it(layer):
                setattr(parent, name, PackedLinear(layer))


def _is_worth_it(layer: nn.Linear) -> bool:
    large = layer.weight.numel() >= 2**16 and layer.weight.dtype == torch.float32
    return large and layer.out_features % LANES == 0 and layer.bias is not None


@cache
def _kernel() -> Callable[..., None]:
    """The compiled product, called as (y, x, panels, bias, M, K, P) with addresses; it lets go of the GIL."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    try:
        features = llvm.get_host_cpu_features().flatten()
    except RuntimeError:  # not known of this processor
        features = ""
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, jit=True
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(_program()), machine)
    engine.finalize_object()
    kind = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4, *[ctypes.c_int64] * 3)
    function = kind(engine.get_function_address(NAME))

    def call(*arguments: int, code: llvm.ExecutionEngine = engine) -> None:  # the engine owns the code
        function(*arguments)

    return call


def _program() -> str:
    """LLVM text: for every panel, rows in the largest tiles that are left of them."""
    names = ["panel", *(f"rows{count}" for count in TILES), "next"]
    loops = [_rows(count, names[at], names[at + 2]) for at, count in enumerate(TILES)]
    return f"""
define void @{NAME}(ptr noalias %y, ptr noalias %x, ptr noalias %w, ptr noalias %b, i64 %m, i64 %k, i64 %p) {{
entry:
  %n = mul i64 %p, {LANES}
  %size = mul i64 %k, {LANES}
  br label %panel
panel:
  %at = phi i64 [ 0, %entry ], [ %at1, %next ]
  %start = mul i64 %at, %size
  %panel.w = getelementptr i16, ptr %w, i64 %start
  %column = mul i64 %at, {LANES}
  %panel.b = getelementptr float, ptr %b, i64 %column
  %panel.y = getelementptr float, ptr %y, i64 %column
  %bias = load {_FLOATS}, ptr %panel.b, align 4
  br label %{names[1]}
{"".join(loops)}
next:
  %at1 = add i64 %at, 1
  %more = icmp slt i64 %at1, %p
  br i1 %more, label %panel, label %exit
exit:
  ret void
}}
declare {_FLOATS} @llvm.fmuladd.v{LANES}f32({_FLOATS}, {_FLOATS}, {_FLOATS})
"""


def _rows(count: int, before: str, after: str) -> str:
    """A loop over `count` rows at a time as long as so many are left, between two other blocks.

    Names that begin with a dot are the loop's own; `#` stands for each row of the tile.
    """

    def each(lines: str) -> str:
        return "".join(lines.replace("#", str(row)) for row in range(count))

    done = "0" if before == "panel" else f"%{before}.m"
    text = f"""
rows{count}:
  %.m = phi i64 [ {done}, %{before} ], [ %.m1, %.store ]
  %.m1 = add i64 %.m, {count}
  %.fits = icmp sle i64 %.m1, %m
  br i1 %.fits, label %.begin, label %{after}
.begin:{
        each('''
  %.row# = add i64 %.m, #
  %.x.at# = mul i64 %.row#, %k
  %.x# = getelementptr float, ptr %x, i64 %.x.at#''')
    }
  br label %.sum
.sum:
  %.i = phi i64 [ 0, %.begin ], [ %.i1, %.sum ]{
        each(f'''
  %.y# = phi {_FLOATS} [ %bias, %.begin ], [ %.more#, %.sum ]''')
    }
  %.w.at = mul i64 %.i, {LANES}
  %.w.place = getelementptr i16, ptr %panel.w, i64 %.w.at
  %.w.half = load {_HALVES}, ptr %.w.place, align 2
  %.w.wide = zext {_HALVES} %.w.half to {_WORDS}
  %.w.bits = shl {_WORDS} %.w.wide, {_SIXTEEN}
  %.w = bitcast {_WORDS} %.w.bits to {_FLOATS}{
        each(f'''
  %.x.place# = getelementptr float, ptr %.x#, i64 %.i
  %.x.one# = load float, ptr %.x.place#, align 4
  %.x.first# = insertelement {_FLOATS} poison, float %.x.one#, i64 0
  %.x.all# = shufflevector {_FLOATS} %.x.first#, {_FLOATS} poison, {_WORDS} zeroinitializer
  %.more# = call {_FLOATS} @llvm.fmuladd.v{LANES}f32({_FLOATS} %.w, {_FLOATS} %.x.all#, {_FLOATS} %.y#)''')
    }
  %.i1 = add i64 %.i, 1
  %.left = icmp slt i64 %.i1, %k
  br i1 %.left, label %.sum, label %.store
.store:{
        each(f'''
  %.y.at# = mul i64 %.row#, %n
  %.y.place# = getelementptr float, ptr %panel.y, i64 %.y.at#
  store {_FLOATS} %.more#, ptr %.y.place#, align 4''')
    }
  br label %rows{count}
"""
    return text.replace("%.", f"%rows{count}.").replace("\n.", f"\nrows{count}.")
