"""Questions that change nothing on the plan: print, find an action, what the program claims."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from ui.dialogs.about import AboutDialog
from ui.dialogs.palette import PaletteDialog
from ui.dialogs.printing import PrintDialog
from ui.document import PlanDocument
from ui.intents.asking import Asking, Surroundings
from ui.workers import Workers

MakeSheet = Callable[[EvaluatedPlan, str, str], bytes]
"""Evaluated plan, kind of sheet, paper -> PDF; runs beside the window."""


class ReadingIntents(Asking):
    """Print dialogs, the palette and the page of claims."""

    def __init__(self, document: PlanDocument, around: Surroundings, window: QWidget, workers: Workers) -> None:
        super().__init__(document, around, window)
        self._workers = workers

    def print_sheets(self, make: MakeSheet, sheets: Mapping[str, str], paper: str) -> None:
        """Show the sheets of the plan as it stands now."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return
        dialog = PrintDialog(
            sheets,
            paper,
            lambda sheet, on: make(evaluated, sheet, on),
            evaluated.plan.patient.id,
            self._workers,
            self.window,
        )
        self.ask(dialog, lambda: None)

    def find_action(self, actions: Sequence[QAction]) -> None:
        """Offer all enabled actions; the chosen one runs once the palette is gone."""
        dialog = PaletteDialog(actions, self.window)
        self.ask(dialog, lambda: dialog.picked.trigger() if dialog.picked else None)

    def show_claims(self, version: str) -> None:
        """What the program is, what it does not claim, which content is loaded."""
        self.ask(AboutDialog(self.document.library, version, self.window), lambda: None)
