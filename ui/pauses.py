"""When Python looks for rubbish: its full rounds take longer than a frame, so they wait until nobody edits."""

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE = 3_000
"""Milliseconds after the last edit."""
NEVER = 1_000_000_000


class Pauses(QObject):
    """Keeps full rounds of the garbage collector out of edits and drags; `begin` is called after each edit.

    Plans and findings are immutable and hold no circles, so nearly nothing waits for these rounds.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, NEVER)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(gc.collect)

    def begin(self) -> None:
        """Wait for a pause anew."""
        self._timer.start()
