"""Keys of actions that cannot be done now: a key that does nothing would be taken for a broken one."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from ui.actions import ACTIONS, ActionSpec, Need, plain_text
from ui.panels.menus import ActionSet
from ui.tongue import say

UNDONE_ALL = (
    "Undo ends where the plan was opened. Plan, History of this plan (Ctrl+H) leads to every state saved before."
)
"""Whoever undoes after a new start looks for the edits of yesterday, which are not lost."""


class UnmetKeys(QObject):
    """Looks at keys nobody took; `told` says what their action needs, `met` the same words once it can be done."""

    told = Signal(str)
    met = Signal(str)

    def __init__(self, window: QObject, actions: ActionSet) -> None:
        super().__init__(window)
        self._actions = actions
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            pressed = QKeySequence(event.keyCombination())
            for spec in ACTIONS:
                action = self._actions[spec.id]
                if not action.isEnabled() and pressed in action.shortcuts():
                    words = self._words(spec)
                    once = Qt.ConnectionType.SingleShotConnection
                    action.enabledChanged.connect(partial(self._look, words), once)
                    self.told.emit(words)
                    return True
        return super().eventFilter(watched, event)

    def _look(self, words: str, enabled: bool) -> None:
        if enabled:
            self.met.emit(words)

    def _words(self, spec: ActionSpec) -> str:
        if spec.need is Need.UNDO and self._actions["plan_history"].isEnabled():
            return say(UNDONE_ALL)
        return say("{action} needs {need}.", action=plain_text(spec).rstrip("…"), need=say(spec.need.value))
