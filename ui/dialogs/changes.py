"""Questions about one change of the plan: each shows what would happen before anybody says yes."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import REASONS, Deferral, Omission, Scope
from planner.model.schedule import Event, PlacedBlock
from planner.services.verbs.rest_of_day import rest_of
from ui.dialogs.change_view import ChangeView
from ui.dialogs.choice_box import ChoiceBox, StillBox, StillSpin
from ui.dialogs.form import Question, count_days, form_layout, line
from ui.dialogs.reasons import GRADES, SUPPOSED, TOXICITY
from ui.rows.words import plain_label
from ui.tongue import say, weekday_date

SCOPE_WORDS = {
    Scope.DAY: "only this day",
    Scope.CYCLE: "this day and the rest of its cycle; the next cycle keeps its date",
    Scope.FOLLOWING: "this day and everything after it in the block, and the blocks that hang on it",
    Scope.ALL: "as before, and every later block of the plan",
}


class ChangeQuestion(Question):
    """A question with a preview: subclasses say what they would do through `outcome`."""

    unanswered = ""
    """What `outcome` says while there is no answer yet, which is no mistake."""

    def __init__(self, title: str, accept_text: str, before: EvaluatedPlan, parent: QWidget | None = None) -> None:
        super().__init__(title, accept_text, parent)
        self.before = before
        self.form = form_layout()
        self.preview = ChangeView()
        self.body.addLayout(self.form)
        self.halves.put_below("What would change", self.preview, self.preview.brief)
        self.resize(640, 560)

    def outcome(self) -> EvaluatedPlan | str:
        """The plan after the change, or the sentence that refuses it."""
        raise NotImplementedError

    def unread(self) -> str:
        """What of the answers cannot be read as it is typed so far: as long as that is so, nothing is previewed."""
        return ""

    def refresh(self) -> None:
        """Say again what would change."""
        unread = self.unread()
        after = unread or self.outcome()
        if isinstance(after, str):
            tone = "" if after == self.unanswered else "wrong"
            self.preview.clear(after, "muted" if unread else tone)
        else:
            self.preview.compare(self.before, after)
        self.ok.setEnabled(not isinstance(after, str) and after.plan != self.before.plan)


class ReasonedQuestion(ChangeQuestion):
    """A change of treatment: it carries a coded reason and words of one's own."""

    def __init__(self, title: str, accept_text: str, before: EvaluatedPlan, parent: QWidget | None = None) -> None:
        super().__init__(title, accept_text, before, parent)
        self.reason = ChoiceBox()
        self.reason.setAccessibleName("Reason")
        self.reason.addItems(REASONS)
        self.reason.choose_later()
        self.grade = StillBox()
        self.grade.setAccessibleName("Grade")
        for grade, words in GRADES:
            self.grade.addItem(say(words), grade)
        self.note = line("Note", hint="may stay empty")

    def add_reason(self) -> None:
        """Put the fields at the end of the form; a toxicity has a grade."""
        self.form.addRow("&Reason", self.reason)
        self.form.addRow("&Grade", self.grade)
        self.form.addRow("N&ote", self.note)
        self._show_grade()
        self.reason.currentIndexChanged.connect(self._show_grade)
        self.reason.currentIndexChanged.connect(self.refresh)
        self.grade.currentIndexChanged.connect(self.refresh)

    def _show_grade(self) -> None:
        self.form.setRowVisible(self.grade, self.code() == TOXICITY)

    def severity(self) -> int:
        """The grade of the toxicity; 0 where nobody said one, and of every other reason."""
        return self.grade.currentData() if self.code() == TOXICITY else 0

    def code(self) -> str:
        """The coded reason; what a preview supposes as long as none is chosen."""
        chosen = self.reason.currentIndex()
        return REASONS[chosen] if chosen >= 0 else SUPPOSED

    def to_choose(self) -> QWidget | None:
        return self.reason if self.reason.currentIndex() < 0 else None

    def find_problems(self) -> Sequence[str]:
        return () if self.reason.currentIndex() >= 0 else (say("{field}: choose one.", field=say("Reason")),)


