"""The body of a question: its fields and, where it has consequences, those below them or beside them."""

from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.rows.words import plain_label

BESIDE = 860
"""Px of the screen's width from which the second half may stand beside the first instead of below it."""


class _Yielding(QWidget):
    """Gives way where there is little room: to Qt, a height that depends on the width is one that must not shrink."""

    def hasHeightForWidth(self) -> bool:
        return False


class Halves(QBoxLayout):
    """Holds the fields alone, or with a view below them; `stand_beside` puts the view beside the fields."""

    def __init__(self, fields: QVBoxLayout) -> None:
        super().__init__(QBoxLayout.Direction.TopToBottom)
        self._fields = fields
        self.brief: QWidget | None = None
        """What the view says, in one line, for where the view itself is out of sight."""
        self.setSpacing(12)
        self.addLayout(fields, 1)

    @property
    def is_stacked(self) -> bool:
        """Whether there are two halves, one below the other."""
        return self.count() > 1 and self.direction() is QBoxLayout.Direction.TopToBottom

    def put_below(self, title: str, view: QWidget, brief: QWidget) -> None:
        """Show the view under that title below the fields; where there is little room the view gives way."""
        self.brief = brief
        fields, half = QWidget(), _Yielding()
        fields.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.removeItem(self._fields)
        self._fields.setContentsMargins(0, 0, 0, 0)
        fields.setLayout(self._fields)
        below = QVBoxLayout(half)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(12)
        below.addWidget(plain_label(title, "heading"))
        below.addWidget(view, 1)
        self.addWidget(fields)
        self.addWidget(half, 1)

    def stand_beside(self) -> None:
        """The fields at the left, the view at the right."""
        self._fields.addStretch(1)
        self.setDirection(QBoxLayout.Direction.LeftToRight)
        self.setSpacing(24)
        for half, part in enumerate((4, 5)):
            self.setStretch(half, part)
