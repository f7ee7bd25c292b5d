"""What all intents share: the open plan, the selected thing, the way to ask a question and to edit once."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from planner.model.plan import Plan
from ui.commands import Nudge
from ui.document import PlanDocument
from ui.models.subject import Subject
from ui.surroundings import Surroundings


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
