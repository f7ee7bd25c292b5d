"""When nobody does anything for a moment: then what would disturb is done.

Rounds of Python's garbage collector take longer than a frame, the one over what is new as well, and so does letting go
of what is remembered of how the plan stood before. Plans and findings are immutable and hold no circles, so little
waits for these rounds.
"""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

BRIEF, SHORT, LONG = 250, 1_000, 3_000
"""Milliseconds."""
FEW, SOME, MOST = 16, 32, 256
"""Edits after which a long pause is used for letting go, edits after which a brief one is, and those without even that
after which it comes all the same; people pause before.
"""
YOUNG, NEVER = 1_000_000, 1_000_000_000
"""New objects after which these are looked through without a pause (an edit leaves some two thousand), and all."""


class Pauses(QObject):
    """Tells of a short pause (`begun`), in which the garbage collector looks through what is new; in a long one it
    looks through everything, and after some edits `let_go` is called.

    `act` is called at each thing somebody does; `edited` tells of each that changed the plan.
    """

    begun = Signal()

    def __init__(self, parent: QObject, edited: SignalInstance, let_go: Callable[[], None]) -> None:
        super().__init__(parent)
        gc.set_threshold(YOUNG, gc.get_threshold()[1], NEVER)
        self._short = QTimer(self, singleShot=True, interval=SHORT)
        self._short.timeout.connect(self.begun)
        self._short.timeout.connect(lambda: gc.collect(0))
        self._long = QTimer(self, singleShot=True, interval=LONG)
        self._long.timeout.connect(self._rest)
        self._brief = QTimer(self, singleShot=True, interval=BRIEF)
        self._brief.timeout.connect(self._breathe)
        self._edits = 0
        self._let_go = let_go
        edited.connect(self._edit)

    def act(self) -> None:
        """Wait anew."""
        self._brief.start()
        self._short.start()
        self._long.start()

    def _edit(self) -> None:
        """Wait anew; but not for ever, because each hundred edits leave megabytes."""
        self.act()
        self._edits += 1
        self._rest_after(MOST)

    def _breathe(self) -> None:
        self._rest_after(SOME)

    def _rest_after(self, edits: int) -> None:
        if self._edits >= edits:
            self._rest()

    def _rest(self) -> None:
        if self._edits >= FEW:
            self._edits = 0
            self._let_go()
        gc.collect()
