"""Random edits by keys and pointer, one thing and several: every view shows the same plan, and all of it comes back."""

from random import Random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from tests.ui.desks import open_desk
from tests.ui.timeline.hands import alike, frame_of, painted_whole

LEFT = Qt.MouseButton.LeftButton
ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
NONE = Qt.KeyboardModifier.NoModifier
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def _walk(random, window):
    """From bar to bar, with Shift and Ctrl as well."""
    view = window.timeline
    for _ in range(random.randrange(1, 6)):
        QTest.keyClick(view, random.choice(ARROWS), random.choice((NONE, NONE, SHIFT, CONTROL)))
    if random.random() < 0.2:
        QTest.keyClick(view, Qt.Key.Key_Space, CONTROL)


def _click(random, window):
    view = window.timeline
    places = [place for place in view.scene.bars.values() if place.bar.form != "mark"]
    place = random.choice(sorted(places, key=lambda one: one.bar.id))
    view.bring_into_sight(place)
    x = view.frame.header + view.scale.x(place.bar.start + 0.5)
    at = QPoint(round(x), round(view.frame.y(place.row) + place.row.height / 2))
    QTest.mouseClick(view.viewport(), LEFT, random.choice((NONE, CONTROL, SHIFT)), at)


def _field(random, window):
    surface = window.timeline.viewport()
    one, other = (QPoint(random.randrange(210, surface.width()), random.randrange(90, surface.height())) for _ in "ab")
    QTest.mousePress(surface, LEFT, random.choice((NONE, CONTROL)), one)
    QTest.mouseMove(surface, other)
    if random.random() < 0.2:
        QTest.keyClick(window.timeline, Qt.Key.Key_Escape)
    QTest.mouseRelease(surface, LEFT, NONE, other)


def _drag(random, window):
    view = window.timeline
    ribbons = sorted(name for name, place in view.scene.bars.items() if place.bar.form == "ribbon")
    if not ribbons:
        return
    place = view.scene.bars[random.choice(ribbons)]
    view.bring_into_sight(place)
    at = QPoint(round(view.frame.header + view.scale.x(place.bar.start + 0.5)), view.frame.y(place.row) + 10)
    to = at + QPoint(round(random.randrange(-9, 10) * view.scale.per_day), 0)
    QTest.mousePress(view.viewport(), LEFT, NONE, at)
    QTest.mouseMove(view.viewport(), to)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, to)


def _nudge(random, window):
    QTest.keyClick(window.timeline, random.choice(ARROWS[:2]), random.choice((ALT, ALT | SHIFT)))


def _verb(random, window):
    action = random.choice(("move", "omit", "defer", "hold", "skip", "stop", "reduce", "pick_cycle", "undo", "redo"))
    if window.actions_by_id[action].isEnabled():
        window.act(action)


WAYS = (_walk, _walk, _click, _click, _field, _drag, _nudge, _nudge, _nudge, _verb, _verb)


def _answer(random, window):
    """Say yes to what is asked where that is possible, else leave."""
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            QTest.keyClick(dialog, Qt.Key.Key_Return if random.random() < 0.8 else Qt.Key.Key_Escape)
            if dialog.isVisible():
                dialog.reject()


def _check(desk):
    window, evaluated = desk.window, desk.document.evaluated
    view = window.timeline
    if not evaluated.schedule.blocks:
        assert window.centre.currentWidget() is window.no_protocol
        return
    assert view.scene.timeline == evaluated.timeline
    view.board.settle()
    assert alike(frame_of(view), painted_whole(view)), "a row that looks otherwise was not painted"
    assert view.picked <= view.scene.bars.keys()
    assert view.drag is None
    assert view.band is None
    subject = window.subject
    if subject and subject.several:
        assert {one.id for one in subject.several} == view.picked - subject.cycles
    if subject and not subject.finding:
        events = set(map(id, evaluated.schedule.events))
        assert all(id(event) in events for event in subject.all_events)
    shown = sorted(one.id for one in window.bottom.findings.model().rows)
    assert shown == sorted(one.id for one in evaluated.findings)
    window.bottom.setCurrentWidget(window.bottom.history)
    assert window.bottom.history.model().rowCount() == desk.document.stack.count() + 1


@pytest.mark.parametrize(("seed", "edits"), [(11, 15), pytest.param(12, 1000, marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_random_edits_keep_the_window_consistent_and_come_back(qtbot, tmp_path, seed, edits):
    random = Random(seed)
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        window, stack, start = desk.window, desk.document.stack, desk.document.evaluated
        done, before = 0, desk.document.evaluated
        for _ in range(edits * 40):
            window.timeline.setFocus()
            random.choice(WAYS)(random, window)
            _answer(random, window)
            _check(desk)
            done += desk.document.evaluated != before
            before = desk.document.evaluated
            if done >= edits:
                break
        assert done >= edits
        end, index = desk.document.evaluated, stack.index()
        stack.go_to(0)
        assert desk.document.evaluated == start
        stack.go_to(index)
        assert desk.document.evaluated == end
        desk.document.save_now()
        assert desk.archive.load(end.plan.id) == end.plan
