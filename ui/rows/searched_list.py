"""A list with a search line over it: saved plans, protocols. It narrows as one types; Enter takes the row."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.models.rows_model import Column, RowsModel, isolated
from ui.rows.delegates import ROW_HEIGHT, SECOND_LINE, TwoLines
from ui.rows.filter_button import FilterButton
from ui.rows.table import RowTable
from ui.theme import Theme
from ui.tongue import say

Find = Callable[[str], Sequence[Any]]
LEAST = 32
"""Px of rows where there is no room for more: with two lists the window still fits a small screen at 150 %."""


class SearchedList(QWidget):
    """A heading, a search line, a list of two-line rows, a sentence where it is empty, a button that takes the row.

    `taken` comes with the row on Enter, double click or button. `take` is the button's word.
    """

    taken = Signal(object)

    def __init__(
        self,
        title: str,
        hint: str,
        columns: Sequence[Column],
        *,
        key: Callable[[Any], Hashable],
        take: str,
        theme: Theme,
        most: int = 0,
    ) -> None:
        """`most` is how many rows are listed at once, 0 for all; that there are more is said."""
        super().__init__()
        self._most = most
        self.setProperty("panel", "true")
        self._find: Find = lambda _: ()
        self._empty_words = ""
        self._each_its_own = False
        self._name = columns[0].text
        self.heading = QLabel(title)
        self.heading.setProperty("tone", "heading")
        self.count = QLabel()
        self.count.setProperty("tone", "muted")
        self.search = QLineEdit()
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(hint)
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.model = RowsModel(columns, key, self)
        self.table = RowTable(self.model, title, ROW_HEIGHT)
        self.table.horizontalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.delegate = TwoLines(theme, self)
        self.table.setItemDelegate(self.delegate)
        self.table.setMinimumHeight(LEAST)
        self.table.viewport().installEventFilter(self)
        self._marked: Hashable = None
        self.empty = QLabel()
        self.empty.setProperty("tone", "muted")
        self.empty.setWordWrap(True)
        self.button = QPushButton(isolated(say(take)))
        self.button.setAutoDefault(False)
        self._lay_out()
        self.search.textChanged.connect(self.refresh)
        self.table.opened.connect(self.taken)
        self.button.clicked.connect(self._take)

    def sizeHint(self) -> QSize:
        return QSize(240, 300)

    def show_found(self, find: Find, empty_words: str) -> None:
        """Take rows from `find(words)`; `empty_words` is the next step where there is nothing to search in."""
        self._find = find
        self._empty_words = empty_words
        self.refresh()

    def row(self) -> Any:
        """The selected row, else the only one there is; None where several could be meant."""
        rows = self.model.rows
        return self.table.row() or (rows[0] if len(rows) == 1 else None)

    def mark(self, key: Hashable) -> None:
        """Select the row of what was opened, once: afterwards a person goes through the list as they like."""
        if key != self._marked and self.model.row_of(key) >= 0:
            self.table.select_key(key)
            self._marked = key

    def add_filter(self, button: FilterButton) -> None:
        """Let that button narrow the list; `find` asks it what is chosen."""
        self._head.insertWidget(1, button)
        button.changed.connect(self.refresh)

    def start_search(self) -> None:
        """Bring the keys to the search line."""
        self.search.setFocus()
        self.search.selectAll()

    def refresh(self) -> None:
        """Search again with the words of the search line."""
        words = self.search.text()
        found = tuple(self._find(words))
        rows = found[: self._most] if self._most else found
        self.table.show_rows(rows)
        self._fit_names()
        more = len(found) > len(rows)
        self.count.setText(say("first {count}", count=len(rows)) if more else str(len(rows)) if rows else "")
        self.count.setToolTip(say("There are more; what you type above finds them.") if more else "")
        self.empty.setText(say("Nothing is found by these words.") if words.strip() else self._empty_words)
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.button.setEnabled(bool(rows))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search line, Down goes into the list and Enter takes its first row."""
        if event.type() == QEvent.Type.Resize and watched is self.table.viewport():
            self._fit_names()
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.model.rows:
                self.table.setFocus()
                self.table.select_key(self.model.key_at(0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.rows:
                self.taken.emit(self.model.rows[0])
                return True
        return super().eventFilter(watched, event)

    def set_theme(self, theme: Theme) -> None:
        """Draw in that theme from now on."""
        self.delegate.theme = theme
        self.table.viewport().update()

    def _fit_names(self) -> None:
        """A row with a name longer than the list is wide has two lines for it."""
        if self._each_its_own:
            return
        header, low = self.table.verticalHeader(), ROW_HEIGHT + SECOND_LINE
        header.setDefaultSectionSize(low)
        for row, cut in enumerate(self.delegate.cut(map(self._name, self.model.rows), self.font())):
            height = low + SECOND_LINE * cut
            if header.sectionSize(row) != height:
                header.resizeSection(row, height)

    def fit_each(self) -> None:
        """Let each row be as high as its own words: for lists of tens."""
        self._each_its_own = True
        self.table.fit_rows()

    def _take(self) -> None:
        row = self.table.row() or (self.model.rows[0] if self.model.rows else None)
        if row is not None:
            self.taken.emit(row)

    def _lay_out(self) -> None:
        self._head = head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.count)
        self.layout_column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self.search, self.table, self.empty, self.button):
            column.addWidget(part, 1 if part is self.table else 0)
        column.addStretch(0)
