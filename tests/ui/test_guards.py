"""The guards of the window's suite: a clean test passes, and each planted leak fails with its file and line."""

import os
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT

HEADER = """
import logging
from PySide6.QtCore import QObject, QRunnable, QThread, QThreadPool, QTimer, qWarning
from PySide6.QtWidgets import QLabel, QWidget
from tests.qt_guards import nothing_left_running  # noqa: F401
from tests.conftest import expect_log  # noqa: F401

KEPT = []

class Looping(QThread):
    def run(self):
        self.exec()

class Sleeping(QRunnable):
    def run(self):
        QThread.msleep(1500)
"""

LEAKS = {
    "thread": ("thread = Looping(); KEPT.append(thread); thread.start()", "a thread started at"),
    "pool": ("QThreadPool.globalInstance().start(Sleeping())", "a job of a pool started at"),
    "timer": ("timer = QTimer(); KEPT.append(timer); timer.start(50)", "a timer started at"),
    "shot": (
        "timer = QTimer(); KEPT.append(timer); timer.setSingleShot(True); timer.start(60000)",
        "a timer started at",
    ),
    "window": ("window = QWidget(); KEPT.append(window); window.show()", "a window (QWidget '') shown at"),
    "unseen window": ("KEPT.append(QLabel('x'))", "a window (QLabel '') never shown"),
}

CLEAN = {
    "thread": "thread = Looping(); thread.start(); thread.quit(); thread.wait()",
    "pool": "QThreadPool.globalInstance().start(Sleeping()); QThreadPool.globalInstance().waitForDone()",
    "timer": "timer = QTimer(); timer.start(50); timer.stop()",
    "window": "window = QWidget(); qtbot.addWidget(window); window.show()",
    "local": "QLabel('x').show()",
}


FAULTS = {"qt warning": "qWarning('something is wrong')"}


def _test(prefix, name, body):
    return f"def test_{prefix}_{name.replace(' ', '_')}(qtbot):\n    {body}\n"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """The closing lines of one pytest run over all planted tests, by test name."""
    file = tmp_path_factory.mktemp("planted") / "test_planted.py"
    tests = [_test("leak", name, body) for name, (body, _) in LEAKS.items()]
    tests += [_test("clean", name, body) for name, body in (CLEAN | FAULTS).items()]
    file.write_text("\n\n".join([HEADER, *tests]))
    options = ["-q", "-rA", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(file.parent), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, str(file)]
    variables = {**os.environ, "COLUMNS": "1000"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=variables)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("PASSED ", "FAILED ", "ERROR "))]
    planted = file.read_text().splitlines()
    places = {name: planted.index(f"    {body}") + 1 for name, (body, _) in LEAKS.items()}
    return {"places": places} | {
        name: [line for line in lines if f"::test_{name.replace(' ', '_')}" in line] for name in NAMES
    }


NAMES = [*(f"leak {name}" for name in LEAKS), *(f"clean {name}" for name in CLEAN | FAULTS)]


@pytest.mark.parametrize("name", LEAKS)
def test_planted_leak_is_caught(outcome, name):
    message = f"left behind: {LEAKS[name][1]}"
    errors = [line for line in outcome[f"leak {name}"] if line.startswith("ERROR") and message in line]
    assert errors, outcome
    place = f"test_planted.py:{outcome['places'][name]}"
    assert "never shown" in message or place in errors[0]


@pytest.mark.parametrize("name", CLEAN)
def test_clean_test_passes(outcome, name):
    assert [line.split()[0] for line in outcome[f"clean {name}"]] == ["PASSED"]


def test_qt_warning_fails(outcome):
    assert [line.split()[0] for line in outcome["clean qt warning"]] == ["FAILED"]
