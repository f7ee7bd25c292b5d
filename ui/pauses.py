"""When nobody does anything for a moment: then what would disturb is done.

Full rounds of Python's garbage collector take longer than a frame. Plans and findings are immutable and hold no
circles, so nearly nothing waits for these rounds.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Signal

SHORT, LONG = 1_000, 3_000
"""Milliseconds."""
YOUNG, NEVER = 50_000, 1_000_000_000
"""New objects after which the youngest are looked through (an edit makes some ten thousand), and all of them."""


class Pauses(QObject):
    """Tells of a short pause (`begun`), and lets the garbage collector work in a long one alone.

    `act` is called at each thing somebody does.
    """

    begun = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.set_threshold(YOUNG, gc.get_threshold()[1], NEVER)
        self._short = QTimer(self, singleShot=True, interval=SHORT)
        self._short.timeout.connect(self.begun)
        self._long = QTimer(self, singleShot=True, interval=LONG)
        self._long.timeout.connect(gc.collect)

    def act(self) -> None:
        """Wait anew."""
        self._short.start()
        self._long.start()
