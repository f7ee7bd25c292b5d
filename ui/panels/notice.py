"""What just happened, with a way to take it back, and what was refused. Neither ever takes the focus.

An edit is told beside the tabs, where nothing has to move for it: an editor must not jump at every edit. What was
refused, and whatever is too long for that place, has a bar of its own that is read whole.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QTabWidget, QWidget

from ui.problem_words import problem_words
from ui.rows.one_line import OneLine
from ui.rows.words import PlainLabel
from ui.tongue import say

LEAST = 220
"""Px beside the tabs below which an edit is told in the bar."""
GAP = 24
"""Px between the last tab and the words."""


class NoticeLine(QFrame):
    """One sentence, Undo and Close in the row of the tabs, as wide as the tabs leave room."""

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs)
        self._tabs = tabs
        self.words = OneLine()
        self.undo, self.close_button = _row(self, self.words, (0, 0, 4, 4), 4)
        self.undo.setProperty("slim", "true")
        self.close_button.setProperty("slim", "true")
        self.close_button.setText("×")
        self.hide()

    @property
    def room(self) -> int:
        """Px there are."""
        return self._tabs.width() - self._tabs.tabBar().sizeHint().width() - GAP

    def fits(self, words: str) -> bool:
        """Whether all the words can be read there."""
        beside = self.undo.sizeHint().width() + self.close_button.sizeHint().width() + 16
        return self.fontMetrics().horizontalAdvance(words) + beside <= self.room

    def sizeHint(self) -> QSize:
        return QSize(max(self.room, 0), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class NoticeBar(QFrame):
    """One sentence of any length, Undo where there is something to undo, and a way to close it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.words = PlainLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.undo, self.close_button = _row(self, self.words, (12, 4, 8, 4), 8)
        self.hide()


class Notice(QWidget):
    """Tells in the line beside the tabs where it can be read there, else in the bar. Itself it is never shown."""

    undoRequested = Signal()

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs)
        self.bar, self.line = NoticeBar(), NoticeLine(tabs)
        tabs.setCornerWidget(self.line, Qt.Corner.TopRightCorner)
        self._shown: NoticeBar | NoticeLine = self.line
        self._refused = False
        for part in (self.bar, self.line):
            part.undo.clicked.connect(self.undoRequested)
            part.hide()
        super().hide()

    @property
    def words(self) -> QLabel:
        """Where it is told."""
        return self._shown.words

    @property
    def undo(self) -> QPushButton:
        """The button that takes the edit back."""
        return self._shown.undo

    def tell(self, words: str, *, undoable: bool = False, wrong: bool = False, whole: bool = False) -> None:
        """Show the sentence until the next one or until closed; `wrong` marks a refusal, `whole` one not to be cut."""
        words, self._refused = problem_words(words), False
        beside = not (wrong or whole) and self.line.room >= LEAST and (undoable or self.line.fits(words))
        shown, other = (self.line, self.bar) if beside else (self.bar, self.line)
        self._shown = shown
        other.hide()
        shown.words.setText(words)
        shown.words.setProperty("tone", "wrong" if wrong else "")
        shown.words.style().polish(shown.words)
        shown.undo.setVisible(undoable)
        shown.show()

    def refuse(self, words: str, *, wrong: bool = True) -> None:
        """Say why something was not done, or (not `wrong`) what it needs, until somebody does something else."""
        self.tell(words, wrong=wrong)
        self._refused = True

    def let_go(self) -> None:
        """Somebody does something else: a refusal has been read, and takes its room from the lanes."""
        if self._refused:
            self.clear()

    def take_back(self, words: str) -> None:
        """Tell nothing where this is still what is told: it is no longer true."""
        if self.words.text() == problem_words(words):
            self.clear()

    def clear(self) -> None:
        """Tell nothing."""
        self.bar.hide()
        self.line.hide()


def _row(part: QFrame, words: QLabel, margins: tuple[int, int, int, int], gap: int) -> tuple[QPushButton, QPushButton]:
    """Put the words, Undo and Close beside each other; `margins` and `gap` in px."""
    undo, close = QPushButton("Undo"), QPushButton("Close")
    close.setProperty("quiet", "true")
    close.setAccessibleName(say("Close this message"))
    close.clicked.connect(part.hide)
    row = QHBoxLayout(part)
    row.setContentsMargins(*margins)
    row.setSpacing(gap)
    row.addWidget(words, 1)
    for button in (undo, close):
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(button)
    return undo, close
