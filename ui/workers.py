"""The only place with threads: frozen values go in, a value or an exception comes out by a queued signal."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from planner.errors import KnownError
from ui.problem_words import error_words

Job = Callable[[], Any]
Done = Callable[[Any], None]
Failed = Callable[[str], None]


class Workers(QObject):
    """Runs jobs beside the window, each in a thread of its own. `busy` tells how many run."""

    busy = Signal(int)
    _ended = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[int, tuple[threading.Thread, Done, Failed]] = {}
        self._number = 0
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def run(self, job: Job, done: Done, failed: Failed) -> None:
        """Run the job; later, in the window's own thread, call `done` with its value or `failed` with a sentence.

        An exception that is no KnownError is our bug: it goes on to the outermost hook.
        """
        self._number += 1
        thread = threading.Thread(target=self._work, args=(self._number, job), name=f"job-{self._number}")
        self._jobs[self._number] = (thread, done, failed)
        self.busy.emit(len(self._jobs))
        thread.start()

    def wait(self) -> None:
        """Let running jobs end, and forget what they bring; for closing."""
        for thread, _, _ in self._jobs.values():
            thread.join()
        self._jobs.clear()

    def _work(self, number: int, job: Job) -> None:
        try:
            self._ended.emit(number, job(), None)
        except BaseException as error:  # noqa: BLE001 - raised again in the window's own thread
            self._ended.emit(number, None, error)

    def _finish(self, number: int, value: object, error: BaseException | None) -> None:
        entry = self._jobs.pop(number, None)
        if entry is None:
            return
        thread, done, failed = entry
        thread.join()
        self.busy.emit(len(self._jobs))
        if error is None:
            done(value)
        elif isinstance(error, KnownError):
            failed(error_words(error))
        else:
            raise error
