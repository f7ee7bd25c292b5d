"""Keys of actions that cannot be done now: a key that does nothing would be taken for a broken one."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from ui.actions import ACTIONS, plain_text
from ui.panels.menus import ActionSet
from ui.tongue import say


class UnmetKeys(QObject):
    """Looks at keys nobody took; `told` says what their action needs."""

    told = Signal(str)

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
                    words = plain_text(spec).rstrip("…")
                    self.told.emit(say("{action} needs {need}.", action=words, need=say(spec.need.value)))
                    return True
        return super().eventFilter(watched, event)
