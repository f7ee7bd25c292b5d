"""Where the window is put together and everything is handed over. Nothing else in ui reads the clock or makes ids."""

import gc
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from planner.errors import EnvironmentProblem, KnownError
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.plan import Plan
from planner.model.site import Site
from planner.paths import resources, user_cache
from planner.services.archive import Archive
from planner.services.catalogue import load_for_first_look, load_for_plans, load_library
from planner.services.demo import demo_id, demo_plan, demo_site
from planner.services.sheet_titles import SHEET_TITLES
from planner.settings import load_settings, save_settings
from ui.document import PlanDocument
from ui.main_window import MainWindow
from ui.style import build_style_sheet, dress, lay_ground, register_fonts
from ui.surroundings import Doors, Surroundings
from ui.theme import DARK, LIGHT, Theme
from ui.window_state import WindowState

EXIT_AFTER_FIRST_PAINT = "PLANNER_EXIT_AFTER_FIRST_PAINT"
VERSION = "0.1.0"
Moment = Callable[[], datetime]
"""Gives the wall clock with its zone."""


def run(folder: Path, *, demo: bool) -> int:
    """Show the window until it is closed. Raises KnownError where the plans of that folder cannot be opened."""
    # The style as a word of the command line: setStyle gives back a QStyle, whose class takes long to make.
    app = QApplication.instance() or QApplication(["regimap", "-style", "fusion"])
    if not isinstance(app, QApplication):
        raise EnvironmentProblem("another kind of Qt program runs in this process")
    with Archive.open(folder) as archive:
        desk = Desk(app, folder, archive, demo=demo)
        sys.excepthook = desk.show_mistake
        desk.show()
        code = app.exec()
        # While Qt takes itself apart nothing must ask the document any more.
        desk.document.stack.blockSignals(True)  # noqa: FBT003 - Qt's own signature
    sys.excepthook = sys.__excepthook__
    return int(code)


