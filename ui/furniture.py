"""What moves into the rooms after the first paint: menus, toolbar, lists, inspector, tables, status."""

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenuBar,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QWidget,
)

from planner.model.evaluated_plan import CheckSummary, EvaluatedPlan
from planner.model.finding import FindingStatus
from planner.model.library import Library, ShelvedProtocol
from planner.model.revision import PlanSummary
from planner.services.catalogue import search
from planner.services.facets import facet_values, fits
from planner.services.telling.position import position_lines, you_are_here
from ui.actions import ACTIONS, plain_text
from ui.commands import Steps
from ui.models.catalogue_list import CATALOGUE_COLUMNS, short_titles
from ui.models.description import EMPTY
from ui.models.finding_table import by_severity, count_text
from ui.models.plan_list import plan_columns
from ui.models.subject import Subject
from ui.panels.bottom import NOT_JUDGED, BottomTabs
from ui.panels.course_text import describe_course
from ui.panels.empty_state import EmptyState
from ui.panels.inspector import Inspector
from ui.panels.inspector_text import describe
from ui.panels.menus import ActionSet, met_needs
from ui.panels.notice import Notice
from ui.panels.thing_menus import ThingMenus
from ui.panels.tool_row import ToolRow
from ui.panels.unmet import UnmetKeys
from ui.rooms import Rooms
from ui.rows.filter_button import FilterButton
from ui.rows.one_line import OneLine
from ui.rows.searched_list import SearchedList
from ui.surroundings import LISTED
from ui.theme import Theme
from ui.timeline.landing import PROTOCOL
from ui.tongue import say
from ui.translated import speak_qts_own, translate

if TYPE_CHECKING:
    from ui.calendar.view import CalendarView

NO_PLAN = "Make one for a new patient, or choose a patient on the left. The menu Help opens an invented demo patient."
UNREAD, OTHER_TEXT, UNASKED = "files not read", "another protocol text than the library's", "medicines of no rule"
STRANGE = "drugs of no agent file"
LISTS_LEAST = 180
"""Px in which the buttons of the lists are whole beside a scroll bar."""


class Furniture:
    """Makes the parts and puts them in their rooms. It connects nothing: the window does."""

    def __init__(self, window: QWidget, rooms: Rooms, centre: QStackedWidget, middle: QWidget, theme: Theme) -> None:
        speak_qts_own()
        self.actions = ActionSet(window)
        self.titles: dict[str, str] = {}
        """Of the protocols, by their ids; one and the same dictionary, filled when the library is read."""
        self.plans = SearchedList(
            "Patients",
            "Search name, id or protocol",
            plan_columns(self.titles),
            key=_plan_id,
            take="Open",
            theme=theme,
            most=LISTED,
        )
        self.catalogue = SearchedList(
            "Protocols", "Search protocols", CATALOGUE_COLUMNS, key=_protocol_id, take="Add to plan…", theme=theme
        )
        self.catalogue.fit_each()
        self.filter = FilterButton()
        self.catalogue.add_filter(self.filter)
        self.catalogue.model.carries = PROTOCOL
        self.catalogue.table.setDragEnabled(True)
        self.inspector = Inspector({spec.id: plain_text(spec) for spec in ACTIONS})
        self.bottom = BottomTabs(theme)
        self.menus = self._thing_menus(window)
        self.notice = Notice(self.bottom)
        self._tell_unmet(UnmetKeys(window, self.actions))
        self.saved, self.here, self.checked = QLabel(), OneLine(asks=True), OneLine(keeps=True)
        self.no_plan = EmptyState("No plan is open", NO_PLAN, "New patient…")
        self.no_protocol = EmptyState(
            "This plan is empty", "Choose a protocol on the left and press Enter, or add one here.", "Add protocol…"
        )
        self._centre, self._theme = centre, theme
        self.is_calendar = False
        self._course, self._course_of, self._chosen = EMPTY, "", False
        centre.addWidget(self.no_plan)
        centre.addWidget(self.no_protocol)
        layout = middle.layout()
        if layout:
            layout.addWidget(self.notice.bar)
        self._put_bars(rooms, theme)
        lists = QSplitter(Qt.Orientation.Vertical)
        lists.setChildrenCollapsible(False)
        lists.addWidget(self.plans)
        lists.addWidget(self.catalogue)
        for part in (self.plans, self.catalogue, self.bottom, self.notice.bar, self.no_plan, self.no_protocol):
            translate(part)
        rooms.fill("left", _scrolled(lists))
        rooms.fill("right", self.inspector)
        rooms.fill("bottom", self.bottom)

    def show_plan(self, evaluated: EvaluatedPlan | None, *, judged: bool) -> None:
        """Findings, table, status and line in the list of that plan; `judged` is false until the rules are read."""
        self.bottom.show_plan(evaluated, judged=judged)
        # Before all other drawing: an edit is looked at for what the rules say.
        self.bottom.findings.viewport().repaint()
        words, *shorter = _checked_words(evaluated, judged)
        self.checked.setText(words, _all_words(evaluated), shorter)
        self.plans.mark(evaluated.plan.id if evaluated else "")

    @cached_property
    def calendar(self) -> "CalendarView":
        """The weeks of the plan; made when somebody first asks for them."""
        from ui.calendar.view import CalendarView

        made = CalendarView(self._theme)
        self._centre.addWidget(made)
        self.menus.serve(made)
        return made

    def show_library(self, library: Library) -> None:
        """Fill the catalogue; the words of the search and the filter narrow it."""
        self.titles.clear()
        self.titles.update(short_titles(library))
        self.plans.table.viewport().update()
        self.filter.offer(facet_values(library.protocols.values()))
        self.catalogue.show_found(
            lambda words: tuple(one for one in search(library, words) if fits(one, self.filter.chosen())),
            say("Reading the protocols …") if not library.protocols else say("No protocol fits the filter."),
        )

    def show_here(self, evaluated: EvaluatedPlan | None, today: int) -> None:
        """Say where today (an ordinal) lies in the course."""
        self.bottom.today = today
        here = you_are_here(evaluated, today) if evaluated else None
        whole, *shorter = position_lines(here, say) if here else ("",)
        self.here.setText(whole, shorter=shorter)
        self._course = describe_course(evaluated, here) if evaluated and here else EMPTY
        self._course_of = evaluated.plan.id if evaluated else ""
        if not self._chosen:
            self.inspector.show_description(self._course)

    def show_calendar(self, evaluated: EvaluatedPlan, today: int, week_starts: int) -> None:
        """Show the plan's weeks in the middle."""
        self.calendar.show_plan(evaluated, today, week_starts)
        self._centre.setCurrentWidget(self.calendar)

    def describe(self, evaluated: EvaluatedPlan | None, subject: Subject | None) -> None:
        """Everything about the selected thing; where nothing is, the course of this very plan as it was last told."""
        if self.is_calendar:
            event = subject.events[0] if subject and subject.events else None
            self.calendar.mark(event.placed.id if event else "", event.day if event else 0)
        self._chosen = evaluated is not None and subject is not None
        course = self._course if evaluated and evaluated.plan.id == self._course_of else EMPTY
        self.inspector.show_description(describe(evaluated, subject) if evaluated and subject else course)

    def enable(self, evaluated: EvaluatedPlan | None, subject: Subject | None, stack: Steps) -> None:
        """Enable the actions that have what they need."""
        self.actions.enable(met_needs(evaluated, subject, stack))

    def set_theme(self, theme: Theme) -> None:
        """Draw in that theme from now on."""
        self._theme = theme
        if "calendar" in self.__dict__:
            self.calendar.set_theme(theme)
        for part in (self.plans, self.catalogue, self.bottom, self.actions):
            part.set_theme(theme)
        self.tools.set_sign(self.actions["palette"].icon())

    def _thing_menus(self, window: QWidget) -> ThingMenus:
        menus = ThingMenus(self.actions, self._offered, window, self.bottom.findings, self.bottom.schedule)
        menus.serve_list(self.plans)
        menus.serve_list(self.catalogue, "read_protocol", "compare_protocol")
        return menus

    def _offered(self) -> tuple[str, ...]:
        """The actions that the inspector offers of what is selected."""
        return self.inspector.shown.actions if self._chosen and self.inspector.shown else ()

    def _tell_unmet(self, unmet: UnmetKeys) -> None:
        unmet.told.connect(partial(self.notice.refuse, wrong=False))
        unmet.met.connect(self.notice.take_back)
        for acted in (self.actions.triggered, self.inspector.actionRequested):
            acted.connect(self.notice.let_go)

    def _put_bars(self, rooms: Rooms, theme: Theme) -> None:
        menu, bar, status = QMenuBar(), QToolBar("Actions"), QFrame()
        self.actions.fill_menus(menu)
        self.actions.fill_toolbar(bar, theme)
        bar.setMovable(False)
        self.tools = ToolRow(bar, self.actions.finder(), self.actions.keys_of("palette"))
        self.tools.set_sign(self.actions["palette"].icon())
        status.setObjectName("status")
        row = QHBoxLayout(status)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(0)
        row.addWidget(self.saved)
        row.addWidget(self.here)
        self.checked.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)  # at one place always
        row.addWidget(self.checked, 1)
        rooms.put_bar("menu", menu)
        rooms.put_bar("toolbar", self.tools)
        rooms.put_bar("status", status)


