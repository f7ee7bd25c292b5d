"""Where the window is put together and everything is handed over. Nothing else in ui reads the clock or makes ids."""

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from planner.errors import EnvironmentProblem, KnownError
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.plan import Plan
from planner.model.site import Site
from planner.model.store import StoreKey
from planner.model.wish import WHOLE_PLAN, Wish
from planner.paths import resources, user_cache
from planner.services.catalogue import keep_for_next_look, load_for_first_look, load_library
from planner.services.demo import demo_id, demo_plan, demo_site
from planner.services.sheet_titles import SHEET_TITLES
from planner.services.store.archive import Archive
from planner.services.store.beside import beside
from planner.settings import SETTINGS_FILE, Settings, load_settings, save_settings
from ui.document import PlanDocument
from ui.entrance import door_of, enter, find_data, opened, take_lock
from ui.keeping.library import read_rules
from ui.main_window import MainWindow
from ui.style import build_style_sheet, dress, lay_ground, register_fonts, theme_named
from ui.surroundings import LISTED, Doors, Entry, Opened, Surroundings
from ui.theme import next_theme
from ui.tongue import say, use_language
from ui.window_state import WindowState

if TYPE_CHECKING:
    from planner.model.counter import Totals
    from ui.keeping.care import Care
    from ui.vault import Vault

EXIT_AFTER_FIRST_PAINT = "PLANNER_EXIT_AFTER_FIRST_PAINT"
VERSION = "0.1.0"
Moment = Callable[[], datetime]
"""Gives the wall clock with its zone."""


