"""The start does without typing_extensions; whoever wants it later still gets it."""

import subprocess
import sys

from tests.architecture.imports import ROOT

SCRIPT = """
import sys
from ui.app import _load_structs
_load_structs()
assert "msgspec" in sys.modules and "typing_extensions" not in sys.modules
import typing_extensions
from planner.model.plan import Plan
import msgspec
assert msgspec.json.decode(b"[1]") == [1]
assert msgspec.inspect.type_info(int).ge is None
print(len(Plan.__struct_fields__) > 3)
"""


def test_msgspec_loads_without_typing_extensions():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
