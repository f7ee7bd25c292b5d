"""The window on the demo plan comes up without loading a slow library."""

import json
import subprocess
import sys

import pytest
from PySide6.QtCore import QCoreApplication

from tests.architecture.imports import ROOT
from tests.startup_probe import HEAVY
from tests.ui.desks import open_desk


def _modules_at_first_paint():
    command = [sys.executable, "-m", "tests.startup_probe"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_nothing_slow_is_loaded_at_first_paint():
    loaded = _modules_at_first_paint()
    assert {"PySide6.QtWidgets", "ui.main_window", "planner.services.evaluation"} <= loaded
    assert not loaded & set(HEAVY)


def test_panels_dialogs_and_rules_come_after_the_first_paint():
    late = (
        "ui.furniture",
        "ui.panels.bottom",
        "ui.panels.inspector",
        "ui.intents.",
        "ui.dialogs.",
        "planner.checking.",
    )
    assert [name for name in _modules_at_first_paint() if name.startswith(late)] == []


@pytest.mark.parametrize("demo", [True, False], ids=["plan", "no plan"])
def test_nothing_seen_moves_when_the_rest_arrives(qtbot, tmp_path, demo):
    with open_desk(qtbot, tmp_path / "data", demo=demo, library=False, furnished=False) as desk:
        window = desk.window
        assert not window.is_furnished
        parts = [window.banner, window.centre, *([window.timeline.viewport()] if demo else [])]
        at_first = [(part.mapTo(window, part.rect().topLeft()), part.size()) for part in parts]
        window.furnish()
        QCoreApplication.sendPostedEvents()
        assert [(part.mapTo(window, part.rect().topLeft()), part.size()) for part in parts] == at_first


def test_rooms_keep_their_sizes_over_a_restart(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        desk.window.rooms.set_sizes((300, 400, 222))
        sizes = desk.window.rooms.sizes()
        assert sizes == (300, 400, 222)
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        assert desk.window.rooms.sizes() == sizes
        desk.window.act("reset_layout")
        assert desk.window.rooms.sizes() != sizes
