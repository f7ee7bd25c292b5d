"""A page to read: a title and sections of plain text, with a line to search in it. Nothing on it is markup."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from planner.model.words import fold
from ui.dialogs.form import line
from ui.models.description import Section
from ui.reading_order import go_beside
from ui.rows.words import plain_label
from ui.tongue import say

FIRST = 280
"""Width in px of the first of two columns."""


class PageDialog(QDialog):
    """Shows the sections; the words of the search line keep only the lines that hold each of them."""

    def __init__(
        self, title: str, subtitle: str, sections: Sequence[Section], parent: QWidget | None = None, *, hint: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._sections = tuple(sections)
        self.search = line(hint or "Search on this page", hint=hint or "Search on this page")
        self.search.setClearButtonEnabled(True)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(title, "title"))
        if subtitle:
            column.addWidget(plain_label(subtitle, "muted"))
        column.addWidget(self.search)
        self.search.setVisible(bool(self._sections))
        column.addWidget(self.area, 1)
        column.addWidget(buttons)
        self.search.textChanged.connect(self._show)
        self.area.setVisible(bool(self._sections))
        self.resize(QSize(760, 620) if self._sections else QSize(480, 0))
        self._show("")
        self.search.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:
        return go_beside(self, forward=forward)

    def text(self) -> str:
        """Everything shown now, line by line."""
        return "\n".join(line for section in self._found() for line in (section.heading, *section.lines))

    def _found(self) -> list[Section]:
        wanted = fold(self.search.text()).split()
        found = []
        for section in self._sections:
            inside = fold(section.heading)
            lines = tuple(one for one in section.lines if all(word in f"{inside} {fold(one)}" for word in wanted))
            links = section.links if not wanted or lines else ()
            if lines or links:
                found.append(section._replace(lines=lines, links=links))
        return found

    def _show(self, _words: str) -> None:
        page = QWidget()
        page.setProperty("panel", "true")
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(4)
        found = self._found()
        for section in found:
            if section.heading:
                column.addSpacing(8)
                column.addWidget(plain_label(say(section.heading), "heading"))
            if section.lines:
                column.addWidget(_lines(section.lines))
            for text, address in section.links:
                column.addWidget(_link(text, address))
        if not found and self._sections:
            column.addWidget(plain_label(say("Nothing on this page holds these words."), "muted"))
        column.addStretch(1)
        self.area.setWidget(page)


def _lines(lines: Sequence[str]) -> QWidget:
    """The lines under each other; what follows a tab stands in a second column."""
    if not any("\t" in one for one in lines):
        return plain_label("\n".join(lines))
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, FIRST)
    grid.setColumnStretch(1, 1)
    for row, one in enumerate(lines):
        first, _, second = one.partition("\t")
        grid.addWidget(plain_label(first), row, 0)
        grid.addWidget(plain_label(second, "quiet"), row, 1)
    return table


def _link(text: str, address: str) -> QPushButton:
    button = QPushButton(text if len(text) <= 90 else f"{text[:89]}…")
    button.setProperty("link", "true")
    button.setToolTip(address)
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
    return button
