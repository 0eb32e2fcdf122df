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
"""


def distil(out: Path, updates: int) -> None:
    """With every term and remedy on, to the end of the round in which so many updates are done."""
    settings = replace(CONFIG.distill, energy=0.3, matching=0.3, adversary=0.1, fake_updates=1)
    config = replace(CONFIG, distill=replace(settings, consistency=0.5, variation=0.1))
    stop = StopFlag()

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


def test_two_processes_equal_one_and_share_its_checkpoints(tmp_path: Path) -> None:
    distil(tmp_path / "one", 6)
    distil_by_two(tmp_path / "two", 3)
    shutil.copytree(tmp_path / "two", tmp_path / "mixed")
    distil_by_two(tmp_path / "two", 6)
    distil(tmp_path / "mixed", 6)
    one, two, mixed = (
        load_file(tmp_path / name / "checkpoint" / "tensors.safetensors") for name in ("one", "two", "mixed")
    )
    assert one.keys() == two.keys() == mixed.keys()
    for name, value in one.items():
        for other in (two, mixed):
            assert torch.allclose(other[name], value, rtol=1e-3, atol=1e-5), name
    logs = [(tmp_path / name / "log.jsonl").read_text().count("\n") for name in ("one", "two", "mixed")]
    assert len(set(logs)) == 1


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