def run(folder: Path | None, *, demo: bool) -> int:
    """Show the window until it is closed. Without a folder the plans are those of this user.

    Raises KnownError where they cannot be opened.
    """
    # The style as a word of the command line: setStyle gives back a QStyle, whose class takes long to make.
    app = QApplication.instance() or QApplication(["regimap", "-style", "fusion"])
    if not isinstance(app, QApplication):
        raise EnvironmentProblem("another kind of Qt program runs in this process")
    folder = folder or find_data(app)
    if folder is None:
        return 0
    settings = load_settings(folder / SETTINGS_FILE)
    use_language(settings.language)
    key: StoreKey | None = None
    if not demo:
        entry = enter(app, folder, settings)
        if entry is None:
            return 0
        folder, settings, key, demo = entry.folder, entry.settings, entry.key, entry.demo
    # The demo has a store of its own, so that it never asks for a passphrase.
    place = folder / "demo" if demo else folder
    lock = take_lock(place, settings.who, _moment())
    if lock is None:
        return 0
    told: list[str] = []
    with lock, opened(app, Entry(place, settings, key), _moment(), told.append) as archive:
        desk = Desk(app, folder, archive, demo=demo)
        desk.told = tuple(told)
        sys.excepthook = desk.show_mistake
        desk.show()
        code = app.exec()
        desk.document.save_now()
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
        self.steady = monotonic
        self.settings = load_settings(folder / SETTINGS_FILE)
        use_language(self.settings.language)
        self.state = WindowState(folder / "window.ini")
        self.told: tuple[str, ...] = ()
        self.theme = theme_named(self.settings.theme)
        register_fonts()
        lay_ground(app, self.theme)
        self.document = PlanDocument(Library({}, {}, ()), self.site_of, self.save)
        doors = Doors(
            list_plans=lambda words: archive.list(words, limit=LISTED + 1),
            find_plans=lambda words: archive.list(words, limit=-1),
            load_plan=self.load,
            load_demo=partial(_demo_of, self),
            history=archive.history,
            load_revision=archive.load,
            go_back=self.go_back,
            count=self.count,
            make_sheet=self.make_sheet,
            is_behind=partial(_is_behind, self),
            sheets=SHEET_TITLES,
            languages=_languages,
            settings=lambda: self.settings,
            use_settings=self.use_settings,
            clock=lambda: self.moment().strftime("%H:%M"),
            toggle_theme=self.toggle_theme,
            keep_state=self.keep_state,
            rest=partial(_rest, self),
            vault=cache(partial(_vault_of, self)),
            lock=lambda: self.care().lock.lock(),  # noqa: PLW0108 - there is nothing to take it from yet
            version=VERSION,
        )
        self.care = cache(partial(_care_of, self))
        self.window = MainWindow(self.document, _around(self), doors, self.theme)

    def show(self) -> None:
        """Open the first plan and the window; what can wait is done after the first paint."""
        self.state.restore(self.window)
        try:
            self.open_first_plan()
        except KnownError as problem:
            self.window.furnish()
            self.app.setStyleSheet(build_style_sheet(self.theme))
            self.window.notice.tell(str(problem), wrong=True)
        self.painted = AfterFirstPaint(self.window, self.after_first_paint)
        self.window.show()

    def open_first_plan(self) -> None:
        """The demo, or the plan that was open last."""
        plan_id = demo_id(resources()) if self.demo else self.state.plan_id
        if plan_id and self.archive.history(plan_id):
            plan, counter = self.load(plan_id)
            self._use_agents_of(plan)
            self.document.open(plan, counter)
            self.state.look_again(self.window)
        elif self.demo:
            plan = demo_plan(resources())
            self._use_agents_of(plan)
            self.document.create(plan, "Demo plan")

    def _use_agents_of(self, plan: Plan) -> None:
        self.document.use_library(load_for_first_look(plan, resources(), self.folder, user_cache()))

    def after_first_paint(self) -> None:
        """Make what was not seen yet, list the plans, then read the library beside the window."""
        if self.document.evaluated:
            keep_for_next_look(self.document.evaluated.plan, resources(), user_cache())
        if os.environ.get(EXIT_AFTER_FIRST_PAINT) == "1":
            os._exit(0)
        gc.enable()  # off since ui.app began
        if not self.window.isVisible():
            return  # closed as soon as it was seen
        self.window.furnish()
        # Now, because every widget that is made under a style sheet is dressed again whenever it is put somewhere.
        self.app.setStyleSheet(build_style_sheet(self.theme))
        self.state.come_back(self.window)
        self.window.show_plans()
        QTimer.singleShot(0, self.window, self.listen)  # after their painting
        read = partial(load_library, resources(), self.folder, user_cache())
        rest = partial(self.window.workers.run, read, self.take_library, self.window.notice.tell)
        QTimer.singleShot(0, self.window, partial(read_rules, self.window, self.document, self.folder, rest))

    def listen(self) -> None:
        """Come forward when the program is started once more, and say where nothing can be saved."""
        from ui.door import Door
        from ui.keeping.new_day import DateWatch

        if not self.window.isVisible():
            return  # closed meanwhile, and the store with it
        if self.archive.read_only:
            self.window.show_read_only(self.archive.read_only)
        for words in self.told:
            self.window.notice.tell(words)
        changed, shown = self.document.evaluated_changed, self.document
        DateWatch(self.today, lambda: changed.emit(shown.evaluated), self.care().lock.opened, self.window)
        Door(door_of(self.archive.repository.path.parent), self.window)

    def take_library(self, library: Library) -> None:
        """Use what was read."""
        self.document.use_library(library)
        self.window.show_library()
        _tell_beside(self)  # now, because the library knows the titles
        QTimer.singleShot(0, self.window, self.window.wishes.make_ready)

    def today(self) -> date:
        """The civil date here."""
        return self.moment().date()

    def now(self) -> str:
        """The moment with its offset, for the history."""
        return self.moment().isoformat(timespec="seconds")

    def site_of(self, plan: Plan) -> Site:
        """The invented clinic for a demo, else this user's."""
        return demo_site(resources()) if plan.demo else self.settings.site

    def save(self, plan: Plan, what: str, after: int) -> int:
        """Keep the plan as the revision after that one; its number. Raises KnownError, also where there is a newer."""
        return self.archive.save(plan, what, self.settings.who, self.now(), after).counter

    def load(self, plan_id: str) -> Opened:
        """The newest saved state of a plan. Raises KnownError."""
        plan, revision = self.archive.load_revision(plan_id)
        return plan, revision.counter

    def go_back(self, plan_id: str, counter: int, patient_too: bool) -> Opened:
        """Make an older saved state of a plan the newest again. Raises KnownError."""
        plan, revision = self.archive.go_back(plan_id, counter, self.settings.who, self.now(), patient_too=patient_too)
        return plan, revision.counter

    def count(self, evaluated: EvaluatedPlan, library: Library) -> "Totals":
        """What the course adds up to."""
        from planner.services.telling.totals import totals

        return totals(evaluated, library, resources(), self.site_of(evaluated.plan))

    def make_sheet(
        self,
        evaluated: EvaluatedPlan,
        sheet: str,
        paper: str,
        wish: Wish = WHOLE_PLAN,
        before: EvaluatedPlan | None = None,
        beside: tuple[str, ...] = (),
    ) -> bytes:
        """The PDF of a sheet; runs beside the window."""
        from planner.services.printing import Around, make_sheet, pdf_of, vials_for_bags

        printed_at, site = self.moment().replace(tzinfo=None), self.site_of(evaluated.plan)
        library = self.document.library
        around = Around(self.count(evaluated, library), before, vials_for_bags(library), beside=beside)
        return pdf_of(make_sheet(evaluated, sheet, site, printed_at, wish, around=around), paper)

    def toggle_theme(self) -> None:
        """Go on from light to dark to high contrast, now and for the next start."""
        self.use_settings(replace(self.settings, theme=next_theme(self.theme).name))

    def use_settings(self, settings: Settings) -> None:
        """Take and keep what was chosen; the open plan is judged again where the clinic's choices differ."""
        before, self.settings = self.settings, settings
        self.theme = theme_named(settings.theme)
        dress(self.app, self.theme)
        self.window.set_theme(self.theme)
        try:
            save_settings(self.folder / SETTINGS_FILE, settings)
        except KnownError as problem:
            self.window.notice.tell(str(problem), wrong=True)
        if before.site != settings.site:
            self.document.judge_again()

    def keep_state(self, *, closing: bool = False) -> None:
        """Remember the window for the next start."""
        self.state.keep(self.window, closing=closing)

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


