"""The one item model of the window: a flat table over a tuple of immutable rows.

Only row numbers are used as addresses: `createIndex` with an object does not keep that object alive.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication

from ui.tongue import say

Index = QModelIndex | QPersistentModelIndex
KEY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""Item role under which a row's own key stands, to find it again after the rows were replaced."""
DETAIL_ROLE = KEY_ROLE + 1
"""Item role of the second, smaller line of a row in the lists that draw two."""
MARK_ROLE = DETAIL_ROLE + 1
"""Item role of the word that decides a row's sign: a severity, a status, an evidence."""
# As plain numbers: a table asks for ten roles of every cell it paints, and Qt's enumerations are slow to compare.
_SHOWN, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_READ_OUT, _SIDE = int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.TextAlignmentRole)
_ANSWERED = frozenset({_SHOWN, _TIP, _READ_OUT, _SIDE, KEY_ROLE, DETAIL_ROLE, MARK_ROLE})
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def isolated(text: str) -> str:
    """The text in a direction of its own, where everything else reads from right to left: a date stays a date."""
    return f"\u2068{text}\u2069" if text and QGuiApplication.isRightToLeft() else text


class Column(NamedTuple):
    """One column: its heading, how a row reads there. `figures` are aligned right. `detail` and `mark` serve lists."""

    title: str
    text: Callable[[Any], str]
    figures: bool = False
    tip: Callable[[Any], str] | None = None
    detail: Callable[[Any], str] | None = None
    mark: Callable[[Any], str] | None = None


class RowsModel(QAbstractTableModel):
    """Shows rows through columns. `key` names a row for as long as its plan is open."""

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Any], Hashable], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._rows: tuple[Any, ...] = ()
        self.carries = ""
        """The kind of what a row can be dragged as, its key as text; empty where rows stay where they are."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns from the first to the last."""
        return self._columns

    @property
    def rows(self) -> tuple[Any, ...]:
        """All rows in order."""
        return self._rows

    def show(self, rows: Sequence[Any]) -> None:
        """Replace all rows. Equal rows change nothing, as many others only what they say: a view keeps its place."""
        new, before = tuple(rows), self._rows
        if new == before:
            return
        if len(new) == len(before):
            self._rows = new
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(self._columns) - 1))
            return
        self.beginResetModel()
        self._rows = new
        self.endResetModel()

    def add(self, rows: Sequence[Any]) -> None:
        """Put more rows under those that are there."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows = (*self._rows, *rows)
            self.endInsertRows()

    def row_of(self, key: Hashable) -> int:
        """The number of the row with that key, or -1."""
        for number, row in enumerate(self._rows):
            if self._key(row) == key:
                return number
        return -1

    def key_at(self, number: int) -> Hashable:
        """The key of the row of that number, or None."""
        return self._key(self._rows[number]) if 0 <= number < len(self._rows) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.carries and index.isValid() else flags

    def mimeTypes(self) -> list[str]:
        return [self.carries] if self.carries else []

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        carried = QMimeData()
        if indexes and self.carries:
            carried.setData(self.carries, str(self.key_at(indexes[0].row())).encode())
        return carried

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ANSWERED or not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == KEY_ROLE:
            return self._key(row)
        if role == _SIDE:
            return _RIGHT if column.figures else _LEFT
        reader = self._reader(column, role)
        if reader is None:
            return None
        # A mark is no text: it names a sign.
        return reader(row) if role == MARK_ROLE else isolated(reader(row))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        across = orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._columns)
        if role == Qt.ItemDataRole.TextAlignmentRole and across and self._columns[section].figures:
            return _RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        return say(self._columns[section].title) if 0 <= section < len(self._columns) else None

    @staticmethod
    def _reader(column: Column, role: int) -> Callable[[Any], str] | None:
        if role == _SHOWN:
            return column.text
        if role == _TIP:
            return column.tip
        if role == _READ_OUT:
            return lambda row: f"{say(column.title)}: {column.text(row)}"
        return {DETAIL_ROLE: column.detail, MARK_ROLE: column.mark}.get(role)
