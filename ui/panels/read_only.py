"""One sentence over the plan that stays as long as it is true: nothing can be changed, and why."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from ui.tongue import say

AGAIN = "Regimap looks at this again when it is started."


class ReadOnlyBar(QFrame):
    """Shown where the store may only be read: why, which is a part of a sentence. It has no way to close it."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setAccessibleName("Nothing can be changed")
        self.words = QLabel(f"{words[:1].upper()}{words[1:]}. {say(AGAIN)}")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setProperty("tone", "wrong")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self.words, 1)