def _tell_beside(desk: Desk) -> None:
    """Say where the patient of the plan that came back has another one, unless something else is told."""
    evaluated, notice = desk.document.evaluated, desk.window.notice
    if evaluated is None or not (notice.bar.isHidden() and notice.line.isHidden()):
        return
    desk.window.telling.tell_beside(beside(desk.archive, evaluated.plan))


def _is_behind(desk: Desk, plan: Plan) -> bool:
    """Whether somebody saved that plan, the open one, since it was opened here. False where nobody can tell now."""
    with suppress(KnownError):
        listed = desk.archive.list(plan.patient.id, limit=LISTED)
        return any(one.plan_id == plan.id and one.counter > desk.document.counter for one in listed)
    return False


def _come_back(desk: Desk) -> None:
    """The store holds more than it did: list it again, and say where the open plan is not the newest any more."""
    from ui.models.plan_list import BEHIND

    desk.window.show_plans()
    if (shown := desk.document.evaluated) and desk.document.is_saved and _is_behind(desk, shown.plan):
        desk.window.notice.tell(say(BEHIND), wrong=True)


def _around(desk: Desk) -> Surroundings:
    """Clock, ids and person of that window."""
    theme, who = (lambda: desk.theme), desk.settings.who
    return Surroundings(desk.today, desk.now, _new_id, lambda: desk.archive.list(limit=-1), theme, who, desk.demo)


def _demo_of(desk: Desk) -> Opened:
    """The demo as it was left in this store, where need be kept there or taken back now. Raises KnownError."""
    plan_id, archive = demo_id(resources()), desk.archive
    if not archive.history(plan_id):
        desk.save(demo_plan(resources()), "Demo plan", 0)
    elif any(one.plan_id == plan_id for one in archive.deleted()):
        archive.take_back(plan_id, "the demo was asked for", desk.settings.who, desk.now())
    return desk.load(plan_id)


def _vault_of(desk: Desk) -> "Vault":
    """The store as the window cares for it. Imported here because the first paint needs none of it."""
    from ui.vault import Vault

    return Vault(desk.archive, lambda: desk.settings, desk.moment, desk.folder)


def _care_of(desk: Desk) -> "Care":
    """Backups, the lock and the clipboard of one window."""
    from ui.keeping.care import Care

    window, wrong = desk.window, partial(desk.window.notice.tell, wrong=True)
    return Care(
        desk.app, window, window.doors.vault(), window.workers, tell_wrong=wrong, list_again=partial(_come_back, desk),
        lock_minutes=lambda: desk.settings.lock_minutes, clocks=lambda: (desk.steady(), desk.moment().timestamp()),
    )  # fmt: skip


def _rest(desk: Desk) -> None:
    """Give back what only makes edits quicker; of the store not while its file is being replaced."""
    from planner.services.store.keeping import let_go

    desk.document.let_go()
    if not desk.window.doors.vault().aside:
        let_go(desk.archive)


def _languages() -> tuple[str, ...]:
    from planner.content.words_file import languages

    return languages(resources() / "translations" / "patient")


def _moment() -> datetime:
    return datetime.now().astimezone()


def _new_id() -> str:
    from uuid import uuid4

    return uuid4().hex
