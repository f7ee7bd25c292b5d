"""Questions that change nothing on the plan: print, find an action, what the program claims."""

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QAction

from ui.dialogs.about import AboutDialog
from ui.dialogs.palette import PaletteDialog
from ui.dialogs.printing import PrintDialog
from ui.intents.asking import Asking
from ui.surroundings import MakeSheet
from ui.workers import Workers


class ReadingIntents(Asking):
    """Print dialogs, the palette and the page of claims."""

    def print_sheets(self, make: MakeSheet, sheets: Mapping[str, str], paper: str, workers: Workers) -> None:
        """Show the sheets of the plan as it stands now."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return
        dialog = PrintDialog(
            sheets,
            paper,
            lambda sheet, on: make(evaluated, sheet, on),
            evaluated.plan.patient.id,
            workers,
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
