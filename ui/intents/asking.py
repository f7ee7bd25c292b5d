"""What all intents share: the open plan, the selected thing, the way to ask a question and to edit once."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from ui.commands import Nudge
from ui.document import PlanDocument
from ui.models.subject import Subject
from ui.theme import Theme

MakeSheet = Callable[[EvaluatedPlan, str, str], bytes]
"""Evaluated plan, kind of sheet, paper -> PDF; runs beside the window."""


class Surroundings(Struct):
    """What the intents take from outside: clock, new ids, patients already known, theme, and the person's name.

    `who` is the one part that changes: the name given last is offered next time.
    """

    today: Callable[[], date]
    now: Callable[[], str]
    new_id: Callable[[], str]
    known_patients: Callable[[], frozenset[str]]
    theme: Callable[[], Theme]
    who: str = ""


class Asking(QObject):
    """`told` carries the name of an edit that was carried out, `failed` why something did not happen."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self, document: PlanDocument, around: Surroundings, window: QWidget, selected: Callable[[], Subject | None]
    ) -> None:
        super().__init__(window)
        self.document = document
        self.around = around
        self.window = window
        self._selected = selected

    @property
    def subject(self) -> Subject | None:
        """What is selected in the window."""
        return self._selected()

    def edit(self, text: str, change: Callable[[Plan], Plan], nudge: Nudge | None = None) -> None:
        """Carry out one named edit and tell of it."""
        if self.document.edit(text, change, nudge):
            self.told.emit(text)

    def ask(self, dialog: QDialog, then: Callable[[], None]) -> None:
        """Show the question over the window; `then` comes when it is answered."""
        dialog.accepted.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()