def _checked_words(evaluated: EvaluatedPlan | None, judged: bool) -> tuple[str, ...]:
    """What was found and checked; then in fewer words, where the line has no room for all of it."""
    if evaluated is None:
        return ("",)
    if not judged:
        return (say(NOT_JUDGED),)
    # What makes the rest less than it says comes first: even the shortest may not have room.
    checked = evaluated.checked
    opened = [one for one in by_severity(evaluated.findings) if one.status is FindingStatus.OPEN]
    first = [say("gravest: {finding}", finding=opened[0].title)] if opened else []
    ran = say("{count} rules checked", count=checked.rules)
    left = [say("{left} lack an input", left=checked.not_checkable)] if checked.not_checkable else []
    counted = count_text(evaluated.findings)
    found, few = (*checked.warnings(say), counted), (*_in_short(checked), counted)
    told = ((*found, *first, ran, *left), (*found, ran, *left), (*few, ran, *left), (*few, *left), few)
    return tuple(map(" · ".join, dict.fromkeys(told)))


def _in_short(checked: CheckSummary) -> tuple[str, ...]:
    """What makes the rest less than it says, without names: whole, it left no room for how many findings are open."""
    told = (
        (checked.unread, UNREAD),
        (checked.outdated, OTHER_TEXT),
        (checked.unasked, UNASKED),
        (checked.strange, STRANGE),
    )
    return tuple(say(words) for names, words in told if names)


def _all_words(evaluated: EvaluatedPlan | None) -> str:
    """Which rules lack which input: too long for a line, and still somebody may want to know it."""
    return evaluated.checked.words(say).replace("; ", "\n") if evaluated else ""


def _plan_id(summary: PlanSummary) -> str:
    return summary.plan_id


def _protocol_id(shelved: ShelvedProtocol) -> str:
    return shelved.protocol.id


def _scrolled(lists: QWidget) -> QScrollArea:
    """The lists where they may be higher than the room: a low screen must not lose the status line below them."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setProperty("panel", "true")
    area.setMinimumWidth(LISTS_LEAST)
    area.setWidget(lists)
    return area
