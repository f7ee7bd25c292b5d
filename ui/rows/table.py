"""The table every panel uses: rows selected whole, no grid, keys go to the panel, the place kept over new rows."""

from collections.abc import Hashable, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.models.rows_model import RowsModel
from ui.tongue import say

LEAST_REST = 240
"""Width in px below which a column of sentences is not worth reading."""


class RowTable(QTableView):
    """Shows a RowsModel. `chosen` comes with the row when a person selects one, `opened` on Enter or double click.

    `roomChanged` comes when there is another width for the rows, as when the bar beside them comes.
    """

    chosen = Signal(object)
    opened = Signal(object)
    roomChanged = Signal()

    def __init__(self, model: RowsModel, name: str, row_height: int = 24) -> None:
        super().__init__()
        self._rows = model
        self._quiet = False
        self._rest, self._least = -1, LEAST_REST
        self.setModel(model)
        self.setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(say("Columns of {table}", table=say(name)))
        self.verticalHeader().setAccessibleName(say("Rows of {table}", table=say(name)))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._choose)

    def give_rest(self, column: int, least: int = LEAST_REST) -> None:
        """Give that column all width the others leave; where that is less than `least` px, the table scrolls."""
        self._rest, self._least = column, least
        self._fit_rest()

    def set_widths(self, widths: Sequence[int]) -> None:
        """Make the columns so many px wide, and so wide that no heading is cut; 0 has all that the others leave."""
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            if width:
                self.setColumnWidth(column, max(width, header.sectionSizeHint(column)))
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def fit_columns(self, most: Sequence[int]) -> None:
        """Make each of the first columns as wide as what it shows, up to those px; the rest has what is left.

        What the rest has beyond its least goes first to those that would be cut at those px.
        """
        header = self.horizontalHeader()
        wanted = [max(self.sizeHintForColumn(one), header.sectionSizeHint(one)) for one in range(len(most))]
        spare = self.viewport().width() - sum(map(min, wanted, most)) - self._least
        for column, (wide, limit) in enumerate(zip(wanted, most, strict=True)):
            more = min(max(wide - limit, 0), max(spare, 0))
            spare -= more
            self.setColumnWidth(column, min(wide, limit) + more)
        self._fit_rest()

    def fit_rows(self) -> None:
        """Make each row as high as what it shows, now and whenever the width changes: for lists of tens of rows."""
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._rest >= 0:
            self._fit_rest()
        if event.oldSize().width() != event.size().width():
            self.roomChanged.emit()

    def _fit_rest(self) -> None:
        header, column = self.horizontalHeader(), self._rest
        others = sum(header.sectionSize(one) for one in range(header.count()) if one != column)
        fits = self.viewport().width() - others >= self._least
        header.setSectionResizeMode(
            column, QHeaderView.ResizeMode.Stretch if fits else QHeaderView.ResizeMode.Interactive
        )
        if not fits:
            header.resizeSection(column, self._least)

    def title(self, column: int) -> str:
        """What stands over that column."""
        return str(self._rows.headerData(column, Qt.Orientation.Horizontal) or "")

    def row(self) -> Any:
        """The selected row, or None."""
        number = self.currentIndex().row()
        return self._rows.rows[number] if 0 <= number < len(self._rows.rows) else None

    def select_key(self, key: Hashable) -> bool:
        """Select the row of that key without telling anybody; False where there is none."""
        number = self._rows.row_of(key)
        self._quiet = True
        if number < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            self._select(number)
        self._quiet = False
        return number >= 0

    def show_rows(self, rows: tuple[Any, ...]) -> None:
        """Replace the rows and keep the selected one and the scrolled place where they still exist.

        A selected row that was in sight stays so: the plan that was just saved comes first in its list.
        """
        index = self.currentIndex()
        key = self._rows.key_at(index.row())
        seen = index.isValid() and self.viewport().rect().intersects(self.visualRect(index))
        place = self.verticalScrollBar().value()
        self._rows.show(rows)
        if key is not None:
            self.select_key(key)
        self.verticalScrollBar().setValue(place)
        if seen and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first row the current one when a view gets the focus; here that is left to the person."""
        nothing = not self.currentIndex().isValid()
        self._quiet = True
        super().focusInEvent(event)
        if nothing:
            self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row() is not None:
            self._open()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not self.currentIndex().isValid():
            self.selectRow(max(self.rowAt(0), 0))  # what is in sight, and not what lies far above it
            return
        super().keyPressEvent(event)

    def _select(self, number: int) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._rows.index(number, 0), flags)
        self.scrollTo(self._rows.index(number, 0))

    def _choose(self) -> None:
        row = self.row()
        if row is not None and not self._quiet:
            self.chosen.emit(row)

    def _open(self) -> None:
        row = self.row()
        if row is not None:
            self.opened.emit(row)
