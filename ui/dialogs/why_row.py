"""The reason of a change in one row of a form: where it may stay open, beside many other fields."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from planner.model.plan import REASONS
from planner.services.verbs.reasons import Why
from ui.dialogs.choice_box import StillBox
from ui.dialogs.form import hand_keys_on, line
from ui.dialogs.reasons import GRADES, TOXICITY, UNSAID
from ui.tongue import say


class WhyRow(QWidget):
    """Reason, grade of a toxicity, note. Grade and note are there once a reason is: without one nothing is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.reason, self.grade = StillBox(), StillBox()
        self.note = line("Note", hint="may stay empty")
        for box, name, choices in (
            (self.reason, "Reason", (UNSAID, *((one, one) for one in REASONS))),
            (self.grade, "Grade", GRADES),
        ):
            box.setAccessibleName(name)
            for value, words in choices:
                box.addItem(say(words), value)
        self.grade.setToolTip("Grade")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.reason, self.grade):
            row.addWidget(part)
        row.addWidget(self.note, 1)
        hand_keys_on(self, self.reason)
        self.reason.currentIndexChanged.connect(self._show_more)
        self._show_more()

    def why(self) -> Why | None:
        """The reason as told; None where it was left open."""
        reason = self.reason.currentData()
        grade = self.grade.currentData() if reason == TOXICITY else 0
        return Why(reason, self.note.text().strip(), grade) if reason else None

    def _show_more(self) -> None:
        reason = self.reason.currentData()
        self.grade.setVisible(reason == TOXICITY)
        self.note.setVisible(bool(reason))
