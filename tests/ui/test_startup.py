"""The window on the demo plan comes up without loading a slow library."""

import json
import subprocess
import sys

from tests.architecture.imports import ROOT
from tests.startup_probe import HEAVY


def _modules_at_first_paint():
    command = [sys.executable, "-m", "tests.startup_probe"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_nothing_slow_is_loaded_at_first_paint():
    loaded = _modules_at_first_paint()
    assert {"PySide6.QtWidgets", "ui.main_window", "planner.services.evaluation"} <= loaded
    assert not loaded & set(HEAVY)
