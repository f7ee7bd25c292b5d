"""The guards of every test: each planted fault makes its test fail, and a plain test passes."""

import os
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT

PLANTED = """
import logging
import socket
import warnings
from pathlib import Path

import pytest
from hypothesis import settings

from tests.conftest import expect_log, home  # noqa: F401


def test_unexpected_log():
    logging.getLogger("planner.x").warning("something odd")


def test_silent_log(expect_log):
    expect_log("never said")


def test_network():
    socket.socket(socket.AF_INET)


def test_warning():
    warnings.warn("old", DeprecationWarning)


def test_qt():
    import PySide6


@pytest.mark.xfail(reason="planted")
def test_strict_xfail():
    pass


def test_good_log(expect_log):
    expect_log("told before")
    logging.getLogger("planner.x").warning("told before")
    logging.getLogger("planner.x").info("of no weight")


def test_good_home():
    assert not list(Path.home().iterdir())


def test_good_profile():
    assert settings().max_examples == 50
"""

FAULTS = {
    "unexpected_log": "unexpected log records",
    "silent_log": "announced but never logged",
    "network": "tried to use socket",
    "warning": "DeprecationWarning",
    "qt": "must not be imported in the headless suite",
    "strict_xfail": "XPASS(strict)",
}


def _run(tmp_path_factory, *options):
    file = tmp_path_factory.mktemp("planted") / "test_planted.py"
    file.write_text(PLANTED)
    common = ["-q", "-rA", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(file.parent), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *common, *options, str(file)]
    variables = {**os.environ, "COLUMNS": "1000"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=variables)


@pytest.fixture(scope="module")
def closing_lines(tmp_path_factory):
    done = _run(tmp_path_factory, "-p", "no:pytest-qt", "-p", "tests.without_qt")
    return [line for line in done.stdout.splitlines() if line.startswith(("PASSED ", "FAILED ", "ERROR "))]


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_caught(closing_lines, name):
    mine = [line for line in closing_lines if f"::test_{name}" in line and not line.startswith("PASSED")]
    assert mine
    assert FAULTS[name] in mine[0]


@pytest.mark.parametrize("name", ["good_log", "good_home", "good_profile"])
def test_plain_test_passes(closing_lines, name):
    assert [line.split()[0] for line in closing_lines if f"::test_{name}" in line] == ["PASSED"]


def test_headless_suite_refuses_the_qt_plugin(tmp_path_factory):
    pytest.importorskip("pytestqt", reason="the Qt plugin is not installed")
    done = _run(tmp_path_factory, "-p", "tests.without_qt")
    assert done.returncode == 4
    assert "no:pytest-qt" in done.stderr
