"""Ctrl+T brings today, and what is done next by keys begins there."""

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.desks import NOON

TODAY = NOON.date().toordinal()


def test_after_today_the_next_arrow_takes_what_stands_there(desk):
    """The view went to today and the arrow went on from a dose of August, which Ctrl+G then offered to record."""
    window, view = desk.window, desk.window.timeline
    early = next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == "dasatinib")
    window._select_event(early)
    view.setFocus()
    window.act("today")
    assert view.selection is not None, "what is selected stays so until a key takes something else"
    QTest.keyClick(view, Qt.Key.Key_Right)
    bar = view.selection.bar
    assert bar.start <= TODAY < bar.end
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.selection.bar.start < bar.start, "the way goes on from there"
    view.choose(None)
    window.act("today")
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.selection.bar.start <= TODAY < view.selection.bar.end


def test_the_table_begins_with_today(qtbot, desk):
    window = desk.window
    window.act("table")
    table = window.bottom.schedule
    rows = desk.document.evaluated.due

    def first_seen():
        return rows[table.rowAt(table.rowHeight(0) // 2)]

    qtbot.waitUntil(lambda: first_seen().day == TODAY)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.row().day == TODAY
    number = table.currentIndex().row()
    for step in range(1, 12):
        QTest.keyClick(table, Qt.Key.Key_Down)
        assert table.currentIndex().row() == number + step, "each key goes on by a row, also within one long bar"
    assert window.subject.day == table.row().day
    window.select("")
    table.scrollToTop()
    window.act("today")
    qtbot.waitUntil(lambda: first_seen().day == TODAY)


def test_another_patients_table_begins_with_today_as_well(qtbot, desk):
    """It stood at the row at which the one before had been left: in February for somebody of November."""
    window, plan = desk.window, desk.document.evaluated.plan
    other = replace(plan, id="other", patient=replace(plan.patient, id="0815", family_name="Other"))
    desk.archive.save(other, "New plan", "w", desk.now())
    window.act("table")
    table = window.bottom.schedule
    qtbot.waitUntil(lambda: table.rowAt(table.rowHeight(0) // 2) > 0)
    table.scrollToTop()
    window.open_plan(next(one for one in desk.archive.list() if one.plan_id == "other"))
    rows = desk.document.evaluated.due
    assert desk.document.evaluated.plan.id == "other"
    qtbot.waitUntil(lambda: rows[table.rowAt(table.rowHeight(0) // 2)].day == TODAY)
