"""Starting: no display, a wrong word, a broken store; and the first paint that ends a measured start."""

import gc
import os
import shutil
import subprocess
import sys

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from tests.architecture.imports import ROOT
from tests.ui.desks import nudge, open_desk
from ui.app import main


def _start(*words, **variables):
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, "-m", "ui.app", *words]
    return subprocess.run(
        command, env={**kept, **variables}, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_one_sentence_and_2(tmp_path):
    done = _start("--data", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == "regimap: there is no display here; use the command line, see regimap --help\n"
    assert list(tmp_path.iterdir()) == []


def test_measured_start_ends_at_the_first_paint(tmp_path):
    done = _start("--demo", "--data", str(tmp_path), QT_QPA_PLATFORM="offscreen", PLANNER_EXIT_AFTER_FIRST_PAINT="1")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_unknown_word_is_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--no-such-option"])
    assert stop.value.code == 2
    assert "--no-such-option" in capsys.readouterr().err


def test_without_qt_one_sentence_and_3(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delitem(sys.modules, "ui.desk", raising=False)
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    assert main(["--data", str(tmp_path)]) == 3
    assert capsys.readouterr().err.startswith("regimap: the window cannot be opened here (")
    assert gc.isenabled()


def test_damaged_store_is_told_and_3(qapp, tmp_path, capsys):
    (tmp_path / "plans.db").write_bytes(b"this is no store" * 500)
    told = []

    def leave():
        dialog = QApplication.activeModalWidget()
        told.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.reject()

    QTimer.singleShot(0, leave)
    assert main(["--data", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert "plans.db" in said
    assert "plans.db" in " ".join(told)
    assert "Traceback" not in said
    assert (tmp_path / "plans.db").read_bytes() == b"this is no store" * 500


def test_plan_that_was_open_opens_again_after_a_crash(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        plan = desk.document.evaluated.plan
        qtbot.waitUntil((tmp_path / "data" / "window.ini").is_file)
        # As after a kill: nothing that happens at the end has happened.
        shutil.copytree(tmp_path / "data", tmp_path / "crashed")
    with open_desk(qtbot, tmp_path / "crashed", library=False) as desk:
        assert desk.document.evaluated.plan == plan


def test_plan_that_was_open_last_opens_again(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        plan = desk.document.evaluated.plan
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        assert desk.document.evaluated.plan == plan


def test_another_plan_of_the_patient_is_told_at_the_start_too(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        plan = desk.document.evaluated.plan
        assert not desk.window.notice.bar.isVisible()
        desk.archive.save(replace(plan, id="second"), "New plan", "w", desk.now())
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        qtbot.waitUntil(lambda: "another plan here (D-ALBA (GIMEMA LAL2116))" in desk.window.notice.words.text())


def test_state_file_full_of_nonsense_opens_an_empty_window(qtbot, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "window.ini").write_text("[General]\ngeometry=17\nrooms=a 3 -1\nplan=gone\n", encoding="utf-8")
    (folder / "settings.json").write_text("{{{", encoding="utf-8")
    with open_desk(qtbot, folder, library=False) as desk:
        assert desk.document.evaluated is None
        assert desk.window.isVisible()


def test_demo_is_kept_once_with_its_edits(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        desk.window.select("blinatumomab")
        nudge(desk.window, "later_week")
        moved = desk.document.evaluated.plan
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        assert desk.document.evaluated.plan == moved
        assert len(desk.archive.list()) == 1
