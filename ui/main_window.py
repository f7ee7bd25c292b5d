"""The window: patient banner and timeline at first, then all that stands around them. Every connection stands here.

The first paint shows who the plan is about and what is planned; menus, lists, inspector and tables move into their
rooms right after it (`furnish`), so that nothing of what is seen has to move.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from planner.errors import KnownError
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.revision import PlanSummary
from ui.document import PlanDocument, may_be_left
from ui.panels.banner import PatientBanner
from ui.problem_words import error_words, problem_words
from ui.rooms import Rooms
from ui.surroundings import Doors, Surroundings
from ui.theme import Theme
from ui.timeline.landing import LandingTimeline
from ui.tongue import say

if TYPE_CHECKING:
    from planner.model.schedule import Event
    from ui.furniture import Furniture
    from ui.models.subject import Subject

LEFT_OUT = "Content files with problems, left out: {files}. Help, What this program claims lists them."
LARGEST = QSize(1600, 1000)
"""The window at its first start: as large as the screen allows, up to this."""


class MainWindow(QWidget):
    """Shows one plan. Views only show and ask; the document alone holds."""

    def __init__(self, document: PlanDocument, around: Surroundings, doors: Doors, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Regimap")
        self.document, self.around, self.doors = document, around, doors
        self.subject: Subject | None = None
        self._shown: EvaluatedPlan | None = None
        self._before: EvaluatedPlan | None = None
        self._same = self.is_furnished = False
        self.rooms = Rooms(self)
        self.banner = PatientBanner(theme)
        self.timeline = LandingTimeline(theme)
        self.centre = QStackedWidget()
        self.centre.addWidget(QWidget())
        self.centre.addWidget(self.timeline)
        self.rooms.put_bar("banner", self.banner)
        self.middle = column(self.centre)
        self.rooms.put_centre(self.middle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.rooms)
        document.evaluated_changed.connect(self._show_plan)
        room = self.screen().availableGeometry().size()
        self.resize(room.boundedTo(LARGEST))
        if room.width() <= LARGEST.width():
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def furnish(self) -> None:
        """Put everything else in its room; once, after the first paint."""
        if self.is_furnished:
            return
        from ui.furniture import Furniture

        self._take_over(Furniture(self, self.rooms, self.centre, self.middle, self.around.theme()))
        self._connect()
        self.is_furnished = True
        self.furniture.show_plan(self._shown, judged=bool(self.document.library.rules))
        self._show_around()

    def _take_over(self, furniture: "Furniture") -> None:
        from ui.intents.wishes import Wishes
        from ui.pauses import Pauses
        from ui.telling import Telling
        from ui.workers import Workers

        self.workers = Workers(self)
        self.pauses = Pauses(self, self.document.saved, self.doors.rest)
        self.wishes = Wishes(self.document, self.around, self, lambda: self.subject)
        self.furniture = furniture
        self.actions_by_id, self.plans, self.catalogue = furniture.actions, furniture.plans, furniture.catalogue
        self.inspector, self.bottom, self.notice = furniture.inspector, furniture.bottom, furniture.notice
        self.no_plan, self.no_protocol = furniture.no_plan, furniture.no_protocol
        self.saved, self.checked = furniture.saved, furniture.checked
        self.telling = Telling(self, furniture, self.banner, self.wishes, self.doors.clock)

    def _connect(self) -> None:
        document = self.document
        document.saved.connect(self.telling.show_saved)
        for done in (self.timeline.selected, self.timeline.visibleDaysChanged):
            done.connect(self.pauses.act)
        self.pauses.begun.connect(self.doors.keep_state)
        document.save_failed.connect(self.telling.show_not_saved)
        self.telling.listChanged.connect(self.show_plans)
        document.stack.indexChanged.connect(self._show_steps)
        for source in (document.refused, self.wishes.failed, self.timeline.moveRefused):
            source.connect(self.notice.refuse)
        self.wishes.told.connect(self.telling.tell)
        self.wishes.said.connect(self.notice.tell)
        self.wishes.listed.connect(self.show_plans)
        self.wishes.placed.connect(self.select)
        self.wishes.created.connect(partial(tell_beside, self))
        self.actions_by_id.triggered.connect(self.act)
        self.inspector.actionRequested.connect(self.act)
        self.notice.undoRequested.connect(document.stack.undo)
        self.no_plan.button.clicked.connect(partial(self.act, "new_patient"))
        self.no_protocol.button.clicked.connect(partial(self.act, "add_protocol"))
        self.plans.taken.connect(self.open_plan)
        self.catalogue.taken.connect(lambda shelved: self.wishes.courses.add_protocol(shelved.protocol.id))
        self.timeline.selected.connect(self._select_shown)
        self.furniture.menus.serve(self.timeline)
        self.timeline.moveRequested.connect(self.wishes.move_block)
        self.timeline.preview = self.wishes.verdicts
        self.timeline.protocolDropped.connect(self.wishes.add_protocol_on)
        self.bottom.findingChosen.connect(lambda finding: self.select(finding.id))
        self.bottom.eventChosen.connect(self._select_event)
        self.bottom.stepChosen.connect(document.stack.go_to)
        self.bottom.past = lambda: (document.stack.texts(), document.stack.index())
        self.bottom.add_up = lambda evaluated: self.doors.count(evaluated, document.library)

    def select(self, thing: str, picked: frozenset[str] = frozenset(), day: int = 0) -> None:
        """Make the bar or finding of that id the selected one in every view; an unknown id selects nothing.

        `picked` are the bars selected together where they are several; `day` is the day of it that was pointed at.
        """
        from ui.models.subject import marked_row, subjects_of

        evaluated = self.document.evaluated
        subject = subjects_of(evaluated, thing, picked) if evaluated and thing else None
        self.subject = subject._replace(day=day) if subject else None
        marked = self.timeline.selection
        if ((marked.bar.id if marked else ""), self.timeline.picked) != (thing if subject else "", picked):
            self.timeline.select(thing if subject else "", picked)
        self.furniture.describe(evaluated, subject)
        self.bottom.mark(thing, marked_row(self.subject))
        self.furniture.enable(self.document.evaluated, self.subject, self.document.stack)

    def open_plan(self, summary: PlanSummary) -> None:
        """Open the plan of that line; one that cannot be read stays closed and says why."""
        try:
            self.document.open(*self.doors.load_plan(summary.plan_id))
        except KnownError as error:
            self.notice.tell(error_words(error), wrong=True)
            return
        self.notice.clear()
        tell_beside(self)
        self.timeline.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(may_be_left(self.document) or not self.isVisible())  # behind the lock nobody sees why not
        if not event.isAccepted():
            return
        if self.is_furnished:
            self.workers.wait()
            self.doors.vault().aside = True  # no clock may ask a store that is about to be closed
        self.doors.keep_state(closing=True)
        super().closeEvent(event)

    @cached_property
    def acts(self) -> dict[str, Callable[[], object]]:
        """What each action of the table does. Made at the first action, because the dialogs are loaded with it."""
        from ui.deeds import Reach, deeds_of

        return deeds_of(
            Reach(
                self.document,
                self.doors,
                self.wishes,
                self.furniture,
                self.timeline,
                self.rooms,
                self.workers,
                self.show_as,
                self.close,
            )
        )

    def show_as(self, calendar: bool) -> None:
        """Show the plan as a calendar, or as the timeline, and bring the keys there."""
        if calendar != self.furniture.is_calendar:
            if calendar:
                self.furniture.calendar.eventChosen.connect(self._select_event, Qt.ConnectionType.UniqueConnection)
            self.furniture.is_calendar = calendar
            self._show_plan(self._shown)
        shown = self.centre.currentWidget()
        if shown:
            shown.setFocus()

    def show_read_only(self, words: str) -> None:
        """Say over the plan why nothing can be changed, as long as that is so; refuse changes with the same words."""
        from ui.panels.read_only import ReadOnlyBar

        self.document.barred = words
        self.read_only = ReadOnlyBar(problem_words(words))
        layout = self.middle.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self.read_only)

    def act(self, action_id: str) -> None:
        """Do what the action of that id does, with everything saved that went before."""
        self.document.save_now()
        self.acts[action_id]()

    def show_library(self) -> None:
        """Fill the catalogue from the document's library, and say how many files were left out."""
        library = self.document.library
        self.furniture.show_library(library)
        if library.problems:
            files = len({problem.file for problem in library.problems})
            self.notice.tell(say(LEFT_OUT, files=files), wrong=True)

    def show_plans(self) -> None:
        """Fill the list of saved plans."""
        self.plans.show_found(self.doors.list_plans, say("No plan is saved yet. Press Ctrl+N to make the first one."))
        self.plans.mark(self._shown.plan.id if self._shown else "")

    def set_theme(self, theme: Theme) -> None:
        """Draw everything that is not Qt's own in that theme."""
        for part in (self.banner, self.timeline, self.furniture):
            part.set_theme(theme)

    def _show_plan(self, evaluated: EvaluatedPlan | None) -> None:
        self._before, self._shown = self._shown, evaluated
        self._same = bool(self._before and evaluated and self._before.plan.id == evaluated.plan.id)
        today = self.around.today()
        if self.is_furnished:
            self.furniture.show_plan(self._shown, judged=bool(self.document.library.rules))
        self.banner.show_patient(evaluated.plan if evaluated else None, today)
        if evaluated and evaluated.schedule.blocks:
            drawn = self._same and self._before and self._before.schedule.blocks  # one without blocks is not drawn
            self.timeline.show_plan(evaluated.timeline, today.toordinal(), fresh=not drawn)
            self.centre.setCurrentWidget(self.timeline)
        if self.is_furnished:
            self._show_around()

    def _show_around(self) -> None:
        """The plan as it stands now, in everything but the banner and the timeline."""
        evaluated, today = self._shown, self.around.today().toordinal()
        if not self._same:
            self.saved.setText(say("Saved") if evaluated else "")
            self._show_steps()  # after an edit the undo stack tells its new place by itself
            # Not only at the end, because of crashes; after the painting, as it waits for the disk.
            QTimer.singleShot(0, self, self.doors.keep_state)
        if not evaluated or not evaluated.schedule.blocks:
            self.centre.setCurrentWidget(self.no_protocol if evaluated else self.no_plan)
        elif self.furniture.is_calendar:
            self.furniture.show_calendar(evaluated, today, self.doors.settings().site.week_starts)
        self.telling.show_plan(self._before, evaluated, is_saved=self.document.is_saved)
        # After the painting, because it looks at every dose of the course.
        QTimer.singleShot(0, self, partial(self.furniture.show_here, evaluated, today))
        self._select_again(evaluated)

    def _select_again(self, evaluated: EvaluatedPlan | None) -> None:
        """Keep what was selected, wherever it stands now."""
        from ui.models.subject import follow, follow_all

        if evaluated and self.subject:
            self.select(follow(evaluated, self.subject), follow_all(evaluated, self.subject))
        else:
            self.select("")

    def _show_steps(self) -> None:
        if not self.notice.undo.isHidden():
            self.notice.clear()  # what it would undo is no longer the last edit
        self.bottom.show_history()
        self.actions_by_id.name_undo(self.document.stack)
        self.furniture.enable(self.document.evaluated, self.subject, self.document.stack)

    def _select_shown(self) -> None:
        view = self.timeline  # it tells orders; which of an order's bars was meant, its selection knows
        self.select(view.selection.bar.id if view.selection else "", view.picked, view.clicked_day)

    def _select_event(self, event: "Event") -> None:
        from ui.models.schedule_table import event_key
        from ui.models.subject import bar_of_event

        if evaluated := self.document.evaluated:
            self.select(bar_of_event(evaluated.timeline, event), day=event.day)
            self.bottom.mark("", event_key(event))  # that row, and not the first one of its bar


def tell_beside(window: MainWindow) -> None:
    """Say which other plans the patient of the open one has: nothing here looks at them."""
    if shown := window.document.evaluated:
        window.telling.tell_beside(window.doors.vault().records.beside(shown.plan))


def column(*widgets: QWidget) -> QWidget:
    """The widgets one under the other without space between them."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return box
