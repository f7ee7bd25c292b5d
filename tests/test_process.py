"""A process that crashes leaves nothing of its memory behind."""

import os
import signal
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT

CRASH = """
import os, resource, signal
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
from planner.process import refuse_core_dumps
refuse_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.mark.skipif(os.name != "posix", reason="core files are a matter of Unix")
def test_child_that_crashes_leaves_no_core(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CRASH],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGSEGV
    assert done.stdout in ("0\n", "1\n")
    assert list(tmp_path.iterdir()) == []
