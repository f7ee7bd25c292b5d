"""planner runs where Qt is not installed, and its command line starts without the slow libraries."""

import subprocess
import sys

from tests.architecture.imports import ROOT, read_modules

SLOW = ("pandas", "numpy", "reportlab", "ortools", "PySide6", "pydantic", "argon2")
PROOF = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import MODULE
print(*[name for name in {SLOW!r} if name in sys.modules])
"""


def _loaded_by(module):
    proof = PROOF.replace("MODULE", module)
    done = subprocess.run([sys.executable, "-c", proof], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.split()


def test_command_line_starts_light():
    assert _loaded_by("planner.cli.main") == []


def test_proof_sees_a_slow_library():
    assert "pydantic" in _loaded_by("pydantic")


def test_planner_needs_no_window():
    names = sorted(name for name in read_modules() if name.split(".")[0] == "planner" and not name.endswith("__main__"))
    script = f"import sys, importlib; sys.path.insert(0, {str(ROOT)!r}); sys.modules['PySide6'] = None\n"
    script += f"for name in {names!r}: importlib.import_module(name)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
