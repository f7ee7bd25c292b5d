"""A quiet bar that says what just happened and offers to take it back. It never takes the focus."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from ui.problem_words import problem_words
from ui.tongue import say


class NoticeBar(QFrame):
    """One sentence, an Undo button where there is something to undo, and a way to close it."""

    undoRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.undo = QPushButton("Undo")
        self.close_button = QPushButton("Close")
        self.close_button.setProperty("quiet", "true")
        self.close_button.setAccessibleName(say("Close this message"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.undo)
        row.addWidget(self.close_button)
        self.undo.clicked.connect(self.undoRequested)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def tell(self, words: str, *, undoable: bool = False, wrong: bool = False) -> None:
        """Show the sentence until the next one or until closed; `wrong` marks a refusal."""
        self.words.setText(problem_words(words))
        self.words.setProperty("tone", "wrong" if wrong else "")
        self.words.style().polish(self.words)
        self.undo.setVisible(undoable)
        self.show()
