"""What stands in the middle while there is nothing to draw: one sentence and the next step."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.models.rows_model import isolated
from ui.tongue import say


class EmptyState(QWidget):
    """A title, one sentence, one button."""

    def __init__(self, title: str, words: str, button: str) -> None:
        super().__init__()
        self.title = QLabel(title)
        self.title.setProperty("tone", "title")
        self.words = QLabel(words)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setMaximumWidth(420)
        self.button = QPushButton(isolated(say(button)))
        self.button.setProperty("main", "true")
        row = (
            QHBoxLayout()
        )  # the words are as wide as their limit, or narrower where they have to be, and in the middle
        row.addStretch(1)
        row.addWidget(self.words, 1000)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(row)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
