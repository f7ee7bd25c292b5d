"""The plan under each answer of a decision, side by side. Looking changes nothing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import OpenDecision
from planner.services.verbs.deciding import Branch
from ui.dialogs.change_text import change_lines
from ui.models.finding_table import count_text
from ui.rows.words import plain_label, unbroken
from ui.tongue import say, weekday_date

ROWS = ("Blocks", "Ends", "Open findings", "Against the plan as it is drawn")
LEAST = 260
"""Least width in px of one answer."""


class BranchesDialog(QDialog):
    """A column for each answer; `text(column)` is what stands in it."""

    def __init__(
        self, decision: OpenDecision, branches: Sequence[Branch], drawn: EvaluatedPlan, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Answers side by side"))
        self._texts = [_texts(branch, drawn) for branch in branches]
        page = QWidget()
        grid = QGridLayout(page)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for number, name in enumerate(ROWS, 1):
            grid.addWidget(plain_label(say(name), "heading"), number, 0, Qt.AlignmentFlag.AlignTop)
        for column in range(1, len(branches) + 1):
            self._add(grid, column)
        grid.setRowStretch(len(ROWS) + 1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setAccessibleName(say("Answers side by side"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 16)
        whole.setSpacing(8)
        whole.addWidget(plain_label(decision.decision.question, "title"))
        wanted = decision.decision.needs
        needs = say("Needs {what}", what=", ".join(wanted)) + "." if wanted else ""
        due = say("Due {day}.", day=weekday_date(decision.day)) if decision.block else ""
        whole.addWidget(plain_label(f"{due} {needs}".strip(), "muted"))
        whole.addWidget(area, 1)
        whole.addWidget(buttons)
        self.resize(min(200 + (LEAST + 24) * len(branches), 1180), 560)

    def text(self, column: int) -> str:
        """Everything about the answer of that number, from 0."""
        return "\n".join(self._texts[column])

    def _add(self, grid: QGridLayout, column: int) -> None:
        title = plain_label(self._texts[column - 1][0], "title")
        title.setMinimumWidth(LEAST)
        grid.addWidget(title, 0, column, Qt.AlignmentFlag.AlignTop)
        for number, text in enumerate(self._texts[column - 1][1:], 1):
            grid.addWidget(plain_label(unbroken(text)), number, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(column, 1)


WHAT_IF = "(what-if)"


def _texts(branch: Branch, drawn: EvaluatedPlan) -> tuple[str, ...]:
    """Title, then one text for each of `ROWS`."""
    blocks = "\n".join(
        f"{block.title}: "
        + say("{first} to {last}", first=weekday_date(block.begins), last=weekday_date(block.end - 1))
        for block in branch.evaluated.schedule.blocks
    )
    # The answer that is only followed stands over the column; nobody gave it on any day.
    changed = "\n".join(line for line in change_lines(drawn, branch.evaluated) if WHAT_IF not in line)
    return (
        say("{answer} (as drawn)", answer=branch.choice.title) if branch.is_drawn else branch.choice.title,
        blocks or say("no block"),
        weekday_date(branch.ends) if branch.ends else say("no day"),
        count_text(branch.evaluated.findings),
        say("This is the plan as it is drawn.") if branch.is_drawn else changed,
    )
