"""All actions in one list, found by their words: for hands that stay on the keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from planner.model.words import fold
from ui.actions import ACTIONS, ALSO, Need
from ui.dialogs.form import line
from ui.rows.words import plain_label
from ui.tongue import say

Index = QModelIndex | QPersistentModelIndex

KEYS = int(Qt.ItemDataRole.UserRole) + 1
_NEEDS = {spec.id: spec.need for spec in ACTIONS}


class KeysDelegate(QStyledItemDelegate):
    """Writes an action's keys at the right edge, quieter than its words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        keys = str(index.data(KEYS) or "")
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(option.rect.adjusted(8, 0, -12, 0), flags, keys)
        painter.restore()


class PaletteDialog(QDialog):
    """Offers the actions whose words hold every word typed; `picked` is the chosen one once accepted.

    What cannot be done now stands after all others, says what it needs and cannot be chosen: an action that is not
    shown would be taken for one that does not exist.
    """

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("All actions")
        self.picked: QAction | None = None
        self._actions = sorted(actions, key=lambda action: not action.isEnabled())
        self.search = line("Find an action", hint="Type what you want to do")
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Actions")
        self.list.setItemDelegate(KeysDelegate(self.list))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        self.nothing = plain_label(say("No action has these words."), "muted")
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.list)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._take)
        self.list.itemActivated.connect(self._take)
        self.resize(560, 400)
        self._filter("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down in the search line move in the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self.list.count():
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
        return super().eventFilter(watched, event)

    def _filter(self, words: str) -> None:
        self.list.clear()
        wanted = fold(words).split()
        for number, action in enumerate(self._actions):
            text = action.text().replace("&", "")
            also = fold(f"{text} {say(ALSO.get(action.objectName(), ''))}")
            if all(word in also for word in wanted):
                self.list.addItem(_item(action, text, number))
        self.nothing.setVisible(not self.list.count())
        self.list.setCurrentRow(0)

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        action = self._actions[item.data(Qt.ItemDataRole.UserRole)]
        if action.isEnabled():
            self.picked = action
            self.accept()


def _item(action: QAction, text: str, number: int) -> QListWidgetItem:
    """The line of an action: its keys at the right, or what it needs before it can be done."""
    beside = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    item = QListWidgetItem(text)
    if not action.isEnabled():
        need = _NEEDS.get(action.objectName(), Need.NOTHING)
        beside = say("needs {what}", what=say(need.value)) if need is not Need.NOTHING else ""
        item.setFlags(Qt.ItemFlag.ItemIsSelectable)
    item.setData(KEYS, beside)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}, {beside}" if beside else text)
    item.setData(Qt.ItemDataRole.UserRole, number)
    return item
