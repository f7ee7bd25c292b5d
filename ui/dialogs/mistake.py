"""What a person sees when the program itself fails: what is safe, what to do, and nothing about a patient."""

import traceback
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from ui.rows.words import plain_label
from ui.tongue import say

WORDS = """The program made a mistake it did not expect. What you asked for last may not have happened.

Everything up to your last finished edit is saved. Close this message and look whether the plan is as you expect; if \
not, quit and start again.

If you report it, copy the place of the mistake. It holds no patient data."""

WIDTH = 480


def place_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Kind of error and the lines that led to it. Never the error's own text or values: they may name a patient."""
    frames = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
    return "\n".join([kind.__name__, *frames[-12:]])


class ErrorDialog(QDialog):
    """The words above and a button that copies the place."""

    def __init__(self, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Regimap: unexpected mistake"))
        self.place = place
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(plain_label(say("Something went wrong"), "title"))
        column.addWidget(plain_label("\n\n".join(map(say, WORDS.split("\n\n")))))
        column.addWidget(plain_label(place, "muted"))
        column.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton(say("Copy the place"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(place))
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.resize(WIDTH, max(column.totalHeightForWidth(WIDTH), 320))  # the sentences wrap: none may be cut
