"""The daily work of a pharmacist, each piece once by keys alone and once by the pointer alone."""

from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu, QMenuBar, QPushButton

from planner.model.plan import REASONS
from tests.ui.desks import open_desk, open_dialog
from ui.actions import ACTIONS, plain_text

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Journey(NamedTuple):
    """One piece of work: the action, what is selected before, and whether it edits the plan or shows something."""

    action: str
    on: str = ""
    edits: bool = True
    asks: bool = True


JOURNEYS = (
    Journey("later_day", "block"),
    Journey("earlier_week", "block"),
    Journey("defer", "block"),
    Journey("defer", "dose"),
    Journey("omit", "dose"),
    Journey("hold", "dose"),
    Journey("skip", "block"),
    Journey("stop", "dose"),
    Journey("reduce", "dose"),
    Journey("remove", "block", asks=False),
    Journey("take_back"),
    Journey("branches", edits=False),
    Journey("print", edits=False),
    Journey("compare_plan", edits=False),
    Journey("compare_protocol", edits=False),
    Journey("plan_history", edits=False),
    Journey("shortcuts", edits=False),
    Journey("settings", edits=False),
    Journey("edit_patient", edits=False),
    Journey("add_protocol", edits=False),
    Journey("calendar", edits=False, asks=False),
    Journey("table", edits=False, asks=False),
    Journey("counters", edits=False, asks=False),
    Journey("fit_all", edits=False, asks=False),
)


class Keys:
    """Shortcuts, and the palette where an action has none."""

    def __init__(self, qtbot, desk):
        self.qtbot, self.desk = qtbot, desk

    def select(self, bar_id):
        view = self.desk.window.timeline
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Home)
        wanted, rows = view.scene.bars[bar_id], [row.lane.id for row in view.scene.rows]
        for _ in range(80):
            if view.selection.bar.id == bar_id:
                return
            lower = rows.index(wanted.row.lane.id) - rows.index(view.selection.row.lane.id)
            right = wanted.bar.start > view.selection.bar.start
            if lower:
                QTest.keyClick(view, Qt.Key.Key_Down if lower > 0 else Qt.Key.Key_Up)
            else:
                QTest.keyClick(view, Qt.Key.Key_Right if right else Qt.Key.Key_Left)
        raise AssertionError(f"{bar_id} cannot be reached by keys")

    def act(self, spec):
        window = self.desk.window
        window.activateWindow()  # a window manager does so when a dialog closes; this platform has none
        self.qtbot.waitUntil(window.isActiveWindow)  # shortcuts work in the window in front only
        shortcut = window.actions_by_id[spec.id].shortcut()
        if shortcut.isEmpty():
            QTest.keyClick(window, Qt.Key.Key_P, CONTROL | SHIFT)
            palette = open_dialog(self.qtbot, self.desk)
            QTest.keyClicks(palette.search, plain_text(spec).rstrip("…"))
            QTest.keyClick(palette.search, Qt.Key.Key_Return)
            return
        combination = shortcut[0]
        QTest.keyClick(window, combination.key(), combination.keyboardModifiers())

    def answer(self, dialog):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        field = dialog.to_choose()
        if field is not None:  # a reason is never chosen beforehand; Enter brought the keys to it
            assert field.hasFocus()
            QTest.keyClick(field, Qt.Key.Key_C)
            assert field.currentText() == "capacity"
            QTest.keyClick(dialog, Qt.Key.Key_Return)
        if dialog.checked.isVisible():  # it begins before today
            assert dialog.checked.hasFocus()
            QTest.keyClick(dialog.checked, Qt.Key.Key_Space)
            QTest.keyClick(dialog, Qt.Key.Key_Return)

    def leave(self, dialog):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


class Pointer:
    """Clicks only: on bars, on menus, on buttons."""

    def __init__(self, qtbot, desk):
        self.qtbot, self.desk = qtbot, desk

    def select(self, bar_id):
        view = self.desk.window.timeline
        place = view.scene.bars[bar_id]
        view.go_to(place.bar.start + 2)
        x = view.frame.header + view.scale.x(place.bar.start + 0.5)
        y = view.frame.y(place.row) + (10 if place.bar.form == "ribbon" else place.row.height / 2)
        QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(round(x), round(y)))
        assert view.selection.bar.id == bar_id

    def act(self, spec):
        bar = self.desk.window.findChild(QMenuBar)
        action = self.desk.window.actions_by_id[spec.id]
        menu = next(one for one in self.desk.window.findChildren(QMenu) if action in one.actions())
        QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(menu.menuAction()).center())
        self.qtbot.waitUntil(menu.isVisible)
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    def answer(self, dialog):
        field = dialog.to_choose()
        if field is not None:
            QTest.mouseClick(field, LEFT)
            choices = field.view()
            self.qtbot.waitUntil(choices.isVisible)
            wanted = choices.model().index(REASONS.index("capacity"), 0)

            def chosen():  # Qt takes no click on a list that has only just opened
                QTest.mouseClick(choices.viewport(), LEFT, pos=choices.visualRect(wanted).center())
                return field.currentText() == "capacity"

            self.qtbot.waitUntil(chosen)
        QTest.mouseClick(dialog.ok, LEFT)
        if dialog.checked.isVisible():  # it begins before today
            QTest.mouseClick(dialog.checked, LEFT, pos=QPoint(8, dialog.checked.height() // 2))
            QTest.mouseClick(dialog.ok, LEFT)

    def leave(self, dialog):
        words = ("Cancel", "Close")
        QTest.mouseClick(next(one for one in dialog.findChildren(QPushButton) if one.text() in words), LEFT)


def _thing(evaluated, on):
    if on == "block":
        return "blinatumomab"
    bars = [bar for lane in evaluated.timeline.lanes for bar in lane.bars if lane.kind == "drug"]
    doses = (bar for bar in bars if bar.block == "blinatumomab" and bar.form == "dose")
    return min(doses, key=lambda bar: bar.start).id


def _visible(desk):
    return [one for one in desk.window.findChildren(QDialog) if one.isVisible()]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # menus of the platform without a screen
@pytest.mark.parametrize("hand", [Keys, Pointer])
@pytest.mark.timeout(300)
def test_the_daily_work_by_one_hand_alone(qtbot, tmp_path, hand):
    specs = {spec.id: spec for spec in ACTIONS}
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        hands = hand(qtbot, desk)
        start = desk.document.evaluated
        for journey in JOURNEYS:
            label = f"{journey.action} on {journey.on or 'the plan'}"
            if journey.on:
                hands.select(_thing(start, journey.on))
            assert desk.window.actions_by_id[journey.action].isEnabled(), label
            hands.act(specs[journey.action])
            if journey.asks:
                dialog = open_dialog(qtbot, desk)
                hands.answer(dialog) if journey.edits else hands.leave(dialog)
                qtbot.waitUntil(lambda: not _visible(desk), timeout=5000)
            if journey.edits:
                assert desk.document.evaluated != start, label
                assert desk.document.stack.count() == 1, label
                qtbot.waitUntil(lambda: desk.document.is_saved)
                hands.act(specs["undo"])
            assert desk.document.evaluated == start, label
            desk.document.stack.clear()
            desk.window.act("timeline")
