"""The window after midnight: what it calls today is today."""

from datetime import timedelta
from types import SimpleNamespace

from PySide6.QtCore import QObject, Signal

from tests.ui.desks import NOON, open_desk
from ui.keeping.new_day import DateWatch


class Guard(QObject):
    opened = Signal()


def test_after_midnight_the_open_plan_is_shown_as_of_the_new_day(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        qtbot.waitUntil(lambda: desk.window.findChild(DateWatch) is not None)
        watch, shown = desk.window.findChild(DateWatch), desk.window.timeline
        plan = desk.document.evaluated.plan
        desk.moment = lambda: NOON + timedelta(days=1)
        assert shown.today == NOON.toordinal()
        with qtbot.waitSignal(desk.document.evaluated_changed):
            watch.look()
        assert shown.today == NOON.toordinal() + 1
        assert desk.document.evaluated.plan == plan
        assert desk.document.is_saved
        with qtbot.assertNotEmitted(desk.document.evaluated_changed):
            watch.look()


def test_the_new_day_waits_for_an_open_question_and_comes_with_whoever_unlocks(qapp, monkeypatch):
    days, shown, guard = [NOON.date()], [], Guard()
    watch = DateWatch(lambda: days[0], lambda: shown.append(days[0]), guard.opened, guard)
    days[0] += timedelta(days=1)
    with monkeypatch.context() as asked:
        asked.setattr("ui.keeping.new_day.QApplication", SimpleNamespace(activeModalWidget=lambda: watch))
        watch.look()
    assert shown == []
    guard.opened.emit()
    guard.opened.emit()
    assert shown == days
    guard.deleteLater()
