"""Blocks moved to other days and taken off; of a course under way with the reason."""

from datetime import date
from functools import partial

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.model.schedule import PlacedBlock
from planner.services import fixing, repairing
from planner.services.verbs import editing
from planner.services.verbs.reasons import because, is_under_way
from ui.commands import Nudge
from ui.dialogs.change_text import new_findings
from ui.dialogs.described import Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import reason_of_course, why_fields, why_of
from ui.edit_names import edit_words, named
from ui.intents.asking import Asking
from ui.timeline.drag import refusal
from ui.tongue import say, weekday_date

WAITS_TOO = "&What has to wait moves too"


class MoveIntents(Asking):
    """Every change of where a block stands."""

    def move(self) -> None:
        """Ask for the selected block's new first day."""
        evaluated, block = self.document.evaluated, self._block()
        if evaluated and block:
            self._ask_day(evaluated, block, block.begins)

    def _ask_day(self, evaluated: EvaluatedPlan, block: PlacedBlock, day: int) -> None:
        """Ask on which day the block starts, with that one in the field, and why."""

        def days(answers: Answers) -> int:
            return answers["on"].toordinal() - block.begins if answers["on"] else 0

        fields = (
            Field("on", "&New first day", "date", date.fromordinal(day)),
            *why_fields(reason_of_course(evaluated.plan)),
        )
        now = f"{say('Now starts')} {weekday_date(block.begins)}."
        self.ask_change(
            Form(say("Move {what}", what=block.title), "Move", fields, told=(now,)),
            lambda answers: _move_words(block.title, days(answers)),
            lambda answers, plan: because(plan, _moved(block.id, days(answers), plan), why_of(answers)),
        )

    def nudge(self, days: int) -> None:
        """Move the selected block at once; nudges that follow each other are one step to undo.

        Of a course under way the reason has to be said, so it is asked about; and where a dose is selected, or the
        block has begun by its dates, because all of it would move at one key, the past with it.
        """
        evaluated, block = self.document.evaluated, self._block()
        begun = block is not None and block.begins < self.around.today().toordinal()
        if evaluated and block and (begun or is_under_way(evaluated.plan) or not self._is_whole()):
            self._ask_day(evaluated, block, block.begins + days)
        elif block and (broken := refusal(self.verdicts(block.id, days))):
            self.failed.emit(broken)  # as a drag to there goes back
        elif block:
            number = 1 + self._numbers().index(block.id)
            nudge = Nudge(number, days, partial(_move_words, block.title))
            self.edit(_move_words(block.title, days), partial(_moved, block.id, days), nudge)

    def move_block(self, block_id: str, days: int) -> None:
        """Move a block by so many days: what a drag asks for when it is let go.

        Where other blocks would move with it, or would have to, what changes is shown first, and so it is where the
        reason has to be said.
        """
        evaluated, block = self.document.evaluated, self._placed(block_id)
        if not evaluated or not block or not days:
            return
        words = _move_words(block.title, days)
        after = self.preview_move(block_id, days)
        others = [] if isinstance(after, str) else _moved_with(evaluated, after, block_id)
        further = repairing.further(evaluated, self.document.library, block_id, days)
        if not others and further is None and not is_under_way(evaluated.plan):
            self.edit(words, partial(_moved, block_id, days))
            return
        waits = (Field("waits", WAITS_TOO, "tick", value=False),) if further else ()
        fields = (*waits, *why_fields(reason_of_course(evaluated.plan)))
        intro = (say("Moves as well: {blocks}.", blocks=", ".join(others)),) if others else ()
        agents = self.document.library.agents

        def moved(answers: Answers, plan: Plan) -> Plan:
            if further and answers["waits"]:
                changed = fixing.apply(plan, evaluated.schedule, further, agents)
            else:
                changed = _moved(block_id, days, plan)
            return because(plan, changed, why_of(answers))

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

    def remove(self) -> None:
        """Take the selected block off the plan; what hung on it stays."""
        block = self._block()
        if block:
            words = named("Remove {what}", what=block.title)
            self.edit_course(words, "Remove", lambda plan: editing.remove_block(plan, block.id))

    def _is_whole(self) -> bool:
        """Whether the block itself, or a cycle of it, is selected."""
        bar = self.subject.bar if self.subject else None
        return bar is not None and bar.form in ("ribbon", "cycle")

    def _block(self) -> PlacedBlock | None:
        return self.subject.block if self.subject else None

    def _placed(self, block_id: str) -> PlacedBlock | None:
        evaluated = self.document.evaluated
        blocks = evaluated.schedule.blocks if evaluated else ()
        return next((block for block in blocks if block.id == block_id), None)

    def _numbers(self) -> list[str]:
        evaluated = self.document.evaluated
        return [block.id for block in evaluated.plan.blocks] if evaluated else []


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
