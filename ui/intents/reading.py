"""Questions that change nothing on the plan: print, find an action, what the program claims."""

from collections.abc import Sequence
from functools import cache, partial

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction

from planner.errors import KnownError
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services.sheet_titles import PATIENT_SHEETS
from ui.dialogs.about import AboutDialog
from ui.dialogs.change_text import change_lines
from ui.dialogs.history import HistoryDialog
from ui.dialogs.palette import PaletteDialog
from ui.dialogs.print_many import PrintDoors, PrintManyDialog
from ui.dialogs.printing import PrintDialog, SheetDoors
from ui.document import may_be_left
from ui.intents.asking import Asking
from ui.models.catalogue_list import short_titles
from ui.models.plan_list import BEHIND
from ui.problem_words import error_words
from ui.surroundings import Doors
from ui.tongue import language, say
from ui.workers import Workers

UNSAVED_PRINTED = "The last edit is on this sheet and not saved: the store does not hold the plan that is printed."
UNSAVED_LEFT = "the last edit is not saved and not on this sheet"
AS_IN_THE_SETTINGS = "When to call is printed as it is written in the settings; nobody translates it."
IN_ENGLISH = "In English on this sheet, because the site has no words for it in this language ({count}): {first}"
WENT_BACK = "The plan is as it was in state {number}. State {newest}, as it stood until now, is kept in its history."


class ReadingIntents(Asking):
    """Print dialogs, the palette, the history and the page of claims. `issueRequested` carries a sheet to hand out."""

    issueRequested = Signal(str)

    def print_sheets(self, doors: Doors, workers: Workers) -> None:
        """Show the sheets of the plan as it stands now."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return
        records = doors.vault().records
        beside = records.beside(evaluated.plan).ids
        shown = [evaluated]

        @cache
        def before(sheet: str) -> EvaluatedPlan | None:
            issued = records.as_issued(shown[0], sheet)
            return self.document.look_at(issued) if issued else None

        def again(now: EvaluatedPlan | None) -> None:
            shown[0] = now or evaluated
            before.cache_clear()
            dialog.make_again()

        sheets = SheetDoors(
            doors.sheets,
            doors.settings().site.paper,
            doors.languages(),
            lambda sheet, on, wish, earlier: doors.make_sheet(shown[0], sheet, on, wish, earlier, beside),
            before,
            lambda sheet, wish: (
                self._behind(doors) + self._doubts(shown[0], sheet, wish, self.document.site(), UNSAVED_PRINTED)
            ),
        )
        dialog = PrintDialog(sheets, evaluated.plan.patient.id, workers, self.window)
        dialog.issued.connect(self.issueRequested)
        self.document.evaluated_changed.connect(again)
        dialog.finished.connect(lambda _: self.document.evaluated_changed.disconnect(again))
        dialog.saved.connect(lambda _: self._note_print(doors, evaluated.plan.id, dialog.sheet.currentData()))
        self.ask(dialog, lambda: None)

    def print_many(self, doors: Doors, workers: Workers) -> None:
        """Save several sheets of several plans."""
        records, beside = doors.vault().records, dict[str, tuple[str, ...]]()

        def look(plan_id: str) -> EvaluatedPlan:
            plan = doors.load_revision(plan_id, None)
            beside[plan_id] = records.beside(plan).ids
            return self.document.look_at(plan)

        print_doors = PrintDoors(
            doors.find_plans,
            look,
            lambda plan, sheet, on, wish: doors.make_sheet(plan, sheet, on, wish, None, beside[plan.plan.id]),
            lambda plan, sheet, wish: self._doubts(plan, sheet, wish, doors.settings().site, UNSAVED_LEFT),
        )
        dialog = PrintManyDialog(
            print_doors,
            doors.sheets,
            doors.settings().site.paper,
            workers,
            titles=short_titles(self.document.library),
            languages=doors.languages(),
            parent=self.window,
        )
        dialog.printed.connect(partial(self._note_print, doors))
        self.ask(dialog, lambda: None)

    def _behind(self, doors: Doors) -> tuple[str, ...]:
        """That the store holds a newer state of the open plan than what is printed."""
        evaluated = self.document.evaluated
        return (say(BEHIND),) if evaluated and doors.is_behind(evaluated.plan) else ()

    def _doubts(self, plan: EvaluatedPlan, sheet: str, wish: Wish, site: Site, unsaved: str) -> tuple[str, ...]:
        """What somebody has to know of a sheet before it is handed on."""
        # Imported here because the window opens without what makes sheets.
        from planner.services.printing import calls_left, left_in_english

        opened = self.document.evaluated
        here = opened is not None and opened.plan.id == plan.plan.id
        found = [say(unsaved)] if here and not self.document.is_saved else []
        if sheet not in PATIENT_SHEETS:
            return tuple(found)
        english = left_in_english(plan, wish)
        if english:
            found.append(say(IN_ENGLISH, count=len(english), first=english[0]))
        # Who chose the language of the window most likely wrote the settings in it.
        if calls_left(site, wish, language()):
            found.append(say(AS_IN_THE_SETTINGS))
        return tuple(found)

    def _note_print(self, doors: Doors, plan_id: str, sheet: str) -> None:
        try:
            doors.vault().records.note_print(plan_id, sheet)
        except KnownError as error:
            self.failed.emit(error_words(error))

    def find_action(self, actions: Sequence[QAction]) -> None:
        """Offer all enabled actions; the chosen one runs once the palette is gone."""
        dialog = PaletteDialog(actions, self.window)
        self.ask(dialog, lambda: dialog.picked.trigger() if dialog.picked else None)

    def show_history(self, doors: Doors) -> None:
        """Every saved state of the open plan, of this session and of earlier ones."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return
        plan_id = evaluated.plan.id
        revisions = doors.history(plan_id)

        now = evaluated.plan.patient

        def compare(counter: int, patient_too: bool) -> tuple[str, ...]:
            older = doors.load_revision(plan_id, counter)
            kept = older if patient_too else replace(older, patient=now)
            # As it is judged now: a list opened at the first second told every finding as gone, before rules were read.
            return change_lines(self.document.look_at(kept), self.document.evaluated or evaluated)

        def lost(counter: int) -> tuple[str, ...]:
            known = doors.load_revision(plan_id, counter).patient.allergies
            return tuple(one for one in now.allergies if one not in known)

        dialog = HistoryDialog(revisions, compare, lost, self.window)

        def go_back() -> None:
            if not may_be_left(self.document):
                return
            number, newest = dialog.counter(), max(one.counter for one in revisions)
            try:
                self.document.open(*doors.go_back(plan_id, number, dialog.patient_too.isChecked()))
            except KnownError as error:
                self.failed.emit(error_words(error))
                return
            self.document.saved.emit()
            self.said.emit(say(WENT_BACK, number=number, newest=newest))

        self.ask(dialog, go_back)

    def show_claims(self, version: str) -> None:
        """What the program is, what it does not claim, which content is loaded."""
        self.ask(AboutDialog(self.document.library, version, self.window), lambda: None)
