"""When nobody does anything for a moment: then what would disturb is done.

Full rounds of Python's garbage collector take longer than a frame. Plans and findings are immutable and hold no
circles, so little waits for these rounds: what the checks knew before they began anew.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

SHORT, LONG = 1_000, 3_000
"""Milliseconds."""
MOST = 500
"""Edits without a long pause after which the round comes all the same; people pause before."""
YOUNG, NEVER = 50_000, 1_000_000_000
"""New objects after which the youngest are looked through (an edit makes some ten thousand), and all of them."""


class Pauses(QObject):
    """Tells of a short pause (`begun`), and lets the garbage collector work in a long one alone.

    `act` is called at each thing somebody does; `edited` tells of each that changed the plan.
    """

    begun = Signal()

    def __init__(self, parent: QObject, edited: SignalInstance) -> None:
        super().__init__(parent)
        gc.set_threshold(YOUNG, gc.get_threshold()[1], NEVER)
        self._short = QTimer(self, singleShot=True, interval=SHORT)
        self._short.timeout.connect(self.begun)
        self._long = QTimer(self, singleShot=True, interval=LONG)
        self._long.timeout.connect(self._collect)
        self._edits = 0
        edited.connect(self._edit)

    def act(self) -> None:
        """Wait anew."""
        self._short.start()
        self._long.start()

    def _edit(self) -> None:
        """Wait anew; but not for ever, because each hundred edits leave megabytes."""
        self.act()
        self._edits += 1
        if self._edits >= MOST:
            self._collect()

    def _collect(self) -> None:
        self._edits = 0
        gc.collect()
