"""A start that waits for little: no library before it is needed, and torch without what compilers need."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from legato.serving.lean import LATER, defer

defer()
import legato
import torch

next(legato.load().stream("warm lo-fi beat"))
print("torch._decomp" in sys.modules, hasattr(sys.modules[LATER], "__file__"))
torch._meta_registrations.meta_mm
with torch.device("meta"):
    print(torch.nn.Conv1d(2, 3, 3)(torch.empty(1, 2, 8)).shape[-1], sys.modules[LATER].__file__[-3:])
"""


def test_what_compilers_need_is_loaded_when_it_is_asked_for():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["False False", "6 .py"], done.stderr


def test_a_torch_that_is_there_stays_as_it_is():
    program = (
        "import torch; from legato.serving.lean import defer; defer(); torch._meta_registrations.meta_mm"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_server_is_there_before_the_libraries_that_take_long():
    program = "import sys, legato.serving.app; print({'scipy', 'torch', 'onnxruntime'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
