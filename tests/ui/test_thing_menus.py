"""A right click selects the thing and offers what can be done with it; so does the menu key."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.desks import open_dialog
from tests.ui.test_verbs import _select as select
from ui.actions import ACTIONS, MENUS
from ui.dialogs.changes import DeferDialog
from ui.dialogs.protocol_choice import ProtocolDialog
from ui.panels.thing_menus import OF_THE_COURSE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""Menus of the platform without a screen."""
RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def desk(desk):
    yield desk
    for menu in desk.window.findChildren(QMenu):
        menu.hide()


def _right_click(view, at):
    QTest.mousePress(view.viewport(), RIGHT, pos=at)
    place = view.viewport().mapToGlobal(at)
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, place))
    QTest.mouseRelease(view.viewport(), RIGHT, pos=at)
    return QApplication.activePopupWidget()


def _spot(timeline):
    """Where the selected bar lies."""
    return timeline.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()


def _names(menu):
    return [action.objectName() for action in menu.actions() if action.objectName()]


def test_a_right_click_on_a_dose_offers_what_the_inspector_offers(qtbot, desk):
    window = desk.window
    select(desk, "dasatinib", 30)
    chosen, at = window.subject.id, _spot(window.timeline)
    window.select("")
    menu = _right_click(window.timeline, at)
    assert window.subject.id == chosen
    assert _names(menu) == [*window.inspector.shown.actions, "pick_cycle", "help"]
    more = next(action.menu() for action in menu.actions() if action.menu())
    assert _names(more) == [one.id for one in ACTIONS if one.menu == MENUS[2]]
    next(action for action in menu.actions() if action.objectName() == "defer").trigger()
    menu.hide()
    open_dialog(qtbot, desk, DeferDialog).reject()


def test_a_right_click_takes_hold_of_nothing(desk):
    timeline = desk.window.timeline
    desk.window.select(desk.document.evaluated.schedule.blocks[0].id)
    _right_click(timeline, _spot(timeline))
    assert (timeline.drag, timeline.band) == (None, None)


def test_free_ground_offers_the_course(desk):
    timeline = desk.window.timeline
    desk.window.select(desk.document.evaluated.schedule.blocks[0].id)
    menu = _right_click(timeline, QPoint(timeline.viewport().width() - 2, timeline.frame.strip + 2))
    assert desk.window.subject is None
    assert _names(menu) == [one for one in (*OF_THE_COURSE, "help") if one]
    assert not any(action.menu() for action in menu.actions())


def test_several_that_are_selected_stay_so(desk):
    timeline = desk.window.timeline
    select(desk, "dasatinib", 30)
    at = _spot(timeline)
    desk.window.act("pick_all")
    picked = timeline.picked
    menu = _right_click(timeline, at)
    assert timeline.picked == picked
    assert "omit" in _names(menu)


def test_a_finding_offers_its_fixes_in_the_table(desk):
    findings = desk.window.bottom.findings
    menu = _right_click(findings, findings.visualRect(findings.model().index(0, 1)).center())
    assert desk.window.subject.finding == findings.row()
    assert _names(menu) == [*desk.window.inspector.shown.actions, "help"]
    assert {"fix", "acknowledge"} <= set(_names(menu))


def test_a_day_of_the_calendar_has_the_menu_too(desk):
    desk.window.act("calendar")
    calendar = desk.window.furniture.calendar
    assert _names(_right_click(calendar, QPoint(3, 3)))[-1] == "help"


def test_a_protocol_of_the_list_is_added_read_or_compared(qtbot, desk):
    table = desk.window.catalogue.table
    menu = _right_click(table, table.visualRect(table.model().index(1, 0)).center())
    first = menu.actions()[0]
    assert first.text() == desk.window.catalogue.button.text()
    assert _names(menu) == ["read_protocol", "compare_protocol"]
    menu.hide()
    first.trigger()
    dialog = open_dialog(qtbot, desk, ProtocolDialog)
    assert dialog.chosen().protocol.id == desk.window.catalogue.model.rows[1].protocol.id
    dialog.reject()
