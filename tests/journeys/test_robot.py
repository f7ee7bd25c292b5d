"""A robot that works for half an hour: no error, nothing unsaved, no window, timer or thread left over.

And no word about its patient in clear in any file it left. REGIMAP_ROBOT_MINUTES says how long it works, 30 without it;
REGIMAP_ROBOT_SEED is the first seed of its choices; REGIMAP_ROBOT_FOLDERS names further folders to be searched for
those words (the home and temporary folder of the run).
"""

import os
import threading
import time
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from tests.faults.canary import CANARY, _holds
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


def _become_the_canary(plan):
    """The patient of the plan with words that stand nowhere else."""
    patient = replace(
        plan.patient, id=CANARY[2], family_name=CANARY[0], given_name=CANARY[1], diagnosis=CANARY[4]
    )  # fmt: skip
    return replace(plan, patient=patient)


def _in_clear(folders):
    """How many files were searched, and those that hold a word about the patient."""
    files = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    return len(files), [str(path) for path in files if _holds(path.read_bytes())]


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
    seed, acts, held = int(os.environ.get("REGIMAP_ROBOT_SEED", "0")), 0, []
    while time.monotonic() < until:
        random = Random(seed)
        with open_desk(qtbot, tmp_path / f"data{seed}", demo=True) as desk:
            desk.document.edit("Patient", _become_the_canary)
            desk.document.save_now()
            desk.document.open(
                desk.document.evaluated.plan, desk.document.counter
            )  # as it is kept, so that no undo brings the demo's name back
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
            assert CANARY[0] in {line.family_name for line in desk.archive.list()}
            held.append({name: count - start[name] for name, count in _held().items()})
        seed += 1
        with capsys.disabled():
            print(f"round {seed}, {acts} acts, more than at the start: {held[-1]}", flush=True)
    searched, hits = _in_clear([tmp_path, *filter(None, os.environ.get("REGIMAP_ROBOT_FOLDERS", "").split(os.pathsep))])
    with capsys.disabled():
        print(f"{searched} files searched for words about the patient: {hits}", flush=True)
    assert searched
    assert not hits, hits
    assert all(not max(round_.values()) > 0 for round_ in held), held
