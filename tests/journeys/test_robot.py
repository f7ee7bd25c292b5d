"""A robot that works for half an hour: no error, nothing unsaved, no window, timer or thread left over.

REGIMAP_ROBOT_MINUTES says how long it works, 30 without it.
"""

import os
import threading
import time
from random import Random

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from tests.journeys.test_random_edits import WAYS, _answer, _check
from tests.journeys.test_random_hands import _click_somewhere, _press_something
from tests.ui.desks import open_desk

ACTS = 300
"""What the robot does before it closes the window and opens the store again."""


def _held() -> dict[str, int]:
    """What a leak would let grow: threads, windows, and dialogs and timers that hang on a window."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what a running program does at once
    tops = QApplication.topLevelWidgets()
    return {
        "threads": threading.active_count(),
        "windows": len(tops),
        "dialogs": sum(len(top.findChildren(QDialog)) for top in tops),
        "timers": sum(len(top.findChildren(QTimer)) for top in tops),
    }


def _act(random, desk):
    draw = random.random()
    if draw < 0.15:
        _click_somewhere(random, desk)
    elif draw < 0.45:
        _press_something(random, desk)
    else:
        desk.window.timeline.setFocus()
        random.choice(WAYS)(random, desk.window)
    _answer(random, desk.window)
    QApplication.processEvents()


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_half_an_hour_of_random_work_leaves_nothing_behind(qtbot, tmp_path, capsys):
    until = time.monotonic() + 60 * float(os.environ.get("REGIMAP_ROBOT_MINUTES", "30"))
    seed, acts, held = 0, 0, []
    while time.monotonic() < until:
        random = Random(seed)
        with open_desk(qtbot, tmp_path / f"data{seed}", demo=True) as desk:
            start = _held()
            for _ in range(ACTS):
                _act(random, desk)
                if desk.document.evaluated is not None:
                    _check(desk)
                acts += 1
            desk.document.save_now()
            assert desk.document.is_saved
            plan = desk.document.evaluated.plan
            assert desk.archive.load(plan.id) == plan
            held.append({name: count - start[name] for name, count in _held().items()})
        seed += 1
        with capsys.disabled():
            print(f"round {seed}, {acts} acts, more than at the start: {held[-1]}", flush=True)
    assert all(not max(round_.values()) > 0 for round_ in held), held
