"""The arms of the ablation, one a line; `ablation.py` trains and measures them."""

from __future__ import annotations

from dataclasses import dataclass

BASE = "full"  # what other arms are compared with


@dataclass(frozen=True)
class Arm:
    """One row of the table.

    Attributes:
        what: it shows.
        changes: overrides of the preset's `distill` group, "a=b c=d".
        run: the arm whose student it plays; "" its own, "teacher" none.
        steps: of the flow map, or of the teacher's solver.
        apart: whether chunks are decoded each from a fresh start.
    """

    what: str
    changes: str = ""
    run: str = ""
    steps: int = 1
    apart: bool = False


MUSICAL = "latent_spectral=0 temporal=0 decoded_spectral=0 variation=0"
PAPER = (
    "audio_context=false on_trajectory=false at_noise=0.125 distance=mean_square self_rollout=0 late_share=0 "
    "consistency=0 flow_map=0 latent_spectral=1 temporal=1 decoded_spectral=0 variation=0"
)
ARMS = {
    # the teacher
    "teacher-again": Arm("the teacher with other noise: what chance does to each figure", "", "teacher", 16),
    "teacher-1": Arm("the teacher in one Euler step", "", "teacher"),
    # the default and its quality dial
    "full": Arm("the default of the preset"),
    "two-steps": Arm("its flow map in two jumps", run="full", steps=2),
    "four-steps": Arm("in four", run="full", steps=4),
    "decoded-apart": Arm("its chunks decoded apart", run="full", apart=True),
    # terms of the loss: added one by one, taken away one by one
    "latent": Arm("no music-aware term", MUSICAL),
    "latent-spectral": Arm("with the latent spectral term", "temporal=0 decoded_spectral=0 variation=0"),
    "decoded-spectral": Arm("and the decoded spectral term", "temporal=0 variation=0"),
    "no-endpoint": Arm("without its endpoint term", "endpoint=0"),
    "consistency": Arm("with the consistency term", "consistency=0.5"),
    "no-flow-map": Arm("without its flow map term", "flow_map=0"),
    "no-latent-spectral": Arm("without its latent spectral term", "latent_spectral=0"),
    "no-temporal": Arm("without its temporal term", "temporal=0"),
    "no-decoded-spectral": Arm("without its decoded spectral term", "decoded_spectral=0"),
    "no-variation": Arm("without its variation term: the other three music-aware ones", "variation=0"),
    "mean-square": Arm("mean square for pseudo-Huber", "distance=mean_square"),
    # history
    "no-audio-cache": Arm("chunks deaf to those before", "audio_context=false"),
    "own-0": Arm("p = 0 until the late stretch (default 0.8)", "self_rollout=0"),
    "own-1": Arm("p = 1", "self_rollout=1"),
    "teacher-only": Arm("the teacher's history to the end", "self_rollout=0 late_share=0"),
    # states, chunks, adapters
    "any-t": Arm("pure noise at any t", "on_trajectory=false at_noise=0.125"),
    "euler": Arm("trajectories by Euler's method", "solver=euler"),
    "chunk-2": Arm("F = 2", "chunk=2"),
    "chunk-8": Arm("F = 8", "chunk=8"),
    "rank-8": Arm("rank 8", "rank=8 alpha=16"),
    "rank-32": Arm("rank 32", "rank=32 alpha=64"),
    "rank-64": Arm("rank 64", "rank=64 alpha=128"),
    "rank-full": Arm("no adapters: matrices trained in full", "rank=0"),
    # remedies against blur
    "energy": Arm("with the energy score", "energy=0.5"),
    "matching": Arm("with distribution matching", "matching=0.5"),
    "adversary": Arm("with the adversary", "adversary=0.1"),
    # the choices of arXiv 2606.24307
    "paper": Arm("the paper's choices, chunks decoded apart", PAPER, apart=True),
    "paper-streamed": Arm("the same student, one streaming decoder", run="paper"),
}
