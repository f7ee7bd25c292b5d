"""A field for one date: typed as people type, shown back with its weekday so that a slip is seen."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from planner.model.civil import clinical_date
from ui.dialogs.date_text import parse_date
from ui.dialogs.form import hand_keys_on
from ui.tongue import say, weekday_date


class DateField(QWidget):
    """A line to type in and, beside it, the day as understood or what is wrong. Up and Down change it by a day.

    While it is written otherwise than the program writes days, the whole day stands beside it; left, the line shows it.
    `more` is told beside a day that can be read. A day after `latest`, which is today, is told to lie in the future;
    whether it can be taken is the form's to say.
    """

    changed = Signal()

    def __init__(
        self,
        name: str,
        day: date | None = None,
        *,
        optional: bool = False,
        more: Callable[[date], str] | None = None,
        latest: date = date.max,
    ) -> None:
        super().__init__()
        self._optional = optional
        self._more = more
        self._latest = latest
        self.line = QLineEdit(clinical_date(day) if day else "")
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText("14-Mar-2026")
        self.line.setMaximumWidth(128)
        self.answer = QLabel()
        self.answer.setProperty("tone", "muted")
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.answer.setMinimumWidth(32)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line)
        row.addWidget(self.answer, 1)
        hand_keys_on(self, self.line)
        self.line.textChanged.connect(self._answer)
        self.line.editingFinished.connect(self._show_understood)
        self._answer()

    @property
    def problem(self) -> str:
        """What is wrong with the text; empty where it can be used."""
        if self._optional and not self.line.text().strip():
            return ""
        try:
            parse_date(self.line.text())
        except ValueError as error:
            return str(error)
        return ""

    @property
    def day(self) -> date | None:
        """The date, or None where the field is empty or wrong."""
        try:
            return parse_date(self.line.text())
        except ValueError:
            return None

    def set_day(self, day: date | None) -> None:
        """Show that day."""
        self.line.setText(clinical_date(day) if day else "")

    def look_again(self) -> None:
        """`more` has something else to tell of the same day."""
        self._answer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        day = self.day
        if step is None or day is None:
            super().keyPressEvent(event)
            return
        self.set_day(date.fromordinal(day.toordinal() + step))

    def _understood(self, day: date) -> str:
        whole = weekday_date(day)
        shown = whole.split(" ")[0] if self.line.text().strip() == clinical_date(day) else whole
        return f"{shown} · {self._more(day)}" if self._more else shown

    def _show_understood(self) -> None:
        if day := self.day:
            self.set_day(day)

    def _answer(self) -> None:
        day, problem = self.day, self.problem
        if day and day > self._latest:
            problem = say("lies in the future")
        empty = not self.line.text().strip()
        wrong = bool(problem) and not empty
        self.answer.setText(problem if wrong else self._understood(day) if day else "")
        self.answer.setToolTip(problem if wrong else "")  # where a narrow row cuts it
        self.answer.setProperty("tone", "wrong" if wrong else "muted")
        self.answer.style().polish(self.answer)
        self.line.setProperty("wrong", wrong)
        self.line.style().polish(self.line)
        self.changed.emit()
