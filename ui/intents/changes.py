"""Changes of what stands on the plan: moved, deferred, left out, decided, let stand, removed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding, Fix
from planner.model.plan import DecisionTaken, Deferral, Omission, Plan
from planner.model.protocol import TemplateDecision
from planner.model.schedule import Event, PlacedBlock
from planner.services import fixing, repairing
from planner.services.closed_days import Cleared, Closed, clear_closed, knows_holidays
from planner.services.evaluation import pinned_protocol
from planner.services.verbs import editing
from planner.services.verbs.deciding import branches
from planner.services.verbs.reasons import Why, because
from ui.dialogs.answers import AcknowledgeDialog, DecideDialog, questions
from ui.dialogs.branches import BranchesDialog
from ui.dialogs.change_text import summary_line, unlisted_lines
from ui.dialogs.changes import DeferDialog, OmitDialog
from ui.dialogs.closed_days import (
    CLEAR_WORDS,
    WEEKEND,
    cleared_words,
    closed_days,
    closed_fields,
    closed_of,
    weekday_field,
)
from ui.dialogs.described import Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import reason_if_any, why_fields, why_of
from ui.dialogs.verb_place import likely_start
from ui.edit_names import named, with_reason
from ui.intents.moving import MoveIntents
from ui.models.finding_table import next_open
from ui.tongue import say, sentence_words

NO_QUESTION = "This plan asks no question any more; Edit, Open a decision again, asks an answered one anew."
NO_FIX = "No single change that is sure enough to offer ends {rule}. Change the plan, or let it stand."


class ChangeIntents(MoveIntents):
    """Every change of a block, a dose, a decision or a finding."""

    def summary(self, before: EvaluatedPlan, after: EvaluatedPlan) -> str:
        """What an edit did, in one line."""
        return summary_line(before, after) if before.plan.id == after.plan.id else ""

    def unlisted(self, before: EvaluatedPlan, after: EvaluatedPlan) -> str:
        """What else an edit brought about, which no view shows by itself; empty where there is nothing."""
        return " ".join(unlisted_lines(before, after)) if before.plan.id == after.plan.id else ""

    def defer(self) -> None:
        """Ask how the selected block, or the course from the selected day on, is deferred."""
        evaluated, block = self.document.evaluated, self._block()
        if not evaluated or not block:
            return
        selected = self.subject.events if self.subject else ()
        events = selected or [one for one in evaluated.schedule.events if one.dose and one.placed.block.id == block.id]
        pointed = self.subject.day if self.subject and selected else 0
        event = likely_start(events, self.around.today().toordinal(), pointed=pointed) if events else None

        def deferred(deferral: Deferral, plan: Plan) -> Plan:
            return editing.defer(plan, evaluated.schedule, deferral)

        dialog = DeferDialog(
            evaluated, block, event, lambda answer: self.document.preview(partial(deferred, answer)), self.window
        )
        self.ask(
            dialog, lambda: self.edit(_defer_words(block, dialog.deferral()), partial(deferred, dialog.deferral()))
        )

    def omit(self) -> None:
        """Ask why the selected dose, or its whole day, is left out."""
        evaluated, event = self.document.evaluated, self._dose()
        if not evaluated or not event:
            return

        def omitted(omission: Omission, plan: Plan) -> Plan:
            return editing.omit(plan, evaluated.schedule, omission)

        doses = [one for one in self.subject.events if one.dose] if self.subject else [event]
        pointed = self.subject.day if self.subject else 0
        dialog = OmitDialog(
            evaluated,
            doses,
            lambda answer: self.document.preview(partial(omitted, answer)),
            self.window,
            first=likely_start(doses, self.around.today().toordinal(), pointed=pointed),
        )

        def leave_out() -> None:
            made = dialog.omission()
            label = named(
                "Leave out {what} C{cycle} D{day}", what=event.placed.agent_name, cycle=made.cycle, day=made.day
            )
            self.edit(with_reason(label, made.reason), partial(omitted, made))

        self.ask(dialog, leave_out)

    def decide(self) -> None:
        """Ask for the answer to the selected decision, or to the first open one."""
        evaluated = self.document.evaluated
        if not evaluated or not questions(evaluated):
            self.failed.emit(NO_QUESTION)
            return
        protocols = {pin.sha256: pinned_protocol(pin.text) for pin in evaluated.plan.pins}
        dialog = DecideDialog(
            evaluated,
            self._decision_number(evaluated),
            lambda taken: self.document.preview(lambda plan: editing.decide(plan, protocols, taken)),
            today=self.around.today(),
            who=self.around.who,
            parent=self.window,
        )

        def record() -> None:
            taken = dialog.taken()
            self.around.who = taken.by
            self.edit(_decide_words(evaluated, taken), lambda plan: editing.decide(plan, protocols, taken))

        self.ask(dialog, record)

    def acknowledge(self) -> None:
        """Ask why the selected finding may stand, and who says so."""
        finding = self.subject.finding if self.subject else None
        if finding is None:
            return
        dialog = AcknowledgeDialog(finding, self.around.who, self.window)

        def record() -> None:
            reason, self.around.who = dialog.reason.text().strip(), dialog.by.text().strip()
            at = self.around.now()
            self.edit(
                named("Let {rule} stand", rule=finding.rule),
                lambda plan: editing.acknowledge(plan, finding, reason, self.around.who, at),
            )
            # What was let stand moves to the end of the list; the person goes on from where it stood.
            if self.shown and (following := next_open(self.shown.findings, finding)):
                self.placed.emit(following.id)

        self.ask(dialog, record)

    def fix(self, enter: Callable[[Event], None]) -> None:
        """Offer the changes that end the selected finding, each with what it would do.

        What no change that is offered can know is asked for: `enter` takes the first event that lacks its dose.
        """
        evaluated, finding = self.document.evaluated, self.subject.finding if self.subject else None
        if evaluated is None or self.subject is None or finding is None:
            return
        with waiting():  # a long search takes a second
            fixes = fixing.offered_fixes(evaluated, finding.id, self.document.library, self.document.site())
        undosed = [event for event in self.subject.events if event.dose and event.dose.value is None]
        if not fixes and undosed:
            enter(undosed[0])
            return
        if not fixes:
            self.failed.emit(say(NO_FIX, rule=finding.rule))
            return
        fields = (Field("fix", "&Change", "choice", fixes[0], [(one, sentence_words(one.title)) for one in fixes]),)
        form = Form(
            say("Fix {finding}", finding=f"{finding.rule} {finding.title}"), "Do this", fields, (finding.message,)
        )
        self.ask_change(
            form,
            lambda answers: named("{rule}: {fix}", rule=finding.rule, fix=answers["fix"].title),
            lambda answers, plan: because(
                plan,
                fixing.apply(plan, evaluated.schedule, answers["fix"], self.document.library.agents),
                Why("other", finding.rule),
            ),
        )

    def repair(self) -> None:
        """Ask how the plan is to be repaired as a whole, with all that it would move."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return

        def fix(answers: Answers) -> Fix:
            weekdays = frozenset({5, 6} if answers["weekend"] else ())
            closed = Closed(weekdays, closed_days(answers, _years_of(evaluated)))
            return repairing.repair_fix(evaluated, self.document.library, closed, reorder=answers["reorder"])

        fields = (
            Field("weekend", "No first day in the clinic on a &weekend", "tick", value=False),
            *closed_fields(with_country=knows_holidays()),
            Field("reorder", "Other &orders of blocks, where that moves less", "tick", value=False),
            *why_fields(reason_if_any()),
        )
        intro = (
            "Blocks and cycles move to later days, as little as possible, until every interval that bars it is kept."
        )
        self.ask_change(
            Form("Repair hard intervals", "Move", fields, (intro,)),
            lambda answers: named("Repair: {fix}", fix=fix(answers).title),
            lambda answers, plan: because(
                plan,
                fixing.apply(plan, evaluated.schedule, fix(answers), self.document.library.agents),
                why_of(answers) or repairing.REPAIRED,
            ),
        )

    def clear_closed(self) -> None:
        """Ask when the clinic is closed, and move what may move off those days."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return
        years = _years_of(evaluated)
        known: dict[Closed, Cleared] = {}

        def cleared(answers: Answers) -> Cleared:
            closed = closed_of(answers, years)
            if closed not in known:  # judged day by day, which takes a moment, and then both done and told
                known.clear()
                with waiting():
                    known[closed] = clear_closed(evaluated.plan, evaluated.schedule, closed, judge=self._judge)
            return known[closed]

        fields = (weekday_field("&Weekdays", WEEKEND), *closed_fields(with_country=knows_holidays()))
        form = Form(
            "Move off closed days",
            "Move",
            fields,
            (CLEAR_WORDS,),
            says=lambda answers: cleared_words(cleared(answers)),
        )
        self.ask_change(form, "Move off closed days", lambda answers, _plan: cleared(answers).plan)

    def _judge(self, plan: Plan) -> Sequence[Finding]:
        return self.document.look_at(plan).findings

    def show_branches(self) -> None:
        """Show the plan under each answer of the selected decision, or of the first open one."""
        evaluated = self.document.evaluated
        if evaluated is None or not questions(evaluated):
            self.failed.emit(NO_QUESTION)
            return
        decision = questions(evaluated)[self._decision_number(evaluated)]
        ways = branches(evaluated, self.document.library, self.document.site(), decision.group, decision.decision.id)
        self.ask(BranchesDialog(decision, ways, evaluated, self.window), lambda: None)

    def _dose(self) -> Event | None:
        return next((event for event in self.subject.events if event.dose), None) if self.subject else None

    def _decision_number(self, evaluated: EvaluatedPlan) -> int:
        decisions = questions(evaluated)
        if self.subject and self.subject.events:
            placed = self.subject.events[0].placed
            for number, one in enumerate(decisions):
                if isinstance(placed.order, TemplateDecision) and one.decision.id == placed.order.id:
                    return number
        return next((number for number, one in enumerate(decisions) if one.choice is None), 0)


@contextmanager
def waiting() -> Iterator[None]:
    """The pointer says that something takes a moment."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()


def _years_of(evaluated: EvaluatedPlan) -> list[int]:
    """The years of the course, and one more: what moves may reach it."""
    return sorted({event.date.year + more for event in evaluated.schedule.events for more in (0, 1)})


def _decide_words(before: EvaluatedPlan, taken: DecisionTaken) -> str:
    """The question and its answer as the protocol words them."""
    asked = next(
        one.decision for one in questions(before) if (one.group, one.decision.id) == (taken.group, taken.decision)
    )
    answer = next(one.title for one in asked.choices if one.id == taken.choice)
    return named("Decide {decision}: {choice}", decision=f'"{asked.question}"', choice=answer)


def _defer_words(block: PlacedBlock, deferral: Deferral) -> str:
    rest = "Defer the rest of {what} C{cycle} D{day} {days} days"
    sentence = rest if deferral.kept else "Defer {what} C{cycle} D{day} {days} days"
    name = named(sentence, what=block.title, cycle=deferral.cycle, day=deferral.day, days=f"{deferral.days:+d}")
    return with_reason(name, deferral.reason)
