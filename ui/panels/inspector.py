"""The inspector: everything about the selected thing, and what can be done with it."""

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.models.description import EMPTY, Description
from ui.models.rows_model import isolated
from ui.rows.words import plain_label
from ui.tongue import say

HALF = 140
"""Px a button may be wide to stand beside another; a wider one has a row of its own."""
LINK_EDGE = 3
"""Px on each side of the words of an address, for the ring around it."""


class Inspector(QWidget):
    """Shows a Description. `actionRequested` comes with the id of an action from the action table."""

    actionRequested = Signal(str)

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self._shown: Description | None = None
        self.setProperty("panel", "true")
        self.setAccessibleName("Inspector")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName(say("Inspector"))
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._actions = QGridLayout()
        self._actions.setContentsMargins(12, 4, 12, 8)
        self._actions.setSpacing(8)
        self._actions.setColumnStretch(0, 1)
        self._actions.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addLayout(self._actions)
        self.show_description(EMPTY)

    def sizeHint(self) -> QSize:
        return QSize(320, 480)

    @property
    def shown(self) -> Description | None:
        """What stands here now."""
        return self._shown

    def show_description(self, description: Description) -> None:
        """Replace everything; the same again changes nothing."""
        if description == self._shown:
            return
        same = self._shown is not None and description.title == self._shown.title
        place = self.area.verticalScrollBar().value() if same else 0
        self._shown = description
        self.area.setWidget(self._page(description))
        self.area.verticalScrollBar().setValue(place)
        self._show_actions(description.actions)

    def _page(self, description: Description) -> QWidget:
        page = QWidget()
        page.setProperty("panel", "true")
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(2)
        column.addWidget(plain_label(say(description.title), "title"))
        if description.subtitle:
            column.addWidget(plain_label(description.subtitle, "muted"))
        for section in description.sections:
            if section.heading:
                column.addSpacing(10)
                column.addWidget(plain_label(say(section.heading), "heading"))
            for text in section.lines:
                column.addWidget(plain_label(say(text)))
            for text, address in section.links:
                column.addWidget(_Link(text, address))
        column.addStretch(1)
        return page

    def _show_actions(self, actions: tuple[str, ...]) -> None:
        while (item := self._actions.takeAt(0)) is not None:
            widget = item.widget()
            if widget:
                widget.hide()
                widget.deleteLater()
        place = 0
        for action in actions:
            button = QPushButton(isolated(self._titles[action]))
            button.clicked.connect(lambda _=False, action=action: self.actionRequested.emit(action))
            wide = button.sizeHint().width() > HALF
            place += place % 2 if wide else 0
            self._actions.addWidget(button, place // 2, place % 2, 1, 2 if wide else 1)
            place += 2 if wide else 1


class _Link(QPushButton):
    """An address to open, shortened to the room there is: one that kept its length would cut all lines beside it."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__(text)
        self._whole = text
        self.setProperty("link", "true")
        self.setToolTip(address)
        self.setAccessibleName(say("Open the source {address}", address=text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 2 * LINK_EDGE
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
