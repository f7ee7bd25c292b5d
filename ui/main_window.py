"""The window: banner, toolbar, docks around the timeline. All connections between the parts stand here."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenuBar,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from planner.errors import KnownError
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import ShelvedProtocol
from planner.model.plan import Plan
from planner.model.revision import PlanSummary
from planner.model.schedule import Event
from planner.services.catalogue import search
from ui.actions import ACTIONS, plain_text
from ui.document import PlanDocument
from ui.intents.asking import MakeSheet, Surroundings
from ui.intents.wishes import Wishes
from ui.models.catalogue_list import CATALOGUE_COLUMNS
from ui.models.finding_table import count_text
from ui.models.plan_list import PLAN_COLUMNS
from ui.models.schedule_table import event_key
from ui.models.subject import Subject, bar_of_event, follow, subject_of
from ui.panels.banner import PatientBanner
from ui.panels.bottom import NOT_JUDGED, BottomTabs
from ui.panels.empty_state import EmptyState
from ui.panels.inspector import EMPTY, Inspector
from ui.panels.inspector_text import describe
from ui.panels.menus import ActionSet, met_needs
from ui.panels.notice import NoticeBar
from ui.rows.searched_list import SearchedList
from ui.theme import Theme
from ui.timeline.view import TimelineView
from ui.workers import Workers

LARGEST = QSize(1600, 1000)
"""The window at its first start: as large as the screen allows, up to this."""


class Doors(NamedTuple):
    """What the window takes from outside.

    `sheets` are kinds with their titles, `clock` gives the time of day as text, `toggle_theme` changes between light
    and dark and gives the new one, `keep_state` is told the id of the open plan when the window closes.
    """

    list_plans: Callable[[str], tuple[PlanSummary, ...]]
    load_plan: Callable[[str], Plan]
    make_sheet: MakeSheet
    sheets: Mapping[str, str]
    paper: str
    clock: Callable[[], str]
    toggle_theme: Callable[[], Theme]
    keep_state: Callable[[QMainWindow, str], None]
    version: str


class MainWindow(QMainWindow):
    """Shows one plan. Views only show and ask; the document alone holds."""

    def __init__(self, document: PlanDocument, around: Surroundings, doors: Doors, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Regimap")
        self.document, self.around, self.doors = document, around, doors
        self.workers = Workers(self)
        self.wishes = Wishes(document, around, self, lambda: self.subject)
        self.subject: Subject | None = None
        self._shown: EvaluatedPlan | None = None
        self._before: EvaluatedPlan | None = None
        self._listed: object = None
        self.actions_by_id = ActionSet(self)
        self.banner = PatientBanner()
        self.timeline = TimelineView(theme)
        self.plans = SearchedList(
            "Patients", "Search name, id or protocol", PLAN_COLUMNS, key=_plan_id, take="Open", theme=theme
        )
        self.catalogue = SearchedList(
            "Protocols", "Search protocols", CATALOGUE_COLUMNS, key=_protocol_id, take="Add to plan…", theme=theme
        )
        self.inspector = Inspector({spec.id: plain_text(spec) for spec in ACTIONS})
        self.bottom = BottomTabs(theme)
        self.notice = NoticeBar()
        self.saved, self.checked = QLabel(), QLabel()
        self._lay_out(theme)
        self._connect()
        self._show_plan(None)
        self.show_library()
        room = self.screen().availableGeometry().size()
        self.resize(room.boundedTo(LARGEST))
        if room.width() <= LARGEST.width():
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def select(self, thing: str) -> None:
        """Make the bar or finding of that id the selected one in every view; an unknown id selects nothing."""
        evaluated = self.document.evaluated
        subject = subject_of(evaluated, thing) if evaluated and thing else None
        self.subject = subject
        marked = self.timeline.selection
        if (marked.bar.id if marked else "") != (thing if subject else ""):
            self.timeline.select(thing if subject else "")
        self.inspector.show_description(describe(evaluated, subject) if evaluated and subject else EMPTY)
        self.bottom.mark(thing, event_key(subject.events[0]) if subject and subject.events else None)
        self._enable()

    def open_plan(self, summary: PlanSummary) -> None:
        """Open the plan of that line; one that cannot be read stays closed and says why."""
        try:
            self.document.open(self.doors.load_plan(summary.plan_id))
        except KnownError as error:
            self.notice.tell(str(error), wrong=True)
            return
        self.notice.hide()
        self.timeline.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.workers.wait()
        evaluated = self.document.evaluated
        self.doors.keep_state(self, evaluated.plan.id if evaluated else "")
        super().closeEvent(event)

    def _lay_out(self, theme: Theme) -> None:
        menu = QMenuBar()
        self.actions_by_id.fill_menus(menu)
        self.setMenuWidget(_column(menu, self.banner))
        bar = QToolBar("Actions")
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        self.actions_by_id.fill_toolbar(bar, theme)
        self.addToolBar(bar)
        self.no_plan = EmptyState(
            "No plan is open", "Make one for a new patient, or choose a patient on the left.", "New patient…"
        )
        self.no_protocol = EmptyState(
            "This plan is empty", "Choose a protocol on the left and press Enter, or add one here.", "Add protocol…"
        )
        self.centre = QStackedWidget()
        for page in (self.no_plan, self.no_protocol, self.timeline):
            self.centre.addWidget(page)
        self.setCentralWidget(_column(self.centre, self.notice))
        lists = QSplitter(Qt.Orientation.Vertical)
        lists.addWidget(self.plans)
        lists.addWidget(self.catalogue)
        areas = Qt.DockWidgetArea
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea),
        ):
            self.setCorner(corner, area)
        docks = [
            _dock(self, "Patients and protocols", lists, areas.LeftDockWidgetArea),
            _dock(self, "Inspector", self.inspector, areas.RightDockWidgetArea),
            _dock(self, "Findings, table and history", self.bottom, areas.BottomDockWidgetArea),
        ]
        self.docks = docks
        self.statusBar().addWidget(self.saved)
        self.statusBar().addWidget(self.checked, 1)

    def _size_docks(self) -> None:
        self.resizeDocks(self.docks[:2], [240, 320], Qt.Orientation.Horizontal)
        self.resizeDocks(self.docks[2:], [176], Qt.Orientation.Vertical)

    def _connect(self) -> None:
        document = self.document
        document.evaluated_changed.connect(self._show_plan)
        document.saved.connect(self._show_saved)
        document.save_failed.connect(self._show_not_saved)
        document.stack.indexChanged.connect(self._show_steps)
        for source in (document.refused, self.wishes.failed):
            source.connect(lambda words: self.notice.tell(words, wrong=True))
        self.wishes.told.connect(self._tell)
        self.actions_by_id.triggered.connect(self.act)
        self.inspector.actionRequested.connect(self.act)
        self.notice.undoRequested.connect(document.stack.undo)
        self.no_plan.button.clicked.connect(partial(self.act, "new_patient"))
        self.no_protocol.button.clicked.connect(partial(self.act, "add_protocol"))
        self.plans.taken.connect(self.open_plan)
        self.catalogue.taken.connect(lambda shelved: self.wishes.courses.add_protocol(shelved.protocol.id))
        self.timeline.selected.connect(self._select_shown)
        self.timeline.moveRequested.connect(self.wishes.move_block)
        self.timeline.preview = self.wishes.verdicts
        self.bottom.findingChosen.connect(lambda finding: self.select(finding.id))
        self.bottom.eventChosen.connect(self._select_event)
        self.bottom.stepChosen.connect(document.stack.setIndex)

    @cached_property
    def acts(self) -> dict[str, Callable[[], object]]:
        """What each action of the table does. Made at the first action, because the dialogs are loaded with it."""
        doors, stack, bottom = self.doors, self.document.stack, self.bottom
        courses, changes, reading = self.wishes.courses, self.wishes.changes, self.wishes.reading
        return {
            "new_patient": courses.new_patient,
            "new_plan": courses.new_plan,
            "edit_patient": courses.edit_patient,
            "add_protocol": courses.add_protocol,
            "print": lambda: reading.print_sheets(doors.make_sheet, doors.sheets, doors.paper, self.workers),
            "quit": self.close,
            "undo": stack.undo,
            "redo": stack.redo,
            "move": changes.move,
            "later_day": partial(changes.nudge, 1),
            "earlier_day": partial(changes.nudge, -1),
            "later_week": partial(changes.nudge, 7),
            "earlier_week": partial(changes.nudge, -7),
            "defer": changes.defer,
            "omit": changes.omit,
            "decide": changes.decide,
            "acknowledge": changes.acknowledge,
            "remove": changes.remove,
            "find_plan": self.plans.start_search,
            "find_protocol": self.catalogue.start_search,
            "timeline": self.timeline.setFocus,
            "findings": partial(bottom.go_to, bottom.findings),
            "table": partial(bottom.go_to, bottom.schedule),
            "history": partial(bottom.go_to, bottom.history),
            "next_finding": partial(bottom.next_finding, 1),
            "previous_finding": partial(bottom.next_finding, -1),
            "theme": lambda: self.set_theme(doors.toggle_theme()),
            "reset_layout": self._size_docks,
            "palette": lambda: reading.find_action(self.actions_by_id.all()),
            "about": lambda: reading.show_claims(doors.version),
        }

    def act(self, action_id: str) -> None:
        """Do what the action of that id does."""
        self.acts[action_id]()

    def show_library(self) -> None:
        """Fill the catalogue from the document's library, and say how many files were left out."""
        library = self.document.library
        self.catalogue.show_found(lambda words: search(library, words), "Reading the protocols …")
        if library.problems:
            files = len({problem.file for problem in library.problems})
            self.notice.tell(f"{files} content files have problems and were left out; F1 lists them.", wrong=True)

    def show_plans(self) -> None:
        """Fill the list of saved plans."""
        self.plans.show_found(self.doors.list_plans, "No plan is saved yet. Press Ctrl+N to make the first one.")

    def set_theme(self, theme: Theme) -> None:
        """Draw everything that is not Qt's own in that theme."""
        self.timeline.set_theme(theme)
        for part in (self.plans, self.catalogue, self.bottom, self.actions_by_id):
            part.set_theme(theme)

    def _show_plan(self, evaluated: EvaluatedPlan | None) -> None:
        self._before, self._shown = self._shown, evaluated
        same = bool(self._before and evaluated and self._before.plan.id == evaluated.plan.id)
        if not same:
            self.saved.setText("Saved" if evaluated else "")
        today, judged = self.around.today(), bool(self.document.library.rules)
        self.banner.show_patient(evaluated.plan if evaluated else None, today)
        self.bottom.show_plan(evaluated, judged=judged)
        self.checked.setText(_checked_words(evaluated, judged))
        if evaluated and evaluated.schedule.blocks:
            self.timeline.show_plan(evaluated.timeline, today.toordinal(), fresh=not same)
            self.centre.setCurrentWidget(self.timeline)
        else:
            self.centre.setCurrentWidget(self.no_protocol if evaluated else self.no_plan)
        self._show_steps()
        self.select(follow(evaluated, self.subject) if evaluated and self.subject else "")

    def _show_steps(self) -> None:
        stack = self.document.stack
        if not self.notice.undo.isHidden():
            self.notice.hide()  # what it would undo is no longer the last edit
        self.bottom.show_history(self.document.edit_names(), stack.index())
        self.actions_by_id.name_undo(stack)
        self._enable()

    def _show_saved(self) -> None:
        self.saved.setText(f"Saved {self.doors.clock()}")
        evaluated = self.document.evaluated
        listed = (evaluated.plan.id, evaluated.plan.patient, evaluated.plan.pins) if evaluated else None
        if listed != self._listed:
            self._listed = listed
            self.show_plans()

    def _show_not_saved(self, words: str) -> None:
        self.saved.setText("NOT SAVED")
        self.notice.tell(f"Not saved: {words}", wrong=True)

    def _tell(self, name: str) -> None:
        if not self.document.is_saved:
            return  # why it could not be saved stands there already and matters more
        before, after = self._before, self._shown
        words = self.wishes.changes.summary(before, after) if before and after else ""
        self.notice.tell(f"{name}. {words}".strip(), undoable=True)

    def _enable(self) -> None:
        self.actions_by_id.enable(met_needs(self.document.evaluated, self.subject, self.document.stack))

    def _select_shown(self) -> None:
        """The timeline tells orders; which of an order's bars was meant, its selection knows."""
        marked = self.timeline.selection
        self.select(marked.bar.id if marked else "")

    def _select_event(self, event: Event) -> None:
        evaluated = self.document.evaluated
        if evaluated:
            self.select(bar_of_event(evaluated.timeline, event))


def _checked_words(evaluated: EvaluatedPlan | None, judged: bool) -> str:
    if evaluated is None:
        return ""
    return f"{count_text(evaluated.findings)} · {evaluated.checked}" if judged else NOT_JUDGED


def _dock(window: QMainWindow, name: str, inside: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
    """A dock that stays where it is: only its size changes."""
    dock = QDockWidget(name, window)
    dock.setObjectName(name)
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    dock.setTitleBarWidget(QWidget())
    dock.setWidget(inside)
    window.addDockWidget(area, dock)
    return dock


def _column(*widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    return box


def _plan_id(summary: PlanSummary) -> str:
    return summary.plan_id


def _protocol_id(shelved: ShelvedProtocol) -> str:
    return shelved.protocol.id
