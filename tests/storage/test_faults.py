"""The faults of `dev.py faults` in small counts: what must not happen does not happen."""

import os
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT
from tests.faults.__main__ import bad_in, parts

SMALL = {"kill": 50, "window": 50, "power": 8, "damage": 60, "disk": 100, "writers": 400, "trail": 10, "hostile": 5}
SMALL |= {"restore": 30, "drive": 17, "syncs": 10, "fuzz": 2000, "calls": 400, "keys": 50}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the children of these tests are forks")


@pytest.mark.parametrize("name", SMALL)
def test_faults_in_small_counts(name):
    """In a process of their own, as `dev.py faults` runs them: their children are forks and inherit all there is."""
    command = [sys.executable, "-m", "tests.faults", "--only", name, "--part", str(SMALL[name])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_word_about_the_patient_is_left_anywhere(tmp_path):
    figures = parts(10)["canary"](tmp_path / "canary")
    assert bad_in(figures) == 0, figures


def test_what_must_not_be_is_counted():
    assert bad_in({"lost": 1, "edits": {"corrupt": 2}}) == 3
    assert bad_in({"edits": 10, "detected": 10, "located": 9}) == 1
    assert bad_in({"edits": 10, "located": 10, "hits": 0}) == 0
