"""Two processes that share the batch train what one would, and either goes on with what the other began."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from contract.test_resume import CONFIG, make_bank, make_teacher
from safetensors.torch import load_file

from legato.config import ConfigError
from legato.training import parallel
from legato.training.distill import fit_student
from legato.training.loop import StopFlag

TESTS = Path(__file__).parents[1]
WORKER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
from contract.test_parallel import distil
distil(Path(sys.argv[1]), int(sys.argv[2]))
threads = [name.read_text().strip() for name in Path("/proc/self/task").glob("*/comm")]
assert not [name for name in threads if "gloo" in name], f"of the group there are left: {{threads}}"
"""


def distil(out: Path, updates: int) -> None:
    """To the end of the round in which so many updates are done."""
    settings = replace(CONFIG.distill, updates_per_rollout=3, consistency=0.5, energy=0.3, matching=0.3)
    config = replace(CONFIG, distill=replace(settings, fake_updates=1))
    stop = StopFlag()
    if updates == 0:
        stop.set()

    def progress(done: int, total: int, figures: dict[str, float]) -> None:
        if done == updates and parallel.rank() == 0:  # told to one, it stops all
            stop.set()

    with parallel.joined("cpu") as device:
        fit_student(config, make_teacher(), make_bank(), out, device, None, progress, stop)


def distil_by_two(out: Path, updates: int) -> None:
    """In two processes, told of each other as `accelerate launch` and `torchrun` do."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1])}
    command = [sys.executable, "-c", WORKER, str(out), str(updates)]
    started = []
    for rank in ("0", "1"):
        place = {"WORLD_SIZE": "2", "RANK": rank, "LOCAL_RANK": rank, "OMP_NUM_THREADS": "1"}
        environment = os.environ | meeting | place
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))
    ends = [(process, process.communicate()[1]) for process in started]
    for process, errors in ends:
        assert process.returncode == 0, errors


def checkpoint(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "checkpoint" / "tensors.safetensors")


def gradients(run: Path) -> torch.Tensor:
    """Their running means, which the optimiser keeps."""
    return torch.cat([x.flatten() for name, x in checkpoint(run).items() if name.endswith(".exp_avg")])


def weights(run: Path) -> torch.Tensor:
    return torch.cat([x.flatten() for name, x in checkpoint(run).items() if name.startswith("model.")])


def apart(one: torch.Tensor, other: torch.Tensor, size: torch.Tensor) -> float:
    return float((one - other).norm() / size.norm())


def test_two_processes_equal_one_and_share_its_checkpoints(tmp_path: Path) -> None:
    start, half, one = tmp_path / "start", tmp_path / "half", tmp_path / "one"
    distil(start, 0)
    distil(half, 3)
    shutil.copytree(half, one)
    distil(one, 6)
    two, joined, left = tmp_path / "two", tmp_path / "joined", tmp_path / "left"
    distil_by_two(two, 3)
    shutil.copytree(two, left)
    shutil.copytree(half, joined)
    distil(left, 6)  # two began, one went on
    distil_by_two(joined, 6)  # one began, two went on
    assert checkpoint(two)["extra.history"].shape[0] == CONFIG.distill.batch  # the rows of both
    for run, alone in ((two, half), (left, one), (joined, one)):
        assert apart(gradients(run), gradients(alone), gradients(alone)) < 0.01, run.name
        # Some gradients are zero but for rounding, of which Adam makes full steps; they change nothing else.
        moved = weights(alone) - weights(start)
        assert apart(weights(run), weights(alone), moved) < 0.2, run.name
        assert checkpoint(run).keys() == checkpoint(alone).keys()
        logs = [(folder / "log.jsonl").read_text().count("\n") for folder in (run, alone)]
        assert logs[0] == logs[1]


def test_alone_nothing_is_shared() -> None:
    x = torch.randn(3, 2)
    assert parallel.count() == 1 and parallel.rank() == 0 and parallel.share_of(7) == 7
    assert torch.equal(parallel.gathered(x), x) and torch.equal(parallel.own_rows(x), x)
    assert float(parallel.norm(x)) == pytest.approx(float(x.norm()), rel=1e-6)
    with parallel.joined("cuda", {}) as device:
        assert device == "cuda"


def test_a_batch_that_cannot_be_shared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "count", lambda: 4)
    assert parallel.share_of(12) == 3
    with pytest.raises(ConfigError, match=r"distill\.batch is 6; 4 processes need a multiple of 4"):
        parallel.share_of(6)
