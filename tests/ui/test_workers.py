"""Work beside the window: a value comes back in the window's own thread, an error as a sentence."""

import threading

import pytest

from planner.errors import EnvironmentProblem
from ui.workers import Workers


@pytest.fixture
def workers(qapp):
    made = Workers()
    yield made
    made.wait()


def test_value_comes_back_in_the_windows_thread(qtbot, workers):
    brought = []
    workers.run(threading.get_ident, lambda ident: brought.append((ident, threading.get_ident())), pytest.fail)
    qtbot.waitUntil(lambda: bool(brought))
    there, here = brought[0]
    assert there != here == threading.get_ident()


def test_known_error_comes_back_as_its_sentence(qtbot, workers):
    def fails():
        raise EnvironmentProblem("the disk is full")

    told = []
    workers.run(fails, pytest.fail, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["the disk is full"]


def test_bug_goes_on_to_the_outermost_hook(qtbot, workers):
    def fails():
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        workers.run(fails, pytest.fail, pytest.fail)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_busy_counts_what_runs(qtbot, workers):
    go = threading.Event()
    counts = []
    workers.busy.connect(counts.append)
    for _ in range(2):
        workers.run(go.wait, lambda _: None, pytest.fail)
    go.set()
    qtbot.waitUntil(lambda: counts == [1, 2, 1, 0])


def test_after_waiting_nothing_comes_back(qtbot, workers):
    brought = []
    workers.run(lambda: 1, brought.append, pytest.fail)
    workers.wait()
    qtbot.wait(20)
    assert brought == []
