"""A window that nobody touches does nothing: a fault that paints again and again looks right and takes a whole core."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.ui.desks import open_desk

QUIET_ROUNDS = 5
"""Rounds of the event loop one after the other in which nothing is painted or laid out."""
BUSY = (QEvent.Type.Paint, QEvent.Type.LayoutRequest, QEvent.Type.UpdateRequest)


class Watch(QObject):
    """Counts what the windows are asked to paint or to lay out."""

    def __init__(self):
        super().__init__()
        self.seen, self.quiet = 0, 0

    def eventFilter(self, watched, event):
        self.seen += event.type() in BUSY
        return False

    def rests(self):
        """Whether the last rounds of the event loop were all quiet."""
        before = self.seen
        QCoreApplication.processEvents()
        self.quiet = self.quiet + 1 if self.seen == before else 0
        return self.quiet >= QUIET_ROUNDS


@pytest.mark.parametrize("demo", [True, False])
def test_a_window_at_rest_paints_nothing(qtbot, tmp_path, demo):
    with open_desk(qtbot, tmp_path / "data", demo=demo) as desk:
        window, watch = desk.window, Watch()
        (window.timeline if demo else window).setFocus()  # a line to write in would blink
        QApplication.instance().installEventFilter(watch)
        try:
            qtbot.waitUntil(watch.rests)
            window.resize(window.width() - 200, window.height())
            qtbot.waitUntil(watch.rests)
            desk.toggle_theme()
            qtbot.waitUntil(watch.rests)
        finally:
            QApplication.instance().removeEventFilter(watch)