class DeferDialog(ReasonedQuestion):
    """Asks from which day on, by how many days, how far it reaches, and why."""

    def __init__(
        self,
        before: EvaluatedPlan,
        block: PlacedBlock,
        event: Event | None,
        preview: Callable[[Deferral], EvaluatedPlan | str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(say("Defer {what}", what=block.title), "Defer", before, parent)
        self._block = block
        self._preview = preview
        self.cycle, self.day, self.days = StillBox(), StillBox(), StillSpin(-365, 365, "Days")
        for box, name in ((self.cycle, "Cycle"), (self.day, "From day")):
            box.setAccessibleName(name)
        self.day.setSizeAdjustPolicy(StillBox.SizeAdjustPolicy.AdjustToContents)  # each cycle has days of its own
        for cycle in block.cycles:
            self.cycle.addItem(f"C{cycle.number}", cycle.number)
        self.days.setValue(7)
        count_days(self.days)
        self.scopes = QButtonGroup(self)
        self.rest = QCheckBox(say("Of the first day only what is not recorded yet; what was given stays"))
        self._lay_out()
        if event:
            self.cycle.setCurrentIndex(max(0, self.cycle.findData(event.placed.cycle)))
        self._fill_days()
        if event:
            self.day.setCurrentIndex(max(0, self.day.findData(event.cycle_day)))
        self.cycle.currentIndexChanged.connect(self._fill_days)
        self.day.currentIndexChanged.connect(self.refresh)
        self.days.valueChanged.connect(self.refresh)
        self.scopes.idToggled.connect(self.refresh)
        self.rest.toggled.connect(self.refresh)
        self.refresh()
        self.days.setFocus()

    def deferral(self) -> Deferral:
        """The answer."""
        scope = tuple(Scope)[self.scopes.checkedId()]
        made = Deferral(
            self._block.id,
            self.cycle.currentData(),
            self.day.currentData() or 0,
            self.days.value(),
            scope,
            self.code(),
            self.note.text().strip(),
            self.severity(),
        )
        return rest_of(self.before.plan, made) if self.rest.isEnabled() and self.rest.isChecked() else made

    def refresh(self) -> None:
        where = (self._block.id, self.cycle.currentData(), self.day.currentData())
        self.rest.setEnabled(any((one.block, one.cycle, one.day) == where for one in self.before.plan.given))
        super().refresh()

    def outcome(self) -> EvaluatedPlan | str:
        if self.day.currentData() is None:
            return say("Nothing is planned in this cycle.")
        if problem := self.days.problem():
            return problem
        return self._preview(self.deferral())

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        for part in (self.cycle, plain_label("from day"), self.day, plain_label("by"), self.days):
            where.addWidget(part)
        where.addStretch(1)
        self.form.addRow("Cycle", where)
        reach = QVBoxLayout()
        reach.setSpacing(0)
        for number, scope in enumerate(Scope):
            button = QRadioButton(say(SCOPE_WORDS[scope]))
            button.setChecked(scope is Scope.FOLLOWING)
            self.scopes.addButton(button, number)
            reach.addWidget(button)
        reach.addWidget(self.rest)
        self.form.addRow("Reaches", reach)
        self.add_reason()

    def _fill_days(self) -> None:
        self.day.clear()
        days = {
            event.cycle_day: event.day
            for event in self.before.schedule.events
            if event.placed.block.id == self._block.id and event.placed.cycle == self.cycle.currentData()
        }
        for number, day in sorted(days.items()):
            self.day.addItem(f"D{number}, {clinical_date(day)}", number)


class OmitDialog(ReasonedQuestion):
    """Asks why one order's doses of a day, or all of that day, are left out."""

    def __init__(
        self,
        before: EvaluatedPlan,
        events: Sequence[Event],
        preview: Callable[[Omission], EvaluatedPlan | str],
        parent: QWidget | None = None,
        *,
        first: Event | None = None,
    ) -> None:
        """`events` are those of the selected bar, in order of time; the day of `first` is shown first."""
        title = events[0].label if len(events) == 1 else events[0].placed.agent_name
        super().__init__(say("Leave out {what}", what=title), "Leave out", before, parent)
        self._days = list({(one.placed.cycle, one.cycle_day): one for one in reversed(events)}.values())[::-1]
        self._preview = preview
        self.day = StillBox()
        self.day.setAccessibleName("Day")
        for event in self._days:
            self.day.addItem(f"C{event.placed.cycle} D{event.cycle_day}, {clinical_date(event.day)}")
        if len(self._days) > 1:
            self.form.addRow("&Day", self.day)
        if first in self._days:
            self.day.setCurrentIndex(self._days.index(first))
        self.what = StillBox()
        self.what.setAccessibleName(say("What is left out"))
        self.what.addItem("", events[0].placed.order.id)
        self.what.addItem("", "")
        self._name_what()
        self.form.addRow("&Leave out", self.what)
        self.add_reason()
        self.day.currentIndexChanged.connect(self._name_what)
        self.day.currentIndexChanged.connect(self.refresh)
        self.what.currentIndexChanged.connect(self.refresh)
        self.refresh()
        self.reason.setFocus()

    def omission(self) -> Omission:
        """The answer."""
        event = self._days[max(0, self.day.currentIndex())]
        placed = event.placed
        return Omission(
            placed.block.id,
            placed.cycle,
            event.cycle_day,
            self.what.currentData(),
            self.code(),
            self.note.text().strip(),
            self.severity(),
        )

    def outcome(self) -> EvaluatedPlan | str:
        return self._preview(self.omission())

    def _name_what(self) -> None:
        event = self._days[max(0, self.day.currentIndex())]
        self.what.setItemText(0, say("{what} on {day}", what=event.placed.agent_name, day=weekday_date(event.day)))
        self.what.setItemText(1, say("Everything of this block on {day}", day=weekday_date(event.day)))
