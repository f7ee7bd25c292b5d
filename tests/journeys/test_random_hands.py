"""Hands that press whatever can be pressed: nothing breaks, everything stays saved, all of it can be undone."""

from random import Random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from tests.ui.desks import open_desk
from ui.actions import ACTIONS

LEFT_OUT = ("quit", "print", "lock", "save_plan", "take_in")


def _press_something(random, desk):
    window = desk.window
    can = [spec.id for spec in ACTIONS if spec.id not in LEFT_OUT and window.actions_by_id[spec.id].isEnabled()]
    action = random.choice(can)
    window.act(action)
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.accept() if random.random() < 0.6 and action != "palette" else dialog.reject()
            if dialog.isVisible():
                dialog.reject()
    return action


def _click_somewhere(random, desk):
    view = desk.window.timeline.viewport()
    at = QPoint(random.randrange(view.width()), random.randrange(40, view.height()))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    if random.random() < 0.3:
        to = at + QPoint(random.randrange(-150, 150), 0)
        QTest.mouseMove(view, to)
        at = to
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)


@pytest.mark.parametrize(("seed", "acts"), [(1, 60), (2, 60), pytest.param(3, 500, marks=pytest.mark.slow)])
@pytest.mark.timeout(900)
def test_random_hands_break_nothing(qtbot, tmp_path, seed, acts):
    random = Random(seed)
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        for _ in range(acts):
            if random.random() < 0.4:
                _click_somewhere(random, desk)
            else:
                _press_something(random, desk)
            evaluated = desk.document.evaluated
            desk.document.save_now()
            assert desk.document.is_saved
            assert evaluated is not None
            assert desk.window.banner.id.text() == f"ID {evaluated.plan.patient.id}"
        end = evaluated.plan
        assert desk.archive.load(end.id) == end
        desk.document.stack.go_to(0)
        desk.document.stack.go_to(desk.document.stack.count())
        assert desk.document.evaluated is not None
