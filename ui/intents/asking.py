"""What all intents share: the open plan, the selected thing, the way to ask a question and to edit once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.services.verbs.reasons import because, is_under_way
from ui.commands import Nudge
from ui.document import PlanDocument
from ui.edit_names import with_reason
from ui.models.subject import Subject
from ui.surroundings import Surroundings
from ui.translated import translate

if TYPE_CHECKING:
    from ui.dialogs.described import DescribedDialog, Form
    from ui.dialogs.fields import Answers


class Outcomes(QObject):
    """`told` carries the name of an edit that was carried out, `failed` why something did not happen.

    `said` carries what else is worth a word, `listed` comes when the list of plans reads differently. `placed` names a
    block that is new and may lie out of sight, `created` comes with a further plan of a patient.
    """

    told = Signal(str)
    failed = Signal(str)
    said = Signal(str)
    listed = Signal()
    placed = Signal(str)
    created = Signal()


class Asking(Outcomes):
    """Asks a question over the window and carries out one edit."""

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

    def ask_change(
        self,
        form: "Form",
        text: "str | Callable[[Answers], str]",
        change: "Callable[[Answers, Plan], Plan]",
        over: QWidget | None = None,
    ) -> "DescribedDialog":
        """Ask a form that shows what would change, over that dialog or the window; answered, it is one edit."""
        # Imported at the first question: no list and no menu has to wait for the kinds of fields there are.
        from ui.dialogs.described import DescribedDialog

        asked = replace(
            form, preview=lambda answers: self.document.preview(lambda plan: change(answers, plan)), before=self.shown
        )
        dialog = DescribedDialog(asked, over or self.window)

        def carry_out() -> None:
            answers = dialog.answers()
            name = with_reason(text if isinstance(text, str) else text(answers), answers.get("reason"))
            self.edit(name, lambda plan: change(answers, plan))

        self.ask(dialog, carry_out)
        return dialog

    def edit_course(self, text: str, accept: str, change: Callable[[Plan], Plan]) -> None:
        """Carry out an edit of the course at once while a plan is being built; of one under way ask first why."""
        plan = self.document.evaluated.plan if self.document.evaluated else None
        if plan is None or not is_under_way(plan):
            self.edit(text, change)
            return
        from ui.dialogs.described import Form
        from ui.dialogs.reasons import reason_of_course, why_fields, why_of

        form = Form(text, accept, why_fields(reason_of_course(plan)))
        self.ask_change(form, text, lambda answers, plan: because(plan, change(plan), why_of(answers)))

    @property
    def shown(self) -> EvaluatedPlan | None:
        """The open plan."""
        return self.document.evaluated

    def ask(self, dialog: QDialog, then: Callable[[], None]) -> None:
        """Show the question over the window; `then` comes when it is answered."""
        translate(dialog)
        from ui.dialogs.form import room_on
        from ui.dialogs.form_help import offer_help

        offer_help(dialog)
        dialog.accepted.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        dialog.resize(dialog.size().boundedTo(room_on(self.window.screen())))
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()
