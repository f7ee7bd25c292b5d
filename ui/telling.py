"""What is told of the plan's state: saved or not, what the last edit did, how far the version is on its way."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.release import Stage
from planner.services.release import release
from planner.services.store.beside import Beside
from ui.edit_names import edit_words
from ui.furniture import Furniture
from ui.intents.wishes import Wishes
from ui.models.plan_list import tell_plans_beside
from ui.panels.banner import PatientBanner
from ui.problem_words import problem_words
from ui.tongue import say


class Telling(QObject):
    """`listChanged` comes when the list of saved plans reads differently now."""

    listChanged = Signal()

    def __init__(
        self,
        window: QWidget,
        furniture: Furniture,
        banner: PatientBanner,
        wishes: Wishes,
        clock: Callable[[], str],
    ) -> None:
        super().__init__(window)
        self._furniture, self._banner, self._wishes, self._clock = furniture, banner, wishes, clock
        self._before: EvaluatedPlan | None = None
        self._shown: EvaluatedPlan | None = None
        self._listed: object = None
        self._is_saved = True
        self._why_not_saved = ""
        """What the notice says of an edit that is not kept."""

    def show_plan(self, before: EvaluatedPlan | None, shown: EvaluatedPlan | None, *, is_saved: bool) -> None:
        """The plan as it stands now, and as it stood before the last change."""
        if is_saved and not self._is_saved:  # it was opened again, and an edit that could not be saved left behind
            self._furniture.saved.setText(say("Saved"))
        self._before, self._shown, self._is_saved = before, shown, True
        # After the painting, because the fingerprint of a long plan takes its time.
        QTimer.singleShot(0, self, self.show_stage)

    def show_stage(self) -> None:
        """Write in the banner how far this version is."""
        self._banner.stage.setText(stage_words(self._shown) if self._shown else "")

    def tell_beside(self, beside: Beside) -> None:
        """Say where that patient has other plans as well."""
        tell_plans_beside(self._furniture.notice, beside, self._furniture.titles)

    def show_saved(self) -> None:
        """The plan as it stands is kept: what was said while it was not counts no more."""
        notice = self._furniture.notice
        if self._why_not_saved and notice.words.text() == self._why_not_saved:
            notice.clear()
        self._is_saved, self._why_not_saved = True, ""
        self._furniture.saved.setText(f"{say('Saved')} {self._clock()}")
        plan = self._shown.plan if self._shown else None
        listed = (plan.id, plan.patient, plan.pins) if plan else None
        if listed != self._listed:
            self._listed = listed
            self.listChanged.emit()

    def show_not_saved(self, words: str) -> None:
        """The plan as it stands is not kept, and why."""
        self._is_saved = False
        self._furniture.saved.setText(say("NOT SAVED"))
        kept = say(
            "The edit stays in this window; Store, Save the plan as a file keeps it elsewhere. The window closes at "
            "the second try only, and then this edit is lost."
        )
        self._furniture.notice.tell(f"{say('Not saved')}: {problem_words(words)}. {kept}", wrong=True)
        self._why_not_saved = self._furniture.notice.words.text()

    def tell(self, name: str) -> None:
        """Name the last edit, and offer to take it back."""
        name = edit_words(name)
        if not self._is_saved:
            return  # why it could not be saved stands there already and matters more
        self._furniture.notice.tell(f"{name}.", undoable=True)
        # Counting all that moved takes longer than showing it, so the counts come after the painting.
        QTimer.singleShot(0, self, partial(self._tell_counts, name, self._before, self._shown))

    def _tell_counts(self, name: str, before: EvaluatedPlan | None, after: EvaluatedPlan | None) -> None:
        notice = self._furniture.notice
        if before and after and after is self._shown and not notice.undo.isHidden():
            words = self._wishes.changes.summary(before, after)
            told = f"{name}. {words}".strip()
            # What came of it matters more than the name of what somebody just did himself.
            told = told if notice.line.fits(told) else f"{words} {name}.".strip()
            more = self._wishes.changes.unlisted(before, after)
            notice.tell(f"{more} {told}".strip(), undoable=True, whole=bool(more))


def stage_words(evaluated: EvaluatedPlan) -> str:
    """How far this version is on its way to the ward, and which handed-out copies are out of date."""
    stands = release(evaluated.plan, evaluated.dosed_as)
    signed = {Stage.PREPARED: stands.prepared, Stage.VERIFIED: stands.verified}.get(stands.stage)
    words = say(stands.stage.value.capitalize()) + (" " + say("by {who}", who=signed.by) if signed else "")
    if not stands.stale:
        return words
    copies = sum(one.copies for one in stands.stale)
    old = say("1 printed copy out of date") if copies == 1 else say("{count} printed copies out of date", count=copies)
    return f"{words} · {old}"
