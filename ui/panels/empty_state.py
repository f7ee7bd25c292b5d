"""What stands in the middle while there is nothing to draw: one sentence and the next step."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.models.rows_model import isolated


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
        self.button = QPushButton(isolated(button))
        self.button.setProperty("main", "true")
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.words)  # in the middle too, being no wider than its limit, but narrower where it has to
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
