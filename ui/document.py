"""The open plan: the only mutable holder of the window.

One way round: somebody asks (an intent), a pure function of planner.services makes a new plan, it is evaluated, and one
step of undo swaps the two immutable values. Every finished edit is saved right after it was painted, and in any case
before the next one; there is no save to forget, and nothing is called saved before it is.
"""

import gc
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from planner.errors import KnownError, NothingToDo, Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.plan import Plan
from planner.model.release import with_record_of
from planner.model.site import Site
from planner.services.evaluation import as_written, begin_anew, evaluate
from planner.services.verbs.begun import refuse_moving_begun
from ui.commands import Nudge, State, States, Step, Steps
from ui.edit_names import named
from ui.problem_words import error_words

Save = Callable[[Plan, str, int], int]
"""Keeps a plan under the name of its edit, after the revision of that number; gives the number of the new one."""
Edit = Callable[[Plan], Plan]
SiteOf = Callable[[Plan], Site]


WAYS = {1: "{edit}", -1: "Undo {edit}", 2: "Redo {edit}"}
"""How an edit is kept that was done, taken back or done again."""
CALM = 100
"""Milliseconds after an edit in which all of it is painted and counted."""
NOT_LEFT = (
    "The last edit is not saved. Once more leaves it behind; Store, Save the plan as a file keeps it elsewhere first."
)


class AllWell(str):
    """The sentence of a refusal that is good news: there is nothing to do."""

    __slots__ = ()