class Desk:
    """The parts of one running window, made once and in order."""

    def __init__(
        self, app: QApplication, folder: Path, archive: Archive, *, demo: bool, moment: Moment | None = None
    ) -> None:
        self.app, self.folder, self.archive, self.demo = app, folder, archive, demo
        self.moment = moment or _moment
        self.settings = load_settings(folder / "settings.json")
        self.state = WindowState(folder / "window.ini")
        self.counters: dict[str, int] = {}
        self.theme = _first_theme(self.settings.theme)
        register_fonts()
        lay_ground(app, self.theme)
        self.document = PlanDocument(Library({}, {}, ()), self.site_of, self.save)
        around = Surroundings(self.today, self.now, _new_id, self.known_patients, lambda: self.theme, self.settings.who)
        doors = Doors(
            list_plans=archive.list,
            load_plan=self.load,
            make_sheet=self.make_sheet,
            sheets=SHEET_TITLES,
            paper=self.settings.site.paper,
            clock=lambda: self.moment().strftime("%H:%M"),
            toggle_theme=self.toggle_theme,
            keep_state=self.keep_state,
            version=VERSION,
        )
        self.window = MainWindow(self.document, around, doors, self.theme)
        # Last, because every widget that is made under a style sheet is dressed again whenever it is put somewhere.
        app.setStyleSheet(build_style_sheet(self.theme))

    def show(self) -> None:
        """Open the first plan and the window; what can wait is done after the first paint."""
        self.state.restore(self.window, self.window.rooms)
        try:
            self.open_first_plan()
        except KnownError as problem:
            self.window.furnish()
            self.window.notice.tell(str(problem), wrong=True)
        self.painted = AfterFirstPaint(self.window, self.after_first_paint)
        self.window.show()

    def open_first_plan(self) -> None:
        """The demo, or the plan that was open last."""
        plan_id = demo_id(resources()) if self.demo else self.state.plan_id
        if plan_id and self.archive.history(plan_id):
            plan = self.load(plan_id)
            self._use_agents_of(plan)
            self.document.open(plan)
        elif self.demo:
            plan = demo_plan(resources())
            self._use_agents_of(plan)
            self.document.create(plan, "Demo plan")

    def _use_agents_of(self, plan: Plan) -> None:
        self.document.use_library(load_for_first_look(plan, resources(), self.folder))

    def after_first_paint(self) -> None:
        """Read the whole library beside the window, which can be used meanwhile."""
        if os.environ.get(EXIT_AFTER_FIRST_PAINT) == "1":
            os._exit(0)
        gc.enable()  # off since ui.app began
        self.window.furnish()
        # The rules in their own quick reading first: nobody should wait for the whole library to see findings.
        self.document.use_library(load_for_plans(resources(), self.folder))
        self.window.show_plans()
        self.window.workers.run(
            lambda: load_library(resources(), self.folder, user_cache()), self.take_library, self.window.notice.tell
        )

    def take_library(self, library: Library) -> None:
        """Use what was read."""
        self.document.use_library(library)
        self.window.show_library()

    def today(self) -> date:
        """The civil date here."""
        return self.moment().date()

    def now(self) -> str:
        """The moment in UTC, for the history."""
        return self.moment().astimezone(UTC).isoformat(timespec="seconds")

    def site_of(self, plan: Plan) -> Site:
        """The invented clinic for a demo, else this user's."""
        return demo_site(resources()) if plan.demo else self.settings.site

    def save(self, plan: Plan, what: str) -> None:
        """Keep the plan as its next revision. Raises KnownError."""
        counter = self.counters.get(plan.id, 0)
        revision = self.archive.save(plan, what, self.settings.who, self.now(), after=counter)
        self.counters[plan.id] = revision.counter

    def load(self, plan_id: str) -> Plan:
        """The newest saved state of a plan. Raises KnownError."""
        plan, revision = self.archive.load_revision(plan_id)
        self.counters[plan_id] = revision.counter
        return plan

    def known_patients(self) -> frozenset[str]:
        """The ids of all patients that have a plan."""
        return frozenset(summary.patient_id for summary in self.archive.list(limit=-1))

    def make_sheet(self, evaluated: EvaluatedPlan, sheet: str, paper: str) -> bytes:
        """The PDF of a sheet; runs beside the window."""
        from planner.services.printing import Around, sheet_pdf
        from planner.services.totals import totals

        printed_at = self.moment().replace(tzinfo=None)
        site = self.site_of(evaluated.plan)
        around = Around(totals(evaluated, self.document.library, resources(), site))
        return sheet_pdf(evaluated, sheet, paper, site, printed_at, around=around)

    def toggle_theme(self) -> Theme:
        """Change between light and dark, now and for the next start."""
        self.theme = LIGHT if self.theme.is_dark else DARK
        dress(self.app, self.theme)
        self.settings = replace(self.settings, theme=self.theme.name)
        try:
            save_settings(self.folder / "settings.json", self.settings)
        except KnownError as problem:
            self.window.notice.tell(str(problem), wrong=True)
        return self.theme

    def keep_state(self, plan_id: str) -> None:
        """Remember the window for the next start."""
        self.state.keep(self.window, self.window.rooms, plan_id)

    def show_mistake(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """The outermost hook: what nobody expected ends here, in words that hold no patient data."""
        from ui.dialogs.mistake import ErrorDialog, place_of

        place = place_of(kind, trace)
        sys.stderr.write(f"regimap: unexpected mistake\n{place}\n")
        del error
        dialog = ErrorDialog(place, self.window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class AfterFirstPaint(QObject):
    """Calls back once, when the window was painted for the first time."""

    def __init__(self, window: MainWindow, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._watched = window.banner
        self._then = then
        self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._watched.removeEventFilter(self)
            # One painting goes through all parts of the window; a timer of zero comes after the last of them.
            QTimer.singleShot(0, self._then)
        return super().eventFilter(watched, event)


def _first_theme(chosen: str) -> Theme:
    if chosen == "system":
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if chosen == "dark" else LIGHT


def _moment() -> datetime:
    return datetime.now().astimezone()


def _new_id() -> str:
    # Imported here because the first paint needs no new id.
    from uuid import uuid4

    return uuid4().hex
