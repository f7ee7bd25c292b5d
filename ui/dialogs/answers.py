"""Questions answered with a name: a decision of the course, and a finding somebody lets stand."""

from collections.abc import Callable
from datetime import date

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.plan import DecisionTaken
from planner.model.schedule import OpenDecision
from planner.services.telling.without_place import without_place
from planner.services.verbs.deciding import EARLY, unasked
from ui.dialogs.changes import ChangeQuestion
from ui.dialogs.choice_box import ChoiceBox
from ui.dialogs.date_field import DateField
from ui.dialogs.form import Question, form_layout, line
from ui.rows.words import plain_label
from ui.tongue import say, sentence_words, weekday_date

NO_ANSWER = "Choose an answer."
ELSEWHERE = "The part of the course that asks this is not on the plan; what follows hangs on the answer."
"""Of a course begun elsewhere."""


def questions(evaluated: EvaluatedPlan) -> tuple[OpenDecision, ...]:
    """What can be answered: the plan's own questions, then those of a course begun elsewhere that it does not put."""
    return (*evaluated.schedule.decisions, *unasked(evaluated))


class DecideDialog(ChangeQuestion):
    """Asks for the answer to one of the plan's decisions; the one at `first` is shown first."""

    unanswered = NO_ANSWER

    def __init__(
        self,
        before: EvaluatedPlan,
        first: int,
        preview: Callable[[DecisionTaken], EvaluatedPlan | str],
        *,
        today: date,
        who: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Decide", "Record the answer", before, parent)
        self._preview = preview
        self._today = today
        self._decisions = questions(before)
        self.which = ChoiceBox()
        self.which.setAccessibleName("Decision")
        for decision in self._decisions:
            day = f" ({weekday_date(decision.day)})" if decision.block else ""
            self.which.addItem(decision.decision.question + day)
        self.which.setCurrentIndex(first)
        self.needs = plain_label(tone="muted")
        self.needs.setWordWrap(False)
        self.choices = QButtonGroup(self)
        self._choice_column = QVBoxLayout()
        self._choice_column.setSpacing(0)
        self.on = DateField("Decided on", today, more=self._beside_due)
        self.by = line("Decided by", who)
        self.note = line("Note", hint="may stay empty")
        self.form.addRow("&Decision", self.which)
        self.form.addRow("", self.needs)
        self.form.addRow("Answer", self._choice_column)
        self.form.addRow("O&n", self.on)
        self.form.addRow("&By", self.by)
        self.form.addRow("N&ote", self.note)
        self.which.currentIndexChanged.connect(self._show_choices)
        self.choices.idToggled.connect(self.refresh)
        self.on.changed.connect(self.refresh)
        self._show_choices()
        self.resize(580, 560)

    def taken(self) -> DecisionTaken:
        """The answer."""
        decision = self._current()
        choice = decision.decision.choices[max(0, self.choices.checkedId())].id
        on = self.on.day or self._today
        return DecisionTaken(
            decision.group, decision.decision.id, choice, on, self.by.text().strip(), self.note.text().strip()
        )

    def unread(self) -> str:
        return say("Decided on: {problem}.", problem=self.on.problem) if self.on.problem else ""

    def outcome(self) -> EvaluatedPlan | str:
        if self.choices.checkedId() < 0:
            return NO_ANSWER
        return self._preview(self.taken())

    def find_problems(self) -> tuple[str, ...]:
        found = (self.unread(),) if self.on.problem else ()
        if self.on.day and self.on.day > self._today:
            future = say("{day} lies in the future", day=weekday_date(self.on.day))
            found = (*found, say("Decided on: {problem}.", problem=future))
        found = found if self.choices.checkedId() >= 0 else (NO_ANSWER, *found)
        return found if self.by.text().strip() else (*found, "Say who decided.")

    def find_doubts(self) -> tuple[str, ...]:
        after = self.outcome()
        gone = () if isinstance(after, str) else without_place(self.before.plan, after.plan)
        return (*self._early(), *(say("{doubt}. Is it meant so?", doubt=sentence_words(one)) for one in gone))

    def _early(self) -> tuple[str, ...]:
        on, due = self.on.day, date.fromordinal(self._current().day)
        if on and self._current().block and (due - on).days > EARLY:
            days = (due - on).days
            return (
                say(
                    "The course asks on {due}, {days} days after that. Is the answer known?",
                    due=weekday_date(due),
                    days=days,
                ),
            )
        return ()

    def _current(self) -> OpenDecision:
        return self._decisions[max(0, self.which.currentIndex())]

    def _beside_due(self, on: date) -> str:
        """How far the day lies from the one the course asks on: today is offered, and the answer may be an old one."""
        days = on.toordinal() - self._current().day
        if not self._current().block:
            return say("asked before this plan begins")
        if not days:
            return say("the day the course asks")
        if abs(days) == 1:
            return say("a day after the course asks") if days > 0 else say("a day before the course asks")
        sentence = "{days} days after the course asks" if days > 0 else "{days} days before the course asks"
        return say(sentence, days=abs(days))

    def _show_choices(self) -> None:
        for button in self.choices.buttons():
            self.choices.removeButton(button)
            self._choice_column.removeWidget(button)
            button.deleteLater()
        decision = self._current()
        for number, choice in enumerate(decision.decision.choices):
            expected = choice.id == decision.decision.expected
            button = Answer(say("{choice} (expected)", choice=choice.title) if expected else choice.title)
            self.choices.addButton(button, number)
            self._choice_column.addWidget(button)
            button.setChecked(choice.id == decision.choice)  # an open question has no answer until somebody gives one
        needs = decision.decision.needs
        told = (say("Needs"), *needs) if needs else (say("Needs nothing the protocol names"),)
        self.needs.setText("\n".join(told if decision.block else (say(ELSEWHERE), *told)))
        self.on.look_again()
        first = self.choices.checkedButton() or self.choices.button(0)
        first.setFocus()


class Answer(QRadioButton):
    """One answer of several. The arrow keys choose, as they do where one is chosen already."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        reached = self.window().focusWidget()
        if reached is not self and isinstance(reached, Answer):
            reached.setChecked(True)


class AcknowledgeDialog(Question):
    """Asks why a finding may stand and who says so. It shows the rule's own words and source first."""

    def __init__(self, finding: Finding, who: str, parent: QWidget | None = None) -> None:
        super().__init__(say("Let {rule} stand", rule=finding.rule), "Let it stand", parent)
        self.reason = line("Reason", hint="for example: discussed with haematology, benefit outweighs risk")
        self.by = line("Name", who)
        form = form_layout()
        form.addRow("&Reason", self.reason)
        form.addRow("&Name", self.by)
        for text, tone in (
            (finding.message, ""),
            (finding.arithmetic, "muted"),
            (say("The rule says: {words}", words=finding.statement), ""),
            (say("Source: {source} ({evidence})", source=finding.source, evidence=say(finding.evidence)), "muted"),
        ):
            if text:
                self.body.addWidget(plain_label(text, tone))
        self.body.addLayout(form)
        self.body.addStretch(1)
        self.resize(520, 360)
        self.reason.setFocus()

    def find_problems(self) -> tuple[str, ...]:
        found = () if self.reason.text().strip() else ("Say why the finding may stand.",)
        return found if self.by.text().strip() else (*found, "Say who lets it stand.")