class PlanDocument(QObject):
    """Holds the evaluated plan and its undo stack; everything that shows a plan listens to `evaluated_changed`.

    `save` may raise KnownError. `site_of` gives the choices of the clinic a plan belongs to: the demo has an invented
    one. `counter` is the number of the saved revision that the edits stand on. While `barred` says why, nothing is
    changed.
    """

    evaluated_changed = Signal(object)
    saved = Signal()
    save_failed = Signal(str)
    refused = Signal(str)

    def __init__(self, library: Library, site_of: SiteOf, save: Save, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = Steps(self, self._swap)
        self.stack.indexChanged.connect(self._save_where_the_stack_stands)
        self._library = library
        self._looked: tuple[tuple[Plan, Library, Site], EvaluatedPlan] | None = None
        self._site_of = site_of
        self._save = save
        self._states = States()
        self._evaluated: EvaluatedPlan | None = None
        self.past: EvaluatedPlan | None = None
        self._kept: Plan | None = None
        self.counter = 0
        self.barred = ""
        self._due = ""
        self.warned: Plan | None = None

    @property
    def evaluated(self) -> EvaluatedPlan | None:
        """The open plan with all that follows from it; None while no plan is open."""
        return self._evaluated

    @property
    def library(self) -> Library:
        """The content the plan is evaluated with, drug names as the clinic writes them."""
        shown = self._evaluated
        return as_written(self._library, self._site_of(shown.plan)) if shown else self._library

    @property
    def is_saved(self) -> bool:
        """Whether the plan as it stands is kept."""
        return self._evaluated is None or self._kept == self._evaluated.plan

    def open(self, plan: Plan, counter: int) -> None:
        """Show a plan kept as that revision. Raises KnownError where it, or leaving the open one, is refused."""
        self._show_first(self.look_at(plan), plan, counter)

    def create(self, plan: Plan, text: str) -> None:
        """Show a new plan and keep it at once. Raises KnownError as `open` does."""
        if is_barred(self):
            return
        self._show_first(self.look_at(plan), None, 0)
        self._due = text
        self.save_now()

    def save_now(self) -> None:
        """Keep at once what waits for its painting, or could not be kept before; nothing where nothing waits."""
        text, self._due = self._due, ""
        if not text or self._evaluated is None:
            return
        self._states.shrink()
        try:
            self.counter = self._save(self._evaluated.plan, text, self.counter)
        except KnownError as error:
            self._due = text  # tried again before the plan is left, and with the next edit
            self.save_failed.emit(error_words(error))
            return
        self._kept = self._evaluated.plan
        self.saved.emit()

    def close(self) -> None:
        """Show no plan."""
        self.save_now()
        self.stack.clear()
        self._states = States()
        self._assign(None)

    def use_library(self, library: Library) -> None:
        """Take content that was read later, and judge the open plan again where rules or agents differ."""
        before, self._library = self._library, library
        # Content never changes again: out of the garbage collector's rounds, it no longer slows every edit.
        gc.freeze()
        if self._evaluated and (before.rules != library.rules or before.agents != library.agents):
            self._assign(self.look_at(self._evaluated.plan))

    def judge_again(self) -> None:
        """Evaluate the open plan once more, as after a change of the clinic's choices."""
        if self._evaluated:
            self._assign(self.look_at(self._evaluated.plan))

    def let_go(self) -> None:
        """Drop what is remembered of how the plan stood before; takes as long as some edits."""
        if self._evaluated:
            begin_anew(self._evaluated.plan, self._library, self.site())

    def edit(self, text: str, change: Edit, nudge: Nudge | None = None) -> bool:
        """Carry out one named edit. False where it was refused (`refused` says why) or changed nothing."""
        before = self._evaluated
        if before is None or is_barred(self):
            return False
        try:
            plan = change(before.plan)
            if plan == before.plan:
                return False
            after = self.look_at(plan)
            refuse_moving_begun(before, after)
        except Refusal as refusal:
            self.refused.emit(error_words(refusal))
            return False
        self.stack.push(Step(self._states.of(before), State(after), text, nudge))
        return True

    def record(self, text: str, change: Callable[[EvaluatedPlan], Plan]) -> bool:
        """Keep what has happened outside the course: a signature, an issued sheet. Undo does not take it back."""
        before = self._evaluated
        if before is None or is_barred(self):
            return False
        try:
            plan = change(before)
        except Refusal as refusal:
            self.refused.emit(error_words(refusal))
            return False
        self._assign(replace(before, plan=plan))
        self._due = text
        self.save_now()
        return True

    def site(self) -> Site:
        """The clinic the open plan belongs to."""
        if self._evaluated is None:
            raise LookupError("no plan is open")
        return self._site_of(self._evaluated.plan)

    def preview(self, change: Edit) -> EvaluatedPlan | str:
        """What the plan would become, or the sentence that refuses it; nothing is changed."""
        if self._evaluated is None:
            return "no plan is open"
        try:
            after = self.look_at(change(self._evaluated.plan))
            refuse_moving_begun(self._evaluated, after)
        except NothingToDo as error:
            return AllWell(error_words(error))
        except KnownError as error:
            return error_words(error)
        return after

    def _show_first(self, evaluated: EvaluatedPlan, kept: Plan | None, counter: int) -> None:
        if not may_be_left(self):
            raise Refusal(NOT_LEFT)
        self.stack.clear()
        self._due = ""  # clearing the stack asks to save what is left behind
        self._states = States()
        # Only now: what waited until here is tried again after the revision it was made from, and no other.
        self._kept, self.counter = kept, counter
        self._assign(evaluated)

    def look_at(self, plan: Plan) -> EvaluatedPlan:
        """Evaluate a plan, such as an older state, beside the open one. Raises KnownError.

        What was looked at last is at hand: an edit that was previewed costs its preview alone.
        """
        asked = plan, self._library, self._site_of(plan)
        if self._looked is None or self._looked[0] != asked:
            self._looked = asked, evaluate(*asked)
        return self._looked[1]

    def _swap(self, state: State) -> None:
        """Show another state; what was signed and handed out meanwhile stays, because it has happened."""
        try:
            evaluated = state.evaluated or self.look_at(state.plan)
        except KnownError as error:
            # It was judged before, so only content that was changed since can do this; the plan stays as it is.
            self.refused.emit(error_words(error))
            return
        state.evaluated = evaluated
        self._states.shown(state)
        current = self._evaluated
        if current and (current.plan.sign_offs, current.plan.issues) != (
            evaluated.plan.sign_offs,
            evaluated.plan.issues,
        ):
            evaluated = replace(evaluated, plan=with_record_of(evaluated.plan, current.plan))
        self._assign(evaluated)

    def _assign(self, evaluated: EvaluatedPlan | None) -> None:
        self.save_now()
        _forget_past(self)
        self.past, self._evaluated = self._evaluated, evaluated
        self.evaluated_changed.emit(evaluated)
        QTimer.singleShot(CALM, self, partial(_forget_past, self))

    def _save_where_the_stack_stands(self) -> None:
        if self.is_saved:
            return
        name = self.stack.last
        self._due = named(WAYS[self.stack.way], edit=name) if name else "Moved back"
        # A timer of zero comes after the painting, which must not wait for the disk.
        QTimer.singleShot(0, self, self.save_now)


def may_be_left(document: PlanDocument) -> bool:
    """Keep what waits. Whether the plan may be left then: one that cannot be kept at the second try only."""
    document.save_now()
    plan = document.evaluated.plan if document.evaluated else None
    if document.is_saved or document.warned is plan:
        return True
    document.warned = plan
    document.refused.emit(error_words(Refusal(NOT_LEFT)))
    return False


def _forget_past(document: PlanDocument) -> None:
    """Drop the events of the state that was shown last, once it is painted and told what became of it.

    Undo keeps every state, and hundreds of them with all their events would slow the garbage collector.
    """
    past, document.past = document.past, None
    shown = document.evaluated
    if past and (shown is None or past.schedule is not shown.schedule):
        past.forget_events(shown)


def is_barred(document: PlanDocument) -> bool:
    """Whether nothing may be changed; then that is told, best before anybody fills in a form for nothing."""
    if document.barred:
        document.refused.emit(document.barred)
    return bool(document.barred)
