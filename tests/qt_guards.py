"""Leak guards of the window's suite: what a test started in Qt has stopped by its end, or the test fails.

Plain functions stand in for the methods that start something and note the file and line they were called from.
"""

import gc
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

Started = list[tuple[Callable[[], QObject | None], str]]  # weak: to note a thing must not keep it alive
HERE = Path(__file__).as_posix()


def _caller() -> str:
    """The file and line that called the stand-in: the nearest frame outside this file."""
    frame = sys._getframe(1)
    while frame.f_back and Path(frame.f_code.co_filename).as_posix() == HERE:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _noting(method: Callable[..., object], started: Started) -> Callable[..., object]:
    """A stand-in that notes the object and the caller, then does what the method does."""

    def stand_in(self: QObject, *arguments: object, **named: object) -> object:
        kept = isinstance(self, QThreadPool)  # Python's hold on the global pool ends at once, the pool does not
        started.append(((lambda: self) if kept else weakref.ref(self), _caller()))
        return method(self, *arguments, **named)

    return stand_in


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a thread, a pool's job, a timer or a window without an owner behind."""
    threads: Started = []
    pools: Started = []
    timers: Started = []
    windows: Started = []
    for owner, name, started in (
        (QThread, "start", threads),
        (QThreadPool, "start", pools),
        (QTimer, "start", timers),
        (QWidget, "show", windows),
        (QWidget, "setVisible", windows),
    ):
        monkeypatch.setattr(owner, name, _noting(getattr(owner, name), started))
    before = set(_windows())
    yield

    def left() -> list[str]:
        running = [f"a thread started at {place}" for thread, place in _alive(threads) if thread.isRunning()]
        running += [f"a job of a pool started at {place}" for pool, place in _alive(pools) if not pool.waitForDone(0)]
        running += [f"a timer started at {place}" for timer, place in _alive(timers) if timer.isActive()]
        return running + [_describe(window, windows) for window in set(_windows()) - before]

    _let_go()
    if left():
        gc.collect()  # slow, so only where something may have been dropped without being gone
        _let_go()
    found = left()
    _stop(threads, timers, before)
    assert not found, f"left behind: {'; '.join(sorted(set(found)))}"


def _alive(started: Started) -> list[tuple[QObject, str]]:
    things = ((noted(), place) for noted, place in started)
    return [(thing, place) for thing, place in things if thing is not None and isValid(thing)]


def _windows() -> list[QWidget]:
    return [window for window in QApplication.topLevelWidgets() if isValid(window) and window.parent() is None]


def _let_go() -> None:
    """Give what was asked to be deleted the chance to go."""
    if QCoreApplication.instance() is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


def _describe(window: QWidget, shown: Started) -> str:
    places = [place for other, place in _alive(shown) if other is window]
    where = f"shown at {places[-1]}" if places else "never shown"
    return f"a window ({type(window).__name__} {window.objectName()!r}) {where}"


def _stop(threads: Started, timers: Started, before: set[QWidget]) -> None:
    """Clear away what was left, so that only the test that left it fails."""
    for timer, _ in _alive(timers):
        timer.stop()
    for thread, _ in _alive(threads):
        thread.quit()
        thread.wait(2000)
    for window in set(_windows()) - before:
        window.close()
        window.deleteLater()
    _let_go()
