"""Changes of what stands on the plan: moved, deferred, left out, decided, let stand, removed."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Fix
from planner.model.plan import DecisionTaken, Deferral, Omission, Plan
from planner.model.protocol import TemplateDecision
from planner.model.schedule import Event, PlacedBlock
from planner.services import fixing, repairing
from planner.services.closed_days import Closed
from planner.services.evaluation import pinned_protocol
from planner.services.verbs import editing
from planner.services.verbs.deciding import branches
from ui.commands import Nudge
from ui.dialogs.answers import AcknowledgeDialog, DecideDialog
from ui.dialogs.branches import BranchesDialog
from ui.dialogs.change_text import new_findings, summary_line
from ui.dialogs.changes import DeferDialog, MoveDialog, OmitDialog
from ui.dialogs.described import Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.verb_place import likely_start
from ui.edit_names import edit_words, named
from ui.intents.asking import Asking
from ui.models.finding_table import next_open
from ui.tongue import say, sentence_words

NO_FIX = "No single change that is sure enough to offer ends {rule}. Change the plan, or let it stand."
WAITS_TOO = "&What has to wait moves too"


class ChangeIntents(Asking):
    """Every change of a block, a dose, a decision or a finding."""

    def summary(self, before: EvaluatedPlan, after: EvaluatedPlan) -> str:
        """What an edit did, in one line."""
        return summary_line(before, after) if before.plan.id == after.plan.id else ""

    def move(self) -> None:
        """Ask for the selected block's new first day."""
        evaluated, block = self.document.evaluated, self._block()
        if evaluated and block:
            dialog = MoveDialog(evaluated, block, partial(self.preview_move, block.id), self.window)
            self.ask(
                dialog,
                lambda: self.edit(_move_words(block.title, dialog.days()), partial(_moved, block.id, dialog.days())),
            )

    def nudge(self, days: int) -> None:
        """Move the selected block at once; nudges that follow each other are one step to undo."""
        block = self._block()
        if block:
            number = 1 + self._numbers().index(block.id)
            nudge = Nudge(number, days, partial(_move_words, block.title))
            self.edit(_move_words(block.title, days), partial(_moved, block.id, days), nudge)

    def move_block(self, block_id: str, days: int) -> None:
        """Move a block by so many days: what a drag asks for when it is let go.

        Where other blocks would move with it, or would have to, what changes is shown first.
        """
        evaluated, block = self.document.evaluated, self._placed(block_id)
        if not evaluated or not block or not days:
            return
        words = _move_words(block.title, days)
        after = self.preview_move(block_id, days)
        others = [] if isinstance(after, str) else _moved_with(evaluated, after, block_id)
        further = repairing.further(evaluated, self.document.library, block_id, days)
        if not others and further is None:
            self.edit(words, partial(_moved, block_id, days))
            return
        fields = (Field("waits", WAITS_TOO, "tick", value=False),) if further else ()
        intro = (say("Moves as well: {blocks}.", blocks=", ".join(others)),) if others else ()
        agents = self.document.library.agents

        def moved(answers: Answers, plan: Plan) -> Plan:
            if further and answers["waits"]:
                return fixing.apply(plan, evaluated.schedule, further, agents)
            return _moved(block_id, days, plan)

        self.ask_change(Form(edit_words(words), "Move all" if others else "Move", fields, intro), words, moved)

    def preview_move(self, block_id: str, days: int) -> EvaluatedPlan | str:
        """What that move would do, or why it is refused."""
        return self.document.preview(partial(_moved, block_id, days))

    def verdicts(self, block_id: str, days: int) -> tuple[tuple[str, str], ...]:
        """Severity and words of every finding that such a move would bring, and of what would have to wait.

        The plan stays as it is.
        """
        found, evaluated = self.spoken(self.preview_move(block_id, days)), self.document.evaluated
        library = self.document.library
        further = repairing.further(evaluated, library, block_id, days) if evaluated and found else None
        return (*found, ("advice", further.title)) if further else found

    def spoken(self, after: EvaluatedPlan | str) -> tuple[tuple[str, str], ...]:
        """Severity and words of every finding that is new in that plan, or of the refusal."""
        before = self.document.evaluated
        if isinstance(after, str):
            return (("contraindicated", after),)
        new = new_findings(before, after) if before else ()
        return tuple((finding.severity, f"{finding.rule} {finding.title}") for finding in new)

    def defer(self) -> None:
        """Ask how the selected block, or the course from the selected day on, is deferred."""
        evaluated, block = self.document.evaluated, self._block()
        if not evaluated or not block:
            return
        selected = self.subject.events if self.subject else ()
        events = selected or [one for one in evaluated.schedule.events if one.dose and one.placed.block.id == block.id]
        event = likely_start(events, self.around.today().toordinal()) if events else None

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
        dialog = OmitDialog(
            evaluated, doses, lambda answer: self.document.preview(partial(omitted, answer)), self.window
        )

        def leave_out() -> None:
            made = dialog.omission()
            label = named(
                "Leave out {what} C{cycle} D{day}", what=event.placed.agent_name, cycle=made.cycle, day=made.day
            )
            self.edit(label, partial(omitted, made))

        self.ask(dialog, leave_out)

    def decide(self) -> None:
        """Ask for the answer to the selected decision, or to the first open one."""
        evaluated = self.document.evaluated
        if not evaluated or not evaluated.schedule.decisions:
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

    def fix(self) -> None:
        """Offer the changes that end the selected finding, each with what it would do."""
        evaluated, finding = self.document.evaluated, self.subject.finding if self.subject else None
        if evaluated is None or finding is None:
            return
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)  # a long search takes a second
        try:
            fixes = fixing.offered_fixes(evaluated, finding.id, self.document.library, self.document.site())
        finally:
            QGuiApplication.restoreOverrideCursor()
        if not fixes:
            self.failed.emit(
                say(NO_FIX, rule=finding.rule),
            )
            return
        fields = (Field("fix", "&Change", "choice", fixes[0], [(one, sentence_words(one.title)) for one in fixes]),)
        form = Form(
            say("Fix {finding}", finding=f"{finding.rule} {finding.title}"), "Do this", fields, (finding.message,)
        )
        self.ask_change(
            form,
            lambda answers: named("{rule}: {fix}", rule=finding.rule, fix=answers["fix"].title),
            lambda answers, plan: fixing.apply(plan, evaluated.schedule, answers["fix"], self.document.library.agents),
        )

    def repair(self) -> None:
        """Ask how the plan is to be repaired as a whole, with all that it would move."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return

        def fix(answers: Answers) -> Fix:
            closed = Closed(frozenset({5, 6} if answers["weekend"] else ()))
            return repairing.repair_fix(evaluated, self.document.library, closed, reorder=answers["reorder"])

        fields = (
            Field("weekend", "No first day in the clinic on a &weekend", "tick", value=False),
            Field("reorder", "Other &orders of blocks, where that moves less", "tick", value=False),
        )
        intro = (
            "Blocks and cycles move to later days, as little as possible, until every interval that bars it is kept."
        )
        self.ask_change(
            Form("Repair hard intervals", "Move", fields, (intro,)),
            lambda answers: named("Repair: {fix}", fix=fix(answers).title),
            lambda answers, plan: fixing.apply(plan, evaluated.schedule, fix(answers), self.document.library.agents),
        )

    def show_branches(self) -> None:
        """Show the plan under each answer of the selected decision, or of the first open one."""
        evaluated = self.document.evaluated
        if evaluated is None or not evaluated.schedule.decisions:
            return
        decision = evaluated.schedule.decisions[self._decision_number(evaluated)]
        ways = branches(evaluated, self.document.library, self.document.site(), decision.group, decision.decision.id)
        self.ask(BranchesDialog(decision, ways, evaluated, self.window), lambda: None)

    def remove(self) -> None:
        """Take the selected block off the plan; what hung on it stays."""
        block = self._block()
        if block:
            self.edit(named("Remove {what}", what=block.title), lambda plan: editing.remove_block(plan, block.id))

    def _block(self) -> PlacedBlock | None:
        return self.subject.block if self.subject else None

    def _dose(self) -> Event | None:
        return next((event for event in self.subject.events if event.dose), None) if self.subject else None

    def _placed(self, block_id: str) -> PlacedBlock | None:
        evaluated = self.document.evaluated
        blocks = evaluated.schedule.blocks if evaluated else ()
        return next((block for block in blocks if block.id == block_id), None)

    def _numbers(self) -> list[str]:
        evaluated = self.document.evaluated
        return [block.id for block in evaluated.plan.blocks] if evaluated else []

    def _decision_number(self, evaluated: EvaluatedPlan) -> int:
        decisions = evaluated.schedule.decisions
        if self.subject and self.subject.events:
            placed = self.subject.events[0].placed
            for number, one in enumerate(decisions):
                if isinstance(placed.order, TemplateDecision) and one.decision.id == placed.order.id:
                    return number
        return next((number for number, one in enumerate(decisions) if one.choice is None), 0)


def _moved_with(before: EvaluatedPlan, after: EvaluatedPlan, block_id: str) -> list[str]:
    """The other blocks that stand elsewhere afterwards."""
    starts = {block.id: block.start for block in before.schedule.blocks}
    moved = (one for one in after.schedule.blocks if one.id != block_id and starts.get(one.id, one.start) != one.start)
    return [block.title for block in moved]


def _moved(block_id: str, days: int, plan: Plan) -> Plan:
    return editing.move_block(plan, block_id, days)


def _move_words(title: str, days: int) -> str:
    sentence = "Move {what} {days} day" if abs(days) == 1 else "Move {what} {days} days"
    return named(sentence, what=title, days=f"{days:+d}")


def _decide_words(before: EvaluatedPlan, taken: DecisionTaken) -> str:
    """The question and its answer as the protocol words them."""
    asked = next(
        one.decision
        for one in before.schedule.decisions
        if (one.group, one.decision.id) == (taken.group, taken.decision)
    )
    answer = next(one.title for one in asked.choices if one.id == taken.choice)
    return named("Decide {decision}: {choice}", decision=f'"{asked.question}"', choice=answer)


def _defer_words(block: PlacedBlock, deferral: Deferral) -> str:
    rest = "Defer the rest of {what} C{cycle} D{day} {days} days"
    sentence = rest if deferral.kept else "Defer {what} C{cycle} D{day} {days} days"
    return named(sentence, what=block.title, cycle=deferral.cycle, day=deferral.day, days=f"{deferral.days:+d}")
