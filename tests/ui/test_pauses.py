"""What waits for a pause: full rounds of the garbage collector, and letting go of what only makes edits quicker."""

import gc

from PySide6.QtCore import QObject

from ui import pauses


def test_rounds_of_the_garbage_collector_wait_for_a_pause(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(pauses, "SHORT", 5)
    monkeypatch.setattr(pauses, "LONG", 30)
    before, rounds = gc.get_threshold(), []
    owner = QObject()
    try:
        wait = pauses.Pauses(owner, owner.objectNameChanged, lambda: None)
        assert gc.get_threshold() == (pauses.YOUNG, before[1], pauses.NEVER)
        gc.callbacks.append(lambda phase, info: rounds.append(info["generation"]) if phase == "stop" else None)
        wait.act()
        wait.act()
        qtbot.waitUntil(lambda: rounds == [0, 2])
        qtbot.wait(60)
        assert rounds == [0, 2]
    finally:
        gc.callbacks.pop()
        gc.set_threshold(*before)
        owner.deleteLater()


def test_a_long_pause_lets_go_once_some_edits_were_made(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(pauses, "LONG", 10)
    monkeypatch.setattr(pauses, "FEW", 3)
    before, rounds, rests = gc.get_threshold(), [], []
    owner = QObject()
    try:
        pauses.Pauses(owner, owner.objectNameChanged, lambda: rests.append(1))
        monkeypatch.setattr(gc, "collect", lambda: rounds.append(1))
        for number in range(1, 7):
            owner.setObjectName(str(number))
            qtbot.waitUntil(lambda number=number: len(rounds) == number)
            assert len(rests) == number // 3
    finally:
        gc.set_threshold(*before)
        owner.deleteLater()


def test_a_brief_pause_lets_go_once_more_edits_were_made(qapp, qtbot, monkeypatch):
    """So that no edit of a busy hour waits for it."""
    monkeypatch.setattr(pauses, "BRIEF", 10)
    monkeypatch.setattr(pauses, "SOME", 4)
    monkeypatch.setattr(pauses, "FEW", 4)
    before, rests = gc.get_threshold(), []
    owner = QObject()
    try:
        pauses.Pauses(owner, owner.objectNameChanged, lambda: rests.append(1))
        for number in range(1, 4):
            owner.setObjectName(str(number))
            qtbot.wait(30)
        assert rests == []
        owner.setObjectName("4")
        assert rests == [], "not before the pause"
        qtbot.waitUntil(lambda: rests == [1])
    finally:
        gc.set_threshold(*before)
        owner.deleteLater()


def test_edits_without_any_pause_are_cleared_up_behind_as_well(qapp, monkeypatch):
    monkeypatch.setattr(pauses, "MOST", 5)
    monkeypatch.setattr(pauses, "FEW", 5)
    before, rounds, rests = gc.get_threshold(), [], []
    owner = QObject()
    try:
        pauses.Pauses(owner, owner.objectNameChanged, lambda: rests.append(1))
        monkeypatch.setattr(gc, "collect", lambda: rounds.append(1))
        for number in range(1, 13):
            owner.setObjectName(str(number))
            assert len(rounds) == len(rests) == number // 5
    finally:
        gc.set_threshold(*before)
        owner.deleteLater()
