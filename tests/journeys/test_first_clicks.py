"""U24: from the first start to the demo's printed sheet by the pointer alone, every click counted."""

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QToolBar

from planner.settings import Settings
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.printing import PrintDialog
from ui.gate import welcome
from ui.theme import LIGHT

MOST = 12


class Clicks:
    """A pointer that counts."""

    def __init__(self):
        self.count = 0

    def on(self, widget, pos=None):
        self.count += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=pos or widget.rect().center())


def _choose(clicks, box, number):
    clicks.on(box)
    view = box.view()
    # A list takes a release within this time of its opening for the first click's; twice, so that no timer wins a race.
    QTest.qWait(2 * QApplication.doubleClickInterval())
    clicks.on(view.viewport(), view.visualRect(box.model().index(number, 0)).center())


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_from_the_first_start_to_the_demos_sheet_in_twelve_clicks(qtbot, qapp, tmp_path, monkeypatch):
    clicks = Clicks()

    def answer():
        dialog = QApplication.activeModalWidget()
        _choose(clicks, dialog.editors["demo"].widget, 1)
        clicks.on(dialog.ok)
        if dialog.isVisible():  # a click did not do what it should
            dialog.reject()

    QTimer.singleShot(0, answer)
    entry = welcome(qapp, tmp_path, Settings(), LIGHT)
    assert (entry.key, entry.demo, entry.settings.welcomed) == (None, True, False)
    monkeypatch.setattr("ui.dialogs.printing.QStandardPaths.writableLocation", lambda _kind: str(tmp_path))
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        tools = desk.window.findChild(QToolBar)
        clicks.on(tools.widgetForAction(desk.window.actions_by_id["print"]))
        dialog = open_dialog(qtbot, desk, PrintDialog)
        qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
        clicks.on(dialog.save)
        files = next(one for one in dialog.findChildren(QFileDialog) if one.isVisible())
        save = next(one for one in files.findChildren(QPushButton) if one.isVisible() and one.text() == "&Save")
        with qtbot.waitSignal(dialog.saved):
            clicks.on(save)
        file = next(tmp_path.glob("*.pdf"))
        assert "DEMO" in PdfReader(file).pages[0].extract_text()
        dialog.reject()
    assert clicks.count == 6 <= MOST
